import type {Scope} from '../services/aws/scope.ts'
import type {InsightsEstimate} from '../services/insights/estimate.ts'
import type {OpenedQuery, QueryAnswer} from '../services/insights/open-query.ts'
import type {Receipt} from '../services/receipt.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {receiptJson} from './json-lines.ts'
import {fittingParts, paintedRows} from './layout.ts'
import {bytes, count, counted, roughCount, roughDuration, roughUSD} from './numbers.ts'
import {printable} from './printable.ts'
import {queryCsv, queryMarkdown, queryNdjson, rowObjects} from './query-file.ts'
import {queryLines, queryTable} from './query-table.ts'
import type {ReadingState} from './reading.tsx'
import {gapsAndNotes, scanText} from './receipt-text.ts'
import {reportJson} from './report-json.ts'
import {joined, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/** of a file */
export type QueryFormat = 'json' | 'csv' | 'md' | 'ndjson'

export type QueryScreenOptions = {
  readonly query: string
  readonly opened: OpenedQuery
  readonly json: boolean
  readonly csv: boolean
  readonly clock: ZoneClock
  readonly dated: boolean
  readonly windowText: string
}

/** How a query is shown: what will be run, how far it is, the answer in each form, and the receipt. */
export type QueryScreen = {
  header(terminal: Terminal): string
  plan(terminal: Terminal): string
  answer(answer: QueryAnswer, terminal: Terminal): string
  /** the answer as it is kept in a file */
  kept(answer: QueryAnswer, format: QueryFormat): string
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  querying(now: number, throttles: number): ReadingState
}

export function queryScreen({query, opened, json, csv, clock, dated, windowText}: QueryScreenOptions): QueryScreen {
  const {plan, estimate, scopes, progress} = opened
  const documentOf = (answer: QueryAnswer): string =>
    reportJson('query', opened.coverage(), {
      query,
      fields: answer.columns.map(({field}) => field),
      rows: rowObjects(answer),
      statistics: answer.statistics,
    })
  return {
    header: terminal => header(opened, windowText, terminal),
    plan: terminal => (json ? planJson(opened) : planText(opened, terminal)),
    answer(answer, terminal) {
      if (json) return documentOf(answer)
      // data to a program, on a terminal it is text
      if (csv) return terminal.isTTY ? printable(queryCsv(answer)) : queryCsv(answer)
      return terminal.isTTY ? queryTable(answer, clock, dated, terminal) : queryLines(answer, clock)
    },
    kept: (answer, format) => keptAs[format]?.(answer) ?? documentOf(answer),
    receipt: (receipt, terminal) =>
      receipt === null ? '' : json ? receiptJson(receipt, scopes) : receiptText(receipt, scopes, terminal),
    querying(now, throttles) {
      const {done, total, use, startedAt} = progress
      const elapsedMs = now - startedAt
      const share = shareOf(estimate, use.bytesScanned, done / Math.max(1, plan.parts.length))
      return {
        doing: 'querying',
        done,
        total,
        ...use,
        share,
        throttles,
        remainingMs: share > 0.02 && share < 1 ? (elapsedMs / share) * (1 - share) : null,
      }
    },
  }
}

const keptAs: Partial<Record<QueryFormat, (answer: QueryAnswer) => string>> = {
  csv: queryCsv,
  md: queryMarkdown,
  ndjson: queryNdjson,
}

/** How much is done: by what is scanned of what was expected, and by queries that are over. */
const shareOf = ({bytes}: InsightsEstimate, scanned: number, over: number): number =>
  bytes === null || bytes === 0 ? over : Math.max(over, Math.min(0.99, scanned / bytes))

function header({scopes, groups, plan, estimate}: OpenedQuery, windowText: string, terminal: Terminal): string {
  const {dot, to} = glyphsFor(terminal)
  const regions = [...new Set(scopes.map(({region}) => region))]
  const parts: Span[] = [
    windowText.replaceAll('·', dot).replaceAll('–', to),
    regions.length > 3 ? counted(regions.length, 'region') : regions.join(', '),
    groups === null ? 'what SOURCE selects' : counted(groups, 'log group'),
    counted(plan.parts.length, 'query', 'queries'),
    ...costParts(estimate, plan.parts.length),
  ].map(text => span(text, 'dim'))
  return paintedRows([fittingParts(parts, terminal, ` ${dot} `)], terminal)
}

function costParts({bytes: size, costUSD}: InsightsEstimate, queries: number): readonly string[] {
  if (queries === 0) return []
  return [costUSD === null || size === null ? 'cost unknown' : `about ${bytes(size)}, ${roughUSD(costUSD)}`]
}

/** What work costs before it is done: `about 1.24 GB, $0.0062, 4 s`. */
export function estimateText({estimate, groups}: Pick<OpenedQuery, 'estimate' | 'groups'>): string {
  const {bytes: size, costUSD, seconds, unknown} = estimate
  if (size === null || costUSD === null || seconds === null)
    return groups === null
      ? 'the cost is not known: SOURCE selects what is read'
      : 'the cost is not known: the sizes of the log groups could not be had (logs:DescribeLogGroups)'
  const rest = unknown === 0 ? '' : `, and ${counted(unknown, 'log group')} of unknown size`
  return `about ${bytes(size)} to scan, ${roughUSD(costUSD)} by list price, ${roughDuration(seconds * 1000)}${rest}`
}

function planText(opened: OpenedQuery, terminal: Terminal): string {
  const {plan, groups, scopes} = opened
  const {parts, merge} = plan
  const {dot} = glyphsFor(terminal)
  const why =
    merge === null
      ? parts.length === 0
        ? 'nothing to query'
        : 'one query, run as it is written'
      : `${counted(parts.length, 'query', 'queries')}, as few as AWS allows; their rows are put together here: ${merge.of === 'events' ? 'sorted, deduplicated and cut once more' : "aggregates are made out of the parts'"}`
  const each = parts.map(({aws, sources, queryString}, i) => {
    const what = sources.length === 0 ? 'what SOURCE selects' : counted(sources.length, 'log group')
    return `${[`query ${i + 1}`, [aws.scope.profile, aws.scope.region].filter(Boolean).join('/'), what].join(` ${dot} `)}\n  ${queryString}\n`
  })
  const regions = new Set(scopes.map(({region}) => region)).size
  // never broken, so that a query can be taken from it
  return printable(
    [
      `${groups === null ? 'what SOURCE selects' : counted(groups, 'log group')} in ${counted(regions, 'region')}\n`,
      `${why}\n`,
      `${estimateText(opened)}\n`,
      ...each,
    ].join(''),
  )
}

function planJson({plan, groups, estimate}: OpenedQuery): string {
  const queries = plan.parts.map(({aws, sources, byName, queryString}) => ({
    region: aws.scope.region,
    profile: aws.scope.profile,
    logGroups: sources.map(({logGroup}) => logGroup),
    byName,
    queryString,
  }))
  return `${JSON.stringify({schema: 'slsops/query-plan@1', logGroups: groups, estimate, queries})}\n`
}

function receiptText(receipt: Receipt, scopes: readonly Scope[], terminal: Terminal): string {
  const {dot} = glyphsFor(terminal)
  const {sources, shown, insights, throttles, durationMs, complete} = receipt
  const empty = sources.empty > 0 ? `, ${count(sources.empty)} empty` : ''
  const groups =
    sources.complete === sources.total
      ? `${counted(sources.total, 'group')} complete`
      : `${count(sources.complete)} of ${counted(sources.total, 'group')} complete`
  const parts: Span[] = [
    span(groups + empty, complete ? 'dim' : 'look'),
    span(counted(shown, 'row'), 'dim'),
    span(`${roughCount(receipt.events)} records scanned`, 'dim'),
    ...(insights ? [span(scanText(insights), 'dim')] : []),
    ...(throttles > 0 ? [span(`${count(throttles)} throttled`, 'look')] : []),
    span(roughDuration(durationMs), 'dim'),
  ]
  const separator = ` ${dot} `
  return paintedRows([joined(parts, separator)], terminal, separator) + gapsAndNotes(receipt, scopes, terminal)
}
