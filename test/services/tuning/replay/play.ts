import type {Candidate} from '../../../../src/services/tuning/candidate.ts'
import type {Objective} from '../../../../src/services/tuning/objective.ts'
import {createRace, type Race, type RaceTurn} from '../../../../src/services/tuning/race/race.ts'
import type {Sample} from '../../../../src/services/tuning/sample.ts'
import type {Standing} from '../../../../src/services/tuning/standing.ts'
import {initMs, invoker, meanBilledMs, type World} from './noise.ts'
import {gridOf, type Profile} from './profiles.ts'

/** A profile, played with noise. */
export type Replay = {
  readonly profile: Profile
  readonly cv: number
  readonly seed: number
  /** the usual one where it is not said */
  readonly world?: World
}

/** What a way of choosing came to. */
export type Outcome = {
  readonly picked: number | null
  /** how much dearer the chosen size is than the cheapest of the grid, as a share; 0 where it is cheaper than all of them */
  readonly regret: number
  readonly invocations: number
  /** ÷ what 50 invocations of each size cost on average, the first of each cold */
  readonly spend: number
}

export const architecture = 'x86_64'
export const cheapest: Objective = {goal: {kind: 'cheapest'}, slo: null, costTolerance: null, indifference: 0.03}

/** us-east-1, first tier, a request included. */
export const costUSD = ({memorySizeMB}: Candidate, billedMs: number): number =>
  (memorySizeMB / 1024) * (billedMs / 1000) * 0.0000166667 + 2e-7

/** Runs a race to its end, which may take in what it proposes. @returns its last turn */
export function runRace(race: Race, invoke: (candidate: Candidate) => Sample): RaceTurn & {readonly kind: 'done'} {
  for (;;) {
    const turn = race.next()
    if (turn.kind === 'done') return turn
    if (turn.kind === 'propose') race.enter(turn.candidate)
    else for (const candidate of turn.candidates) race.add(invoke(candidate))
  }
}

export type RaceOutcome = Outcome & {
  readonly ending: 'settled' | 'not-separable' | 'failing'
  readonly confidence: number | null
  readonly withinShare: number | null
  /** the best size was dropped, or the race settled without it, although it is better by more than the indifference */
  readonly isBestLost: boolean
  readonly standings: readonly Standing[]
}

/** Races a profile's sizes, as `slsops tune` would. */
export function playRace({profile, cv, seed, world}: Replay, objective = cheapest, maxPerSize = 40): RaceOutcome {
  const candidates = gridOf(profile).map((memorySizeMB): Candidate => ({memorySizeMB, architecture}))
  const distance = ({memorySizeMB}: Candidate): number => Math.abs(memorySizeMB - 512)
  const current = candidates.toSorted((a, b) => distance(a) - distance(b))[0] ?? null
  const race = createRace({
    candidates,
    objective,
    coldRatio: 0,
    costUSD,
    allowErrors: [],
    maxPerSize,
    current,
    seed,
  })
  const invoke = invoker(profile, cv, seed, world)
  const spent: number[] = []
  const {ending} = runRace(race, candidate => {
    const sample = invoke(candidate)
    spent.push(costUSD(candidate, sample.billedMs))
    return sample
  })
  const leader = race.leader()
  const standings = race.standings()
  const outcome = outcomeOf({profile, cv, seed}, leader?.candidate.memorySizeMB ?? null, spent)
  const best = standings.find(({memorySizeMB}) => memorySizeMB === bestOf(profile, cv))
  return {
    ...outcome,
    ending,
    confidence: leader?.confidence ?? null,
    withinShare: leader?.withinShare ?? null,
    isBestLost: outcome.regret > objective.indifference && (ending === 'settled' || best?.status === 'dropped'),
    standings,
  }
}

/**
 * aws-lambda-power-tuning's rule: as many invocations of each size, cold ones among them, the mean of what is left without the
 * fifth at either end, rounded up, no request fee; of equals the faster one.
 */
export function playIncumbent({profile, cv, seed}: Replay, num: number): Outcome {
  const invoke = invoker(profile, cv, seed)
  const spent: number[] = []
  const sizes = gridOf(profile).map(memorySizeMB => {
    const billed = Array.from({length: num}, () => invoke({memorySizeMB, architecture}).billedMs)
    for (const ms of billed) spent.push(costUSD({memorySizeMB, architecture}, ms))
    const ms = trimmedMean(billed, 0.2)
    return {memorySizeMB, ms, price: (Math.ceil(ms) * 2.1e-9 * memorySizeMB) / 128}
  })
  const [best] = sizes.toSorted((a, b) => a.price - b.price || a.ms - b.ms)
  return outcomeOf({profile, cv, seed}, best?.memorySizeMB ?? null, spent)
}

/** The mean without a share of the values at either end. */
export function trimmedMean(values: readonly number[], share: number): number {
  const cut = Math.floor(values.length * share)
  const kept = values.toSorted((a, b) => a - b).slice(cut, values.length - cut)
  return kept.reduce((sum, value) => sum + value, 0) / kept.length
}

const trueCost = (profile: Profile, cv: number, memorySizeMB: number): number =>
  costUSD({memorySizeMB, architecture}, meanBilledMs(profile, cv, memorySizeMB))

function bestOf(profile: Profile, cv: number): number | undefined {
  const costs = gridOf(profile).map(memorySizeMB => ({memorySizeMB, cost: trueCost(profile, cv, memorySizeMB)}))
  return costs.toSorted((a, b) => a.cost - b.cost)[0]?.memorySizeMB
}

function outcomeOf({profile, cv}: Replay, picked: number | null, spent: readonly number[]): Outcome {
  const grid = gridOf(profile)
  const least = Math.min(...grid.map(memorySizeMB => trueCost(profile, cv, memorySizeMB)))
  const fifty = grid.reduce((sum, memorySizeMB) => {
    const billedMs = meanBilledMs(profile, cv, memorySizeMB)
    const candidate = {memorySizeMB, architecture} as const
    return sum + 49 * costUSD(candidate, billedMs) + costUSD(candidate, billedMs + initMs)
  }, 0)
  return {
    picked,
    regret: picked === null ? 1 : Math.max(0, trueCost(profile, cv, picked) / least - 1),
    invocations: spent.length,
    spend: spent.reduce((sum, cost) => sum + cost, 0) / fifty,
  }
}
