import type {Calls} from '../services/aws/total-calls.ts'
import type {Tally} from '../services/logs/tally.ts'
import type {ReadingState} from './reading.tsx'

type Reading = {readonly tally: Tally; readonly openedAt: number; calls(): Calls}

/** How far a read is that cannot show anything yet: every log group must answer once. */
export function readingState({tally, openedAt, calls}: Reading, now: number): ReadingState {
  const waiting = tally.groups - tally.answered
  const elapsedS = Math.max(0.001, (now - openedAt) / 1000)
  return {
    doing: 'reading',
    waiting,
    total: tally.groups,
    pages: tally.pages,
    readsPerSecond: tally.pages / elapsedS,
    throttles: calls().throttles,
    remainingMs: tally.answered === 0 ? null : (waiting / (tally.answered / elapsedS)) * 1000,
  }
}
