import type {Causes} from '../services/fleet/coldstarts/causes.ts'
import type {ColdStartFigures} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {causeNames, initMonthUSD, knownText, rateText, ratioText, troubleText} from './coldstarts-words.ts'
import {padEnd, shorten, width} from './columns.ts'
import {fittingColumns} from './fitting-columns.ts'
import {duration, roughCount, roughUSD} from './numbers.ts'
import {type Palette, paletteFor, type Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {sparkline} from './sparkline.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

type NamedRow = {
  readonly name: string
  /** '' or what tells it from others of its name, as its region */
  readonly place: string
}

type KnownRow = NamedRow & {
  readonly figures: ColdStartFigures
  /** null where there is nothing to compare with */
  readonly ratio: number | null
  readonly causes: Causes | null
}

/** A row of the table: what it is of, and its figures, or its calls where nobody knows more. */
export type ColdStartRow = KnownRow | (NamedRow & {readonly figures: null; readonly calls: number})

type Column = {
  readonly title: string
  /** the least goes first where there is no room */
  readonly keep: number
  readonly left?: true
  readonly draw: (row: KnownRow, terminal: Terminal) => {readonly text: string; readonly tone?: Tone}
  /** of a function that only its calls are known of; it draws nothing without */
  readonly unknown?: (calls: number) => string
}

const gap = 2
const leastName = 14
const widestName = 48
const sparkColumns = 8
/** a trend drawn finer, where there is room for it */
const wideSparkColumns = 24
const wideFrom = 150
/** above, requests that meet a cold start are no rare thing */
const highRate = 0.01
const highRatio = 10

const none: {readonly text: string; readonly tone?: Tone} = {text: ''}
const initOf = ({initMs, restoreMs}: ColdStartFigures) => initMs ?? restoreMs

const columns: readonly Column[] = [
  {
    title: 'calls',
    keep: 6,
    draw: ({figures}) => ({text: knownText(figures.invocations, roughCount)}),
    unknown: roughCount,
  },
  {
    title: 'cold',
    keep: 9,
    draw: ({figures}) => ({text: roughCount(figures.felt), tone: 'strong'}),
    unknown: () => '?',
  },
  {
    title: 'rate',
    keep: 8,
    draw: ({figures: {rate}}) => ({
      text: knownText(rate, rateText),
      tone: 'value' in rate && rate.value >= highRate ? 'look' : 'plain',
    }),
    unknown: () => '?',
  },
  {title: 'init p50', keep: 7, draw: ({figures: {initMs}}) => (initMs ? {text: duration(initMs.p50)} : none)},
  {
    title: 'restore',
    keep: 6.5,
    draw: ({figures: {restoreMs}}) => (restoreMs ? {text: duration(restoreMs.p50)} : none),
  },
  {
    title: 'p99',
    keep: 5,
    draw: ({figures}) => {
      const init = initOf(figures)
      return init ? {text: duration(init.p99)} : none
    },
    unknown: () => '?',
  },
  {
    title: 'vs hello',
    keep: 4,
    draw: ({ratio}, terminal) =>
      ratio === null
        ? none
        : {text: ratioText(ratio, glyphsFor(terminal).times), tone: ratio >= highRatio ? 'look' : 'plain'},
  },
  {
    title: 'init $/mo',
    keep: 2,
    draw: ({figures}) => {
      const monthlyUSD = initMonthUSD(figures)
      return monthlyUSD === null || !initOf(figures) ? none : {text: roughUSD(monthlyUSD).replace('under ', '<')}
    },
  },
  {
    title: 'trend',
    keep: 3,
    left: true,
    draw: ({figures}, terminal) =>
      // digits in its place would be read as a number
      figures.felt === 0 || !terminal.unicode
        ? none
        : {text: sparkline(figures.trend, sparkWidth(terminal), true), tone: 'dim'},
  },
  {
    title: 'trouble',
    keep: 4.5,
    left: true,
    draw: ({figures}) => ({text: troubleText(figures), tone: figures.coldStarts.failed > 0 ? 'bad' : 'look'}),
  },
  {title: 'mostly', keep: 0, left: true, draw: ({causes}) => ({text: causes ? mainCause(causes) : '', tone: 'dim'})},
]

const sparkWidth = ({isTTY, columns}: Terminal): number =>
  isTTY && columns >= wideFrom ? wideSparkColumns : sparkColumns

/** What most of them were caused by, where more than a third were: `deploys 62 %`. */
function mainCause(causes: Causes): string {
  const all = causes.deploy + causes.scaleOut + causes.idle + causes.unknown
  const [name, count] = (['deploy', 'scaleOut', 'idle'] as const)
    .map(kind => [causeNames[kind], causes[kind]] as const)
    .reduce((a, b) => (b[1] > a[1] ? b : a))
  return all > 0 && count * 3 > all ? `${name} ${Math.round((count / all) * 100)} %` : ''
}

/** Rows as a table with a heading; columns for which there is no room fall off, the least first. */
export function coldStartTable(title: string, rows: readonly ColdStartRow[], terminal: Terminal): readonly string[] {
  if (rows.length === 0) return []
  const palette = paletteFor(terminal)
  const {ellipsis} = glyphsFor(terminal)
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const names = rows.map(row => printableName([row.place, row.name].filter(Boolean).join(' ')))
  const widest = Math.min(
    widestName,
    names.reduce((most, name) => Math.max(most, width(name)), title.length),
  )
  const measured = columns
    .map(column => {
      const cells = rows.map(row => drawn(column, row, terminal))
      const most = cells.reduce((most, {text}) => Math.max(most, width(text)), 0)
      return {...column, cells, isEmpty: most === 0, columns: Math.max(most, column.title.length)}
    })
    .filter(({isEmpty}) => !isEmpty)
  const shown = fittingColumns(measured, room - Math.min(leastName, widest), gap)
  const used = shown.reduce((sum, {columns}) => sum + columns + gap, 0)
  const nameColumns = Math.max(4, Math.min(widest, room - used))
  const line = (first: string, cells: readonly string[]): string =>
    `${[first, ...cells].join(' '.repeat(gap)).trimEnd()}\n`
  const heading = line(
    palette.tone('dim', padEnd(title, nameColumns)),
    shown.map(({title, columns, left}) => palette.tone('dim', aligned(title, columns, left))),
  )
  return [
    heading,
    ...names.map((name, i) =>
      line(
        nameCell(rows[i]?.name ?? '', shorten(name, nameColumns, ellipsis), nameColumns, palette),
        shown.map(({cells, columns, left}) => {
          const {text = '', tone = 'plain'} = cells[i] ?? none
          const cell = aligned(text, columns, left)
          return text === '' ? cell : palette.tone(tone, cell)
        }),
      ),
    ),
  ]
}

function drawn({draw, unknown}: Column, row: ColdStartRow, terminal: Terminal): ReturnType<Column['draw']> {
  if (row.figures !== null) return draw(row, terminal)
  return unknown ? {text: unknown(row.calls), tone: 'dim'} : none
}

const nameCell = (hue: string, text: string, columns: number, palette: Palette): string =>
  palette.hue(hue, text) + ' '.repeat(Math.max(0, columns - width(text)))

const aligned = (text: string, columns: number, left: true | undefined): string =>
  left ? padEnd(text, columns) : ' '.repeat(Math.max(0, columns - width(text))) + text
