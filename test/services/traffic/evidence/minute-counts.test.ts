import {describe, expect, test} from 'vitest'
import {
  addDuration,
  addTally,
  type DurationTally,
  p95Of,
} from '../../../../src/services/traffic/evidence/duration-tally.ts'
import {minuteCounts, placedByStart} from '../../../../src/services/traffic/evidence/minute-counts.ts'
import {now} from '../../fleet/fake-account.ts'

const minute = 60_000
/** so many minutes ago */
const ago = (minutes: number): number => now - minutes * minute
const series = (...points: readonly (readonly [minutesAgo: number, value: number])[]): Map<number, number> =>
  new Map(points.map(([minutes, value]) => [ago(minutes), value]))
const at = {now, timeoutSeconds: 10}
const quiet = {calls: new Map<number, number>(), bad: new Map<number, number>()}

describe('minutes of both versions', () => {
  test('stand beside each other, oldest first; a minute in which neither was invoked is none', () => {
    const canary = {calls: series([5, 2], [9, 1], [7, 0]), bad: series([5, 1], [7, 0])}
    const baseline = {calls: series([9, 30], [6, 20]), bad: series([6, 2])}
    expect(minuteCounts(canary, baseline, at)).toEqual([
      {at: ago(9), canary: {calls: 1, bad: 0}, baseline: {calls: 30, bad: 0}, isFinal: true},
      {at: ago(6), canary: {calls: 0, bad: 0}, baseline: {calls: 20, bad: 2}, isFinal: true},
      {at: ago(5), canary: {calls: 2, bad: 1}, baseline: {calls: 0, bad: 0}, isFinal: true},
    ])
  })

  test('case 15b: one in which more failed than were invoked, as far as is reported, is left out', () => {
    const canary = {calls: series([5, 10], [3, 2]), bad: series([5, 1], [4, 3], [3, 5])}
    expect(minuteCounts(canary, quiet, at).map(each => each.at)).toEqual([ago(5)])
    const baseline = {calls: series([5, 10]), bad: series([5, 11])}
    expect(minuteCounts(canary, baseline, at)).toEqual([])
  })

  test('are final when the last invocation of them has timed out, and two minutes have gone', () => {
    const calls = series([2, 1], [3, 1], [4, 1], [18, 1], [19, 1])
    const finalOnes = (timeoutSeconds: number) =>
      minuteCounts({calls, bad: new Map()}, quiet, {now, timeoutSeconds}).flatMap(each =>
        each.isFinal ? [each.at] : [],
      )
    expect(finalOnes(0)).toEqual([ago(19), ago(18), ago(4), ago(3)])
    expect(finalOnes(1)).toEqual([ago(19), ago(18), ago(4)])
    expect(finalOnes(900)).toEqual([ago(19), ago(18)])
    expect(finalOnes(901)).toEqual([ago(19)])
  })

  test('that cannot be told yet are left out', () => {
    const canary = {calls: series([5, 1], [4, 1]), bad: new Map(), untold: new Set([ago(4)])}
    expect(minuteCounts(canary, quiet, at).map(each => each.at)).toEqual([ago(5)])
  })
})

describe('failures that are dated by their lines', () => {
  test('go back to the minute in which there was an invocation that they can be of', () => {
    const placed = placedByStart({calls: series([6, 4], [5, 1]), bad: series([6, 1], [5, 3])}, at)
    expect(placed).toEqual(series([6, 3], [5, 1]))
  })

  test('stay where the invocations are still to be reported', () => {
    const bad = series([2, 1], [1, 3])
    expect(placedByStart({calls: series([2, 9], [1, 0]), bad}, at)).toEqual(bad)
  })

  test('go back no further than an invocation takes', () => {
    const bad = series([5, 3])
    expect(placedByStart({calls: series([9, 10]), bad}, at)).toEqual(bad)
    expect(placedByStart({calls: series([9, 10]), bad}, {now, timeoutSeconds: 240})).toEqual(series([5, 3]))
    expect(placedByStart({calls: series([9, 2], [8, 2]), bad: series([7, 3])}, {now, timeoutSeconds: 120})).toEqual(
      series([7, 0], [8, 2], [9, 1]),
    )
  })
})

describe('a tally of durations', () => {
  test('tells the p95 to the percent, whatever is added in what order', () => {
    const [one, other]: DurationTally[] = [new Map(), new Map()]
    if (!one || !other) throw new Error('two')
    for (let ms = 1; ms <= 1000; ms++) addDuration(ms % 2 ? one : other, ms)
    addTally(one, other)
    expect(p95Of(one)).toBeGreaterThan(940)
    expect(p95Of(one)).toBeLessThan(960)
  })

  test('is of nothing, of a single one, and of what took no time', () => {
    const tally: DurationTally = new Map()
    expect(p95Of(tally)).toBeNull()
    addDuration(tally, 0)
    expect(p95Of(tally)).toBeCloseTo(0.01, 3)
  })
})
