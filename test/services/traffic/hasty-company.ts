import {setTimeout} from 'node:timers/promises'
import {onTestFinished} from 'vitest'
import {type ServeOptions, serveAws} from '../../../src/sandbox/server.ts'
import {openState} from '../../../src/sandbox/state.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import {type Aws, connect} from '../../../src/services/aws/connect.ts'
import type {Clock} from '../../../src/services/clock.ts'
import {readAliasState} from '../../../src/services/traffic/alias/read-alias-state.ts'
import {ongoing} from '../fleet/fake-account.ts'
import {emptyDirectory} from '../tuning/tuned.ts'
import {refOf} from './fake-aliases.ts'

/** so much of the company's time passes in a second: what takes minutes can be waited for */
const haste = 1_000

const hastyClock = (): Clock => {
  const begun = Date.now()
  const start = performance.now()
  return {
    now: () => Math.floor(begun + (performance.now() - start) * haste),
    sleep: (ms, signal) => setTimeout(ms / haste, undefined, {signal}),
  }
}

/** The company of the embedded AWS behind HTTP, where an hour passes in four seconds. */
export async function hastyCompany(options: Partial<ServeOptions> = {}) {
  const clock = hastyClock()
  const state = await openState({directory: null, now: clock.now, seed: 1})
  const world = createWorld({seed: 1, now: clock.now, company: 'larder', settlingMs: 60, state})
  const server = await serveAws({world, ...options})
  const aws: Aws = await connect({
    profile: null,
    region: world.region,
    sandboxUrl: server.url,
    publishedQuotas: false,
    userAgent: 'slsops/test',
    clock,
    random: Math.random,
  })
  onTestFinished(async () => {
    aws.close()
    await server.close()
  })
  const served = async (functionName: string): Promise<string> => {
    const state = await readAliasState(aws, refOf(functionName), ongoing())
    const {version = 'gone', additional = null} = state ?? {}
    return additional === null ? version : `${version} ${additional.version}:${additional.weight}`
  }
  return {aws, clock, journals: await emptyDirectory(), served}
}
