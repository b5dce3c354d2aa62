import {describe, expect, test} from 'vitest'
import {parseQuery} from '../../../../src/sandbox/api/logs/insights/parse-query.ts'
import {createPipeline} from '../../../../src/sandbox/api/logs/insights/pipeline.ts'
import {rowOf} from '../../../../src/sandbox/api/logs/insights/rows.ts'
import {makeEvent, noon} from '../../hand-made-world.ts'
import {ask, group, saying} from './asking.ts'

describe('commands', () => {
  test('without fields: time and message, newest first', () => {
    expect(ask('limit 1', saying('old', 'new'))).toEqual([{'@timestamp': '2026-08-10 11:59:01.000', '@message': 'new'}])
  })

  test('a field is called by its alias, or as it was written', () => {
    expect(ask('fields a as `my a`, a*2, abs( b )', saying({a: 1, b: -2}))).toEqual([
      {'my a': '1', 'a*2': '2', 'abs( b )': '2'},
    ])
  })

  test('fields add up, an alias can be used further on, and display alone decides what is shown', () => {
    const events = saying({a: 1, b: 2})
    expect(ask('fields a | fields a + b as sum | fields sum * 2 as twice', events)).toEqual([
      {a: '1', sum: '3', twice: '6'},
    ])
    expect(ask('fields a | fields a + b as sum | display sum', events)).toEqual([{sum: '3'}])
  })

  test('parse with a glob', () => {
    const events = saying('user=ada, method:GET, took 12 ms', 'nothing of the kind')
    expect(
      ask('parse @message "user=*, method:*, took * ms" as user, @method, ms | display user, @method, ms', events),
    ).toEqual([{}, {user: 'ada', '@method': 'GET', ms: '12'}])
    expect(ask("parse @message 'took *' as rest | filter ispresent(rest) | display rest", events)).toEqual([
      {rest: '12 ms'},
    ])
    expect(ask('parse @message "(*)" as inner | display inner', saying('f(x) and (y)'))).toEqual([{inner: 'x'}])
  })

  test('parse with a regular expression and its named groups', () => {
    const events = saying('GET /cart 200 in 12ms')
    expect(
      ask(
        'parse @message /(?<verb>[A-Z]+) (?<path>\\/\\w+).* (?<ms>\\d+)ms/ | filter ms > 10 | display verb, path, ms',
        events,
      ),
    ).toEqual([{verb: 'GET', path: '/cart', ms: '12'}])
  })

  test('parse without a field takes the message', () => {
    expect(ask('parse "a=*" as a | display a', saying('a=1'))).toEqual([{a: '1'}])
    expect(ask('parse /a=(?<a>.)/ | display a', saying('a=1'))).toEqual([{a: '1'}])
  })

  test('what is parsed is shown, and a field can be parsed too', () => {
    expect(ask('fields a | parse a "*-*" as x, y', saying({a: '1-2'}))).toEqual([{a: '1-2', x: '1', y: '2'}])
  })

  test('sort: what is missing, text by chunks, then numbers; and the other way round', () => {
    const events = saying({v: 'b10'}, {v: 3}, {v: 'b9'}, {}, {v: 20}, {v: 'a'})
    expect(ask('fields v | sort v asc', events).map(row => row['v'])).toEqual([undefined, 'a', 'b9', 'b10', '3', '20'])
    expect(ask('fields v | sort v desc', events).map(row => row['v'])).toEqual(['20', '3', 'b10', 'b9', 'a', undefined])
    expect(
      ask('fields v, w | sort w desc, v', saying({v: 2, w: 1}, {v: 1, w: 1}, {v: 3, w: 2})).map(row => row['v']),
    ).toEqual(['3', '1', '2'])
  })

  test('sort by a field that is not shown', () => {
    expect(ask('fields a | sort by b desc', saying({a: 'x', b: 2}, {a: 'y', b: 1}))).toEqual([{a: 'x'}, {a: 'y'}])
    expect(ask('fields a | sort b', saying({a: 'x', b: 2}, {a: 'y', b: 1}))).toEqual([{a: 'y'}, {a: 'x'}])
  })

  test('what follows a sort keeps its order', () => {
    const events = saying({v: 3}, {v: 1}, {v: 2})
    expect(ask('sort v | filter ispresent(v) | fields v * 10 as tens | display tens | limit 2', events)).toEqual([
      {tens: '10'},
      {tens: '20'},
    ])
  })

  test('limit: the command, the request, whichever is less; ten thousand without', () => {
    const events = saying(...Array.from({length: 30}, (_, index) => `event ${index}`))
    expect(ask('limit 20', events)).toHaveLength(20)
    expect(ask('limit 20', events, {limit: 5})).toHaveLength(5)
    expect(ask('fields @message', events, {limit: 25})).toHaveLength(25)
    const many = Array.from({length: 25_000}, (_, index) =>
      makeEvent({timestamp: noon - index, message: String(index)}),
    )
    expect(ask('fields @message', many)).toHaveLength(10_000)
    expect(ask('fields @message | limit 20000', many).at(-1)).toEqual({'@message': '19999'})
  })

  test('the first rows are right however many came before', () => {
    const mixed = Array.from({length: 5000}, (_, index) =>
      makeEvent({timestamp: noon - ((index * 7919) % 5000), message: String((index * 7919) % 5000)}),
    )
    expect(ask('fields @message | limit 3', mixed).map(row => row['@message'])).toEqual(['0', '1', '2'])
    expect(ask('fields @message | sort @message desc | limit 2', mixed).map(row => row['@message'])).toEqual([
      '4999',
      '4998',
    ])
  })

  test('dedup keeps the newest, or the first of a sort, and every row that lacks a field', () => {
    const events = saying({u: 'a', n: 1}, {u: 'b', n: 2}, {u: 'a', n: 3}, {n: 4}, {n: 5})
    expect(ask('fields u, n | dedup u', events).map(row => row['n'])).toEqual(['5', '4', '3', '2'])
    expect(ask('fields u, n | sort n asc | dedup u | limit 2', events).map(row => row['n'])).toEqual(['1', '2'])
  })

  test('comments and white space count for nothing', () => {
    expect(ask('# what\nfields a # the a\n  | filter a = "#1" # and so on', saying({a: '#1'}))).toEqual([{a: '#1'}])
  })

  test('keywords and commands may be written large', () => {
    expect(ask('FIELDS a | SORT a DESC | LIMIT 1', saying({a: 1}, {a: 2}))).toEqual([{a: '2'}])
  })
})

describe('stats', () => {
  const events = saying({ms: 10, u: 'a'}, {ms: 20, u: 'b'}, {ms: 30, u: 'a'}, {ms: 40}, 'no figure')
  test.each([
    ['count(*)', '5'],
    ['count()', '5'],
    ['count(ms)', '4'],
    ['count_distinct(u)', '2'],
    ['sum(ms)', '100'],
    ['avg(ms)', '25'],
    ['min(ms)', '10'],
    ['max(ms)', '40'],
    ['stddev(ms)', '11.1803'],
    ['median(ms)', '25'],
    ['pct(ms, 0)', '10'],
    ['pct(ms, 50)', '25'],
    ['percentile(ms, 100)', '40'],
    ['earliest(ms)', '10'],
    ['latest(ms)', '40'],
    ['sortsFirst(u)', 'a'],
    ['sortsLast(u)', 'b'],
    ['sum(ms) / count(*) + 1', '21'],
    ['ceil(avg(ms) / 10)', '3'],
    ['sum(ms * 2)', '200'],
    ['sum(missing)', undefined],
    ['avg(u)', undefined],
    ['latest(@timestamp)', '2026-08-10 11:59:04.000'],
  ])('%s', (expression, value) => {
    expect(ask(`stats ${expression} as value`, events)).toEqual([value === undefined ? {} : {value}])
  })

  test('by: the fields first, a row for what is missing too, and names as they were written', () => {
    expect(ask('stats count(*), max( ms ) as most by u | sort u', events)).toEqual([
      {'count(*)': '2', most: '40'},
      {u: 'a', 'count(*)': '2', most: '30'},
      {u: 'b', 'count(*)': '1', most: '20'},
    ])
  })

  test('by a stretch of time', () => {
    expect(ask('stats count(*) as n by bin(2s) | sort n desc, `bin(2s)`', events)).toEqual([
      {'bin(2s)': '2026-08-10 11:59:00.000', n: '2'},
      {'bin(2s)': '2026-08-10 11:59:02.000', n: '2'},
      {'bin(2s)': '2026-08-10 11:59:04.000', n: '1'},
    ])
  })

  test('rows come in the order of what they are grouped by', () => {
    const mixed = saying({u: 'b'}, {u: 10}, {u: 'a'}, {u: 9}, {})
    expect(ask('stats count(*) as n by u', mixed).map(row => row['u'])).toEqual([undefined, 'a', 'b', '9', '10'])
  })

  test('several in a row, with filters between', () => {
    expect(
      ask('stats count(*) as n by u | filter ispresent(u) | stats max(n) as most, count(*) as users', events),
    ).toEqual([{most: '2', users: '2'}])
  })

  test('a column may be worked out from those before it', () => {
    expect(ask('stats max(ms) as most, min(ms) as least, most - least as span', events)).toEqual([
      {most: '40', least: '10', span: '30'},
    ])
  })

  test('of nothing there is no row', () => {
    expect(ask('stats count(*)', [])).toEqual([])
  })

  test('looking at the results while rows come in changes nothing', () => {
    const pipeline = createPipeline(parseQuery('stats count(*) as n by u | fields n + 1 as n | sort n desc'), undefined)
    for (const event of events) {
      pipeline.add(rowOf(event, group, '123456789012'))
      pipeline.rows()
    }
    expect(pipeline.rows().map(row => row.values.get('n'))).toEqual([3, 3, 2])
    expect(pipeline.matched()).toBe(5)
  })
})
