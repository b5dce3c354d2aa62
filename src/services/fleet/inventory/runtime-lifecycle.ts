import type {RuntimeTable} from './runtime-table.ts'

/** What a function's runtime can still be relied on for. Invocations are never blocked, whatever the status. */
type RuntimeStatus =
  /** its end is more than 180 days off */
  | 'supported'
  /** it ends within 180 days, which is when AWS gives notice */
  | 'ending'
  /** no more security patches and no support */
  | 'deprecated'
  /** neither code nor configuration of a function that uses it can be updated */
  | 'update-blocked'
  | 'preview'
  /** an image brings its runtime, and AWS gives no notice of its end */
  | 'container'
  /** the table has no row for it */
  | 'unknown'

/** When a runtime ends; days are `2027-04-30`, UTC, null where AWS has named none. */
export type RuntimeLifecycle = {
  readonly status: RuntimeStatus
  readonly deprecated: string | null
  /** from then on no function can be created with it */
  readonly createBlocked: string | null
  /** from then on no function that has it can be updated */
  readonly updateBlocked: string | null
  /** to its deprecation; negative when that is past, null where there is no day */
  readonly daysLeft: number | null
  /** in words: what there is to know beyond the days; null for nothing */
  readonly note: string | null
}

const dayMs = 86_400_000
/** AWS gives notice that long before a runtime ends (Lambda runtime deprecation policy) */
const noticeDays = 180
const staleDays = 90

/**
 * Where a runtime stands in its life.
 * @param runtime as AWS names it; null for a container image
 * @param now epoch ms
 */
export function lifecycleOf(runtime: string | null, table: RuntimeTable, now: number): RuntimeLifecycle {
  const undated = {deprecated: null, createBlocked: null, updateBlocked: null, daysLeft: null}
  if (runtime === null) return {status: 'container', ...undated, note: 'container: no notice'}
  const row = table.runtimes.get(runtime)
  if (!row) return {status: 'unknown', ...undated, note: `unknown (not in table as of ${table.asOf})`}
  const {deprecated, createBlocked, updateBlocked, note} = row
  if (row.preview) return {status: 'preview', ...undated, note: note ?? 'public preview'}
  const daysLeft = deprecated === null ? null : daysUntil(deprecated, now)
  return {status: statusOf(daysLeft, updateBlocked, now), deprecated, createBlocked, updateBlocked, daysLeft, note}
}

function statusOf(daysLeft: number | null, updateBlocked: string | null, now: number): RuntimeStatus {
  if (updateBlocked !== null && daysUntil(updateBlocked, now) <= 0) return 'update-blocked'
  if (daysLeft === null) return 'supported'
  if (daysLeft <= 0) return 'deprecated'
  return daysLeft <= noticeDays ? 'ending' : 'supported'
}

/** Whole days from today, UTC, to a day. */
function daysUntil(day: string, now: number): number {
  return Math.round((Date.parse(day) - Math.floor(now / dayMs) * dayMs) / dayMs)
}

/** What to say of a table that is too old to be relied on; null for one that is not. AWS has moved these days repeatedly. */
export function staleTableNotice({asOf, origin}: RuntimeTable, now: number): string | null {
  const age = -daysUntil(asOf, now)
  if (age <= staleDays) return null
  return `the table of runtimes is ${age} days old (as of ${asOf}): AWS may have moved the days since; ${
    origin === null ? 'a newer slsops, or --runtime-table FILE, brings others' : `${origin} can be brought up to date`
  }`
}
