import type {Member, ShiftPlan, Stage} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {usualWish} from '../usual-wish.ts'

const {to: _, waves: __, ...usual} = usualWish

export const second = 1_000
export const minute = 60_000

/** A member as it is before a shift from 41 to 42. */
export const memberOf = (functionName: string, more: Partial<Member> = {}): Member => ({
  functionName,
  functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`,
  alias: 'live',
  from: '41',
  to: '42',
  before: {version: '41', additional: null, description: 'serves the shop', revisionId: `${functionName}-1`},
  description: 'serves the shop',
  at: 0,
  differences: [],
  timeoutSeconds: 10,
  repeats: 1,
  logGroup: `/aws/lambda/${functionName}`,
  traffic: {value: {perMinute: 100, aliasShare: 1, errorRate: 0.005, p95Ms: 200}},
  provisioned: null,
  managers: [],
  evidenceMs: 5 * minute,
  notes: [],
  ...more,
})

type Steps = readonly (readonly [basisPoints: number, minMs: number])[]

const canary: Steps = [
  [1_000, 5 * minute],
  [10_000, 2 * minute],
]

type PlanOptions = {
  readonly members?: readonly Member[]
  readonly steps?: Steps
  /** by names; by default all are in one */
  readonly waves?: readonly (readonly string[])[]
  readonly wish?: Partial<ShiftPlan['wish']>
} & Partial<Omit<ShiftPlan, 'wish' | 'members'>>

export function planOf({
  members = [memberOf('checkout')],
  steps = canary,
  waves,
  wish,
  ...more
}: PlanOptions = {}): ShiftPlan {
  const all = waves ?? [members.map(({functionName}) => functionName)]
  const [[first] = [1]] = steps
  const evidenceAt = (basisPoints: number): Pick<Stage, 'evidenceMs'> => {
    if (wish?.gate === 'none' || (wish?.handOver ?? null) !== null) return {}
    if (members.some(({evidenceMs}) => evidenceMs === null)) return {evidenceMs: null}
    // about as many calls at any weight
    const longest = Math.max(0, ...members.map(({evidenceMs}) => ((evidenceMs ?? 0) * first) / basisPoints))
    return {evidenceMs: Math.ceil(longest / minute) * minute}
  }
  const stages: readonly Stage[] = all.flatMap(wave =>
    steps.map(([basisPoints, minMs]) => ({wave, basisPoints, minMs, ...evidenceAt(basisPoints)})),
  )
  return {
    runId: '20261120-140000-k3f9x2ab',
    scope: {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'},
    caller: 'arn:aws:sts::123456789012:assumed-role/oncall/ann',
    members,
    ladder: 'canary',
    stages,
    commits: true,
    alarms: [],
    leastMs: 7 * minute,
    expectedMs: 20 * minute,
    maxTimeMs: 60 * minute,
    credentialsExpireAt: null,
    sameRelease: null,
    writesPerStage: members.length,
    gateCostUSD: 0,
    resumes: null,
    warnings: [],
    ...more,
    wish: {
      ...usual,
      ...wish,
    },
  }
}
