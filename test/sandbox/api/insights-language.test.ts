import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {parseQuery} from '../../../src/sandbox/api/logs/insights/parse-query.ts'
import {createPipeline} from '../../../src/sandbox/api/logs/insights/pipeline.ts'
import {resultRow, shownFields} from '../../../src/sandbox/api/logs/insights/results.ts'
import {rowOf} from '../../../src/sandbox/api/logs/insights/rows.ts'
import {QuerySyntaxError} from '../../../src/sandbox/api/logs/insights/syntax-error.ts'
import {ServiceError} from '../../../src/sandbox/wire/service-error.ts'
import type {SandboxLogEvent} from '../../../src/sandbox/world/world.ts'
import {makeEvent, noon} from '../hand-made-world.ts'

const group = '/aws/lambda/checkout'

/** What a query finds in events, as records; `@ptr` is left out. */
function ask(queryString: string, events: readonly SandboxLogEvent[], options: {group?: string; limit?: number} = {}) {
  const query = parseQuery(queryString)
  const pipeline = createPipeline(query, options.limit)
  for (const event of events) pipeline.add(rowOf(event, options.group ?? group, '123456789012'))
  const shown = shownFields(query)
  return pipeline.rows().map(row => {
    const {'@ptr': _, ...fields} = Object.fromEntries(resultRow(row, shown).map(({field, value}) => [field, value]))
    return fields
  })
}

/** Events a second apart, the first one the oldest. */
const saying = (...messages: readonly (string | object)[]) =>
  messages.map((message, index) =>
    makeEvent({
      timestamp: noon - 60_000 + index * 1000,
      order: index,
      message: typeof message === 'string' ? message : JSON.stringify(message),
    }),
  )

/** The value of one expression for one JSON event. */
const resultOf = (expression: string, message: string | object = {}) =>
  ask(`fields ${expression} as value`, saying(message))[0]?.['value']

describe('expressions', () => {
  const event = {
    a: 7,
    b: 2,
    name: 'Ada',
    padded: '  x ',
    nil: null,
    ok: true,
    empty: '',
    ip: '10.1.2.3',
    at: 1_700_000_000_000,
  }
  test.each([
    ['a + b * 2', '11'],
    ['(a + b) * 2', '18'],
    ['a - b - 1', '4'],
    ['a / b', '3.5'],
    ['a % b', '1'],
    ['2 ^ 3 ^ 2', '512'],
    ['-a + 1', '-6'],
    ['10/3', '3.3333'],
    ['a / 0', undefined],
    ['a + missing', undefined],
    ['name + 1', undefined],
    ['64 * 1000000', '6.4E7'],
    ['1/10000', '1.0E-4'],
    ['abs(-3.5)', '3.5'],
    ['ceil(1.2) + floor(1.8)', '3'],
    ['greatest(a, b, 9)', '9'],
    ['least(a, b)', '2'],
    ['sqrt(16)', '4'],
    ['log(1)', '0'],
    ['strlen(name)', '3'],
    ['toupper(name)', 'ADA'],
    ['toLower(name)', 'ada'],
    ['concat("<", trim(padded), ">")', '<x>'],
    ['ltrim("xxay", "x")', 'ay'],
    ['rtrim("ayxx", "x")', 'ay'],
    ['substr(name, 1)', 'da'],
    ['substr(name, 0, 2)', 'Ad'],
    ['replace("a.b.c", ".", "$&")', 'a$&b$&c'],
    ['strcontains(name, "da")', '1'],
    ['strcontains(name, "x")', '0'],
    ['coalesce(missing, nil, name)', 'Ada'],
    ['ispresent(name)', '1'],
    ['isPresent(nil)', '0'],
    ['isempty(empty)', '1'],
    ['isempty(padded)', '0'],
    ['isblank("  ")', '1'],
    ['isblank(missing)', '1'],
    ['ok', '1'],
    ['a > b and not (a < b or false)', '1'],
    ['fromMillis(at)', '2023-11-14 22:13:20.000'],
    ['toMillis(fromMillis(at)) ', '1700000000000'],
    ['datefloor(fromMillis(at), 1h)', '2023-11-14 22:00:00.000'],
    ['dateceil(fromMillis(at), 1d)', '2023-11-15 00:00:00.000'],
    ['datefloor(fromMillis(at), 1mo)', '2023-11-01 00:00:00.000'],
    ['dateceil(fromMillis(at), 1q)', '2024-01-01 00:00:00.000'],
    ['datefloor(fromMillis(at), 1w)', '2023-11-13 00:00:00.000'],
    ['isValidIp(ip)', '1'],
    ['isValidIpv6(ip)', '0'],
    ['isIpv4InSubnet(ip, "10.1.0.0/16")', '1'],
    ['isIpInSubnet(ip, "10.2.0.0/16")', '0'],
    ['isIpInSubnet(ip, "nonsense")', '0'],
    [`'it\\'s "quoted"'`, `it's "quoted"`],
    ['bin(30s)', '2026-08-10 11:59:00.000'],
  ])('%s', (expression, value) => {
    expect(resultOf(expression, event)).toBe(value)
  })
})

describe('filter', () => {
  const event = {status: 500, code: '404', name: 'Ada', ok: false, path: '/v1/pay'}
  test.each([
    ['status = 500', true],
    ['status != 500', false],
    ['code >= 400 and code < 500', true],
    ['code = "404"', true],
    ['status = "500.0"', true],
    ['name = "Ada"', true],
    ['name = "ada"', false],
    ['name like "da"', true],
    ['name like /^a/', false],
    ['name like /(?i)^a/', true],
    ['name =~ /d.$/', true],
    ['name ~= "da"', true],
    ['name not like /x/', true],
    ['path like /^\\/v1/', true],
    ['not name like "Ada"', false],
    ['status in [400, 500]', true],
    ['status not in [400, 404]', true],
    ['name in ["Ada", "Grace"]', true],
    ['ok = 0', true],
    ['ok = false', true],
    ['missing = "x"', false],
    ['missing != "x"', true],
    ['missing > 1 or missing < 1', false],
    ['missing not like "x"', true],
    ['ispresent(status) AND NOT ispresent(missing)', true],
    ['status', false],
    ['(status = 1 or name = "Ada") and ok = 1', false],
    ['status = 1 or name = "Ada" and ok = 0', true],
    ['strcontains(path, "pay") = 1', true],
    ['@log = "123456789012:/aws/lambda/checkout"', true],
    ['@timestamp < 1000', false],
  ])('%s', (condition, passes) => {
    expect(ask(`filter ${condition}`, saying(event))).toHaveLength(Number(passes))
  })
})

describe('discovered fields', () => {
  const report =
    'REPORT RequestId: 8f5e9f3c-0d6c-4d0a-9a58-0c2f1fd5a3a1\tDuration: 3.01 ms\tBilled Duration: 115 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\tInit Duration: 111.10 ms\t\nXRAY TraceId: 1-6b004db0-d2271cec8a2f4f998a017b90\tSegmentId: 5f2a1b3c4d5e6f70\tSampled: true\t\n'
  const everything = `fields @type, @requestId, @duration, @billedDuration, @memorySize, @maxMemoryUsed, @initDuration, @xrayTraceId, @xraySegmentId`

  test('a REPORT line tells its figures as doubles, memory in bytes', () => {
    expect(ask(everything, saying(report))).toEqual([
      {
        '@type': 'REPORT',
        '@requestId': '8f5e9f3c-0d6c-4d0a-9a58-0c2f1fd5a3a1',
        '@duration': '3.01',
        '@billedDuration': '115.0',
        '@memorySize': '1.28E8',
        '@maxMemoryUsed': '3.6E7',
        '@initDuration': '111.1',
        '@xrayTraceId': '1-6b004db0-d2271cec8a2f4f998a017b90',
        '@xraySegmentId': '5f2a1b3c4d5e6f70',
      },
    ])
  })

  test('they are calculated with', () => {
    expect(resultOf('@memorySize / 1000 / 1000', report)).toBe('128')
    expect(ask('filter @maxMemoryUsed > 30000000 and @duration < 4', saying(report))).toHaveLength(1)
  })

  test("only in a Lambda function's log group", () => {
    expect(ask(everything, saying(report), {group: '/ecs/payments'})).toEqual([{}])
  })

  test('START, END and the lines of runtimes have a request id', () => {
    const id = '8f5e9f3c-0d6c-4d0a-9a58-0c2f1fd5a3a1'
    const events = saying(
      `START RequestId: ${id} Version: 42\n`,
      `2026-08-10T11:59:01.000Z\t${id}\tINFO\tpaid\n`,
      `[INFO]\t2026-08-10T11:59:01.000Z\t${id}\tpaid\n`,
      `END RequestId: ${id}\n`,
      `nothing of ${id}`,
    )
    expect(ask('fields @type, @requestId | sort @timestamp asc', events)).toEqual([
      {'@type': 'START', '@requestId': id},
      {'@requestId': id},
      {'@requestId': id},
      {'@type': 'END', '@requestId': id},
      {},
    ])
  })

  test('JSON is flattened with dots; a field of its own that begins with @ gets another one', () => {
    const event = {a: {b: [{c: 1}, 'x']}, '@version': 2, big: 123456789012, nil: null, 'odd-name': 'y', no: []}
    expect(ask('fields a.b.0.c, a.b.1, @@version, big, nil, `odd-name`', saying(event))).toEqual([
      {'a.b.0.c': '1', 'a.b.1': 'x', '@@version': '2', big: '123456789012', 'odd-name': 'y'},
    ])
  })

  test('JSON behind the columns of a Lambda line counts, elsewhere it does not', () => {
    const line = '2026-08-10T11:59:01.000Z\t8f5e9f3c-0d6c-4d0a-9a58-0c2f1fd5a3a1\tINFO\t{"orderId":"o-1"}\n'
    expect(ask('fields orderId', saying(line))).toEqual([{orderId: 'o-1'}])
    expect(ask('fields orderId', saying(line), {group: '/ecs/payments'})).toEqual([{}])
  })

  test('broken, deep and wide JSON does no harm', () => {
    const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`
    const wide = JSON.stringify(Object.fromEntries(Array.from({length: 500}, (_, index) => [`f${index}`, index])))
    expect(ask('fields f0, f199, f200', saying('{"f0":', deep, wide))).toEqual([{f0: '0', f199: '199'}, {}, {}])
  })

  test('fields named as things every object has are fields like others', () => {
    expect(ask('fields constructor, __proto__, toString', saying('{"constructor":"c","__proto__":"p"}'))).toEqual([
      Object.fromEntries([
        ['constructor', 'c'],
        ['__proto__', 'p'],
      ]),
    ])
  })
})

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
