import {describe, expect, test} from 'vitest'
import {compileFilterPattern, FilterPatternError} from '../../../../src/services/logs/filter-pattern/compile.ts'

/** The messages of `messages` that the pattern matches. */
function matches(pattern: string, messages: readonly string[]): string[] {
  return messages.filter(compileFilterPattern(pattern))
}

function holds(pattern: string, message: unknown): boolean {
  return compileFilterPattern(pattern)(typeof message === 'string' ? message : JSON.stringify(message))
}

describe('terms', () => {
  const badRequest = '[ERROR 400] BAD REQUEST'
  const unauthorized = '[ERROR 401] UNAUTHORIZED REQUEST'
  const missing = '[ERROR 419] MISSING ARGUMENTS'
  const invalid = '[ERROR 420] INVALID ARGUMENTS'
  const warning = '[WARN] UNAUTHORIZED REQUEST'
  const all = [badRequest, unauthorized, missing, invalid, warning]

  test.each([
    ['', all],
    ['  ', all],
    ['" "', all],
    ['ERROR', [badRequest, unauthorized, missing, invalid]],
    ['ERROR ARGUMENTS', [missing, invalid]],
    ['?MISSING ?BAD', [badRequest, missing]],
    ['ERROR -ARGUMENTS', [badRequest, unauthorized]],
    ['"ERROR" - "ARGUMENTS"', [badRequest, unauthorized]],
    ['-ERROR', [warning]],
    ['"BAD REQUEST"', [badRequest]],
    ['?"[WARN]" ?"INVALID ARG"', [invalid, warning]],
    ['error', []],
  ])('%s matches as in the user guide', (pattern, expected) => {
    expect(matches(pattern, all)).toEqual(expected)
  })

  test('? terms beside others are ignored, as AWS does', () => {
    expect(matches('?ERROR ?ARGUMENTS REQUEST', all)).toEqual([badRequest, unauthorized, warning])
    expect(matches('?BAD -MISSING', all)).toEqual([badRequest, unauthorized, invalid, warning])
  })

  test('a term may be part of a word', () => {
    expect(holds('ERROR', 'Exiting with ERRORCODE: -1')).toBe(true)
  })

  test('a backslash makes a quotation mark or a backslash literal in a phrase', () => {
    expect(holds(String.raw`"say \"hi\" to C:\\temp"`, String.raw`please say "hi" to C:\temp now`)).toBe(true)
  })
})

describe('regular expressions', () => {
  test.each([
    ['%AUTHORIZED%', '[ERROR 401] UNAUTHORIZED REQUEST', true],
    ['%^[hc]at%', 'hat', true],
    ['%^[hc]at%', 'a hat', false],
    ['%[hc]at$%', 'a cat', true],
    ['%colou?r%', 'color', true],
    ['%a{3,5}%', 'aa', false],
    ['%^a{,2}b%', 'aab', true],
    ['%^a{,2}b%', 'aaab', false],
    ['%^a{2,}b%', 'aaaab', true],
    ['%gra|ey%', 'grey', true],
    ['%^starting|^initializing|^shutting down%', 'shutting down', true],
    ['%^starting|^initializing|^shutting down%', 'skipping initializing', false],
    [String.raw`%\[.\]%`, 'x [7] y', true],
    [String.raw`%10\.10\.0\.1%`, '10010,051', false],
    ['%10.10.0.1%', '10010,051', true],
    ['%ab[0-9]*%', 'ab129', true],
    ['%ab+c%', 'ac', false],
    [String.raw`%\d\D\s\S\w\W%`, '1a b_-', true],
    [String.raw`%[\s]%`, 'a\u00a0b', false],
    [String.raw`%\x28\x3A%`, 'f(:', true],
    ['%[^c]$%', 'abc', false],
  ])('%s on %j is %s', (pattern, message, expected) => {
    expect(holds(pattern, message)).toBe(expected)
  })

  test('$ is the end of the line even where the message ends with a line feed', () => {
    expect(holds('%done$%', 'all done\n')).toBe(true)
  })

  test.each([
    ['%^a*a*a*a*a*a*a*a*b%', 'a'],
    [String.raw`%\s+$%`, ' '],
    ['%a.*a.*a.*b%', 'a'],
    ['%^a{2,}a{2,}a{2,}$%', 'a'],
  ])('%s takes no time to speak of on a message made to keep it busy', (pattern, character) => {
    expect(holds(pattern, `${character.repeat(200_000)}x`)).toBe(false)
  })

  test('what repeats too often to be bounded in time is refused', () => {
    expect(() => compileFilterPattern('%a{0,1000}b%')).not.toThrow()
    expect(() => compileFilterPattern('%a{0,1000000}b%')).toThrow('repeats more than 2000 times')
    expect(() => compileFilterPattern('%a{1500}|b{501}%')).toThrow(FilterPatternError)
  })

  test('they stand beside terms', () => {
    expect(matches('REQUEST -%4[0-9]{2}%', ['REQUEST 404', 'REQUEST 200'])).toEqual(['REQUEST 200'])
  })
})

describe('JSON', () => {
  const event = {
    eventType: 'UpdateTrail',
    sourceIPAddress: '111.111.111.111',
    arrayKey: ['value', 'another value'],
    objectList: [
      {name: 'a', id: 1},
      {name: 'b', id: 2},
    ],
    SomeObject: null,
    ThisFlag: true,
    latency: 55.5,
    numbers: [1000],
    account: '123456789012',
    'cluster.name': 'c',
    'detail-type': 'x_1',
    user: {id: 1, email: 'John.Stiles@example.com'},
    users: [
      {id: 2, email: 'John.Doe@example.com'},
      {id: 3, email: 'Jane.Doe@example.com'},
    ],
    actions: ['GET', 'PUT', 'DELETE'],
    coordinates: [
      [0, 1, 2],
      [4, 5, 6],
    ],
  }

  test.each([
    ['{ $.eventType = "UpdateTrail" }', true],
    ['{$.eventType=UpdateTrail}', true],
    ['{ $.eventType = "updatetrail" }', false],
    ['{ $.eventType = Update* }', true],
    ['{ $.eventType = "*Trail" }', true],
    ['{ $.eventType = *dateT* }', true],
    ['{ $.eventType = "Up*Trail" }', false],
    ['{ $.eventType = * }', true],
    ['{ $.latency = * }', true],
    ['{ $.nothing = * }', false],
    ['{ $.sourceIPAddress != 123.123.* }', true],
    ['{ $.sourceIPAddress != 111.111.* }', false],
    ['{ $.arrayKey[0] = "value" }', true],
    ['{ $.arrayKey[2] = "value" }', false],
    ['{ $.objectList[1].id = 2 }', true],
    ['{ $.objectList[*].name = "b" }', true],
    ['{ $.arrayKey[*] = %val.{2}% }', true],
    [String.raw`{ $.* = %111\.111\.111\.1[0-9]{1,2}% }`, true],
    ['{ $.user.* = "John*" }', true],
    [`{ $.['cluster.name'] = "c" }`, true],
    [`{ $['cluster.name'] = "c" }`, true],
    ['{ $.detail-type = x_1 }', true],
    ['{ $.SomeObject IS NULL }', true],
    ['{ $.nothing IS NULL }', false],
    ['{ $.ThisFlag IS TRUE }', true],
    ['{ $.ThisFlag IS FALSE }', false],
    ['{ $.SomeOtherObject NOT EXISTS }', true],
    ['{ $.SomeObject NOT EXISTS }', false],
    ['{ $.objectList[*].size NOT EXISTS }', true],
    ['{ $.coordinates[0][1] = 1 }', true],
    ['{ $.latency >= 55.5 }', true],
    ['{ $.latency < +56 }', true],
    ['{ $.latency > 1e2 }', false],
    ['{ $.numbers[0] = 1e+3 }', true],
    ['{ $.numbers[0] != 1e-3 }', true],
    ['{ $.account = 123456789012 }', true],
    ['{ $.eventType != 3 }', true],
    ['{ $.eventType > 3 }', false],
    ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', true],
    ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', false],
    ['{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }', true],
    [
      '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }',
      false,
    ],
  ])('%s is %s', (pattern, expected) => {
    expect(holds(pattern, event)).toBe(expected)
  })

  test('neither = nor != holds where the selector meets an array, an object, null or nothing', () => {
    for (const selector of ['users', 'user', 'SomeObject', 'nothing', 'constructor', 'arrayKey.length']) {
      expect(holds(`{ $.${selector} = 1 }`, event)).toBe(false)
      expect(holds(`{ $.${selector} != 1 }`, event)).toBe(false)
    }
  })

  test('only messages that are JSON as a whole match, even for NOT EXISTS', () => {
    const messages = [
      '2023-12-05T22:14:43.862Z\t76269889\tINFO\t{"level":"x"}',
      '{"level":"x"',
      'null',
      '"x"',
      '',
      ' {"level":"x"}\n',
    ]
    expect(matches('{ $.level = "x" }', messages)).toEqual([' {"level":"x"}\n'])
    expect(matches('{ $.nothing NOT EXISTS }', messages)).toEqual([' {"level":"x"}\n'])
  })

  test('a document nested deeper than any stack is compared all the same', () => {
    const deep = `{"n":1.5,"in":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    expect(holds('{ $.n = 1.5 }', deep)).toBe(true)
    expect(holds('{ $.n = 1* }', deep)).toBe(true)
  })

  test('T34 numbers are compared as they are written, not as doubles', () => {
    const id = '{"list":[0,{"id":12345678901234567890}],"v":1.0,"status":404,"x":0.10}'
    expect(holds('{ $.list[1].id = 12345678901234567890 }', id)).toBe(true)
    expect(holds('{ $.list[1].id = 12345678901234567891 }', id)).toBe(false)
    expect(holds('{ $.list[1].id < 12345678901234567891 }', id)).toBe(true)
    expect(holds('{ $.list[*].id = "12345678901234567890" }', '{"list":[{"id":12345678901234567890}]}')).toBe(true)
    expect(holds('{ $.v = "1.0" && $.v = 1 && $.x = 0.1 }', id)).toBe(true)
    expect(holds('{ $.status = 4* }', id)).toBe(true)
  })
})

describe('space-delimited fields', () => {
  const access = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'

  test.each([
    [String.raw`[ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]`, true],
    ['[..., request =*.html*, status_code = 4*, bytes]', true],
    ['[ip, user, ..., status_code, bytes]', true],
    ['[ip = 127.*, …]', true],
    ['[..., status_code = 404, bytes > 1000]', true],
    ['[..., status_code = 404, bytes > 1534]', false],
    ['[..., status_code = 404 || status_code = 410, bytes]', true],
    ['[..., status_code = 4* && status_code != 404, bytes]', false],
    ['[..., request=*.html*, status_code=4*,]', true],
    ['[,,username=frank, ...]', true],
    ['[..., timestamp="10/Oct*", ..., bytes=1534]', true],
    ['[ip, user, username, timestamp, request, status_code, bytes, more]', false],
    ['[]', true],
  ])('%s on an access log line is %s', (pattern, expected) => {
    expect(holds(pattern, access)).toBe(expected)
  })

  const lines = [
    'INFO 09/25/2014 12:00:00 GET /service/resource/67 1200',
    'INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310',
    'WARNING 09/25/2014 12:00:02 Invalid user request',
    'ERROR 09/25/2014 12:00:02 Failed to process request',
  ]
  test.each([
    ['[w1=ERROR, w2]', [3]],
    ['[w1=ERROR || w1=WARNING, w2]', [2, 3]],
    ['[w1!=ERROR && w1!=WARNING, w2]', [0, 1]],
    ['[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]', [0]],
    ['[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, response_time]', [1]],
  ])('%s finds the lines of the user guide', (pattern, expected) => {
    expect(matches(pattern, lines)).toEqual(expected.map(index => lines[index]))
  })

  test('the last field takes the rest of a Lambda line, as in the pattern the console offers', () => {
    const line = '2023-12-05T22:14:43.862Z\t76269889-7d50-4d6d-a3f1-9b4f5322f47c\tINFO\ta picture got uploaded\n'
    expect(holds('[timestamp=*Z, request_id="*-*", event]', line)).toBe(true)
    expect(holds('[timestamp=*Z, request_id="*-*", event="INFO*uploaded"]', line)).toBe(false)
    expect(holds('[timestamp=*Z, request_id="*-*", event=*picture*]', line)).toBe(true)
    expect(holds('[timestamp=*Z, request_id="*-*", event]', 'START RequestId: x Version: 1')).toBe(false)
  })

  test('a message of nothing but opening brackets takes no time to speak of', () => {
    expect(holds('[..., status = 404]', '[ '.repeat(300_000))).toBe(false)
    expect(holds('[..., a = "x y", b = "]z"]', '[[x y]z [x y] ]z')).toBe(true)
  })

  test('what is not a number is not greater or less than one', () => {
    expect(matches('[name, bytes > 1000]', ['a 1500', 'a 1e4', 'a -', 'a 12x'])).toEqual(['a 1500', 'a 1e4'])
  })
})
