import type {ErrorCluster} from '../../src/services/errors/cluster.ts'
import type {ErrorsReport} from '../../src/services/errors/errors-report.ts'
import type {Origin} from '../../src/services/errors/leaf.ts'
import {request, start} from './events.ts'

const scope = {account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'} as const

const origin = (name: string, more: Partial<Origin> = {}): Origin => ({
  account: scope.account,
  region: scope.region,
  logGroup: `/aws/lambda/${name}`,
  function: name,
  functionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
  ...more,
})

/** A kind of error as a report has it, as far as `more` does not say otherwise. */
export function aCluster(names: readonly string[], more: Partial<ErrorCluster> = {}): ErrorCluster {
  const functions = names.map(name => origin(name))
  return {
    fingerprint: 'a1b2c3d4e5f6',
    kind: 'exception',
    type: 'PaymentTimeout',
    title: 'PaymentTimeout: upstream did not answer in <n> ms',
    trend: 'new',
    count: 412,
    baselineCount: 0,
    ratePerMinute: 27.4,
    baselineRatePerMinute: 0,
    ratePerInvocation: null,
    baselineRatePerInvocation: null,
    baselineComplete: true,
    functions,
    versions: ['42'],
    firstSeen: start - 233_000,
    lastSeen: start + 60_000,
    histogram: [...new Array<number>(12).fill(0), 1, 2, 4, 9, 20, 31, 52, 60, 60, 60, 58, 55],
    sample: {
      ...(functions[0] ?? origin('x')),
      timestamp: start,
      logStream: '2026/11/20/[42]0123456789abcdef0123456789abcdef',
      version: '42',
      requestId: request,
      traceId: '1-6b005320-1d1e9504609a52ab2e8537c0',
      message: `2026-11-20T14:02:00.000Z\t${request}\tERROR\tInvoke Error \t{"errorType":"PaymentTimeout"}\n`,
      level: 'ERROR',
      isNow: true,
    },
    ...more,
  }
}

export const aFewKinds: readonly ErrorCluster[] = [
  aCluster(['checkout-api']),
  aCluster(['orders-stream', 'billing-worker'], {
    fingerprint: 'b',
    title: 'ConditionalCheckFailed: The conditional request failed',
    trend: 'growing',
    count: 88,
    baselineCount: 1_584,
    ratePerMinute: 5.9,
    baselineRatePerMinute: 1.1,
    histogram: [2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 9, 9, 9, 10, 10],
  }),
  aCluster(['image-resize'], {
    fingerprint: 'c',
    kind: 'timeout',
    type: null,
    title: 'Task timed out after <n> seconds',
    trend: 'steady',
    versions: ['$LATEST'],
    count: 31,
    baselineCount: 2_880,
    ratePerMinute: 2.1,
    baselineRatePerMinute: 2,
  }),
]

/** A report of a quarter of an hour, as far as `more` does not say otherwise. */
export function aReport(clusters: readonly ErrorCluster[], more: Partial<ErrorsReport> = {}): ErrorsReport {
  return {
    coverage: {window: {start: start - 840_000, end: start + 60_000}, scopes: [scope], gaps: []},
    baseline: {start: start - 87_240_000, end: start - 840_000},
    errors: clusters.reduce((sum, {count}) => sum + count, 0),
    candidates: 1_204,
    logGroups: 31,
    clusters,
    notes: [],
    gate: null,
    ...more,
  }
}
