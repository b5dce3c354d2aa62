import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {addedChanges, type BillFactors, explainChange} from '../../../../src/services/fleet/cost/explain-change.ts'

const bill = (given: Partial<BillFactors> = {}): BillFactors => ({
  calls: 1_000_000,
  billedMsPerCall: 100,
  memorySizeMB: 1024,
  perRequest: 2e-7,
  perGBSecond: 0.0000166667,
  otherUSD: 0,
  ...given,
})
const usdOf = ({calls, billedMsPerCall, memorySizeMB, perRequest, perGBSecond, otherUSD}: BillFactors): number =>
  calls * perRequest + calls * ((billedMsPerCall ?? 0) / 1000) * (memorySizeMB / 1024) * (perGBSecond ?? 0) + otherUSD

const largest = (a: BillFactors, b: BillFactors): BillFactors => ({
  calls: Math.max(a.calls, b.calls),
  billedMsPerCall: Math.max(a.billedMsPerCall ?? 0, b.billedMsPerCall ?? 0),
  memorySizeMB: Math.max(a.memorySizeMB, b.memorySizeMB),
  perRequest: Math.max(a.perRequest, b.perRequest),
  perGBSecond: Math.max(a.perGBSecond ?? 0, b.perGBSecond ?? 0),
  otherUSD: Math.max(a.otherUSD, b.otherUSD),
})

describe('a change of cost', () => {
  test('has no parts where nothing changed', () => {
    expect(explainChange(bill(), bill())).toEqual({totalUSD: 0, calls: 0, duration: 0, memory: 0, price: 0, other: 0})
  })

  test.each([
    ['calls', {calls: 1_380_000}, 0.38 * (0.2 + 1.66667)],
    ['duration', {billedMsPerCall: 200}, 1.66667],
    ['memory', {memorySizeMB: 512}, -0.833335],
    ['price', {perGBSecond: 0.0000133334}, -0.33333],
    ['other', {otherUSD: 3}, 3],
  ] as const)('is all of one part where only that changed: %s', (part, given, expected) => {
    const change = explainChange(bill(), bill(given))

    expect(change[part]).toBeCloseTo(expected, 6)
    expect(change.totalUSD).toBeCloseTo(expected, 6)
    const rest = Object.entries(change).filter(([name]) => name !== part && name !== 'totalUSD')
    for (const [, usd] of rest) expect(usd).toBeCloseTo(0, 12)
  })

  test('is shared by halves where two factors doubled together', () => {
    const change = explainChange(bill({perRequest: 0}), bill({perRequest: 0, calls: 2_000_000, billedMsPerCall: 200}))

    expect(change.totalUSD).toBeCloseTo(3 * 1.66667, 6)
    expect(change.calls).toBeCloseTo(change.duration, 9)
  })

  test('of a function without calls before is explained by the calls', () => {
    const before = bill({calls: 0, billedMsPerCall: null, perGBSecond: null, memorySizeMB: 512})

    const change = explainChange(before, bill())

    expect(change.calls).toBeCloseTo(1.86667, 6)
    expect(change).toMatchObject({duration: 0, memory: 0, price: 0})
    expect(explainChange(bill(), before).calls).toBeCloseTo(-1.86667, 6)
  })

  test('adds up to the cent and beyond, whatever changed', () => {
    const amount = (max: number, min = 0) => fc.double({min, max, noNaN: true})
    const anyBill = fc.record({
      calls: fc.nat(1e9),
      billedMsPerCall: fc.option(amount(900_000, 1)),
      memorySizeMB: fc.integer({min: 128, max: 10_240}),
      perRequest: amount(1e-6),
      perGBSecond: fc.option(amount(1e-4, 1e-6)),
      otherUSD: amount(1e5),
    })
    // without calls there is no duration, and the other way round
    const sane = anyBill.map(one => ({
      ...one,
      billedMsPerCall: one.calls === 0 ? null : (one.billedMsPerCall ?? 1),
      perGBSecond: one.calls === 0 ? null : (one.perGBSecond ?? 1e-5),
    }))
    fc.assert(
      fc.property(sane, sane, (before, now) => {
        const {totalUSD, ...parts} = explainChange(before, now)
        const sum = Object.values(parts).reduce((a, b) => a + b, 0)
        // what is rounded away is a part of the largest bill on the way
        const size = Math.max(1, usdOf(largest(before, now)))
        expect(Math.abs(sum - totalUSD) / size).toBeLessThan(1e-9)
        expect(Math.abs(totalUSD - (usdOf(now) - usdOf(before))) / size).toBeLessThan(1e-9)
      }),
    )
  })

  test('of several functions adds up part by part', () => {
    const change = explainChange(bill(), bill({calls: 2_000_000}))

    expect(addedChanges([change, change]).calls).toBeCloseTo(2 * change.calls, 9)
    expect(addedChanges([]).totalUSD).toBe(0)
  })
})
