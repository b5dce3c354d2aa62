import {describe, expect, test} from 'vitest'
import {paged} from '../../../src/services/aws/ask.ts'

describe('an answer in pages', () => {
  /** Pages whose tokens for the next these are. */
  function pagesWith(tokens: readonly (string | undefined)[]) {
    const asked: (string | undefined)[] = []
    const pages = paged(async token => {
      asked.push(token)
      return {items: [asked.length], next: tokens[asked.length - 1]}
    })
    return {asked, pages}
  }

  test('ends with the page that has no token, or an empty one', async () => {
    for (const last of [undefined, '']) {
      const {asked, pages} = pagesWith(['a', 'b', last])
      expect(await Array.fromAsync(pages)).toEqual([[1], [2], [3]])
      expect(asked).toEqual([undefined, 'a', 'b'])
    }
  })

  test('that would never end, for a page brings its own token, is a failure behind that page', async () => {
    const {pages} = pagesWith(['a', 'a', 'a'])
    const seen: (readonly number[])[] = []
    const reading = async () => {
      for await (const page of pages) seen.push(page)
    }
    await expect(reading()).rejects.toMatchObject({
      name: 'UserError',
      code: 'NoProgress',
      message: 'AWS kept repeating the same page token',
    })
    expect(seen).toEqual([[1], [2]])
  })
})
