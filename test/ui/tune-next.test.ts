import {describe, expect, it} from 'vitest'
import type {Limits} from '../../src/services/tuning/limits.ts'
import type {Ending} from '../../src/services/tuning/tune-report.ts'
import {nextTuneCommand} from '../../src/ui/tune-next.ts'
import {runId, tunePlan, tuneReport} from './tune-report.ts'

const scope = {account: null, region: 'eu-west-1', profile: null, endpoint: 'aws'} as const
const limits: Limits = {maxCostUSD: 0.05, maxInvocations: 160, maxTimeMs: 15 * 60_000}

const nextOf = (ending: Ending, more: Partial<Limits> = {}) =>
  nextTuneCommand(
    tuneReport({ending, plan: tunePlan('checkout-api', {limits: {...limits, ...more}})}),
    scope,
    'slsops tune --apply',
  )

describe('how a run goes on that came to a limit', () => {
  it.each([
    ['max-cost', {}, '--max-cost 0.1'],
    ['max-cost', {maxCostUSD: 0.000_000_412}, '--max-cost 0.00000083'],
    ['max-cost', {maxCostUSD: 25}, '--max-cost 50'],
    ['max-invocations', {}, '--max-invocations 320'],
    ['not-separable', {}, '--max-invocations 320'],
    ['max-time', {}, '--max-time 30m'],
    ['max-time', {maxTimeMs: 45_000}, '--max-time 90s'],
    ['max-time', {maxTimeMs: 1_200}, '--max-time 3s'],
  ] as const)('%s of %j: with twice of it', (ending, more, flag) => {
    expect(nextOf(ending, more)).toBe(`slsops tune --resume ${runId} ${flag} --region eu-west-1`)
  })

  it('names no limit where none was reached', () => {
    expect(nextOf('interrupted')).toBe(`slsops tune --resume ${runId} --region eu-west-1`)
    expect(nextOf('settled')).toBe('slsops tune --apply')
  })
})
