import {orNull} from '../known.ts'
import type {FunctionVerdict, UnusedReport} from '../services/fleet/unused/unused-report.ts'
import type {Waste} from '../services/fleet/unused/waste.ts'
import {type CsvCell, csvPieces} from './csv-pieces.ts'
import {isoClock} from './iso-clock.ts'
import {markdownGaps, markdownRow, markdownText} from './markdown.ts'
import {count, counted} from './numbers.ts'
import {eachAs} from './report-json.ts'
import {glyphsFor} from './terminal.ts'
import {priceText, wasteByKind, wasteKindText, wasteTotalText, wasteUnreadText} from './unused-waste.ts'
import {evidenceWords} from './unused-words.ts'

const columns =
  'verdict function account region reasons evidence invocations throttles lastInvoked lastModified monthlyWasteUSD unknown functionArn'.split(
    ' ',
  )

/** RFC 4180, with a heading; a function a row, then what is wasted and belongs to none, without a verdict. Several reasons are parted by spaces; what is not known is empty, and named in `unknown`. */
export function* unusedCsv(report: UnusedReport): Generator<string> {
  const iso = isoClock()
  const words = wordsOptions(report)
  const rowOf = (one: FunctionVerdict): readonly CsvCell[] => {
    const {fn, verdict, reasons, lastInvoked, evidence, missing, monthlyWasteUSD} = one
    const usage = orNull(evidence.usage)
    const unknown = missing.map(({name, why}) => `${name}: ${why.unknown}`)
    return [
      verdict,
      fn.name,
      fn.account,
      fn.region,
      reasons.join(' '),
      evidenceWords(one, words).join('; '),
      usage?.invocations ?? null,
      usage?.throttles ?? null,
      lastInvoked && iso(lastInvoked.at),
      fn.lastModifiedAt === null ? null : iso(fn.lastModifiedAt),
      orNull(monthlyWasteUSD),
      unknown.join('; '),
      fn.arn,
    ]
  }
  yield* csvPieces([columns])
  yield* csvPieces(eachAs(report.functions, rowOf))
  // of what some verdicts alone were asked for, it is no part
  const isWhole = report.functions.length === report.known.functions
  const nobodys = isWhole ? report.waste.filter(({functionArn}) => functionArn === null) : []
  yield* csvPieces(eachAs(nobodys, ownerlessRow))
}

function ownerlessRow({what, account, region, kind, monthlyUSD}: Waste): readonly CsvCell[] {
  const why = monthlyUSD === null ? 'monthlyWasteUSD: missing' : ''
  return [
    null,
    null,
    account,
    region,
    null,
    `${wasteKindText(kind)}: ${what}`,
    null,
    null,
    null,
    null,
    monthlyUSD,
    why,
    null,
  ]
}

/** The report for a ticket or a review, in Markdown. */
export function unusedMarkdown(report: UnusedReport): string {
  const {coverage, functions, counts, waste, pricesAsOf, notes, known} = report
  const iso = isoClock()
  const {start, end} = coverage.window
  const words = wordsOptions(report)
  const listed = functions.filter(({verdict}) => verdict !== 'active')
  const free = waste.filter(({kind}) => kind === 'old-versions')
  const costly = waste.filter(one => one.kind !== 'old-versions' && one.monthlyUSD !== 0)
  const unread = wasteUnreadText(report)
  const cells = (one: FunctionVerdict): readonly string[] => [
    one.verdict,
    markdownText(one.fn.name),
    markdownText(one.fn.region),
    markdownText(evidenceWords(one, words).join('; ')),
    one.lastInvoked === null ? '' : iso(one.lastInvoked.at),
  ]
  return [
    '# Unused functions\n\n',
    `${iso(start)} to ${end === null ? 'now' : iso(end)}: ${counted(known.functions, 'function')}, ${count(counts.active)} of them active.\n\n`,
    ...table(['verdict', 'function', 'region', 'evidence', 'last ran'], listed.map(cells)),
    ...(waste.length === 0
      ? []
      : [
          `## Waste: ${wasteTotalText(report) ?? wasteByKind(report).join(', ')}\n\n`,
          ...table(
            ['a month', 'kind', 'what', 'region', 'formula'],
            // what costs nothing is summed up below
            costly.map(one => [
              priceText(one),
              wasteKindText(one.kind),
              markdownText(one.what),
              markdownText(one.region),
              markdownText(one.formula),
            ]),
          ),
          ...wasteByKind({...report, waste: free}).map(text => `${text}.\n\n`),
          ...(unread === null ? [] : [`${unread}.\n\n`]),
          `List prices of ${pricesAsOf}. An idle function itself costs nothing.\n\n`,
        ]),
    ...markdownGaps(coverage.gaps).map(line => `${line}\n`),
    ...notes.map(note => `- ${markdownText(note)}\n`),
  ].join('')
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return []
  return [markdownRow(headings), markdownRow(headings.map(() => '---')), ...rows.map(markdownRow), '\n']
}

/** In a file that others read, days are UTC's. */
function wordsOptions({measuredSince, coverage}: UnusedReport) {
  const iso = isoClock()
  const clock = {time: (ms: number) => iso(ms).slice(11, 23), date: (ms: number) => iso(ms).slice(0, 10)}
  return {
    window: {start: measuredSince, end: coverage.window.end ?? measuredSince},
    clock,
    glyphs: glyphsFor({unicode: true}),
  }
}
