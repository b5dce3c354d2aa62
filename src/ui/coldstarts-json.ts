import {isKnown, orNull} from '../known.ts'
import type {
  ColdStartFigures,
  ColdStartGroup,
  ColdStartsReport,
  ComparedColdStarts,
  FunctionColdStarts,
} from '../services/fleet/coldstarts/coldstarts-report.ts'
import type {FleetFunction} from '../services/fleet/fleet-function.ts'
import {isoClock} from './iso-clock.ts'
import {coverageFields, reasonOf, withoutFalseZeros} from './known-fields.ts'
import {firstOf, functionFields, jsonLinesOf, reportJson} from './report-json.ts'

/** The report as one `slsops/coldstarts@1` document. @param limit the first so many; null: all */
export function coldStartsJson(report: ColdStartsReport, limit: number | null): string {
  const {coverage, known, functions, total, groups, compared, unattributed, notes} = report
  const iso = isoClock()
  const {provisionedUnknown} = report
  const isPartial = functions.some(({figures, notApplicable}) => !isKnown(figures) && notApplicable === null)
  return reportJson('coldstarts', coverage, {
    ...coverageFields(known),
    total: isPartial
      ? withoutFalseZeros(figuresObject(total))
      : withoutProvisioned(figuresObject(total), provisionedUnknown.size > 0),
    ...(groups && {by: groups.by, groups: firstOf(groups.groups, limit).map(group => groupObject(group, iso))}),
    ...(compared && {compared: firstOf(compared, limit).map(one => comparedObject(one, iso))}),
    functions: firstOf(functions, limit).map(one => functionObject(one, provisionedUnknown)),
    unattributed,
    quantiles: 'nearest-rank',
    trendPartMs: report.trendPartMs,
    histogramBoundsMs: report.histogramBoundsMs,
    baselinesAsOf: report.baselinesAsOf,
    pricesAsOf: report.pricesAsOf,
    notes,
  })
}

/** A function a line, or a group. */
export function coldStartsNdjson(
  {functions, groups, provisionedUnknown}: ColdStartsReport,
  limit: number | null,
): string {
  const iso = isoClock()
  const items = groups
    ? firstOf(groups.groups, limit).map(group => groupObject(group, iso))
    : firstOf(functions, limit).map(one => functionObject(one, provisionedUnknown))
  return [...jsonLinesOf('coldstarts-item', items)].join('')
}

function functionObject(
  {of, figures, invocations, notApplicable, baseline, ratioToBaseline, causes, advice}: FunctionColdStarts,
  provisionedUnknown: ColdStartsReport['provisionedUnknown'],
) {
  return {
    ...placeObject(of),
    runtime: of.runtime,
    architecture: of.architecture,
    memorySizeMB: of.memorySizeMB,
    ...('value' in figures
      ? withoutProvisioned(figuresObject(figures.value), provisionedUnknown.has(of))
      : noFigures(invocations)),
    unknown: 'value' in figures ? null : reasonOf(figures),
    notApplicable,
    helloWorld: baseline && {initMs: baseline.initMs, memorySizeMB: baseline.memorySizeMB, package: baseline.package},
    ratioToHelloWorld: ratioToBaseline,
    causes,
    advice,
  }
}

const placeObject = (of: FleetFunction) => ({
  ...functionFields(of),
  functionArn: of.version === null ? of.arn : `${of.arn}:${of.version}`,
})

/** What nobody knows is null, and never 0. */
const noFigures = (invocations: FunctionColdStarts['invocations']) => ({
  invocations: orNull(invocations),
  ...(!isKnown(invocations) && {invocationsUnknown: reasonOf(invocations)}),
  coldStarts: null,
  felt: null,
  rate: null,
  initMs: null,
  restoreMs: null,
  initCostUSD: null,
})

/** Where nobody knows of provisioned concurrency, that no init was of it is no finding. */
function withoutProvisioned(told: ReturnType<typeof figuresObject>, isUnknown: boolean) {
  const {coldStarts} = told
  return {...told, coldStarts: isUnknown ? {...coldStarts, provisioned: coldStarts.provisioned || null} : coldStarts}
}

function figuresObject({invocations, rate, ...figures}: ColdStartFigures) {
  return {
    invocations: orNull(invocations),
    ...(!isKnown(invocations) && {invocationsUnknown: reasonOf(invocations)}),
    ...figures,
    rate: orNull(rate),
  }
}

function groupObject({figures, start, functionName, ...group}: ColdStartGroup, iso: (ms: number) => string) {
  return {
    ...group,
    function: functionName,
    start: start === null ? null : iso(start),
    ...figuresObject(figures),
  }
}

function comparedObject(
  {of, now, before, servesSince, publishedAt, ...compared}: ComparedColdStarts,
  iso: (ms: number) => string,
) {
  return {
    ...placeObject(of),
    ...compared,
    servesSince: servesSince === null ? null : iso(servesSince),
    publishedAt: publishedAt === null ? null : iso(publishedAt),
    now: figuresObject(now),
    before: before && figuresObject(before),
  }
}
