import {type Candidate, candidateKey} from '../candidate.ts'
import {floorMB, memoryText} from '../memory-sizes.ts'
import {invocationCostUSD} from '../money/run-prices.ts'
import {chooseSize, type Point} from '../race/choose-size.ts'
import {type CurveFit, fitCurve} from '../race/curve.ts'
import {proposeSize} from '../race/propose-size.ts'
import {reasonFor} from '../report/recommend.ts'
import type {Standing} from '../standing.ts'
import type {TunePlan} from '../tune-plan.ts'
import type {Recommendation} from '../tune-report.ts'

/** What follows from history, as far as anything does. */
export type Hypothesis = {
  readonly recommendation: Recommendation | null
  readonly curves: readonly CurveFit[]
  readonly notes: readonly string[]
}

/** Of a size that served less, nobody knows what it takes. */
const leastInvocations = 10

/**
 * What the sizes that a function had say of which to use. Their invocations did different work at different times, by
 * different code: it is a hypothesis, however many they are.
 */
export function hypothesisOf(standings: readonly Standing[], plan: TunePlan): Hypothesis {
  const {objective} = plan
  const points = standings.flatMap(standing => pointOf(standing) ?? [])
  const curves = [...new Set(points.map(({architecture}) => architecture))].flatMap(
    architecture =>
      fitCurve(
        architecture,
        points.filter(each => each.architecture === architecture),
        2,
      ) ?? [],
  )
  if (points.length < 2) return {recommendation: null, curves, notes: tooLittle(standings, points)}
  const notes = [
    'a hypothesis: sizes are compared by invocations of different times, work and versions of the code; measure before you change anything',
    ...curves.flatMap(curve => betterUnmeasured(curve, points, plan) ?? []),
  ]
  const choice = chooseSize(points, objective)
  if (choice === null)
    return {recommendation: null, curves, notes: [...notes, 'no size that it had meets the latency objective']}
  const {standing: chosen} = choice.candidate
  const {memorySizeMB, architecture} = chosen
  const recommendation: Recommendation = {
    memorySizeMB,
    architecture,
    kind: 'hypothesis',
    reason: `${reasonFor(
      plan,
      chosen,
      points.map(({standing}) => standing),
    )}, by history alone`,
    confidence: null,
    withinShare: null,
    againstCurrent: againstCurrent(chosen, standings, plan.source),
  }
  return {recommendation, curves, notes}
}

type Past = Point & {readonly standing: Standing}

function pointOf(standing: Standing): Past | null {
  const {memorySizeMB, architecture, invocations, coldStarts, failures, costPerMillionUSD, meanDurationMs, slo} =
    standing
  if (costPerMillionUSD === null || meanDurationMs === null) return null
  if (invocations - coldStarts - failures < leastInvocations) return null
  return {
    memorySizeMB,
    architecture,
    costUSD: costPerMillionUSD / 1e6,
    durationMs: meanDurationMs,
    meetsSlo: slo === 'seen',
    standing,
  }
}

/** History of one size cannot tell what another would do, but for how much memory is needed. */
function tooLittle(standings: readonly Standing[], points: readonly Point[]): readonly string[] {
  const [only] = standings
  if (!only) return ['the log has no report of an invocation in this time']
  const had = points[0] ?? only
  return [
    standings.length === 1
      ? `it has had one size, ${memoryText(had.memorySizeMB)}: history cannot tell what another would do`
      : `${fewOf(standings, points)} has ${leastInvocations} warm invocations whose reports can be read: history cannot compare them`,
    ...standings.flatMap(({memorySizeMB, maxMemoryUsedMB: used}) =>
      used === null
        ? []
        : `at ${memoryText(memorySizeMB)} it used ${memoryText(used)} at most: no less than ${memoryText(floorMB(used))} would do`,
    ),
  ]
}

/** `none of its 3 sizes`, `neither of its 2 sizes`, `only 512 MB of its 2 sizes` */
function fewOf({length}: readonly Standing[], [only]: readonly Point[]): string {
  const those = `of its ${length} sizes`
  if (only) return `only ${memoryText(only.memorySizeMB)} ${those}`
  return `${length === 2 ? 'neither' : 'none'} ${those}`
}

function betterUnmeasured(curve: CurveFit, points: readonly Point[], plan: TunePlan): string | null {
  const {candidates, objective, prices, source} = plan
  const measured = points.filter(({architecture}) => architecture === curve.architecture)
  const sizes = [...candidates, ...measured].map(({memorySizeMB}) => memorySizeMB)
  const warmUSD = (candidate: Candidate, billedMs: number): number =>
    invocationCostUSD(prices, {...candidate, billedMs, ephemeralStorageMB: source.ephemeralStorageMB})
  const best = chooseSize(measured, objective)?.candidate
  // what cold invocations and rounding add at the best size they add at its neighbours
  const rest = best ? best.costUSD / warmUSD(best, best.durationMs) : 1
  const found = proposeSize(curve, {
    measured,
    range: [Math.min(...sizes), Math.max(...sizes)],
    costUSD: (candidate, billedMs) => rest * warmUSD(candidate, billedMs),
    objective,
  })
  return found && `by the curve through them ${memoryText(found.memorySizeMB)} may be better still, which it never had`
}

/** Without intervals: those of history are of the past, and not of what the next invocation will take. */
function againstCurrent(
  its: Standing,
  standings: readonly Standing[],
  current: Candidate,
): Recommendation['againstCurrent'] {
  const now = standings.find(each => candidateKey(each) === candidateKey(current))
  if (!now) return null
  const share = (to: number | null, from: number | null) => (to && from ? {share: to / from - 1, ci95: null} : null)
  const cost = share(its.costPerMillionUSD, now.costPerMillionUSD)
  const duration = share(its.meanDurationMs, now.meanDurationMs)
  return cost && duration && {cost, duration, p95: share(its.p95Ms, now.p95Ms)}
}
