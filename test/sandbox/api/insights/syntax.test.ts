import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {parseQuery} from '../../../../src/sandbox/api/logs/insights/parse-query.ts'
import {createPipeline} from '../../../../src/sandbox/api/logs/insights/pipeline.ts'
import {QuerySyntaxError} from '../../../../src/sandbox/api/logs/insights/syntax-error.ts'
import {ServiceError} from '../../../../src/sandbox/wire/service-error.ts'
import {ask, saying} from './asking.ts'

describe('SOURCE', () => {
  test.each([
    ['SOURCE logGroups() | limit 1', {namePrefixes: [], accounts: [], classes: []}],
    [
      `source logGroups(namePrefix: ['a', "b"], class: 'INFREQUENT_ACCESS', accountIdentifiers: ['1']) | limit 1`,
      {namePrefixes: ['a', 'b'], accounts: ['1'], classes: ['INFREQUENT_ACCESS']},
    ],
    [
      'SOURCE logGroups(logGroupClass: ["STANDARD"], accountIdentifier: "2")',
      {namePrefixes: [], accounts: ['2'], classes: ['STANDARD']},
    ],
  ])('%s', (query, source) => {
    expect(parseQuery(query).source).toEqual(source)
  })
})

describe('what is no query', () => {
  const at = (text: string, line: number, position: number) =>
    `unexpected symbol found ${text} at line ${line} and position ${position}`
  test.each([
    ['', at('<EOF>', 1, 0), 0, 0],
    ['# nothing', at('<EOF>', 1, 9), 9, 9],
    ['fields a |', at('<EOF>', 1, 10), 10, 10],
    ['fields', at('<EOF>', 1, 6), 6, 6],
    ['find a', at('find', 1, 0), 0, 4],
    ['fields a\n| filter b ==', at('=', 2, 12), 21, 22],
    ['fields a b', at('b', 1, 9), 9, 10],
    ['fields a,', at('<EOF>', 1, 9), 9, 9],
    ['filter a = ', at('<EOF>', 1, 11), 11, 11],
    ['filter (a = 1', at('<EOF>', 1, 13), 13, 13],
    ['filter a like b', at('b', 1, 14), 14, 15],
    ['filter a like /x/i', at('i', 1, 17), 17, 18],
    ['filter a in []', at(']', 1, 13), 13, 14],
    ['filter "open', at('"', 1, 7), 7, 8],
    ['fields `open', at('`', 1, 7), 7, 8],
    ['fields 5parsecs', at('5parsecs', 1, 7), 7, 15],
    ['fields nope(a)', at('(', 1, 11), 11, 12],
    ['fields a-b-', at('<EOF>', 1, 11), 11, 11],
    ['sort bin(1d) desc', at('(', 1, 8), 8, 9],
    ['limit many', at('many', 1, 6), 6, 10],
    ['limit 0', 'limit must be between 1 and 100000', 6, 7],
    ['limit 100001', 'limit must be between 1 and 100000', 6, 12],
    ['fields substr(a)', 'Invalid number of arguments for function substr', 7, 13],
    ['filter a like /(/', 'Invalid regular expression: (', 14, 17],
    ['parse @message "a * b *" as x', 'parse has 2 wildcards and 1 names', 15, 24],
    ['parse @message /a/', 'parse needs a named group in its regular expression', 15, 18],
    ['stats b - a as c, max(a) as a, max(b) as b', 'stats needs an aggregation function: c', 6, 11],
    ['stats a by b', 'stats needs an aggregation function: a', 6, 7],
    ['fields count(*)', 'Function count can be used only with stats', 7, 12],
    ['stats count(*) by bin(a)', 'Invalid period for function bin', 18, 21],
    ['limit 1 | stats count(*) | stats b', 'stats needs an aggregation function: b', 33, 34],
    ['SOURCE logGroups(names: ["a"])', at('names', 1, 17), 17, 22],
    ['SOURCE logGroups(namePrefix: ["a","b","c","d","e","f"])', 'At most 5 values are allowed for namePrefix', 17, 27],
  ])('%s', (query, message, start, end) => {
    const read = () => createPipeline(parseQuery(query), undefined)
    expect(read).toThrow(QuerySyntaxError)
    expect(read).toThrow(expect.objectContaining({message, start, end}))
  })

  test.each([
    ['parentheses', `filter ${'('.repeat(5000)}`, at('(', 1, 208)],
    ['negations', `filter ${'not '.repeat(2000)}a`, at('not', 1, 811)],
    ['signs', `fields ${'-'.repeat(9000)}1`, at('-', 1, 208)],
    ['powers', `fields 2${'^2'.repeat(4000)}`, at('2', 1, 409)],
  ])('%s without end', (_what, query, message) => {
    expect(() => createPipeline(parseQuery(query), undefined)).toThrow(expect.objectContaining({message}))
  })

  test('whatever is asked, it is a query or it is refused', () => {
    const words =
      'fields filter parse stats sort limit dedup display SOURCE logGroups namePrefix | , ( ) [ ] : = != =~ < like not in and or as by bin count(*) pct 5m 5 1e3 .5 "x" \'*\' `a b` /(?<n>x)/ / - ^ @message @timestamp a.b.0 # \n \\ ü 🚀 * true desc substr( datefloor('.split(
        ' ',
      )
    const query = fc.array(fc.constantFrom(...words), {maxLength: 14}).map(parts => parts.join(' '))
    const known = (error: unknown) => error instanceof QuerySyntaxError || error instanceof ServiceError
    fc.assert(
      fc.property(
        fc.oneof(
          query,
          query.map(rest => `fields a | ${rest}`),
          fc.string(),
        ),
        text => {
          try {
            ask(text, saying({a: 1}, 'x'))
          } catch (error) {
            if (!known(error)) throw error
            if (error instanceof QuerySyntaxError) expect(error.end).toBeLessThanOrEqual(text.length)
          }
        },
      ),
      {seed: 7, numRuns: 2000},
    )
  })

  test('a long chain is a query like others', () => {
    const chain = Array.from({length: 1400}, () => 'a = 1').join(' or ')
    expect(ask(`filter ${chain}`, saying({a: 1}))).toHaveLength(1)
  })

  test.each([
    ['pattern @message', 'the Logs Insights command pattern'],
    ['fields a | diff', 'the Logs Insights command diff'],
    ['filterIndex a = 1', 'the Logs Insights command filterIndex'],
    ['fields jsonParse(@message) as j', 'the Logs Insights function jsonParse'],
    ['SOURCE dataSource("x") | limit 1', 'SOURCE dataSource'],
  ])('%s is AWS’s, but not built', (query, what) => {
    expect(() => parseQuery(query)).toThrow(`The embedded AWS does not implement ${what}.`)
  })
})
