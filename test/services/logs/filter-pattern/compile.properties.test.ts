import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {UserError} from '../../../../src/errors.ts'
import {compileFilterPattern, FilterPatternError} from '../../../../src/services/logs/filter-pattern/compile.ts'
import {filterPatternFrom} from '../../../../src/services/logs/filter-pattern/quote.ts'
import {cases} from '../../../fuzz.ts'

const pieces = [
  ...'{}[]()$.*?-"%\\\'|&=!<>,+^ \t\n\u00a0',
  ...['a', 'ERROR', '0', '1e3', '404', '...', '…', '$.a', '$.', '[*]', '[0]', "['x y']", ' IS NULL', ' NOT EXISTS'],
  ...['&&', '||', '!=', '<=', '\\x41', '\\d', '\\S', '{2,3}', '{,2}', 'é', '漢', '😀', '\ud800', '"a b"', '%a+%', 'x='],
]
/** Text that is often nearly a pattern. */
const patternLike = fc.oneof(
  fc.array(fc.constantFrom(...pieces), {maxLength: 14}).map(parts => parts.join('')),
  fc
    .tuple(fc.constantFrom('{', '[', '%'), fc.array(fc.constantFrom(...pieces), {maxLength: 10}))
    .map(([open, parts]) => {
      const close = open === '{' ? '}' : open === '[' ? ']' : '%'
      return `${open}${parts.join('')}${close}`
    }),
  fc.string({unit: 'binary', maxLength: 20}),
)
const anyMessage = fc.oneof(
  fc.string({unit: 'binary', maxLength: 40}),
  fc.json(),
  fc.array(fc.constantFrom(...pieces), {maxLength: 20}).map(parts => parts.join('')),
)

function compiled(pattern: string): ((message: string) => boolean) | null {
  try {
    return compileFilterPattern(pattern)
  } catch (error) {
    if (!(error instanceof FilterPatternError)) throw error
    expect(error.position).toBeGreaterThanOrEqual(0)
    expect(error.position).toBeLessThanOrEqual(pattern.length)
    return null
  }
}

describe('any text', () => {
  test('is a pattern, or is refused with a place in it', () => {
    fc.assert(
      fc.property(patternLike, fc.array(anyMessage, {maxLength: 4}), (pattern, messages) => {
        const test = compiled(pattern)
        for (const message of messages) if (test) expect(test(message)).toBeTypeOf('boolean')
      }),
      cases(1_500),
    )
  })

  test('T39 typed as a filter becomes a valid pattern, or an error whose proposal is one', () => {
    fc.assert(
      fc.property(patternLike, text => {
        try {
          expect(compiled(filterPatternFrom(text).pattern)).not.toBe(null)
        } catch (error) {
          if (!(error instanceof UserError)) throw error
          const proposed = /--filter '(.*)'$/s.exec(error.hint ?? '')?.[1]
          if (proposed !== undefined) expect(compiled(proposed)).not.toBe(null)
        }
      }),
      cases(1_500),
    )
  })

  test('T39 of plain words finds the messages that hold them all, and no others', () => {
    const word = fc
      .oneof(fc.string({unit: 'grapheme', minLength: 1, maxLength: 6}), fc.constantFrom('ORDER-1', 'a@b.c', '/p', '5"'))
      .map(text => text.replaceAll(/\s/g, ''))
      .filter(text => /^[^?\-{["%\s]/.test(text))
    fc.assert(
      fc.property(fc.array(word, {minLength: 1, maxLength: 4}), fc.array(word, {maxLength: 6}), (words, message) => {
        const finds = compileFilterPattern(filterPatternFrom(words.join(' ')).pattern)
        expect(finds([...message, ...words].toReversed().join('\t'))).toBe(true)
        const text = message.join(' ')
        expect(finds(text)).toBe(words.every(each => text.includes(each)))
      }),
      cases(500),
    )
  })
})

describe('terms', () => {
  const word = fc.string({unit: fc.constantFrom('a', 'b', 'C', '1', '_'), minLength: 1, maxLength: 3})
  const phrase = fc.string({
    unit: fc.constantFrom('a', 'b', ' ', '"', '\\', '%', '?', '-', 'é'),
    minLength: 1,
    maxLength: 4,
  })
  const written = (text: string): string =>
    /^\w+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, found => `\\${found}`)}"`
  const term = fc.record({role: fc.constantFrom('', '-', '?'), text: fc.oneof(word, phrase)})
  const message = fc.string({unit: fc.constantFrom('a', 'b', 'C', '1', '_', ' ', '"', '\\', '%', '-', 'é')})

  test('match as the user guide says', () => {
    fc.assert(
      fc.property(fc.array(term, {maxLength: 4}), message, (terms, message) => {
        const pattern = terms.map(({role, text}) => role + written(text)).join(' ')
        const has = (text: string): boolean => text.trim() === '' || message.includes(text)
        const only = terms.every(({role}) => role === '?')
        const wanted =
          terms.length > 0 && only
            ? terms.some(({text}) => has(text))
            : terms.every(({role, text}) => role === '?' || has(text) === (role === ''))
        expect(compileFilterPattern(pattern)(message)).toBe(wanted)
      }),
      cases(1_000),
    )
  })
})

describe('regular expressions', () => {
  const item = fc.constantFrom(
    ...[
      'a',
      'b',
      '-',
      ' ',
      '.',
      '\\d',
      '\\D',
      '\\w',
      '\\W',
      '\\.',
      '\\x61',
      '\\x0a',
      '[ab]',
      '[^a]',
      '[a-c|]',
      '[.$^]',
    ],
    ...['^', '$', '|', ']', '[\\d-]', '[]', '[^]'],
  )
  const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '{2}', '{1,2}', '{,2}', '{2,}', '{0}', '**')
  const body = fc.array(fc.tuple(item, quantifier), {minLength: 1, maxLength: 7})
  const message = fc.string({unit: fc.constantFrom('a', 'b', 'c', '.', '|', '1', '-', ' ', '\n', '\u2028', '漢')})

  test('match where JavaScript’s own engine does', () => {
    fc.assert(
      fc.property(body, fc.array(message, {minLength: 3, maxLength: 6}), (items, messages) => {
        const text = items.flat().join('')
        const test = compiled(`%${text}%`)
        if (!test) return
        const source = items
          .map(([item, quantifier]) => (item === '$' ? '(?=\\n?$)' : item) + quantifier.replace('{,', '{0,'))
          .join('')
        for (const message of messages)
          expect([text, message, test(message)]).toEqual([text, message, new RegExp(source).test(message)])
      }),
      cases(2_000),
    )
  })
})
