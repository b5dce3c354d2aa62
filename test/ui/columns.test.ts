import stringWidth from 'string-width'
import {describe, expect, it} from 'vitest'
import {cutAtEnd, padEnd, shorten, width, wrap} from '../../src/ui/columns.ts'

function rows(text: string, first: number, rest = first, separator?: string): string[] {
  return wrap(text, first, rest, separator).map(({start, end}) => text.slice(start, end))
}

it('counts two columns for CJK and emoji, none for accents that combine', () => {
  expect(['abc', '猫と花', '👩‍👩‍👧‍👦', 'e\u0301'].map(width)).toEqual([3, 6, 2, 1])
  expect(padEnd('猫', 4)).toBe('猫  ')
})

it('cuts sentences at their end, without a space before the ellipsis', () => {
  expect(cutAtEnd('cold starts by function', 12, '…')).toBe('cold starts…')
  expect(cutAtEnd('cold starts by function', 13, '…')).toBe('cold starts…')
  expect(cutAtEnd('cold starts', 11, '…')).toBe('cold starts')
  expect(cutAtEnd('猫と花と鳥の関数', 8, '...')).toBe('猫と...')
  expect(cutAtEnd('cold starts', 1, '...')).toBe('.')
})

it('shortens in the middle and keeps both ends', () => {
  expect(shorten('checkout-payments-worker', 12, '…')).toBe('checko…orker')
  expect(shorten('checkout-api', 12, '…')).toBe('checkout-api')
  expect(shorten('猫と花と鳥の関数', 9, '…')).toBe('猫と…関数')
  expect(shorten('checkout', 1, '…')).toBe('…')
})

describe('wrapping', () => {
  it('breaks at spaces, which then are in no row', () => {
    expect(rows('POST /orders 201 in 84 ms', 12)).toEqual(['POST /orders', '201 in 84 ms'])
  })
  it('breaks a word that would leave most of a row empty', () => {
    expect(rows('at /var/task/node_modules/x', 12)).toEqual(['at /var/task', '/node_module', 's/x'])
  })
  it('gives the first row its own width', () => {
    expect(rows('one two three four', 5, 11)).toEqual(['one', 'two three', 'four'])
  })
  it('never cuts a wide character or an emoji in two', () => {
    expect(rows('猫と花👩‍👩‍👧‍👦犬', 5)).toEqual(['猫と', '花👩‍👩‍👧‍👦', '犬'])
  })
  it('breaks a letter with more vowel signs than a row has columns', () => {
    const marked = `க${'\u0bbe'.repeat(20)}`
    expect(rows(marked, 8).map(row => width(row) <= 8)).not.toContain(false)
    expect(rows(marked, 8).join('')).toBe(marked)
  })
  it('never cuts a surrogate pair in two, also where it looks no further', () => {
    const marks = `a${'\u{e0100}'.repeat(500)}b`
    for (const row of rows(`${'x'.repeat(10)} ${marks} ${marks}`, 10)) expect(row.isWellFormed()).toBe(true)
  })
  it('prefers a separator that is asked for', () => {
    expect(rows('✗ error · 1.98 s · 143/512 MB', 20, 20, ' · ')).toEqual(['✗ error · 1.98 s', '143/512 MB'])
  })
  it('ends, whatever the width', () => {
    expect(rows('abc', 0)).toEqual(['a', 'b', 'c'])
    expect(rows('猫猫', 1)).toEqual(['猫', '猫'])
  })
  it('takes a megabyte without a space in its stride', () => {
    expect(wrap('x'.repeat(1_000_000), 100, 100)).toHaveLength(10_000)
  })
})

it('takes as many columns as string-width says, for every character up to U+3000', () => {
  const differing: string[] = []
  for (let code = 0x20; code < 0x3000; code++) {
    const character = String.fromCharCode(code)
    if (!/[\p{M}\p{C}]/u.test(character) && width(`a${character}`) !== stringWidth(`a${character}`))
      differing.push(character)
  }
  expect(differing).toEqual([])
})

it('a name that is too long for a row is broken behind a joint of it where it can be', () => {
  const broken = (text: string, columns: number): readonly string[] =>
    wrap(text, columns, columns, ' ', true).map(({start, end}) => text.slice(start, end))
  expect(broken('as arn:aws:sts::123456789012:assumed-role/oncall/ada', 40)).toEqual([
    'as arn:aws:sts::123456789012:assumed-',
    'role/oncall/ada',
  ])
  expect(broken('the function slsops-tune-checkout-api-k3f9x2ab', 30)).toEqual([
    'the function',
    'slsops-tune-checkout-api-',
    'k3f9x2ab',
  ])
  expect(broken(`a-${'x'.repeat(20)}`, 12)).toEqual(['a-xxxxxxxxxx', 'xxxxxxxxxx'])
})
