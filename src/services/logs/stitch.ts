import type {LogEvent} from './log-event.ts'

const blank = /^\s*$/
const indented = /^\s/
const stackFrame = /^(?:at |Caused by: |Suppressed: |\.\.\. \d+ (?:more|common frames omitted))/
const closing = /^[}\])]+[,;]?\s*$/
const opening = /^[{[(]\s*$/
const expectsMore = /[:=([{,]\s*$/
// Go: `panic: …`, a blank line, `goroutine 1 [running]:`, then a call and the place of it, by turns
const goroutine = /^goroutine \d+ \[/
const goPanic = /^\s*panic: |^fatal error: |^\[signal /
const goCall = /^(?:created by )?[\w-]+[./][^\s:]+/
const goPlace = /^\t\S+\.go:\d+/

/**
 * Whether `next` goes on with what `previous` began to say: some runtimes write one event per line of a stack trace or
 * of indented JSON. For two neighbours in display order: an event of another stream between them parts them.
 * For display only; an event is never joined to another in JSON.
 */
export function continues(previous: LogEvent, next: LogEvent): boolean {
  return (
    next.timestamp === previous.timestamp &&
    next.logStream === previous.logStream &&
    next.source === previous.source &&
    next.kind === 'app' &&
    previous.kind === 'app' &&
    next.level === null &&
    isContinuation(previous.message, next.message)
  )
}

function isContinuation(previous: string, next: string): boolean {
  if (blank.test(next)) return goPanic.test(previous)
  if (goroutine.test(next)) return true
  if (goCall.test(next) && (goroutine.test(previous) || goPlace.test(previous))) return true
  if (opening.test(next)) return expectsMore.test(previous)
  return indented.test(next) || stackFrame.test(next) || closing.test(next)
}
