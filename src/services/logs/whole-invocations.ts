import {assembleInvocations} from './assemble-invocations.ts'
import {type ClosedWindow, readClosedWindow} from './closed-window.ts'
import {interpreter} from './interpret.ts'
import type {Invocation} from './invocations.ts'
import type {SourcedEvent} from './log-event.ts'
import {createTally, type Tally} from './tally.ts'

export type WholeOptions = {
  /** epoch ms: what was read, both ends inclusive; the end is null while following */
  readonly start: number
  readonly end: number | null
}

/** longest run of a function: 15 minutes (Lambda quotas) */
const longestRunMs = 15 * 60_000
// init lines stand before START by at most the time that init may take
const longestInitMs = 10_000
const mostLookUps = 100

/**
 * Makes the function that fetches what an invocation has beyond the window: its first lines when it began before, its
 * last ones when it ended after. One look-up in its own stream; at most a hundred, then the others stay as they were read.
 */
export function wholeInvocations(
  {start, end}: WholeOptions,
  tally: Tally,
  signal: AbortSignal,
): (invocation: Invocation) => Promise<Invocation> {
  let lookUps = 0

  const read = async ({source, logStream}: Invocation, window: ClosedWindow): Promise<SourcedEvent[]> => {
    const own = createTally(1)
    const events = (
      await Array.fromAsync(readClosedWindow([source], {...window, logStreamNames: [logStream]}, own, signal))
    ).flat()
    tally.pages += own.pages
    tally.emptyPages += own.emptyPages
    tally.bytes += own.bytes
    return events
  }

  return async invocation => {
    const {events, report, requestId} = invocation
    const hasStart = events.some(({kind}) => kind === 'start')
    const lacksHead = requestId !== null && !hasStart && beganAt(invocation) <= start
    const lacksTail = requestId !== null && hasStart && report === null && end !== null
    if ((!lacksHead && !lacksTail) || lookUps >= mostLookUps) return invocation
    lookUps++
    const before = lacksHead ? await read(invocation, {start: beganAt(invocation) - longestInitMs, end: start - 1}) : []
    const after =
      lacksTail && end !== null ? await read(invocation, {start: end + 1, end: invocation.start + longestRunMs}) : []
    return assembledAnew(invocation, [...before, ...events, ...after])
  }
}

/** When it began, as its report tells, or else the earliest time possible. */
function beganAt({report, start, end}: Invocation): number {
  return report ? Math.min(start, end - report.durationMs - 1_000) : start - longestRunMs
}

function assembledAnew(invocation: Invocation, events: readonly SourcedEvent[]): Invocation {
  const interpret = interpreter()
  const assembler = assembleInvocations()
  const all = [...events.flatMap(event => assembler.push(interpret(event))), ...assembler.flush()]
  return all.findLast(({requestId}) => requestId === invocation.requestId) ?? invocation
}
