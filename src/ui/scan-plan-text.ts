import type {ListingProgress} from '../services/fleet/fleet.ts'
import type {ScanPlan} from '../services/fleet/scan-plan.ts'
import {count, counted, roughDuration, roughUSD} from './numbers.ts'
import type {ReadingState} from './reading.tsx'
import {dimHeader} from './reading-header.ts'
import type {Terminal} from './terminal.ts'

const mostApis = 3
/** a dot between two spaces */
const separator = 3

/** What a scan will take, as it is said before it begins: `2,000 calls of ListFunctions · about 2 min 14 s at 15 calls/s · $1.00`. */
export function scanPlanText(plan: ScanPlan, terminal: Terminal): string {
  const price = plan.costUSD === 0 ? [] : [roughUSD(plan.costUSD)]
  const whole = [callsText(plan), ...(plan.calls === 0 ? [] : [`${roughly(plan)}${rateText(plan)}`]), ...price]
  const widths = whole.map(text => text.length + separator)
  if (widths.reduce((sum, width) => sum + width) - separator <= terminal.columns) return dimHeader(whole, terminal)
  // time and price are what one decides by
  return dimHeader([counted(plan.calls, 'call'), roughly(plan), ...price], terminal)
}

/** The same as a sentence, to be asked about: `2,000 calls of GetMetricData will take about 40 s and cost $10.00`. */
export function scanEstimateText(plan: ScanPlan): string {
  return `${callsText(plan)} will take ${roughly(plan)} and cost about ${roughUSD(plan.costUSD)}`
}

function callsText({steps}: ScanPlan): string {
  const byApi = Array.from(
    Map.groupBy(steps, ({api}) => api),
    ([api, same]) => ({
      api,
      calls: same.reduce((sum, {calls}) => sum + calls, 0),
      upTo: same.some(({isAtMost}) => isAtMost) ? 'up to ' : '',
    }),
  ).sort((a, b) => b.calls - a.calls)
  const others = byApi.slice(mostApis).reduce((sum, {calls}) => sum + calls, 0)
  const named = byApi
    .slice(0, mostApis)
    .map(({api, calls, upTo}, i) => `${upTo}${i === 0 ? counted(calls, 'call') : count(calls)} of ${api}`)
  return [...named, ...(others > 0 ? [`${count(others)} others`] : [])].join(', ') || 'no calls'
}

/** Without what it waits for: a plan is no promise. */
const roughly = ({seconds}: ScanPlan): string => `about ${roughDuration(Math.ceil(seconds) * 1_000)}`

function rateText({callsPerSecond}: ScanPlan): string {
  if (callsPerSecond === null) return ''
  return ` at ${callsPerSecond < 10 ? Number(callsPerSecond.toFixed(1)) : count(Math.round(callsPerSecond))} calls/s`
}

/** How far a listing is, for who waits for it. */
export function listingState(
  {functions, expected}: ListingProgress,
  {elapsedMs, calls, throttles}: {readonly elapsedMs: number; readonly calls: number; readonly throttles: number},
): ReadingState {
  if (functions === 0) return {doing: 'listing', what: 'listing functions', calls, throttles}
  return sweepingState('functions listed', {done: functions, total: expected}, {elapsedMs, throttles})
}

/** How far anything is that takes as long for each, and how long the rest takes at that rate. */
export function sweepingState(
  what: string,
  {done, total}: {readonly done: number; readonly total: number | null},
  {elapsedMs, throttles}: {readonly elapsedMs: number; readonly throttles: number},
): ReadingState {
  const remainingMs = total === null || done === 0 ? null : Math.max(0, ((total - done) / done) * elapsedMs)
  return {doing: 'sweeping', what, done, total: total === null ? null : Math.max(done, total), throttles, remainingMs}
}
