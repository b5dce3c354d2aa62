import {isGap, isKnown, type Known} from '../../../known.ts'
import type {Deploy} from '../../errors/deploys.ts'
import type {Served} from '../../errors/served.ts'
import {pricesOf} from '../../pricing.ts'
import {distinctGaps, type Gap} from '../../receipt.ts'
import type {Fleet} from '../fleet.ts'
import {functionGaps} from '../unknown-gaps.ts'
import {advisedOf} from './advice.ts'
import {baselinesAsOf} from './baselines.ts'
import type {ColdStartGrouping, ColdStartsReport} from './coldstarts-report.ts'
import {compareDeploys} from './compare-deploys.ts'
import {histogramBoundsMs, trendParts} from './figures.ts'
import {type ColdEvidence, countFunctions} from './function-figures.ts'
import {groupsOf, totalOf} from './group-figures.ts'
import {spilloverNotes, withoutServed} from './spillover.ts'
import {type ColdStartOrder, groupsInOrder, inOrder, type MinuteMetrics, tellFunction} from './tell-coldstarts.ts'

/** some minutes' calls are a good part of a shorter window's */
const shortMs = 3 * 3_600_000
/** traffic by day is not that by night */
const dayMs = 24 * 3_600_000

export type ColdStartsRead = {
  readonly evidence: ColdEvidence
  readonly metrics: MinuteMetrics
  readonly versions: Parameters<typeof groupsOf>[3]
  /** epoch ms: the window that was asked for */
  readonly asked: {readonly start: number; readonly end: number}
  readonly fleet: Pick<Fleet, 'scopes' | 'gaps'>
  readonly order: ColdStartOrder
  readonly by: ColdStartGrouping
  /** null where versions are not compared */
  readonly deploys: {readonly deploys: readonly Deploy[]; readonly history: Served} | null
  /** epoch ms */
  readonly askedAt: number
  /** what is written late may be missing */
  readonly isYoung: boolean
  /** pages came of the logs */
  readonly isBegun: boolean
}

/** What was read, as a report. */
export function coldStartsReport(told: ColdStartsRead): ColdStartsReport {
  const {evidence, metrics, versions, asked, askedAt, fleet, order, by, deploys} = told
  const {window} = evidence
  const {counted: byLog, unattributed} = countFunctions(evidence)
  const counted = withoutServed(byLog, metrics.provisioned, window.end)
  const functions = inOrder(
    counted.map(one => tellFunction(one, evidence, metrics)),
    order,
  )
  const isLost = (provisioned: Known<unknown> | undefined): boolean =>
    provisioned !== undefined && !isKnown(provisioned) && isGap(provisioned)
  const known = counted.filter(
    ({of, unknown, invocations}) => unknown === null && isKnown(invocations) && !isLost(evidence.provisioned.get(of)),
  ).length
  const isAnyPriced = counted.some(({inits}) => inits.some(({costUSD}) => (costUSD ?? 0) > 0))
  const groups = by === 'function' ? [] : groupsOf(by, counted, evidence, versions)
  return {
    coverage: {window, scopes: fleet.scopes, gaps: gapsOf(told, functions)},
    askedAt,
    known: {functions: counted.length, known},
    isBegun: told.isBegun,
    functions,
    provisionedUnknown: new Set([...evidence.provisioned].flatMap(([fn, told]) => (isKnown(told) ? [] : [fn]))),
    advised: advisedOf(functions),
    total: totalOf(counted, window),
    groups: by === 'function' ? null : {by, groups: by === 'hour' ? groups : groupsInOrder(groups, order)},
    compared: deploys && compareDeploys(deploys.deploys, deploys.history, counted, window),
    unattributed,
    trendPartMs: Math.max(1, (window.end - window.start) / trendParts),
    histogramBoundsMs,
    baselinesAsOf,
    pricesAsOf: pricesOf(fleet.scopes[0]?.region ?? 'us-east-1').asOf,
    notes: [
      ...notesOn(told, unattributed, window.end < asked.end, isAnyPriced),
      ...spilloverNotes(counted, metrics.provisioned, window.end),
    ],
  }
}

/** What is not in the report: what could not be listed, functions that nobody knows, rates without invocations, the rest of a window. */
function gapsOf(
  {evidence, asked, fleet, versions}: ColdStartsRead,
  functions: ColdStartsReport['functions'],
): readonly Gap[] {
  const {window, gaps, sourceOf} = evidence
  const ofFunctions = functions.flatMap(({of, figures, notApplicable}) =>
    isKnown(figures) || notApplicable !== null ? [] : [{fn: of, what: 'cold starts', why: figures}],
  )
  // a group that no function is known by, and one that a function without calls never had, are told otherwise or are none
  const unknownGroups = new Set(
    functions.flatMap(({of, figures}) => (isKnown(figures) ? [] : [sourceOf.get(of)?.logGroup ?? ''])),
  )
  const ofGroups = gaps.filter(({what, reason}) => reason !== 'missing' && !unknownGroups.has(what))
  const uncounted = [...evidence.invocations].flatMap(([fn, series]) =>
    isKnown(series) ? [] : [{fn, what: 'invocations', why: series}],
  )
  const known = new Set(functions.flatMap(({of, figures}) => (isKnown(figures) ? [of] : [])))
  const byVersion = [...versions].flatMap(([fn, series]) =>
    isKnown(series) || !known.has(fn) ? [] : [{fn, what: 'invocations by version', why: series}],
  )
  const rest =
    window.end < asked.end && window.end > asked.start
      ? [
          {
            what: `all after ${new Date(window.end).toISOString()}`,
            account: fleet.scopes[0]?.account ?? null,
            region: [...new Set(fleet.scopes.map(({region}) => region))].join(', '),
            ...(evidence.brokenOff === null
              ? {reason: 'interrupted' as const}
              : {reason: 'denied' as const, detail: evidence.brokenOff.detail}),
          },
        ]
      : []
  const kept = [...evidence.provisioned].flatMap(([fn, told]) =>
    isKnown(told) || !known.has(fn) ? [] : [{fn, what: 'provisioned concurrency', why: told}],
  )
  return distinctGaps([
    ...fleet.gaps,
    ...functionGaps([...kept, ...ofFunctions, ...uncounted, ...byVersion]),
    ...ofGroups,
    ...rest,
  ])
}

function notesOn(
  {evidence, asked, isYoung}: ColdStartsRead,
  unattributed: number,
  isCut: boolean,
  isAnyPriced: boolean,
): readonly string[] {
  const {unread, settled, provisioned} = evidence
  const undetermined = settled.undetermined.length
  const notAsked = [...provisioned.values()].filter(known => !isKnown(known))
  const [why] = notAsked
  return [
    ...(unattributed > 0
      ? [`${unattributed} cold starts are of no function that is known by its log stream: they are not in the figures`]
      : []),
    ...(unread.size > 0
      ? [
          `the logs of ${unread.size} functions that nobody invoked were not read: inits of provisioned concurrency there are not in the figures`,
        ]
      : []),
    ...(why && !isKnown(why)
      ? [
          `whether ${notAsked.length === 1 ? '1 function has' : `${notAsked.length} functions have`} provisioned concurrency is not known (${why.detail}): their inits ahead of requests count as proactive`,
        ]
      : []),
    ...(undetermined > 0 && !isCut
      ? [
          undetermined === 1
            ? 'whether a request came to 1 init is not told yet: it is in no figure'
            : `whether a request came to ${undetermined.toLocaleString('en')} inits is not told yet: they are in no figure`,
        ]
      : []),
    ...(isAnyPriced && asked.end - asked.start < dayMs
      ? ['the window is shorter than a day: what is said of a month takes its hours for all hours']
      : []),
    ...(isYoung
      ? [
          'the window ended less than a minute ago: cold starts may still arrive',
          ...(asked.end - asked.start < shortMs
            ? ['CloudWatch counts the calls of the last minutes late: of so short a window, rates may be too high']
            : []),
        ]
      : []),
  ]
}
