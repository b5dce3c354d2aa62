import {assembleInvocations} from './assemble-invocations.ts'
import {type ClosedWindow, readClosedWindow} from './closed-window.ts'
import {interpreter} from './interpret.ts'
import type {Invocation} from './invocations.ts'
import type {SourcedEvent} from './log-event.ts'
import {longestRunMs} from './longest-run.ts'
import {addGap, addPages, createTally, type Tally} from './tally.ts'

export type WholeInvocations = {
  /** the invocations with what they have beyond the window, in the same order */
  complete(invocations: readonly Invocation[]): Promise<readonly Invocation[]>
  /** how many stayed as they were read, though the window cuts them */
  readonly cut: number
}

export type WholeOptions = {
  /** epoch ms: what was read, both ends inclusive; the end is null while following */
  readonly start: number
  readonly end: number | null
}

// init lines stand before START by at most the time that init may take
const longestInitMs = 10_000
const mostLookUps = 200

/**
 * Fetches what invocations have beyond the window: their first lines when they began before, their last ones when they
 * ended after. One look-up in its own stream each; at most two hundred, then the others stay as they were read.
 */
export function wholeInvocations({start, end}: WholeOptions, tally: Tally, signal: AbortSignal): WholeInvocations {
  let lookUps = 0
  let cut = 0

  const read = async ({source, logStream}: Invocation, window: ClosedWindow): Promise<SourcedEvent[]> => {
    const own = createTally(1)
    const events = await Array.fromAsync(
      readClosedWindow([source], {...window, logStreamNames: [logStream]}, own, signal),
    )
    addPages(tally, own)
    for (const gap of own.gaps) addGap(tally, gap)
    return events.flat()
  }

  const completed = async (invocation: Invocation): Promise<Invocation> => {
    const {events, report, requestId} = invocation
    if (requestId === null) return invocation
    const hasStart = events.some(({kind}) => kind === 'start')
    const lacksHead = !hasStart && beganAt(invocation) <= start
    const lacksTail = hasStart && report === null && end !== null && invocation.start + longestRunMs > end
    if (!lacksHead && !lacksTail) return invocation
    // a look-up is a page of one stream: FilterLogEvents alone answers that
    const isReadable = invocation.source.logGroupClass !== 'INFREQUENT_ACCESS'
    if (!isReadable || lookUps >= mostLookUps) {
      cut++
      return invocation
    }
    lookUps++
    const before = lacksHead ? {start: beganAt(invocation) - longestInitMs, end: start - 1} : null
    const after = lacksTail ? {start: end + 1, end: invocation.start + longestRunMs} : null
    const [earlier, later] = await Promise.all([before, after].map(window => (window ? read(invocation, window) : [])))
    return assembledAnew(invocation, [...(earlier ?? []), ...events, ...(later ?? [])])
  }

  return {
    complete: invocations => Promise.all(invocations.map(completed)),
    get cut() {
      return cut
    },
  }
}

/** When it began, as its report tells, or else the earliest time possible. */
function beganAt({report, start, end}: Invocation): number {
  return report ? Math.min(start, end - Math.min(report.durationMs, longestRunMs) - 1_000) : start - longestRunMs
}

function assembledAnew(invocation: Invocation, events: readonly SourcedEvent[]): Invocation {
  const interpret = interpreter()
  const assembler = assembleInvocations()
  const all = [...events.flatMap(event => assembler.push(interpret(event))), ...assembler.flush()]
  return all.findLast(({requestId}) => requestId === invocation.requestId) ?? invocation
}
