import {ExitCode, UserError, usageError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'
import type {Gap} from '../receipt.ts'
import {newRunId} from '../run-id.ts'
import {callerIdentity} from '../targets/caller-account.ts'
import {isPointed, parseSelection, type Selection, type SelectionWords} from '../targets/parse-target.ts'
import {resolveFunctions} from '../targets/resolve-functions.ts'
import type {Cleanup} from './arena/arena.ts'
import {observeFunction} from './history/observe.ts'
import {asRestored, checkSameWork, type ResumedRun, readResumedRun, wishOf} from './journal/resumed-run.ts'
import {readRunPrices} from './money/run-prices.ts'
import {takenBy} from './money/spending.ts'
import {type PayloadSource, readPayloads} from './payloads/payloads.ts'
import {makePlan, type TuneWish} from './plan/make-plan.ts'
import {type PastReports, readPastReports} from './plan/past-reports.ts'
import {refuseNoCall, withLeftOver} from './plan/plan-limits.ts'
import {readUsualDuration} from './plan/usual-duration.ts'
import {notBegun} from './report/not-begun.ts'
import {verdictsOn} from './report/verdicts.ts'
import {inspectAll, skippedFunction, withoutMinorVersions} from './source/inspect-all.ts'
import type {SourceFunction} from './source/source-function.ts'
import {type TuneOptions, tuneFunction} from './tune-function.ts'
import type {TunePlan} from './tune-plan.ts'
import type {TuneReport} from './tune-report.ts'
import type {TuneStep} from './tune-steps.ts'
import {wordsOf} from './undo/clean-up.ts'
import {cleanUpRun} from './undo/open-runs.ts'

export type OpenTuneOptions = TuneWish & {
  readonly payload: PayloadSource
  /** 0–1; null: as measured */
  readonly coldRatio: number | null
  readonly allowLatest: boolean
  /** a run to go on with; null: none */
  readonly resume: string | null
  /** where journals are kept */
  readonly journals: string
  /** what is read of the past: by `observe`, and for the share of cold invocations; epoch ms, both inclusive */
  readonly window: {readonly start: number; readonly end: number}
}

/** Functions that are going to be tuned, one after the other. */
export type OpenedTune = {
  /** the account is known unless AWS would not say */
  readonly scope: Scope
  /** who calls, as an ARN; null where AWS would not say */
  readonly caller: string | null
  readonly plans: readonly TunePlan[]
  /** the run of which it removes first what that has left; null: none */
  readonly removes: string | null
  /** functions that were asked for and cannot be tuned, and what could not be looked through for them */
  readonly leftOut: readonly Gap[]
  /** what is worth saying, one sentence each; that something is left out as well */
  readonly notices: readonly string[]
  /** Tunes them; each one's last step is `ended`, and none is begun once the signal aborted. */
  run(options: Pick<TuneOptions, 'undoSignal' | 'makers'>): AsyncGenerator<TuneStep, void>
  /** of each function in order, once it is over; those that were not begun are among them, unless none was */
  reports(): readonly TuneReport[]
  /** what the command ends with, by the reports so far */
  verdicts(): readonly ExitCode[]
}

/**
 * Makes ready to tune functions: which they are, whether they can be tuned, by what, and what that may take. Nothing is changed.
 * @throws UserError where nothing is named (exit 2), it matches nothing, cannot be read or cannot be tuned; of several
 *   functions those are left out that cannot, and said
 */
export async function openTune(
  aws: Aws,
  words: SelectionWords,
  options: OpenTuneOptions,
  signal: AbortSignal,
): Promise<OpenedTune> {
  const {resume, journals} = options
  const resumed = resume === null ? null : await readResumedRun(aws, journals, resume, signal)
  const wish = resumed === null ? options : wishOf(resumed, options)
  const selection = parseSelection(resumed?.words ?? words)
  if (!isPointed(selection) || isOnlyTakenOut(selection))
    throw usageError('tune invokes functions: it has to be told which', 'name one: slsops tune checkout-api')
  const [{functions, notices, skipped}, prices, caller] = await Promise.all([
    resolveFunctions(aws, selection, signal),
    readRunPrices(aws, signal),
    callerIdentity(aws, signal),
  ])
  const {major, notices: onAliases} = withoutMinorVersions(functions)
  const {inspected, failures} = await inspectAll(aws, major, {...options, ...wish}, signal)
  const [failure] = failures
  if (inspected.length === 0 && failure !== undefined) throw failure.error
  const plans = await Promise.all(
    inspected.map(async ({source: found, notes}) => {
      const source = resumed === null ? found : asRestored(resumed, found)
      const payloads = await readPayloads(options.payload, source.name)
      if (resumed !== null) checkSameWork(resumed, source, payloads)
      const [past, usualMs] = await Promise.all([
        pastOf(aws, source, options, resumed, signal),
        wish.mode === 'observe' ? null : readUsualDuration(aws, source, signal),
      ])
      const plan = makePlan(wish, {
        runId: newRunId(aws.clock.now()),
        source,
        notes,
        payloads,
        isPayloadAssumed: options.payload.kind === 'none',
        ...past,
        usualMs,
        resumed: resumed && takenBefore(resumed, {prices, source}),
        prices,
        functions: inspected.length,
      })
      refuseNoCall(plan, wish.limits)
      return plan
    }),
  )
  const reports: TuneReport[] = []
  const scope = {...aws.scope, account: caller.account ?? aws.scope.account}
  const leftOut = [...skipped, ...failures.map(skippedFunction)].map(
    (skip): Gap => ({...skip, account: scope.account, region: scope.region}),
  )

  return {
    scope,
    caller: caller.arn,
    plans,
    removes: resumed?.isOpen ? resumed.header.runId : null,
    leftOut,
    notices: [...notices, ...onAliases, ...leftOut.map(({what, detail}) => `${what} is left out: ${detail}`)],
    async *run(runOptions) {
      const own = {journals, earlier: resumed?.samples ?? [], unanswered: resumed?.unanswered ?? []}
      if (resumed?.isOpen) yield* removeLeft(aws, journals, resumed, runOptions.undoSignal(), signal)
      for (const plan of plans) {
        if (signal.aborted) return
        const tuning =
          plan.mode === 'observe'
            ? observeFunction(aws, plan, {...options.window, journals}, signal)
            : tuneFunction(aws, withLeftOver(plan, leftOver(reports), options.limits), {...runOptions, ...own}, signal)
        for await (const step of tuning) {
          if (step.kind === 'ended') reports.push(step.report)
          yield step
        }
      }
    },
    reports() {
      if (reports.length === 0) return []
      const rest = plans.slice(reports.length).map(plan => notBegun(plan, aws.clock.now()))
      return [...reports, ...rest]
    },
    verdicts: () => [...(leftOut.length > 0 ? [ExitCode.partial] : []), ...reports.flatMap(verdictsOn)],
  }
}

function takenBefore(
  {header, samples, unanswered}: ResumedRun,
  priced: Pick<TunePlan, 'prices' | 'source'>,
): TunePlan['resumed'] {
  const {invocations, costUSD} = takenBy(priced, samples, unanswered)
  return {runId: header.runId, samples: samples.length, invocations, costUSD}
}

/** What the log tells, and before that what was said, and what a run was begun with that is gone on with. */
async function pastOf(
  aws: Aws,
  source: SourceFunction,
  {coldRatio, window}: OpenTuneOptions,
  resumed: ResumedRun | null,
  signal: AbortSignal,
): Promise<PastReports> {
  const {coldRatio: askedRatio, used, usualInit = null} = resumed?.header.asked ?? {}
  const past =
    askedRatio !== undefined && used !== undefined
      ? {coldRatio: askedRatio, used, usualInit}
      : await readPastReports(aws, source, window, signal)
  if (coldRatio !== null) return {...past, coldRatio: {value: coldRatio, source: 'flag'}}
  return {...past, coldRatio: askedRatio ?? past.coldRatio}
}

/** Removes what a run has left before it is gone on with: it would be in nobody's way, and in nobody's journal any more. */
async function* removeLeft(
  aws: Aws,
  directory: string,
  {header}: ResumedRun,
  undoSignal: AbortSignal,
  signal: AbortSignal,
): AsyncGenerator<TuneStep, void> {
  const {runId} = header
  yield {kind: 'doing', what: `removes what run ${runId} has left`}
  const {cleanedUp, left} = await cleanUpRun(aws, {directory, runId, header}, undoSignal).catch((error): Cleanup => {
    if (!signal.aborted) throw error
    return {cleanedUp: false, left: [wordsOf(error)], done: []}
  })
  if (cleanedUp) return
  const what = `run ${runId} has left ${left.join('; ')}`
  const hint = `slsops tune --cleanup ${runId} tries again`
  // nothing that is thrown after Ctrl-C is told
  if (signal.aborted) yield {kind: 'note', text: `${what}; ${hint}`}
  else throw new UserError(what, {code: 'LeftInAWS', hint})
}

/** Targets that only take out leave every other function of the region: nobody means to invoke those. */
const isOnlyTakenOut = ({targets, stack, tags}: Selection): boolean =>
  stack === null && tags.length === 0 && targets.every(({not}) => not)

/** What functions left over of what they were allowed to take, themselves and with what those before them had left over. */
function leftOver(reports: readonly TuneReport[]): {readonly invocations: number; readonly costUSD: number} {
  const last = reports.at(-1)
  if (last === undefined) return {invocations: 0, costUSD: 0}
  const {plan, spent} = last
  return {
    invocations: Math.max(0, plan.limits.maxInvocations - spent.invocations),
    costUSD: Math.max(0, plan.limits.maxCostUSD - spent.costUSD),
  }
}
