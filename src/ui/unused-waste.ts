import type {UnusedReport} from '../services/fleet/unused/unused-report.ts'
import type {Waste, WasteKind} from '../services/fleet/unused/waste.ts'
import {counted, usd} from './numbers.ts'

const kinds: readonly WasteKind[] = [
  'provisioned-concurrency',
  'snapstart',
  'log-retention',
  'orphaned-log-group',
  'old-versions',
]

/** half a cent: below, it rounds to nothing */
const leastUSD = 0.005

const words: Readonly<Record<WasteKind, string>> = {
  'provisioned-concurrency': 'provisioned',
  snapstart: 'snapshots',
  'log-retention': 'logs kept forever',
  'orphaned-log-group': 'logs of no function',
  'old-versions': 'old versions',
}

/** A kind of waste in words: `provisioned`. */
export const wasteKindText = (kind: WasteKind): string => words[kind]

/** What all of it costs a month, as far as prices are known. */
export const totalUSD = (waste: readonly Waste[]): number =>
  Math.round(waste.reduce((sum, {monthlyUSD}) => sum + (monthlyUSD ?? 0), 0) * 1e8) / 1e8

/** What one costs: `$21.60`, `up to $3.00`, `no price`. */
export function priceText({monthlyUSD, confidence}: Pick<Waste, 'monthlyUSD' | 'confidence'>): string {
  if (monthlyUSD === null) return 'no price known'
  return `${confidence === 'upper-bound' && monthlyUSD >= leastUSD ? 'up to ' : ''}${monthUSD(monthlyUSD)}`
}

/** A month's price to the cent, which is what one decides by. */
const monthUSD = (amount: number): string => {
  if (amount > 0 && amount < leastUSD) return 'under $0.01'
  return amount < 0.995 ? `$${amount.toFixed(2)}` : usd(amount)
}

/** By powers of two, as Lambda counts code: its quota of 75 GB is 80.5 of a thousand MB each, and 75 GiB. */
function codeSize(size: number): string {
  const mib = size / 2 ** 20
  return mib < 1_000 ? `${mib < 10 ? mib.toFixed(1) : Math.round(mib)} MiB` : `${Number((mib / 1024).toFixed(1))} GiB`
}

type Wasted = Pick<UnusedReport, 'waste' | 'wasteUnread'>

/**
 * What all of it comes to, in words: `up to $12.00 a month`; where not all was looked at, `at least $3.00 a month` of what is
 * measured, for a bound from above is none then. Null where nothing can be said to cost anything.
 */
export function wasteTotalText({waste, wasteUnread}: Wasted): string | null {
  const priced = waste.filter(({monthlyUSD}) => (monthlyUSD ?? 0) > 0)
  if (wasteUnread > 0) {
    const measured = totalUSD(priced.filter(({confidence}) => confidence === 'measured'))
    return measured >= leastUSD ? `at least ${monthUSD(measured)} a month` : null
  }
  if (priced.length === 0) return null
  const isBound = priced.some(({confidence}) => confidence === 'upper-bound')
  return `${priceText({monthlyUSD: totalUSD(priced), confidence: isBound ? 'upper-bound' : 'measured'})} a month`
}

/** What of the waste nobody knows, in words; null where all is known. */
export const wasteUnreadText = ({wasteUnread}: Pick<UnusedReport, 'wasteUnread'>): string | null =>
  wasteUnread === 0 ? null : `what ${counted(wasteUnread, 'function')} may waste is not known`

/** All waste by kind, a phrase each: `provisioned $21.60`, `61 old versions (2.1 GiB of 75 GiB for code, $0)`. */
export function wasteByKind({
  waste,
  wasteUnread,
  codeStorage,
}: Wasted & Pick<UnusedReport, 'codeStorage'>): readonly string[] {
  return kinds.flatMap(kind => {
    const alike = waste.filter(one => one.kind === kind)
    if (alike.length === 0) return []
    if (kind === 'old-versions') {
      const versions = alike.reduce((sum, {count}) => sum + (count ?? 0), 0)
      const size = alike.reduce((sum, {bytes: own}) => sum + (own ?? 0), 0)
      const [storage, ...others] = codeStorage
      const of = storage && others.length === 0 ? ` of ${codeSize(storage.limitBytes)} for code` : ''
      const least = wasteUnread > 0 ? 'at least ' : ''
      return [`${least}${counted(versions, 'old version')} (${codeSize(size)}${of}, $0)`]
    }
    const unpriced = alike.filter(({monthlyUSD}) => monthlyUSD === null).length
    const isBound = alike.some(({confidence}) => confidence === 'upper-bound')
    const price = priceText({monthlyUSD: totalUSD(alike), confidence: isBound ? 'upper-bound' : 'measured'})
    const without = unpriced > 0 ? `, ${unpriced} without a price` : ''
    // snapshots of Java, which are free, are in the list only
    return unpriced === 0 && totalUSD(alike) === 0 ? [] : [`${words[kind]} ${price}${without}`]
  })
}

/** What a function wastes, in words: `$21.60/mo provisioned (512 MB × 4)`. */
export function ownWaste(waste: readonly Waste[], times: string): readonly string[] {
  return waste.flatMap(one => {
    const {kind, monthlyUSD, formula, count} = one
    if (kind === 'old-versions') return [counted(count ?? 0, 'old version')]
    if (monthlyUSD !== null && monthlyUSD < leastUSD) return []
    const price = monthlyUSD === null ? 'unpriced' : `${priceText(one)}/mo`
    const memory = kind === 'provisioned-concurrency' ? ` (${formula.split(' ÷', 1)[0]} ${times} ${count})` : ''
    return [`${price} ${words[kind]}${memory}`]
  })
}
