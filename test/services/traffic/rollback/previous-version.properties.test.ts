import fc from 'fast-check'
import {expect, it} from 'vitest'
import type {ServedVersion} from '../../../../src/services/traffic/evidence/served-versions.ts'
import {measuredPast} from '../../../../src/services/traffic/rollback/measured-past.ts'
import {laterThan, nothing, orderOf, type Past, type Turn} from '../../../../src/services/traffic/rollback/past.ts'
import {choosePrevious} from '../../../../src/services/traffic/rollback/previous-version.ts'

const minute = 60_000
const day = 24 * 60 * minute
const window = 14 * day
/** CloudWatch's minutes are late by so much */
const late = 3 * minute

/** How an alias is changed, by whomever: a release, a version that is tried and taken back, or the way back from what serves. */
const change = fc.record({
  kind: fc.constantFrom('release' as const, 'try' as const, 'back' as const),
  version: fc.integer({min: 1, max: 9}),
  afterMinutes: fc.integer({min: 6, max: 4_000}),
  isJournaled: fc.boolean(),
})
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

type Ran = {first: number; last: number}

/** What truly ran, of an alias that is called every minute. */
function played(changes: readonly Change[], restMinutes: number) {
  /** first minutes, as far back as metrics are read */
  const ran = new Map<number, number>()
  const seen = new Map<number, Ran>()
  const takenOut = new Map<number, number>()
  const turns: Turn[] = []
  const now = changes.reduce((sum, {afterMinutes}) => sum + afterMinutes * minute, restMinutes * minute)
  const serve = (version: number, from: number, to: number): void => {
    const [start, end] = [Math.max(from, now - window), Math.min(to, now - late)]
    if (to > now - window && !ran.has(version)) ran.set(version, Math.max(from, now - window))
    if (end > start) seen.set(version, {first: seen.get(version)?.first ?? start, last: end - minute})
  }
  // to take out what is older than what then serves is to go forward
  const takeOut = (version: number, than: number, at: number): void => {
    if ((ran.get(version) ?? 0) > (ran.get(than) ?? 0)) takenOut.set(version, at)
  }
  let current = 1
  let at = 0
  const before: number[] = []
  for (const {kind, version, afterMinutes, isJournaled} of changes) {
    const next = at + afterMinutes * minute
    serve(current, at, next)
    at = next
    const to = kind === 'back' ? before.pop() : version
    if (to === undefined || to === current) continue
    // of one that comes in once more, metrics alone cannot tell when it was taken out
    if (kind !== 'back' && (ran.has(to) || to === 1)) continue
    if (kind === 'try') {
      serve(to, at - 2 * minute, at)
      takeOut(to, current, at)
    } else if (kind === 'back') {
      takeOut(current, to, at)
      takenOut.delete(to)
      if (isJournaled) turns.push({from: String(current), to: String(to), isBack: true})
      current = to
    } else {
      takenOut.delete(to)
      before.push(current)
      if (isJournaled) turns.push({from: String(current), to: String(to), isBack: false})
      current = to
    }
  }
  serve(current, at, now)
  const versions: readonly ServedVersion[] = Array.from(seen, ([version, {first, last}]) => ({
    version: String(version),
    calls: 1_000,
    errors: 0,
    p95Ms: null,
    firstAt: first <= now - window ? null : first,
    lastAt: last,
  }))
  return {now, current, ran, takenOut, turns, versions}
}

it('goes never to a version that first ran after what serves, nor to one that was taken out within a day', () => {
  let found = 0
  fc.assert(
    fc.property(
      fc.array(change, {minLength: 1, maxLength: 12}),
      fc.integer({min: 0, max: 2_000}),
      (changes, restMinutes) => {
        const {now, current, ran, takenOut, turns, versions} = played(changes, restMinutes)
        const journal: Past = {...nothing, later: laterThan(orderOf(turns), String(current))}
        const chosen = choosePrevious([journal, measuredPast(versions, String(current))], now)
        if (chosen.kind !== 'found') return
        found++
        const to = Number(chosen.version)
        expect(to).not.toBe(current)
        expect(ran.get(to)).toBeLessThan(ran.get(current) ?? now)
        expect(now - (takenOut.get(to) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(day)
      },
    ),
    {numRuns: 2_000},
  )
  expect(found).toBeGreaterThan(100)
})
