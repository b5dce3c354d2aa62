import {describe, expect, test} from 'vitest'
import {createRateBudget} from '../../../src/services/aws/rate-budget.ts'
import {needsSizes, type PlanOptions, planRead} from '../../../src/services/logs/read-plan.ts'
import type {LogGroupClass, LogSource} from '../../../src/services/logs/source.ts'
import {createFakeClock} from './reader/fake-clock.ts'
import {fakeAws} from './reader/fake-log-groups.ts'

const hour = 3_600_000
const end = Date.UTC(2026, 10, 20, 14)
const MB = 2 ** 20
const sizeOf = (megabytesADay: number) => ({
  storedBytes: 30 * megabytesADay * MB,
  createdAt: 0,
  retentionDays: 30,
  logGroupClass: null,
})

function sourcesOf(count: number, {perSecond = 10, logGroupClass = 'STANDARD' as LogGroupClass} = {}): LogSource[] {
  const clock = createFakeClock(end)
  const budget = createRateBudget({clock, random: () => 0, quota: () => perSecond})
  const model = fakeAws({g: {events: []}}, {clock, budget}).source('g')
  const aws = {...model.aws, budget}
  return Array.from({length: count}, (_, i) => ({...model, aws, logGroup: `/aws/lambda/f${i}`, logGroupClass}))
}

const oneHour = (sources: readonly LogSource[], options: Partial<PlanOptions> = {}) => {
  const {megabytesADay = 0, ...rest} = options as Partial<PlanOptions> & {megabytesADay?: number}
  return planRead({
    sources,
    start: end - hour,
    end,
    follow: false,
    tail: null,
    engine: 'auto',
    isSelective: false,
    maxUSDPerHour: null,
    now: end,
    sizes: new Map(sources.map(source => [source, sizeOf(megabytesADay)])),
    ...rest,
  })
}

describe('what is past', () => {
  test('is read by FilterLogEvents while that is quick, and costs nothing', () => {
    const plan = oneHour(sourcesOf(31))
    expect(plan).toMatchObject({engine: 'filter', callsPerSecond: 10, firstEventsAfterMs: 3400, liveSessions: 0})
    expect(plan.estimate).toMatchObject({calls: 31, costUSD: 0})
    expect(plan.byInsights.size).toBe(0)
  })

  test('of Infrequent Access groups is queried, as nothing else can read them, and the others are not', () => {
    const rare = sourcesOf(1, {logGroupClass: 'INFREQUENT_ACCESS'})
    const plan = oneHour([...sourcesOf(3), ...rare])
    expect([...plan.byInsights]).toEqual(rare)
    expect(plan.engine).toBe('filter')
    expect(plan.why.join('\n')).toContain('nothing else reads the 1 of the Infrequent Access class')
  })

  test('of thousands of groups is queried where a filter leaves little and it costs cents', () => {
    const plan = oneHour(sourcesOf(3000), {isSelective: true, ...{megabytesADay: 5}})
    expect(plan.engine).toBe('insights')
    expect(plan.byInsights.size).toBe(3000)
    expect(plan.estimate.costUSD).toBeLessThan(0.25)
    expect(plan.why.join('\n')).toContain('FilterLogEvents would take about 5 min')
    expect(plan.why.join('\n')).toContain('Logs Insights reads 3,000 log groups')
  })

  test('is not queried by itself where that would cost more than cents: the plan says what it would', () => {
    const plan = oneHour(sourcesOf(3000), {isSelective: true, ...{megabytesADay: 2_000}})
    expect(plan.engine).toBe('filter')
    expect(plan.why.join('\n')).toMatch(
      /Logs Insights would take about .* and cost \$1\.\d\d: --engine insights takes it/,
    )
  })

  test('is not queried by itself where nobody knows what that would cost', () => {
    const plan = oneHour(sourcesOf(3000), {isSelective: true, sizes: new Map()})
    expect(plan.engine).toBe('filter')
    expect(plan.why.join('\n')).toContain('what Logs Insights would cost is not known')
  })

  test('is read as the user says', () => {
    expect(oneHour(sourcesOf(2), {engine: 'insights'}).byInsights.size).toBe(2)
    const rare = sourcesOf(1, {logGroupClass: 'INFREQUENT_ACCESS'})
    expect(oneHour(rare, {engine: 'filter'}).byInsights.size).toBe(0)
  })

  test('of a Delivery group is read by no engine', () => {
    expect(oneHour(sourcesOf(1, {logGroupClass: 'DELIVERY'}), {engine: 'insights'}).byInsights.size).toBe(0)
  })
})

describe('what comes', () => {
  test('is swept while every group has its turn within five seconds', () => {
    const plan = oneHour(sourcesOf(31), {follow: true})
    expect(plan).toMatchObject({engine: 'filter', liveSessions: 0})
    expect(plan.why.join('\n')).toContain('sweeping every group takes about 4.4 s, within 70 % of the quota')
  })

  test('comes by Live Tail where sweeps would be slow, ten groups a session, and the plan says what an hour costs', () => {
    const plan = oneHour(sourcesOf(25, {perSecond: 5}), {follow: true})
    expect(plan).toMatchObject({engine: 'live', liveSessions: 3})
    expect(plan.estimate.costUSDPerHour).toBeCloseTo(1.8)
    expect(plan.why.join('\n')).toContain('Live Tail: 3 sessions of up to 10 groups, $1.80 an hour')
  })

  test('is swept where Live Tail would cost more than two dollars an hour, which the plan offers', () => {
    const plan = oneHour(sourcesOf(45), {follow: true})
    expect(plan).toMatchObject({engine: 'filter', liveSessions: 0})
    expect(plan.why.at(-1)).toBe('Live Tail would be quicker, for $3.00 an hour: --engine live takes it')
  })

  test('does not come of an Infrequent Access group, and the plan says so', () => {
    const plan = oneHour([...sourcesOf(3), ...sourcesOf(1, {logGroupClass: 'INFREQUENT_ACCESS'})], {follow: true})
    expect(plan.why.at(-1)).toBe('1 log group of the Infrequent Access class cannot be followed: a gap in the receipt')
  })

  test('is swept where Live Tail would cost more an hour than --max-cost allows', () => {
    expect(oneHour(sourcesOf(45), {follow: true, maxUSDPerHour: 2.5})).toMatchObject({
      engine: 'filter',
      liveSessions: 0,
    })
    expect(oneHour(sourcesOf(45), {follow: true, maxUSDPerHour: 3})).toMatchObject({engine: 'live', liveSessions: 5})
    expect(oneHour(sourcesOf(45), {follow: true, engine: 'live', maxUSDPerHour: 0}).liveSessions).toBe(5)
  })

  test('of more groups than ten sessions hold is swept', () => {
    expect(oneHour(sourcesOf(101), {follow: true})).toMatchObject({engine: 'filter', liveSessions: 0})
  })

  test('comes by Live Tail where the user says so, as far as ten sessions reach', () => {
    expect(oneHour(sourcesOf(3), {follow: true, engine: 'live'}).liveSessions).toBe(1)
    expect(oneHour(sourcesOf(300), {follow: true, engine: 'live'}).liveSessions).toBe(10)
    expect(oneHour(sourcesOf(45), {follow: true, engine: 'filter'}).liveSessions).toBe(0)
  })
})

describe('the sizes of log groups', () => {
  const toPlan = (sources: readonly LogSource[], start: number, engine: PlanOptions['engine'] = 'auto') =>
    needsSizes({
      sources,
      start,
      end,
      now: end,
      follow: false,
      tail: null,
      engine,
      isSelective: false,
      maxUSDPerHour: null,
    })

  test('are asked for where they may change the plan, not for a short look', () => {
    expect(toPlan(sourcesOf(31), end - hour / 6)).toBe(false)
    expect(toPlan(sourcesOf(31), end - 24 * hour)).toBe(true)
    expect(toPlan(sourcesOf(1), end - hour, 'insights')).toBe(true)
    expect(toPlan(sourcesOf(1, {logGroupClass: 'INFREQUENT_ACCESS'}), end - hour)).toBe(true)
    expect(toPlan(sourcesOf(31), end - 24 * hour, 'filter')).toBe(false)
  })

  test('are asked for where a class is not known, which may cost money, but not for a short look', () => {
    const unknown = sourcesOf(1).map(source => ({...source, logGroupClass: null}))
    expect(toPlan(unknown, end - hour / 6)).toBe(false)
    expect(toPlan(unknown, end - hour)).toBe(true)
    expect(toPlan(unknown, end - hour, 'filter')).toBe(false)
  })
})
