import {describe, expect, test} from 'vitest'
import {isKnown, type Known} from '../../../../src/known.ts'
import type {Invocation, World} from '../../../../src/sandbox/world/world.ts'
import type {Aws} from '../../../../src/services/aws/connect.ts'
import type {MemberEvidence} from '../../../../src/services/traffic/evidence/evidence.ts'
import {evidenceReader} from '../../../../src/services/traffic/evidence/evidence-reader.ts'
import type {GateMetric, MinuteCounts} from '../../../../src/services/traffic/judge/judgement.ts'
import {minute} from '../../../sandbox/world/larder-world.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {checkout, shiftedAt, shiftedCompany} from './shifted-company.ts'

const from = Math.floor(shiftedAt / minute) * minute
const slowMs = 300
const watched = {...checkout, slowMs}
const since = {since: shiftedAt, gateFilter: null}

function knownOf(known: Known<MemberEvidence> | undefined): MemberEvidence {
  if (!known || !isKnown(known)) throw new Error(`it is known: ${JSON.stringify(known)}`)
  return known.value
}

const minutesOf = ({metrics}: MemberEvidence, wanted: GateMetric): readonly MinuteCounts[] =>
  metrics.find(({metric}) => metric === wanted)?.minutes ?? []
const countsOf = (evidence: MemberEvidence, wanted: GateMetric) =>
  minutesOf(evidence, wanted).map(({at, canary, baseline}) => ({at, canary, baseline}))

/** Counted anew of what the company's function did. */
function counted(world: World, to: number, isBad: (invocation: Invocation) => boolean) {
  const minutes = Map.groupBy(world.invocations('checkout-api', from, to), ({at}) => Math.floor(at / minute) * minute)
  const countsOf = (some: readonly Invocation[], wanted: string) => {
    const its = some.filter(({version}) => version === wanted)
    return {calls: its.length, bad: its.filter(isBad).length}
  }
  return [...minutes].map(([at, some]) => ({at, canary: countsOf(some, '42'), baseline: countsOf(some, '41')}))
}

const failed = ({outcome}: Invocation): boolean => outcome !== 'ok'
const isSlow = ({durationMs}: Invocation): boolean => durationMs > slowMs

/** Latency counts when the canary has had its first twenty invocations. */
function warm(counts: ReturnType<typeof counted>): ReturnType<typeof counted> {
  let calls = 0
  return counts.filter(({canary}) => {
    calls += canary.calls
    return calls - canary.calls >= 20
  })
}

/** Which invocations wrote what a gate's filter finds, by the log itself. */
function logging(world: World, word: string, to: number): (invocation: Invocation) => boolean {
  const streams = Map.groupBy(world.logEvents('/aws/lambda/checkout-api', from, to), ({logStream}) => logStream)
  return ({logStream, at, durationMs}) =>
    (streams.get(logStream) ?? []).some(
      ({timestamp, message}) => timestamp >= at && timestamp <= at + durationMs + 5 && message.includes(word),
    )
}

/** CloudWatch that counts invocations of aliases, and not by version. */
const blind = (aws: Aws): Aws => ({
  ...aws,
  cloudWatch: async () => {
    const client = await aws.cloudWatch()
    return new Proxy(client, {
      get: (target, key) =>
        key !== 'send'
          ? Reflect.get(target, key)
          : async (command: {
              input: {MetricDataQueries?: {Id: string; MetricStat: {Metric: {Dimensions: unknown[]}}}[]}
            }) => {
              const answer = await (target.send as (command: unknown) => Promise<{MetricDataResults: {Id: string}[]}>)(
                command,
              )
              const byVersion = new Set(
                command.input.MetricDataQueries?.filter(
                  ({MetricStat}) => MetricStat.Metric.Dimensions.length === 3,
                ).map(({Id}) => Id),
              )
              return {
                ...answer,
                MetricDataResults: answer.MetricDataResults.map(result =>
                  byVersion.has(result.Id) ? {...result, Timestamps: [], Values: []} : result,
                ),
              }
            },
    })
  },
})

describe('evidence by metrics', () => {
  test('counts what both versions did, minute by minute, as the company did it', async () => {
    const {world, clock, aws} = await shiftedCompany(20)
    const evidence = knownOf((await evidenceReader(aws, [watched], since).read(ongoing()))[0])
    expect(evidence.source).toBe('metrics')
    expect(evidence).not.toHaveProperty('gaps')
    // metrics are a minute late
    const to = clock.at - minute
    expect(countsOf(evidence, 'errors')).toEqual(counted(world, to, failed))
    expect(countsOf(evidence, 'slow')).toEqual(warm(counted(world, to, isSlow)))
    const all = world.invocations('checkout-api', from, to)
    for (const [version, figures] of [
      ['42', evidence.canary],
      ['41', evidence.baseline],
    ] as const) {
      const its = all.filter(each => each.version === version)
      const durations = its.map(({durationMs}) => durationMs).sort((a, b) => a - b)
      expect(figures.calls).toBe(its.length)
      expect(figures.errors).toBe(its.filter(failed).length)
      expect(figures.p95Ms).toBeCloseTo(durations[Math.ceil(0.95 * its.length) - 1] ?? 0, 1)
    }
    expect(
      minutesOf(evidence, 'errors')
        .filter(({isFinal}) => !isFinal)
        .map(({at}) => (clock.at - at) / minute),
    ).toEqual([expect.any(Number), expect.any(Number)])
  })

  test('case 15: is the same whether it was read all the time or once, however late datapoints come', async () => {
    const {clock, aws, world} = await shiftedCompany(1, [{kind: 'metric-late', ms: 4 * minute, share: 0.5}])
    const reader = evidenceReader(aws, [watched], since)
    let changed = 0
    let before: readonly MinuteCounts[] = []
    for (let passed = 1; passed <= 45; passed += 2) {
      clock.at = shiftedAt + passed * minute
      const evidence = knownOf((await reader.read(ongoing()))[0])
      const fresh = knownOf((await evidenceReader(aws, [watched], since).read(ongoing()))[0])
      expect(evidence).toEqual(fresh)
      const errors = minutesOf(evidence, 'errors')
      changed += before.filter(({at, canary}) =>
        errors.some(now => now.at === at && now.canary.calls > canary.calls),
      ).length
      before = errors
    }
    expect(changed).toBeGreaterThan(10)
    expect(countsOf(knownOf((await reader.read(ongoing()))[0]), 'errors').slice(0, 38)).toEqual(
      counted(world, clock.at, failed).slice(0, 38),
    )
  })

  test('case 14: of a version that nobody called has no calls; of an alias that nobody calls nothing at all', async () => {
    const {world, clock, aws} = await shiftedCompany(0)
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {}})
    clock.at += 20 * minute
    const idle = {...watched, functionName: 'checkout-api', alias: 'beta'}
    const [shifted, nobody] = await evidenceReader(aws, [watched, idle], since).read(ongoing())
    const errors = minutesOf(knownOf(shifted), 'errors')
    expect(errors.length).toBeGreaterThan(15)
    // it served in the minute before
    expect(errors.slice(1).every(({canary}) => canary.calls === 0)).toBe(true)
    expect(knownOf(nobody)).toEqual({
      metrics: [
        {metric: 'errors', minutes: []},
        {metric: 'slow', minutes: []},
      ],
      canary: {calls: 0, errors: 0, p95Ms: null},
      baseline: {calls: 0, errors: 0, p95Ms: null},
      source: 'metrics',
    })
  })

  test('falls back to the log of the one function of which it may not be read', async () => {
    const {aws} = await shiftedCompany(10, [
      {kind: 'metric-failed', status: 'Forbidden', functionName: 'checkout-api', metricName: 'Errors'},
    ])
    const other = {
      ...watched,
      functionName: 'inventory',
      canary: '18',
      baseline: '17',
      logGroup: '/aws/lambda/inventory',
    }
    const [one, two] = await evidenceReader(aws, [watched, other], since).read(ongoing())
    expect([knownOf(one).source, knownOf(two).source]).toEqual(['log', 'metrics'])
  })
})

describe('evidence by the log', () => {
  test('counts what both versions did where metrics may not be read', async () => {
    const {world, clock, aws} = await shiftedCompany(20, [{kind: 'access-denied', operation: 'GetMetricData'}])
    const evidence = knownOf((await evidenceReader(aws, [watched], since).read(ongoing()))[0])
    expect(evidence.source).toBe('log')
    // the newest lines are still on their way
    const settled = (counts: readonly {readonly at: number}[]) => counts.filter(({at}) => at < clock.at - 2 * minute)
    expect(settled(countsOf(evidence, 'errors'))).toEqual(settled(counted(world, clock.at, failed)))
    expect(settled(countsOf(evidence, 'slow'))).toEqual(settled(warm(counted(world, clock.at, isSlow))))
    expect(counted(world, clock.at, failed).some(({canary}) => canary.bad > 0)).toBe(true)
  })

  test('and where CloudWatch counts the alias, and not by version', async () => {
    const {world, clock, aws} = await shiftedCompany(20)
    const evidence = knownOf((await evidenceReader(blind(aws), [watched], since).read(ongoing()))[0])
    expect(evidence.source).toBe('log')
    const settled = (counts: readonly {readonly at: number}[]) => counts.filter(({at}) => at < clock.at - 2 * minute)
    expect(settled(countsOf(evidence, 'errors'))).toEqual(settled(counted(world, clock.at, failed)))
  })

  test('is the same whether it was read all the time or once', async () => {
    const {clock, aws} = await shiftedCompany(1, [{kind: 'access-denied', operation: 'GetMetricData'}])
    const options = {since: shiftedAt, gateFilter: 'ERROR'}
    const reader = evidenceReader(aws, [watched], options)
    for (let passed = 1; passed <= 21; passed += 2) {
      clock.at = shiftedAt + passed * minute
      const evidence = knownOf((await reader.read(ongoing()))[0])
      expect(evidence).toEqual(knownOf((await evidenceReader(aws, [watched], options).read(ongoing()))[0]))
    }
  })
})

test('what CloudWatch has not counted by version yet is no reason to look into the log', async () => {
  const {aws} = await shiftedCompany(3)
  const evidence = knownOf((await evidenceReader(blind(aws), [watched], since).read(ongoing()))[0])
  expect(evidence).toMatchObject({source: 'metrics', canary: {calls: 0}})
})

test('a log that has no reports of what CloudWatch counts by the alias alone is not known, and no zero', async () => {
  const {aws} = await shiftedCompany(20)
  const elsewhere = {...watched, logGroup: '/aws/lambda/inventory'}
  expect(await evidenceReader(blind(aws), [elsewhere], since).read(ongoing())).toEqual([
    {
      unknown: 'hidden',
      detail: 'CloudWatch does not count its invocations by version; its log has no reports of them',
    },
  ])
})

describe('the gate’s filter', () => {
  test('case 17: counts invocations that logged what it finds, each once, beside the calls of their minute', async () => {
    const {world, clock, aws} = await shiftedCompany(20)
    const evidence = knownOf(
      (await evidenceReader(aws, [watched], {since: shiftedAt, gateFilter: 'ERROR'}).read(ongoing()))[0],
    )
    const logged = countsOf(evidence, 'logged')
    const expected = counted(world, clock.at, logging(world, 'ERROR', clock.at))
    expect(logged).toEqual(expected.filter(({at}) => at + 3 * minute <= clock.at))
    expect(logged.some(({canary}) => canary.bad > 0)).toBe(true)
    expect(logged.length).toBeGreaterThan(15)
  })

  test('whose lines cannot be read leaves the other evidence as it is, and shows no health', async () => {
    const {aws} = await shiftedCompany(10, [{kind: 'access-denied', operation: 'FilterLogEvents'}])
    const evidence = knownOf(
      (await evidenceReader(aws, [watched], {since: shiftedAt, gateFilter: 'ERROR'}).read(ongoing()))[0],
    )
    expect(evidence.metrics.map(({metric, minutes}) => [metric, minutes.length > 0])).toEqual([
      ['errors', true],
      ['slow', true],
      ['logged', false],
    ])
    expect(evidence.gaps).toEqual(['what the gate’s filter finds is not known: needs logs:FilterLogEvents'])
  })

  test('that is none is a gap as well', async () => {
    const {aws} = await shiftedCompany(5)
    const evidence = knownOf(
      (await evidenceReader(aws, [watched], {since: shiftedAt, gateFilter: '{ $.a = '}).read(ongoing()))[0],
    )
    expect(evidence.gaps).toEqual([expect.stringMatching(/^what the gate’s filter finds is not known: /)])
  })
})
