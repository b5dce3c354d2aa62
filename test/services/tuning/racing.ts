import type {Candidate} from '../../../src/services/tuning/candidate.ts'
import {createRace, type Race, type RaceOptions, type RaceTurn} from '../../../src/services/tuning/race/race.ts'
import type {Sample} from '../../../src/services/tuning/sample.ts'
import {seededRandom} from '../../../src/services/tuning/statistics/seeded-random.ts'
import {normal} from './replay/noise.ts'
import {architecture, cheapest, costUSD} from './replay/play.ts'

export const size = (memorySizeMB: number): Candidate => ({memorySizeMB, architecture})

export const raceOf = (sizes: readonly number[], options: Partial<RaceOptions> = {}): Race =>
  createRace({
    candidates: sizes.map(size),
    objective: cheapest,
    coldRatio: 0,
    costUSD,
    allowErrors: [],
    maxPerSize: 40,
    current: null,
    seed: 1,
    ...options,
  })

export const sampleOf = (candidate: Candidate, durationMs: number, changes: Partial<Sample> = {}): Sample => ({
  ...candidate,
  index: 1,
  at: 0,
  requestId: 'r',
  payload: 0,
  outcome: 'ok',
  errorType: null,
  durationMs,
  billedMs: Math.ceil(durationMs),
  initMs: null,
  restoreMs: null,
  maxMemoryUsedMB: 60,
  isCold: false,
  measuredBy: 'tail',
  ...changes,
})

/** What a size answers: the first invocation cold, the others with noise about what the model says. */
export type Model = (candidate: Candidate, n: number) => Partial<Sample> & {readonly durationMs: number}

export type Run = {
  readonly turns: readonly RaceTurn[]
  readonly samples: readonly Sample[]
  readonly ending: (RaceTurn & {readonly kind: 'done'})['ending']
}

/** Races to the end. Proposed sizes are declined. @throws after 3,000 turns, which no race takes */
export function run(race: Race, model: Model, cv = 0.02, seed = 1): Run {
  const random = seededRandom(seed)
  const made = new Map<number, number>()
  const turns: RaceTurn[] = []
  const samples: Sample[] = []
  for (let i = 0; i < 3_000; i++) {
    const turn = race.next()
    turns.push(turn)
    if (turn.kind === 'done') return {turns, samples, ending: turn.ending}
    if (turn.kind === 'propose') race.decline(turn.candidate, 'no')
    else
      for (const candidate of turn.candidates) {
        const n = made.get(candidate.memorySizeMB) ?? 0
        made.set(candidate.memorySizeMB, n + 1)
        const {durationMs, ...changes} = model(candidate, n)
        const noisy = durationMs * Math.exp(cv * normal(random))
        const cold = n === 0 ? {isCold: true, initMs: 200, billedMs: Math.ceil(noisy + 200)} : {}
        const sample = sampleOf(candidate, noisy, {index: samples.length + 1, ...cold, ...changes})
        samples.push(sample)
        race.add(sample)
      }
  }
  throw new Error('the race does not end')
}

/** CPU work of so many ms at 1,024 MB, beside ms that memory does not change; one vCPU at 1,769 MB. */
export const work =
  (cpuMs: number, waitMs = 0): Model =>
  ({memorySizeMB}) => ({durationMs: waitMs + (cpuMs * 1024) / Math.min(1769, memorySizeMB)})
