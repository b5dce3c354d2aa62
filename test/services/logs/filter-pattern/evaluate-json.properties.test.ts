import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {compileFilterPattern} from '../../../../src/services/logs/filter-pattern/compile.ts'
import {parseFilterPattern} from '../../../../src/services/logs/filter-pattern/parse.ts'
import type {Expression, JsonCondition, Selector} from '../../../../src/services/logs/filter-pattern/syntax.ts'
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

const name = fc.constantFrom('a', 'b', 'cd', 'e-f', '__proto__', 'constructor', '0')

describe('JSON patterns', () => {
  const step = fc.oneof(
    {weight: 4, arbitrary: name.map(name => ({kind: 'property' as const, name}))},
    {weight: 2, arbitrary: fc.nat({max: 2}).map(index => ({kind: 'index' as const, index}))},
  )
  const selector: fc.Arbitrary<Selector> = fc.oneof(
    {weight: 5, arbitrary: fc.array(step, {minLength: 1, maxLength: 3})},
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(step, {maxLength: 2}), fc.array(step, {maxLength: 1}))
        .map(([before, after]) => [...before, {kind: 'any' as const}, ...after]),
    },
  )
  const condition: fc.Arbitrary<JsonCondition> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('compare' as const),
        selector,
        comparison,
      }) as fc.Arbitrary<JsonCondition>,
    },
    {
      weight: 1,
      arbitrary: fc.record({kind: fc.constant('is' as const), selector, value: fc.constantFrom(null, true, false)}),
    },
    {weight: 1, arbitrary: fc.record({kind: fc.constant('not-exists' as const), selector})},
  )
  const expression = expressionOf(condition).filter(tree => wildcardsIn(tree) <= 3)

  function wildcardsIn(tree: Expression<JsonCondition>): number {
    if (tree.kind !== 'condition') return tree.of.reduce((sum, part) => sum + wildcardsIn(part), 0)
    return tree.condition.selector.some(({kind}) => kind === 'any') ? 1 : 0
  }

  const writtenSelector = (selector: Selector): string =>
    `$${selector.map(step => (step.kind === 'property' ? `.${step.name}` : step.kind === 'index' ? `[${step.index}]` : '.*')).join('')}`

  const writtenCondition = (condition: JsonCondition): string => {
    const path = writtenSelector(condition.selector)
    if (condition.kind === 'not-exists') return `${path} NOT EXISTS`
    if (condition.kind === 'is') return `${path} IS ${String(condition.value).toUpperCase()}`
    return `${path} ${condition.comparison.operator} ${writtenOperand(condition.comparison.operand)}`
  }

  /** A document whose numbers are kept as they are to be written. */
  type Written = null | boolean | string | {readonly number: string} | readonly Written[] | ReadonlyMap<string, Written>
  const document = fc.letrec<{value: Written; container: Written}>(tie => ({
    value: fc.oneof(
      {maxDepth: 3},
      fc.constantFrom(null, true, false),
      plainText,
      numberText,
      numberText.map(number => ({number})),
      tie('container'),
    ),
    container: fc.oneof(
      {maxDepth: 4},
      fc.array(tie('value'), {maxLength: 3}),
      fc.array(fc.tuple(name, tie('value')), {maxLength: 4}).map(entries => new Map(entries)),
    ),
  })).container

  const json = (value: Written): string => {
    if (Array.isArray(value)) return `[${value.map(json).join(', ')}]`
    if (value instanceof Map)
      return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}: ${json(member)}`).join(',')}}`
    return typeof value === 'object' && value !== null ? (value as {number: string}).number : JSON.stringify(value)
  }

  const selected = (values: readonly Written[], selector: Selector): readonly Written[] =>
    selector.reduce<readonly Written[]>(
      (values, step) =>
        values.flatMap((value): readonly Written[] => {
          if (Array.isArray(value))
            return step.kind === 'any' ? value : step.kind === 'index' ? value.slice(step.index, step.index + 1) : []
          if (!(value instanceof Map)) return []
          if (step.kind === 'any') return [...value.values()]
          return step.kind === 'property' && value.has(step.name) ? [value.get(step.name)] : []
        }),
      values,
    )

  const says = (condition: JsonCondition, document: Written): boolean => {
    const values = selected([document], condition.selector)
    if (condition.kind === 'not-exists') return values.length === 0
    if (condition.kind === 'is') return values.includes(condition.value)
    const {operator, operand} = condition.comparison
    return values.some(value => {
      if (value === null || Array.isArray(value) || value instanceof Map) return false
      return compares(operator, operand, typeof value === 'object' ? (value as {number: string}).number : String(value))
    })
  }

  test('are read as they are written', () => {
    fc.assert(
      fc.property(expression, expression => {
        const pattern = `{ ${written(expression, writtenCondition)} }`
        fc.pre(pattern.length <= 1024)
        expect(parseFilterPattern(pattern)).toEqual({kind: 'json', expression})
      }),
      cases(400),
    )
  })

  test('say of a document what a reader would', () => {
    fc.assert(
      fc.property(expression, fc.array(document, {minLength: 2, maxLength: 4}), (expression, documents) => {
        const pattern = `{${written(expression, writtenCondition)}}`
        fc.pre(pattern.length <= 1024)
        const test = compileFilterPattern(pattern)
        for (const document of documents) {
          const message = json(document)
          expect([pattern, message, test(message)]).toEqual([
            pattern,
            message,
            holds(expression, condition => says(condition, document)),
          ])
        }
      }),
      cases(1_200),
    )
  })
})
