import {expect, test} from 'vitest'
import type {Coverage} from '../../src/services/coverage.ts'
import {eachAs, jsonLinesOf, reportJson, reportPieces} from '../../src/ui/report-json.ts'
import {textOf} from './text-of.ts'

const coverage: Coverage = {window: {start: 0, end: null}, scopes: [], gaps: []}
const rows = [
  {name: 'a\nb', nested: {list: [1, {two: 2}]}},
  {name: '\u2028', nested: {list: []}},
]

test('a document in pieces is the document as a whole', () => {
  const told = {left: undefined, empty: [], none: null, note: 'a\n  b', deep: {of: [[]]}}
  expect(textOf(reportPieces('fleet', coverage, {...told, rows: rows.values(), last: 1}))).toBe(
    reportJson('fleet', coverage, {...told, rows, last: 1}),
  )
})

test('a list of which nothing comes is an empty one', () => {
  const none = eachAs([], row => row)
  expect(textOf(reportPieces('fleet', coverage, {none}))).toBe(reportJson('fleet', coverage, {none: []}))
})

test('items are made as they are written, one at a time', () => {
  const made: string[] = []
  const lines = jsonLinesOf(
    'row',
    eachAs(rows, ({name}) => {
      made.push(name)
      return {name}
    }),
  )[Symbol.iterator]()
  expect(lines.next().value).toBe('{"schema":"slsops/row@1","name":"a\\nb"}\n')
  expect(made).toEqual(['a\nb'])
})
