import {describe, expect, test} from 'vitest'
import {costWindow} from '../../../../src/services/fleet/cost/cost-window.ts'

const now = Date.parse('2026-11-20T14:07:11Z')
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)

const window = (lengthMs: number, options: {functions?: number; compare?: boolean; end?: number} = {}) => {
  const {functions = 100, compare = true, end = now} = options
  const found = costWindow({start: end - lengthMs, end}, {now, compare, functions})
  return {
    now: `${iso(found.now.start)}–${iso(found.now.end)}`,
    before: found.before && `${iso(found.before.start)}–${iso(found.before.end)}`,
    periodSeconds: found.periodSeconds,
  }
}

describe('the window of a cost', () => {
  test('is of whole periods, as long as what was asked for, and right behind the one before', () => {
    expect(window(30 * dayMs)).toEqual({
      now: '2026-10-21T12:00–2026-11-20T12:00',
      before: '2026-09-21T12:00–2026-10-21T12:00',
      periodSeconds: 3 * 3600,
    })
    expect(window(hourMs)).toEqual({
      now: '2026-11-20T13:07–2026-11-20T14:07',
      before: '2026-11-20T12:07–2026-11-20T13:07',
      periodSeconds: 60,
    })
  })

  test('has fewer datapoints for a large fleet', () => {
    expect(window(30 * dayMs, {functions: 100_000})).toMatchObject({
      now: '2026-10-21T00:00–2026-11-20T00:00',
      periodSeconds: 86_400,
    })
  })

  test('is read in periods that CloudWatch still has', () => {
    expect(window(hourMs, {end: now - 20 * dayMs}).periodSeconds).toBe(300)
    expect(window(hourMs, {end: now - 100 * dayMs}).periodSeconds).toBe(3600)
  })

  test('is compared with nothing where nobody asks, or CloudWatch has forgotten a part of it', () => {
    expect(window(dayMs, {compare: false}).before).toBeNull()
    expect(window(300 * dayMs).before).toBeNull()
    expect(window(200 * dayMs).before).not.toBeNull()
  })

  test('begins where CloudWatch begins to have metrics, and says so', () => {
    const found = costWindow({start: now - 500 * dayMs, end: now}, {now, compare: true, functions: 1})

    expect(iso(found.cutAt ?? 0)).toBe('2025-08-22T18:00')
    expect(found.now.start).toBe(found.cutAt)
    expect(found.before).toBeNull()
    expect(costWindow({start: now - dayMs, end: now}, {now, compare: false, functions: 1}).cutAt).toBeNull()
  })

  test('is never empty', () => {
    expect(window(1000).now).toBe('2026-11-20T14:06–2026-11-20T14:07')
  })
})
