import {expect, test} from 'vitest'
import {expressionOf, type TracesAsked} from '../../../../src/services/traces/filter-expression/build.ts'
import {parseFilterExpression} from '../../../../src/services/traces/filter-expression/parse.ts'

const nothing: TracesAsked = {functions: null, errors: false, slowMs: null, filter: null}
const many = Array.from({length: 21}, (_, i) => `function-${i}`)

test.each<[Partial<TracesAsked>, string | null]>([
  [{}, null],
  [{errors: true}, 'service(){fault OR error OR throttle}'],
  [{slowMs: 2_000}, 'duration >= 2'],
  [{slowMs: 1}, 'duration >= 0.001'],
  [{functions: ['checkout-api']}, 'service("checkout-api")'],
  [{functions: ['a', 'b"\\']}, 'service("a") OR service("b\\"\\\\")'],
  [{functions: many, errors: true}, 'service(){fault OR error OR throttle}'],
  [{functions: many}, null],
  [
    {functions: ['a', 'b'], errors: true, slowMs: 500, filter: 'ok OR partial'},
    '(service("a") OR service("b")) AND (service(){fault OR error OR throttle}) AND (duration >= 0.5) AND (ok OR partial)',
  ],
])('%j is one expression: %s', (asked, expression) => {
  expect(expressionOf({...nothing, ...asked})).toBe(expression)
  if (expression !== null) expect(() => parseFilterExpression(expression)).not.toThrow()
})
