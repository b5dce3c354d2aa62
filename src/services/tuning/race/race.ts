import {type Candidate, candidateKey} from '../candidate.ts'
import type {Objective} from '../objective.ts'
import type {Sample} from '../sample.ts'
import type {Standing} from '../standing.ts'
import {seededRandom} from '../statistics/seeded-random.ts'
import type {Choice} from './choice.ts'
import type {UsualInit} from './cold-starts.ts'
import {contenders} from './contenders.ts'
import {confidenceOf, withinShareOf} from './doubts.ts'
import {doubtWhatIsTooGood, dropBeaten} from './dropping.ts'
import type {Estimate} from './estimate.ts'
import {fail} from './failure.ts'
import {proposal} from './proposal.ts'
import {measure, newRecord, type SizeRecord} from './size-record.ts'
import {sloStanding} from './slo-standing.ts'
import {standingsReader} from './standings-reader.ts'
import {meets, reviveBeaten, sortedDurations, type View, viewOf} from './view.ts'

export type RaceOptions = {
  readonly candidates: readonly Candidate[]
  readonly objective: Objective
  /** share of cold invocations that costs are told for, 0–1 */
  readonly coldRatio: number
  /** what an invocation costs that was billed so long, requests and ephemeral storage included, in USD */
  readonly costUSD: (candidate: Candidate, billedMs: number) => number
  /** types of errors that are taken for a measurement all the same */
  readonly allowErrors: readonly string[]
  /** warm invocations of a size; certifying a latency objective may take more of the one that is chosen */
  readonly maxPerSize: number
  /** memory of the function as it is: its size is measured enough to be compared with */
  readonly current: Candidate | null
  /** for bootstrap intervals: the same samples give the same figures */
  readonly seed: number
  /** what an init of the function's own traffic takes; null or left out: only cold invocations of the race tell */
  readonly usualInit?: UsualInit | null
}

/** What the race wants next. */
export type RaceTurn =
  /** an invocation of each, in this order, one after the other */
  | {readonly kind: 'sample'; readonly candidates: readonly Candidate[]}
  /** this size, which nobody measured, may be better than all that were: add it, or call `decline` */
  | {readonly kind: 'propose'; readonly candidate: Candidate}
  | {readonly kind: 'done'; readonly ending: 'settled' | 'not-separable' | 'failing'}

/** A race between sizes: pure, fed with samples, asked what is next. */
export type Race = {
  next(): RaceTurn
  add(sample: Sample): void
  /** takes a size in that was proposed */
  enter(candidate: Candidate): void
  decline(candidate: Candidate, why: string): void
  /** a size that cannot be had: dropped, the others race on */
  exclude(candidate: Candidate, why: string): void
  /** @param isLast nothing more is measured: of sizes still in the race it says how much better they may be */
  standings(isLast?: boolean): readonly Standing[]
  /** the best by what is known so far; null while nothing is known */
  leader(): Leader | null
}

type Leader = {
  readonly candidate: Candidate
  readonly isTie: boolean
  /**
   * how sure it is that no size is better by more than the indifference, 0–0.999; null while a size was not measured, and where
   * no other one is possible
   */
  readonly confidence: number | null
  /** how much worse than the best it is at most, as a share, 95 % sure; 0 where no other size is possible; null where that is not known */
  readonly withinShare: number | null
}

/** No run of some dozens of invocations is surer, whatever the formulas come to. */
const surest = 0.999
/** Warm invocations of each size before sizes are compared: of fewer, the spread would be a guess. */
const firstWarm = 4
/** Of the current size, so that there is an interval against it. */
const currentWarm = 8

export function createRace(options: RaceOptions): Race {
  const {objective, maxPerSize} = options
  const least = Math.min(firstWarm, maxPerSize)
  const currentKey = options.current && candidateKey(options.current)
  const records = options.candidates.map(candidate => newRecord(candidate, least))
  const random = seededRandom(options.seed)
  const readStandings = standingsReader(options)
  let view: View | null = null
  let isRefined = false
  let isOver = false

  const recordOf = (candidate: Candidate): SizeRecord | undefined =>
    records.find(({key}) => key === candidateKey(candidate))

  const look = (): View => {
    view ??= viewOf(records, options)
    return view
  }

  const changed = (): void => {
    view = null
    isOver = false
  }

  function next(): RaceTurn {
    const feasible = records.filter(({infeasible}) => infeasible === null)
    if (feasible.length === 0) return done('failing')
    const [first] = feasible
      .filter(({invocations}) => invocations === 0)
      .sort((a, b) => b.candidate.memorySizeMB - a.candidate.memorySizeMB)
    // one at a time, larger ones first: where one fails for want of memory, smaller ones are not even tried
    if (first) return {kind: 'sample', candidates: [first.candidate]}
    if (dropBeaten(look(), objective)) view = null
    const short = feasible.filter(isShort)
    if (short.length > 0) return sampleOf(short)
    const {choice, all} = look()
    if (choice) return race(choice)
    if (reviveBeaten(look(), options)) {
      view = null
      return next()
    }
    // all were measured, and none meets the latency objective; or all invocations were cold, or what meets it is not believed
    const isMissed = all.length > 0 && all.every(({record}) => !meets(record, options))
    return done(isMissed ? 'settled' : 'not-separable')
  }

  /** A function of which every invocation is cold never has its warm ones. */
  const isShort = ({isDropped, logs, wanted, coldStarts}: SizeRecord): boolean =>
    !isDropped && logs.length < wanted && coldStarts < maxPerSize

  function race(choice: Choice): RaceTurn {
    const asked = withCurrent(contenders(choice, look().judging))
    if (asked.length > 0) return sampleOf(asked)
    if (doubtWhatIsTooGood(choice, look().all, least)) {
      view = null
      return next()
    }
    const uncertified = toCertify(choice.pick)
    if (uncertified) return {kind: 'sample', candidates: [uncertified.candidate]}
    const candidate = isRefined ? null : proposal(choice.pick, look().all, options)
    if (candidate && !recordOf(candidate)) return {kind: 'propose', candidate}
    isRefined = true
    return done(choice.isSettled ? 'settled' : 'not-separable')
  }

  function done(ending: (RaceTurn & {readonly kind: 'done'})['ending']): RaceTurn {
    isOver = true
    return {kind: 'done', ending}
  }

  /** In random order, so that no size always runs after the same one. */
  function sampleOf(chosen: readonly SizeRecord[]): RaceTurn {
    const shuffled = chosen.map(({candidate}) => ({candidate, at: random()})).sort((a, b) => a.at - b.at)
    return {kind: 'sample', candidates: shuffled.map(({candidate}) => candidate)}
  }

  function withCurrent(chosen: readonly SizeRecord[]): readonly SizeRecord[] {
    const wanted = Math.min(currentWarm, maxPerSize)
    const lacking = records.filter(
      record => record.key === currentKey && record.infeasible === null && record.logs.length < wanted,
    )
    return [...new Set([...chosen, ...lacking])]
  }

  /** The chosen size, while more invocations may certify that it meets the latency objective. */
  function toCertify({record}: Estimate): SizeRecord | null {
    const standing = objective.slo && sloStanding(sortedDurations(record), objective.slo)
    return standing && standing.slo !== 'certified' && standing.certifiedAt !== null ? record : null
  }

  function add(sample: Sample): void {
    const record = recordOf(sample)
    if (!record) return
    changed()
    record.invocations++
    if (sample.isCold) record.coldStarts++
    if (sample.measuredBy === 'clock') record.isApproximate = true
    if (sample.maxMemoryUsedMB !== null)
      record.maxMemoryUsedMB = Math.max(record.maxMemoryUsedMB ?? 0, sample.maxMemoryUsedMB)
    const isMeasured =
      sample.outcome === 'ok' ||
      (sample.outcome === 'error' && sample.errorType !== null && options.allowErrors.includes(sample.errorType))
    if (isMeasured) measure(record, sample)
    else fail(record, sample, records)
  }

  return {
    next,
    add,
    enter: candidate => {
      isRefined = true
      if (recordOf(candidate)) return
      changed()
      records.push(newRecord(candidate, least))
    },
    decline: () => {
      isRefined = true
    },
    exclude: (candidate, why) => {
      const record = recordOf(candidate)
      if (!record) return
      changed()
      record.infeasible ??= why
    },
    standings: (isLast = isOver) => readStandings(records, look(), {isOver, isLast}),
    leader: () => {
      const {estimates, judging, seen: choice} = look()
      if (!choice) return null
      const isKnown = records.every(({infeasible, logs}) => infeasible !== null || logs.length > 0)
      const isTold = isKnown && estimates.freedom > 2
      const isAlone = records.filter(({infeasible}) => infeasible === null).length === 1
      return {
        candidate: choice.pick.record.candidate,
        isTie: choice.tied.length > 1,
        confidence: isTold && !isAlone ? Math.min(surest, confidenceOf(choice.doubts)) : null,
        withinShare: isTold ? (isAlone ? 0 : withinShareOf(choice.doubts, judging)) : null,
      }
    },
  }
}
