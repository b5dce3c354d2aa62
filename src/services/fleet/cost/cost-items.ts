import {both, derived, isKnown, type Known, sumKnown, type Unknown} from '../../../known.ts'
import {knownPrices, memoryGB, type Prices, secondsOfMonth} from '../../pricing.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {MetricSeries} from '../metric-reader.ts'
import type {CostBefore, CostItem, SharedLogs} from './cost-report.ts'
import type {CostWindow, Span} from './cost-window.ts'
import {type BillFactors, explainChange} from './explain-change.ts'
import type {FunctionUsage} from './function-usage.ts'
import {
  billedSeconds,
  type CostComponent,
  costComponents,
  logStorageUSD,
  onDemandGBSeconds,
  type PricedUsage,
  priceUsage,
  unpriced,
  withTiers,
} from './price-usage.ts'
import {type ProvisionedCharge, provisionedBefore, provisionedCharge} from './provisioned-charge.ts'
import {classOf} from './read-standing.ts'
import {sharedGroups, sumsIn} from './read-usage.ts'
import {bytesIn, type RegionReading, spanMs, usageIn} from './usage-in.ts'

const none: Known<MetricSeries> = {value: {times: [], values: []}}
const edgePrices: Unknown = {unknown: 'missing', detail: 'the prices of Lambda@Edge are not in the table'}

type WindowUsage = {readonly now: FunctionUsage; readonly before: FunctionUsage | null}

/** What the functions of one region cost, one by one, and what they share. What a function was measured by is let go of with it: of 100,000, there is no room for both. */
export function costItems(
  reading: RegionReading,
  region: string,
  window: CostWindow,
): {readonly items: readonly CostItem[]; readonly shared: readonly SharedLogs[]} {
  const {functions, standing} = reading
  const shared = sharedGroups(functions)
  // made anew for each pass: held for 100,000 functions, it would be most of what there is in memory
  const usageOf = (fn: FleetFunction): WindowUsage => ({
    now: usageIn(reading, fn, window.now, shared.has(fn.logGroup)),
    before: window.before && usageBefore(reading, fn, window.before, shared.has(fn.logGroup)),
  })
  const listed = knownPrices(region)
  const months = (window.now.end - window.now.start) / 1000 / secondsOfMonth
  const used = {now: noGBSeconds(), before: noGBSeconds()}
  for (const fn of functions) {
    const {now, before} = usageOf(fn)
    used.now[fn.architecture] += onDemandGBSeconds(now)
    if (before) used.before[fn.architecture] += onDemandGBSeconds(before)
  }
  const now = derived(listed, prices => withTiers(prices, used.now, months))
  const before = derived(listed, prices => withTiers(prices, used.before, months))
  return {
    items: functions.map((fn): CostItem => {
      const usage = usageOf(fn)
      const priced = pricedBy(fn, usage.now, now)
      const durations = reading.measured.functions.get(fn.name)?.durationMs ?? none
      const calls = reading.measured.functions.get(fn.name)?.calls ?? none
      const provisioned = readyOf(reading, fn, window.now)
      reading.measured.functions.delete(fn.name)
      return {
        fn,
        calls: usage.now.calls,
        billedMsPerCall: billedMsPerCall(usage.now),
        memorySizeMB: usage.now.memorySizeMB,
        memoryFrom: standing.get(fn.name)?.memoryFrom ?? 'configured',
        memoryUnknown: standing.get(fn.name)?.memoryUnknown ?? null,
        provisioned,
        priced,
        before: usage.before && compared(usage, pricedBy(fn, usage.before, before), priced, listed),
        trend: trendOf(calls, durations, usage.now, priced, listed, window.now, window.partMs),
        logStorageUSD: shared.has(fn.logGroup) ? {value: 0} : storageOf(reading, fn.logGroup, window.now, listed),
      }
    }),
    shared: Array.from(shared, ([logGroup, users]) => sharedLogs(reading, region, logGroup, users, window, listed)),
  }
}

/** What was configured since does not tell what there was before. */
function usageBefore(reading: RegionReading, fn: FleetFunction, span: Span, isShared: boolean): FunctionUsage {
  const usage = usageIn(reading, fn, span, isShared)
  const all = reading.standing.get(fn.name)?.provisioned
  if (!all || !isKnown(all) || all.value.length === 0) return usage
  return {...usage, provisionedCount: provisionedBefore(all.value, provisionedCallsOf(reading, fn), span)}
}

function readyOf(reading: RegionReading, fn: FleetFunction, span: Span): ProvisionedCharge | null {
  const all = reading.standing.get(fn.name)?.provisioned
  if (!all || !isKnown(all) || all.value.length === 0) return null
  return provisionedCharge(all.value, provisionedCallsOf(reading, fn), span)
}

const provisionedCallsOf = ({measured}: RegionReading, {name}: FleetFunction): Known<MetricSeries> =>
  measured.functions.get(name)?.provisionedCalls ?? none

function storageOf(
  {logGroups, withoutClasses}: RegionReading,
  logGroup: string,
  span: Span,
  listed: Known<Prices>,
): Known<number> {
  if (withoutClasses !== null) return withoutClasses
  return derived(listed, prices => logStorageUSD(logGroups.get(logGroup)?.storedBytes ?? 0, spanMs(span), prices))
}

const noGBSeconds = () => ({x86_64: 0, arm64: 0})

function pricedBy({masterArn}: FleetFunction, usage: FunctionUsage, prices: Known<Prices>): PricedUsage {
  if (masterArn !== null) return unpriced(edgePrices)
  return isKnown(prices) ? priceUsage(usage, prices.value) : unpriced(prices)
}

function billedMsPerCall({calls, durationMs}: FunctionUsage): number | null {
  if (!isKnown(calls) || !isKnown(durationMs) || calls.value === 0) return null
  return (billedSeconds(calls.value, durationMs.value) * 1000) / calls.value
}

/** Null where requests or compute are unknown in one of the windows; of the rest, only what is known in both is compared. */
function compared(
  {now, before}: WindowUsage,
  pricedBefore: PricedUsage,
  pricedNow: PricedUsage,
  listed: Known<Prices>,
): CostBefore | null {
  if (before === null || !isKnown(listed) || !isKnown(pricedBefore.costUSD) || !isKnown(pricedNow.costUSD)) return null
  const rest = costComponents.filter(
    name =>
      name !== 'requests' &&
      name !== 'compute' &&
      isKnown(pricedBefore.components[name]) &&
      isKnown(pricedNow.components[name]),
  )
  const was = factorsOf(before, pricedBefore, rest, listed.value)
  const is = factorsOf(now, pricedNow, rest, listed.value)
  return {
    calls: was.calls,
    billedMsPerCall: was.billedMsPerCall,
    memorySizeMB: was.memorySizeMB,
    costUSD: usdOf(pricedBefore, ['requests', 'compute', ...rest]),
    kind: was.calls === 0 && is.calls > 0 ? 'new' : was.calls > 0 && is.calls === 0 ? 'gone' : 'same',
    change: explainChange(was, is),
  }
}

function factorsOf(
  usage: FunctionUsage,
  priced: PricedUsage,
  rest: readonly CostComponent[],
  {requestsPerMillion}: Prices,
): BillFactors {
  return {
    calls: isKnown(usage.calls) ? usage.calls.value : 0,
    billedMsPerCall: billedMsPerCall(usage),
    memorySizeMB: usage.memorySizeMB,
    perRequest: requestsPerMillion / 1e6,
    perGBSecond: priced.perGBSecond,
    otherUSD: usdOf(priced, rest),
  }
}

function usdOf({components}: PricedUsage, names: readonly CostComponent[]): number {
  return sumKnown(names.map(name => components[name]))
}

function trendOf(
  calls: Known<MetricSeries>,
  durations: Known<MetricSeries>,
  {memorySizeMB}: FunctionUsage,
  {perGBSecond}: PricedUsage,
  listed: Known<Prices>,
  span: Span,
  partMs: number,
): readonly number[] {
  if (!isKnown(calls) || !isKnown(durations) || !isKnown(listed) || perGBSecond === null) return []
  const perGB = perGBSecond * memoryGB(memorySizeMB)
  const ms = sumsIn(durations.value, span, partMs)
  return sumsIn(calls.value, span, partMs).map(
    (count, i) => (count / 1e6) * listed.value.requestsPerMillion + billedSeconds(count, ms[i] ?? 0) * perGB,
  )
}

function sharedLogs(
  reading: RegionReading,
  region: string,
  logGroup: string,
  users: readonly FleetFunction[],
  window: CostWindow,
  listed: Known<Prices>,
): SharedLogs {
  const {measured, logGroups} = reading
  const isCalled = measured.logBytes.has(logGroup)
  const price = derived(listed, prices => prices.logIngestionPerGB[classOf(logGroups.get(logGroup))] / 1e9)
  const costIn = (span: Span): Known<number> =>
    both(bytesIn(reading, logGroup, span, isCalled), price, (bytes, perByte) => bytes * perByte)
  const before = window.before && costIn(window.before)
  return {
    logGroup,
    account: users[0]?.account ?? null,
    region,
    functions: users.map(({name}) => name),
    costUSD: costIn(window.now),
    beforeUSD: before && isKnown(before) ? before.value : null,
    logStorageUSD: storageOf(reading, logGroup, window.now, listed),
  }
}
