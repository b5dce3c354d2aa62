import {orNull} from '../known.ts'
import type {ColdStartFigures, ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {type CsvCell, csvPieces} from './csv-pieces.ts'
import {firstOf} from './report-json.ts'

const figureColumns =
  'invocations felt rate onDemand restore proactive provisioned suppressed failed unused undetermined initP50Ms initP90Ms initP99Ms initMaxMs restoreP50Ms restoreP99Ms feltP50Ms feltP99Ms initCostUSD initCostUSDPerMonth restoreCostUSD restoreCostUSDPerMonth'.split(
    ' ',
  )

const functionColumns = [
  ...'function account region functionArn runtime architecture memorySizeMB'.split(' '),
  ...figureColumns,
  ...'ratioToHelloWorld deploys scaleOut idle unknownCause unknown advice'.split(' '),
]

const groupColumns = [
  'key',
  'function',
  'account',
  'region',
  'version',
  'functions',
  'unknownFunctions',
  ...figureColumns,
]

/** RFC 4180, with a heading; a function a row, or a group. What nobody knows is an empty cell, with its reason in a column of its own. @param limit the first so many; null: all */
export function coldStartsCsv({functions, groups}: ColdStartsReport, limit: number | null): string {
  const rows = groups
    ? [groupColumns, ...firstOf(groups.groups, limit).map(groupRow)]
    : [functionColumns, ...firstOf(functions, limit).map(functionRow)]
  return [...csvPieces(rows)].join('')
}

function groupRow(group: NonNullable<ColdStartsReport['groups']>['groups'][number]): readonly CsvCell[] {
  const {key, functionName, account, region, version, functions, unknown, figures} = group
  return [key, functionName, account, region, version, functions, unknown, ...figureCells(figures)]
}

function functionRow(row: ColdStartsReport['functions'][number]): readonly CsvCell[] {
  const {of, figures, invocations, notApplicable, ratioToBaseline, causes, advice} = row
  return [
    ...[of.name, of.account, of.region, of.version === null ? of.arn : `${of.arn}:${of.version}`],
    ...[of.runtime, of.architecture, of.memorySizeMB],
    ...('value' in figures
      ? figureCells(figures.value)
      : [orNull(invocations), ...figureColumns.slice(1).map(() => null)]),
    ratioToBaseline,
    ...[causes?.deploy ?? null, causes?.scaleOut ?? null, causes?.idle ?? null, causes?.unknown ?? null],
    'value' in figures ? '' : (notApplicable ?? `${figures.unknown}: ${figures.detail}`),
    advice.map(({text}) => text).join('; '),
  ]
}

function figureCells(figures: ColdStartFigures): readonly CsvCell[] {
  const {invocations, felt, rate, coldStarts, unused, undetermined, initMs, restoreMs, feltMs} = figures
  const {onDemand, restore, proactive, provisioned, suppressed, failed} = coldStarts
  return [
    ...[orNull(invocations), felt, orNull(rate)],
    ...[onDemand, restore, proactive, provisioned, suppressed, failed, unused, undetermined],
    ...[initMs?.p50 ?? null, initMs?.p90 ?? null, initMs?.p99 ?? null, initMs?.max ?? null],
    ...[restoreMs?.p50 ?? null, restoreMs?.p99 ?? null, feltMs?.p50 ?? null, feltMs?.p99 ?? null],
    ...[figures.initCostUSD, figures.initCostUSDPerMonth, figures.restoreCostUSD, figures.restoreCostUSDPerMonth],
  ]
}
