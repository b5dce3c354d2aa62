import type {ErrorGroup} from './count-errors.ts'
import type {Origin, Sample} from './leaf.ts'
import type {ErrorKind} from './signature.ts'
import {significanceToAct, type Trend, trendOf} from './trend.ts'

/** Errors that are one, as they compare with what was before; see `slsops/errors@1` in the docs for the JSON form. */
export type ErrorCluster = {
  /** the same in every run; for one known by its text alone, as long as no other word of it turns out to change */
  readonly fingerprint: string
  readonly kind: ErrorKind
  readonly type: string | null
  readonly title: string
  /** null where it was not compared with anything */
  readonly trend: Trend | null
  readonly count: number
  readonly baselineCount: number | null
  readonly ratePerMinute: number
  readonly baselineRatePerMinute: number | null
  /** errors per invocation, where versions are compared */
  readonly ratePerInvocation: number | null
  readonly baselineRatePerInvocation: number | null
  /** false where what was before could not be read, or only in part: then `new` is no proof */
  readonly baselineComplete: boolean
  /** by how many came from each, most first */
  readonly functions: readonly Origin[]
  readonly versions: readonly string[]
  /** epoch ms, of all that was read, the baseline included */
  readonly firstSeen: number
  readonly lastSeen: number
  /** counts over the window, in equal parts */
  readonly histogram: readonly number[]
  readonly sample: Sample
}

/** In how much of time, and of invocations, the errors of the window and of the baseline came. */
export type Exposure = {
  readonly minutes: number
  /** null: nothing to compare with */
  readonly baselineMinutes: number | null
  /** null: rates are per minute */
  readonly invocations: {readonly now: number; readonly before: number} | null
}

const order: readonly (Trend | null)[] = ['new', 'growing', 'steady', null, 'falling']

/**
 * Groups as they compare with what was before: what is new first, then what grows, what stays, and what falls, each by
 * count. A group that did not come in the window is there only where that is a change.
 * @param reach how far back the log groups of a group reach into the baseline
 */
export function clustersOf(
  groups: readonly ErrorGroup[],
  exposureOf: (group: ErrorGroup) => Exposure,
  isBaselineComplete: (group: ErrorGroup) => boolean,
): readonly ErrorCluster[] {
  return groups
    .map(group => clusterOf(group, exposureOf(group), isBaselineComplete(group)))
    .filter(({count, trend}) => count > 0 || trend === 'falling')
    .sort(
      (a, b) =>
        order.indexOf(a.trend) - order.indexOf(b.trend) ||
        b.count - a.count ||
        (a.fingerprint < b.fingerprint ? -1 : 1),
    )
}

function clusterOf(
  {fingerprint, title, leaf}: ErrorGroup,
  exposure: Exposure,
  baselineComplete: boolean,
): ErrorCluster {
  const {minutes, baselineMinutes, invocations} = exposure
  const {now, before, signature, sample} = leaf
  const origins = [...leaf.origins.values()].sort(
    (a, b) => b.count - a.count || (nameOf(a.origin) < nameOf(b.origin) ? -1 : 1),
  )
  const versions = new Set(origins.flatMap(({versions}) => [...versions]))
  // against nothing, nothing is new
  const isCompared = invocations ? invocations.before > 0 : baselineMinutes !== null
  const rates = invocations ?? {now: minutes, before: baselineMinutes ?? 0}
  return {
    fingerprint,
    kind: signature.kind,
    type: signature.type,
    title,
    trend: isCompared
      ? trendOf(
          {count: now, exposure: rates.now},
          {count: before, exposure: rates.before},
          invocations ? significanceToAct : undefined,
        )
      : null,
    count: now,
    baselineCount: isCompared ? before : null,
    ratePerMinute: perUnit(now, minutes) ?? 0,
    baselineRatePerMinute: baselineMinutes === null ? null : perUnit(before, baselineMinutes),
    ratePerInvocation: invocations && perUnit(now, invocations.now),
    baselineRatePerInvocation: invocations && perUnit(before, invocations.before),
    baselineComplete,
    functions: origins.length > 0 ? origins.map(({origin}) => origin) : [originOf(sample)],
    versions: [...versions].sort(byVersion),
    firstSeen: leaf.firstSeen,
    lastSeen: leaf.lastSeen,
    histogram: [...leaf.buckets],
    sample,
  }
}

function originOf({account, region, logGroup, function: name, functionArn}: Sample): Origin {
  return {account, region, logGroup, function: name, functionArn}
}

const nameOf = ({region, account, logGroup, function: name}: Origin): string =>
  `${name ?? logGroup}\n${region}\n${account ?? ''}`

const byVersion = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0)

const perUnit = (count: number, exposure: number): number | null => (exposure > 0 ? count / exposure : null)
