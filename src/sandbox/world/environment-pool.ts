// Which execution environment an invocation of a client gets.
import type {InvocationChange} from '../invocation-changes.ts'
import type {CompanyFunction} from './company.ts'
import {initMsOf} from './environments.ts'
import type {Executed} from './executions.ts'
import {draw, mix} from './random.ts'
import type {SandboxVersion} from './sandbox-function.ts'

type InvokedEnvironment = InvocationChange['environment']

/** An environment stays for some minutes after what it did last. */
const idleMs = {least: 6 * 60_000, more: 5 * 60_000}

/**
 * The environment that did something last and is free; a configuration that was changed since has others.
 * @param uses what clients invoked of the function
 */
export function freeEnvironment(
  uses: readonly Executed[],
  version: SandboxVersion,
  at: number,
): InvokedEnvironment | undefined {
  const recent = uses.filter(({endedAt}) => at - endedAt < idleMs.least + idleMs.more)
  const byKey = Map.groupBy(recent, ({placed}) => placed.environment.key)
  return [...byKey.values()]
    .flatMap(ofOne => ofOne.slice(-1))
    .filter(({placed, change, endedAt}) => {
      const idle = at - endedAt
      return (
        placed.run.version === version.version &&
        idle >= 0 &&
        idle < idleMs.least + idleMs.more * draw(mix(placed.environment.key, 59)) &&
        change.environment.bornAt >= version.publishedAt &&
        change.settings.memorySizeMB === version.memorySizeMB &&
        !endsEnvironment(change)
      )
    })
    .sort((x, y) => y.endedAt - x.endedAt)[0]?.change.environment
}

/** What ran out of time or memory has taken its environment with it, and so has a Go program that panicked. */
function endsEnvironment({outcome, settings}: InvocationChange): boolean {
  return outcome === 'timeout' || outcome === 'oom' || (outcome === 'error' && settings.runtime.startsWith('provided'))
}

/** @param takenAt epoch ms at which Lambda took the request up */
export function newEnvironment(own: CompanyFunction | undefined, key: number, takenAt: number): InvokedEnvironment {
  const environmentKey = mix(key, 63)
  // the code is fetched first
  const bornAt = takenAt + 115 + Math.ceil(5 * Math.min(own?.codeSizeMB ?? 0, 60))
  return {key: environmentKey, bornAt, initMs: own ? initMsOf(own, environmentKey) : 140 + Math.floor(60 * draw(key))}
}
