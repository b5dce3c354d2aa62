import {assembleInvocations} from './assemble-invocations.ts'
import {wanted} from './attribute.ts'
import {withContext} from './context.ts'
import {interpreter} from './interpret.ts'
import type {Invocation} from './invocations.ts'
import type {LogEvent, SourcedEvent} from './log-event.ts'
import {didFail} from './outcome.ts'
import {eventFilter, invocationFilter, type Selection} from './select.ts'
import {selectTrace} from './select-trace.ts'
import {perStream} from './streams.ts'

/** What is to be seen of what is read. */
export type ViewOptions = Selection & {
  readonly traceId: string | null
  /** a filter pattern evaluated here, where AWS must hand over everything (`--context`, `--by-request`) */
  readonly matches: ((message: string) => boolean) | null
  /** what to pick from a message's JSON; messages it finds nothing in are left out */
  readonly pick: ((message: string) => unknown) | null
  /** events of the same stream around each match */
  readonly context: number
  /** whether lines that only frame an invocation are seen: START, END, a healthy init */
  readonly framing: boolean
  /** the order of a closed window is kept though matches are only known later; what is followed is shown at once */
  readonly following: boolean
}

/** An event, and what was picked from its message where that was asked for. */
export type PickedEvent = LogEvent & {
  readonly picked?: unknown
  /** it stands around a match, and is none itself */
  readonly isContext?: true
  /** with context: events of its stream before it are left out, after others that are shown */
  readonly isAfterGap?: true
}

/** Turns events as they are read into what is to be seen; both steps keep the order they document. */
export type View<Item> = {
  /** @param upTo epoch ms up to which all events have come, while following; null for what is past */
  push(events: readonly SourcedEvent[], upTo: number | null): Item[]
  /** the rest, when no more events come */
  flush(): Item[]
}

// what a closed window may hold back while a match is still possible
const mostHeld = 50_000

/** Single events: attributed, understood and selected. */
export function eventView(options: ViewOptions): View<PickedEvent> {
  const understand = understanding()
  const filter = eventFilter(options)
  const isMatch = (event: LogEvent): boolean =>
    filter(event) && (options.framing || !isFraming(event)) && (options.matches?.(event.message) ?? true)
  const maxHeld = options.following ? 0 : mostHeld
  const ofTrace = options.traceId === null ? null : selectTrace(options.traceId, maxHeld)
  const matches = new WeakSet<LogEvent>()
  const noted = (event: LogEvent): boolean => {
    const isOne = isMatch(event)
    if (isOne) matches.add(event)
    return isOne
  }
  const afterGaps = new WeakSet<LogEvent>()
  const marked = (event: LogEvent): PickedEvent => ({
    ...event,
    ...(!matches.has(event) && {isContext: true}),
    ...(afterGaps.has(event) && {isAfterGap: true}),
  })
  const isMissed = (event: LogEvent): boolean => options.framing || !isFraming(event)
  const onGap = (event: LogEvent): void => void afterGaps.add(event)
  const inContext = options.context > 0 ? withContext(noted, {lines: options.context, maxHeld, isMissed, onGap}) : null

  const select = (events: readonly LogEvent[]): LogEvent[] =>
    inContext ? events.flatMap(event => inContext.push(event)).map(marked) : events.filter(isMatch)
  const picked = (events: readonly LogEvent[]): PickedEvent[] => {
    const {pick} = options
    if (pick === null) return events as PickedEvent[]
    return events.map(event => ({...event, picked: pick(event.message)})).filter(({picked}) => picked !== undefined)
  }

  return {
    push(events) {
      const understood = understand(events)
      return picked(select(ofTrace ? understood.flatMap(event => ofTrace.push(event)) : understood))
    },
    flush: () => picked([...select(ofTrace?.flush() ?? []), ...(inContext?.flush().map(marked) ?? [])]),
  }
}

/** What only frames an invocation, and says nothing that its report does not. */
export function isFraming({kind, level}: LogEvent): boolean {
  return kind === 'start' || kind === 'end' || ((kind === 'init' || kind === 'restore') && level !== 'ERROR')
}

/** Whole invocations, all of them: which are to be seen can be told only when nothing of them is missing (`wantedInvocation`). */
export function invocationView(): View<Invocation> {
  const understand = understanding()
  const assembler = assembleInvocations()
  return {
    push(events, upTo) {
      const complete = understand(events).flatMap(event => assembler.push(event))
      return upTo === null ? complete : [...complete, ...assembler.passTime(upTo)]
    },
    flush: () => [...assembler.flush()],
  }
}

/** Tells invocations that are to be seen: one event must match, none may be excluded; with `failed`, those that failed. */
export function wantedInvocation({
  failed,
  matches,
  ...selection
}: ViewOptions & {readonly failed: boolean}): (invocation: Invocation) => boolean {
  const filter = invocationFilter(selection)
  return invocation =>
    (!failed || didFail(invocation.outcome)) &&
    filter(invocation) &&
    (matches === null || invocation.events.some(({message}) => matches(message)))
}

/** Drops what was not asked for in a shared log group, and gives the rest its meaning. */
export function understanding(): (events: readonly SourcedEvent[]) => LogEvent[] {
  const interpret = interpreter()
  const streams = perStream((source, logStream) => wanted(source)(logStream))
  const isWanted = ({source, logStream}: SourcedEvent): boolean =>
    source.only === null || streams.get(source, logStream)
  return events => {
    const understood: LogEvent[] = []
    for (const event of events) if (isWanted(event)) understood.push(interpret(event))
    return understood
  }
}
