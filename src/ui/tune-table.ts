import type {Standing} from '../services/tuning/standing.ts'
import type {TunePlan} from '../services/tuning/tune-plan.ts'
import type {Ending} from '../services/tuning/tune-report.ts'
import {cutAtEnd, padEnd, width} from './columns.ts'
import {fittingColumns} from './fitting-columns.ts'
import {count, duration} from './numbers.ts'
import type {Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {drawBars} from './trace-bars.ts'
import {statusLook, statusText} from './tune-status.ts'
import {
  isOfSeveralArchitectures,
  isRoughP95,
  originText,
  p95Text,
  perMillionUSD,
  plusMinus,
  sizeText,
} from './tune-words.ts'

export type TuneTable = {
  readonly rows: readonly Line[]
  /** sizes whose status was cut for want of room */
  readonly cut: readonly Standing[]
  /** whether there is a column of p95 */
  readonly hasP95: boolean
}

type Column = {
  readonly title: string
  /** the least goes first where there is no room */
  readonly keep: number
  readonly cells: readonly string[]
  readonly left?: true
  readonly tone?: Tone
  /** it goes where the bar would have no room with it */
  readonly isForBar?: true
}

const gap = 2
/** of a status that is cut */
const leastStatus = 8
/** of a status that others make room for */
const mostStatus = 40
const widestBar = 14
const narrowestBar = 6
const none = ''

/**
 * A row for each size: `1,024 MB  14  902 ms  990 ms  $15.2 ±0.3  ▆▆▆▆▆▆  racing`. Columns for which there is no room fall off,
 * the least first; the status takes what is left, and the bar what that does not need.
 * @param ending null while it goes on
 */
export function tuneTable(
  sizes: readonly Standing[],
  plan: TunePlan,
  terminal: Terminal,
  ending: Ending | null = null,
): TuneTable {
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const columns = columnsOf(sizes, plan, terminal)
    .filter(({cells}) => cells.some(cell => cell !== none))
    .map(column => ({...column, columns: Math.max(width(column.title), ...column.cells.map(width))}))
  // signs of a column each, with a space behind
  const fitted = fittingColumns(columns, room - leastStatus - gap - 2, gap)
  const whole = sizes.map(size => printableName(statusText(size, ending)))
  const short = sizes.map(size => printableName(shortStatus(size, ending)))
  const bare = fitted.filter(({isForBar}) => !isForBar)
  const layouts = [fitted, bare].flatMap(kept => [whole, short].map(statuses => ({kept, statuses})))
  const withBar = layouts.find(({kept, statuses}) => barRoom(statuses, leftOf(kept, room)) >= narrowestBar)
  const {kept, statuses} = withBar ??
    layouts.find(({kept, statuses}) => widestOf(statuses) <= leftOf(kept, room)) ?? {kept: bare, statuses: short}
  const left = leftOf(kept, room)
  const bar = withBar ? Math.min(widestBar, barRoom(statuses, left)) : 0
  const shown = bar === 0 ? kept : [...kept, barColumn(sizes, bar, terminal)]
  const statusRoom = Math.max(leastStatus, bar === 0 ? left : left - bar - gap)
  const {ellipsis} = glyphsFor(terminal)
  const fitting = statuses.map((text, i) =>
    width(text) <= statusRoom ? text : cutStatus(text, sizes[i]?.status ?? none, statusRoom, ellipsis),
  )
  return {
    rows: [
      heading(shown),
      ...sizes.map((size, row): Line => {
        const {sign, tone} = statusLook(size, terminal, ending)
        return [
          span(`${sign} `, tone),
          ...shown.map(({cells, columns, left, tone: own}) =>
            span(`${aligned(cells[row] ?? none, columns, left)}${' '.repeat(gap)}`, toneOf(size, own)),
          ),
          span(fitting[row] ?? none, tone),
        ]
      }),
    ],
    cut: sizes.filter((_, i) => fitting[i] !== statuses[i]),
    hasP95: shown.some(({title}) => title.endsWith('p95')),
  }
}

const leftOf = (kept: readonly {readonly columns: number}[], room: number): number =>
  room - 2 - kept.reduce((sum, {columns}) => sum + columns + gap, 0)

const widestOf = (texts: readonly string[]): number => Math.max(0, ...texts.map(width))

const barRoom = (statuses: readonly string[], left: number): number =>
  left - gap - Math.min(mostStatus, widestOf(statuses))

/** That a size was dropped, or cannot be used, is seen by its sign and its figures; why is not. */
const shortStatus = (size: Standing, ending: Ending | null): string =>
  size.why !== null && toldByWhy.has(size.status) ? size.why : statusText(size, ending)

const toldByWhy: ReadonlySet<string> = new Set<Standing['status']>(['dropped', 'infeasible', 'racing'])

/** The word alone, rather than a piece of a reason that says nothing. */
const cutStatus = (text: string, word: string, room: number, ellipsis: string): string =>
  room < word.length + 12 ? cutAtEnd(word, room, ellipsis) : cutAtEnd(text, room, ellipsis)

const heading = (shown: readonly (Column & {readonly columns: number})[]): Line => [
  span(
    `  ${shown.map(({title, columns, left}) => aligned(title, columns, left)).join(' '.repeat(gap))}`.trimEnd(),
    'dim',
  ),
]

const toneOf = ({status}: Standing, own: Tone = 'plain'): Tone =>
  status === 'dropped' || status === 'waiting' ? 'dim' : status === 'winner' && own === 'plain' ? 'strong' : own

function columnsOf(sizes: readonly Standing[], plan: TunePlan, terminal: Terminal): readonly Column[] {
  const isSeveral = isOfSeveralArchitectures(sizes)
  const measured = sizes.filter(({p95Ms}) => p95Ms !== null)
  // one sign for the column, rather than one for each cell
  const areAllRough = measured.length > 0 && measured.every(isRoughP95)
  return [
    {
      title: 'memory',
      keep: 10,
      cells: sizes.map(({memorySizeMB}) => sizeText(memorySizeMB)),
    },
    {title: 'arch', keep: 9, left: true, cells: sizes.map(({architecture}) => (isSeveral ? architecture : none))},
    {title: 'calls', keep: 5, cells: sizes.map(({invocations}) => (invocations === 0 ? none : count(invocations)))},
    {title: 'p50', keep: 7, cells: sizes.map(({p50Ms}) => ms(p50Ms))},
    {title: areAllRough ? '~p95' : 'p95', keep: 4, cells: sizes.map(areAllRough ? ({p95Ms}) => ms(p95Ms) : p95Text)},
    {title: '$/1 M calls', keep: 8, left: true, cells: costCells(sizes, terminal)},
    {
      title: none,
      keep: 1,
      left: true,
      tone: 'dim',
      isForBar: true,
      cells: sizes.map(size => originText(size, plan)),
    },
  ]
}

function barColumn(
  sizes: readonly Standing[],
  columns: number,
  {unicode}: Terminal,
): Column & {readonly columns: number} {
  const dearest = Math.max(...sizes.map(({costPerMillionUSD}) => costPerMillionUSD ?? 0))
  return {
    title: none,
    keep: 0,
    left: true,
    tone: 'dim',
    columns,
    cells: sizes.map(({costPerMillionUSD: cost}) =>
      cost === null || dearest === 0
        ? none
        : drawBars([{from: 0, to: cost, kind: 'attempt', isOpen: false}], {columns, from: 0, to: dearest}, unicode),
    ),
  }
}

const ms = (value: number | null): string => (value === null ? none : duration(value))

/** The point of all amounts in one column: `$16.1 ±0.5`. */
function costCells(sizes: readonly Standing[], {unicode}: Terminal): readonly string[] {
  const amounts = sizes.map(({costPerMillionUSD: cost}) => (cost === null ? none : perMillionUSD(cost)))
  const widest = Math.max(...amounts.map(width))
  return sizes.map(({costPerMillionUSD: cost, ci95CostPerMillionUSD: interval}, i) => {
    const amount = (amounts[i] ?? none).padStart(widest)
    if (cost === null) return none
    return interval === null ? amount : `${amount} ${plusMinus(interval, cost, unicode)}`
  })
}

const aligned = (text: string, columns: number, left: true | undefined): string =>
  left ? padEnd(text, columns) : ' '.repeat(Math.max(0, columns - width(text))) + text
