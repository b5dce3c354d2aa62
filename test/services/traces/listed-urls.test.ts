import {describe, expect, test} from 'vitest'
import {listedTrace} from '../../../src/services/traces/trace-summary.ts'
import {aSummary} from './fake-summaries.ts'

const urlOf = (url: string) => listedTrace(aSummary(1, {Http: {HttpURL: url}}), 'eu-west-1')?.url

describe('case 33: of a URL, what lets somebody in is not listed', () => {
  test.each([
    ['https://a.example/x?access_token=abc&page=2', 'https://a.example/x?access_token=***&page=2'],
    ['/x?apiKey=1&q=kiwi', '/x?apiKey=***&q=kiwi'],
    ['https://ann:secret@a.example/x', 'https://***@a.example/x'],
    ['/x?X-Amz-Signature=00ff&page=1', '/x?X-Amz-Signature=***&page=1'],
    ['/orders/ord_1f03?page=2&sku=MILK-OAT-1L', '/orders/ord_1f03?page=2&sku=MILK-OAT-1L'],
  ])('%s', (url, listed) => {
    expect(urlOf(url)).toBe(listed)
  })

  test('nor of one in an exception', () => {
    const Exceptions = [{Name: 'Failed', Message: 'GET https://a.example/x?token=abc: 403'}]
    const cause = {Services: [{Name: 'a', EntityPath: [{Name: 'a', Exceptions}]}]}
    expect(listedTrace(aSummary(1, {FaultRootCauses: [cause]}), 'eu-west-1')?.causes[0]?.exception?.message).toBe(
      'GET https://a.example/x?token=*** 403',
    )
  })

  test('a long one takes no longer than it should', () => {
    for (const part of ['?', '?a', 'a=', '-eyJ', 'A1', 'h://', 'a@']) urlOf(`https://x/?a=${part.repeat(100_000)}`)
  })
})
