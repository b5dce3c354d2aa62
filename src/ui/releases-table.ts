import type {Scope} from '../services/aws/scope.ts'
import type {AliasRelease, ReleaseVersion} from '../services/traffic/releases/releases.ts'
import {aliasText} from './alias-words.ts'
import {padEnd, shorten, width} from './columns.ts'
import {fittingColumns} from './fitting-columns.ts'
import {paintedRows} from './layout.ts'
import {counted} from './numbers.ts'
import {type Palette, paletteFor, type Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {callsText, costText, errorsText, type FactOptions, p95Text, releaseFacts, shareText} from './releases-words.ts'
import {placeAmong} from './scope-label.ts'
import {joined, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

type Cell = {readonly text: string; readonly tone: Tone}
type Column = {
  readonly heading: string
  readonly columns: number
  readonly keep: number
  cell(one: ReleaseVersion, of: AliasRelease): Cell
}

const gap = 2
const leastName = 14
const namesShare = 0.4
/** of an alias that served thirty versions in a month */
const mostVersions = 5

export type ReleasesTableOptions = Omit<FactOptions, 'glyphs'> & {
  readonly terminal: Terminal
  readonly scopes: readonly Scope[]
}

/** A row for each version of each alias, what it serves first, and below it what else is to be known. */
export function* releasesTable(
  releases: readonly AliasRelease[],
  {terminal, scopes, clock, now}: ReleasesTableOptions,
): Generator<string> {
  if (releases.length === 0) return
  const palette = paletteFor(terminal)
  const glyphs = glyphsFor(terminal)
  const place = placeAmong(scopes)
  const nameOf = (release: AliasRelease): string =>
    printableName([place(release), aliasText(release)].filter(Boolean).join(' '))
  const widest = releases.reduce((most, release) => Math.max(most, width(nameOf(release))), 'alias'.length)
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const wanted =
    room === Number.POSITIVE_INFINITY ? widest : Math.min(widest, Math.max(leastName, Math.floor(room * namesShare)))
  const columns = fittingColumns(columnsOf(releases), room - wanted, gap)
  const used = columns.reduce((total, {columns: wide}) => total + wide + gap, 0)
  const nameColumns = Math.max(1, Math.min(widest, room - used))
  const heading = columns.map(column => ' '.repeat(gap) + column.heading.padStart(column.columns)).join('')
  yield `${palette.tone('dim', `${padEnd(shorten('alias', nameColumns, ''), nameColumns)}${heading}`)}\n`
  for (const release of releases) {
    const shown = release.versions.slice(0, mostVersions)
    for (const [at, version] of shown.entries()) {
      const name = at === 0 ? shorten(nameOf(release), nameColumns, glyphs.ellipsis) : ''
      const pad = ' '.repeat(Math.max(0, nameColumns - width(name)))
      yield `${`${palette.hue(release.functionName, name)}${pad}${cellsOf(columns, version, release, palette)}`.trimEnd()}\n`
    }
    const more = release.versions.length - shown.length
    const facts = [
      ...releaseFacts(release, {clock, now, glyphs}),
      ...(more > 0 ? [{text: `${counted(more, 'more version')} in the window`, tone: 'dim' as const}] : []),
    ]
    const separator = ` ${glyphs.dot} `
    if (facts.length > 0)
      yield paintedRows(
        [
          [
            span('  '),
            ...joined(
              facts.map(({text, tone}) => span(plainQuotes(text, terminal), tone)),
              separator,
            ),
          ],
        ],
        terminal,
        separator,
      )
  }
}

const plainQuotes = (text: string, {unicode}: Terminal): string => (unicode ? text : text.replaceAll(/[“”]/g, '"'))

const cellsOf = (
  columns: readonly Column[],
  version: ReleaseVersion,
  release: AliasRelease,
  palette: Palette,
): string =>
  columns
    .map(({cell, columns: wide}) => {
      const {text, tone} = cell(version, release)
      return ' '.repeat(gap + Math.max(0, wide - width(text))) + palette.tone(tone, text)
    })
    .join('')

function columnsOf(releases: readonly AliasRelease[]): readonly Column[] {
  const column = (heading: string, keep: number, cell: Column['cell']): Column => ({
    heading,
    keep,
    cell,
    columns: releases.reduce(
      (most, release) =>
        release.versions
          .slice(0, mostVersions)
          .reduce((wide, one) => Math.max(wide, width(cell(one, release).text)), most),
      heading.length,
    ),
  })
  const plain = (text: string): Cell => ({text, tone: 'plain'})
  return [
    column('version', 9, ({version, weight}) => ({text: printableName(version), tone: weight > 0 ? 'strong' : 'dim'})),
    column('share', 8, one => plain(shareText(one))),
    column('calls', 6, ({figures}) => plain(figures === null ? '' : callsText(figures.calls))),
    column('errors', 7, ({figures, weight}, {standing}) => ({
      text: errorsText(figures),
      tone: standing === 'troubled' && weight > 0 ? 'bad' : 'plain',
    })),
    column('p95', 5, ({figures}) => plain(p95Text(figures?.p95Ms ?? null))),
    column('cost', 3, ({costUSD}) => plain(costText(costUSD))),
  ]
}
