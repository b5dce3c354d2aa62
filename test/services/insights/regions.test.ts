import {describe, expect, test} from 'vitest'
import {createUse} from '../../../src/services/insights/insights-use.ts'
import {isByPlace} from '../../../src/services/insights/pipeline/places.ts'
import {planQuery} from '../../../src/services/insights/plan-query.ts'
import {tableOf} from '../../../src/services/insights/query-table.ts'
import {runParts} from '../../../src/services/insights/run-parts.ts'
import {createFakeClock} from '../logs/reader/fake-clock.ts'
import {type FakeInsights, fakeInsights} from './fake-insights.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const {signal} = new AbortController()
const inventory = '123456789012:/aws/lambda/inventory'

/** The answer of a query over one log group of the same name in each of some regions. */
async function answered(
  query: string,
  rowsOf: (region: string) => readonly Record<string, string>[],
  {regions = ['us-east-1', 'eu-west-1'], empty = []}: {regions?: readonly string[]; empty?: readonly string[]} = {},
) {
  const clock = createFakeClock(noon)
  const all = regions.map((region, i): FakeInsights => {
    // the first answers last
    const fake = fakeInsights({inventory: []}, {clock, runMs: 9_000 - i * 2_000, answer: () => rowsOf(region)})
    return {...fake, scope: {...fake.scope, region}}
  })
  const sources = all
    .filter(({scope}) => !empty.includes(scope.region))
    .map(aws => aws.source('inventory', {aws, scope: aws.scope}))
  const plan = await planQuery({query, all, sources, mostRows: 10_000}, signal)
  const options = {start: noon - 60_000, end: noon, limit: null, maxCostUSD: null, found: {gaps: []}}
  const parts = runParts(plan, {...options, use: createUse(), onNotice: () => {}}, signal)
  const {rows} = await clock.outcome(parts.run())
  const {columns, rows: cells} = tableOf(query, rows)
  return {plan, fields: columns.map(({field}) => field), rows: cells}
}

const counted = (region: string) => [{'@log': inventory, slsops_0: region === 'us-east-1' ? '3' : '4'}]

describe('rows of several regions', () => {
  test('of events tell their region; of the same time they are in order of it', async () => {
    const event = {'@message': 'm', slsops_0: '2026-11-20 11:59:00.000'}
    const newer = {'@message': 'n', slsops_0: '2026-11-20 11:59:01.000'}
    const {fields, rows} = await answered('fields @message', region =>
      region === 'eu-west-1' ? [event] : [newer, event],
    )
    expect(fields).toEqual(['@region', '@message'])
    expect(rows).toEqual([
      ['us-east-1', 'n'],
      ['eu-west-1', 'm'],
      ['us-east-1', 'm'],
    ])
  })

  test('of log groups of the same name stay apart, also where few columns are shown', async () => {
    const {fields, rows} = await answered('stats count(*) as n by @log | sort n asc', counted)
    expect(fields).toEqual(['@region', '@log', 'n'])
    expect(rows).toEqual([
      ['us-east-1', inventory, 3],
      ['eu-west-1', inventory, 4],
    ])
    const shown = await answered('stats count(*) as n by @log | dedup @log | sort n desc | display n', counted)
    expect(shown.rows).toEqual([
      ['eu-west-1', 4],
      ['us-east-1', 3],
    ])
  })

  test('of log groups and streams under another name stay apart too', async () => {
    const named = (region: string) => [{group: 'inventory', slsops_0: region === 'us-east-1' ? '3' : '4'}]
    const parsed = `parse @log '*:*' as account, group | stats count(*) as n by group | dedup group`
    expect((await answered(parsed, named)).rows).toHaveLength(2)
    expect((await answered('stats count(*) as n by @log as group | dedup group', named)).rows).toHaveLength(2)
    expect((await answered('fields @logStream as group | stats count(*) as n by group', named)).rows).toHaveLength(2)
  })

  test('are deduplicated by what is of a place together with its region, by else over all', async () => {
    const event = {'@log': inventory, slsops_0: '2026-11-20 11:59:00.000', slsops_1: inventory}
    expect((await answered('fields @log | dedup @log', () => [event])).rows).toHaveLength(2)
    expect((await answered('fields kind | dedup kind', () => [event])).rows).toHaveLength(1)
  })

  test('that are of no place are added up', async () => {
    const {fields, rows} = await answered('stats count(*) as n by kind', region => [
      {kind: 'x', slsops_0: region === 'us-east-1' ? '3' : '4'},
    ])
    expect(fields).toEqual(['kind', 'n'])
    expect(rows).toEqual([['x', 7]])
  })

  test('have the same columns where only one of the regions has anything to read, and one region alone has none', async () => {
    const query = 'stats pct(@duration, 99) as p by @log'
    const rowsOf = () => [{'@log': inventory, p: '9'}]
    const one = await answered(query, rowsOf, {empty: ['eu-west-1']})
    expect(one.plan.parts.map(({queryString}) => queryString)).toEqual([query])
    expect(one.fields).toEqual(['@region', '@log', 'p'])
    expect((await answered(query, rowsOf, {regions: ['eu-west-1']})).fields).toEqual(['@log', 'p'])
  })
})

test.each([
  ['fields @message | limit 3', true],
  ['stats count(*) by @log', true],
  ['stats count(*) by bin(5m), `@log`', true],
  ['stats count(*) by @logStream', true],
  ['stats count(*)', false],
  ['stats count(*) by kind', false],
  ['stats count(@log) by kind', false],
  ['fields @log as kind2 | stats count(*) by kind', false],
  ['stats count(*) as n by @log | stats max(n)', false],
  ['pattern @message', false],
])('whether %s is of one place a row: %s', (query, expected) => {
  expect(isByPlace(query)).toBe(expected)
})
