import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {adviceOn} from '../../../../src/services/traces/filter-expression/advice.ts'
import {parseFilterExpression} from '../../../../src/services/traces/filter-expression/parse.ts'
import {FilterExpressionError} from '../../../../src/services/traces/filter-expression/syntax.ts'
import {withCaret} from '../../../../src/ui/caret.ts'

function refusal(text: string): FilterExpressionError {
  try {
    parseFilterExpression(text)
  } catch (error) {
    if (error instanceof FilterExpressionError) return error
    throw error
  }
  throw new Error(`${text} was taken`)
}

describe('what X-Ray takes is taken', () => {
  test.each([
    'ok',
    '!ok',
    'ok = false',
    'responsetime > 5',
    'duration >= 5 AND duration <= 8',
    'ok !partial duration <3',
    'http.status != 200',
    'http.url CONTAINS "/api/game/"',
    'user CONTAINS ""',
    'http.url AND responseTime > 2',
    'service("api.example.com") { fault }',
    'service() { fault }',
    'service(){}',
    'http.status OR duration',
    'service("fn")',
    'edge("api.example.com", "backend.example.com") { error }',
    'http.url BEGINSWITH "http://api.example.com/" AND http.url CONTAINS "/v2/" AND !service("api.example.com")',
    'annotation.gameid = "817DL6VO"',
    'annotation.age > 29',
    '!annotation.age',
    'annotation.aws:api_id = "x"',
    'Annotation[aws.local.environment] = "k8s:default"',
    'annotation[aws:api_id] = "x"',
    'annotation["a key"] = true',
    'group.name = "high_response_time" AND user = "alice"',
    'rootcause.fault.entity { last and name = "deserialize" }',
    'rootcause.responsetime.entity { remote and coverage > 0.7 and name = "traces" }',
    'rootcause.json = #[{ "Services": [ { "Name": "a]}", "EntityPath": [{ "Name": "b" }] } ] }]',
    '(service(id(name: "frontend"  ))) AND (Annotation[aws.local.environment] = "k8s:default")',
    'service(id(name: "random-name", type: "AWS::Lambda::Function")) { error }',
    'service(id(type: "AWS::Lambda", account.id: "123456789012")){throttle}',
    'service("data-plane") {root = true and fault = true}',
    'user = "says \\"hi\\" \\\\ 日本"',
    'fault\n  OR\terror',
  ])('%s', text => {
    expect(() => parseFilterExpression(text)).not.toThrow()
  })

  test('as a tree, in which AND goes before OR, and what merely follows is joined by AND', () => {
    expect(parseFilterExpression('fault OR !ok duration > 2.5')).toEqual({
      kind: 'any',
      at: 0,
      of: [
        {kind: 'is', subject: {kind: 'keyword', name: 'fault'}, at: 0},
        {
          kind: 'all',
          at: 9,
          of: [
            {kind: 'not', of: {kind: 'is', subject: {kind: 'keyword', name: 'ok'}, at: 10}, at: 9},
            {
              kind: 'compare',
              subject: {kind: 'keyword', name: 'duration'},
              operator: '>',
              value: {kind: 'number', value: 2.5},
              at: 13,
            },
          ],
        },
      ],
    })
    expect(parseFilterExpression('edge("a", id(type: "T")){HTTP.STATUS = 500}')).toEqual({
      kind: 'edge',
      from: {name: 'a', type: null, account: null},
      to: {name: null, type: 'T', account: null},
      filter: {
        kind: 'compare',
        subject: {kind: 'keyword', name: 'http.status'},
        operator: '=',
        value: {kind: 'number', value: 500},
        at: 25,
      },
      at: 0,
    })
    expect(parseFilterExpression('annotation[Request.ID] CONTAINS "\\"x"')).toMatchObject({
      subject: {kind: 'annotation', key: 'Request.ID'},
      operator: 'CONTAINS',
      value: {kind: 'string', text: '"x'},
    })
    expect(parseFilterExpression('rootcause.error.exception{message CONTAINS "x"}')).toMatchObject({
      kind: 'root-cause',
      of: 'error',
      part: 'exception',
    })
  })
})

describe('what X-Ray refuses is refused, with a caret at the character and what to write', () => {
  // the expression, where the caret stands, what is wrong, what to write
  test.each([
    ['', 0, 'the expression is empty', 'write one'],
    ['   ', 0, 'the expression is empty', 'write one'],
    ['falt', 0, 'X-Ray knows no falt', 'nearest: fault'],
    ['fault AND http.statuscode = 500', 10, 'X-Ray knows no http.statuscode', 'nearest: http.status'],
    ['status = 500', 0, 'X-Ray knows no status', 'http.status'],
    ['latency > 2', 0, 'X-Ray knows no latency', 'nearest: responsetime'],
    [
      'service("x"){annotation.tenant = "a"}',
      13,
      'annotations cannot be asked for inside service() or edge()',
      'outside the braces',
    ],
    ['edge("a","b"){fault AND annotation[x] = 1}', 24, 'annotations cannot', 'annotation[key]'],
    ['http.url CONTAINS orders', 18, 'a text stands in double quotes', 'write "orders"'],
    ["http.url = '/orders'", 11, 'a text stands in double quotes', 'write "/orders"'],
    ['http.url = “/orders”', 11, 'a text stands in double quotes', 'write "/orders"'],
    ['service(checkout-api){fault}', 8, 'a service’s name stands in double quotes', 'write "checkout-api"'],
    ['service{fault}', 7, 'service is followed by parentheses', 'service(){fault}'],
    ['service("a"){fault', 12, 'this { is never closed', 'write }'],
    ['(fault OR error', 0, 'this ( is never closed', 'write )'],
    ['fault)', 5, 'nothing was opened that this ) could close', 'leave it out'],
    ['service("a")}', 12, 'nothing was opened that this } could close', 'leave it out'],
    ['http.url = "abc', 11, 'this quotation mark is never closed', 'close it'],
    ['fault > 3', 6, '> compares numbers, and this is true or false', 'it takes = and !='],
    ['http.url > "a"', 9, '> compares numbers, and this is a text', 'CONTAINS'],
    ['duration CONTAINS "2"', 9, 'CONTAINS looks into texts, and this is a number', '= != < <= > >='],
    ['duration > 2s', 11, 'duration is a number of seconds, without a unit', 'write 2'],
    ['duration > 500ms', 11, 'duration is a number of seconds, without a unit', 'write 0.5'],
    ['duration == 2', 10, 'one = is enough', 'duration = …'],
    ['duration > fast', 11, 'fast stands where the value of duration > is expected', 'write 2'],
    ['duration >', 10, 'the expression ends where the value of duration > is expected', 'write 2'],
    ['http.status = "abc"', 14, 'http.status is a number', 'without quotes'],
    ['fault = 1', 8, 'fault is true or false', 'by itself'],
    ['user = 7', 7, 'user is a text, which stands in double quotes', 'write "7"'],
    ['http.status > 4xx', 14, '4xx stands where the value of http.status > is expected', 'write 500'],
    ['responsetime 5', 13, 'nothing says how responsetime and 5 compare', 'write responsetime > 5'],
    ['http.status IN (500, 502)', 12, 'X-Ray knows no IN', 'write = for each, joined by OR'],
    ['service("a", "b")', 11, 'service() takes one name', 'service("…") OR service("…")'],
    ['service(id(name: "a" type: "b"))', 21, 'type stands where ) is expected', 'put a comma before it'],
    ['fault && error', 6, 'X-Ray knows no &&', 'write AND'],
    ['http.url like "x"', 9, 'X-Ray knows no like', 'write CONTAINS'],
    ['http.url CONTAIN "x"', 9, 'X-Ray knows no CONTAIN', 'write CONTAINS'],
    ['fault AND', 9, 'the expression ends after AND, where a condition is missing', 'leave the rest out'],
    ['OR fault', 0, 'OR stands where a condition is expected', 'a condition is a keyword'],
    ['"checkout-api"', 0, 'a text stands where a keyword is expected', 'service("checkout-api")'],
    ['fault ()', 7, 'these parentheses are empty', 'leave them out'],
    ['500', 0, 'the number 500 stands where a keyword is expected', 'duration > 2'],
    ['fault{error}', 5, 'braces stand behind service(), edge() and root causes only', 'service("checkout-api"){fault}'],
    ['edge("a"){fault}', 8, 'edge() needs two services with a comma between them', 'name both ends'],
    ['edge()', 5, 'edge() names no services', 'name both ends'],
    ['service(id(name="a"))', 15, 'a colon stands between name and its value', 'id(name:'],
    ['service(id(name: a))', 17, 'the name stands in double quotes', 'write "a"'],
    ['service(id(kind: "a"))', 11, 'id() knows no kind', 'name, type and account.id'],
    ['service(id())', 8, 'id() says nothing of the service', 'as in id('],
    ['service("a"){service("b")}', 13, 'service cannot stand inside the braces of another', 'close the brace'],
    ['annotation = 1', 11, 'annotation is followed by a key', 'annotation.tenant'],
    ['annotation[] = 1', 11, 'key is missing', 'annotation['],
    ['annotation.x <', 14, 'the expression ends where the value of annotation.x < is expected', 'write'],
    ['annotation.x < "9"', 15, '< compares numbers', 'write 9, without quotes'],
    ['annotation.x >= true', 16, '>= compares numbers', 'by = and !='],
    ['edge(, "job")', 5, ', stands where a service is expected', 'in double quotes'],
    ['rootcause.slow.service', 0, 'X-Ray knows no rootcause.slow.service', 'rootcause.fault.service'],
    ['group.name', 10, 'group.name is to be compared', 'group.name ='],
    ['rootcause.json = "x"', 17, 'rootcause.json is compared with JSON', '#['],
    ['rootcause.json = #[{]}', 17, 'this is not JSON', '#['],
    ['fault, error', 5, ', does not belong here, behind fault', 'AND or OR'],
    ['日本語 = "x"', 0, 'X-Ray knows no 日本語', 'it knows'],
    [`${'('.repeat(100)}fault${')'.repeat(100)}`, 65, 'parentheses are nested deeper than 64', 'fewer'],
  ])('%s', (text, position, message, hint) => {
    const error = refusal(text)
    expect([error.position, error.message]).toEqual([position, expect.stringContaining(message)])
    expect(error.hint).toContain(hint)
  })
})

describe('advice', () => {
  test.each([
    ['fault', 'fault looks at the root of a trace only: service(){fault} finds one that was handled on the way too'],
    ['!error', 'error looks at the root of a trace only'],
    ['http.status = "500"', 'http.status is a number: write http.status = 500, without quotes'],
    ['duration > 500', 'duration is in seconds: 500 is 8 min 20 s, and 0.5 is 500 ms'],
    ['duration', 'duration by itself holds wherever there is one: compare it with seconds, as in duration > 2'],
    ['ok OR partial AND root', 'X-Ray does not say whether AND goes before OR'],
    ['service("a"){last}', 'last is of root causes'],
  ])('on %s', (text, advice) => {
    expect(adviceOn(text)).toEqual([expect.stringContaining(advice)])
  })

  test.each([
    'service(){fault}',
    'duration > 2',
    'http.url AND responseTime > 2',
    'annotation.status = "500"',
    '(ok OR partial) AND root',
    'rootcause.fault.entity{last}',
  ])('none on %s', text => {
    expect(adviceOn(text)).toEqual([])
  })
})

test('whatever is written, it is taken or refused at a place within it, and in good time', () => {
  const pieces = [
    'fault',
    'service',
    '(',
    ')',
    '{',
    '}',
    '"',
    '"a"',
    '!',
    '=',
    'AND',
    'or',
    '[',
    ']',
    '#',
    '#[',
    ',',
    ':',
    'id',
    'annotation.x',
    'annotation',
    '日',
    '\\',
    ' ',
    '\t',
    '1',
    'name',
    'rootcause.fault.entity',
    'duration',
    '>',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), {maxLength: 30}), fc.string(), (words, tail) => {
      const text = words.join('') + tail
      try {
        parseFilterExpression(text)
      } catch (error) {
        expect(error).toBeInstanceOf(FilterExpressionError)
        const {position} = error as FilterExpressionError
        expect(position).toBeGreaterThanOrEqual(0)
        expect(position).toBeLessThanOrEqual(text.length)
      }
    }),
    {numRuns: 2_000},
  )
  for (const text of [
    '('.repeat(200_000),
    '!'.repeat(200_000),
    `"${'\\"'.repeat(100_000)}`,
    'fault '.repeat(50_000),
    '#['.repeat(100_000),
    `${'x'.repeat(300_000)}`,
  ]) {
    try {
      parseFilterExpression(text)
    } catch (error) {
      expect(error).toBeInstanceOf(FilterExpressionError)
    }
  }
})

describe('the caret', () => {
  test.each([
    ['a = b', 4, 80, 'a = b\n    ^'],
    ['日本 = b', 5, 80, '日本 = b\n       ^'],
    ['a\t= b', 4, 80, 'a^I= b\n     ^'],
    ['a\u001b[31m', 2, 80, 'a^[[31m\n   ^'],
    ['fault AND', 9, 80, 'fault AND\n         ^'],
    ['', 0, 80, '\n^'],
    [`${'a'.repeat(50)}X${'b'.repeat(50)}`, 50, 20, `…${'a'.repeat(13)}X${'b'.repeat(4)}…\n              ^`],
    [`X${'b'.repeat(50)}`, 0, 20, `X${'b'.repeat(18)}…\n^`],
    [`${'a'.repeat(50)}`, 50, 20, `…${'a'.repeat(18)}\n                   ^`],
    ['日'.repeat(40), 20, 20, `…日日日日日日日日日…\n             ^`],
  ])('of %j at %i in %i columns', (text, position, columns, drawn) => {
    expect(withCaret(text, position, columns, '…')).toBe(drawn)
  })

  test('of a megabyte is drawn in a row', () => {
    const [row = ''] = withCaret('日'.repeat(500_000), 250_000, 76, '…').split('\n')
    expect(row.length).toBeLessThan(77)
  })
})
