import {expect, test} from 'vitest'
import {namedQueries} from '../../src/services/insights/saved-query.ts'
import {queryList} from '../../src/ui/query-list.ts'
import {terminal} from './events.ts'

const config = {queries: new Map(), scopes: new Map(), defaults: new Map()}

test('descriptions are cut at their end, and no line is wider than the terminal', () => {
  const lines = queryList(namedQueries(config), terminal(40)).trimEnd().split('\n')
  expect(lines.every(line => line.length <= 40)).toBe(true)
  expect(lines.every(line => !/…./.test(line))).toBe(true)
  expect(lines.some(line => line.endsWith('…'))).toBe(true)
})
