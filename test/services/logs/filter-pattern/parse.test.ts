import {describe, expect, test} from 'vitest'
import {parseFilterPattern} from '../../../../src/services/logs/filter-pattern/parse.ts'
import {FilterPatternError} from '../../../../src/services/logs/filter-pattern/syntax.ts'

function refusal(pattern: string): {message: string; position: number} {
  try {
    parseFilterPattern(pattern)
  } catch (error) {
    if (error instanceof FilterPatternError) return {message: error.message, position: error.position}
    throw error
  }
  throw new Error(`${pattern} was not refused`)
}

describe('what CloudWatch Logs refuses, and where', () => {
  test.each([
    ['ORDER-ITEM-1', 5, "Invalid character(s) in term '-'"],
    ['?Status: timeout', 7, "Invalid character(s) in term ':'"],
    ['spawned (reason', 8, "Invalid character(s) in term '('"],
    ['ERROR "open', 6, 'never closed'],
    ['ERROR ""', 6, `Invalid character(s) in term '""'`],
    ['ERROR -', 7, 'a term expected'],
    ['{ $.a = 1', 0, "If a filter pattern starts with '{' it must end with '}'"],
    ['[a, b', 0, "If a filter pattern starts with '[' it must end with ']'"],
    ['{ }', 2, "Invalid character(s) in term '}'"],
    ['{ level = 1 }', 2, 'a selector such as $.level expected'],
    ['{ $.a = "b", $.c = 1 }', 11, "Invalid character(s) in term ','"],
    ['{ $."sc-status" = 5* }', 4, `Invalid character(s) in term '"'`],
    ['{ $.a IS NOT NULL }', 6, 'IS NULL'],
    ['{ $.a EXISTS }', 6, 'NOT EXISTS'],
    ['{ $.a "b" }', 6, 'Invalid character'],
    ['{ $.a > "b" }', 8, '> compares numbers only'],
    ['{ ($.a = 1 }', 11, "Invalid character(s) in term '}'"],
    ['{ $.a = 1 } x }', 12, 'the end expected'],
    ['{ $.a[*].b[*] = 1 }', 2, 'at most one wildcard'],
    ['{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.* = 1 }', 44, 'at most 3 wildcard selectors'],
    ['{ $.a = %x% || $.b = %y% || $.c = %z% }', 34, 'at most 2 regular expressions'],
    ['[ip, status = 4* && bytes > 1000]', 20, 'bytes needs a place of its own'],
    ['[a, b = ]', 8, "Invalid character(s) in term ']'"],
    ['%something!%', 10, "Invalid character(s) in term '!'"],
    ['%a(b)%', 2, "Invalid character(s) in term '('"],
    [String.raw`%a\(b%`, 2, String.raw`Invalid character(s) in term '\('`],
    ['%é%', 1, "Invalid character(s) in term 'é'"],
    [String.raw`%a\bb%`, 2, String.raw`Invalid character(s) in term '\b'`],
    ['%a{x}%', 2, "Invalid character(s) in term '{'"],
    ['%[a%', 0, 'is not a regular expression'],
    ['%a', 0, 'never closed'],
    ['%%', 0, 'empty'],
  ])('%s at %d', (pattern, position, message) => {
    const refused = refusal(pattern)
    expect(refused.message).toContain(message)
    expect(refused.position).toBe(position)
  })

  test('1024 characters are accepted and 1025 are not', () => {
    expect(parseFilterPattern('x'.repeat(1024)).kind).toBe('terms')
    expect(refusal('x'.repeat(1025)).position).toBe(1024)
  })
})

test('three wildcard selectors and two regular expressions are accepted', () => {
  expect(parseFilterPattern('{ $.a[*] = %x% || $.b[*] = %y% || $.* = 1 }').kind).toBe('json')
})

test('&& binds tighter than || in the tree', () => {
  const pattern = parseFilterPattern('{ $.a = 1 || $.b = 2 && $.c = 3 }')
  expect(pattern).toMatchObject({expression: {kind: 'any', of: [{kind: 'condition'}, {kind: 'all'}]}})
})
