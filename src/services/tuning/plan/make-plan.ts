import {usageError} from '../../../errors.ts'
import type {Architecture} from '../../pricing.ts'
import {cloneName} from '../arena/our-names.ts'
import {type Candidate, candidateKey} from '../candidate.ts'
import {floorMB, memoryText} from '../memory-sizes.ts'
import {type RunPrices, worstInvocationUSD} from '../money/run-prices.ts'
import {billedOf, snapshotsUSD} from '../money/spending.ts'
import type {Objective} from '../objective.ts'
import type {Payload} from '../payloads/payloads.ts'
import type {UsualInit} from '../race/cold-starts.ts'
import type {SourceFunction} from '../source/source-function.ts'
import type {ColdRatio, Mode, Resumed, TunePlan} from '../tune-plan.ts'
import {type AskedLimits, limitsOf, makingMsOf, withinReach} from './plan-limits.ts'
import {isBelowFloor, type UsedMemory, usedText} from './used-memory.ts'

/** What is wanted of every function. */
export type TuneWish = {
  readonly mode: Mode
  readonly objective: Objective
  /** MB, smallest first */
  readonly sizes: readonly number[]
  /** sizes beside these may be measured too */
  readonly mayPropose: boolean
  /** of a run that is gone on with: these, whatever sizes and architectures say */
  readonly candidates?: readonly Candidate[]
  /** null: the one that the function has */
  readonly architectures: readonly Architecture[] | null
  readonly limits: AskedLimits
  readonly concurrency: number
  readonly allowErrors: readonly string[]
  readonly tenantId: string | null
}

/** What is known of a function that is going to be tuned. */
export type PlanParts = {
  readonly runId: string
  readonly source: SourceFunction
  /** what reading it found worth knowing */
  readonly notes: readonly string[]
  readonly payloads: readonly Payload[]
  readonly isPayloadAssumed: boolean
  readonly coldRatio: ColdRatio
  readonly usualMs: number | null
  readonly used: UsedMemory | null
  readonly usualInit: UsualInit | null
  readonly resumed: Resumed | null
  readonly prices: RunPrices
  /** how many functions share the limits */
  readonly functions: number
}

/**
 * What will be done with a function.
 * @throws UserError (exit 2) for sizes that nothing can be compared by
 */
export function makePlan(wish: TuneWish, parts: PlanParts): TunePlan {
  const {mode, objective, mayPropose, concurrency, allowErrors, tenantId} = wish
  const {runId, source, payloads, isPayloadAssumed, coldRatio, usualMs, used, usualInit, resumed, prices} = parts
  const {candidates, tooSmall} = withinFloor(candidatesOf(wish, source), parts, mode)
  if (candidates.length < 2 && used !== null && tooSmall.length > 0)
    throw usageError(
      `${source.name}: ${sizesText(tooSmall)} would be too small, for ${usedText(used)}: there is nothing to compare ${memoryText(source.memorySizeMB)} with`,
      `name sizes from ${floorMB(used.mostMB)} MB up: --memory ${floorMB(used.mostMB)}..${Math.max(3008, source.memorySizeMB)}`,
    )
  if (candidates.length < 2)
    throw usageError(
      `${memoryText(source.memorySizeMB)} is what ${source.name} has: there is nothing to compare it with`,
      'name other sizes: --memory 128..3008',
    )
  const limits = limitsOf(wish.limits, parts.functions, objective, candidates)
  const plan: TunePlan = {
    runId,
    source,
    mode,
    objective,
    candidates,
    mayPropose,
    clones: mode === 'shadow' ? clonesOf(source, runId, candidates) : [],
    payloads,
    isPayloadAssumed,
    limits,
    makingMs: makingMsOf(mode, source, candidates),
    resumed,
    concurrency,
    coldRatio,
    usualMs,
    used,
    tooSmall,
    usualInit,
    allowErrors,
    tenantId,
    prices,
    notes: [...parts.notes, ...notesOn(wish, parts, {candidates, tooSmall}, limits.maxCostUSD)],
  }
  return mode === 'observe' ? plan : withinReach(plan)
}

/** The sizes that were asked for, and the one that the function has: it is invoked first, and compared with. */
function candidatesOf({sizes, architectures, candidates}: TuneWish, source: SourceFunction): readonly Candidate[] {
  const {memorySizeMB, architecture} = source
  const asked =
    candidates ??
    (architectures ?? [architecture]).flatMap(each =>
      sizes.map((size): Candidate => ({memorySizeMB: size, architecture: each})),
    )
  const all = new Map([{memorySizeMB, architecture}, ...asked].map(each => [candidateKey(each), each]))
  return [...all.values()].sort(
    (a, b) => a.architecture.localeCompare(b.architecture) || a.memorySizeMB - b.memorySizeMB,
  )
}

type Split = {readonly candidates: readonly Candidate[]; readonly tooSmall: readonly Candidate[]}

/** Without the sizes that its traffic would not fit in; the one that it has is measured all the same, to be compared with. */
function withinFloor(all: readonly Candidate[], {source, used}: PlanParts, mode: Mode): Split {
  const isOut = (candidate: Candidate): boolean =>
    mode !== 'observe' && candidateKey(candidate) !== candidateKey(source) && isBelowFloor(candidate.memorySizeMB, used)
  return {candidates: all.filter(each => !isOut(each)), tooSmall: all.filter(isOut)}
}

/** `128, 256 MB` */
const sizesText = (candidates: readonly Candidate[]): string =>
  `${[...new Set(candidates.map(({memorySizeMB}) => memorySizeMB.toLocaleString('en')))].join(', ')} MB`

function clonesOf(
  {name, architecture}: SourceFunction,
  runId: string,
  candidates: readonly Candidate[],
): readonly string[] {
  const architectures = new Set(candidates.map(candidate => candidate.architecture))
  return [...architectures].map(each => cloneName(name, runId, each !== architecture)).sort()
}

function notesOn(
  wish: TuneWish,
  {source, prices, coldRatio, used}: PlanParts,
  {candidates, tooSmall}: Split,
  maxCostUSD: number,
): readonly string[] {
  const {mode, concurrency} = wish
  if (mode === 'observe') return []
  const snapshots = snapshotsUSD({prices, source}, candidates)
  const oneUSD = worstInvocationUSD(prices, billedOf(source), source)
  return [
    ...(oneUSD > maxCostUSD
      ? [
          `one invocation at ${memoryText(source.memorySizeMB)} may cost $${oneUSD.toPrecision(2)}, at the timeout of ${source.timeoutSeconds.toLocaleString('en')} s: what may be spent on it, $${maxCostUSD.toPrecision(2)}, allows none`,
        ]
      : []),
    ...(snapshots > 0
      ? [`SnapStart: the snapshots of its versions cost $${snapshots.toPrecision(2)}, each for three hours at least`]
      : []),
    ...(concurrency > 1
      ? [`${concurrency} invocations at a time mean more cold starts, which are measured apart from warm ones`]
      : []),
    ...(used === null
      ? [
          'nothing tells how much memory its traffic uses: a size that is enough for the payload may be too small for it',
        ]
      : tooSmall.length > 0
        ? [`leaves out ${sizesText(tooSmall)}: ${usedText(used)}`]
        : []),
    ...(coldRatio.source === 'assumed'
      ? ['nothing tells how many of its invocations are cold: --cold-ratio would']
      : []),
    ...(prices.isListed ? [] : [`there is no price list of this region: prices are those of us-east-1`]),
  ]
}
