import {isKnown} from '../../../known.ts'
import type {Scope} from '../../aws/scope.ts'
import {knownPrices, type Prices} from '../../pricing.ts'
import type {Gap} from '../../receipt.ts'
import type {Fleet} from '../fleet.ts'
import {gapsOf} from '../unknown-gaps.ts'
import {costGaps, isCovered} from './cost-gaps.ts'
import {costItems} from './cost-items.ts'
import {costNotes} from './cost-notes.ts'
import type {CostGrouping, CostItem, CostReport, CostSort, PriceSource, SharedLogs} from './cost-report.ts'
import type {CostWindow} from './cost-window.ts'
import {changeOf, groupCosts, isByTag, sortedCosts, type TagsOf} from './group-cost.ts'
import {type CostComponent, costComponents} from './price-usage.ts'
import type {RegionAnswer} from './read-region.ts'

export type MakeCostOptions = {
  readonly fleet: Fleet
  readonly window: CostWindow
  readonly by: CostGrouping
  readonly sort: CostSort
  /** whether somebody wants to know what it was before */
  readonly isCompared: boolean
  readonly spentUSD: number
}

/** what the numbers never hold */
const excluded = [
  'free tier',
  'savings plans',
  'private rates',
  'data transfer',
  'triggers (API Gateway, SQS and others)',
  'deleted functions',
  'Lambda@Edge',
  'Managed Instances',
]

/** of which the table has no other region's prices */
const onlyOfUSEast1: readonly CostComponent[] = ['snapStart', 'logIngestion']

/** What was read, as what it costs. */
export function costReport(answers: readonly RegionAnswer[], options: MakeCostOptions): CostReport {
  const {fleet, window, by, sort} = options
  const made = answers.map(answer => ({answer, ...costItems(answer, answer.aws.scope.region, window)}))
  const items = sortedCosts(
    made.flatMap(({items}) => items),
    sort,
    item => ({
      costUSD: isKnown(item.priced.costUSD) ? item.priced.costUSD.value : -1,
      change: item.before?.change ?? null,
      calls: isKnown(item.calls) ? item.calls.value : -1,
      name: item.fn.name,
    }),
  )
  const shared = made.flatMap(({shared}) => shared)
  const gaps: readonly Gap[] = [
    ...fleet.gaps,
    ...costGaps(items, shared),
    ...tagGaps(answers),
    ...cutGaps(answers, window),
  ]
  const groups = by.kind === 'function' ? null : groupCosts(items, shared, by, tagsOf(answers))
  const components = totals(items, shared)
  return {
    coverage: {window: window.now, scopes: fleet.scopes, gaps},
    known: {functions: items.length, known: items.filter(isCovered).length},
    before: window.before,
    sort,
    items,
    shared,
    groups: groups && {by, groups: sortedCosts(groups, sort, group => group)},
    costUSD: Object.values(components).reduce((sum, usd) => sum + usd, 0),
    components,
    without: [
      ...(answers.some(({isInitRead}) => !isInitRead) ? (['init'] as const) : []),
      ...(answers.some(({isProvisionedRead}) => !isProvisionedRead) ? (['provisioned'] as const) : []),
    ],
    change: window.before === null ? null : changeOf(items, shared),
    logStorageUSD: storageUSD([...items, ...shared]),
    trendPartMs: window.partMs,
    prices: priceSources(fleet.scopes),
    excluded,
    spentUSD: options.spentUSD,
    notes: costNotes({answers, items, shared, window, isCompared: options.isCompared, isByTag: isByTag(by)}),
  }
}

function totals(items: readonly CostItem[], shared: readonly SharedLogs[]): Readonly<Record<CostComponent, number>> {
  const sums = Object.fromEntries(costComponents.map(name => [name, 0])) as Record<CostComponent, number>
  // what a function costs is unknown as a whole where requests or compute are: a part of it would pass for all
  for (const {priced} of items.filter(item => isKnown(item.priced.costUSD))) {
    for (const name of costComponents) {
      const component = priced.components[name]
      if (isKnown(component)) sums[name] += component.value
    }
  }
  for (const {costUSD} of shared) if (isKnown(costUSD)) sums.logIngestion += costUSD.value
  return sums
}

/** Null where nobody knows: functions of a shared log group store nothing of their own, which is no answer for the others. */
function storageUSD(all: readonly Pick<CostItem, 'logStorageUSD'>[]): number | null {
  const known = all.flatMap(({logStorageUSD}) => (isKnown(logStorageUSD) ? [logStorageUSD.value] : []))
  const sum = known.reduce((sum, usd) => sum + usd, 0)
  return known.length === 0 || (known.length < all.length && sum === 0) ? null : sum
}

function priceSources(scopes: readonly Scope[]): readonly PriceSource[] {
  return [...new Set(scopes.map(({region}) => region))].map(region => {
    const prices = knownPrices(region)
    return isKnown(prices)
      ? {region, asOf: prices.value.asOf, isListed: prices.value.isListed, asInUSEast1: asInUSEast1(prices.value)}
      : {region, asOf: null, isListed: false, asInUSEast1: []}
  })
}

function asInUSEast1({region, isListed}: Prices): readonly CostComponent[] {
  if (region === 'us-east-1') return []
  return isListed ? onlyOfUSEast1 : costComponents
}

function tagsOf(answers: readonly RegionAnswer[]): TagsOf {
  const byAws = new Map(answers.map(({aws, tags}) => [aws, tags && isKnown(tags) ? tags.value : null]))
  return ({fn}) => byAws.get(fn.aws)?.get(fn.name)
}

function cutGaps(answers: readonly RegionAnswer[], {cutAt}: CostWindow): readonly Gap[] {
  if (cutAt === null) return []
  const what = `metrics before ${new Date(cutAt).toISOString().slice(0, 10)}`
  const detail = 'CloudWatch keeps them for 455 days'
  return answers.map(({aws: {scope}}) => ({
    what,
    account: scope.account,
    region: scope.region,
    reason: 'missing',
    detail,
  }))
}

const tagGaps = (answers: readonly RegionAnswer[]): readonly Gap[] =>
  answers.flatMap(({aws, tags}) => (tags === null || isKnown(tags) ? [] : gapsOf('tags of functions', aws.scope, tags)))
