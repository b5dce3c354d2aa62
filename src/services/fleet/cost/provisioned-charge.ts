import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {MetricSeries} from '../metric-reader.ts'
import type {Span} from './cost-window.ts'

/** Environments that an alias or a version keeps ready. */
export type ProvisionedEnvironments = {
  readonly count: number
  /** epoch ms: since when they are configured so; null where nobody tells */
  readonly since: number | null
}

/** What is charged for environments that are kept ready. */
export type ProvisionedCharge = {
  /** on the average of the window */
  readonly count: number
  /** `unchanged`: configured so all the time; `configured`: changed since the window began, or nobody tells; taken to be as it is now */
  readonly from: 'unchanged' | 'configured'
  /** epoch ms: when that was, the last time; null where it was not, or nobody tells */
  readonly changedAt: number | null
  /** epoch ms: from when on they are charged, where that is within the window; else null */
  readonly since: number | null
}

const changed: Unknown = {
  unknown: 'missing',
  detail: 'provisioned concurrency was changed since, and AWS keeps no history',
}

/**
 * How many environments were kept ready in a window. AWS tells what is configured now and since when, and nothing of what was
 * before. So they are charged from then on, or from when the first call ran on them, where that was earlier: then there were
 * some, and their number is taken to be what it is now.
 * @param calls that ran on them, of all windows
 */
export function provisionedCharge(
  all: readonly ProvisionedEnvironments[],
  calls: Known<MetricSeries>,
  {start, end}: Span,
): ProvisionedCharge {
  const usedAt = isKnown(calls) ? calls.value.times[calls.value.values.findIndex(count => count > 0)] : undefined
  const kept = all.map(({count, since}) => ({
    count,
    since,
    isAssumed: since === null || since > start,
    from: Math.max(start, Math.min(since ?? start, usedAt ?? Number.POSITIVE_INFINITY)),
  }))
  const earliest = kept.reduce((least, {from}) => Math.min(least, from), Number.POSITIVE_INFINITY)
  return {
    count: kept.reduce((sum, {count, from}) => sum + (count * Math.max(0, end - from)) / (end - start), 0),
    from: kept.some(({isAssumed}) => isAssumed) ? 'configured' : 'unchanged',
    changedAt: kept.reduce<number | null>(
      (latest, {since}) => (since !== null && since > start ? Math.max(latest ?? since, since) : latest),
      null,
    ),
    since: earliest > start && earliest < Number.POSITIVE_INFINITY ? earliest : null,
  }
}

/** The same of the window before, for a comparison; unknown where what was charged then began within it, or later. */
export function provisionedBefore(
  all: readonly ProvisionedEnvironments[],
  calls: Known<MetricSeries>,
  span: Span,
): Known<number> {
  const {count, since} = provisionedCharge(all, calls, span)
  return since === null ? {value: count} : changed
}
