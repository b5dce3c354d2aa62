import {isKnown, type Known, type Unknown} from '../../../known.ts'
import {knownPrices, type Prices} from '../../pricing.ts'
import type {Gap} from '../../receipt.ts'
import type {LogGroupFacts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {gapsOf} from '../unknown-gaps.ts'
import {type Evidence, notAsked, nothingAsked} from './evidence.ts'
import {evidenceGaps, missingParts} from './evidence-gaps.ts'
import {type JudgedWindow, judge} from './judge.ts'
import {merelyListed, type RegionEvidence, type RegionToRead} from './read-region.ts'
import type {CodeStorage, FunctionVerdict} from './unused-report.ts'
import {functionWaste, orphanedLogGroup, type Waste, wasteUSD, whyUseUnknown} from './waste.ts'

export type JudgedRegion = {
  readonly functions: readonly FunctionVerdict[]
  /** of functions, and of log groups that belong to none */
  readonly waste: readonly Waste[]
  readonly gaps: readonly Gap[]
  /** null where AWS would not say */
  readonly codeStorage: CodeStorage | null
}

/**
 * Judges the functions of a region by what was read of them.
 * @param isWhole all functions of the region are there: a log group of none of them is an orphan
 */
export function judgeRegion(
  {aws: {scope}, functions}: Pick<RegionToRead, 'aws' | 'functions'>,
  {evidence, logGroups, limits}: RegionEvidence,
  {window, isWhole}: {readonly window: JudgedWindow; readonly isWhole: boolean},
): JudgedRegion {
  const {region} = scope
  const account = functions[0]?.account ?? scope.account
  const prices = knownPrices(region)
  const counted = new Set<string>()
  const judged = functions.map(fn => {
    // a log group that functions share is kept for ever once
    const isCounted = counted.has(fn.logGroup)
    counted.add(fn.logGroup)
    return verdictOn(fn, evidence.get(fn) ?? nothingAsked, {window, prices, isLogCounted: isCounted})
  })
  const orphans = isWhole && isKnown(logGroups) ? orphansIn(logGroups.value.values(), functions) : []
  const waste = [
    ...judged.flatMap(one => one.waste),
    ...orphans.map(group => orphanedLogGroup(group, {account, region}, prices)),
  ]
  return {
    functions: judged,
    waste,
    gaps: [...evidenceGaps(judged), ...storageGaps(limits, waste, {account, region})],
    codeStorage: isKnown(limits)
      ? {account, region, usedBytes: limits.value.totalCodeSizeBytes, limitBytes: limits.value.codeSizeLimitBytes}
      : null,
  }
}

type Judging = {readonly window: JudgedWindow; readonly prices: Known<Prices>; readonly isLogCounted: boolean}

function verdictOn(fn: FleetFunction, evidence: Evidence, {window, prices, isLogCounted}: Judging): FunctionVerdict {
  if (evidence === merelyListed) return {...listedVerdict, fn}
  const judgement = judge(fn, evidence, window)
  const {logGroup, ...others} = evidence
  const own = {...others, logGroup: isLogCounted ? nothingAsked.logGroup : logGroup}
  const waste = functionWaste(fn, own, prices)
  return {
    ...judgement,
    fn,
    evidence,
    missing: missingParts(evidence, judgement.verdict),
    waste,
    monthlyWasteUSD: monthlyWaste(evidence, waste),
  }
}

const notLookedAt: Unknown = {
  unknown: 'not-read',
  detail: 'of so many functions, versions and provisioned concurrency are looked at of idle ones only',
}

/** Shared, for there may be a hundred thousand of them. */
const listedVerdict: Omit<FunctionVerdict, 'fn'> = {
  verdict: 'active',
  reasons: ['listed-in-last-two-weeks'],
  lastInvoked: null,
  schedule: null,
  evidence: merelyListed,
  missing: [],
  waste: [],
  monthlyWasteUSD: notLookedAt,
}

function monthlyWaste(evidence: Evidence, waste: readonly Waste[]): Known<number> {
  const {provisioned, versions, logGroup} = evidence
  const parts: readonly Known<unknown>[] = [provisioned, versions, logGroup]
  for (const known of parts) if (!isKnown(known)) return known === notAsked ? notLookedAt : (known as Unknown)
  const why = whyUseUnknown(evidence)
  if (why !== null) return why
  if (waste.some(({monthlyUSD}) => monthlyUSD === null))
    return {unknown: 'missing', detail: 'no price in USD is known for the region'}
  return {value: wasteUSD(waste)}
}

/** Log groups that Lambda made for functions which are no longer there. */
function orphansIn(groups: Iterable<LogGroupFacts>, functions: readonly FleetFunction[]): readonly LogGroupFacts[] {
  const prefix = '/aws/lambda/'
  const used = new Set(functions.flatMap(({name, logGroup}) => [logGroup, prefix + name]))
  return [...groups].filter(
    ({name, storedBytes}) =>
      storedBytes > 0 &&
      name.startsWith(prefix) &&
      !used.has(name) &&
      // Lambda@Edge writes in the regions of those who look: its function is in another
      !/^[a-z]{2}(-[a-z]+)+-\d\./.test(name.slice(prefix.length)),
  )
}

/** How much room is left for code is of interest where versions take of it. */
function storageGaps(
  limits: Known<unknown>,
  waste: readonly Waste[],
  place: {readonly account: string | null; readonly region: string},
): readonly Gap[] {
  if (isKnown(limits) || !waste.some(({kind}) => kind === 'old-versions')) return []
  return gapsOf('code storage of the account', place, limits as Unknown)
}
