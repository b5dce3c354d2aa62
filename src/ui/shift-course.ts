import type {MemberStanding, ShiftStep} from '../services/traffic/shift/shift-steps.ts'
import type {ShiftEvent} from './shift-view-state.ts'

/** What happened, for who reads about it later: a report tells only how it ended. */
export type ShiftCourse = {
  /** weights in order, since when all that moved had them; epoch ms */
  readonly weights: readonly {readonly at: number; readonly basisPoints: number; readonly wave: readonly string[]}[]
  /** of each function, what its new version had from when on, as AWS acknowledged it; in order, epoch ms */
  readonly moves: ReadonlyMap<string, readonly {readonly at: number; readonly basisPoints: number}[]>
  readonly events: readonly ShiftEvent[]
}

/** Keeps the course of a shift while its steps come. @param now epoch ms */
export function shiftCourse(now: () => number): {take(step: ShiftStep): void; course(): ShiftCourse} {
  const weights: ShiftCourse['weights'][number][] = []
  const moves = new Map<string, readonly {readonly at: number; readonly basisPoints: number}[]>()
  const events: ShiftEvent[] = []
  const note = (at: number, members: readonly Pick<MemberStanding, 'member' | 'basisPoints'>[]): void => {
    for (const {member, basisPoints} of members) {
      const before = moves.get(member.functionName) ?? []
      if (before.at(-1)?.basisPoints !== basisPoints) moves.set(member.functionName, [...before, {at, basisPoints}])
    }
  }
  return {
    take(step) {
      if ('standing' in step) note(step.kind === 'stage' ? step.standing.stageAt : now(), step.standing.members)
      if (step.kind === 'ended') note(step.report.endedAt, step.report.members)
      if (step.kind === 'event') {
        const {at, severity, text} = step
        events.push({at, severity, text})
      }
      if (step.kind === 'stage') {
        const {basisPoints, wave} = step.stage
        weights.push({at: step.standing.stageAt, basisPoints, wave})
      }
    },
    course: () => ({weights: [...weights], moves: new Map(moves), events: [...events]}),
  }
}
