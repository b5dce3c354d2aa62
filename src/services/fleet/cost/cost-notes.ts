import {isKnown} from '../../../known.ts'
import {knownPrices} from '../../pricing.ts'
import {newestMinutesNotes} from '../metric-period.ts'
import type {CostItem, SharedLogs} from './cost-report.ts'
import type {CostWindow} from './cost-window.ts'
import type {RegionAnswer} from './read-region.ts'

export type NotesOptions = {
  readonly answers: readonly RegionAnswer[]
  readonly items: readonly CostItem[]
  readonly shared: readonly SharedLogs[]
  readonly window: CostWindow
  readonly isCompared: boolean
  readonly isByTag: boolean
}

const minute = 60
const dayMs = 86_400_000
const roundings: Readonly<Record<number, string>> = {
  [5 * minute]: 'five minutes',
  [60 * minute]: 'hours',
  [180 * minute]: 'three hours',
  [360 * minute]: 'six hours',
  [1440 * minute]: 'days',
}

/** What else to know of the costs, a sentence each. */
export function costNotes({answers, items, shared, window, isCompared, isByTag}: NotesOptions): readonly string[] {
  const rounding = roundings[window.periodSeconds]
  const called = items.filter(({calls}) => isKnown(calls) && calls.value > 0)
  const assumed = called.filter(({memoryFrom}) => memoryFrom === 'configured').length
  const now = answers[0]?.aws.clock.now() ?? window.now.end
  const unread = answers.filter(({isInitRead}) => !isInitRead)
  const unasked = answers.filter(({isProvisionedRead}) => !isProvisionedRead)
  const unlisted = answers
    .map(({aws}) => aws.scope.region)
    .filter(region => {
      const prices = knownPrices(region)
      return isKnown(prices) && !prices.value.isListed
    })
  return [
    rounding === undefined || items.length === 0 ? null : `the window is of whole ${rounding}, as its metrics are`,
    ...newestMinutesNotes(window.now, now),
    window.before === null && isCompared
      ? 'not compared: CloudWatch keeps metrics for 455 days, and the window before is older'
      : null,
    window.before !== null && (window.now.end - window.now.start) % dayMs !== 0
      ? 'compared with as many hours right before, which were other hours of the day: windows of whole days compare like with like'
      : null,
    unlisted.length > 0 ? `no prices are listed for ${unlisted.join(', ')}: those of us-east-1 are used` : null,
    assumed > 0 && window.before !== null
      ? `memory of ${counted(assumed, 'function')} is taken to be what is configured now: changed since the window before began, and no published version tells what it was`
      : null,
    unread.length > 0 && called.length > 0 ? 'init is not in the cost: --init reads it from reports' : null,
    unasked.length > 0 ? 'idle provisioned concurrency is not in the cost: --provisioned asks each function' : null,
    provisionedNote(items),
    ...(unread.length > 0 ? [] : initNotes(called)),
    answers.some(({withoutClasses}) => withoutClasses !== null)
      ? `logs are priced as of the standard class: ${answers.flatMap(({withoutClasses}) => withoutClasses?.detail ?? [])[0] ?? ''}`
      : null,
    shared.length > 0
      ? `${counted(shared.length, 'log group')} of several functions: no metric tells whose bytes they are, so they are lines of their own`
      : null,
    isByTag && items.length > 0 && answers.every(({tags}) => tags !== null && isKnown(tags) && tags.value.size === 0)
      ? 'no function carries a tag'
      : null,
  ].filter(note => note !== null)
}

/** Of what inits are left out although they are read. */
function initNotes(called: readonly CostItem[]): readonly string[] {
  const leftOut = called.flatMap(({priced: {components}}) =>
    !isKnown(components.init) && components.init.unknown === 'not-read' ? [components.init.detail] : [],
  )
  const [why] = leftOut
  return why === undefined ? [] : [`init of ${counted(leftOut.length, 'function')} is not in the cost: ${why}`]
}

/** What is assumed of environments that are kept ready, which may be most of a cost. */
function provisionedNote(items: readonly CostItem[]): string | null {
  const assumed = items.filter(({provisioned}) => provisioned?.from === 'configured')
  const [first] = assumed
  if (!first) return null
  const of = assumed.length === 1 ? first.fn.name : counted(assumed.length, 'function')
  const late = assumed.filter(({provisioned}) => provisioned?.since).length
  const before =
    late === 0
      ? ''
      : `; what ${late === assumed.length ? 'it was' : `that of ${late.toLocaleString('en')} was`} before, AWS does not tell, and it is not in the cost`
  return `provisioned concurrency of ${of} is taken to be what is configured now: it was changed ${when(first, assumed.length)}${before}`
}

function when({provisioned}: CostItem, count: number): string {
  const changedAt = count === 1 ? provisioned?.changedAt : null
  return changedAt ? `on ${new Date(changedAt).toISOString().slice(0, 10)}` : 'within the window'
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
