import {describe, expect, it, test} from 'vitest'
import {jsonIn, parseJson} from '../../../src/services/logs/json-message.ts'

describe('parseJson', () => {
  test.each([
    '{"id":12345678901234567890}',
    '{"price":1.0,"list":[1.50,2,-0,-0.0]}',
    '[0.1234567890123456789,12345678.123456789]',
    '{"small":0.0000001,"big":1e21,"exponent":2E5}',
    '{"nested":{"id":[[9007199254740993]]}}',
  ])('T34 keeps every digit of %s', text => {
    expect(JSON.stringify(parseJson(text))).toBe(text)
  })

  test('T34 a number kept verbatim still counts, and shows as it was written', () => {
    const {id, price} = parseJson('{"id":12345678901234567890,"price":1.0}') as {id: number; price: number}
    expect(`${id} ${price}`).toBe('12345678901234567890 1.0')
    expect(price + 1).toBe(2)
  })

  it('leaves numbers plain that JavaScript writes the same way', () => {
    expect(parseJson('{"a":1,"b":2.5,"c":-3,"time":"2024-05-20T16:29:44.830Z","id":"12345678901234567890"}')).toEqual({
      a: 1,
      b: 2.5,
      c: -3,
      time: '2024-05-20T16:29:44.830Z',
      id: '12345678901234567890',
    })
  })

  test.each(['', '{"a":1,"b":"…', 'text', '{} and more', '['.repeat(100_000)])('T33 %.20s is no JSON', text => {
    expect(parseJson(text)).toBeUndefined()
  })
})

describe('jsonIn', () => {
  test.each([
    ['a whole message', '{"a":1.0}\n'],
    [
      'what follows Node’s prefix',
      '2020-12-03T09:59:57.754Z\t4220ab3e-0559-4a5f-a318-d7b33be19925\tINFO\t\n{\n    "a": 1.0}',
    ],
    [
      'what follows Python’s prefix',
      '[INFO]\t2024-08-11T03:06:56.747Z\ta719c94f-0532-4394-b47d-28595a7b3105\t{"a":1.0}',
    ],
    ['what follows a carriage return', 'LAMBDA_WARNING: Unhandled exception. …\r{"a":1.0}\n'],
  ])('finds %s', (_, message) => {
    expect(JSON.stringify(jsonIn(message))).toBe('{"a":1.0}')
  })

  test.each(['', 'text', '[order-7] packed', 'a {"b":1} in text'])('finds none in %s', message => {
    expect(jsonIn(message)).toBeUndefined()
  })
})
