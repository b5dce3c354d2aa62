import {describe, expect, test} from 'vitest'
import type {OpenedQuery, QueryAnswer} from '../../src/services/insights/open-query.ts'
import {zoneClock} from '../../src/services/time/zone-clock.ts'
import {type QueryScreenOptions, queryScreen} from '../../src/ui/query-screen.ts'
import {terminal} from './events.ts'

const hostile = 'a\x1b]0;pwned\x07\x9b31m\u202egnp'
const answer = {columns: [{field: '@message', kind: 'text'}], rows: [[hostile]], matched: 1, statistics: {}}
const scope = {account: '123456789012', region: 'eu-west-1', profile: `p${hostile}`, endpoint: 'aws'}
const part = {aws: {scope}, sources: [], byName: false, queryString: `fields ${hostile}`}
const opened = {
  plan: {parts: [part], merge: null},
  estimate: {bytes: 0, costUSD: 0, seconds: 1, unknown: 0},
  scopes: [scope],
  groups: null,
  progress: {done: 0, total: 1, use: {}, startedAt: 0},
}

const screen = (more: Partial<QueryScreenOptions> = {}) =>
  queryScreen({
    query: '',
    opened: opened as unknown as OpenedQuery,
    json: false,
    csv: false,
    clock: zoneClock('UTC'),
    dated: false,
    windowText: '',
    ...more,
  })
const rows = answer as unknown as QueryAnswer

describe('T35 what comes from logs', () => {
  test('is made visible where CSV is printed on a terminal, and is as it is in a pipe or a file', () => {
    const {answer, kept} = screen({csv: true})
    expect(answer(rows, terminal(80))).toBe('@message\na^[]0;pwned^G<U+009B>31m<U+202E>gnp\n')
    expect(answer(rows, {...terminal(80), isTTY: false})).toBe(`@message\r\n${hostile}\r\n`)
    expect(kept(rows, 'csv')).toBe(`@message\r\n${hostile}\r\n`)
  })

  test('is made visible in a plan, which a dumb terminal can show', () => {
    const plan = screen().plan(terminal(80, {unicode: false}))
    expect(plan).toContain(
      'query 1 - pa^[]0;pwned^G<U+009B>31m<U+202E>gnp/eu-west-1 - what SOURCE selects\n  fields a^[]',
    )
    expect(plan).toMatch(/^[\n -~]*$/)
  })
})
