import {UserError} from '../../errors.ts'
import {firstLine, isDenied, isMissing, requestIdOf, translateAwsError} from '../aws/failures.ts'
import {countScan, createUse, type InsightsUse} from '../insights/insights-use.ts'
import type {Gap, Receipt} from '../receipt.ts'
import type {Page} from './page.ts'
import type {LogSource} from './source.ts'

/** What a read has covered so far; the receipt is made of it. */
export type Tally = {
  groups: number
  /** groups that have answered at least once */
  answered: number
  /** groups read to their end */
  complete: number
  /** groups that do not exist because their function was never invoked */
  missing: number
  pages: number
  emptyPages: number
  bytes: number
  events: number
  late: number
  /** Live Tail: sessions that began, how many of them in place of one that broke off, and holes that were read again */
  readonly live: {sessions: number; reconnects: number; repairs: number}
  gaps: Gap[]
  /** what was read by Logs Insights, if anything was */
  insights?: InsightsUse
}

export function createTally(groups: number): Tally {
  return {
    groups,
    answered: 0,
    complete: 0,
    missing: 0,
    pages: 0,
    emptyPages: 0,
    bytes: 0,
    events: 0,
    late: 0,
    live: {sessions: 0, reconnects: 0, repairs: 0},
    gaps: [],
  }
}

/** Notes a gap once, however often it is met. */
export function addGap(tally: Tally, gap: Gap): void {
  const same = (other: Gap): boolean =>
    other.what === gap.what &&
    other.region === gap.region &&
    other.account === gap.account &&
    other.reason === gap.reason
  if (!tally.gaps.some(same)) tally.gaps.push(gap)
}

/** Notes an answer of AWS. */
export function countPage(tally: Tally, page: Page): void {
  tally.pages++
  tally.bytes += page.bytes
  if (page.lastTimestamp === null) tally.emptyPages++
}

/** Notes what a part of the read took: its pages and queries, not what they told. */
export function addPages(tally: Tally, part: Tally): void {
  tally.pages += part.pages
  tally.emptyPages += part.emptyPages
  tally.bytes += part.bytes
  if (part.insights) {
    tally.insights ??= createUse()
    tally.insights.queries += part.insights.queries
    countScan(tally.insights, createUse(), part.insights)
  }
}

/** Notes a group that could not be read: a gap, or only empty. */
export function countFailure(tally: Tally, source: LogSource, error: unknown, permission?: string): void {
  const gap = gapAfter(source, error, permission)
  if (gap === null) tally.missing++
  else addGap(tally, gap)
}

/**
 * Why a group could not be read; null when that only means it is empty.
 * @param permission what reading it takes
 */
export function gapAfter(source: LogSource, error: unknown, permission = 'logs:FilterLogEvents'): Gap | null {
  if (isMissing(error)) return source.mayBeMissing ? null : gap(source, 'missing', 'no such log group')
  if (isDenied(error)) return gap(source, 'denied', `needs ${permission}`)
  const {name, message} = error instanceof Error ? error : {name: 'Error', message: String(error)}
  if (name === 'LimitExceededException') return gap(source, 'throttled', firstLine(message))
  if (isOfOtherClass(error))
    return gap(source, 'unsupported-class', /infrequent/i.test(message) ? insightsOnly : firstLine(message))
  const told = translateAwsError(error, 'read it')
  const requestId = requestIdOf(error)
  const words =
    told instanceof UserError ? told.message.replace('could not read it: ', '') : `${name}: ${firstLine(message)}`
  return gap(source, 'failed', `${words}${requestId ? ` (request ${requestId})` : ''}`)
}

/** Groups that FilterLogEvents cannot read, whoever asks; null for those it can. */
export function gapByClass(source: LogSource): Gap | null {
  if (source.logGroupClass === 'INFREQUENT_ACCESS') return gap(source, 'unsupported-class', insightsOnly)
  if (source.logGroupClass === 'DELIVERY') return gap(source, 'unsupported-class', 'Delivery, which no API can read')
  return null
}

/** What Live Tail did not hand over of a group, and was not read again either. */
export const sampledGap = (source: LogSource, span: string): Gap =>
  gap(source, 'sampled', `Live Tail missed ${span}, which was not read again`)

/** What the receipt says of a read. */
export function receiptOf(
  tally: Tally,
  read: Pick<Receipt, 'window' | 'calls' | 'throttles' | 'shown' | 'notes' | 'durationMs'> & {
    readonly gaps?: readonly Gap[]
  },
): Receipt {
  const gaps = [...tally.gaps, ...(read.gaps ?? [])]
  return {
    ...read,
    complete: gaps.length === 0,
    sources: {total: tally.groups, complete: tally.complete + tally.missing, empty: tally.missing},
    events: tally.events,
    pages: tally.pages,
    emptyPages: tally.emptyPages,
    lateEvents: tally.late,
    gaps,
    ...(tally.live.sessions > 0 && {live: {...tally.live}}),
    ...(tally.insights && {insights: {...tally.insights}}),
  }
}

/** Whether a gap is of this log group, and not of one of its name in another region or account. */
export function isGapOf({what, account, region}: Gap, {logGroup, scope}: LogSource): boolean {
  return what === logGroup && region === scope.region && account === scope.account
}

/**
 * Whether AWS refused because FilterLogEvents does not read log groups of this class. AWS's documents do not say which of
 * its errors an Infrequent Access group draws; both have been reported.
 */
export function isOfOtherClass(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const {name, message} = error
  return (
    name === 'InvalidOperationException' || (name === 'InvalidParameterException' && /class|infrequent/i.test(message))
  )
}

const gap = (source: LogSource, reason: Gap['reason'], detail: string): Gap => ({
  what: source.logGroup,
  account: source.scope.account,
  region: source.scope.region,
  reason,
  detail,
})

const insightsOnly = 'Infrequent Access, which only Logs Insights can read'
