import {describe, expect, test} from 'vitest'
import type {QueryTable} from '../../src/services/insights/query-table.ts'
import {zoneClock} from '../../src/services/time/zone-clock.ts'
import {width} from '../../src/ui/columns.ts'
import {queryCsv, queryMarkdown, queryNdjson, rowObjects} from '../../src/ui/query-file.ts'
import {queryLines, queryTable} from '../../src/ui/query-table.ts'
import {terminal} from './events.ts'

const at = Date.UTC(2026, 10, 20, 14, 2, 11, 482)
const table: QueryTable = {
  columns: [
    {field: '@timestamp', kind: 'time'},
    {field: '@message', kind: 'text'},
    {field: 'ms', kind: 'number'},
    {field: '@ptr', kind: 'text'},
  ],
  rows: [
    [at, 'order 7f3c placed\n', 12.34567, 'ptr'],
    [at + 1, `=cmd|' /C calc'!A0, "quoted"\u001b]0;pwned\u0007`, 7, 'ptr'],
    [at + 2, null, null, 'ptr'],
  ],
}
const tokyo = zoneClock('Asia/Tokyo')

describe('on a terminal', () => {
  test('numbers stand at the right, times in the display zone, @ptr nowhere, and nothing a terminal would obey', () => {
    expect(queryTable(table, tokyo, false, terminal(100))).toMatchInlineSnapshot(`
      "@timestamp    @message                                      ms
      23:02:11.482  order 7f3c placed                         12.346
      23:02:11.483  =cmd|' /C calc'!A0, "quoted"^[]0;pwned^G       7
      23:02:11.484
      "
    `)
  })

  test('at 40 columns text gives way, then columns fall off at the right, and that is said', () => {
    const drawn = queryTable(table, zoneClock('UTC'), true, terminal(40))
    expect(drawn.split('\n').every(line => width(line) <= 40)).toBe(true)
    expect(drawn).toMatchInlineSnapshot(`
      "@timestamp               @message
      2026-11-20 14:02:11.482  order 7… placed
      2026-11-20 14:02:11.483  =cmd|' …pwned^G
      2026-11-20 14:02:11.484
      1 column more: ms
      "
    `)
  })

  test('one column that is too wide is shortened', () => {
    const wide: QueryTable = {columns: [{field: '@message', kind: 'text'}], rows: [['x'.repeat(200)]]}
    expect(width(queryTable(wide, tokyo, false, terminal(30)).split('\n')[1] ?? '')).toBe(30)
  })

  test('nothing is drawn as nothing', () => {
    expect(queryTable({columns: [], rows: []}, tokyo, false, terminal(80))).toBe('')
  })
})

test('piped, a row is a line of values parted by tabs, whole and printable', () => {
  expect(queryLines(table, tokyo)).toMatchInlineSnapshot(`
    "2026-11-20T23:02:11.482+09:00	order 7f3c placed	12.34567
    2026-11-20T23:02:11.483+09:00	=cmd|' /C calc'!A0, "quoted"^[]0;pwned^G	7
    2026-11-20T23:02:11.484+09:00		
    "
  `)
})

describe('as data', () => {
  test('CSV is RFC 4180 with values as they are, what a spreadsheet would run too', () => {
    expect(queryCsv(table)).toBe(
      [
        '@timestamp,@message,ms',
        '2026-11-20T14:02:11.482Z,"order 7f3c placed\n",12.34567',
        `2026-11-20T14:02:11.483Z,"=cmd|' /C calc'!A0, ""quoted""\u001b]0;pwned\u0007",7`,
        '2026-11-20T14:02:11.484Z,,',
        '',
      ].join('\r\n'),
    )
  })

  test('objects have numbers as numbers, and leave out what has no value', () => {
    expect(rowObjects(table)).toEqual([
      {'@timestamp': '2026-11-20T14:02:11.482Z', '@message': 'order 7f3c placed\n', ms: 12.34567, '@ptr': 'ptr'},
      expect.objectContaining({ms: 7}),
      {'@timestamp': '2026-11-20T14:02:11.484Z', '@ptr': 'ptr'},
    ])
    expect(queryNdjson(table).split('\n')).toHaveLength(4)
    const odd: QueryTable = {columns: [{field: '__proto__', kind: 'text'}], rows: [['x']]}
    expect(queryNdjson(odd)).toBe('{"__proto__":"x"}\n')
  })

  test('Markdown keeps its columns whatever the values hold', () => {
    expect(queryMarkdown(table).split('\n').slice(0, 4)).toEqual([
      '| @timestamp | @message | ms |',
      '| --- | --- | --: |',
      '| 2026-11-20T14:02:11.482Z | order 7f3c placed | 12.34567 |',
      `| 2026-11-20T14:02:11.483Z | =cmd\\|' /C calc'\\!A0, "quoted"^\\[\\]0;pwned^G | 7 |`,
    ])
  })
})
