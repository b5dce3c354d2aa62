import {isKnown, type Unknown} from '../../../known.ts'
import type {Gap} from '../../receipt.ts'
import {type MetricWindow, newestMinutesNotes} from '../metric-period.ts'
import {isDeprecated} from './headroom.ts'
import type {InventoryFunction} from './inventory.ts'
import type {RuntimeTable} from './runtime-table.ts'

type Noted = {
  readonly all: readonly InventoryFunction[]
  /** why there are none was said where they were listed */
  readonly isToldEmpty: boolean
  readonly shown: readonly InventoryFunction[]
  /** why memory was left out; null where it was read */
  readonly leftOut: Unknown | null
  /** epoch ms: the window as it was asked for, what was measured of it, and the part that memory was read of */
  readonly asked: MetricWindow
  readonly window: MetricWindow
  readonly memoryWindow: MetricWindow
  readonly now: number
  readonly runtimes: RuntimeTable
  readonly gaps: readonly Gap[]
}

/** What else to know of an inventory, a sentence each. */
export function functionsNotes(noted: Noted): readonly string[] {
  const {all, isToldEmpty, shown, leftOut, asked, window, memoryWindow, now, runtimes, gaps} = noted
  const leftOutOf = (measure: 'reservedConcurrency' | 'deadLettersWaiting'): number =>
    all.filter(({measures: {[measure]: known}}) => !isKnown(known) && known.unknown === 'not-read').length
  const [reserved, dead] = [leftOutOf('reservedConcurrency'), leftOutOf('deadLettersWaiting')]
  const unlisted = new Set(
    all.flatMap(({fn, lifecycle}) => (lifecycle.status === 'unknown' && fn.runtime !== null ? [fn.runtime] : [])),
  )
  const hasEnded = shown.some(isDeprecated)
  return [
    ...(all.length === 0 && gaps.length === 0 && !isToldEmpty ? ['no function matches'] : []),
    ...(all.length > 0 && shown.length === 0 ? [noneShown(all.length)] : []),
    ...(window.start > asked.start ? ['CloudWatch keeps metrics for 455 days: nothing before that is counted'] : []),
    ...newestMinutesNotes(window, now),
    ...(leftOut !== null && all.length > 0 ? [`memory used was not read: ${leftOut.detail}`] : []),
    ...(leftOut === null && all.length > 0
      ? [
          `memory used is the high-water mark of an environment, not of an invocation${memoryWindow.start > window.start ? ', in the last 24 h of the window' : ''}`,
        ]
      : []),
    ...(reserved > 0
      ? [
          `reserved concurrency of ${reserved} functions was not read: of so large a fleet, only those that were throttled most are asked`,
        ]
      : []),
    ...(dead > 0
      ? [
          `dead letters of ${dead} functions were not counted: their queues are of another account or region, or the fleet is too large to ask each`,
        ]
      : []),
    ...(unlisted.size > 0
      ? [`runtimes unknown (not in table as of ${runtimes.asOf}): ${[...unlisted].toSorted().slice(0, 5).join(', ')}`]
      : []),
    ...(hasEnded
      ? ['AWS never blocks invocations of a function whose runtime has ended: patches stop, and later updates']
      : []),
  ]
}

const noneShown = (count: number): string =>
  count === 1
    ? 'the one function that was looked at is not what was asked for'
    : `none of ${count.toLocaleString('en')} functions is what was asked for`
