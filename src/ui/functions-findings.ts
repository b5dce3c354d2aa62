import type {Known} from '../known.ts'
import type {Finding, FindingKind} from '../services/fleet/inventory/findings.ts'
import type {FunctionsReport} from '../services/fleet/inventory/functions-report.ts'
import type {InventoryFunction} from '../services/fleet/inventory/inventory.ts'
import {width} from './columns.ts'
import {placeFlags, shellWord, spanFlags} from './next-command.ts'
import {count, counted, duration, percent, roughDuration} from './numbers.ts'
import {printableName} from './printable.ts'

const shownFunctions = 3

/**
 * What was found, of whom: `throttled: orders-stream 12, 3 more`.
 * @param room columns: as many of the worst are named as fit, one at least
 */
export function findingText(
  finding: Finding,
  report: Pick<FunctionsReport, 'coverage' | 'memoryWindow'>,
  room = Number.POSITIVE_INFINITY,
): string {
  const texts = Array.from({length: shownFunctions}, (_, i) => namingAtMost(shownFunctions - i, finding, report))
  return texts.find(text => width(text) <= room) ?? texts.at(-1) ?? ''
}

function namingAtMost(
  most: number,
  {kind, functions, concurrency}: Finding,
  {coverage: {window}, memoryWindow}: Pick<FunctionsReport, 'coverage' | 'memoryWindow'>,
): string {
  if (concurrency !== null) {
    const {nextBurst, region} = concurrency
    return `one more burst in ${region} would throttle ${count(-(nextBurst?.left ?? 0))} at a time`
  }
  const isCut = memoryWindow !== null && memoryWindow.start > window.start
  const shown = functions
    .slice(0, most)
    .map(one => printableName(`${one.fn.name} ${detailOf[kind](one, isCut)}`.trim()))
  const more = functions.length - shown.length
  return `${titles[kind]}: ${[...shown, ...(more > 0 ? [`${count(more)} more`] : [])].join(', ')}`
}

const titles: Readonly<Record<FindingKind, string>> = {
  dropped: 'asynchronous events dropped',
  'dead-letters': 'dead letters waiting',
  throttled: 'throttled',
  'falling-behind': 'falling behind a stream',
  burst: '',
  'near-timeout': 'near the timeout',
  'near-memory': 'near the memory',
  'runtime-update-blocked': 'runtime ended, updates blocked',
  'runtime-deprecated': 'runtime ended',
  'runtime-ending': 'runtime ends soon',
}

const numberOf = (known: Known<number | null>): number => ('value' in known ? (known.value ?? 0) : 0)

/** What there is to say of each; `isCut` where its reports were read of the last 24 hours only. */
const detailOf: Readonly<Record<FindingKind, (one: InventoryFunction, isCut: boolean) => string>> = {
  dropped: ({measures}) => count(numberOf(measures.asyncEventsDropped)),
  'dead-letters': ({measures, deadLetterQueues}) => {
    const queues = deadLetterQueues.map(arn => arn.split(':').at(-1) ?? arn)
    const age = numberOf(measures.oldestDeadLetterAgeMs)
    const more = [...queues, ...(age > 0 ? [`oldest ${roughDuration(age)}`] : [])]
    return `${count(numberOf(measures.deadLettersWaiting))}${more.length > 0 ? ` (${more.join(', ')})` : ''}`
  },
  throttled: ({measures: {throttles, reservedConcurrency}}) => {
    const isHeld = 'value' in reservedConcurrency && reservedConcurrency.value === 0
    return `${count(numberOf(throttles))}${isHeld ? ' (nothing may run: 0 reserved)' : ''}`
  },
  'falling-behind': ({measures}) => duration(numberOf(measures.iteratorAgeMs)),
  burst: () => '',
  'near-timeout': ({headroom, measures}, isCut) => {
    const timedOut = numberOf(measures.timeouts)
    return `${percent(headroom.timeoutShare ?? 0)}${timedOut > 0 ? ` (${count(timedOut)} timed out${isCut ? ' in 24 h' : ''})` : ''}`
  },
  'near-memory': ({headroom}) => percent(headroom.memoryShare ?? 0),
  'runtime-update-blocked': ({fn, lifecycle}) => `(${fn.runtime}, since ${lifecycle.updateBlocked})`,
  'runtime-deprecated': ({fn, lifecycle}) => `(${fn.runtime}, since ${lifecycle.deprecated})`,
  'runtime-ending': ({fn, lifecycle}) => `(${fn.runtime}, in ${counted(lifecycle.daysLeft ?? 0, 'day')})`,
}

/** The command to go on with: of the function that has it worst. Nothing in it can be more than a word. */
export function findingCommand(
  finding: Finding,
  {coverage, asked, memoryWindow, askedAt}: FunctionsReport,
): string | null {
  const {kind, functions, concurrency} = finding
  const place = functions[0]?.fn ?? concurrency
  if (!place) return null
  const {scopes} = coverage
  const whole = spanFlags(asked, askedAt)
  // what the number is of is what there is to be looked at
  const ofMemory = memoryWindow === null || memoryWindow.start <= asked.start ? whole : spanFlags(memoryWindow, askedAt)
  const name = functions[0] ? shellWord(functions[0].fn.name.replace(/^-/, '?')) : ''
  const words: Readonly<Record<FindingKind, readonly string[]>> = {
    dropped: ['errors', name, whole],
    'dead-letters': ['errors', name, whole],
    throttled: ['functions', name, '--columns function,concurrency,reserved,throttles,invocations', whole],
    'falling-behind': ['errors', name, whole],
    burst: ['functions', '--sort concurrency', '--columns function,concurrency,reserved,throttles', whole],
    'near-timeout': ['traces', name, `--slow ${slowest(functions[0])}`, whole],
    'near-memory': ['query memory-headroom', name, ofMemory],
    'runtime-update-blocked': ['functions --deprecated', '--columns function,runtime,ends,modified,stack'],
    'runtime-deprecated': ['functions --deprecated', '--columns function,runtime,ends,modified,stack'],
    'runtime-ending': ['functions --sort ends', '--columns function,runtime,ends,modified,stack'],
  }
  return ['slsops', ...words[kind], ...placeFlags(place, scopes)].join(' ')
}

/** Most of its timeout. */
const slowest = (one: InventoryFunction | undefined): string => `${Math.floor((one?.fn.timeoutSeconds ?? 1) * 800)}ms`
