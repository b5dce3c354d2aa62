import {describe, expect, test} from 'vitest'
import {ask, resultOf, saying} from './asking.ts'

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
