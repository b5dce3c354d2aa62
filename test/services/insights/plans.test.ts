import {describe, expect, test} from 'vitest'
import {costToAllow, estimateInsights} from '../../../src/services/insights/estimate.ts'
import {sourceCommand} from '../../../src/services/insights/source-command.ts'
import {slicesOf} from '../../../src/services/insights/split.ts'

describe('slices', () => {
  test.each([
    [0, 599_999, 4],
    [1_234, 88_777, 7],
    [0, 1_500, 3],
    [5, 5, 4],
    [0, 999_999, 1],
    [10, 12, 10],
  ])('of %i to %i in %i hold every millisecond once', (start, end, parts) => {
    const slices = slicesOf({start, end}, parts)
    expect(slices[0]?.start).toBe(start)
    expect(slices.at(-1)?.end).toBe(end)
    for (const [i, slice] of slices.entries()) {
      expect(slice.end).toBeGreaterThanOrEqual(slice.start)
      if (i > 0) expect(slice.start).toBe((slices[i - 1]?.end ?? 0) + 1)
      if (i > 0 && end - start >= 2_000) expect(slice.start % 1_000).toBe(0)
    }
    expect(slices.length).toBeLessThanOrEqual(parts)
  })
})

describe('an estimate', () => {
  const day = 86_400_000
  const now = Date.UTC(2026, 10, 20)
  const options = {window: {start: now - day, end: now}, now, queries: 1, concurrency: 25}

  test('takes of what a group holds the share of the window', () => {
    const groups = [{storedBytes: 100e9, createdAt: now - 10 * day, retentionDays: null, logGroupClass: null}]
    expect(estimateInsights({...options, groups: [], queries: 0})).toMatchObject({bytes: 0, costUSD: 0, seconds: 0})
    expect(estimateInsights({...options, groups})).toEqual({
      queries: 1,
      bytes: 10e9,
      costUSD: 0.05,
      seconds: 20,
      unknown: 0,
    })
  })

  test('knows that retention takes away, and that a young group holds all of it', () => {
    const kept = {storedBytes: 100e9, createdAt: now - 365 * day, retentionDays: 5, logGroupClass: null}
    const young = {storedBytes: 3e9, createdAt: now - day / 2, retentionDays: null, logGroupClass: null}
    expect(estimateInsights({...options, groups: [kept, young, null]})).toMatchObject({bytes: 23e9, unknown: 1})
  })

  test('says that it does not know', () => {
    expect(estimateInsights({...options, groups: [null]})).toEqual({
      queries: 1,
      bytes: null,
      costUSD: null,
      seconds: null,
      unknown: 1,
    })
  })

  test('that is not known is to be asked about where it may be much, and else taken for nothing', () => {
    const unknown = estimateInsights({...options, groups: [null]})
    const hours = (count: number) => ({start: now - count * 3_600_000, end: now})
    expect(costToAllow(unknown, hours(24), 50)).toBe(0)
    expect(costToAllow(unknown, hours(25), 1)).toBeNull()
    expect(costToAllow(unknown, hours(1), 51)).toBeNull()
    // what SOURCE selects
    expect(costToAllow(unknown, hours(1), null)).toBe(0)
    expect(costToAllow(unknown, hours(25), null)).toBeNull()
    expect(costToAllow({...unknown, costUSD: 7}, hours(25), 1)).toBe(7)
  })
})

describe('SOURCE logGroups', () => {
  const all = new Map<string, 'STANDARD' | 'INFREQUENT_ACCESS'>([
    ...['/aws/lambda/a', '/aws/lambda/b', '/aws/lambda/b2', '/ecs/x', '/ecs/y'].map(
      name => [name, 'STANDARD'] as const,
    ),
    ['/aws/lambda/cold', 'INFREQUENT_ACCESS'],
  ])
  const of = (...names: string[]) => sourceCommand(new Set(names), all)

  test.each([
    [
      ['/aws/lambda/a', '/aws/lambda/b', '/aws/lambda/b2', '/ecs/x', '/ecs/y'],
      "SOURCE logGroups(namePrefix: ['/aws/lambda/', '/ecs/'])",
    ],
    [['/aws/lambda/a', '/aws/lambda/b', '/aws/lambda/b2'], "SOURCE logGroups(namePrefix: ['/aws/lambda/'])"],
    [['/ecs/x', '/aws/lambda/b', '/aws/lambda/b2'], "SOURCE logGroups(namePrefix: ['/aws/lambda/b', '/ecs/x'])"],
    [['/aws/lambda/cold'], "SOURCE logGroups(namePrefix: ['/aws/lambda/cold'], class: ['INFREQUENT_ACCESS'])"],
    [['/aws/lambda/b'], null],
    [['/aws/lambda/a', '/aws/lambda/cold'], null],
    [['/not/there'], null],
  ])('%j', (names, command) => {
    expect(of(...names)).toBe(command)
  })

  const select = (wanted: readonly string[], others: readonly string[]) =>
    sourceCommand(new Set(wanted), new Map([...wanted, ...others].map(name => [name, 'STANDARD'] as const)))

  test.each([
    [['/aws/lambda/cart', '/aws/lambda/checkout'], ['/ecs/x'], "['/aws/lambda/']"],
    [['/aws/lambda/cart', '/aws/lambda/checkout'], ['/aws/lambda/pay'], "['/aws/lambda/c']"],
    [['/shop/pay-api', '/shop/pay-worker'], ['/shop/x'], "['/shop/pay-']"],
    [['/shop/pay', '/shop/pay-worker'], ['/ecs/x'], "['/shop/pay']"],
    [['/shop/pay', '/shop/pay-worker'], ['/shop/x'], "['/shop/pay']"],
    [['/shop/pay', '/shop/payday'], ['/ecs/x'], "['/shop/']"],
    [['a1', 'a2'], [], null],
  ])('%j, and not %j, is as much of their names as they share, up to the end of a part', (wanted, others, prefixes) => {
    expect(select(wanted, others)).toBe(
      prefixes === null ? 'SOURCE logGroups()' : `SOURCE logGroups(namePrefix: ${prefixes})`,
    )
  })
})
