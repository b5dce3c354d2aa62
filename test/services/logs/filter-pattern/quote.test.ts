import {describe, expect, test} from 'vitest'
import {UserError} from '../../../../src/errors.ts'
import {compileFilterPattern} from '../../../../src/services/logs/filter-pattern/compile.ts'
import {filterPatternFrom} from '../../../../src/services/logs/filter-pattern/quote.ts'

function refusal(text: string): UserError {
  try {
    filterPatternFrom(text)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`${text} was not refused`)
}

describe('T39 plain words become a valid pattern that finds them', () => {
  test.each([
    ['timeout', 'timeout'],
    ['timed out', 'timed out'],
    ['ORDER-ITEM-1', '"ORDER-ITEM-1"'],
    ['a@b.c', '"a@b.c"'],
    ['/path', '"/path"'],
    ['order ORDER-1 failed', 'order "ORDER-1" failed'],
    ['"', String.raw`"\""`],
    ['""', String.raw`"\"\""`],
    ['%', '"%"'],
    ['100%', '"100%"'],
    ['%ERROR', '"%ERROR"'],
    ['5"', String.raw`"5\""`],
    [String.raw`C:\temp`, String.raw`"C:\\temp"`],
    ['--verbose', '"--verbose"'],
    ['user - logged', 'user "-" logged'],
    ['{', '"{"'],
    ['Größe', '"Größe"'],
    ['what?', '"what?"'],
  ])('%s → %s', (text, pattern) => {
    expect(filterPatternFrom(text)).toEqual({pattern, notices: []})
    expect(compileFilterPattern(pattern)(`… ${text} …`)).toBe(true)
  })
})

describe('what is a pattern already', () => {
  test.each([
    '"order 66"',
    '?ERROR ?WARN',
    'ERROR -retry',
    'ERROR "not found"',
    '%5[0-9]{2}%',
    '[..., status = 4*, bytes]',
  ])('%s is kept as it is', text => {
    expect(filterPatternFrom(text)).toEqual({pattern: text, notices: []})
  })

  test('T39 a ? beside plain terms is noticed, because AWS would ignore it', () => {
    expect(filterPatternFrom('?A ?"b c" D').notices).toEqual([
      '?A ?"b c" will be ignored: CloudWatch Logs ignores ? terms beside any others.',
    ])
  })

  test('T39 a JSON pattern comes with the hint that text lines never match', () => {
    expect(filterPatternFrom('{ $.level = "ERROR" }').notices).toEqual([
      "A JSON pattern finds only events that are JSON as a whole: lines in Lambda's text log format never match it.",
    ])
  })

  test('text in brackets is a pattern that matches nearly everything, and is noticed', () => {
    expect(filterPatternFrom('[ERROR]').notices).toEqual([
      `[ERROR] is a space-delimited pattern without a condition; to find that text, use '"[ERROR]"'.`,
    ])
  })
})

describe('what begins as a pattern and is not one', () => {
  test('is a usage error with a caret under the fault and a pattern that would do', () => {
    const error = refusal('?Status: timeout')
    expect(error.exitCode).toBe(2)
    expect(error.message).toBe(`--filter: Invalid character(s) in term ':'
  ?Status: timeout
         ^`)
    expect(error.hint).toContain(`--filter '?"Status:" timeout'`)
  })

  test.each(['{ $.a = }', '[a, b', '"never closed', '%a(b)%', '{"level":"ERROR"}', 'user@x -debug'])('%s', text => {
    const {hint = ''} = refusal(text)
    const proposed = /--filter '(.*)'/s.exec(hint)?.[1] ?? ''
    expect(() => compileFilterPattern(proposed)).not.toThrow()
  })

  test('a long pattern is shown around the fault only', () => {
    const lines = refusal(
      `{ ${'$.name = "value" && '.repeat(10)} $.a = , && ${'$.name = 1 && '.repeat(10)} $.b = 2 }`,
    ).message.split('\n')
    expect(lines[1]?.length).toBeLessThan(80)
    expect(lines[1]?.charAt(lines[2]?.indexOf('^') ?? 0)).toBe(',')
  })

  test('an empty filter and one that is too long are refused', () => {
    expect(refusal('  ').message).toBe('--filter is empty')
    expect(refusal('x'.repeat(1025)).message).toContain('at most 1024 characters')
    expect(refusal('a.'.repeat(512)).message).toContain('at most 1024 characters')
  })
})
