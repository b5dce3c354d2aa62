import {mkdtemp, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {onTestFinished} from 'vitest'
import type {Mode, TunePlan} from '../../../src/services/tuning/tune-plan.ts'
import {createFakeClock} from '../logs/reader/fake-clock.ts'
import {type FakeLambda, fakeLambda, functionOf, zip} from './fake-lambda.ts'
import {usualWish} from './usual-wish.ts'

export const runId = '20261120-140711-k3f9x2ab'
export const start = Date.UTC(2026, 10, 20, 14, 7, 11)

/** A Lambda with checkout-api: two versions, the newer one as `$LATEST` is, and an alias. */
export async function lambdaWithCheckout(code: Uint8Array = zip): Promise<FakeLambda> {
  const server = createServer((_, response) => response.end(code))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const {port} = server.address() as AddressInfo
  const fake = fakeLambda(createFakeClock(start), `http://127.0.0.1:${port}/code?X-Amz-Security-Token=secret`)
  const checkout = functionOf('checkout-api')
  checkout.versions = [
    {...checkout.latest, MemorySize: 256, Version: '7', Description: 'older'},
    {...checkout.latest, Version: '8', Description: 'newer'},
  ]
  checkout.aliases = [{Name: 'live', FunctionVersion: '8', RoutingConfig: {AdditionalVersionWeights: {'7': 0.1}}}]
  checkout.lastNumber = 8
  checkout.isDirty = false
  fake.functions.set('checkout-api', checkout)
  return fake
}

/** All that people set of a Lambda: without what AWS changes with every write. */
export function contentOf({functions, logGroups}: FakeLambda): unknown {
  const content = ({RevisionId, LastModified, ...rest}: FunctionConfiguration): unknown => rest
  return {
    logGroups: [...logGroups],
    functions: [...functions].map(([name, {latest, versions, aliases, tags}]) => ({
      name,
      latest: content(latest),
      versions: versions.map(version => content(version)),
      aliases,
      tags,
    })),
  }
}

/** A plan for checkout-api as it is in a fake. */
export const planFor = (fake: FakeLambda, mode: Mode, differing: Partial<TunePlan> = {}): TunePlan =>
  fakePlan(fake.functions.get('checkout-api')?.latest ?? {}, mode, differing)

/** A plan for a function as it is. */
export function fakePlan(
  configuration: FunctionConfiguration,
  mode: Mode,
  differing: Partial<TunePlan> = {},
): TunePlan {
  return {
    runId,
    source: {
      name: configuration.FunctionName ?? '',
      arn: configuration.FunctionArn ?? '',
      qualifier: null,
      version: '$LATEST',
      configuration,
      code: {kind: 'zip', location: 'https://old.example/?secret'},
      tags: {},
      memorySizeMB: configuration.MemorySize ?? 0,
      architecture: configuration.Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64',
      timeoutSeconds: 10,
      ephemeralStorageMB: 512,
      snapStart: false,
    },
    ...usualWish,
    mode,
    candidates: [128, 512, 1024].map(memorySizeMB => ({memorySizeMB, architecture: 'x86_64'})),
    payloads: [{text: '{"card":"4111-secret"}', weight: 1}],
    isPayloadAssumed: false,
    limits: {maxCostUSD: 0.5, maxInvocations: 120, maxTimeMs: 900_000},
    coldRatio: {value: 0.01, source: 'metrics'},
    prices: {
      perGBSecond: {x86_64: 0.0000166667, arm64: 0.0000133334},
      perRequest: 2e-7,
      ephemeralPerGBSecond: 3.09e-8,
      snapStartCachePerGBSecond: 0,
      snapStartRestorePerGB: 0,
      source: 'bundled',
      asOf: '2026-08-01',
      isListed: true,
    },
    ...differing,
  }
}

/** An empty directory for the length of a test. */
export async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slsops-tuning-'))
  onTestFinished(() => rm(directory, {recursive: true, force: true}))
  return directory
}
