import {type Known, orNull} from '../known.ts'
import type {WatchedQueue, WatchedSource} from '../services/fleet/unused/evidence.ts'
import type {FunctionVerdict} from '../services/fleet/unused/unused-report.ts'
import type {Reason} from '../services/fleet/unused/verdict.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {count, counted, roughDuration} from './numbers.ts'
import type {Glyphs} from './terminal.ts'
import {ownWaste} from './unused-waste.ts'

const dayMs = 86_400_000

export type WordsOptions = {
  /** of the report's window, epoch ms */
  readonly window: {readonly start: number; readonly end: number}
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly glyphs: Pick<Glyphs, 'times'>
}

/** Why a verdict is what it is, a phrase for each fact: what decides first, then when it last ran, then what it costs. */
export function evidenceWords(one: FunctionVerdict, options: WordsOptions): readonly string[] {
  const {verdict, reasons, lastInvoked, waste} = one
  const {glyphs} = options
  const facts = reasons.flatMap(reason => phraseOf(reason, one, options) ?? [])
  const isDated = reasons.some(reason => reason === 'invoked' || reason === 'stopped' || reason === 'log-event')
  return [
    ...new Set(facts),
    ...(lastInvoked !== null && !isDated ? [`last ran ${lastRanText(lastInvoked, options)}`] : []),
    ...(verdict === 'active' && waste.length === 0 ? [] : ownWaste(waste, glyphs.times)),
  ]
}

/** A metric tells it to a period, which may be a day; a log to the moment. */
const lastRanText = ({at, from}: NonNullable<FunctionVerdict['lastInvoked']>, {window, clock}: WordsOptions): string =>
  from === 'log' ? momentText(at, window.end, clock) : clock.date(at)

/** One reason in words; null where another says it already. */
function phraseOf(reason: Reason, one: FunctionVerdict, {window, clock}: WordsOptions): string | null {
  const {evidence, lastInvoked, schedule, fn, missing} = one
  const {usage, eventSources, rules, policy, deadLetters} = evidence
  const sources = valueOr(eventSources, [])
  const used = orNull(usage)
  const day = (ms: number | null | undefined): string => (ms == null ? 'a time nobody tells' : clock.date(ms))
  const moment = (ms: number): string => momentText(ms, window.end, clock)
  switch (reason) {
    case 'invoked':
      return `${counted(used?.invocations ?? 0, 'call')}${lastInvoked === null ? '' : `, last ${day(lastInvoked.at)}`}`
    case 'alias-only':
      return 'all by aliases or versions'
    case 'throttles':
      return `${count(used?.throttles ?? 0)} calls throttled`
    case 'listed-in-last-two-weeks':
      return 'called in the last two weeks'
    case 'log-event':
      return `logged ${day(lastInvoked?.at)}, though no metric tells of it`
    case 'no-invocation':
      return `0 calls in ${roughDuration(window.end - window.start)}`
    case 'stopped':
      return `no call since ${day(lastInvoked?.at)}`
    case 'state-inactive':
      return 'State=Inactive: its next call fails'
    case 'state-failed':
      return 'State=Failed: every call fails'
    case 'throttled-off':
      return 'reserved concurrency 0: every call is refused'
    case 'permission-missing':
      return 'its policy does not let EventBridge call it'
    case 'event-source-enabled':
      return sourcesText(sources, true)
    case 'event-source-disabled':
      return sourcesText(sources, false)
    case 'event-source-problem':
      return (
        sources.find(({source}) => /^problem/i.test(source.lastProcessingResult ?? ''))?.source.lastProcessingResult ??
        null
      )
    case 'no-records':
      return 'no records came'
    case 'queue-grows':
      return waitingText(sources)
    case 'queue-received':
      return `${count(sum(sources, queue => valueOr(queue.sent, 0)))} messages sent, none processed`
    case 'queue-empty':
      return 'its queue is empty'
    case 'queue-missing':
      return 'its queue does not exist'
    case 'dead-letters-waiting':
      return counted(orNull(deadLetters)?.visible ?? 0, 'dead letter')
    case 'schedule-missed':
      return `did not run at ${schedule?.expression ?? 'its time'}${schedule?.lastFireAt == null ? '' : `, due ${moment(schedule.lastFireAt)}`}`
    case 'schedule-rarer-than-window':
      return scheduleText(one, moment)
    case 'schedule-not-due':
      return `${scheduleText(one, moment)}, not due since its last change`
    case 'schedule-disabled':
      return 'schedule off'
    case 'schedule-over':
      return 'its time is over'
    case 'schedule-unreadable':
      return 'its schedule cannot be read'
    case 'rule-matched':
      return `its rule matched ${counted(ruleMatches(one), 'event')}`
    case 'event-rule-enabled':
      return `event rule ${valueOr(rules, []).find(({rule}) => rule.isEnabled && rule.schedule === null)?.rule.name ?? ''} on`
    case 'event-rule-disabled':
      return 'event rule off'
    case 'permission-granted':
      return `${callers(valueOr(policy, []).map(({principal}) => principal))} may call it`
    case 'function-url':
      return 'has a URL'
    case 'no-trigger':
      return 'no trigger'
    case 'too-young':
      return `changed ${fn.lastModifiedAt === null ? 'lately' : day(fn.lastModifiedAt)}`
    case 'edge-replica':
      return 'a replica of Lambda@Edge, measured where CloudFront runs it'
    case 'edge-original':
      return 'of Lambda@Edge, measured where CloudFront runs it'
    case 'interrupted':
      return 'stopped before it was known'
    default: {
      const [what, why] = unreadWords(reason)
      const detail = missing.find(({why: {unknown}}) => unknown === why)?.why.detail
      return `${what} ${why.replaceAll('-', ' ')}${detail ? ` (${detail})` : ''}`
    }
  }
}

const valueOr = <T>(known: Known<T>, otherwise: T): T => ('value' in known ? known.value : otherwise)

/** `policy-denied` as what and why. */
function unreadWords(reason: string): readonly [string, string] {
  const known = ['event-sources', 'schedules', 'metrics', 'details', 'policy', 'rules', 'queue', 'urls', 'provisioned']
  const what = known.find(name => reason.startsWith(`${name}-`))
  const names: Readonly<Record<string, string>> = {
    'event-sources': 'event sources',
    details: 'state',
    urls: 'URLs',
    provisioned: 'provisioned concurrency',
  }
  return [names[what ?? ''] ?? what ?? reason, reason.slice((what ?? '').length + 1)]
}

function sourcesText(sources: readonly WatchedSource[], isOn: boolean): string {
  const wanted = sources.filter(({source}) => source.state.startsWith('Disab') !== isOn)
  const kinds = [...new Set(wanted.map(({source}) => sourceKind(source.sourceArn)))]
  return `${kinds.join(', ') || 'event'} trigger ${isOn ? 'enabled' : 'off'}`
}

function sourceKind(arn: string | null): string {
  const service = arn?.split(':')[2] ?? ''
  return {sqs: 'queue', kinesis: 'stream', dynamodb: 'table', kafka: 'Kafka', mq: 'broker'}[service] ?? 'Kafka'
}

const sum = (sources: readonly WatchedSource[], pick: (queue: WatchedQueue) => number): number =>
  sources.reduce((total, {queue}) => total + (queue === null ? 0 : pick(queue)), 0)

function waitingText(sources: readonly WatchedSource[]): string {
  const waiting = sum(sources, ({state}) => {
    const now = orNull(state)
    return now === null ? 0 : now.visible + now.inFlight
  })
  const oldest = Math.max(0, ...sources.map(({queue}) => (queue && valueOr(queue.oldestAgeSeconds, 0)) ?? 0))
  return `${counted(waiting, 'message')} waiting${oldest === 0 ? '' : `, oldest ${roughDuration(oldest * 1_000)}`}`
}

/** A day; within a day of the window's end, what is known to the minute has its time. */
function momentText(ms: number, end: number, clock: WordsOptions['clock']): string {
  return Math.abs(ms - end) < dayMs ? `${clock.date(ms)} ${clock.time(ms).slice(0, 5)}` : clock.date(ms)
}

/** The times of a schedule are computed: that it was due is no sign that it ran. */
function scheduleText({schedule}: FunctionVerdict, moment: (ms: number) => string): string {
  if (schedule === null) return 'runs rarely'
  const {expression, lastFireAt, nextFireAt} = schedule
  return [
    `runs ${expression}`,
    lastFireAt === null ? '' : `due ${moment(lastFireAt)}`,
    nextFireAt === null ? '' : `next ${moment(nextFireAt)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

const ruleMatches = ({evidence: {rules}}: FunctionVerdict): number =>
  valueOr(rules, []).reduce((total, {matched}) => total + (matched === null ? 0 : valueOr(matched, 0)), 0)

function callers(principals: readonly string[]): string {
  const names = [...new Set(principals.map(callerName))]
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} others` : names.join(', ')
}

/** `s3`, `account 123456789012`, a role by its name. */
function callerName(principal: string): string {
  const [, account] = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal) ?? []
  if (account !== undefined) return `account ${account}`
  return principal === '*' ? 'anybody' : principal.replace(/\.amazonaws\.com(\.cn)?$/, '').replace(/^arn:.*\//, '')
}
