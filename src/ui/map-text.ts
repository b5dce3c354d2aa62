import type {Health, ServiceMap} from '../services/traces/service-map.ts'
import {padEnd, shorten, width} from './columns.ts'
import {paintedRows} from './layout.ts'
import {failureLines} from './map-failures.ts'
import {nextTraces} from './map-next.ts'
import {placeLabel} from './map-place.ts'
import {gap, mapNumbers, type Numbers} from './map-table.ts'
import {type DrawnRow, foldedTree, mapTree, type TreeRow} from './map-tree.ts'
import {nextLine} from './next-command.ts'
import {counted} from './numbers.ts'
import {type Palette, paletteFor, type Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {serviceKind} from './service-kind.ts'
import {joined, type Line, span} from './spans.ts'
import {type Glyphs, glyphsFor, type Terminal} from './terminal.ts'

export type MapTextOptions = {
  readonly terminal: Terminal
  /** how many rows to show */
  readonly limit: number
}

type Signs = {
  readonly more: string
  readonly last: string
  readonly through: string
  readonly none: string
  /** in place of a branch's end, where what is sent is received later */
  readonly asyncMore: string
  readonly asyncLast: string
  /** before what stands elsewhere with all that it calls */
  readonly above: string
  readonly below: string
  readonly itself: string
}

const unicodeSigns: Signs = {
  more: '├ ',
  last: '└ ',
  through: '│ ',
  none: '  ',
  asyncMore: '├⇢ ',
  asyncLast: '└⇢ ',
  above: '↑ ',
  below: '↓ ',
  itself: '↻ ',
}
const plainSigns: Signs = {
  more: '|-',
  last: '`-',
  through: '| ',
  none: '  ',
  asyncMore: '|~> ',
  asyncLast: '`~> ',
  above: '^ ',
  below: 'v ',
  itself: '@ ',
}

const leastName = 18
/** share of the width that names may ask for before columns go */
const namesShare = 0.45

/**
 * The map as a tree of who calls whom, a row for each call with its numbers; below it what it sums up to, where failures begin,
 * and what to do next.
 */
export function mapText(map: ServiceMap, options: MapTextOptions): string {
  return drawnMap(map, options) + nextLine(nextTraces(map), options.terminal)
}

/** The same without a command, which is of no use to those who read it elsewhere. */
export function drawnMap(map: ServiceMap, {terminal, limit}: MapTextOptions): string {
  const glyphs = glyphsFor(terminal)
  return (
    treeRows(map, terminal, limit, glyphs) +
    paintedRows([summary(map, glyphs)], terminal, ` ${glyphs.dot} `) +
    paintedRows(failureLines(map.failures, glyphs), terminal)
  )
}

const worst = (...all: readonly Health[]): Health =>
  all.includes('failing') ? 'failing' : all.includes('straining') ? 'straining' : 'ok'

const healthIn = ({service, edge}: TreeRow): Health => worst(service.stats?.health ?? 'ok', edge?.stats?.health ?? 'ok')

function treeRows(map: ServiceMap, terminal: Terminal, limit: number, glyphs: Glyphs): string {
  const rows = mapTree(map)
  const drawn = foldedTree(rows, limit, row => healthIn(row) !== 'ok')
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const signs = terminal.unicode ? unicodeSigns : plainSigns
  const label = scopeLabel(map)
  const names = drawn.map(row => nameOf(row, signs, glyphs, label))
  const widest = names.reduce((most, name) => Math.max(most, nameWidth(name)), 0)
  const least = room === Number.POSITIVE_INFINITY ? 0 : Math.max(leastName, Math.floor(room * namesShare))
  const measured = drawn.flatMap(({row}) => row ?? [])
  const numbers = mapNumbers(measured, room, Math.min(widest, least))
  const used = numbers.widths.reduce((total, columns) => total + columns + gap, 0)
  const nameColumns = Math.min(widest, Math.max(room - used, 1))
  const palette = paletteFor(terminal)
  let at = 0
  const lines = drawn.map((one, i) => {
    const name = names[i] ?? noName
    if (one.row === null) return paintName(name, room, palette, glyphs).trimEnd()
    const cells = cellsOf(numbers, at++, palette)
    return (paintName(name, nameColumns, palette, glyphs) + cells).trimEnd()
  })
  return [headings(numbers, nameColumns, palette), ...lines]
    .filter(Boolean)
    .map(line => `${line}\n`)
    .join('')
}

function headings({headings, widths}: Numbers, nameColumns: number, palette: Palette): string {
  if (headings.length === 0) return ''
  const cells = headings.map((heading, i) => ' '.repeat(gap) + heading.padStart(widths[i] ?? 0)).join('')
  return palette.tone('dim', ' '.repeat(nameColumns) + cells)
}

function cellsOf({rows, widths}: Numbers, at: number, palette: Palette): string {
  return (rows[at] ?? [])
    .map(({text, tone}, i) => ' '.repeat(gap + Math.max(0, (widths[i] ?? 0) - width(text))) + palette.tone(tone, text))
    .join('')
}

type Name = {
  readonly guides: string
  /** arrows and the like */
  readonly sign: string
  readonly text: string
  readonly tone: Tone
  /** a function has its own hue */
  readonly isFunction: boolean
  readonly mark: string
  /** what it is, and where; goes where there is no room */
  readonly about: string
}

const noName: Name = {guides: '', sign: '', text: '', tone: 'plain', isFunction: false, mark: '', about: ''}

function nameOf(drawn: DrawnRow, signs: Signs, glyphs: Glyphs, label: (row: TreeRow) => string): Name {
  const guides = drawn.guides
    .slice(0, -1)
    .map(more => (more ? signs.through : signs.none))
    .join('')
  const hasMore = drawn.guides.at(-1)
  const isAsync = drawn.row?.edge?.isAsync === true
  const branch =
    hasMore === undefined
      ? ''
      : isAsync
        ? hasMore
          ? signs.asyncMore
          : signs.asyncLast
        : hasMore
          ? signs.more
          : signs.last
  if (drawn.row === null) {
    const text = `${glyphs.ellipsis} ${counted(drawn.hidden, 'more row')}`
    return {...noName, guides: guides + branch, text, tone: 'dim'}
  }
  const {row, elsewhere} = drawn
  const health = healthIn(row)
  const isItself = row.edge !== null && row.edge.from === row.edge.to
  return {
    guides: guides + branch,
    sign: isItself ? signs.itself : elsewhere === null ? '' : signs[elsewhere],
    text: printableName(row.service.shownName),
    tone: health === 'failing' ? 'bad' : health === 'straining' ? 'look' : elsewhere !== null ? 'dim' : 'plain',
    isFunction: health === 'ok' && elsewhere === null && row.service.functionName !== null,
    mark: health === 'failing' ? ` ${glyphs.fail}` : '',
    about: [elsewhere !== null || isItself ? '' : printableName(serviceKind(row.service)), label(row)]
      .filter(Boolean)
      .map(text => ` ${text}`)
      .join(''),
  }
}

const nameWidth = ({guides, sign, text, mark, about}: Name): number => width(guides + sign + text + mark + about)

/** Of a name that is too long goes first what it is, then its middle; of a deep one the guides from the left. */
function paintName(name: Name, columns: number, palette: Palette, {ellipsis}: Glyphs): string {
  const {sign, mark, text, tone, isFunction} = name
  const about = nameWidth(name) <= columns ? name.about : ''
  const deepest = Math.max(0, Math.floor(columns / 2))
  const guides = width(name.guides) <= deepest ? name.guides : ellipsis + name.guides.slice(width(ellipsis) - deepest)
  const rest = Math.max(1, columns - width(guides + sign + mark))
  const shown = columns === Number.POSITIVE_INFINITY ? text : shorten(text, rest, ellipsis)
  const painted =
    palette.tone('dim', guides + sign) +
    (isFunction ? palette.hue(text, shown) : palette.tone(tone, shown + mark)) +
    palette.tone('dim', about)
  const used = width(guides + sign + shown + mark + about)
  return painted + (columns === Number.POSITIVE_INFINITY ? '' : padEnd('', columns - used))
}

/** Where a service is, when it is not where what calls it is. */
function scopeLabel(map: ServiceMap): (row: TreeRow) => string {
  const placeOf = placeLabel(map)
  const byId = new Map(map.services.map(service => [service.id, service]))
  return ({service, edge}) => {
    const caller = edge === null ? undefined : byId.get(edge.from)
    const place = placeOf(service)
    return caller && (service.account === null || place === placeOf(caller)) ? '' : place
  }
}

function summary(map: ServiceMap, {dot}: Glyphs): Line {
  const {services, edges, coverage} = map
  if (services.length === 0)
    return [span(coverage.gaps.length > 0 ? 'nothing was found in what could be read' : 'nothing to show')]
  const failing = services.filter(({stats}) => stats?.health === 'failing').length
  const straining = services.filter(({stats}) => stats?.health === 'straining').length
  const calls = edges.length === 0 ? null : counted(edges.length, 'connection')
  return joined(
    [
      span(counted(services.filter(({isClient}) => !isClient).length, 'service'), 'strong'),
      calls === null ? null : span(calls, 'dim'),
      failing > 0 ? span(`${failing} failing`, 'bad') : null,
      straining > 0 ? span(`${straining} straining`, 'look') : null,
      failing + straining === 0 ? span('all well', 'good') : null,
      coverage.gaps.length > 0 ? span('not all of it could be read', 'look') : null,
      span('of the requests that X-Ray sampled', 'dim'),
    ],
    ` ${dot} `,
  )
}
