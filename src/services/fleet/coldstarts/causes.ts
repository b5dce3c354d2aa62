import type {MetricSeries} from '../metric-reader.ts'
import type {CountedInit} from './init-kind.ts'

/**
 * What made the cold starts that were felt, by their shape in time: counts that add up to them. What nothing tells is
 * `unknown`, a recycled environment among it.
 */
export type Causes = {
  /** within minutes of a version's first appearance, or of a change of $LATEST */
  readonly deploy: number
  /** while other environments of the function were busy: there were more requests at a time than before */
  readonly scaleOut: number
  /** the first after minutes without a call */
  readonly idle: number
  readonly unknown: number
}

export type CauseEvidence = {
  /** epoch ms by version */
  readonly deploys: ReadonlyMap<string, number>
  /** by the minute; null where they were not read */
  readonly invocations: MetricSeries | null
  /** the most requests at a time, by the minute; null where they were not read */
  readonly concurrency: MetricSeries | null
  /** epoch ms: from when on the two were read */
  readonly readFrom: number
}

const minuteMs = 60_000
/** Lambda replaces environments within minutes of a deploy */
const deployMs = 5 * minuteMs
/** Lambda keeps an environment that nobody calls for 5 to 15 minutes as a rule */
const idleMinutes = 5
/** a peak is new where it was not reached for so long */
const peakMinutes = 10

/** What made them, the surest cause of each: a deploy, else an idle gap, else a peak of requests. */
export function causesOf(felt: readonly CountedInit[], evidence: CauseEvidence): Causes {
  const sorted = felt
    .flatMap(init => (init.requestAt === null ? [] : [{...init, from: beganAt(init)}]))
    .sort((a, b) => a.from - b.from)
  const invoked = byMinute(evidence.invocations)
  const peaks = byMinute(evidence.concurrency)
  const counts = {deploy: 0, scaleOut: 0, idle: 0, unknown: felt.length - sorted.length}
  let busyUntil = Number.NEGATIVE_INFINITY
  let before = Number.NEGATIVE_INFINITY
  for (const {owner, from, at} of sorted) {
    const minute = Math.floor(from / minuteMs)
    const deployedAt = evidence.deploys.get(owner.version ?? '')
    const isBusy = from < busyUntil
    if (deployedAt !== undefined && from >= deployedAt - 1_000 && from <= deployedAt + deployMs) counts.deploy++
    else if (!isBusy && invoked && isIdle(minute, before)) counts.idle++
    else if (isBusy || isPeak(minute)) counts.scaleOut++
    else counts.unknown++
    busyUntil = Math.max(busyUntil, at)
    before = Math.max(before, from)
  }
  return counts

  function isIdle(minute: number, lastColdAt: number): boolean {
    const from = minute - idleMinutes
    if (from * minuteMs < evidence.readFrom || lastColdAt >= from * minuteMs) return false
    for (let at = from; at < minute; at++) if ((invoked?.get(at) ?? 0) > 0) return false
    return true
  }

  function isPeak(minute: number): boolean {
    const peak = peaks?.get(minute) ?? 0
    if (peak < 2 || (minute - peakMinutes) * minuteMs < evidence.readFrom) return false
    for (let at = minute - peakMinutes; at < minute; at++) if ((peaks?.get(at) ?? 0) >= peak) return false
    return true
  }
}

function byMinute(series: MetricSeries | null): ReadonlyMap<number, number> | null {
  return series && new Map(series.times.map((time, i) => [Math.floor(time / minuteMs), series.values[i] ?? 0]))
}

/**
 * When versions came into use, as far as cold starts tell: a version whose first is later than others' was deployed then.
 * $LATEST was changed when its configuration says.
 * @param readFrom epoch ms: what appears within minutes of it was there before
 * @param lastModifiedAt epoch ms: of $LATEST
 */
export function deploysOf(
  inits: readonly CountedInit[],
  readFrom: number,
  lastModifiedAt: number | null,
): ReadonlyMap<string, number> {
  const firsts = new Map<string, number>()
  for (const init of inits) {
    const {version} = init.owner
    if (version === null || version === latest) continue
    firsts.set(version, Math.min(firsts.get(version) ?? Number.POSITIVE_INFINITY, beganAt(init)))
  }
  const earliest = Math.min(...firsts.values())
  const deployed = [...firsts].filter(([, first]) => first > earliest && first > readFrom + deployMs)
  return new Map([
    ...deployed,
    ...(lastModifiedAt !== null && lastModifiedAt >= readFrom ? [[latest, lastModifiedAt] as const] : []),
  ])
}

const beganAt = ({requestAt, at, initMs}: CountedInit): number => (requestAt ?? at) - (initMs ?? 0)
const latest = '$LATEST'
