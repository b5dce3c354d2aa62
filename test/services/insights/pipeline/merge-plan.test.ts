import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {parseQuery} from '../../../../src/sandbox/api/logs/insights/parse-query.ts'
import {createPipeline} from '../../../../src/sandbox/api/logs/insights/pipeline.ts'
import {resultRow, shownFields} from '../../../../src/sandbox/api/logs/insights/results.ts'
import {rowOf} from '../../../../src/sandbox/api/logs/insights/rows.ts'
import {partField, planMerge} from '../../../../src/services/insights/pipeline/merge-plan.ts'
import type {Row} from '../../../../src/services/insights/pipeline/row-operations.ts'

type Event = {readonly group: string; readonly timestamp: number; readonly message: string}

const noon = Date.UTC(2026, 10, 20, 12)

/** What a query gives for events, by the embedded AWS's evaluator, as GetQueryResults would answer it. */
function asked(queryString: string, events: readonly Event[]): readonly Row[] {
  const query = parseQuery(queryString)
  const pipeline = createPipeline(query, undefined)
  for (const {group, timestamp, message} of events)
    pipeline.add(
      rowOf(
        {
          timestamp,
          ingestionTime: timestamp,
          message,
          logStreamName: `${group}-stream`,
          eventId: `${timestamp}`,
        } as never,
        group,
        '123456789012',
      ),
    )
  const shown = shownFields(query)
  return pipeline.rows().map(row => new Map(resultRow(row, shown).map(({field = '', value = ''}) => [field, value])))
}

const record = fc.record({
  ms: fc.integer({min: 0, max: 40}),
  kind: fc.constantFrom('read', 'write', 'x9', 'x10'),
  name: fc.constantFrom('a', 'b', undefined),
})

/** Events at times of their own, in as many groups as one likes. */
const eventsOf = (records: readonly {ms: number; kind: string; name: string | undefined; group: number}[]): Event[] =>
  records.map(({group, ...message}, i) => ({
    group: `g${group}`,
    timestamp: noon + i * 37_000,
    message: JSON.stringify(message),
  }))

const grouped = fc.array(
  record.chain(made => fc.integer({min: 0, max: 4}).map(group => ({...made, group}))),
  {maxLength: 60},
)

const plain = (rows: readonly Row[]): string[] =>
  rows.map(row =>
    JSON.stringify([...row].sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, value]) => [field, rounded(value)])),
  )

/** sums of the same numbers in another order may differ in their last digit */
const rounded = (value: string): string =>
  /^-?\d+\.\d+(E-?\d+)?$/.test(value)
    ? String(Number(Number(value).toPrecision(9)))
    : /^-?\d+$/.test(value)
      ? String(Number(value))
      : value

function compare(query: string, isOrdered: boolean): void {
  fc.assert(
    fc.property(grouped, records => {
      const events = eventsOf(records)
      const plan = planMerge(query, 10_000)
      const parts = [...Map.groupBy(events, ({group}) => group).values()]
      const merged = plain(
        plan.merge((parts.length === 0 ? [[]] : parts).flatMap(part => asked(plan.queryString, part))),
      )
      const whole = plain(asked(query, events))
      expect(isOrdered ? merged : merged.sort()).toEqual(isOrdered ? whole : whole.sort())
    }),
    {numRuns: 60},
  )
}

describe('rows of several queries are those of one', () => {
  test.each([
    'fields @timestamp, @message',
    'filter ms > 20',
    'fields @message | sort @timestamp asc | limit 7',
    'fields kind, ms | sort ms desc, @timestamp asc | limit 5',
    'fields ms * 2 as twice, kind | filter twice > 10 | sort twice asc, kind desc',
    'fields @message | limit 3',
    'fields @message | limit 10 | sort ms asc',
    'fields kind, ms | dedup kind',
    'fields kind, ms, name | sort ms desc | dedup kind, name | limit 4',
    'sort kind | limit 9 | display ms, kind',
    'display ms, kind | sort ms asc',
    'parse @message /"ms":(?<took>\\d+)/ | filter took > 3 | sort took desc | limit 4',
    `parse @message '"kind":"*"' as what | sort what`,
    '# newest | first\nfields @message | sort @timestamp desc # by | time',
  ])('%s', query => compare(query, true))
})

describe('groups of several queries are those of one', () => {
  test.each([
    ['stats count(*) by kind', false],
    ['stats count(*) as n, sum(ms), min(ms), max(ms), avg(ms) as mean by kind, name', false],
    ['stats count(name) as named, stddev(ms) as deviation by bin(5m)', false],
    ['stats count(*) as n by bin(5m) as at, kind | sort n desc, at asc, kind asc | limit 3', true],
    ['stats sum(ms) / count(*) as mean, max(ms) - min(ms) as spread, spread * 2 as twice by @log', false],
    ['stats earliest(kind) as first, latest(kind) as last by name', false],
    ['filter ms > 5 | stats count(*) as n by kind | filter n >= 2 and kind != "x9" | sort kind asc', true],
    ['stats avg(ms) as mean, count(*) as n by kind | sort kind | display kind, n', true],
    ['fields ms + 1 as more | sort ms | stats max(more) as most by kind | sort kind', true],
  ])('%s', (query, isOrdered) => compare(query, isOrdered))
})

describe('what cannot be made one says why', () => {
  test.each([
    ['stats count_distinct(kind) by name', /count_distinct/],
    ['stats pct(ms, 95) by bin(5m)', /percentile/],
    ['stats median(ms)', /median/],
    ['fields @message | pattern @message', /^pattern/],
    ['stats count(*) by kind | stats max(`count(*)`)', /stats after stats/],
    ['fields @message | limit 10 | filter ms > 3', /filter after limit/],
    ['dedup kind | stats count(*)', /stats after dedup/],
    ['stats count(*) as n by kind | fields n * 2 as twice', /fields after stats/],
    ['stats sortsFirst(kind)', /sortsFirst/],
    ['stats concat(kind, "x") by name', /concat/],
    ['stats count(*) as n by kind | filter n > 1 or n < 0', /only comparisons joined by and/],
    ['diff', /^diff/],
  ])('%s', (query, why) => {
    expect(() => planMerge(query, 10)).toThrow(why)
  })
})

test('bars, quotes, slashes and comments within a command do not part it', () => {
  const query =
    'filter @message like /a|b\\/c/ and kind = \'x | y\' or `odd | name` = "z" # a | b\n | fields ms / 2 as half | limit 2'
  expect(planMerge(query, 10).queryString).toBe(
    'filter @message like /a|b\\/c/ and kind = \'x | y\' or `odd | name` = "z" | fields ms / 2 as half | fields @timestamp as slsops_0 | limit 2',
  )
})

test('rows that nothing tells apart are in the order of their queries, however early some were put together', () => {
  const plan = planMerge('fields kind | limit 3', 10)
  const part = (nth: number): Row[] => [
    new Map([
      [partField, String(nth)],
      ['kind', `x${nth}`],
      ['slsops_0', '2026-11-20 12:00:00.000'],
    ]),
  ]
  const [a, b, c, d] = [part(0), part(1), part(2), part(10)]
  const early = plan.merge([...plan.compact([...d, ...c]), ...b, ...a])
  expect(early.map(row => [...row])).toEqual(['x0', 'x1', 'x2'].map(kind => [['kind', kind]]))
  expect(plan.merge([...a, ...b, ...c, ...d])).toEqual(early)
})
