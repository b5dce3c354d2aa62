import {UserError} from '../../../errors.ts'
import type {Known, Unknown} from '../../../known.ts'
import type {InsightsUse} from '../../insights/insights-use.ts'
import {isAnswerTo} from '../../insights/is-answer-to.ts'
import type {Row} from '../../insights/pipeline/row-operations.ts'
import {planQuery} from '../../insights/plan-query.ts'
import {reportsOfFunctions} from '../../insights/report-lines.ts'
import {numberOf} from '../../insights/rows.ts'
import {runParts} from '../../insights/run-parts.ts'
import {lotsOf} from '../../insights/split.ts'
import type {Gap} from '../../receipt.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {whyHidden} from '../hidden-reports.ts'
import {unknownReasons} from '../unknown-gaps.ts'
import {whyUnknown} from '../why-unknown.ts'
import type {MemorySource} from './memory-sources.ts'

/** What a function's REPORT lines tell of its memory. */
export type MemoryUse = {
  readonly memoryUsedMB: Known<number | null>
  readonly timeouts: Known<number | null>
}

export type ReadMemoryOptions = {
  /** epoch ms */
  readonly start: number
  readonly end: number
  /** queries are stopped where they have scanned more than this pays for; null: whatever it costs */
  readonly mostUSD: number | null
  readonly use: InsightsUse
  readonly onNotice: (notice: string) => void
  /** how many of the log groups are searched */
  readonly onSearched: (done: number, total: number) => void
}

/** One row of each group and function. Text and JSON reports carry memory in fields of their own, of which all but one are empty. */
const memoryQuery = [
  ...reportsOfFunctions,
  String.raw`parse @message /\tMax Memory Used: (?<textMB>\d+) MB/`,
  `stats count(*) as reports, max(textMB) as reportedMB, max(@maxMemoryUsed) as usedBytes, max(record.metrics.maxMemoryUsedMB) as usedMB, sum(strcontains(@message, "Status: timeout")) as textTimeouts, sum(strcontains(@message, '"status":"timeout"')) as jsonTimeouts by @log, owner`,
].join(' | ')

/** Why a function's reports cannot be read, whoever asks; null where they can. */
export function whyNoReports(
  fn: FleetFunction,
  {size, isMissing}: Pick<MemorySource, 'size' | 'isMissing'>,
): Unknown | null {
  const hidden = whyHidden(fn)
  if (hidden) return hidden
  if (isMissing) return {unknown: 'missing', detail: `log group ${fn.logGroup} is not there`}
  const logGroupClass = size?.logGroupClass ?? null
  if (logGroupClass === 'DELIVERY')
    return {unknown: 'unsupported-class', detail: `its log group is of class ${logGroupClass}`}
  return null
}

/**
 * Reads what functions used of their memory, with as few Logs Insights queries as can be.
 * @returns by function; one that has no report in the window has null, one whose log group is not there is unknown
 */
export async function readMemory(
  sources: readonly MemorySource[],
  options: ReadMemoryOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<FleetFunction, MemoryUse>> {
  const bySource = new Map(sources.map(each => [each.source, each]))
  // one query takes log groups of one class only
  const alike = Map.groupBy(sources, ({size}) => size?.logGroupClass === 'INFREQUENT_ACCESS')
  const lots = Array.from(alike.values(), same => lotsOf(same.map(({source}) => source))).flat()
  let searched = 0
  options.onSearched(searched, sources.length)
  const answers = await Promise.all(
    lots.map(async lot => {
      const answer = await readLot(
        lot.sources.flatMap(source => bySource.get(source) ?? []),
        options,
        signal,
      )
      searched += lot.sources.length
      options.onSearched(searched, sources.length)
      return answer
    }),
  )
  return new Map(answers.flat())
}

type Answer = readonly (readonly [FleetFunction, MemoryUse])[]

async function readLot(
  lot: readonly MemorySource[],
  {start, end, mostUSD, use, onNotice}: ReadMemoryOptions,
  signal: AbortSignal,
): Promise<Answer> {
  const [first] = lot
  if (!first) return []
  const sources = lot.map(({source}) => source)
  const {aws} = first.source
  try {
    const plan = await planQuery({query: memoryQuery, all: [aws], sources, mostRows: 10_000}, signal)
    const runs = runParts(
      plan,
      {start, end, limit: null, maxCostUSD: mostUSD, use, found: {gaps: []}, onNotice},
      signal,
    )
    const {rows} = await runs.run()
    if (aws.scope.endpoint === 'custom' && !isAnswerTo(memoryQuery, rows)) throw notUnderstood()
    const whole = runs.gaps.find(({what}) => !sources.some(({logGroup}) => logGroup === what))
    return lot.flatMap(each => {
      const gap = runs.gaps.find(({what}) => what === each.source.logGroup) ?? whole
      return each.functions.map(fn => [fn, useOf(fn, each, rows, gap)] as const)
    })
  } catch (error) {
    const unknown = whyUnknown(error, {doing: 'read reports', permission: 'logs:StartQuery'}, signal)
    return lot.flatMap(({functions}) => functions.map(fn => [fn, bothUnknown(unknown)] as const))
  }
}

const bothUnknown = (unknown: Unknown): MemoryUse => ({memoryUsedMB: unknown, timeouts: unknown})

function useOf(fn: FleetFunction, {source, size, functions}: MemorySource, rows: readonly Row[], gap?: Gap): MemoryUse {
  const own = rows.filter(row => groupOf(row) === source.logGroup && isOf(row, fn, functions))
  if (own.length > 0) {
    const used = own.flatMap(row => usedMB(row) ?? [])
    const timeouts = own.reduce(
      (sum, row) => sum + (numberIn(row, 'textTimeouts') ?? 0) + (numberIn(row, 'jsonTimeouts') ?? 0),
      0,
    )
    // reports of functions on managed instances tell no memory
    const memoryUsedMB: Known<number | null> =
      used.length > 0
        ? {value: used.reduce((a, b) => Math.max(a, b))}
        : {unknown: 'missing', detail: 'its reports tell no memory'}
    return {memoryUsedMB, timeouts: {value: timeouts}}
  }
  if (gap) return bothUnknown({unknown: unknownReasons[gap.reason], detail: gap.detail ?? gap.what})
  if (size === null)
    return bothUnknown({unknown: 'missing', detail: `log group ${fn.logGroup} is not there, or may not be seen`})
  return {memoryUsedMB: {value: null}, timeouts: {value: null}}
}

/** `123456789012:/aws/lambda/x` */
const groupOf = (row: Row): string => (row.get('@log') ?? '').replace(/^\d{12}:/, '')

/** A stream that names no function is of the group's only one. */
function isOf(row: Row, {name}: FleetFunction, functions: readonly FleetFunction[]): boolean {
  const owner = row.get('owner') ?? ''
  return owner === '' ? functions.length === 1 : owner === name
}

/** Insights' own field carries bytes of which a million are Lambda's MB. */
function usedMB(row: Row): number | null {
  const bytes = numberIn(row, 'usedBytes') ?? 0
  const used = Math.max(bytes / 1_000_000, numberIn(row, 'reportedMB') ?? 0, numberIn(row, 'usedMB') ?? 0)
  return used > 0 ? used : null
}

/** Insights writes numbers as `1.28E8` too. */
const numberIn = (row: Row, field: string): number | null => numberOf(row.get(field) ?? '')

const notUnderstood = (): UserError =>
  new UserError('the endpoint passed over the query’s stats and answered something else')
