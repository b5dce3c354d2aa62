import {isKnown} from '../../../known.ts'
import {metricUSD} from '../../pricing.ts'
import {slowThreshold} from '../evidence/slow-threshold.ts'
import {evidenceMs} from '../judge/evidence-eta.ts'
import {leastMsOf} from './ladder.ts'
import type {Member, ShiftPlan, ShiftWish, Stage} from './shift-plan.ts'

/** How long a shift takes, what it asks of the control plane, and what its gate costs. */
type Times = Pick<ShiftPlan, 'leastMs' | 'expectedMs' | 'maxTimeMs' | 'writesPerStage' | 'gateCostUSD'>

const leastWaitMs = 30 * 60_000
/** calls a second of Lambda's control plane that a shift keeps below, of 15 that the account has */
const writesPerSecond = 10
/** of both versions Invocations, Errors and Duration's p95; where slow ones are counted, how many ran and how many were fast */
const metricsOfMember = 6
const metricsOfLatency = 4

/** How often the gate looks: evidence comes by the minute, twenty seconds lose little of it, and of many members each read costs calls and money. */
export const pollMs = (members: number): number => (members <= 10 ? 20_000 : members <= 50 ? 30_000 : 60_000)

/**
 * How long all of it takes; where nobody watches, it is only time.
 * @param stages with how long their evidence takes
 */
export function timesOf(members: readonly Member[], stages: readonly Stage[], wish: ShiftWish): Times {
  const isWatched = wish.gate === 'auto' || wish.alarms.length > 0
  const writesPerStage = stages.reduce(
    (most, {wave}) => Math.max(most, wave.length),
    stages.length > 0 ? 0 : members.length,
  )
  const writingMs = stages.reduce((sum, {wave}) => sum + writeSeconds(wave.length), 0) * 1000
  const leastMs = leastMsOf(stages)
  // CodeDeploy goes by time
  const isJudged = wish.gate === 'auto' && wish.handOver === null
  const expectedMs = isJudged ? expectedMsOf(stages) : leastMs
  const maxTimeMs = isWatched ? (wish.maxTimeMs ?? leastMs + Math.max(leastWaitMs, 2 * leastMs)) : leastMs + writingMs
  const watchedMs = Math.min(expectedMs ?? maxTimeMs, maxTimeMs)
  return {
    leastMs,
    expectedMs,
    maxTimeMs,
    writesPerStage,
    gateCostUSD: isJudged ? gateUSD(members, stages.length, watchedMs) : 0,
  }
}

/** What the gate's metrics cost: all of the members at each look, of which one is where a stage begins. */
function gateUSD(members: readonly Member[], stages: number, watchedMs: number): number {
  const metrics = members.reduce(
    (sum, {traffic}) => sum + metricsOfMember + (slowThreshold(traffic) === null ? 0 : metricsOfLatency),
    0,
  )
  return (watchedMs / pollMs(members.length) + stages) * metrics * metricUSD
}

/** What the writes of a stage take, at the pace that leaves room for others. */
export const writeSeconds = (writes: number): number => (writes <= 1 ? 0 : writes / writesPerSecond)

/** The stages, each with how long its evidence takes; CodeDeploy goes by time, as does who has no judge. */
export function withEvidence(
  stages: readonly Stage[],
  members: readonly Member[],
  {gate, handOver, judge}: Pick<ShiftWish, 'gate' | 'handOver' | 'judge'>,
): readonly Stage[] {
  if (gate === 'none' || handOver !== null) return stages
  return stages.map(stage => {
    const all = members.flatMap(({functionName, traffic, repeats}) => {
      if (!stage.wave.includes(functionName) || !isKnown(traffic)) return []
      const {perMinute, errorRate} = traffic.value
      return [evidenceMs({perMinute, errorRate: errorRate ?? 0}, stage.basisPoints, judge, repeats)]
    })
    if (all.length === 0) return stage
    return {
      ...stage,
      evidenceMs: all.reduce((one, other) => (one === null || other === null ? null : Math.max(one, other))),
    }
  })
}

/** null where a stage's evidence never shows. */
const expectedMsOf = (stages: readonly Stage[]): number | null =>
  stages.reduce<number | null>(
    (sum, {minMs, evidenceMs = 0}) => (sum === null || evidenceMs === null ? null : sum + Math.max(minMs, evidenceMs)),
    0,
  )
