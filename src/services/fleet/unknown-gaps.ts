import {isGap, type Unknown, type UnknownReason} from '../../known.ts'
import type {Gap, GapReason} from '../receipt.ts'
import type {FleetFunction} from './fleet-function.ts'

/** Why there is a gap, by why something is not known: AWS did not tell. Null where it was left out on purpose, which is no gap. */
const gapReasons: Readonly<Record<UnknownReason, GapReason | null>> = {
  denied: 'denied',
  throttled: 'throttled',
  failed: 'failed',
  interrupted: 'interrupted',
  'partial-data': 'failed',
  hidden: 'hidden',
  'unsupported-class': 'unsupported-class',
  missing: 'missing',
  'not-read': null,
}

/** Why something is not known, by the gap that it is in. */
export const unknownReasons: Readonly<Record<GapReason, UnknownReason>> = {
  denied: 'denied',
  missing: 'missing',
  throttled: 'throttled',
  'unsupported-class': 'unsupported-class',
  hidden: 'hidden',
  sampled: 'partial-data',
  interrupted: 'interrupted',
  failed: 'failed',
}

/** Something of a function that nobody knows. */
export type UnknownOfFunction = {
  readonly fn: Pick<FleetFunction, 'name' | 'account' | 'region'>
  /** in words, as in "policy of checkout-api" */
  readonly what: string
  readonly why: Unknown
}

/** What nobody knows of functions, as gaps: one for all that those of a region miss for the same reason, with the functions counted. */
export function functionGaps(unknowns: readonly UnknownOfFunction[]): readonly Gap[] {
  const missing = unknowns.filter(({why}) => isGap(why))
  const alike = Map.groupBy(missing, ({fn, why: {unknown, detail}}) =>
    // what is missing is told of each function in words of its own
    [fn.account, fn.region, unknown, ...(unknown === 'missing' ? [] : [detail])].join('\n'),
  )
  return Array.from(alike.values(), all => {
    const [first] = all
    if (!first) return []
    const names = new Set(all.map(({fn}) => fn.name))
    const details = new Set(all.map(({why}) => why.detail))
    const what = `${listed([...new Set(all.map(one => one.what))])} of ${names.size === 1 ? first.fn.name : `${names.size.toLocaleString('en')} functions`}`
    const gaps = gapsOf(what, first.fn, {...first.why, detail: details.size === 1 ? first.why.detail : ''})
    return names.size === 1 ? gaps.map(gap => ({...gap, function: first.fn.name})) : gaps
  }).flat()
}

/** What nobody knows of a region, as a gap; none where it was left out on purpose. */
export function gapsOf(
  what: string,
  {account, region}: Pick<Gap, 'account' | 'region'>,
  {unknown, detail}: Unknown,
): readonly Gap[] {
  const reason = gapReasons[unknown]
  return reason === null ? [] : [{what, account, region, reason, ...(detail !== '' && {detail})}]
}

function listed(what: readonly string[]): string {
  const few = what.length > 4 ? [...what.slice(0, 3), 'more'] : what
  return few.length < 2 ? few.join('') : `${few.slice(0, -1).join(', ')} and ${few.at(-1)}`
}
