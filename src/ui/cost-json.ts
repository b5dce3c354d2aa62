import {isKnown, type Known, orNull} from '../known.ts'
import type {CostGroup, CostItem, CostReport, SharedLogs} from '../services/fleet/cost/cost-report.ts'
import type {CostComponent} from '../services/fleet/cost/price-usage.ts'
import {groupingLabel, groupUSD} from './cost-words.ts'
import {isoClock} from './iso-clock.ts'
import {coverageFields, unknownFields, valueFields} from './known-fields.ts'
import {eachAs, firstOf, functionFields, jsonLinesOf, reportPieces} from './report-json.ts'

type Iso = (ms: number) => string

/** How each component is known, for those who compare it with a bill. */
const basis: Readonly<Record<CostComponent, string>> = {
  requests: 'measured',
  compute: 'measured, and half a millisecond a call for rounding',
  provisioned: 'as configured now, from when it was configured so or first used; see provisionedFrom',
  init: 'estimated from the reports of the last 24 hours of the window',
  ephemeralStorage: 'measured, and half a millisecond a call for rounding',
  snapStart: 'versions as they are now; restores estimated as init',
  logIngestion: 'measured by log group',
}

/** The report as one `slsops/cost@1` document, piece by piece; its sums are of all. @param limit the first so many; null: all */
export function costJson(report: CostReport, limit: number | null = null): Iterable<string> {
  const {coverage, before, items, shared, groups, costUSD, without, change, logStorageUSD, prices} = report
  const iso = isoClock()
  return reportPieces('cost', coverage, {
    ...coverageFields(report.known),
    by: groups ? groupingLabel(groups.by) : 'function',
    compared: before && {start: iso(before.start), end: iso(before.end)},
    costUSD: seen(costUSD, [...items.map(({priced}) => priced.costUSD), ...shared.map(one => one.costUSD)]),
    components: seenComponents(report),
    without,
    basis,
    change,
    logStorageUSD,
    ...(groups && {groups: eachAs(firstOf(groups.groups, limit), groupObject)}),
    items: eachAs(firstOf(items, limit), item => itemObject(item, report, iso)),
    shared: eachAs(firstOf(shared, limit), sharedObject),
    prices,
    excluded: report.excluded,
    spentUSD: report.spentUSD,
    notes: report.notes,
  })
}

/** A sum of nothing, of which something is unknown, would be a zero that nobody has seen. */
const seen = (usd: number, all: readonly Known<number>[]): number | null =>
  usd === 0 && !all.every(isKnown) ? null : usd

function seenComponents({components, items, shared}: CostReport) {
  const each = Object.entries(components) as [CostComponent, number][]
  return Object.fromEntries(
    each.map(([name, usd]) => {
      const ofShared = name === 'logIngestion' ? shared.map(({costUSD}) => costUSD) : []
      return [name, seen(usd, [...items.map(({priced}) => priced.components[name]), ...ofShared])]
    }),
  )
}

/** A function a line, then the log groups that several share. @param limit the first so many of each; null: all */
export function* costNdjson(report: CostReport, limit: number | null = null): Generator<string> {
  const iso = isoClock()
  yield* jsonLinesOf(
    'cost-item',
    eachAs(firstOf(report.items, limit), item => itemObject(item, report, iso)),
  )
  yield* jsonLinesOf('cost-log-group', eachAs(firstOf(report.shared, limit), sharedObject))
}

function itemObject(item: CostItem, {trendPartMs}: CostReport, iso: Iso) {
  const {fn, calls, billedMsPerCall, memorySizeMB, memoryFrom, provisioned, priced, before, trend, logStorageUSD} = item
  const {components, costUSD} = priced
  return {
    ...functionFields(fn),
    runtime: fn.runtime,
    architecture: fn.architecture,
    memorySizeMB,
    memoryFrom,
    calls: orNull(calls),
    billedMsPerCall,
    costUSD: orNull(costUSD),
    components: valueFields(components),
    provisionedFrom: provisioned?.from ?? null,
    provisionedSince: provisioned?.since ? iso(provisioned.since) : null,
    logStorageUSD: orNull(logStorageUSD),
    status: before?.kind ?? null,
    before: before && {
      costUSD: before.costUSD,
      calls: before.calls,
      billedMsPerCall: before.billedMsPerCall,
      memorySizeMB: before.memorySizeMB,
    },
    change: before?.change ?? null,
    trend: {stepMs: trendPartMs, costUSD: trend},
    unknown: unknownFields({calls, costUSD, ...components, logStorageUSD}),
  }
}

const sharedObject = ({logGroup, account, region, functions, costUSD, beforeUSD, logStorageUSD}: SharedLogs) => ({
  account,
  region,
  logGroup,
  functions,
  costUSD: orNull(costUSD),
  beforeUSD,
  logStorageUSD: orNull(logStorageUSD),
  unknown: unknownFields({costUSD, logStorageUSD}),
})

const groupObject = (group: CostGroup) => ({
  name: group.name,
  shared: group.isShared,
  functions: group.functions,
  functionsUnknown: group.unknown,
  calls: group.calls,
  costUSD: groupUSD(group),
  change: group.change,
  trend: group.trend,
})
