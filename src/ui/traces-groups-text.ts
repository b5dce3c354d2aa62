import type {TraceGroup, TraceGrouping} from '../services/traces/group-traces.ts'
import type {FailedOutcome} from '../services/traces/trace-outcome.ts'
import type {TracesReport} from '../services/traces/traces-report.ts'
import {cutAtEnd, shorten, width} from './columns.ts'
import {fittingColumns} from './fitting-columns.ts'
import {count, counted, duration, roughCount} from './numbers.ts'
import {paletteFor, type Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {glyphsFor} from './terminal.ts'
import {kindSign, momentText, outcomeSign, shownText} from './trace-words.ts'
import type {TracesTextOptions} from './traces-text.ts'

const shownGroups = 30
/** below, what only adds to the picture goes */
const columnsForBar = 64
const shareBarColumns = 8
const gap = 2

type Column = {
  readonly heading: string
  /** '' for what there is nothing to say of */
  readonly text: (group: TraceGroup) => string
  readonly tone: Tone
  /** what goes first where there is no room for all */
  readonly keep: number
}

/** Groups under their columns' headings: how many, what became of them, how slow, since when; below each what, and a sample's id, which can be copied whole. */
export function traceGroupRows({groups}: TracesReport, options: TracesTextOptions): readonly string[] {
  const {terminal} = options
  const all = groups?.groups ?? []
  const by = groups?.by ?? 'cause'
  const shown = all.slice(0, shownGroups)
  const palette = paletteFor(terminal)
  const {ellipsis, bar} = glyphsFor(terminal)
  const columns = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const barColumns = columns >= columnsForBar ? shareBarColumns : 0
  const made = columnsOf(by, options)
    .map(column => ({...column, cells: shown.map(column.text)}))
    .filter(({cells}) => cells.some(text => text !== ''))
    .map(({heading, ...column}) => ({
      ...column,
      heading,
      columns: column.cells.reduce((most, text) => Math.max(most, width(text)), width(heading)),
    }))
  const fitting = fittingColumns(made, columns - barColumns, gap)
  const row = (bars: string, cell: (column: (typeof made)[number]) => readonly [string, Tone]): string => {
    const cells = fitting.map(column => {
      const [text, tone] = cell(column)
      return ' '.repeat(gap + column.columns - width(text)) + palette.tone(tone, text)
    })
    // without bars the first column begins the row
    return `${(bars + cells.join('')).slice(barColumns === 0 ? gap : 0)}\n`
  }
  const rows = shown.map((group, i) => {
    const full = Math.round(group.share * shareBarColumns)
    const bars =
      barColumns === 0
        ? ''
        : palette.tone(toneOf(group), bar.full.repeat(full)) +
          palette.tone('dim', bar.empty.repeat(shareBarColumns - full))
    const title = printableName(shownText(titleOf(group, by), terminal))
    const indent = `  ${kindSign(group, terminal.unicode)}`
    const room = columns - width(indent)
    // the end of a URL is what tells it from others
    const name = by === 'url' ? shorten(title, room, ellipsis) : cutAtEnd(title, room, ellipsis)
    return [
      row(bars, ({cells, tone}) => [cells[i] ?? '', tone]),
      `${palette.tone(group.title === null ? 'dim' : toneOf(group), indent + name)}\n`,
      `  ${palette.tone('dim', printableName(group.sampleId))}\n`,
    ].join('')
  })
  const more = all.length - shown.length
  return [
    ...(shown.length > 0 ? [row(' '.repeat(barColumns), ({heading}) => [heading, 'dim'])] : []),
    ...rows,
    ...(more > 0 ? [`${palette.tone('dim', `and ${counted(more, 'more group')}: --json shows all`)}\n`] : []),
  ]
}

function columnsOf(by: TraceGrouping, {terminal, clock, dated}: TracesTextOptions): readonly Column[] {
  const {to} = glyphsFor(terminal)
  const time = (ms: number | null): string => (ms === null ? '?' : momentText(ms, clock, dated))
  const outcome = (which: FailedOutcome, name: string): Pick<Column, 'heading' | 'tone' | 'text'> => {
    const {sign, tone} = outcomeSign(which, terminal)
    return {
      heading: `${sign} ${name}`,
      tone,
      text: ({outcomes, count: all}) => {
        const some = outcomes[which]
        // those of a cause ended alike, or nearly
        if (some === 0 || by === 'cause') return some === 0 ? '' : count(some)
        return `${count(some)} ${shareText(some / all).padStart(6)}`
      },
    }
  }
  return [
    {
      heading: 'traces',
      tone: 'strong',
      keep: 10,
      text: ({count: traces}) => (traces < 100_000 ? count(traces) : roughCount(traces)),
    },
    {heading: 'of all', tone: 'dim', keep: 3, text: ({share}) => shareText(share)},
    {...outcome('fault', 'fault'), keep: 9},
    {...outcome('throttle', 'throttle'), keep: 5},
    {...outcome('error', 'error'), keep: 8},
    {...outcome('handled', 'handled'), keep: 4},
    {heading: 'p50', tone: 'plain', keep: 6, text: ({durationMs}) => (durationMs ? duration(durationMs.p50) : '?')},
    {heading: 'p95', tone: 'plain', keep: 7, text: ({durationMs}) => (durationMs ? duration(durationMs.p95) : '')},
    {heading: 'max', tone: 'plain', keep: 2, text: ({durationMs}) => (durationMs ? duration(durationMs.max) : '')},
    {
      heading: 'seen',
      tone: 'dim',
      keep: 1,
      text: ({firstSeen, lastSeen}) => `${time(firstSeen)}${to}${time(lastSeen)}`,
    },
  ]
}

/** What is there is never `0 %`, and what is not all never `100 %`. */
function shareText(share: number): string {
  const percent = Math.round(share * 100)
  return share > 0 && percent === 0 ? '<1 %' : `${share < 1 ? Math.min(percent, 99) : percent} %`
}

const titleOf = ({title, kind}: TraceGroup, by: TraceGrouping): string =>
  title === null ? noneOf[by] : kind === 'slow' ? `time went to ${title}` : title

const noneOf = {
  cause: 'no cause told',
  service: 'no service told',
  url: 'no URL: not called by HTTP',
  user: 'no user set',
}

/** As red and yellow as on the map. */
function toneOf({health}: TraceGroup): Tone {
  return health === 'failing' ? 'bad' : health === 'straining' ? 'look' : 'plain'
}
