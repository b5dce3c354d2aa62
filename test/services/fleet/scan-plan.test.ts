import {describe, expect, test} from 'vitest'
import {isAnnounced, type PlannedStep, planScan} from '../../../src/services/fleet/scan-plan.ts'
import {listingState, scanEstimateText, scanPlanText, sweepingState} from '../../../src/ui/scan-plan-text.ts'
import {terminal} from '../../ui/events.ts'

const step = (api: string, calls: number, rest: Partial<PlannedStep> = {}): PlannedStep => ({
  what: api,
  api,
  region: 'eu-west-1',
  calls,
  costUSD: 0,
  ...rest,
})

const rates: Readonly<Record<string, number>> = {ListFunctions: 15, ListAliases: 15, GetMetricData: 50, ListMetrics: 25}
const plan = (...steps: readonly PlannedStep[]) => planScan(steps, api => rates[api] ?? 5)

describe('a plan', () => {
  test('adds up what shares a quota, and lets the others run at a time', () => {
    const planned = plan(step('ListFunctions', 150), step('ListAliases', 150), step('GetMetricData', 500))
    expect(planned).toMatchObject({calls: 800, seconds: 20, callsPerSecond: 15})
  })

  test('lets regions and accounts run at a time', () => {
    expect(plan(step('ListAliases', 150), step('ListAliases', 150, {region: 'us-east-1'})).seconds).toBe(10)
    expect(plan(step('ListAliases', 150), step('ListAliases', 150, {account: '123456789012'})).seconds).toBe(10)
  })

  test('knows that pages come one after the other', () => {
    expect(plan(step('ListFunctions', 100, {eachMs: 200}))).toMatchObject({seconds: 20, callsPerSecond: 5})
    expect(plan(step('ListFunctions', 150, {eachMs: 20}))).toMatchObject({seconds: 10, callsPerSecond: 15})
  })

  test('of nothing takes nothing', () => {
    expect(plan(step('ListAliases', 0))).toEqual({steps: [], calls: 0, seconds: 0, costUSD: 0, callsPerSecond: null})
    expect(plan()).toMatchObject({calls: 0, seconds: 0})
  })

  test('is announced where it takes seconds or costs a cent', () => {
    expect(isAnnounced(plan(step('ListAliases', 60)))).toBe(false)
    expect(isAnnounced(plan(step('ListAliases', 75)))).toBe(true)
    expect(isAnnounced(plan(step('GetMetricData', 1, {costUSD: 0.01})))).toBe(true)
  })
})

describe('what is said of a plan', () => {
  const wide = plan(
    step('ListFunctions', 2_000),
    step('GetMetricData', 200, {costUSD: 0.6}),
    step('GetMetricData', 200, {costUSD: 0.4}),
    step('ListMetrics', 40),
    step('GetResources', 30),
    step('DescribeAlarms', 2),
  )

  test('is its calls, its time and its price', () => {
    expect(scanPlanText(plan(step('ListFunctions', 2_000, {costUSD: 1})), terminal(80))).toBe(
      '2,000 calls of ListFunctions · about 2 min 14 s at 15 calls/s · $1.00\n',
    )
    expect(scanPlanText(wide, terminal(140))).toBe(
      '2,000 calls of ListFunctions, 400 of GetMetricData, 40 of ListMetrics, 32 others · about 2 min 14 s at 15 calls/s · $1.00\n',
    )
  })

  test('keeps what one decides by on a narrow terminal', () => {
    for (const columns of [40, 80])
      expect(scanPlanText(wide, terminal(columns))).toBe('2,472 calls · about 2 min 14 s · $1.00\n')
  })

  test('is a sentence where it is asked about', () => {
    expect(scanEstimateText(plan(step('GetMetricData', 2_000, {costUSD: 10})))).toBe(
      '2,000 calls of GetMetricData will take about 40 s and cost about $10.00',
    )
  })
})

describe('what is said meanwhile', () => {
  test('is how far it is, and how long the rest takes at that rate', () => {
    const listing = {functions: 25_000, pages: 500, expected: 100_000}
    expect(listingState(listing, {elapsedMs: 30_000, calls: 501, throttles: 2})).toEqual({
      doing: 'sweeping',
      what: 'functions listed',
      done: 25_000,
      total: 100_000,
      throttles: 2,
      remainingMs: 90_000,
    })
  })

  test('tells no time that nobody knows', () => {
    expect(listingState({functions: 0, pages: 0, expected: null}, {elapsedMs: 5, calls: 1, throttles: 0})).toEqual({
      doing: 'listing',
      what: 'listing functions',
      calls: 1,
      throttles: 0,
    })
    expect(sweepingState('functions', {done: 0, total: 10}, {elapsedMs: 9, throttles: 0})).toMatchObject({
      remainingMs: null,
    })
    // AWS counted before some were made
    expect(sweepingState('functions', {done: 12, total: 10}, {elapsedMs: 9, throttles: 0})).toMatchObject({
      total: 12,
      remainingMs: 0,
    })
  })
})
