import type {Counts, MinuteCounts} from '../services/traffic/judge/judgement.ts'
import type {MemberStanding} from '../services/traffic/shift/shift-steps.ts'

export type ShiftMinute = {
  /** epoch ms of its start */
  readonly at: number
  readonly canary: Counts
  readonly baseline: Counts
}

/** What all members failed of what they were called, minute by minute, oldest first; what is not known counts for nothing. */
export function shiftMinutes(members: readonly Pick<MemberStanding, 'evidence'>[]): readonly ShiftMinute[] {
  const all = members.flatMap(({evidence}) => evidence?.metrics.find(({metric}) => metric === 'errors')?.minutes ?? [])
  return [...Map.groupBy(all, ({at}) => at)]
    .sort(([one], [other]) => one - other)
    .map(([at, minutes]) => ({at, canary: sumOf(minutes, 'canary'), baseline: sumOf(minutes, 'baseline')}))
}

const sumOf = (minutes: readonly MinuteCounts[], of: 'canary' | 'baseline'): Counts =>
  minutes.reduce(
    (sum, minute) => {
      const {calls, bad} = minute[of]
      return Number.isNaN(calls) || Number.isNaN(bad) ? sum : {calls: sum.calls + calls, bad: sum.bad + bad}
    },
    {calls: 0, bad: 0},
  )
