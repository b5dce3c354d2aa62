import type {DeadMan} from '../../../../src/services/traffic/dead-man/dead-man.ts'
import type {ShiftParts} from '../../../../src/services/traffic/shift/shift-parts.ts'
import type {FakeClock} from '../../logs/reader/fake-clock.ts'

type Armed = {readonly at: number; readonly revisionId: string; readonly backTo: string}

/** A dead man who does nothing but remember; a test decides whether he can be pushed and taken away. */
export function fakeDeadMan(clock: () => FakeClock, fails: {readonly push?: boolean; readonly disarm?: boolean} = {}) {
  const armed = new Map<string, Armed>()
  const pushes: string[] = []
  let prepared = 0
  const createDeadMan: ShiftParts['createDeadMan'] = (_aws, _journal, {afterMs}): DeadMan => ({
    async prepare() {
      prepared++
    },
    async push({functionName}, {revisionId}, backTo) {
      if (fails.push) throw new Error('Scheduler stumbled')
      pushes.push(`${functionName} ${revisionId}`)
      armed.set(functionName, {at: clock().now() + afterMs, revisionId, backTo})
    },
    firesAt: () => (armed.size === 0 ? null : Math.min(...[...armed.values()].map(({at}) => at))),
    async disarm() {
      if (fails.disarm) return [...armed.keys()].map(name => `slsops-${name}`)
      armed.clear()
      return []
    },
  })
  return {
    createDeadMan,
    armed,
    pushes,
    get prepared() {
      return prepared
    },
  }
}
