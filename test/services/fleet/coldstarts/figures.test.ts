import {describe, expect, test} from 'vitest'
import {type Advice, adviceFor, advisedOf, hasSnapStart} from '../../../../src/services/fleet/coldstarts/advice.ts'
import {baselineOf} from '../../../../src/services/fleet/coldstarts/baselines.ts'
import {causesOf, deploysOf} from '../../../../src/services/fleet/coldstarts/causes.ts'
import type {FunctionColdStarts} from '../../../../src/services/fleet/coldstarts/coldstarts-report.ts'
import {rankSumZ} from '../../../../src/services/fleet/coldstarts/compare-deploys.ts'
import {figuresOf} from '../../../../src/services/fleet/coldstarts/figures.ts'
import type {CountedInit} from '../../../../src/services/fleet/coldstarts/init-kind.ts'
import {quantilesOf} from '../../../../src/services/fleet/coldstarts/quantiles.ts'
import {pricesOf} from '../../../../src/services/pricing.ts'
import {at, fleetFn, owner} from './cold-lines.ts'

const window = {start: at('00:00:00'), end: at('12:00:00')}
const cold = (time: string, more: Partial<CountedInit> = {}): CountedInit => ({
  owner,
  kind: 'onDemand',
  at: at(time) + 100,
  requestAt: at(time),
  initMs: 400,
  feltMs: 500,
  memorySizeMB: 1024,
  isBilled: true,
  costUSD: 0.00001,
  restoreCostUSD: 0,
  ...more,
})
const options = {invocations: {value: 1_000}, undetermined: 0, window}

describe('quantiles', () => {
  test('are durations that were measured, by nearest rank', () => {
    expect(quantilesOf([])).toBeNull()
    expect(quantilesOf([7])).toEqual({count: 1, p50: 7, p90: 7, p99: 7, max: 7})
    const hundred = Array.from({length: 100}, (_, i) => 100 - i)
    expect(quantilesOf(hundred)).toEqual({count: 100, p50: 50, p90: 90, p99: 99, max: 100})
  })
})

describe('figures', () => {
  test('keep apart what was felt and what nobody waited for', () => {
    const ahead = {feltMs: null, initMs: 900}
    const figures = figuresOf(
      [
        cold('01:00:00'),
        cold('02:00:00', {kind: 'suppressed', initMs: null, feltMs: 14_000}),
        cold('03:00:00', {kind: 'proactive', ...ahead}),
        cold('04:00:00', {kind: 'provisioned', ...ahead, requestAt: null}),
        cold('05:00:00', {kind: 'failed', initMs: null, feltMs: 215}),
      ],
      options,
    )
    expect(figures).toMatchObject({
      coldStarts: {onDemand: 1, restore: 0, proactive: 1, provisioned: 1, suppressed: 1, failed: 1},
      felt: 3,
      unused: 1,
      rate: {value: 0.003},
      initMs: {count: 1, p50: 400},
      aheadMs: {count: 2, p50: 900},
      feltMs: {count: 3, max: 14_000},
      feltMsBy: {suppressed: {p50: 14_000}, restore: null},
    })
    expect(figures.trend.reduce((a, b) => a + b, 0)).toBe(3)
    expect(figures.histogram.reduce((a, b) => a + b, 0)).toBe(1)
    expect(figures.initCostUSDPerMonth).toBeCloseTo(5 * 0.00001 * 60, 10)
  })

  test('have no rate where the invocations are not known, or none were counted', () => {
    const denied = {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'} as const
    expect(figuresOf([cold('01:00:00')], {...options, invocations: denied}).rate).toBe(denied)
    expect(figuresOf([], {...options, invocations: {value: 0}}).rate).toMatchObject({unknown: 'missing'})
  })

  test('have no fewer calls than the log shows requests: CloudWatch counts late, and by whole minutes', () => {
    expect(figuresOf([cold('01:00:00')], {...options, invocations: {value: 0}})).toMatchObject({
      invocations: {value: 1},
      rate: {value: 1},
    })
    const ahead = cold('03:00:00', {kind: 'proactive', feltMs: null})
    expect(figuresOf([cold('01:00:00'), cold('02:00:00'), ahead], {...options, invocations: {value: 1}})).toMatchObject(
      {invocations: {value: 3}, rate: {value: 2 / 3}},
    )
    expect(figuresOf([{...ahead, requestAt: null}], {...options, invocations: {value: 0}}).invocations).toEqual({
      value: 0,
    })
  })

  test('have no cost where prices are not in USD', () => {
    expect(figuresOf([cold('01:00:00', {costUSD: null})], options)).toMatchObject({
      initCostUSD: null,
      initCostUSDPerMonth: null,
    })
  })
})

describe('causes', () => {
  const minutes = (...times: readonly [string, number][]) => ({
    times: times.map(([time]) => at(time)),
    values: times.map(([, value]) => value),
  })
  const evidence = {deploys: new Map(), invocations: minutes(), concurrency: minutes(), readFrom: window.start}

  test('a version that appears is a deploy, and what is cold within five minutes of it', () => {
    const inits = [
      cold('01:00:00', {owner: {...owner, version: '41'}}),
      cold('02:00:00'),
      cold('02:04:00'),
      cold('03:00:00'),
    ]
    const deploys = deploysOf(inits, window.start, null)
    expect([...deploys.keys()]).toEqual(['42'])
    const causes = causesOf(inits, {...evidence, deploys, invocations: minutes(['00:58:00', 3], ['02:58:00', 1])})
    expect(causes).toEqual({deploy: 2, scaleOut: 0, idle: 0, unknown: 2})
  })

  test('the first after five minutes without a call is of an idle gap', () => {
    const calls = minutes(['01:00:00', 2], ['01:20:00', 1])
    expect(causesOf([cold('01:20:30')], {...evidence, invocations: calls})).toMatchObject({idle: 1})
    expect(causesOf([cold('01:04:30')], {...evidence, invocations: calls})).toMatchObject({unknown: 1})
    // before what was read, nobody knows of calls
    expect(causesOf([cold('00:02:00')], {...evidence, invocations: calls})).toMatchObject({unknown: 1})
    expect(causesOf([cold('01:20:30')], {...evidence, invocations: null})).toMatchObject({unknown: 1})
  })

  test('what begins while another is busy, or with a new peak of requests, is scale-out', () => {
    const burst = [cold('01:00:00', {at: at('01:00:05')}), cold('01:00:01'), cold('01:00:02')]
    expect(causesOf(burst, {...evidence, invocations: minutes(['01:00:00', 3])})).toEqual({
      deploy: 0,
      scaleOut: 2,
      idle: 1,
      unknown: 0,
    })
    const peaks = minutes(['01:50:00', 2], ['01:58:00', 3], ['02:00:00', 5], ['02:05:00', 5])
    const calls = minutes(['01:58:00', 9], ['02:00:00', 9], ['02:03:00', 9], ['02:05:00', 9])
    const busy = {...evidence, invocations: calls, concurrency: peaks}
    expect(causesOf([cold('02:00:10')], busy)).toMatchObject({scaleOut: 1})
    expect(causesOf([cold('02:05:10')], busy)).toMatchObject({unknown: 1})
  })
})

describe('the baseline', () => {
  test('is of the same runtime and architecture, with the nearest memory', () => {
    expect(baselineOf(fleetFn('a', {memorySizeMB: 900}))).toEqual({
      runtime: 'nodejs22.x',
      architecture: 'x86_64',
      package: 'zip',
      memorySizeMB: 1024,
      initMs: 138.8,
    })
    expect(baselineOf(fleetFn('a', {memorySizeMB: 10_240, architecture: 'arm64'}))).toMatchObject({memorySizeMB: 1024})
  })

  test('case 30: of images, of unknown and of provided runtimes there is none', () => {
    for (const runtime of [null, 'nodejs28.x', 'provided.al2023', 'constructor'])
      expect(baselineOf(fleetFn('a', {runtime}))).toBeNull()
  })
})

describe('advice', () => {
  const many = Array.from({length: 30}, (_, i) =>
    cold(`01:${String(i).padStart(2, '0')}:00`, {initMs: 2_000, feltMs: 2_100}),
  )
  const evidence = (of = fleetFn(), inits: readonly CountedInit[] = many) => ({
    of,
    figures: figuresOf(inits, options),
    inits,
    baseline: baselineOf(of),
    prices: pricesOf('us-east-1'),
    isProvisioned: false,
    peakConcurrency: null,
    busySeconds: null,
    windowMs: window.end - window.start,
  })
  const kinds = (given: Parameters<typeof adviceFor>[0]) => adviceFor(given).map(({kind}) => kind)

  test('SnapStart is for Java 11, Python 3.12, .NET 8 and later', () => {
    const runtimes = [
      'java11',
      'java8.al2',
      'java25',
      'python3.12',
      'python3.9',
      'python4.0',
      'dotnet6',
      'dotnet10',
      'nodejs22.x',
      null,
    ]
    expect(runtimes.filter(hasSnapStart)).toEqual(['java11', 'java25', 'python3.12', 'python4.0', 'dotnet10'])
  })

  test('SnapStart is free for Java, and costs what the formula says for Python', () => {
    expect(adviceFor(evidence(fleetFn('a', {runtime: 'java21'})))).toMatchObject([
      {kind: 'snapstart', monthlyUSD: 0, formula: null},
    ])
    const [python] = adviceFor(evidence(fleetFn('a', {runtime: 'python3.13'})))
    expect(python?.monthlyUSD).toBeCloseTo(2_592_000 * 0.0000015046 + 30 * 60 * 0.0001397998, 6)
    expect(python?.formula).toContain('1 GB × 2592000 s × 0.0000015046')
  })

  test('SnapStart is not for images, large /tmp, provisioned concurrency, or where nobody knows of that', () => {
    const java = (more: Parameters<typeof fleetFn>[1]) => evidence(fleetFn('a', {runtime: 'java21', ...more}))
    expect(kinds(java({packageType: 'Image'}))).toEqual([])
    expect(kinds(java({ephemeralStorageMB: 1024}))).toEqual([])
    expect(kinds({...java({}), isProvisioned: true})).toEqual([])
    expect(kinds({...java({}), isProvisioned: null})).toEqual([])
  })

  test('provisioned concurrency has its price in USD, less what it saves', () => {
    const [advice] = adviceFor({...evidence(), peakConcurrency: 10, busySeconds: 0})
    // 1 GB × 10 for thirty days, less the inits that are paid now
    expect(advice).toMatchObject({kind: 'provisioned-concurrency', coldStarts: 30})
    expect(advice?.monthlyUSD).toBeCloseTo(108 - 30 * 0.00001 * 60, 2)
    const busy = adviceFor({...evidence(), peakConcurrency: 1, busySeconds: 43_200})
    expect(busy[0]?.monthlyUSD).toBeLessThan(0)
    expect(busy[0]?.text).toContain('less than what is paid now')
  })

  test('to keep environments ready is for inits that are long, and not for requests that are', () => {
    const of = (initMs: number, durationMs: number) =>
      kinds({
        ...evidence(
          fleetFn(),
          many.map(init => ({...init, initMs, feltMs: initMs + durationMs})),
        ),
        peakConcurrency: 1,
        busySeconds: 0,
      })
    expect(of(224, 6_000)).toEqual([])
    expect(of(1_500, 60_000)).toEqual([])
    expect(of(740, 20)).toEqual(['provisioned-concurrency'])
  })

  test('what costs nothing comes first, then what most was waited for', () => {
    const java = {
      ...evidence(fleetFn('a', {runtime: 'java21', codeSizeBytes: 48e6})),
      peakConcurrency: 3,
      busySeconds: 0,
    }
    expect(kinds(java)).toEqual(['snapstart', 'package-size', 'provisioned-concurrency'])
    const told = (name: string, advice: readonly Advice[]): FunctionColdStarts => ({
      of: fleetFn(name),
      figures: {value: java.figures},
      invocations: {value: 1},
      notApplicable: null,
      baseline: null,
      ratioToBaseline: null,
      causes: null,
      advice,
    })
    const [dear] = adviceFor({...evidence(), peakConcurrency: 10, busySeconds: 0})
    const free = adviceFor(java)
    const functions = [told('none', []), told('dear', dear ? [dear] : []), told('free', free)]
    expect(advisedOf(functions).map(({of}) => of.name)).toEqual(['free', 'dear'])
    expect(free[0]?.text).toBe(
      'turn SnapStart on and call a published version: a snapshot is restored in place of an init of 2.00 s at the median, for nothing (not with EFS)',
    )
  })

  test('package size where it is large, and the init long beside an empty function’s', () => {
    expect(kinds(evidence(fleetFn('a', {codeSizeBytes: 48e6})))).toEqual(['package-size'])
    expect(kinds(evidence(fleetFn('a', {codeSizeBytes: 1e6})))).toEqual([])
  })

  test('memory only where a larger size was seen to be quicker', () => {
    const quicker = many.map(init => ({...init, memorySizeMB: 2048, initMs: 1_000}))
    expect(kinds(evidence(fleetFn(), [...many, ...quicker]))).toEqual(['memory'])
    expect(kinds(evidence(fleetFn(), [...many, ...many.map(init => ({...init, memorySizeMB: 2048}))]))).toEqual([])
  })

  test('none where there are few cold starts', () => {
    expect(kinds(evidence(fleetFn('a', {runtime: 'java21', codeSizeBytes: 48e6}), many.slice(0, 9)))).toEqual([])
  })
})

test('two samples differ by their ranks, ties counted, and not where they are the same', () => {
  expect(rankSumZ([1, 2, 3], [1, 2, 3])).toBeCloseTo(0)
  expect(rankSumZ([5, 5, 5], [5, 5, 5])).toBe(0)
  expect(rankSumZ([], [1])).toBe(0)
  // R: wilcox.test(11:20, 1:10, exact = FALSE, correct = FALSE) has z = 3.78
  const low = Array.from({length: 10}, (_, i) => i + 1)
  expect(
    rankSumZ(
      low.map(x => x + 10),
      low,
    ),
  ).toBeCloseTo(3.78, 2)
})
