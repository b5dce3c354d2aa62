import {describe, expect, test} from 'vitest'
import type {Aws} from '../../../../src/services/aws/connect.ts'
import {planLogs, quickerEngine} from '../../../../src/services/fleet/coldstarts/plan-coldstarts.ts'
import type {GroupSize} from '../../../../src/services/logs/group-sizes.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {quickerEngineText} from '../../../../src/ui/coldstarts-engine-text.ts'

const now = Date.parse('2026-11-20T14:00:00Z')
const day = 86_400_000
const budget = {numbers: () => ({ratePerSecond: 10})}
const aws = {budget, scope: {region: 'eu-west-1', account: null, profile: null, endpoint: 'aws'}} as unknown as Aws
const options = {start: now - day, end: now, now, engine: 'auto' as const, spendableUSD: 0.25}

/** Log groups that took so much in the last day, and are a day old. */
function groups(count: number, bytesEach: number) {
  const sources = Array.from(
    {length: count},
    (_, i): LogSource => ({
      aws,
      scope: aws.scope,
      logGroup: `/aws/lambda/fn-${i}`,
      logGroupClass: 'STANDARD',
      functions: [],
      only: null,
      mayBeMissing: false,
    }),
  )
  const size: GroupSize = {storedBytes: bytesEach, createdAt: now - day, retentionDays: null, logGroupClass: 'STANDARD'}
  const sizes = new Map(sources.map(source => [source, size]))
  return {sources, sizes, plan: planLogs(sources, sizes, options)}
}

describe('reading the logs of a large fleet', () => {
  test('is left to Logs Insights where that costs little', () => {
    const {sources, sizes, plan} = groups(20_000, 1e6)
    expect(plan.byInsights.size).toBe(20_000)
    expect(quickerEngine(plan, sources, sizes, options)).toBeNull()
  })

  test('by FilterLogEvents, which costs nothing, takes long where Logs Insights would cost much, and that is said', () => {
    const {sources, sizes, plan} = groups(20_000, 50e6)
    expect(plan.engine).toBe('filter')
    const quicker = quickerEngine(plan, sources, sizes, options)
    expect(quicker?.insights?.costUSD).toBeCloseTo(5)
    expect(quicker && quickerEngineText(quicker)).toMatch(
      /^reading these logs by FilterLogEvents takes up to 1 d 3 h, and costs nothing; with --engine insights about .* min.*, for \$5\.00; a shorter --since or fewer functions take less of both$/,
    )
  })

  test('where nobody knows how large they are, has no price', () => {
    const {sources, plan} = groups(20_000, 50e6)
    const quicker = quickerEngine(plan, sources, new Map(), options)
    expect(quicker?.insights).toBeNull()
    expect(quicker && quickerEngineText(quicker)).toContain('for a price that is not known')
  })

  test('takes little where there is little, or is done as it was asked for', () => {
    const few = groups(100, 50e6)
    expect(quickerEngine(few.plan, few.sources, few.sizes, options)).toBeNull()
    const many = groups(20_000, 50e6)
    expect(quickerEngine(many.plan, many.sources, many.sizes, {...options, engine: 'filter'})).toBeNull()
  })
})
