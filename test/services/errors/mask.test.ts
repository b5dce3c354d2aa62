import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {mask} from '../../../src/services/errors/mask.ts'

describe('mask', () => {
  test.each([
    ['upstream did not answer in 1500 ms', 'upstream did not answer in <n> ms'],
    ['took 30.02s of 1.5e3, -5% and 1,912 B', 'took <n>s of <n>…% and <n> B'],
    ['charge of ord_840623b2b218 refused', 'charge of <id> refused'],
    ['sku KIWI-1 in v42 is gone', 'sku KIWI-<n> in v<n> is gone'],
    ['S3 and http2 with utf-8 and sha256 stay', 'S3 and http2 with utf-8 and sha256 stay'],
    ['request 1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1 failed', 'request <uuid> failed'],
    ['trace 1-6b00461a-a0fa5711deaec6e010b517d7', 'trace <id>'],
    ['digest 9f86d081884c7d65 and 0x1f, not deadbeef', 'digest <hex> and <hex>, not deadbeef'],
    ['at 2026-11-20T14:07:11.123Z or 2026-11-20 14:07 or 14:07:11', 'at <time> or <time> or <time>'],
    ['connect ECONNREFUSED 10.0.0.1:5432', 'connect ECONNREFUSED <addr>'],
    ['connect 2001:db8::ff00:42:8329 or fe80::1', 'connect <addr> or <addr>'],
    ['std::bad_alloc in Foo::bar', 'std::bad_alloc in Foo::bar'],
    ['mail to bob+x@shop.example bounced', 'mail to <addr> bounced'],
    ['arn:aws:lambda:eu-west-1:123456789012:function:checkout-api is gone', 'arn:lambda:function:<id> is gone'],
    ['arn:aws:s3:::bucket/key is gone', 'arn:s3:<id> is gone'],
    [
      'GET https://api.example.com:8443/users/123/items?token=x failed',
      'GET https://api.example.com:<n>/users/<id>/items failed',
    ],
    ['GET http://10.1.2.3:80/health', 'GET http://<addr>/health'],
    ['no such file /var/task/data/x.json', 'no such file <path>'],
    [String.raw`no such file C:\data\x.json or ../y`, 'no such file <path> or <path>'],
    [`Cannot find module 'lodash' or "x\\"y" or \`z\``, 'Cannot find module <str> or <str> or <str>'],
    [`can't and didn't open nothing`, `can't and didn't open nothing`],
    ['ids 1, 2, 3, 4 are gone', 'ids <n>… are gone'],
    ['HTTP 503 and status code: 404 in 503 ms', 'HTTP 503 and status code: 404 in <n> ms'],
    ['', ''],
  ])('%s', (text, masked) => {
    expect(mask(text).text).toBe(masked)
  })

  test.each([
    '429 from payments',
    'PaymentsBusy: 429 from payments',
    'axios.Failed: 503',
    '404',
    '502: the upstream closed',
    '404 does not exist',
    'got 404 Not Found',
    'GET failed, 503 Service Unavailable',
    'answered 429: too many requests',
    'answered 504 (Gateway Timeout)',
    'Request failed with status code 500',
    'statusCode=418 of httpStatus: 409, STATUS 503, HTTP 502, http_status=504',
    '{"statusCode": 429}',
    'the status is 503',
  ])('a status of HTTP stays: %s', text => {
    expect(mask(text).kept).toBe(text)
  })

  test.each([
    ['3 items are missing', '<n> items are missing'],
    ['503 items are missing', '<n> items are missing'],
    ['503 ms is too long', '<n> ms is too long'],
    ['503ms is too long', '<n>ms is too long'],
    ['Slow: 503 ms', 'Slow: <n> ms'],
    ['200 of 300 records failed', '<n> of <n> records failed'],
    ['order 123 not found', 'order <n> not found'],
    ['order 123 is gone', 'order <n> is gone'],
    ['404.5 is no status', '<n> is no status'],
    ['600 from payments', '<n> from payments'],
    ['1429 from payments', '<n> from payments'],
    ['got 429 from payments', 'got <n> from payments'],
    ['a status of 503 ms', 'a status of <n> ms'],
    ['postcode 503', 'postcode <n>'],
  ])('another number does not: %s', (text, masked) => {
    expect(mask(text).text).toBe(masked)
  })

  test('keeps what stood in quotation marks beside, for those errors that all say the same', () => {
    expect(mask("cannot read 'slot' of 12")).toEqual({
      text: 'cannot read <str> of <n>',
      kept: "cannot read 'slot' of <n>",
    })
  })

  test('the number of digits makes no other text', () => {
    const number = fc.integer({min: 0, max: 1e12})
    fc.assert(fc.property(number, number, (a, b) => mask(`order ${a} failed`).text === mask(`order ${b} failed`).text))
  })

  test('never throws, whatever a text holds, and looks at its beginning only', () => {
    fc.assert(fc.property(fc.string({unit: 'binary', maxLength: 3_000}), text => mask(text).text.length < 12_000))
    expect(mask('word '.repeat(1_000_000)).text.length).toBeLessThan(2_000)
  })

  test('takes time that grows with the text, also where it is made to take longer', () => {
    for (const evil of [
      'a:',
      '1.',
      '/a',
      '-',
      '1,',
      "'",
      'a@',
      '0:',
      '<n>, ',
      'a1-',
      '[::',
      'arn:aws:',
      '404 ',
      'Status: 5',
      'a.b: 404 ',
    ])
      expect(mask(evil.repeat(2_000)).text.length).toBeGreaterThan(0)
  })
})
