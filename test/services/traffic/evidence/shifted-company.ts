import {onTestFinished} from 'vitest'
import type {Fault} from '../../../../src/sandbox/api/faults.ts'
import {serveAws} from '../../../../src/sandbox/server.ts'
import {type Aws, connect} from '../../../../src/services/aws/connect.ts'
import type {Watched} from '../../../../src/services/traffic/evidence/evidence.ts'
import {firstUsed, type Larder, larder, minute} from '../../../sandbox/world/larder-world.ts'

/** When the shift of these tests began: in the middle of a minute. */
export const shiftedAt = firstUsed + 3 * minute

export const refTo = (functionName: string) => ({
  functionName,
  functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`,
  alias: 'live',
})

export const watchedOf = (
  functionName: string,
  baseline: string,
  canary: string,
  more: Partial<Watched> = {},
): Watched => ({
  ...refTo(functionName),
  canary,
  baseline,
  timeoutSeconds: 10,
  slowMs: null,
  logGroup: `/aws/lambda/${functionName}`,
  ...more,
})

export const checkout = watchedOf('checkout-api', '41', '42')

export type Shifted = Larder & {readonly aws: Aws}

/** The embedded AWS with checkout-api shifted to 30 % of its version 42, some minutes later. */
export async function shiftedCompany(minutes: number, faults: readonly Fault[] = []): Promise<Shifted> {
  const {world, clock} = await larder()
  clock.at = shiftedAt
  world.updateAlias('checkout-api', 'live', {version: '41', weights: {'42': 0.3}})
  clock.at += minutes * minute
  const server = await serveAws({world, irregularPages: false, faults})
  onTestFinished(() => server.close())
  const aws = await connect({
    profile: null,
    region: world.region,
    sandboxUrl: server.url,
    userAgent: 'slsops/test',
    clock: {now: () => clock.at, sleep: async (_, signal) => signal?.throwIfAborted()},
    random: () => 0.5,
  })
  onTestFinished(() => aws.close())
  return {world, clock, aws}
}
