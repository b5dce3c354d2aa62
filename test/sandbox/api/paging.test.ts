import {describe, expect, test} from 'vitest'
import {pageAfter} from '../../../src/sandbox/api/paging.ts'
import {ServiceError} from '../../../src/sandbox/wire/service-error.ts'

const invalid = () => new ServiceError('InvalidParameterException', 'no such token')
const names = Array.from({length: 1_000}, (_, i) => `n${String(i).padStart(4, '0')}`)

/** All pages, and how many keys were looked at for them. */
function pages(items: readonly string[], size: number, isWanted?: (item: string) => boolean) {
  let looks = 0
  const all: (readonly string[])[] = []
  const keyOf = (item: string) => {
    looks++
    return item
  }
  for (let token: string | undefined; ; ) {
    const page = pageAfter(items, keyOf, {size, token, invalid, ...(isWanted && {isWanted})})
    all.push(page.items)
    token = page.next
    if (token === undefined) return {all, looks}
  }
}

describe('a list in pages', () => {
  test('has every item once, in order', () => {
    const {all} = pages(names, 30)
    expect(all.flat()).toEqual(names)
    expect(all.map(page => page.length)).toEqual([...Array.from({length: 33}, () => 30), 10])
  })

  test('ends with a full page where nothing is behind it, and is one empty page where there is nothing', () => {
    expect(pages(names.slice(0, 60), 30).all.map(page => page.length)).toEqual([30, 30])
    expect(pages([], 30).all).toEqual([[]])
  })

  test('of what is wanted has full pages of that, and no empty one at the end', () => {
    const isWanted = (name: string) => name.endsWith('0') && name < 'n0600'
    expect(pages(names, 30, isWanted).all.map(page => page.length)).toEqual([30, 30])
  })

  test('costs what is on its pages, however long it is', () => {
    expect(pages(names, 10).looks).toBeLessThan(300)
  })

  test('goes on behind the item of its token, wherever that has come to stand', () => {
    const {next: token} = pageAfter(names, name => name, {size: 10, token: undefined, invalid})
    const on = (items: readonly string[]) => pageAfter(items, name => name, {size: 1, token, invalid}).items
    expect(on(names)).toEqual(['n0010'])
    expect(on(['m', ...names])).toEqual(['n0010'])
    expect(on(names.slice(3))).toEqual(['n0010'])
  })

  test.each(['nonsense', Buffer.from('k5:gone').toString('base64url'), Buffer.from('n0001').toString('base64url')])(
    'knows no token %s',
    token => {
      expect(() => pageAfter(names, name => name, {size: 1, token, invalid})).toThrow('no such token')
    },
  )
})
