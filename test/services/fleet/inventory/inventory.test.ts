import {describe, expect, test} from 'vitest'
import type {Unknown} from '../../../../src/known.ts'
import {fieldNames, type Sorting, sortFunctions} from '../../../../src/services/fleet/inventory/fields.ts'
import {findingsIn} from '../../../../src/services/fleet/inventory/findings.ts'
import {groupFunctions, totalsOf} from '../../../../src/services/fleet/inventory/group-functions.ts'
import {isFailing, isNearLimit, nextBurstOf} from '../../../../src/services/fleet/inventory/headroom.ts'
import type {RegionConcurrency} from '../../../../src/services/fleet/inventory/inventory.ts'
import {inventoryGaps, isWhollyKnown} from '../../../../src/services/fleet/inventory/inventory-gaps.ts'
import {now} from '../fake-account.ts'
import {inventoryFunction} from './inventories.ts'

const denied: Unknown = {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'}
const called = (name: string, value: number | null) =>
  inventoryFunction(name, {measures: {invocations: value === null ? denied : {value}}})

describe('functions are sorted', () => {
  const names = (sorting: Sorting) =>
    sortFunctions(
      [called('b', 5), called('unknown', null), called('a', 5), called('c', 70), called('none', 0)],
      sorting,
    ).map(({fn}) => fn.name)

  test('by a number; what nobody knows comes last in either order, and names settle the rest', () => {
    expect(names({field: 'invocations', order: 'desc'})).toEqual(['c', 'a', 'b', 'none', 'unknown'])
    expect(names({field: 'invocations', order: 'asc'})).toEqual(['none', 'a', 'b', 'c', 'unknown'])
  })

  test.each(fieldNames)('by %s, whatever that is', field => {
    expect(names({field, order: 'asc'}).length).toBe(5)
  })
})

describe('a function is near a limit', () => {
  test.each([
    ['80 % of its timeout is not yet', {maxDurationMs: {value: 8_000}}, false],
    ['more is', {maxDurationMs: {value: 8_001}}, true],
    ['90 % of its memory is not yet', {memoryUsedMB: {value: 460}}, false],
    ['more is', {memoryUsedMB: {value: 461}}, true],
    ['most of what is reserved', {maxConcurrency: {value: 9}, reservedConcurrency: {value: 10}}, true],
    ['throttles', {throttles: {value: 1}}, true],
    ['what nobody knows is none', {maxDurationMs: denied, memoryUsedMB: denied, throttles: denied}, false],
  ] as const)('%s', (_, measures, expected) => {
    expect(isNearLimit(inventoryFunction('one', {measures}))).toBe(expected)
  })

  test('nothing can run where nothing is reserved: that is no division by zero', () => {
    const held = inventoryFunction('held', {measures: {reservedConcurrency: {value: 0}, throttles: {value: 9}}})
    expect(held.headroom.concurrencyShare).toBeNull()
    expect([isNearLimit(held), isFailing(held)]).toEqual([true, true])
  })
})

const region = (more: Partial<Omit<RegionConcurrency, 'nextBurst'>> = {}): RegionConcurrency => {
  const read = {
    account: '123456789012',
    region: 'eu-west-1',
    limit: {value: 1_000},
    unreservedLimit: {value: 900},
    peak: {value: {count: 214, at: now - 3_600_000}},
    unreservedPeak: {value: {count: 200, at: now - 3_600_000}},
    ...more,
  }
  return {...read, nextBurst: nextBurstOf(read)}
}

describe('one more burst', () => {
  test('as high as the highest leaves what both leave of the unreserved part', () => {
    expect(region().nextBurst).toEqual({peak: 200, limit: 900, pool: 'unreserved', left: 500})
  })

  test('is held against the account’s limit where the unreserved part is not known', () => {
    expect(region({unreservedPeak: {value: null}}).nextBurst).toEqual({
      peak: 214,
      limit: 1_000,
      pool: 'account',
      left: 572,
    })
  })

  test('that would be throttled is found', () => {
    const high = region({unreservedPeak: {value: {count: 600, at: now}}})
    expect(high.nextBurst?.left).toBe(-300)
    expect(findingsIn([], [high])).toMatchObject([{kind: 'burst', concurrency: {region: 'eu-west-1'}}])
  })

  test('is nobody’s guess where the limit is not known', () => {
    expect(region({limit: denied, unreservedLimit: denied}).nextBurst).toBeNull()
  })
})

test('what is lost is found first, the worst of it named first', () => {
  const functions = [
    inventoryFunction('quiet'),
    inventoryFunction('old', {fn: {runtime: 'nodejs18.x'}}),
    inventoryFunction('older', {fn: {runtime: 'nodejs12.x'}}),
    inventoryFunction('soon', {fn: {runtime: 'nodejs22.x'}}),
    inventoryFunction('slow', {measures: {maxDurationMs: {value: 9_990}}}),
    inventoryFunction('full', {measures: {memoryUsedMB: {value: 512}}}),
    inventoryFunction('held', {measures: {throttles: {value: 2}}}),
    inventoryFunction('more-held', {measures: {throttles: {value: 30}}}),
    inventoryFunction('dropping', {measures: {asyncEventsDropped: {value: 4}, deadLettersWaiting: {value: 12}}}),
    inventoryFunction('behind', {measures: {iteratorAgeMs: {value: 900_000}}, isFallingBehind: true}),
  ]
  const found = findingsIn(functions, [region()]).map(({kind, functions}) => [kind, functions.map(({fn}) => fn.name)])
  expect(found).toEqual([
    ['dropped', ['dropping']],
    ['dead-letters', ['dropping']],
    ['throttled', ['more-held', 'held']],
    ['falling-behind', ['behind']],
    ['near-timeout', ['slow']],
    ['near-memory', ['full']],
    ['runtime-update-blocked', ['older']],
    ['runtime-deprecated', ['old']],
    ['runtime-ending', ['soon']],
  ])
})

describe('groups', () => {
  const functions = [
    called('a', 5),
    inventoryFunction('b', {measures: {stack: {value: 'web'}, tags: {value: {team: 'web'}}, errors: {value: 3}}}),
    called('c', null),
    inventoryFunction('d', {measures: {stack: {value: null}, tags: {value: {}}}}),
    inventoryFunction('e', {measures: {stack: denied, tags: denied}}),
  ]

  test('have totals that say of how many functions nobody knows the number', () => {
    const [shop, web, without, unknown] = groupFunctions(functions, {by: 'stack'})
    expect([shop?.name, web?.name, without?.name, unknown?.name]).toEqual(['shop', 'web', null, null])
    expect([without?.isKnown, unknown?.isKnown]).toEqual([true, false])
    expect(shop).toMatchObject({functions: 2, invocations: {sum: 5, unknown: 1}})
    expect(web?.errors).toEqual({sum: 3, unknown: 0})
    expect(totalsOf(functions).invocations).toEqual({sum: 5 + 3 * 12_000, unknown: 1})
  })

  test('are sorted by the sum of a column, where there is one', () => {
    const byCalls = groupFunctions(functions.slice(0, 2), {by: 'stack'}, {field: 'invocations', order: 'desc'})
    expect(byCalls.map(({name}) => name)).toEqual(['web', 'shop'])
    const rising = groupFunctions(functions.slice(0, 2), {by: 'stack'}, {field: 'invocations', order: 'asc'})
    expect(rising.map(({name}) => name)).toEqual(['shop', 'web'])
  })

  test('by a tag keep what has another tag apart from what nobody knows', () => {
    const groups = groupFunctions(functions, {by: 'tag', key: 'team'})
    expect(groups.map(({name, functions}) => [name, functions])).toEqual([
      ['orders', 2],
      ['web', 1],
      [null, 1],
      [null, 1],
    ])
    // a key that every object has is no tag
    expect(groupFunctions(functions.slice(0, 1), {by: 'tag', key: 'constructor'})[0]?.name).toBeNull()
  })
})

describe('what nobody knows is a gap', () => {
  test('one for all that a reason takes from the functions of a region', () => {
    const all = [called('a', null), called('b', null), inventoryFunction('c')]
    expect(inventoryGaps(all, [])).toEqual([
      {
        what: 'invocations of 2 functions',
        account: '123456789012',
        region: 'eu-west-1',
        reason: 'denied',
        detail: 'needs cloudwatch:GetMetricData',
      },
    ])
    expect(all.map(isWhollyKnown)).toEqual([false, false, true])
  })

  test('but what was left out is none', () => {
    const left: Unknown = {unknown: 'not-read', detail: 'left out by --no-memory'}
    const one = inventoryFunction('one', {measures: {memoryUsedMB: left, timeouts: left}})
    expect(inventoryGaps([one], [region()])).toEqual([])
    expect(isWhollyKnown(one)).toBe(true)
  })

  test('of a region’s concurrency too', () => {
    expect(inventoryGaps([], [region({limit: denied, unreservedLimit: denied})])).toMatchObject([
      {what: 'concurrency of the region', reason: 'denied'},
    ])
  })
})
