import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {MetricCounts, MinuteCounts} from '../judge/judgement.ts'
import {p95Of} from './duration-tally.ts'
import type {MemberEvidence, VersionFigures, Watched} from './evidence.ts'
import type {GateLines} from './gate-lines.ts'
import type {ByMinute} from './minute-book.ts'
import {isFinalAt, minuteCounts, placedByStart, sumByMinute, type VersionMinutes} from './minute-counts.ts'
import type {ReportCounts, VersionReports} from './report-counts.ts'
import type {MemberMetrics, VersionMetrics} from './version-metrics.ts'

const minuteMs = 60_000
/** CloudWatch has counted most of a minute so much after its end; lines of a log are there before */
const countedMs = 120_000

/** the first of a new version find no warm environment, and code that was never run */
const warmUpCalls = 20

export type SlowCounts = Readonly<Record<'canary' | 'baseline', VersionMinutes>>

type ReadAt = {readonly now: number; readonly timeoutSeconds: number}

type Beside = {
  /** invocations that logged what the gate's filter finds; null: there is no filter */
  readonly matched: Known<GateLines> | null
  readonly now: number
}

/** @param slow as the log tells it, where CloudWatch does not */
export function evidenceByMetrics(
  watched: Watched,
  {canary, baseline, slow: counted}: MemberMetrics,
  {slow: logged, matched, now}: Beside & {readonly slow: Known<SlowCounts> | null},
): MemberEvidence {
  const at = {now, timeoutSeconds: watched.timeoutSeconds}
  const slow = logged ?? counted
  const errors = (version: VersionMetrics): VersionMinutes => ({
    calls: version.calls,
    bad: version.errors,
    untold: untoldOf(version, at),
  })
  const gaps = [
    ...(slow !== null && !isKnown(slow)
      ? [`latency ${isPassing(slow) ? 'cannot be told now' : 'is not judged'}: ${slow.detail}`]
      : []),
    ...gapsOf(matched),
  ]
  return {
    metrics: [
      {metric: 'errors', minutes: minuteCounts(errors(canary), errors(baseline), at)},
      ...slowOf(slow, at),
      ...loggedOf(matched, {canary: canary.calls, baseline: baseline.calls}, {...at, readyMs: countedMs}),
    ],
    canary: figuresOf(canary, canary.p95Ms),
    baseline: figuresOf(baseline, baseline.p95Ms),
    source: 'metrics',
    ...(gaps.length > 0 && {gaps}),
  }
}

export function evidenceByLog(
  watched: Watched,
  {canary, baseline}: ReportCounts,
  {matched, now}: Beside,
): MemberEvidence {
  const at = {now, timeoutSeconds: watched.timeoutSeconds}
  const slow = ({calls, slow: bad}: VersionReports): VersionMinutes => ({calls, bad})
  const gaps = gapsOf(matched)
  return {
    metrics: [
      {metric: 'errors', minutes: minuteCounts(errorsOf(canary), errorsOf(baseline), at)},
      ...(watched.slowMs === null
        ? []
        : [{metric: 'slow', minutes: warm(minuteCounts(slow(canary), slow(baseline), at))} as const]),
      ...loggedOf(matched, {canary: canary.calls, baseline: baseline.calls}, {...at, readyMs: 0}),
    ],
    canary: figuresOf(canary, p95Of(canary.durations)),
    baseline: figuresOf(baseline, p95Of(baseline.durations)),
    source: 'log',
    ...(gaps.length > 0 && {gaps}),
  }
}

/** Of what may be told the next time nothing is evidence now, and health cannot show; what nobody will tell is not waited for. */
function slowOf(slow: Known<SlowCounts> | null, at: ReadAt): readonly MetricCounts[] {
  if (slow === null) return []
  if (!isKnown(slow)) return isPassing(slow) ? [{metric: 'slow', minutes: []}] : []
  return [{metric: 'slow', minutes: warm(minuteCounts(slow.value.canary, slow.value.baseline, at))}]
}

const isPassing = ({unknown}: Unknown): boolean =>
  unknown === 'throttled' || unknown === 'failed' || unknown === 'interrupted'

/** Minutes that begin when the canary has had its first invocations: latency is compared from there on. */
function warm(minutes: readonly MinuteCounts[]): readonly MinuteCounts[] {
  let calls = 0
  return minutes.filter(({canary}) => {
    const isWarm = calls >= warmUpCalls
    calls += canary.calls
    return isWarm
  })
}

const gapsOf = (matched: Beside['matched']): readonly string[] =>
  matched === null || isKnown(matched) ? [] : [`what the gate’s filter finds is not known: ${matched.detail}`]

/**
 * Lambda reports of each minute with invocations how many failed, also that none did: what is not there yet may be anything. Of a
 * server that leaves out zeros a minute counts when nothing more is reported of it.
 */
const untoldOf = ({calls, errors}: VersionMetrics, {now, timeoutSeconds}: ReadAt): ReadonlySet<number> =>
  new Set(
    [...calls].flatMap(([minute, count]) =>
      count > 0 && !errors.has(minute) && !isFinalAt(minute, now, timeoutSeconds) ? minute : [],
    ),
  )

const errorsOf = ({calls, errors}: {readonly calls: ByMinute; readonly errors: ByMinute}): VersionMinutes => ({
  calls,
  bad: errors,
})

const figuresOf = (
  {calls, errors}: Pick<VersionMetrics, 'calls' | 'errors'>,
  p95Ms: number | null,
): VersionFigures => ({
  calls: sumByMinute(calls),
  errors: sumByMinute(errors),
  p95Ms,
})

/** Without a single minute where nobody knows: so nothing of it is evidence of harm, and health cannot show. */
function loggedOf(
  matched: Beside['matched'],
  calls: Readonly<Record<'canary' | 'baseline', ByMinute>>,
  {readyMs, ...at}: ReadAt & {readonly readyMs: number},
): readonly MetricCounts[] {
  if (matched === null) return []
  if (!isKnown(matched)) return [{metric: 'logged', minutes: []}]
  const sides = (['canary', 'baseline'] as const).map(side => ({
    calls: calls[side],
    bad: placedByStart({calls: calls[side], bad: matched.value[side]}, at),
  }))
  const [canary, baseline] = sides
  if (!canary || !baseline) return []
  const minutes = minuteCounts(canary, baseline, at)
  return [{metric: 'logged', minutes: minutes.filter(minute => minute.at + minuteMs + readyMs <= at.now)}]
}
