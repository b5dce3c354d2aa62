import {ExitCode} from '../../../errors.ts'
import {isKnown, shareKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {verdictsOnNothing} from '../../nothing-read.ts'
import {isPricedInUSD, pricesOf} from '../../pricing.ts'
import {distinctGaps} from '../../receipt.ts'
import {isPointed, parseSelection, type SelectionWords} from '../../targets/parse-target.ts'
import {openFacts} from '../facts.ts'
import {type ReadFleetOptions, readFleet} from '../fleet.ts'
import {fleetReceipt} from '../fleet-receipt.ts'
import {readListedActivity} from '../metric-reader.ts'
import {planScan, rateOf} from '../scan-plan.ts'
import {wholeFunctions} from '../whole-functions.ts'
import {isListingEnough, type JudgedWindow} from './judge.ts'
import {type JudgedRegion, judgeRegion} from './judge-region.ts'
import {functionsToMeasure, leanListing, measuredSince, usagePeriodSeconds} from './measure-usage.ts'
import {type RegionProgress, type RegionToRead, readRegion} from './read-region.ts'
import {unusedNotes} from './unused-notes.ts'
import {unusedSteps} from './unused-plan.ts'
import type {FunctionVerdict, OpenedUnused, UnusedProgress, UnusedReport} from './unused-report.ts'
import {type Verdict, verdicts} from './verdict.ts'
import {type Waste, wasteUSD, whyUseUnknown} from './waste.ts'

export type OpenUnusedOptions = {
  readonly window: JudgedWindow
  readonly listing: ReadFleetOptions
  /** null: all */
  readonly only: readonly Verdict[] | null
}

/** three calls a function, at fifteen a second: 40 s */
const looksAtAllUpTo = 200

/**
 * Lists the functions to be judged and those that CloudWatch lists as called in the last two weeks, and plans what else is to be
 * asked.
 * @throws UserError as parseSelection and readFleet do
 */
export async function openUnused(
  given: readonly Aws[],
  words: SelectionWords,
  {window, listing, only}: OpenUnusedOptions,
  signal: AbortSignal,
): Promise<OpenedUnused> {
  const {start, end, now} = window
  const {cache} = listing
  const selection = parseSelection(words)
  const fleet = await readFleet(given, selection, listing, signal)
  const functions = wholeFunctions(fleet.functions)
  const periodSeconds = usagePeriodSeconds(window, functions.length)
  const looksAtAll = functions.length <= looksAtAllUpTo
  const regions = await Promise.all(
    Array.from(
      Map.groupBy(functions, ({aws}) => aws),
      async ([aws, own]): Promise<RegionToRead> => {
        const listed = leanListing(await readListedActivity(aws, 'Invocations', signal))
        const measured = functionsToMeasure(own, listed, window, functions.length)
        return {aws, facts: openFacts(aws, cache, signal), functions: own, measured, listed}
      },
    ),
  )
  const plan = planScan(
    regions.flatMap(({aws, functions: own, measured, listed}) =>
      unusedSteps({
        aws,
        account: own[0]?.account ?? null,
        functions: own.length,
        measured: measured.length,
        maybeIdle:
          isKnown(listed) && isListingEnough(window)
            ? own.filter(({name}) => !listed.value.byFunction.has(name)).length
            : own.length,
        looksAtAll,
        window,
        periodSeconds,
      }),
    ),
    rateOf(given),
  )
  const progressOf = new Map<Aws, RegionProgress>()
  const clock = given[0]?.clock
  let lookingSince: number | null = null
  let measuringSince = now
  let report: UnusedReport | null = null

  return {
    scopes: fleet.scopes,
    notices: fleet.notices,
    functions: functions.length,
    plan,
    get progress() {
      return progress()
    },
    read,
    verdicts(failOn) {
      const gaps = report?.coverage.gaps ?? fleet.gaps
      const isMatched = report !== null && failOn.some(verdict => (report?.counts[verdict] ?? 0) > 0)
      return [
        ...(gaps.length > 0 || (report?.counts.unknown ?? 0) > 0 ? [ExitCode.partial] : []),
        ...(isMatched ? [ExitCode.negative] : []),
        ...verdictsOnNothing(gaps, functions.length - (report?.counts.unknown ?? 0)),
      ]
    },
    receipt(finishedAt) {
      if (report === null) return null
      const {coverage, known, notes, functions: shown} = report
      const durationMs = finishedAt - now
      return fleetReceipt(given, {coverage, known, notes, shown: shown.length, durationMs, use: null})
    },
  }

  async function read(): Promise<UnusedReport> {
    measuringSince = clock?.now() ?? now
    const options = {window, periodSeconds, cache, looksAtAll, wholeRegion: !isPointed(selection)}
    const judged = await Promise.all(
      regions.map(async region => {
        const onProgress = (progress: RegionProgress): void => {
          progressOf.set(region.aws, progress)
        }
        const found = await readRegion(region, {...options, onProgress}, signal)
        const isWhole = options.wholeRegion && !fleet.gaps.some(gap => gap.region === region.aws.scope.region)
        return judgeRegion(region, found, {window, isWhole})
      }),
    )
    report = reportOf(judged)
    return report
  }

  function reportOf(judged: readonly JudgedRegion[]): UnusedReport {
    const all = judged.flatMap(region => region.functions)
    const gaps = distinctGaps([...fleet.gaps, ...judged.flatMap(region => region.gaps)])
    const waste: readonly Waste[] = judged
      .flatMap(region => region.waste)
      .sort((a, b) => (b.monthlyUSD ?? 0) - (a.monthlyUSD ?? 0) || (b.bytes ?? 0) - (a.bytes ?? 0))
    const known = {functions: all.length, known: all.filter(isWhollyKnown).length}
    const inPlay = [...new Set(regions.map(({aws}) => aws.scope.region))]
    return {
      coverage: {window: {start, end}, scopes: fleet.scopes, gaps},
      askedAt: now,
      known,
      measuredSince: measuredSince(window),
      functions: inOrder(only === null ? all : all.filter(({verdict}) => only.includes(verdict))),
      counts: countsOf(all),
      waste,
      wasteShare: shareKnown({
        functions: all.length,
        known: all.filter(({monthlyWasteUSD}) => isKnown(monthlyWasteUSD)).length,
      }),
      wasteUnread: all.filter(({evidence}) => !isWasteRead(evidence)).length,
      codeStorage: judged.flatMap(({codeStorage}) => codeStorage ?? []),
      pricesAsOf: pricesOf('us-east-1').asOf,
      costUSD: plan.costUSD,
      notes: unusedNotes({
        asked: fleet.functions,
        judged: all,
        looksAtAll,
        unlisted: inPlay.filter(region => isPricedInUSD(region) && !pricesOf(region).isListed),
        unpriced: inPlay.filter(region => !isPricedInUSD(region)),
        window,
      }),
    }
  }

  function progress(): UnusedProgress {
    const all = [...progressOf.values()]
    const sum = (pick: (progress: RegionProgress) => number): number =>
      all.reduce((total, region) => total + pick(region), 0)
    const toMeasure = regions.reduce((total, {measured}) => total + measured.length, 0)
    const idle = sum(region => region.idle)
    if (idle === 0)
      return {doing: 'measuring', done: sum(region => region.measured), total: toMeasure, since: measuringSince}
    lookingSince ??= clock?.now() ?? now
    return {doing: 'looking', done: sum(region => region.lookedAt), total: idle, since: lookingSince}
  }
}

const isWasteRead = (evidence: FunctionVerdict['evidence']): boolean =>
  isKnown(evidence.provisioned) &&
  isKnown(evidence.versions) &&
  isKnown(evidence.logGroup) &&
  whyUseUnknown(evidence) === null

const isWhollyKnown = ({verdict, missing}: FunctionVerdict): boolean => verdict !== 'unknown' && missing.length === 0

function countsOf(functions: readonly FunctionVerdict[]): Readonly<Record<Verdict, number>> {
  const counts = {broken: 0, inactive: 0, unknown: 0, unused: 0, dormant: 0, new: 0, active: 0}
  for (const {verdict} of functions) counts[verdict]++
  return counts
}

/** What matters most on call first; among alike, what costs most. */
function inOrder(functions: readonly FunctionVerdict[]): readonly FunctionVerdict[] {
  const rank = new Map(verdicts.map((verdict, i) => [verdict, i]))
  return functions.toSorted(
    (a, b) =>
      (rank.get(a.verdict) ?? 0) - (rank.get(b.verdict) ?? 0) ||
      wasteUSD(b.waste) - wasteUSD(a.waste) ||
      (a.fn.name < b.fn.name ? -1 : a.fn.name > b.fn.name ? 1 : 0),
  )
}
