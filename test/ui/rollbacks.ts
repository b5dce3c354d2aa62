import type {
  RollbackMember,
  RollbackOutcome,
  RollbackPlan,
  RollbackReport,
} from '../../src/services/traffic/rollback/rollback.ts'

/** 2026-11-20 14:09:12 UTC */
export const now = Date.UTC(2026, 10, 20, 14, 9, 12)
const minute = 60_000

export function member(functionName = 'checkout-api', more: Partial<RollbackMember> = {}): RollbackMember {
  return {
    functionName,
    functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`,
    alias: 'live',
    before: {version: '42', additional: null, description: 'what customers call', revisionId: 'r1'},
    description: 'what customers call',
    from: '42',
    to: '41',
    evidence: [
      {source: 'journal', version: '41', detail: 'shift 20261120-135800-k3f9x2ab of ci moved it from 41'},
      {source: 'metrics', version: '41', detail: 'the last to run before it'},
    ],
    serving: {version: '42', calls: 8_581, errors: 412, p95Ms: 2_100, firstAt: now - 11 * minute, lastAt: now},
    previous: {
      version: '41',
      calls: 1_204_000,
      errors: 4_816,
      p95Ms: 210,
      firstAt: now - 96 * 60 * minute,
      lastAt: now - 11 * minute,
    },
    deploymentId: null,
    aborts: null,
    isThere: false,
    isDurable: false,
    notes: [],
    ...more,
  }
}

export const plan = (
  members: readonly RollbackMember[] = [member()],
  more: Partial<RollbackPlan> = {},
): RollbackPlan => ({
  runId: '20261120-140912-a1b2c3d4',
  scope: {account: '123456789012', region: 'eu-west-1', profile: 'prod', endpoint: 'aws'},
  caller: 'arn:aws:sts::123456789012:assumed-role/engineer/oncall',
  members,
  leftOut: [],
  note: null,
  ...more,
})

export const outcome = (of: RollbackMember = member(), more: Partial<RollbackOutcome> = {}): RollbackOutcome => ({
  member: of,
  state: 'done',
  serves: {version: of.to, additional: null, description: of.description, revisionId: 'r2'},
  readAt: now + 19_000,
  writes: 1,
  detail: null,
  exitCode: 0,
  durableExecutions: [],
  notes: [],
  ...more,
})

export const report = (outcomes: readonly RollbackOutcome[] = [outcome()], of?: RollbackPlan): RollbackReport => ({
  plan: of ?? plan(outcomes.map(one => one.member)),
  members: outcomes,
  writes: outcomes.reduce((sum, {writes}) => sum + writes, 0),
  startedAt: now + 18_000,
  endedAt: now + 19_000,
})
