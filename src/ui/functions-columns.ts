import type {Known} from '../known.ts'
import type {FieldName} from '../services/fleet/inventory/fields.ts'
import type {InventoryFunction} from '../services/fleet/inventory/inventory.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {bytes, count, duration, percent, roughCount} from './numbers.ts'
import type {Tone} from './palette.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type FunctionCell = {readonly text: string; readonly tone: Tone}

export type FunctionColumn = {
  readonly heading: string
  readonly align: 'left' | 'right'
  readonly cell: (one: InventoryFunction) => FunctionCell
  /** what goes first where there is no room for all; null: only where it is asked for */
  readonly keep: number | null
  /** whether there is nothing to see in it: then it is left out, unless it is asked for */
  readonly isQuiet?: (one: InventoryFunction) => boolean
  /** whether it alone tells what is wrong with it: then it goes before the error rate */
  readonly isUrgent?: (one: InventoryFunction) => boolean
}

export type ColumnsDrawn = {
  readonly terminal: Terminal
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
}

/** The columns of an inventory, in their order. */
export function functionColumns({
  terminal,
  clock,
}: ColumnsDrawn): Readonly<Record<Exclude<FieldName, 'function'>, FunctionColumn>> {
  const {warn, to} = glyphsFor(terminal)
  // nothing, where there is none; a question mark, where nobody knows
  const none: FunctionCell = {text: to, tone: 'dim'}
  const unknown: FunctionCell = {text: '?', tone: 'look'}
  const known = <T>(value: Known<T | null>, draw: (value: T) => FunctionCell): FunctionCell => {
    if ('unknown' in value) return value.unknown === 'not-read' ? {text: '?', tone: 'dim'} : unknown
    return value.value === null ? none : draw(value.value)
  }
  const plain = (text: string): FunctionCell => ({text, tone: 'plain'})
  const dim = (text: string): FunctionCell => ({text, tone: 'dim'})
  const bad =
    (draw: (value: number) => string, tone: Tone = 'bad') =>
    (value: number): FunctionCell =>
      value > 0 ? {text: draw(value), tone} : dim('0')
  const isNothing = (value: Known<number | null>): boolean => 'value' in value && (value.value ?? 0) === 0
  const isCalled = ({measures}: InventoryFunction): boolean => !isNothing(measures.invocations)
  const hasSome = (value: Known<number | null>): boolean => 'value' in value && (value.value ?? 0) > 0
  const right = (column: Omit<FunctionColumn, 'align'>): FunctionColumn => ({align: 'right', ...column})
  const left = (column: Omit<FunctionColumn, 'align'>): FunctionColumn => ({align: 'left', ...column})

  return {
    region: left({heading: 'region', keep: null, cell: ({fn}) => plain(fn.region)}),
    account: left({
      heading: 'account',
      keep: null,
      cell: ({fn}) => (fn.account === null ? unknown : plain(fn.account)),
    }),
    runtime: left({
      heading: 'runtime',
      keep: 14,
      cell: ({fn, lifecycle}) => {
        const tone = runtimeTones[lifecycle.status]
        const mark = tone === 'bad' || tone === 'look' ? ` ${warn}` : ''
        return {text: `${fn.runtime ?? 'container'}${mark}`, tone}
      },
    }),
    ends: left({
      heading: 'ends',
      keep: 4,
      cell: ({lifecycle: {status, deprecated}}) => {
        if (status === 'unknown') return unknown
        if (deprecated === null) return status === 'preview' ? dim('preview') : none
        return {text: deprecated, tone: runtimeTones[status] === 'plain' ? 'dim' : runtimeTones[status]}
      },
    }),
    memory: right({
      heading: 'memory MB',
      keep: 12,
      cell: ({fn, measures: {memoryUsedMB}, headroom}) => {
        // it was left out: what is set is all there is to say
        if ('unknown' in memoryUsedMB && memoryUsedMB.unknown === 'not-read') return dim(`${fn.memorySizeMB}`)
        const used = known(memoryUsedMB, value => plain(String(Math.round(value))))
        const tone = headroom.isNearMemory ? 'look' : used.tone
        return {text: `${used.text}/${fn.memorySizeMB}`, tone}
      },
    }),
    timeout: right({
      heading: 'timeout s',
      keep: 11,
      cell: ({fn, measures: {maxDurationMs}, headroom}) => {
        const used = known(maxDurationMs, value => plain(seconds(value)))
        return {text: `${used.text}/${fn.timeoutSeconds}`, tone: headroom.isNearTimeout ? 'look' : used.tone}
      },
    }),
    invocations: right({
      heading: 'calls',
      keep: 16,
      cell: ({measures}) => known(measures.invocations, value => (value === 0 ? dim('0') : plain(roughCount(value)))),
    }),
    errors: right({heading: 'errors', keep: 10.5, cell: ({measures}) => known(measures.errors, bad(roughCount))}),
    rate: right({
      heading: 'error rate',
      keep: 15,
      cell: ({measures, headroom: {errorRate}}) => {
        if (errorRate !== null) return bad(percent, errorRate >= 0.01 ? 'bad' : 'look')(errorRate)
        return known<number>('value' in measures.invocations ? measures.errors : measures.invocations, () => none)
      },
    }),
    throttles: right({
      heading: 'throttled',
      keep: 10,
      isQuiet: ({measures}) => isNothing(measures.throttles),
      isUrgent: one => !isCalled(one) && hasSome(one.measures.throttles),
      cell: ({measures}) => known(measures.throttles, bad(roughCount)),
    }),
    dropped: right({
      heading: 'dropped',
      keep: 9,
      isQuiet: ({measures}) => isNothing(measures.asyncEventsDropped),
      isUrgent: one => !isCalled(one) && hasSome(one.measures.asyncEventsDropped),
      cell: ({measures}) => known(measures.asyncEventsDropped, bad(roughCount)),
    }),
    dead: right({
      heading: 'dead letters',
      keep: 8,
      isQuiet: ({measures}) => isNothing(measures.deadLettersWaiting),
      cell: ({measures}) => known(measures.deadLettersWaiting, bad(roughCount)),
    }),
    age: right({
      heading: 'iterator age',
      keep: 7,
      isQuiet: ({measures}) => isNothing(measures.iteratorAgeMs),
      cell: ({measures, isFallingBehind}) =>
        known(measures.iteratorAgeMs, value => ({text: duration(value), tone: isFallingBehind ? 'bad' : 'plain'})),
    }),
    concurrency: right({
      heading: 'peak',
      keep: 6,
      cell: ({measures, headroom}) =>
        known(measures.maxConcurrency, value => ({
          text: count(value),
          tone: headroom.isNearConcurrency ? 'look' : 'plain',
        })),
    }),
    reserved: right({
      heading: 'reserved',
      keep: 5,
      isQuiet: ({measures: {reservedConcurrency}}) =>
        !('value' in reservedConcurrency) || reservedConcurrency.value === null,
      cell: ({measures}) =>
        known(measures.reservedConcurrency, value => ({text: count(value), tone: value === 0 ? 'bad' : 'plain'})),
    }),
    duration: right({
      heading: 'mean',
      keep: null,
      cell: ({measures}) => known(measures.averageDurationMs, value => plain(duration(value))),
    }),
    timeouts: right({
      heading: 'timeouts',
      keep: null,
      cell: ({measures}) => known(measures.timeouts, bad(roughCount)),
    }),
    code: right({heading: 'code', keep: 3, cell: ({fn}) => plain(bytes(fn.codeSizeBytes))}),
    arch: left({heading: 'arch', keep: 1, cell: ({fn}) => dim(fn.architecture)}),
    stack: left({heading: 'stack', keep: 2, cell: ({measures}) => known(measures.stack, plain)}),
    modified: left({
      heading: 'modified',
      keep: 2.5,
      cell: ({fn}) => (fn.lastModifiedAt === null ? unknown : dim(clock.date(fn.lastModifiedAt))),
    }),
    tags: left({
      heading: 'tags',
      keep: null,
      cell: ({measures}) =>
        known(measures.tags, tags => {
          const own = Object.entries(tags).filter(([key]) => !key.startsWith('aws:'))
          return own.length === 0 ? none : dim(own.map(([key, value]) => `${key}=${value}`).join(' '))
        }),
    }),
  }
}

const runtimeTones = {
  supported: 'plain',
  preview: 'plain',
  container: 'dim',
  unknown: 'look',
  ending: 'look',
  deprecated: 'bad',
  'update-blocked': 'bad',
} as const satisfies Readonly<Record<InventoryFunction['lifecycle']['status'], Tone>>

/** Of a timeout, which is whole seconds: `0.9`, `41`. */
const seconds = (ms: number): string => (ms < 9_950 ? (ms / 1000).toFixed(1) : String(Math.round(ms / 1000)))
