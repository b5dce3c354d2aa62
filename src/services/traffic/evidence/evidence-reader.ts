import {isKnown, type Known} from '../../../known.ts'
import {atATime} from '../../at-a-time.ts'
import type {Aws} from '../../aws/connect.ts'
import {sumOf} from '../../fleet/metric-reader.ts'
import {interrupted} from '../../fleet/why-unknown.ts'
import {lambdaMetric, ofAlias} from './alias-metrics.ts'
import {evidenceByLog, evidenceByMetrics, type SlowCounts} from './assemble-evidence.ts'
import type {EvidenceReader, MemberEvidence, Watched} from './evidence.ts'
import {type GateLineReader, gateLineReader} from './gate-lines.ts'
import {finalAfterMs} from './minute-counts.ts'
import {type ReportReader, reportReader} from './report-counts.ts'
import {type MemberMetrics, versionMetrics} from './version-metrics.ts'
import {readWholeWindow} from './whole-window.ts'

const minuteMs = 60_000
/** CloudWatch has counted a minute so much later: until then it may have counted it for the alias, and not yet for the version */
const countedMs = 180_000
/** of each a page of its log is in memory */
const logsAtATime = 8

/**
 * Reads what both versions of aliases did since a shift began: CloudWatch's metrics by exact dimensions, a call for 500 of them
 * whatever the number of members. Where CloudWatch does not tell versions apart, or may not be asked, the reports in a function's
 * log are counted. While CloudWatch throttles everything, a read may take three minutes before it says so.
 * @param since epoch ms of the first write of the shift
 * @param gateFilter a CloudWatch filter pattern: invocations that log what it finds count as failures; null: none
 */
export function evidenceReader(
  aws: Aws,
  watched: readonly Watched[],
  {since, gateFilter}: {readonly since: number; readonly gateFilter: string | null},
): EvidenceReader {
  const from = Math.floor(since / minuteMs) * minuteMs
  const metrics = versionMetrics(aws, watched, {
    since: from,
    finalAfterMs: finalAfterMs(Math.max(0, ...watched.map(({timeoutSeconds}) => timeoutSeconds))),
  })
  const reports = watched.map(one => reportReader(aws, one, from))
  const lines = watched.map(one => (gateFilter === null ? null : gateLineReader(aws, one, from, gateFilter)))

  return {
    async read(signal) {
      const now = aws.clock.now()
      const [counted, silent] = await readCounted(aws, watched, metrics.read, from, signal)
      return atATime(logsAtATime, counted, (member, at) => {
        const [one, its] = [watched[at], reports[at]]
        if (!one || !its) return Promise.resolve(interrupted)
        return evidenceOf(
          {watched: one, member, isSilent: silent.has(at), reports: its, lines: lines[at] ?? null, now},
          signal,
        )
      })
    },
  }
}

/** What CloudWatch says of each member, and the places of those whose alias was invoked and of whose versions it says nothing. */
async function readCounted(
  aws: Aws,
  watched: readonly Watched[],
  read: (signal: AbortSignal) => Promise<readonly Known<MemberMetrics>[]>,
  from: number,
  signal: AbortSignal,
): Promise<readonly [readonly Known<MemberMetrics>[], ReadonlySet<number>]> {
  const counted = await read(signal)
  const window = {start: from, end: aws.clock.now() - countedMs}
  if (window.end < from + minuteMs) return [counted, new Set()]
  const empty = watched.flatMap((ref, at) => {
    const member = counted[at]
    return member && isKnown(member) && isEmpty(member.value) ? [{ref, at}] : []
  })
  const queries = empty.map(({ref}) => lambdaMetric('Invocations', 'Sum', ofAlias(ref), 0))
  const byAlias = empty.length === 0 ? [] : await readWholeWindow(aws, queries, window, signal)
  const silent = empty.filter((_, i) => {
    const series = byAlias[i]
    return series && isKnown(series) && sumOf(series.value) > 0
  })
  return [counted, new Set(silent.map(({at}) => at))]
}

const isEmpty = ({canary, baseline}: MemberMetrics): boolean => canary.calls.size + baseline.calls.size === 0

type Member = {
  readonly watched: Watched
  readonly member: Known<MemberMetrics>
  /** its alias was invoked, and CloudWatch does not say by which version */
  readonly isSilent: boolean
  readonly reports: ReportReader
  readonly lines: GateLineReader | null
  readonly now: number
}

async function evidenceOf(
  {watched, member, isSilent, reports, lines, now}: Member,
  signal: AbortSignal,
): Promise<Known<MemberEvidence>> {
  // nobody knows whether a log tells more while CloudWatch is down: it is not asked
  if (!isKnown(member) && member.unknown !== 'denied') return member
  const matched = lines === null ? null : await lines.read(signal)
  if (isKnown(member) && !isSilent) {
    const slow = await slowOf(watched, member.value, reports, signal)
    return {value: evidenceByMetrics(watched, member.value, {slow, matched, now})}
  }
  const counts = await reports.read(signal)
  const why = isKnown(member) ? 'CloudWatch does not count its invocations by version' : member.detail
  if (!isKnown(counts)) return {unknown: counts.unknown, detail: `${why}; its log: ${counts.detail}`}
  // a setting keeps them out, or it was invoked in the last minute only
  const {canary, baseline} = counts.value
  if (isSilent && canary.calls.size + baseline.calls.size === 0)
    return {unknown: 'hidden', detail: `${why}; its log has no reports of them`}
  return {value: evidenceByLog(watched, counts.value, {matched, now})}
}

/** Slow invocations by the log, where CloudWatch does not count them; null: it does, or nobody asks. */
async function slowOf(
  {slowMs}: Watched,
  member: MemberMetrics,
  reports: ReportReader,
  signal: AbortSignal,
): Promise<Known<SlowCounts> | null> {
  if (slowMs === null || member.slow === null || isKnown(member.slow) || isEmpty(member)) return null
  const counts = await reports.read(signal)
  if (!isKnown(counts)) return {unknown: counts.unknown, detail: `${member.slow.detail}; its log: ${counts.detail}`}
  const {canary, baseline} = counts.value
  return {
    value: {canary: {calls: canary.calls, bad: canary.slow}, baseline: {calls: baseline.calls, bad: baseline.slow}},
  }
}
