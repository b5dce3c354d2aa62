import {candidateKey} from '../candidate.ts'
import {memoryText} from '../memory-sizes.ts'
import type {Objective} from '../objective.ts'
import type {Race} from '../race/race.ts'
import {areApart} from '../race/why.ts'
import type {Sample} from '../sample.ts'
import type {Interval, Standing} from '../standing.ts'
import type {TunePlan} from '../tune-plan.ts'
import type {Ending, Recommendation} from '../tune-report.ts'
import {againstCurrent, warmDurations} from './against-current.ts'

/**
 * The size to use, by where the race stands.
 * @returns null where too little is known to name one
 */
export function recommend(
  plan: TunePlan,
  race: Race,
  standings: readonly Standing[],
  samples: readonly Sample[],
  ending: Ending,
): Recommendation | null {
  const leader = race.leader()
  if (leader === null) return null
  const key = candidateKey(leader.candidate)
  const size = standings.find(standing => candidateKey(standing) === key)
  if (size === undefined || size.costPerMillionUSD === null) return null
  const current = standings.find(standing => candidateKey(standing) === candidateKey(plan.source)) ?? null
  const kind = ending !== 'settled' ? 'best-so-far' : leader.isTie ? 'tie' : 'winner'
  // of sizes that were not all measured, the best is whichever came first
  if (kind === 'best-so-far' && leader.confidence === null && leader.withinShare !== 0) return null
  return {
    memorySizeMB: size.memorySizeMB,
    architecture: size.architecture,
    kind,
    reason:
      kind === 'best-so-far'
        ? `so far ${reasonFor(plan, size, standings, soFarWords)}`
        : reasonFor(plan, size, standings),
    confidence: leader.confidence,
    withinShare: leader.withinShare,
    againstCurrent: againstCurrent(size, current, of => warmDurations(samples, of, plan.allowErrors)),
  }
}

type Measured = Standing & {readonly costPerMillionUSD: number; readonly meanDurationMs: number}

const isMeasured = (standing: Standing): standing is Measured =>
  standing.status !== 'infeasible' && standing.costPerMillionUSD !== null && standing.meanDurationMs !== null

/**
 * Why this size, to follow its name: `as cheap as any (within 3 %) and 42 % faster than 1,024 MB`. By the means, which the choice
 * is made by and changes against the current size are told by, so that one comparison has one figure.
 */
export function reasonFor(
  {objective, candidates}: TunePlan,
  size: Standing,
  standings: readonly Standing[],
  wordsAgainst = settledWords,
): string {
  const named = sizeNamer(candidates)
  const measured = standings.filter(isMeasured).filter(other => candidateKey(other) !== candidateKey(size))
  const others = measured.filter(({slo}) => slo !== 'missed')
  if (!isMeasured(size) || measured.length === 0) return 'the only size that was measured'
  const said = [
    ...(objective.slo === null ? [] : [sloWords(objective.slo, size)]),
    others.length === 0 ? 'the only size of which that holds' : wordsAgainst(objective, size, others, named),
  ]
  return said.join(', ')
}

/** What sizes are compared by, and how that is said. */
type Axis = {
  readonly of: (size: Measured) => number
  readonly interval: (size: Measured) => Interval | null
  readonly as: string
  readonly more: string
  readonly most: string
}
const cost: Axis = {
  of: size => size.costPerMillionUSD,
  interval: size => size.ci95CostPerMillionUSD,
  as: 'cheap',
  more: 'cheaper',
  most: 'the cheapest',
}
const duration: Axis = {
  of: size => size.meanDurationMs,
  interval: size => size.ci95BilledMs,
  as: 'fast',
  more: 'faster',
  most: 'the fastest',
}

const least = ({of}: Axis, sizes: readonly Measured[]): Measured | undefined =>
  [...sizes].sort((a, b) => of(a) - of(b))[0]

function settledWords(
  {goal, costTolerance, indifference}: Objective,
  size: Measured,
  others: readonly Measured[],
  named: (of: Standing) => string,
): string {
  return costTolerance === null
    ? goalWords(goal.kind, indifference, size, others, named)
    : toleranceWords(costTolerance, size, others, named)
}

/** Of what is not settled, only what the figures are: what it ties with, or is better than, is what nobody knows yet. */
function soFarWords(
  {goal, slo, costTolerance}: Objective,
  size: Measured,
  others: readonly Measured[],
  named: (of: Standing) => string,
): string {
  const measured = 'of what was measured'
  const which = slo === null ? '' : ' with that'
  if (costTolerance !== null)
    return `the fastest ${measured}${which} that costs at most ${percent(costTolerance)} more than the cheapest`
  if (goal.kind === 'balanced') return `the best balance of cost and duration ${measured}${which}`
  const axis = goal.kind === 'cheapest' ? cost : duration
  const best = least(axis, [size, ...others]) ?? size
  const most = `${axis.most} ${measured}${which}`
  return best === size ? most : `within ${percentUp(axis.of(size) / axis.of(best) - 1)} of ${most}, ${named(best)}`
}

function goalWords(
  goal: 'cheapest' | 'fastest' | 'balanced',
  indifference: number,
  size: Measured,
  others: readonly Measured[],
  named: (of: Standing) => string,
): string {
  if (goal === 'balanced') return 'the best balance of cost and duration'
  const [first, second] = goal === 'cheapest' ? [cost, duration] : [duration, cost]
  const less = (axis: Axis, than: Measured): number => 1 - axis.of(size) / axis.of(than)
  const tied = others.filter(({status}) => status === 'tied')
  const equals = tied.length > 0 ? tied : others.filter(other => first.of(other) <= first.of(size) * (1 + indifference))
  const next = least(second, equals)
  const areTold = (axis: Axis, than: Measured): boolean => areApart(axis.interval(size), axis.interval(than))
  if (next === undefined) {
    const best = least(first, others)
    if (best === undefined) return first.most
    const perhaps = areTold(first, best) ? '' : 'perhaps '
    return `${first.most}, ${perhaps}${percent(less(first, best))} ${first.more} than ${named(best)}`
  }
  const asAny = `as ${first.as} as any (within ${percent(indifference)})`
  const better = less(second, next)
  return better <= 0 || !areTold(second, next)
    ? asAny
    : `${asAny} and ${percent(better)} ${second.more} than ${named(next)}`
}

function toleranceWords(
  tolerance: number,
  size: Measured,
  others: readonly Measured[],
  named: (of: Standing) => string,
): string {
  const cheapest = least(cost, [size, ...others]) ?? size
  if (cheapest === size) return `the cheapest, and nothing faster costs at most ${percent(tolerance)} more`
  const faster = percent(1 - size.meanDurationMs / cheapest.meanDurationMs)
  return `${faster} faster than ${named(cheapest)}, the fastest of those that cost at most ${percent(tolerance)} more than that`
}

function sloWords(
  slo: {readonly percentile: number; readonly limitMs: number},
  {slo: met, uncertifiable}: Pick<Standing, 'slo' | 'uncertifiable'>,
): string {
  const limit = `p${slo.percentile} below ${slo.limitMs.toLocaleString('en')} ms`
  if (met === 'certified') return `${limit} (certified)`
  return uncertifiable === undefined
    ? `${limit} in what was measured, which is too little to certify it`
    : `${limit} in what was measured, where ${uncertifiable.slower} of ${uncertifiable.of} calls were slower: too many to certify it`
}

const percent = (share: number): string => {
  const points = share * 100
  return `${points >= 1 || points === 0 ? Math.round(points) : points.toFixed(1)} %`
}

/** Rounded up to tenths, as what is within so much must be. */
const percentUp = (share: number): string => `${Math.ceil(share * 1000 - 1e-9) / 10} %`

/** How sizes are called: with the architecture where there are two. */
function sizeNamer(candidates: TunePlan['candidates']): (of: Standing) => string {
  const isOne = new Set(candidates.map(({architecture}) => architecture)).size <= 1
  return ({memorySizeMB, architecture}) => `${memoryText(memorySizeMB)}${isOne ? '' : ` on ${architecture}`}`
}
