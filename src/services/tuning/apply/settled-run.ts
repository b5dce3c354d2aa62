import {UserError, usageError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {parseSelection} from '../../targets/parse-target.ts'
import {resolveFunctions} from '../../targets/resolve-functions.ts'
import {checkSameCode, readResumedRun, wishOf} from '../journal/resumed-run.ts'
import {readRunPrices} from '../money/run-prices.ts'
import type {OpenTuneOptions} from '../open-tune.ts'
import {makePlan} from '../plan/make-plan.ts'
import {readPastReports} from '../plan/past-reports.ts'
import {inspectSource} from '../source/inspect-source.ts'
import type {TuneReport} from '../tune-report.ts'
import {readRun} from '../undo/open-runs.ts'

/**
 * A run that is over and was settled, with the function as it is now, so that its winner can be set without measuring again:
 * what it measured is not in it but for the answer.
 * @throws UserError (exit 2) for a run that has no settled answer, which nobody asked to be measured on, and for one of which
 *   something is left; where there is none or it was made elsewhere; of code DeployedMeanwhile where the function has other code
 */
export async function readSettledRun(
  aws: Aws,
  runId: string,
  options: OpenTuneOptions,
  signal: AbortSignal,
): Promise<TuneReport> {
  const {record} = await readRun(options.journals, runId)
  const {header, settledAs, isEnded} = record
  if (settledAs === null)
    throw usageError(`run ${runId} is not settled`, `go on with it first: slsops tune --resume ${runId}`)
  if (!isEnded) throw usageError(`something of run ${runId} is left`, `remove it first: slsops tune --cleanup ${runId}`)
  const resumed = await readResumedRun(aws, options.journals, runId, signal)
  const [{functions}, prices] = await Promise.all([
    resolveFunctions(aws, parseSelection(resumed.words), signal),
    readRunPrices(aws, signal),
  ])
  // of an alias that two versions serve by now
  const selected = functions.find(({version}) => version === header.version) ?? functions[0]
  if (selected === undefined)
    throw new UserError(`${header.functionName} does not exist any more`, {code: 'NoFunction'})
  const wish = wishOf(resumed, options)
  // nothing is invoked or published
  const inspecting = {...wish, allowLatest: true, architectures: null, concurrency: 1}
  const {source} = await inspectSource(aws, selected, inspecting, signal)
  checkSameCode(resumed, source)
  const {isTie, confidence, ...size} = settledAs
  // not in older journals, and not where nobody knew it then
  const used = header.asked.used ?? (await readPastReports(aws, source, options.window, signal)).used
  return {
    plan: makePlan(wish, {
      runId,
      source,
      notes: [],
      payloads: [],
      isPayloadAssumed: false,
      coldRatio: header.asked.coldRatio,
      usualMs: null,
      used,
      usualInit: null,
      resumed: null,
      prices,
      functions: 1,
    }),
    startedAt: header.at,
    endedAt: header.at,
    ending: 'settled',
    sizes: [],
    samples: [],
    recommendation: {
      ...size,
      kind: isTie ? 'tie' : 'winner',
      reason: `the answer of run ${runId}`,
      confidence,
      withinShare: null,
      againstCurrent: null,
    },
    curves: [],
    spent: {invocations: 0, costUSD: 0, unknown: 0},
    cleanup: {cleanedUp: true, left: [], done: []},
    gaps: [],
    notes: [],
  }
}
