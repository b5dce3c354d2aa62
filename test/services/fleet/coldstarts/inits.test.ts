import {describe, expect, test} from 'vitest'
import {countMet, countUnused, type KindContext} from '../../../../src/services/fleet/coldstarts/init-kind.ts'
import {pricesOf} from '../../../../src/services/pricing.ts'
import {sourceOf} from '../../logs/events.ts'
import {
  at,
  event,
  fleetFn,
  initError,
  initStart,
  initTimeout,
  joined,
  owner,
  platform,
  report,
  restoreStart,
  streamOf,
} from './cold-lines.ts'

const prices = pricesOf('us-east-1')
const context = (more: Partial<KindContext> = {}): KindContext => ({
  of: fleetFn(),
  provisionedVersions: new Set(),
  beginsReadFrom: null,
  prices,
  ...more,
})

/** The one init of some lines, as it is counted. */
const counted = (events: Parameters<typeof joined>[0], more: Partial<KindContext> = {}) => {
  const {met, left} = joined(events)
  const [one] = [
    ...met.map(init => countMet(init, owner, context(more))),
    ...left.map(init => countUnused(init, owner, context(more))),
  ]
  expect(met.length + left.length).toBe(1)
  return one
}

describe('an environment', () => {
  test('whose request waited for its init is on-demand, and its init and duration were felt', () => {
    const init = counted([
      event('12:00:00.000', initStart),
      event('12:00:00.900', report(480, 893, 'Init Duration: 412.00 ms\t')),
    ])
    expect(init).toMatchObject({kind: 'onDemand', initMs: 412, feltMs: 892, isBilled: true, at: at('12:00:00.900')})
  })

  test('case 21: initialized minutes before its first request is proactive, and nobody waited', () => {
    const init = counted([
      event('12:00:00', initStart),
      event('12:07:31', 'START RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c Version: 42\n'),
      event('12:07:31.100', report(100, 512, 'Init Duration: 412.00 ms\t')),
    ])
    expect(init).toMatchObject({kind: 'proactive', initMs: 412, feltMs: null})
  })

  test('case 21: that began before the logs were read from is as old as that at least', () => {
    const events = [event('12:07:31', report(100, 512, 'Init Duration: 412.00 ms\t'))]
    expect(counted(events, {beginsReadFrom: at('12:00:00')})?.kind).toBe('proactive')
    expect(counted(events, {beginsReadFrom: at('12:07:30')})?.kind).toBe('onDemand')
    // an image writes no INIT_START
    expect(counted(events)?.kind).toBe('onDemand')
  })

  test('of a version with provisioned concurrency is provisioned where it was ready before, by JSON in any case', () => {
    const ahead = [event('11:00:00', initStart), event('12:00:00', report(20, 432, 'Init Duration: 412.00 ms\t'))]
    expect(counted(ahead, {provisionedVersions: new Set(['42'])})).toMatchObject({kind: 'provisioned', costUSD: 0})
    expect(counted(ahead, {provisionedVersions: new Set(['41'])})?.kind).toBe('proactive')
    expect(counted(ahead, {provisionedVersions: null})?.kind).toBe('proactive')
    const json = [
      event('12:00:00', platform('initStart', {initializationType: 'provisioned-concurrency'})),
      event('12:00:01', platform('report', {metrics: {durationMs: 5, billedDurationMs: 417, initDurationMs: 412}})),
    ]
    expect(counted(json)?.kind).toBe('provisioned')
  })

  test('case 22: with an INIT_START and no request is an unused init, and no invocation', () => {
    const events = [event('12:00:00', initStart), event('12:00:00', initStart, {logStream: streamOf('42', 'b')})]
    const {met, left, requests} = joined(events)
    expect([met, requests]).toEqual([[], []])
    expect(left.map(init => countUnused(init, owner, context({provisionedVersions: new Set(['42'])})))).toMatchObject([
      {kind: 'provisioned', requestAt: null, feltMs: null},
      {kind: 'provisioned', requestAt: null, feltMs: null},
    ])
  })

  test('case 23: whose init ran into ten seconds was initialized within the request: all of it was felt', () => {
    const init = counted([
      event('12:00:00', initStart),
      event('12:00:10.009', initTimeout),
      event('12:00:14', report(14_000, 14_000)),
    ])
    expect(init).toMatchObject({kind: 'suppressed', initMs: null, feltMs: 14_000, isBilled: null})
  })

  test('case 23: whose init ran into ten seconds before the request was waited for as long as both took', () => {
    const waited = counted([
      event('12:00:00', initStart),
      event('12:00:10.009', initTimeout),
      event('12:00:10.010', 'START RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c Version: 42\n'),
      event('12:00:14.160', report(4_150, 4_150)),
    ])
    expect(waited).toMatchObject({kind: 'suppressed', initMs: null, feltMs: 14_160})
    const later = counted([
      event('12:00:00', initStart),
      event('12:00:10.009', initTimeout),
      event('12:05:14.160', report(4_150, 4_150)),
    ])
    expect(later).toMatchObject({kind: 'suppressed', feltMs: 4_150})
  })

  test('whose init failed twice, the second time within the request, has failed', () => {
    const init = counted([
      event('12:00:00', initStart),
      event('12:00:00.211', initError('init')),
      event('12:00:00.430', initError('invoke')),
      event('12:00:00.440', report(215, 215, 'Status: error\tError Type: Runtime.ImportModuleError')),
    ])
    expect(init).toMatchObject({kind: 'failed', feltMs: 440})
  })

  test('whose init failed twice before the request was waited for since it began', () => {
    const init = counted([
      event('12:00:00', initStart),
      event('12:00:00.250', initError('init')),
      event('12:00:00.508', initError('invoke')),
      event('12:00:00.520', report(8, 9, 'Status: error\tError Type: Runtime.UserCodeSyntaxError')),
    ])
    expect(init).toMatchObject({kind: 'failed', feltMs: 520})
  })

  test('whose init failed before the request, and not within it, is one that was run again', () => {
    const events = [
      event('12:00:00', initStart),
      event('12:00:00.211', initError('init')),
      event('12:00:01', report(400, 400)),
    ]
    expect(counted(events)?.kind).toBe('suppressed')
  })

  test('each request whose init fails again within it is told by an INIT_REPORT of its own', () => {
    const {left} = joined([event('12:00:00', initError('invoke')), event('12:05:00', initError('invoke'))])
    expect(left).toHaveLength(2)
  })

  test('that timed out in its handler had an init like any', () => {
    const init = counted([
      event('12:00:00', initStart),
      event('12:00:05.600', report(5000, 5579, 'Init Duration: 578.07 ms\tStatus: timeout')),
    ])
    expect(init).toMatchObject({kind: 'onDemand', feltMs: 5578.07})
  })

  test('restored from a snapshot has a restore and no init, and what is billed of it', () => {
    const init = counted(
      [
        event('12:00:00', restoreStart),
        event('12:00:00.475', 'RESTORE_REPORT Restore Duration: 474.16 ms\n'),
        event('12:00:00.500', report(25, 25, 'Restore Duration: 474.16 ms\tBilled Restore Duration: 75 ms\t')),
      ],
      {of: fleetFn('search', {runtime: 'java21', snapStart: true})},
    )
    expect(init).toMatchObject({kind: 'restore', initMs: 474.16, feltMs: 499.16, costUSD: 0})
    expect(init?.restoreCostUSD).toBeCloseTo(0.075 * 0.0000166667, 12)
  })

  test('case 31: an init of 578.07 ms at 3,008 MB costs $0.0000283 where its line shows that it was billed', () => {
    const line = report(5000, 5579, 'Init Duration: 578.07 ms\t').replace('1024 MB', '3008 MB')
    expect(counted([event('12:00:00', line)])?.costUSD).toBeCloseTo(0.0000283, 7)
    const unbilled = report(5000, 5000, 'Init Duration: 578.07 ms\t')
    expect(counted([event('12:00:00', unbilled)])).toMatchObject({isBilled: false, costUSD: 0})
    expect(counted([event('12:00:00', line)], {prices: null})?.costUSD).toBeNull()
  })

  test('case 20: without an init duration, or with none, a JSON report is of a warm request', () => {
    const warm = (metrics: object) => joined([event('12:00:00', platform('report', {metrics}))])
    expect(warm({durationMs: 3, billedDurationMs: 4, memorySizeMB: 128})).toMatchObject({met: [], requests: ['42']})
    expect(warm({durationMs: 3, billedDurationMs: 4, initDurationMs: 0})).toMatchObject({met: [], requests: ['42']})
  })

  test('case 20: of Managed Instances and of Web Functions nothing is counted, cold or not', () => {
    const managed = joined([
      event('12:00:00', platform('initStart', {initializationType: 'lambda-managed-instances'})),
      event('12:00:01', platform('report', {status: 'success', metrics: {durationMs: 1.148}})),
    ])
    expect(managed).toMatchObject({met: [], left: [], requests: []})
    expect(managed.uncountable[0]).toBe('checkout-api managed-instances')
    const web = joined([event('12:00:00', platform('invokeSummary', {requests: 41}))])
    expect(web).toMatchObject({met: [], requests: [], uncountable: ['checkout-api web-function']})
  })

  test('case 24: in a group that functions share, is the function’s that its stream names, text and JSON mixed', () => {
    const shared = sourceOf(['a', 'b', 'c'], {logGroup: '/shared/lambda'})
    const of = (name: string, message: string) =>
      event('12:00:00', message, {source: shared, logStream: streamOf('$LATEST', 'a', name)})
    const {met} = joined([
      of('a', report(3, 114, 'Init Duration: 110.10 ms\t')),
      of('b', platform('report', {metrics: {durationMs: 3, billedDurationMs: 114, initDurationMs: 110.1}})),
      of('stranger', report(3, 114, 'Init Duration: 110.10 ms\t')),
    ])
    expect(met.map(({owner}) => owner?.function.name ?? null)).toEqual(['a', 'b', null])
  })

  test('case 24: is the function’s that its record names, where the stream does not tell', () => {
    const shared = sourceOf(['a', 'b'], {logGroup: '/shared/lambda'})
    const inStream = {source: shared, logStream: 'custom-stream'}
    const {met} = joined([
      event(
        '12:00:00',
        platform('initStart', {functionName: 'b', functionVersion: '7', initializationType: 'on-demand'}),
        inStream,
      ),
      event(
        '12:00:01',
        platform('report', {metrics: {durationMs: 3, billedDurationMs: 114, initDurationMs: 110.1}}),
        inStream,
      ),
    ])
    expect(met).toMatchObject([{owner: {function: {name: 'b'}, version: '7'}}])
  })
})
