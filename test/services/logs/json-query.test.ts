import {describe, expect, it, test} from 'vitest'
import {UserError} from '../../../src/errors.ts'
import {compileQuery} from '../../../src/services/logs/json-query.ts'

function picked(expression: string, message: string): string | undefined {
  return JSON.stringify(compileQuery(expression)(message))
}

describe('compileQuery', () => {
  it('picks from JSON messages, also behind a runtime’s prefix', () => {
    expect(picked('message', '{"message":"paid","orderId":7}')).toBe('"paid"')
    expect(picked('{id: orderId, first: items[0].sku}', '{"orderId":7,"items":[{"sku":"KIWI"}]}')).toBe(
      '{"id":7,"first":"KIWI"}',
    )
    expect(picked('a', '2020-12-03T09:59:57.754Z\t4220ab3e-0559-4a5f-a318-d7b33be19925\tINFO\t{"a":[1]}')).toBe('[1]')
  })

  test('T34 numbers come out as they were written', () => {
    expect(picked('[id, price]', '{"id":12345678901234567890,"price":1.0}')).toBe('[12345678901234567890,1.0]')
    expect(picked('items[?price > `0.5`].price', '{"items":[{"price":1.0},{"price":0.50}]}')).toBe('[1.0]')
  })

  it('compares such numbers by their value', () => {
    expect(picked('items[?price == `1`].sku', '{"items":[{"price":1.0,"sku":"KIWI"},{"price":2.0,"sku":"FIG"}]}')).toBe(
      '["KIWI"]',
    )
    expect(picked('sum(items[].price)', '{"items":[{"price":1.0},{"price":2.50}]}')).toBe('3.5')
  })

  it.each(['text', '', '{"b":1}', '{"a":null}', '{"a":1', '"a"'])('finds nothing in %s', message => {
    expect(picked('a', message)).toBeUndefined()
  })

  it('finds nothing where a function does not fit the value', () => {
    expect(picked('sum(a)', '{"a":["x"]}')).toBeUndefined()
  })

  it.each([
    ['a..b', 1],
    ['a ==', 2],
    ['foo[', 3],
    ['a b', 2],
    ['a # b', 2],
    ['length(a, b)', 0],
    ['a.nope(b)', 2],
    ['', 0],
  ])('points at what is wrong in %s', (expression, at) => {
    let error: unknown
    try {
      compileQuery(expression)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(UserError)
    const [title, shown, caret] = (error as UserError).message.split('\n')
    expect(title).toMatch(/^--query is not a JMESPath expression: \S/)
    expect(shown).toBe(`  ${expression}`)
    expect((caret?.indexOf('^') ?? 0) - 2).toBe(at)
    expect((error as UserError).exitCode).toBe(2)
  })
})
