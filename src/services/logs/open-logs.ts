import {ExitCode} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'
import type {Gap, Receipt} from '../receipt.ts'
import {noSuchLogGroup} from '../targets/list-log-groups.ts'
import {parseSelection, type SelectionWords} from '../targets/parse-target.ts'
import {resolveLogSources} from '../targets/resolve-log-sources.ts'
import type {Invocation} from './invocations.ts'
import {parseJson} from './json-message.ts'
import {type LogStream, readLogs} from './read-logs.ts'
import {planRead, type ReadPlan} from './read-plan.ts'
import type {LogSource} from './source.ts'
import {createStopRule, type StopRuleOptions} from './stop-rule.ts'
import {receiptOf, type Tally} from './tally.ts'
import {readPrefix} from './text-prefix.ts'
import {eventView, invocationView, type PickedEvent, type ViewOptions} from './view.ts'
import {type ViewedStep, viewLogs} from './view-logs.ts'
import {wholeInvocations} from './whole-invocations.ts'

export type OpenLogsOptions = {
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
  readonly filterPattern: string | undefined
  readonly idleExitMs: number | undefined
  readonly tail: {readonly byAws: number | null; readonly afterSelection: number | null}
}

export type LogItem = PickedEvent | Invocation

/** Logs that are about to be read: nothing has been asked of CloudWatch Logs' events yet. */
export type OpenedLogs = {
  readonly sources: readonly LogSource[]
  readonly scopes: readonly Scope[]
  readonly plan: ReadPlan
  readonly notices: readonly string[]
  readonly tally: Tally
  /** how messages are read, for those who draw them */
  readonly reader: {readonly readPrefix: typeof readPrefix; readonly parseJson: typeof parseJson}
  /** throws a UserError at the end when a log group that was named does not exist */
  readonly steps: AsyncIterable<ViewedStep<LogItem>>
  receipt(now: number, signal: AbortSignal): Receipt
  /** what the read says to a script, by exit codes; none when all went well */
  verdicts(): readonly ExitCode[]
}

// events younger than this may still be on their way
const settledAfterMs = 60_000

/**
 * Finds the log groups that the words of a command line mean, and makes them ready to be read.
 * @throws UserError as parseSelection and resolveLogSources do
 */
export async function openLogs(
  aws: Aws,
  words: SelectionWords,
  options: OpenLogsOptions,
  signal: AbortSignal,
): Promise<OpenedLogs> {
  const {follow, start, end, now, tail} = options
  const selection = parseSelection(words)
  const {sources: found, absent, notices, skipped} = await resolveLogSources(aws, selection, signal)
  // who follows wants to see the first event of a function that was never invoked
  const sources = follow ? [...found, ...absent] : found
  const stream = readLogs(
    {
      ...options,
      sources,
      tail: tail.byAws,
      sourcesAnew: async signal => {
        const anew = await resolveLogSources(aws, selection, signal)
        return [...anew.sources, ...anew.absent]
      },
    },
    signal,
  )
  const {tally} = stream
  const stop = createStopRule(options.stop)
  const scope = sources[0]?.scope ?? aws.scope
  const gaps: Gap[] = skipped.map(({what, reason}) => ({
    what,
    account: scope.account,
    region: scope.region,
    reason: 'failed',
    detail: reason,
  }))

  return {
    sources,
    scopes: [scope],
    plan: planRead({sources, follow, tail: tail.byAws}),
    notices,
    tally,
    reader: {readPrefix, parseJson},
    steps: viewed(aws, stream, options, stop, signal),
    receipt: (finishedAt, {aborted}) => {
      const unread = tally.groups - tally.complete - tally.missing - tally.gaps.length
      const interrupted: Gap[] = aborted && !follow && unread > 0 ? [interruption(unread, scope)] : []
      const {calls, throttles} = aws.budget.total()
      const empty = follow ? 0 : absent.length
      return receiptOf(
        {...tally, groups: tally.groups + empty, missing: tally.missing + empty},
        {
          window: {start, end: end ?? (follow ? null : now)},
          calls,
          throttles,
          notes: [
            ...(stop.done ? ['stopped before the end of the window: a limit or match was reached'] : []),
            ...(!follow && (end ?? now) > finishedAt - settledAfterMs
              ? ['the window ended less than a minute ago: events may still arrive']
              : []),
          ],
          durationMs: finishedAt - now,
          gaps: [...gaps, ...interrupted],
        },
      )
    },
    verdicts: () => [
      ...(stop.isNegative() ? [ExitCode.negative] : []),
      ...(tally.gaps.length + gaps.length > 0 ? [ExitCode.partial] : []),
      ...(isRefused(tally) ? [ExitCode.refused] : []),
    ],
  }
}

async function* viewed(
  aws: Aws,
  stream: LogStream,
  {view, byRequest, failed, tail, start, end, now, follow}: OpenLogsOptions,
  stop: ReturnType<typeof createStopRule>,
  signal: AbortSignal,
): AsyncGenerator<ViewedStep<LogItem>> {
  if (byRequest) {
    const messagesOf = ({events}: Invocation): readonly string[] => events.map(({message}) => message)
    const whole = wholeInvocations({start, end: follow ? null : (end ?? now)}, stream.tally, signal)
    const steps = viewLogs(stream, {
      view: invocationView({...view, failed}),
      stop,
      messagesOf,
      tail: tail.afterSelection,
    })
    for await (const step of steps) yield {...step, items: await Promise.all(step.items.map(whole))}
  } else {
    const messagesOf = ({message}: PickedEvent): readonly string[] => [message]
    yield* viewLogs(stream, {view: eventView(view), stop, messagesOf, tail: tail.afterSelection})
  }
  const nowhere = stream.tally.gaps.filter(({reason}) => reason === 'missing')
  for (const {what} of nowhere) throw await noSuchLogGroup(aws, what, null, signal)
}

/** Nothing could be read, because AWS allowed nothing. */
function isRefused({gaps, complete}: Tally): boolean {
  return complete === 0 && gaps.length > 0 && gaps.every(({reason}) => reason === 'denied')
}

function interruption(groups: number, {account, region}: Scope): Gap {
  return {what: `${groups} log ${groups === 1 ? 'group' : 'groups'}`, account, region, reason: 'interrupted'}
}
