import {isKnown} from '../known.ts'
import type {Causes} from '../services/fleet/coldstarts/causes.ts'
import type {
  ColdStartFigures,
  ColdStartGroup,
  ColdStartsReport,
  ComparedColdStarts,
  FunctionColdStarts,
} from '../services/fleet/coldstarts/coldstarts-report.ts'
import type {FleetFunction} from '../services/fleet/fleet-function.ts'
import {minuteOf} from './coldstarts-plot-words.ts'
import {allCauses, verdictWords} from './coldstarts-words.ts'
import {count, counted} from './numbers.ts'
import {placeAmong} from './scope-label.ts'

/** What is drawn in a row: the cold starts of a function, of a group, or of a version beside the one before it. */
export type ColdPlotRow = {
  readonly name: string
  /** what it is, in words */
  readonly about: readonly string[]
  /** without a trend where it would not be of the whole window */
  readonly figures: ColdStartFigures
  /** the init of a function of its runtime that does nothing; null where nobody measured it */
  readonly helloMs: number | null
  /** null where there is nothing to compare with */
  readonly ratio: number | null
  /** null where nobody looked for them */
  readonly causes: Causes | null
}

export type ColdPlotRows = {
  /** of what the rows are */
  readonly of: 'function' | 'version' | 'runtime' | 'hour'
  readonly rows: readonly ColdPlotRow[]
  /** what there would be besides: `12 more functions with cold starts: --limit 28`; '' for nothing */
  readonly more: string
  readonly total: ColdPlotRow
}

/**
 * Rows with cold starts in the report's own order, the first so many of them.
 * @param limit null: `byDefault`, but all hours, which are a row of time
 */
export function coldPlotRows(report: ColdStartsReport, limit: number | null, byDefault: number): ColdPlotRows {
  const {compared, groups, functions} = report
  const total = totalRow(report)
  const place = placeAmong(report.coverage.scopes)
  const most = limit ?? byDefault
  if (compared) {
    const rows = compared.slice(0, most).flatMap(one => comparedRows(one, place(one.of)))
    return {of: 'version', rows, more: moreText(compared.length, most, 'deploy'), total}
  }
  if (groups) {
    const {by} = groups
    const cold = by === 'hour' ? groups.groups : groups.groups.filter(({figures}) => figures.felt > 0)
    const first = by === 'hour' ? (limit ?? cold.length) : most
    const rows = cold.slice(0, first).map(group => groupRow(group, place(group)))
    return {of: by, rows, more: moreText(cold.length, first, by), total}
  }
  const cold = functions.filter(({figures}) => isKnown(figures) && figures.value.felt > 0)
  const rows = cold.slice(0, most).flatMap(one => functionRow(one, place(one.of)) ?? [])
  return {of: 'function', rows, more: moreText(cold.length, most, 'function'), total}
}

function moreText(all: number, shown: number, noun: string): string {
  const more = all - shown
  if (more <= 0) return ''
  return `${counted(more, `more ${noun}`)}${noun === 'function' ? ' with cold starts' : ''}: --limit ${all} has all`
}

function functionRow({of, figures, baseline, ratioToBaseline, causes}: FunctionColdStarts, place: string) {
  if (!isKnown(figures)) return null
  const row: ColdPlotRow = {
    name: of.version === null ? of.name : `${of.name}:${of.version}`,
    about: aboutFunction(of, place),
    figures: figures.value,
    helloMs: baseline?.initMs ?? null,
    ratio: ratioToBaseline,
    causes,
  }
  return row
}

const aboutFunction = (of: FleetFunction, place: string): readonly string[] =>
  [
    of.runtime ?? 'image',
    `${of.memorySizeMB} MB`,
    of.architecture === 'arm64' ? 'arm64' : '',
    of.snapStart ? 'SnapStart' : '',
    place,
  ].filter(Boolean)

function groupRow({key, start, functions, unknown, runtime, functionName, figures}: ColdStartGroup, place: string) {
  const row: ColdPlotRow = {
    name: start === null ? key : minuteOf(start),
    about: [
      functionName === null ? counted(functions, 'function') : (runtime ?? ''),
      unknown > 0 ? `${unknown} not known` : '',
      place,
    ].filter(Boolean),
    figures: start === null ? figures : withoutTrend(figures),
    helloMs: null,
    ratio: null,
    causes: null,
  }
  return row
}

function comparedRows(
  {of, version, previousVersion, servesSince, servedBefore, now, before, verdict}: ComparedColdStarts,
  place: string,
): readonly ColdPlotRow[] {
  const row = (version: string, about: string, figures: ColdStartFigures): ColdPlotRow => ({
    name: `${of.name}:${version}`,
    about: [about, place].filter(Boolean),
    // of the time that the version served
    figures: withoutTrend(figures),
    helloMs: null,
    ratio: null,
    causes: null,
  })
  const notSince = servedBefore ? 'served the whole window' : 'not called in this window'
  const since = servesSince === null ? notSince : `since ${minuteOf(servesSince)}`
  return [
    row(version, previousVersion === null ? since : `${verdictWords[verdict]}, ${since}`, now),
    ...(before && previousVersion !== null ? [row(previousVersion, 'the one before', before)] : []),
  ]
}

function totalRow({total, functions, known}: ColdStartsReport): ColdPlotRow {
  return {
    name: `${known.functions === 1 ? '' : 'all '}${counted(known.functions, 'function')}`,
    about: [known.known === known.functions ? 'known' : `${count(known.known)} of them known`],
    figures: total,
    helloMs: null,
    ratio: null,
    causes: allCauses(functions),
  }
}

const withoutTrend = (figures: ColdStartFigures): ColdStartFigures => ({...figures, trend: []})

/** Which signs a legend is to explain: those that are drawn. */
export function signsIn({rows, total}: ColdPlotRows) {
  const all = [total, ...rows]
  return {
    inits: all.some(({figures}) => figures.initMs !== null),
    restores: all.some(({figures}) => figures.restoreMs !== null),
    hello: rows.some(({helloMs}) => helloMs !== null),
    causes: all.some(({causes}) => causes !== null),
  }
}
