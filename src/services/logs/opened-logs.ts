import {ExitCode, type UserError} from '../../errors.ts'
import type {Scope} from '../aws/scope.ts'
import type {Calls} from '../aws/total-calls.ts'
import {verdictsOnNothing} from '../nothing-read.ts'
import type {Gap, Receipt} from '../receipt.ts'
import type {Invocation} from './invocations.ts'
import {messageReader} from './message-reader.ts'
import type {LogStream} from './read-logs.ts'
import type {ReadPlan} from './read-plan.ts'
import {settledAfterMs} from './settled.ts'
import type {LogSource} from './source.ts'
import {createStopRule, type StopRuleOptions} from './stop-rule.ts'
import {receiptOf, type Tally} from './tally.ts'
import {eventView, invocationView, type PickedEvent, type ViewOptions, wantedInvocation} from './view.ts'
import {type ViewedStep, viewLogs} from './view-logs.ts'
import type {WholeInvocations} from './whole-invocations.ts'

/** What is to be seen of logs, wherever they come from. */
export type LogViewOptions = {
  /** epoch ms */
  readonly start: number
  /** epoch ms; null: now, or for ever while following */
  readonly end: number | null
  readonly now: number
  readonly follow: boolean
  readonly view: ViewOptions
  readonly stop: StopRuleOptions
  readonly byRequest: boolean
  readonly failed: boolean
  /** only the newest so many of what is past */
  readonly tail: number | null
}

export type LogItem = PickedEvent | Invocation

/** Logs that are about to be read: no event has been asked for yet. */
export type OpenedLogs = {
  readonly sources: readonly LogSource[]
  readonly scopes: readonly Scope[]
  /** some of what is read will not be shown */
  readonly isSelective: boolean
  /** log groups that were asked for, those included that do not exist yet or cannot be read */
  readonly groups: number
  /** epoch ms */
  readonly openedAt: number
  /** null where nothing is asked of AWS */
  readonly plan: ReadPlan | null
  readonly notices: readonly string[]
  readonly tally: Tally
  /** calls made so far, and how many of them AWS refused as too many */
  calls(): Calls
  /** how messages are read, for those who draw them */
  readonly reader: typeof messageReader
  /** throws a UserError at the end when a log group that was named does not exist */
  readonly steps: AsyncIterable<ViewedStep<LogItem>>
  /** null when there is nothing to account for: what was named does not exist */
  receipt(now: number, signal: AbortSignal): Receipt | null
  /** what the read says to a script, by exit codes; none when all went well */
  verdicts(): readonly ExitCode[]
}

/** A stream of events and what is known of it. */
export type ReadyLogs = Pick<OpenedLogs, 'sources' | 'scopes' | 'openedAt' | 'plan' | 'notices' | 'calls'> & {
  readonly stream: LogStream
  /** groups of functions that were never invoked, beside the sources */
  readonly neverInvoked: number
  /** what was known to be missing before the read began */
  readonly gaps: readonly Gap[]
  readonly whole: WholeInvocations
  /** the error for a log group that was named and is not there; null where that cannot be */
  readonly noSuchGroup: (gap: Gap) => Promise<UserError> | null
  /** what else to know of the answer, beside what the read itself tells */
  readonly notes: readonly string[]
}

/** Makes a stream of events ready to be seen: selected, grouped by invocation, stopped and accounted for as asked. */
export function openedLogs(ready: ReadyLogs, options: LogViewOptions, signal: AbortSignal): OpenedLogs {
  const {follow, start, now, tail, byRequest, view, end} = options
  const {stream, sources, scopes, neverInvoked, gaps: known, whole, plan} = ready
  const {tally} = stream
  const stop = createStopRule(options.stop)
  const groups = sources.length + neverInvoked
  const counted = {seen: 0, shown: 0}
  let broke = false

  return {
    sources,
    scopes,
    isSelective: isSelective(options),
    groups,
    openedAt: ready.openedAt,
    plan,
    notices: ready.notices,
    tally,
    reader: messageReader,
    calls: ready.calls,
    steps: viewed(),
    receipt: (finishedAt, {aborted}) => {
      const nowhere = tally.gaps.filter(({reason}) => reason === 'missing')
      // the error says it all
      if (!aborted && nowhere.length > 0 && nowhere.length === groups) return null
      const isCut = aborted || broke
      const unread = isCut ? tally.groups - tally.complete - tally.missing - tally.gaps.length : 0
      const {calls, throttles} = ready.calls()
      return receiptOf(
        {...tally, groups: tally.groups + neverInvoked, missing: tally.missing + neverInvoked},
        {
          window: {start, end},
          calls,
          throttles,
          shown: isSelective(options) || stop.done || tail !== null ? counted.shown : tally.events,
          notes: notesAt(finishedAt, isCut),
          durationMs: finishedAt - now,
          gaps: [...known, ...(unread > 0 ? [unreadGap(unread, broke, scopes)] : [])],
        },
      )
    },
    verdicts: () => {
      const gaps = [...tally.gaps, ...known]
      return [
        ...(stop.isNegative() ? [ExitCode.negative] : []),
        ...(gaps.length > 0 ? [ExitCode.partial] : []),
        ...verdictsOnNothing(gaps, tally.complete + tally.missing),
      ]
    },
  }

  async function* viewed(): AsyncGenerator<ViewedStep<LogItem>> {
    const steps = byRequest ? invocations() : events()
    try {
      for await (const step of steps) {
        counted.shown += step.items.length
        yield step
      }
    } catch (error) {
      broke = !signal.aborted
      throw error
    }
    for (const gap of tally.gaps.filter(({reason}) => reason === 'missing')) {
      const error = ready.noSuchGroup(gap)
      if (error) throw await error
    }
  }

  function events(): AsyncGenerator<ViewedStep<LogItem>> {
    const messagesOf = ({message, isContext}: PickedEvent): readonly string[] | null => (isContext ? null : [message])
    return viewLogs(stream, {view: eventView(view), stop, messagesOf, tail})
  }

  function invocations(): AsyncGenerator<ViewedStep<LogItem>> {
    const isWanted = wantedInvocation({...view, failed: options.failed})
    const messagesOf = ({events}: Invocation): readonly string[] => events.map(({message}) => message)
    const refine = async (items: readonly Invocation[]): Promise<readonly Invocation[]> => {
      counted.seen += items.length
      return (await whole.complete(items)).filter(isWanted)
    }
    return viewLogs(stream, {view: invocationView(), refine, stop, messagesOf, tail})
  }

  function notesAt(finishedAt: number, isCut: boolean): readonly string[] {
    const isYoung = plan !== null && !follow && end !== null && end > finishedAt - settledAfterMs
    return [
      ...ready.notes,
      ...(byRequest ? [`${grouped(counted.shown)} of ${grouped(counted.seen)} invocations shown`] : []),
      ...(whole.cut > 0 ? [`${whole.cut} invocations are cut by the window: narrow it to see them whole`] : []),
      ...[stop.complaint() ?? []].flat(),
      ...(stop.done ? ['stopped before the end of the window: a limit or match was reached'] : []),
      ...(follow ? ['an event that came in more than 15 min late was not looked for'] : []),
      ...(counted.shown === 0 && !follow && !isCut && tally.gaps.length < groups
        ? [nothingFound(options, plan, tally.events)]
        : []),
      ...(isYoung ? ['the window ended less than a minute ago: events may still arrive'] : []),
    ]
  }
}

/** `18,204`, as in everything that people read. */
const grouped = (value: number): string => value.toLocaleString('en-US')

/** @param events that were read, whether they are among what was asked for or not */
function nothingFound({view, byRequest}: LogViewOptions, plan: ReadPlan | null, events: number): string {
  const {pick, requestId, traceId, level, include, exclude, matches} = view
  if (pick !== null) return 'nothing was found: --query picks from messages that are JSON, and other lines are left out'
  if (plan === null) return 'nothing in the recording matches'
  if (events === 0) return 'nothing was found: try a longer --since, as in --since 24h'
  const none = `none of ${grouped(events)} ${events === 1 ? 'event' : 'events'}`
  if (traceId !== null) return `${none} is of that trace: check the id, or try a longer --since`
  if (requestId !== null) return `${none} is of that request: check the id, or try a longer --since`
  const isChosen = level !== null || matches !== null || include.length + exclude.length > 0
  return isChosen && !byRequest
    ? `${none} matches: ask for less, or try a longer --since`
    : 'nothing was found: try a longer --since, as in --since 24h'
}

/** Whether some of what AWS answers will not be shown. */
export function isSelective({view, byRequest}: Pick<LogViewOptions, 'view' | 'byRequest'>): boolean {
  const {level, requestId, traceId, include, exclude, matches, pick, context} = view
  const chosen = [level, requestId, traceId, matches, pick].some(choice => choice !== null)
  return chosen || byRequest || context > 0 || include.length + exclude.length > 0
}

function unreadGap(groups: number, broke: boolean, scopes: readonly Scope[]): Gap {
  const [only, ...others] = scopes
  const isOne = only !== undefined && others.length === 0
  return {
    what: `${groups} log ${groups === 1 ? 'group' : 'groups'}`,
    account: isOne ? only.account : null,
    region: isOne ? only.region : scopes.map(({region}) => region).join(', '),
    reason: broke ? 'failed' : 'interrupted',
  }
}
