import {expect, test} from 'vitest'
import {createSpending} from '../../../../src/services/tuning/money/spending.ts'
import {planOf, x86} from '../tune-runs.ts'

test('what was spent only grows: what is under way counts for the limits, and is told once it is known', () => {
  const nothing = {invocations: 0, costUSD: 0, unknown: 0}
  const most = {maxCostUSD: 0.01, maxInvocations: 100, maxTimeMs: 60_000}
  const spending = createSpending(planOf(), most, nothing, () => 0)
  const charges = []
  while (spending.reached(x86(512), 0) === null) charges.push(spending.begin(x86(512)))
  const [first, second] = charges
  expect(charges.length).toBeGreaterThan(0)
  expect(charges.length).toBeLessThan(100)
  expect(spending.spent().costUSD).toBe(0)
  first?.settle(0.000002)
  expect(spending.spent().costUSD).toBe(0.000002)
  second?.lose()
  expect(spending.spent()).toMatchObject({invocations: charges.length})
})
