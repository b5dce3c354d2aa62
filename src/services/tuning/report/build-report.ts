import type {UserError} from '../../../errors.ts'
import type {Architecture} from '../../pricing.ts'
import type {Cleanup} from '../arena/arena.ts'
import type {Spent} from '../limits.ts'
import {type CurveFit, fitCurve} from '../race/curve.ts'
import type {Race} from '../race/race.ts'
import type {Sample} from '../sample.ts'
import type {Standing} from '../standing.ts'
import type {TunePlan} from '../tune-plan.ts'
import type {Ending, TuneReport} from '../tune-report.ts'
import {nearestMiss} from './nearest-miss.ts'
import {recommend} from './recommend.ts'

/** What a run came to, before it is told. */
export type Outcome = {
  readonly plan: TunePlan
  readonly startedAt: number
  readonly endedAt: number
  readonly ending: Ending
  readonly failure: UserError | null
  readonly race: Race
  readonly samples: readonly Sample[]
  readonly spent: Spent
  readonly cleanup: Cleanup
  readonly gaps: readonly string[]
  readonly notes: readonly string[]
  readonly warnings: readonly string[]
}

/** Tells what a run came to. */
export function buildReport(outcome: Outcome): TuneReport {
  const {plan, ending, failure, race, samples, spent, cleanup, gaps, notes, warnings} = outcome
  const sizes = [...race.standings(true)].sort(
    (a, b) => a.architecture.localeCompare(b.architecture) || a.memorySizeMB - b.memorySizeMB,
  )
  const recommendation = ending === 'failing' ? null : recommend(plan, race, sizes, samples, ending)
  const miss = nearestMiss({plan, ending, sizes, samples, recommendation})
  const unanswered = spent.unknown === 0 ? [] : [unknownText(spent.unknown)]
  // the answer does not rest on what was lost
  const isSettled = ending === 'settled'
  return {
    plan,
    startedAt: outcome.startedAt,
    endedAt: outcome.endedAt,
    ending,
    sizes,
    samples,
    recommendation,
    curves: curvesOf(sizes),
    spent,
    cleanup,
    gaps: [
      ...gaps,
      ...(failure === null ? [] : [[failure.message, failure.hint].filter(Boolean).join('; ')]),
      ...endingGaps(outcome),
      ...(isSettled ? [] : unanswered),
    ],
    notes: isSettled ? [...unanswered, ...notes] : notes,
    ...(warnings.length > 0 && {warnings}),
    ...(miss !== null && {nearestMiss: miss}),
    ...(failure !== null && {failure}),
  }
}

const limitNames: Readonly<Partial<Record<Ending, (plan: TunePlan) => string>>> = {
  'max-cost': ({limits}) =>
    `--max-cost $${limits.maxCostUSD}, each counted at the most that it can cost before it is made`,
  'max-invocations': () => '--max-invocations',
  'max-time': ({limits}) => `--max-time of ${Math.round(limits.maxTimeMs / 1000)} s`,
}

function endingGaps({plan, ending, spent}: Outcome): readonly string[] {
  const limit = limitNames[ending]?.(plan)
  const {invocations} = spent
  const made = `${invocations} invocation${invocations === 1 ? '' : 's'}`
  if (limit !== undefined)
    return [`${made} (${limit}) ${invocations === 1 ? 'was' : 'were'} not enough to tell the sizes apart`]
  if (ending === 'not-separable') return [`${made} do not tell the best sizes apart`]
  return []
}

const unknownText = (unknown: number): string =>
  `${unknown} invocation${unknown === 1 ? ' was' : 's were'} not answered: whether ${unknown === 1 ? 'it' : 'they'} ran is unknown, and counted at the most that it can have cost`

function curvesOf(sizes: readonly Standing[]): readonly CurveFit[] {
  const architectures: readonly Architecture[] = ['x86_64', 'arm64']
  return architectures.flatMap(architecture => {
    const points = sizes.flatMap(({memorySizeMB, meanDurationMs, status, ...size}) =>
      size.architecture === architecture && meanDurationMs !== null && status !== 'infeasible'
        ? [{memorySizeMB, durationMs: meanDurationMs}]
        : [],
    )
    return fitCurve(architecture, points) ?? []
  })
}
