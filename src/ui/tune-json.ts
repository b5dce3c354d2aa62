import type {Scope} from '../services/aws/scope.ts'
import type {Gap} from '../services/receipt.ts'
import type {AppliedWinner} from '../services/tuning/apply/open-apply.ts'
import type {Sample} from '../services/tuning/sample.ts'
import type {Standing} from '../services/tuning/standing.ts'
import type {TuneReport} from '../services/tuning/tune-report.ts'
import {isoClock} from './iso-clock.ts'
import {jsonLinesOf, reportJson, reportPieces} from './report-json.ts'
import {askedFields, basisFields, tunedFunction} from './tune-plan-json.ts'
import {endingWords, isCurrent, isWholeEnding, placeOf} from './tune-words.ts'

export type TuneJsonOptions = {
  readonly scope: Scope
  readonly visualizationUrl: (report: TuneReport) => string | null
  /** what was asked for and is in no report */
  readonly leftOut: readonly Gap[]
  /** what --apply has set */
  readonly applied: readonly AppliedWinner[]
}

/** One function's report as a `slsops/tune@1` document; several as one with `functions[]`. Without the samples, which files have. */
export function tuneJson(reports: readonly TuneReport[], options: TuneJsonOptions): string {
  return reportJson(
    'tune',
    coverageOf(reports, options),
    bodyOf(reports, report => tuneObject(report, options)),
  )
}

/** The same with every sample. */
export function* tuneJsonWithSamples(reports: readonly TuneReport[], options: TuneJsonOptions): Generator<string> {
  yield* reportPieces(
    'tune',
    coverageOf(reports, options),
    bodyOf(reports, report => ({...tuneObject(report, options), samples: report.samples.map(sampleObject())})),
  )
}

/** Every sample of every function as a line, `slsops/tune-sample@1`. */
export function* tuneNdjson(reports: readonly TuneReport[]): Generator<string> {
  for (const {plan, samples} of reports) {
    const of = {runId: plan.runId, ...tunedFunction(plan)}
    yield* jsonLinesOf(
      'tune-sample',
      samples.map(sampleObject()).map(sample => ({...of, ...sample})),
    )
  }
}

function bodyOf(reports: readonly TuneReport[], make: (report: TuneReport) => object): object {
  const [only, ...others] = reports
  return only !== undefined && others.length === 0 ? make(only) : {functions: reports.map(make)}
}

function coverageOf(reports: readonly TuneReport[], {scope, leftOut}: TuneJsonOptions) {
  const [first] = reports
  const place = first === undefined ? {account: scope.account} : placeOf(first.plan)
  const at = reports.flatMap(({startedAt, endedAt}) => [startedAt, endedAt])
  return {
    window: {start: at.reduce((a, b) => Math.min(a, b), at[0] ?? 0), end: at.reduce((a, b) => Math.max(a, b), 0)},
    scopes: [{...scope, account: scope.account ?? place.account}],
    gaps: [...leftOut, ...reports.flatMap(gapsOf)],
  }
}

/** What keeps a report from being the whole answer: what could not be read or done, and that it ended before it was settled. */
function gapsOf({plan, gaps, hidden = [], ending, cleanup, recommendation}: TuneReport): readonly Gap[] {
  const gap = (reason: Gap['reason'], detail: string): Gap => ({
    what: plan.source.name,
    ...placeOf(plan),
    reason,
    detail,
    function: plan.source.name,
  })
  const reason = isWholeEnding(ending) ? 'failed' : endingReasons[ending]
  return [
    ...gaps.map(text => gap(hidden.includes(text) ? 'hidden' : reason, text)),
    ...(ending === 'observed' && recommendation === null && gaps.length === 0
      ? [gap('missing', 'its past tells too little to recommend a size')]
      : []),
    // as a rule one of the gaps says more of it
    ...(isWholeEnding(ending) || gaps.length > 0 ? [] : [gap(reason, endingWords[ending])]),
    ...cleanup.left.map(text => gap('failed', `left in AWS: ${text}`)),
  ]
}

const endingReasons: Readonly<Record<Exclude<TuneReport['ending'], 'settled' | 'observed'>, Gap['reason']>> = {
  'max-cost': 'sampled',
  'max-invocations': 'sampled',
  'max-time': 'sampled',
  'not-separable': 'sampled',
  failing: 'failed',
  failed: 'failed',
  'deployed-meanwhile': 'failed',
  interrupted: 'interrupted',
}

function tuneObject(report: TuneReport, {visualizationUrl, applied}: TuneJsonOptions) {
  const {plan, sizes, recommendation, spent, cleanup, ending} = report
  const {source} = plan
  const iso = isoClock()
  const current = sizes.find(size => isCurrent(size, plan))
  return {
    ...askedFields(plan),
    startedAt: iso(report.startedAt),
    endedAt: iso(report.endedAt),
    ending,
    settled: ending === 'settled',
    sizes: sizes.map(sizeObject),
    recommendation,
    sloMissed: report.nearestMiss ?? null,
    current: {
      memorySizeMB: source.memorySizeMB,
      architecture: source.architecture,
      ...(current === undefined ? {status: null} : sizeObject(current)),
    },
    curves: report.curves,
    ...basisFields(plan),
    spent,
    cleanedUp: cleanup.cleanedUp,
    left: cleanup.left,
    removed: cleanup.done,
    applied: appliedObject(applied.find(({runId}) => runId === plan.runId)),
    visualizationUrl: visualizationUrl(report),
    notes: [...plan.notes, ...report.notes],
  }
}

const appliedObject = (applied: AppliedWinner | undefined): object | null =>
  applied === undefined ? null : {beforeMB: applied.beforeMB, memorySizeMB: applied.memorySizeMB}

const documentedFirst = [
  'memorySizeMB',
  'architecture',
  'status',
  'invocations',
  'coldStarts',
  'meanBilledMs',
  'ci95BilledMs',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'costPerMillionUSD',
] as const

const sizeObject = (standing: Standing): object => ({
  ...Object.fromEntries(documentedFirst.map(name => [name, standing[name]])),
  ...standing,
})

function sampleObject(): (sample: Sample) => object {
  const iso = isoClock()
  return ({index, at, ...sample}) => ({index, at: iso(at), ...sample})
}
