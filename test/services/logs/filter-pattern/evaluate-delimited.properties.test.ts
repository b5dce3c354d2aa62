import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {compileFilterPattern} from '../../../../src/services/logs/filter-pattern/compile.ts'
import {cases} from '../../../fuzz.ts'
import {
  compares,
  comparison,
  expressionOf,
  holds,
  numberText,
  plainText,
  written,
  writtenOperand,
} from './expressions.ts'

describe('space-delimited patterns', () => {
  const field = fc.oneof(
    {weight: 1, arbitrary: fc.constant('...' as const)},
    {weight: 2, arbitrary: fc.constant(null)},
    {weight: 2, arbitrary: expressionOf(comparison)},
  )
  const value = fc.oneof(
    plainText,
    numberText,
    fc.constantFrom('-', '[x]y', '"a', 'b"', ']', '[', '""', '[]', '"a b"', '[1 b]', '"]"', '["]'),
  )
  const innerOf = (value: string): string => (/^(?:".*"|\[[^\]]*\])$/s.test(value) ? value.slice(1, -1) : value)

  test('match as a glob over fields does', () => {
    fc.assert(
      fc.property(fc.array(field, {minLength: 1, maxLength: 5}), fc.array(value, {maxLength: 6}), (fields, values) => {
        const text = (one: (typeof fields)[number], i: number): string =>
          one === '...'
            ? '...'
            : one === null
              ? `f${i}`
              : written(one, ({operator, operand}) => `f${i} ${operator} ${writtenOperand(operand)}`)
        const pattern = `[${fields.map(text).join(', ')}]`
        const most = fields.includes('...') ? Number.POSITIVE_INFINITY : fields.length
        // a bracket or quotation mark that is not closed in its own word may be closed in a later one
        fc.pre(
          pattern.length <= 1024 &&
            values.every((value, i) => !/^[["]/.test(value) || innerOf(value) !== value || i === values.length - 1),
        )
        const words =
          values.length > most
            ? [...values.slice(0, most - 1).map(innerOf), values.slice(most - 1).join(' ')]
            : values.map(innerOf)
        const matches = (f: number, v: number): boolean => {
          const here = fields[f]
          if (here === undefined) return v === words.length
          if (here === '...') return Array.from({length: words.length - v + 1}).some((_, n) => matches(f + 1, v + n))
          const word = words[v]
          if (word === undefined) return false
          if (here !== null && !holds(here, ({operator, operand}) => compares(operator, operand, word))) return false
          return matches(f + 1, v + 1)
        }
        const message = values.join(' ')
        expect([pattern, message, compileFilterPattern(pattern)(message)]).toEqual([pattern, message, matches(0, 0)])
      }),
      cases(1_200),
    )
  })
})
