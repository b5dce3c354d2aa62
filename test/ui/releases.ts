import type {AliasRelease, ReleasesReport, ReleaseVersion} from '../../src/services/traffic/releases/releases.ts'

/** 2026-11-20 14:09:12 UTC */
export const now = Date.UTC(2026, 10, 20, 14, 9, 12)
const minute = 60_000
const scope = {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'} as const

export const version = (number: string, more: Partial<ReleaseVersion> = {}): ReleaseVersion => ({
  version: number,
  weight: 0,
  figures: {version: number, calls: 18_020, errors: 72, p95Ms: 210, firstAt: null, lastAt: now - 11 * minute},
  costUSD: 0.0151,
  publishedAt: now - 96 * 60 * minute,
  description: 'build 769',
  ...more,
})

export function release(functionName = 'checkout-api', more: Partial<AliasRelease> = {}): AliasRelease {
  const failing = {version: '42', calls: 8_581, errors: 412, p95Ms: 2_100, firstAt: now - 11 * minute, lastAt: now}
  return {
    functionName,
    functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`,
    alias: 'live',
    account: '123456789012',
    region: 'eu-west-1',
    state: {version: '42', additional: null, description: 'what customers call', revisionId: 'r1'},
    standing: 'troubled',
    versions: [version('42', {weight: 1, figures: failing, costUSD: 0.0003}), version('41')],
    measured: {value: true},
    since: now - 11 * minute,
    mover: {
      source: 'journal',
      operation: 'shift',
      from: '41',
      to: '42',
      by: 'arn:aws:sts::123456789012:assumed-role/deploy/ci',
      at: now - 11 * minute,
      note: 'pay-v42',
      why: null,
      runId: '20261120-135800-k3f9x2ab',
    },
    lease: null,
    isLeaseOver: false,
    waiting: null,
    provisioned: null,
    managers: [],
    ...more,
  }
}

export const moving = (functionName = 'billing-worker'): AliasRelease =>
  release(functionName, {
    standing: 'moving',
    state: {version: '7', additional: {version: '8', weight: 0.25}, description: 'slsops:1 …', revisionId: 'r2'},
    versions: [version('7', {weight: 0.75}), version('8', {weight: 0.25, figures: null, costUSD: null})],
    since: null,
    mover: null,
    lease: {
      runId: '20261120-140711-a1b2c3d4',
      by: 'oncall',
      stage: 2,
      stages: 6,
      basisPoints: 2_500,
      from: '7',
      to: '8',
      until: now + 30 * minute,
    },
    provisioned: {requested: 10, available: 2, status: 'IN_PROGRESS'},
    managers: [
      {kind: 'codedeploy', name: 'd-A1B2C3', detail: 'to 8, 10 %', isActive: true},
      {kind: 'cloudformation', name: 'larder-orders', detail: '', isActive: false},
    ],
    waiting: '9',
  })

export const steady = (functionName = 'search', more: Partial<AliasRelease> = {}): AliasRelease =>
  release(functionName, {
    standing: 'steady',
    state: {version: '9', additional: null, description: '', revisionId: 'r3'},
    versions: [version('9', {weight: 1})],
    since: null,
    mover: null,
    ...more,
  })

export const report = (
  aliases: readonly AliasRelease[] = [moving(), release(), steady()],
  more: Partial<ReleasesReport> = {},
): ReleasesReport => ({
  coverage: {window: {start: now - 24 * 60 * minute, end: now}, scopes: [scope], gaps: []},
  aliases,
  without: 29,
  known: {functions: aliases.length, known: aliases.length},
  pricesAsOf: '2026-08-01',
  notes: [],
  ...more,
})
