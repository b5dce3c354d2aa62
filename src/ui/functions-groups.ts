import type {FunctionGroup, FunctionGrouping, Total, Totals} from '../services/fleet/inventory/group-functions.ts'
import {shorten, width} from './columns.ts'
import {fittingColumns} from './fitting-columns.ts'
import {bytes, count, roughCount} from './numbers.ts'
import {paletteFor, type Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

type Cell = {readonly text: string; readonly tone: Tone}
type Column = {readonly heading: string; readonly keep: number; readonly cell: (totals: Totals) => Cell}

const gap = 2
const nameWants = 20

/** A sum with a `+` where it is of a part of the functions only, and a question mark where it is of none. */
export function totalText(
  {sum, unknown}: Total,
  functions: number,
  draw: (sum: number) => string = roughCount,
): string {
  if (unknown === 0) return draw(sum)
  return unknown === functions ? '?' : `${draw(sum)}+`
}

const total =
  (pick: (totals: Totals) => Total, tone: Tone) =>
  (totals: Totals): Cell => {
    const own = pick(totals)
    return {
      text: totalText(own, totals.functions),
      tone: own.sum > 0 ? tone : own.unknown > 0 ? 'look' : 'dim',
    }
  }

const number =
  (pick: (totals: Totals) => number, tone: Tone) =>
  (totals: Totals): Cell => ({
    text: count(pick(totals)),
    tone: pick(totals) > 0 ? tone : 'dim',
  })

export const groupColumns: readonly Column[] = [
  {heading: 'functions', keep: 10, cell: number(({functions}) => functions, 'plain')},
  {heading: 'calls', keep: 9, cell: total(({invocations}) => invocations, 'plain')},
  {heading: 'errors', keep: 8, cell: total(({errors}) => errors, 'bad')},
  {heading: 'throttled', keep: 6, cell: total(({throttles}) => throttles, 'bad')},
  {heading: 'dropped', keep: 4, cell: total(({asyncEventsDropped}) => asyncEventsDropped, 'bad')},
  {heading: 'dead letters', keep: 5, cell: total(({deadLettersWaiting}) => deadLettersWaiting, 'bad')},
  {heading: 'ended', keep: 7, cell: number(({deprecated}) => deprecated, 'bad')},
  {heading: 'near limit', keep: 3, cell: number(({nearLimit}) => nearLimit, 'look')},
  {heading: 'code', keep: 2, cell: ({codeSizeBytes}) => ({text: bytes(codeSizeBytes), tone: 'plain'})},
]

/** What a group is called: of those without, what they are without. */
export function groupName({name, isKnown}: Pick<FunctionGroup, 'name' | 'isKnown'>, by: FunctionGrouping): string {
  if (name !== null) return name
  const what = by.by === 'tag' ? `tag ${by.key}` : by.by
  return isKnown ? `no ${what}` : `${what} not known`
}

/** Groups below the headings of their numbers, and all of them together. */
export function functionGroupRows(
  {by, groups}: {readonly by: FunctionGrouping; readonly groups: readonly FunctionGroup[]},
  totals: Totals,
  terminal: Terminal,
): string {
  if (groups.length === 0) return ''
  const palette = paletteFor(terminal)
  const {ellipsis} = glyphsFor(terminal)
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const heading = by.by === 'tag' ? `tag ${by.key}` : by.by
  const rows = [
    ...groups.map(group => ({name: groupName(group, by), tone: nameTone(group), totals: group as Totals})),
    ...(groups.length > 1 ? [{name: 'all', tone: 'strong' as Tone, totals}] : []),
  ].map(row => ({...row, name: printableName(row.name)}))
  const names = [printableName(heading), ...rows.map(({name}) => name)]
  const widestName = names.reduce((most, name) => Math.max(most, width(name)), 0)
  const made = groupColumns.map(column => {
    const cells = rows.map(row => column.cell(row.totals))
    return {
      ...column,
      cells,
      columns: cells.reduce((most, {text}) => Math.max(most, width(text)), column.heading.length),
    }
  })
  const wanted = Math.min(widestName, nameWants)
  const fitting = fittingColumns(made, room - wanted, gap)
  const nameColumns = Math.min(
    widestName,
    Math.max(wanted, room - fitting.reduce((sum, {columns}) => sum + columns + gap, 0)),
  )
  const row = (name: string, tone: Tone, cell: (column: (typeof made)[number]) => Cell): string => {
    const shown = shorten(name, nameColumns, ellipsis)
    const cells = fitting.map(column => {
      const {text, tone: own} = cell(column)
      return ' '.repeat(gap + column.columns - width(text)) + palette.tone(own, text)
    })
    return `${palette.tone(tone, shown)}${' '.repeat(nameColumns - width(shown))}${cells.join('')}\n`
  }
  return [
    row(names[0] ?? '', 'dim', column => ({text: column.heading, tone: 'dim'})),
    ...rows.map(({name, tone}, i) => row(name, tone, ({cells}) => cells[i] ?? {text: '', tone: 'plain'})),
  ].join('')
}

const nameTone = ({name, isKnown}: FunctionGroup): Tone => (name !== null ? 'plain' : isKnown ? 'dim' : 'look')
