import type {Interval, Standing} from '../standing.ts'
import {goalOf} from './choose-size.ts'
import {type Doubt, type Judging, withinShareOf} from './doubts.ts'

/** Less is said as `as cheap` and `as fast`. */
const noticeable = {cost: 0.005, duration: 0.01}

/** The figures of a size that people see. */
type Shown = Pick<Standing, 'costPerMillionUSD' | 'ci95CostPerMillionUSD' | 'p50Ms' | 'ci95BilledMs'>

/**
 * A size beside another in a few words, by the very figures that are shown of both: `6 % dearer, slower`. What their intervals
 * do not tell apart is about so much dearer, `~6 % dearer`, and as fast. '' where one of them has no figures.
 * @param tieWidth of a size that is no tie for all that: how much dearer one may be, as a share; null for one that is, or where
 *   costs do not decide
 */
export function comparedWith(size: Shown, best: Shown, tieWidth: number | null): string {
  return [costWords(size, best, tieWidth), durationWords(size, best)].filter(Boolean).join(', ')
}

function costWords(size: Shown, best: Shown, tieWidth: number | null): string {
  if (size.costPerMillionUSD === null || !best.costPerMillionUSD) return ''
  const dearer = size.costPerMillionUSD / best.costPerMillionUSD - 1
  if (Math.abs(dearer) < noticeable.cost) return 'as cheap'
  const words = `${amount(dearer)} ${dearer > 0 ? 'dearer' : 'cheaper'}`
  if (areApart(size.ci95CostPerMillionUSD, best.ci95CostPerMillionUSD)) return words
  // by estimate it would be a tie, and may well be none
  return tieWidth !== null && Math.abs(dearer) <= tieWidth ? `~${words}, perhaps over ${amount(tieWidth)}` : `~${words}`
}

function durationWords(size: Shown, best: Shown): string {
  if (size.p50Ms === null || !best.p50Ms || size.ci95BilledMs === null || best.ci95BilledMs === null) return ''
  const slower = size.p50Ms / best.p50Ms - 1
  // of whole milliseconds that are billed the intervals may lie otherwise than what is shown
  const isTold = Math.sign(slower) === Math.sign(size.ci95BilledMs[0] - best.ci95BilledMs[0])
  if (Math.abs(slower) < noticeable.duration || !isTold || !areApart(size.ci95BilledMs, best.ci95BilledMs))
    return 'as fast'
  return slower > 0 ? 'slower' : 'faster'
}

/** Whether two intervals have nothing in common; of what has none nobody knows. */
export const areApart = (a: Interval | null, b: Interval | null): boolean =>
  a !== null && b !== null && (a[1] < b[0] || b[1] < a[0])

/** Of a size that was not told apart from the chosen one, how much better it may be: `may be up to 4.6 % cheaper`. */
export function openWhy(doubt: Doubt, judging: Judging): string | null {
  const within = withinShareOf([doubt], judging)
  if (within === null || within === 0) return null
  const better = {cheapest: 'cheaper', fastest: 'faster', balanced: 'better'}[goalOf(judging.objective).kind]
  return `may be up to ${Number((100 * (1 - 1 / (1 + within))).toFixed(1))} % ${better}`
}

/** `6 %`, and of several times as much `3.2 ×`. */
function amount(share: number): string {
  if (share >= 1) return `${(1 + share).toFixed(1)} ×`
  return `${Math.max(1, Math.round(100 * Math.abs(share)))} %`
}
