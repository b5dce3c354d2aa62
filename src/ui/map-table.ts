import type {CallStats} from '../services/traces/service-map.ts'
import {width} from './columns.ts'
import {fittingColumns} from './fitting-columns.ts'
import {callsPerMinute, percent, time} from './map-numbers.ts'
import type {TreeRow} from './map-tree.ts'
import type {Tone} from './palette.ts'

type Column = {
  readonly heading: string
  /** '' for what there is nothing to say of */
  readonly text: (row: TreeRow) => string
  readonly tone: (row: TreeRow) => Tone
  /** what goes first where there is no room for all */
  readonly keep: number
}

type Cell = {readonly text: string; readonly tone: Tone}
export type Numbers = {
  readonly headings: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly widths: readonly number[]
}

/** Columns' distance. */
export const gap = 2

const plain = (): Tone => 'plain'
const dim = (): Tone => 'dim'

function share(pick: (stats: CallStats) => number): Pick<Column, 'text'> {
  return {
    text: ({stats}) => (stats === null ? '' : percent(pick(stats), stats)),
  }
}

function quantile(pick: (stats: CallStats) => number | null): Pick<Column, 'text'> {
  return {
    text: ({stats}) => (stats === null ? '' : time(pick(stats))),
  }
}

/** Red from where a service fails, yellow below. */
function faultTone({stats}: TreeRow): Tone {
  return stats?.health === 'failing' ? 'bad' : 'look'
}

/** Errors and throttles alone are yellow at most, and everyday ones not even that. */
function errorTone({stats}: TreeRow): Tone {
  return stats !== null && stats.errorHealth !== 'ok' ? 'look' : 'plain'
}

const columns: readonly Column[] = [
  {
    heading: 'calls/min',
    keep: 4,
    tone: plain,
    text: ({stats}) => (stats === null ? '' : callsPerMinute(stats)),
  },
  {heading: 'error', keep: 3, tone: errorTone, ...share(({errors, throttles}) => errors - throttles)},
  {heading: 'throttle', keep: 3.5, tone: () => 'look', ...share(({throttles}) => throttles)},
  {heading: 'fault', keep: 9, tone: faultTone, ...share(({faults}) => faults)},
  {heading: 'p50', keep: 2, tone: plain, ...quantile(({p50Ms}) => p50Ms)},
  {heading: 'p95', keep: 5, tone: plain, ...quantile(({p95Ms}) => p95Ms)},
  {heading: 'age p50', keep: 1, tone: dim, text: ({edge}) => time(edge?.ageP50Ms ?? null)},
  {heading: 'age p95', keep: 2.5, tone: plain, text: ({edge}) => time(edge?.ageP95Ms ?? null)},
]

/**
 * The numbers of all rows in columns, as many as there is room for beside `namesWant`; a column without a number is not there.
 * @param room columns of the terminal; infinite where text is piped
 * @param namesWant what the names had better get
 */
export function mapNumbers(rows: readonly TreeRow[], room: number, namesWant: number): Numbers {
  const made = columns
    .map(column => {
      const cells = rows.map(row => ({text: column.text(row), tone: column.tone(row)}))
      const {heading, keep} = column
      return {heading, keep, cells, columns: widest([{text: heading}, ...cells])}
    })
    .filter(({cells}) => cells.some(({text}) => text !== ''))
  const kept = fittingColumns(made, room - namesWant, gap)
  return {
    headings: kept.map(({heading}) => heading),
    widths: kept.map(({columns}) => columns),
    rows: rows.map((_, i) => kept.map(({cells}) => cells[i] ?? {text: '', tone: 'plain'})),
  }
}

const widest = (cells: readonly {readonly text: string}[]): number =>
  cells.reduce((most, {text}) => Math.max(most, width(text)), 0)
