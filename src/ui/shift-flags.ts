import type {LadderWish, Member, ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import type {ShiftReport} from '../services/traffic/shift/shift-steps.ts'
import {sameWord} from './by-hand.ts'
import {shellWord} from './next-command.ts'

type Reported = Pick<ShiftReport, 'plan'>

/** The flags that a shift was asked for with, for these of its members: its ladder, and all that watched it. */
export const goOnFlags = ({plan}: Reported, members: readonly Member[]): readonly string[] => [
  ladderFlag(plan.wish.ladder),
  ...waveFlags(plan, members),
  ...watchFlags(plan),
  ...(plan.wish.maxTimeMs === null ? [] : [`--max-time ${timeFlag(plan.wish.maxTimeMs)}`]),
]

/** The same for all of the traffic at once, which takes a time of its own. Nobody watched who set a weight. */
export const finishFlags = ({plan}: Reported, members: readonly Member[]): readonly string[] => [
  '--all-at-once',
  ...waveFlags(plan, members),
  ...watchFlags(plan),
]

/** Those of each wave by name: of a glob it is not known what it will match. */
function waveFlags({stages}: ShiftPlan, members: readonly Member[]): readonly string[] {
  const moving = new Set(members.map(({functionName}) => functionName))
  const waves = [...new Set(stages.map(({wave}) => wave.filter(name => moving.has(name)).join(',')))].filter(Boolean)
  return waves.slice(0, -1).map(wave => `--wave ${shellWord(wave)}`)
}

function watchFlags({wish}: ShiftPlan): readonly string[] {
  const {ladder, bakeMs, gate, gateFilter, alarms, allowAlarms, onInconclusive, onInterrupt, deadMan, note, force} =
    wish
  return [
    ...(bakeMs === null ? [] : [`--bake ${timeFlag(bakeMs)}`]),
    ...(gate === 'none' && ladder.kind !== 'weight' ? ['--gate none'] : []),
    ...(gateFilter === null ? [] : [`--gate-filter ${sameWord(gateFilter)}`]),
    ...alarms.map(name => `--alarm ${sameWord(name)}`),
    ...allowAlarms.map(name => `--allow-alarm ${sameWord(name)}`),
    ...(onInconclusive === 'hold' ? [] : [`--on-inconclusive ${onInconclusive}`]),
    ...(onInterrupt === 'rollback' ? [] : [`--on-interrupt ${onInterrupt}`]),
    ...(deadMan === null
      ? []
      : [`--dead-man ${timeFlag(deadMan.afterMs)}`, `--dead-man-role ${sameWord(deadMan.roleArn)}`]),
    ...(note === null ? [] : [`--note ${sameWord(note)}`]),
    ...(force ? ['--force'] : []),
  ]
}

/** A ladder as it is typed. */
function ladderFlag(ladder: LadderWish): string {
  switch (ladder.kind) {
    case 'all-at-once':
      return '--all-at-once'
    case 'weight':
      return `--weight ${ladder.basisPoints / 100}%`
    case 'canary':
      return `--canary ${ladder.basisPoints / 100}%/${timeFlag(ladder.everyMs)}`
    case 'linear': {
      const {by} = ladder
      return `--linear ${'steps' in by ? `${by.steps}x` : `${by.basisPoints / 100}%`}/${timeFlag(ladder.everyMs)}`
    }
  }
}

const timeFlag = (ms: number): string =>
  ms > 0 && ms % 3_600_000 === 0
    ? `${ms / 3_600_000}h`
    : ms > 0 && ms % 60_000 === 0
      ? `${ms / 60_000}m`
      : `${Math.ceil(ms / 1_000)}s`
