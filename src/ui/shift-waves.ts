import type {ShiftPlan, Stage} from '../services/traffic/plan/shift-plan.ts'
import type {MemberStanding, ShiftStanding} from '../services/traffic/shift/shift-steps.ts'
import {count} from './numbers.ts'

/** What goes up the ladder together, in order. */
export function wavesOf(
  stages: readonly Stage[],
): readonly {readonly wave: readonly string[]; readonly steps: readonly Stage[]}[] {
  return Array.from(Map.groupBy(stages, ({wave}) => wave.join('\n')).values(), steps => ({
    wave: steps[0]?.wave ?? [],
    steps,
  }))
}

/** `wave 1 of 2`; '' where all move together. */
export function waveText(stages: readonly Stage[], wave: readonly string[]): string {
  const waves = wavesOf(stages)
  const at = waves.findIndex(each => each.wave.join() === wave.join())
  return waves.length < 2 || at < 0 ? '' : `wave ${count(at + 1)} of ${count(waves.length)}`
}

/** `all at 40 %`, `wave 1 of 2: all at 40 %` */
export const allAtText = (stages: readonly Stage[], wave: readonly string[], weight: string): string =>
  [waveText(stages, wave), `all at ${weight}`].filter(Boolean).join(': ')

/** Those that have to show that they are well now: who came in with an earlier wave has, and a later one has not begun. */
export function judgedNow(plan: Pick<ShiftPlan, 'stages'> | null, standing: ShiftStanding): readonly MemberStanding[] {
  const wave = plan?.stages[standing.stage]?.wave
  return standing.members.filter(
    ({state, member}) => state !== 'muted' && (wave === undefined || wave.includes(member.functionName)),
  )
}
