import {isGap, isKnown, type Known, orNull, type Unknown} from '../known.ts'
import type {CostBefore, CostGroup, CostGrouping, CostItem, CostReport} from '../services/fleet/cost/cost-report.ts'
import type {CostChange} from '../services/fleet/cost/explain-change.ts'
import type {CostComponent} from '../services/fleet/cost/price-usage.ts'
import {count, duration, usd} from './numbers.ts'

export const unknownOf = <T>(known: Known<T>): Unknown | null => ('value' in known ? null : known)

/** what is less cannot be told from nothing in cents */
const leastShownUSD = 0.005

/** US dollars to the cent: `$1,204.50`, `<$0.01` for what would read as nothing, `$0.00` for nothing. */
export function cents(amount: number): string {
  const size = Math.abs(amount)
  const sign = amount < 0 ? '−' : ''
  if (size === 0) return '$0.00'
  if (size < leastShownUSD) return `${sign}<$0.01`
  // usd() shows four decimals below a dollar
  return size >= 0.995 ? usd(amount) : `${sign}$${size.toFixed(2)}`
}

/** How much more, or less: `+$6.10`, `−$1.10`; '' for what is nothing in cents. */
export function changeText(change: Pick<CostChange, 'totalUSD'> | null): string {
  if (change === null || Math.abs(change.totalUSD) < leastShownUSD) return ''
  return change.totalUSD > 0 ? `+${cents(change.totalUSD)}` : cents(change.totalUSD)
}

export const componentLabels: Readonly<Record<CostComponent, string>> = {
  compute: 'compute',
  requests: 'requests',
  provisioned: 'provisioned',
  init: 'init',
  ephemeralStorage: 'ephemeral storage',
  snapStart: 'SnapStart',
  logIngestion: 'logs',
}

type Part = 'calls' | 'duration' | 'memory' | 'price' | 'other'
const parts: readonly Part[] = ['calls', 'duration', 'memory', 'price', 'other']
export const partLabels: Readonly<Record<Part, string>> = {
  calls: 'calls',
  duration: 'duration',
  memory: 'memory',
  price: 'price',
  other: 'logs, init and others',
}

/** The parts of a change, the largest first; those that are nothing in cents are left out. */
export const largestParts = (change: CostChange): readonly {readonly part: Part; readonly usd: number}[] =>
  parts
    .map(part => ({part, usd: change[part]}))
    .filter(({usd}) => Math.abs(usd) >= leastShownUSD)
    .sort((a, b) => Math.abs(b.usd) - Math.abs(a.usd))

/** a second reason is told where it is at least such a part of the first */
const alsoTold = 1 / 3

/** Why a function costs another amount than before, in a few words: `+38 % calls`, `512 → 1,024 MB`; '' where it does not. */
export function whyText(item: CostItem, arrow: string): string {
  const {before} = item
  if (before === null || Math.abs(before.change.totalUSD) < leastShownUSD) return ''
  if (before.kind === 'new') return 'new: no calls before'
  if (before.kind === 'gone') return 'no calls any more'
  const [first, second] = largestParts(before.change)
  if (!first) return ''
  const isTold = second && Math.abs(second.usd) >= Math.abs(first.usd) * alsoTold
  return [first, ...(isTold ? [second] : [])].map(({part}) => partText(part, item, before, arrow)).join(', ')
}

function partText(
  part: Part,
  {calls, billedMsPerCall, memorySizeMB}: CostItem,
  before: CostBefore,
  arrow: string,
): string {
  if (part === 'calls') return `${growth(before.calls, orNull(calls) ?? 0)} calls`
  if (part === 'duration') return `${growth(before.billedMsPerCall ?? 0, billedMsPerCall ?? 0)} duration`
  if (part === 'memory')
    return `${count(Math.round(before.memorySizeMB))} ${arrow} ${count(Math.round(memorySizeMB))} MB`
  return part === 'price' ? 'other price' : partLabels.other
}

/** `+38 %`, `−12 %`, `3.2 ×` from twice as much on, `−0.6 %` below one. */
export function growth(before: number, now: number): string {
  if (before <= 0) return '+'
  const ratio = now / before
  if (ratio >= 2) return `${ratio < 10 ? ratio.toFixed(1) : count(Math.round(ratio))} ×`
  const percent = (ratio - 1) * 100
  const text = Math.abs(percent).toFixed(Math.abs(percent) < 0.995 ? 1 : 0)
  return text === '0.0' ? 'under 0.1 %' : `${percent < 0 ? '−' : '+'}${text} %`
}

const withoutLabels = {init: 'init', provisioned: 'idle provisioned concurrency'} as const

/** `$40.72`, `at least $0.58 without init`, `unknown` where nothing was read that costs anything. */
export function totalText({costUSD, coverage: {gaps}, without, items}: CostReport): string {
  if (costUSD === 0 && gaps.length > 0) return 'unknown'
  const left = items.length === 0 ? [] : without
  const isWhole = gaps.length === 0 && left.length === 0
  const parts = left.map(name => withoutLabels[name]).join(' and ')
  return `${isWhole ? '' : 'at least '}${cents(costUSD)}${parts === '' ? '' : ` without ${parts}`}`
}

/** Whether all is known, so that no change means that there was none. */
export const isAsBefore = ({change, coverage: {gaps}}: CostReport): boolean =>
  change !== null && changeText(change) === '' && gaps.length === 0

/** `list prices of 2026-08-01, logs as in us-east-1`; '' where there is none. */
export function pricesText({prices, components}: CostReport): string {
  const dates = [...new Set(prices.flatMap(({asOf}) => asOf ?? []))]
  if (dates.length === 0) return ''
  const foreign = new Set(prices.flatMap(({asInUSEast1}) => asInUSEast1))
  const named = [...foreign].filter(name => components[name] > 0)
  const isAll = named.includes('compute')
  const of = isAll ? 'as in us-east-1' : `${named.map(name => componentLabels[name]).join(' and ')} as in us-east-1`
  return [`list prices of ${dates.join(', ')}`, ...(named.length > 0 ? [of] : [])].join(', ')
}

/** Why the cost of a function is unknown: `denied: needs cloudwatch:GetMetricData`. */
export const unknownText = ({unknown, detail}: Unknown): string =>
  unknown === 'interrupted' ? unknown : [unknown.replace('-', ' '), detail].filter(Boolean).join(': ')

/** Whether a part of the cost could not be read, so that it is more than what is known. */
export const isAtLeast = ({priced}: CostItem): boolean =>
  Object.values(priced.components).some(known => !isKnown(known) && isGap(known))

/** What a group costs; null where nothing is known of it: its sum would be a zero that nobody has seen. */
export const groupUSD = ({functions, unknown, costUSD}: CostGroup): number | null =>
  functions > 0 && unknown === functions && costUSD === 0 ? null : costUSD

/** What rows are of, as a heading. */
export const groupingLabel = (by: CostGrouping | null): string =>
  by === null ? 'function' : by.kind === 'tag' ? by.key : by.kind

/** What a group is called that has no name of its own. */
export function unnamedGroup(by: CostGrouping | null, isShared: boolean): string {
  if (isShared) return '(shared log groups)'
  if (by?.kind === 'tag') return `(no ${by.key})`
  return by?.kind === 'stack' ? '(no stack)' : '(unknown)'
}

export const billedText = (billedMsPerCall: number | null): string =>
  billedMsPerCall === null ? '' : duration(billedMsPerCall)

const dayMs = 86_400_000
const monthMs = 30 * dayMs

/** What thirty days would cost at this rate; null where the window is that long, or not even a day: hours of a day differ. */
export function monthUSD({costUSD, coverage: {window}}: CostReport): number | null {
  const lengthMs = (window.end ?? window.start) - window.start
  return lengthMs < dayMs || lengthMs === monthMs || costUSD === 0 ? null : costUSD * (monthMs / lengthMs)
}
