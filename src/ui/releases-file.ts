import type {AliasRelease, ReleasesReport, ReleaseVersion} from '../services/traffic/releases/releases.ts'
import {aliasText} from './alias-words.ts'
import {type CsvCell, csvPieces} from './csv-pieces.ts'
import {isoClock} from './iso-clock.ts'
import {markdownGaps, markdownRow, markdownText} from './markdown.ts'
import {count, counted, percentNumber} from './numbers.ts'
import {callsText, costText, errorsText, p95Text, releaseFacts, shareText} from './releases-words.ts'
import {firstOf} from './report-json.ts'
import {glyphsFor} from './terminal.ts'

const columns =
  'function alias account region standing version weightPercent calls errors p95Ms costUSD firstSeen lastSeen since movedBy waitingVersion managers functionArn'.split(
    ' ',
  )

/** RFC 4180, with a heading; a row for each version of each alias. */
export function* releasesCsv({aliases}: ReleasesReport, limit: number | null): Generator<string> {
  yield* csvPieces([columns])
  yield* csvPieces(firstOf(aliases, limit).flatMap(release => release.versions.map(version => rowOf(release, version))))
}

function rowOf(release: AliasRelease, {version, weight, figures, costUSD}: ReleaseVersion): readonly CsvCell[] {
  const iso = isoClock()
  const time = (ms: number | null | undefined): string | null => (ms == null ? null : iso(ms))
  const {functionName, functionArn, alias, account, region, standing, since, mover, waiting, managers} = release
  return [
    functionName,
    alias,
    account,
    region,
    standing,
    version,
    percentNumber(weight),
    figures?.calls ?? null,
    figures?.errors ?? null,
    figures?.p95Ms ?? null,
    costUSD,
    time(figures?.firstAt),
    time(figures?.lastAt),
    time(since),
    mover?.by ?? null,
    waiting,
    managers.map(({kind, name}) => `${kind} ${name}`).join('; '),
    functionArn,
  ]
}

/** The report for a ticket or a review, in Markdown. */
export function releasesMarkdown(report: ReleasesReport, limit: number | null): string {
  const {coverage, aliases, without, pricesAsOf, notes} = report
  const iso = isoClock()
  const {start, end} = coverage.window
  // in a file that others read, days are UTC's
  const clock = {time: (ms: number) => iso(ms).slice(11, 23), date: (ms: number) => iso(ms).slice(0, 10)}
  const now = end ?? start
  const headings = ['alias', 'version', 'share', 'calls', 'errors', 'p95', 'cost', 'what else']
  const rows = firstOf(aliases, limit).flatMap(release =>
    release.versions.map(({figures, ...version}, at) =>
      markdownRow([
        at === 0 ? markdownText(aliasText(release)) : '',
        markdownText(version.version),
        shareText({...version, figures}),
        figures === null ? '' : callsText(figures.calls),
        errorsText(figures),
        p95Text(figures?.p95Ms ?? null),
        costText(version.costUSD),
        at === 0
          ? markdownText(
              releaseFacts(release, {clock, now, glyphs: glyphsFor({unicode: true})})
                .map(({text}) => text)
                .join('; '),
            )
          : '',
      ]),
    ),
  )
  return [
    '# Releases\n\n',
    `${iso(start)} to ${end === null ? 'now' : iso(end)}: ${counted(aliases.length, 'alias', 'aliases')}; ${count(without)} functions have none.\n\n`,
    ...(rows.length === 0 ? [] : [markdownRow(headings), markdownRow(headings.map(() => '---')), ...rows, '\n']),
    `List prices of ${pricesAsOf}.\n\n`,
    ...markdownGaps(coverage.gaps).map(line => `${line}\n`),
    ...notes.map(note => `- ${markdownText(note)}\n`),
  ].join('')
}
