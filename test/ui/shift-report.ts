import type {GateAlarm, MemberEvidence} from '../../src/services/traffic/evidence/evidence.ts'
import type {Effect, GateMetric, Judgement, Rate} from '../../src/services/traffic/judge/judgement.ts'
import {rateOf} from '../../src/services/traffic/judge/rate.ts'
import type {Member, ShiftPlan} from '../../src/services/traffic/plan/shift-plan.ts'
import type {
  MemberOutcome,
  MemberStanding,
  ShiftReport,
  ShiftStanding,
} from '../../src/services/traffic/shift/shift-steps.ts'
import {memberOf, minute, planOf} from '../services/traffic/shift/shift-plans.ts'

/** 2026-11-20 14:02:00 UTC */
export const startedAt = Date.UTC(2026, 10, 20, 14, 2)

export const clock = {
  time: (ms: number): string => new Date(ms).toISOString().slice(11, 23),
  date: (ms: number): string => new Date(ms).toISOString().slice(0, 10),
}

export const checkout = (more: Partial<Member> = {}): Member =>
  memberOf('checkout-api', {
    evidenceMs: 20 * minute,
    differences: [
      {what: 'MemorySize', from: '512', to: '1024'},
      {what: 'Environment', from: '', to: 'PAY_V42'},
    ],
    ...more,
  })

const alarm: GateAlarm = {
  name: 'checkout-5xx',
  kind: 'metric',
  state: 'OK',
  since: startedAt - 90 * minute,
  reason: '',
  isEvaluated: true,
}

/** A canary of one function, with everything that can be asked for. */
export const shiftPlan = (more: Parameters<typeof planOf>[0] = {}): ShiftPlan =>
  planOf({
    members: [checkout()],
    expectedMs: 22 * minute,
    alarms: [alarm],
    gateCostUSD: 0.0072,
    credentialsExpireAt: startedAt + 90 * minute,
    wish: {alarms: ['checkout-5xx'], note: 'pay-v42', deadMan: {afterMs: 15 * minute, roleArn: 'arn:role'}},
    ...more,
  })

export const groupOf = (count: number, more: (at: number) => Partial<Member> = () => ({})): readonly Member[] =>
  Array.from({length: count}, (_, at) => memberOf(`shop-worker-${at + 1}`, {evidenceMs: 20 * minute, ...more(at)}))

const rate = (calls: number, bad: number): Rate => rateOf({calls, bad})

type Counted = readonly [calls: number, bad: number]

export const effectOf = (metric: GateMetric, canary: Counted, baseline: Counted, harm: number): Effect => ({
  metric,
  canary: rate(...canary),
  baseline: rate(...baseline),
  harm,
})

type Figures = readonly [calls: number, errors: number, p95Ms: number]

const evidenceOf = ([calls, errors, p95Ms]: Figures, [before, failed, wasMs]: Figures): MemberEvidence => ({
  metrics: [
    {
      metric: 'errors',
      minutes: [
        {
          at: startedAt,
          canary: {calls: calls / 4, bad: errors / 4},
          baseline: {calls: before / 4, bad: failed / 4},
          isFinal: true,
        },
      ],
    },
  ],
  canary: {calls, errors, p95Ms},
  baseline: {calls: before, errors: failed, p95Ms: wasMs},
  source: 'metrics',
})

const judgementOf = (canary: Figures, baseline: Figures, more: Partial<Judgement> = {}): Judgement => ({
  verdict: 'inconclusive',
  harm: 1.9,
  harmAt: 100,
  harmByMinute: [1, 0.9, 0.8, 2.4, 1.9],
  health: 3.2,
  healthAt: 20,
  effects: [
    {metric: 'errors', harm: 1.9, canary: rate(canary[0], canary[1]), baseline: rate(baseline[0], baseline[1])},
  ],
  callsToHealthy: 1_100,
  why: `${canary[1]} of ${canary[0]} failed; of version 41, ${baseline[1]} of ${baseline[0]}`,
  ...more,
})

export const standingOf = (
  member: Member,
  more: Partial<MemberStanding> & {readonly canary?: Figures; readonly judged?: Partial<Judgement>} = {},
): MemberStanding => {
  const {canary = [2_004, 10, 214], judged, ...rest} = more
  const baseline: Figures = [18_020, 72, 210]
  return {
    member,
    state: 'watched',
    basisPoints: 1_000,
    evidence: evidenceOf(canary, baseline),
    judgement: judgementOf(canary, baseline, judged),
    detail: null,
    ...rest,
  }
}

/** Three minutes into the first stage. */
export const shiftStanding = (plan: ShiftPlan, more: Partial<ShiftStanding> = {}): ShiftStanding => ({
  stage: 0,
  stageAt: startedAt + 2_000,
  startedAt,
  verdict: 'inconclusive',
  harm: 1.9,
  harmAt: 100,
  harmByMinute: [1, 0.9, 0.8, 2.4, 1.9],
  members: plan.members.map(member => standingOf(member)),
  alarms: plan.alarms,
  waitsFor: null,
  isPaused: false,
  deadManAt: plan.wish.deadMan === null ? null : startedAt + 17 * minute,
  ...more,
})

const outcomeOf = (standing: MemberStanding, version: string): MemberOutcome => ({
  ...standing,
  serves: {version, additional: null, description: 'serves the shop', revisionId: `${standing.member.functionName}-7`},
})

/** One that went well; the members are as `each` makes them. */
export function shiftReport(
  plan = shiftPlan(),
  {
    each = member =>
      standingOf(member, {state: 'done', basisPoints: 10_000, judged: {verdict: 'healthy', callsToHealthy: null}}),
    serves = () => '42',
    standing = {},
    ...more
  }: {
    readonly each?: (member: Member, at: number) => MemberStanding
    readonly serves?: (member: Member, at: number) => string | null
    readonly standing?: Partial<ShiftStanding>
  } & Partial<Omit<ShiftReport, 'standing'>> = {},
): ShiftReport {
  const members = plan.members.map((member, at) => {
    const version = serves(member, at)
    const outcome = outcomeOf(each(member, at), version ?? '')
    return version === null ? {...outcome, serves: null} : outcome
  })
  return {
    plan,
    outcome: 'done',
    verdict: 'healthy',
    why: 'the new version serves',
    byGate: false,
    members,
    standing: shiftStanding(plan, {verdict: 'healthy', stage: plan.stages.length, members, ...standing}),
    startedAt,
    endedAt: startedAt + 27 * minute,
    writes: 3,
    ...more,
  }
}

/** One that a gate sent back. */
export const rolledBack = (plan = shiftPlan(), more: Parameters<typeof shiftReport>[1] = {}): ShiftReport =>
  shiftReport(plan, {
    outcome: 'rolled-back',
    verdict: 'unhealthy',
    byGate: true,
    why: '20 of 100 failed; of version 41, 72 of 18,020',
    each: member =>
      standingOf(member, {
        state: 'rolled-back',
        basisPoints: 0,
        canary: [100, 20, 1_950],
        judged: {verdict: 'unhealthy', harm: 4_300, callsToHealthy: null},
      }),
    serves: () => '41',
    standing: {stage: 0, harm: 4_300, verdict: 'unhealthy', harmByMinute: [1, 14, 4_300], blamed: ['checkout-api']},
    ...more,
  })

export const hostileName = 'a\u001b[2J\u202eb'
