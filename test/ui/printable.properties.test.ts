import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {padEnd, shorten, width, wrap} from '../../src/ui/columns.ts'
import {printable, printableName} from '../../src/ui/printable.ts'
import {anyText} from '../any-text.ts'
import {cases} from '../fuzz.ts'

// what moves, hides or reorders text; joiners that hold letters together may stay
const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const unsafeIn = (text: string): readonly string[] =>
  (text.match(obeyed) ?? []).filter(found => !'\u200c\u200d'.includes(found))

describe('T35 any text', () => {
  test('holds nothing that a terminal obeys once it is printable, save tabs and line ends', () => {
    fc.assert(
      fc.property(anyText, text => {
        const safe = printable(text)
        expect(unsafeIn(safe).filter(found => found !== '\n' && found !== '\t')).toEqual([])
        expect(unsafeIn(printableName(text))).toEqual([])
        expect(printable(safe)).toBe(safe)
        expect(safe.split('\n')).toHaveLength(text.split(/\r\n|\r|\n/).length)
      }),
      cases(1_000),
    )
  })

  test('that is plain stays as it is', () => {
    fc.assert(
      fc.property(fc.string({unit: fc.constantFrom('a', ' ', '\n', '\t', 'é', '漢', '😀', 'e\u0301')}), text => {
        expect(printable(text)).toBe(text)
      }),
      cases(200),
    )
  })
})

describe('a line of any text', () => {
  const line = anyText.map(printableName)
  const columns = fc.integer({min: 2, max: 60})

  test('is broken into rows that fit, and nothing but space is lost', () => {
    fc.assert(
      fc.property(line, columns, columns, fc.constantFrom(' ', ' · '), (text, first, rest, separator) => {
        const rows = wrap(text, first, rest, separator)
        let done = 0
        for (const [i, {start, end}] of rows.entries()) {
          const row = text.slice(start, end)
          expect(width(row)).toBeLessThanOrEqual(i === 0 ? first : rest)
          expect(unsafeIn(row)).toEqual([])
          expect(text.slice(done, start).replaceAll(separator, '').trim()).toBe('')
          expect(end).toBeGreaterThanOrEqual(start)
          done = end
        }
        expect(text.slice(done).replaceAll(separator, '').trim()).toBe('')
      }),
      cases(400),
    )
  })

  test('is shortened to what fits, and filled up to it', () => {
    fc.assert(
      fc.property(line, fc.nat({max: 40}), fc.constantFrom('…', '...'), (text, columns, ellipsis) => {
        const short = shorten(text, columns, ellipsis)
        expect(width(short)).toBeLessThanOrEqual(columns)
        expect(unsafeIn(short)).toEqual([])
        if (width(text) <= columns) expect(short).toBe(text)
        expect(width(padEnd(short, columns))).toBe(columns)
      }),
      cases(500),
    )
  })
})
