import {stripVTControlCharacters} from 'node:util'
import {describe, expect, test} from 'vitest'
import {width} from '../../src/ui/columns.ts'
import {mapText} from '../../src/ui/map-text.ts'
import {edge, hostileMap, larder, makeMap, service, terminal, wideMap} from './maps.ts'

const at = (columns: number, map = larder, limit = 60): string => mapText(map, {terminal: terminal(columns), limit})
const treeOf = (text: string): string[] =>
  text
    .split('\n')
    .slice(0, -1)
    .filter(line => !/^(?:next:|slsops )/.test(line))

test('a map is a tree from where requests come in, with what fails first', () => {
  expect(at(100)).toMatchInlineSnapshot(`
    "                                 calls/min  throttle  fault     p50     p95  age p50  age p95
    client
    └ larder-http-api ✗ API Gateway        400            4.8 %   80 ms  1.90 s
      ├ checkout-api ✗ Lambda              398            4.8 %   75 ms  1.88 s
      │ ├ payments.example ✗ remote        397            4.7 %  210 ms  1.50 s
      │ ├ inventory Lambda                 210                    12 ms   41 ms
      │ │ └ larder-stock DynamoDB          433     0.1 %           4 ms    9 ms
      │ └ larder-orders SQS                367                     8 ms   12 ms
      │   └⇢ billing-worker Lambda         367                   1.24 s  1.40 s   1.90 s   41.0 s
      │     └ ↻ billing-worker             0.2
      └ search Lambda                      6.7                    20 ms   30 ms
        └ ↑ inventory                      6.7                    10 ms   12 ms
    8 services · 10 connections · 3 failing · 1 straining · of the requests that X-Ray sampled
    ✗ failures begin in payments.example: 4.7 % of 397 calls/min, p95 1.50 s; felt by checkout-api,
      larder-http-api
    next:
    slsops traces --filter 'service("payments.example"){fault}' --since 2026-11-20T13:09:00Z --until 2026-11-20T14:09:00Z --region eu-west-1
    "
  `)
})

test('at 80 columns the less telling numbers go', () => {
  expect(at(80)).toMatchInlineSnapshot(`
    "                                 calls/min  throttle  fault     p95  age p95
    client
    └ larder-http-api ✗ API Gateway        400            4.8 %  1.90 s
      ├ checkout-api ✗ Lambda              398            4.8 %  1.88 s
      │ ├ payments.example ✗ remote        397            4.7 %  1.50 s
      │ ├ inventory Lambda                 210                    41 ms
      │ │ └ larder-stock DynamoDB          433     0.1 %           9 ms
      │ └ larder-orders SQS                367                    12 ms
      │   └⇢ billing-worker Lambda         367                   1.40 s   41.0 s
      │     └ ↻ billing-worker             0.2
      └ search Lambda                      6.7                    30 ms
        └ ↑ inventory                      6.7                    12 ms
    8 services · 10 connections · 3 failing · 1 straining
      of the requests that X-Ray sampled
    ✗ failures begin in payments.example: 4.7 % of 397 calls/min, p95 1.50 s; felt
      by checkout-api, larder-http-api
    next:
    slsops traces --filter 'service("payments.example"){fault}' --since 2026-11-20T13:09:00Z --until 2026-11-20T14:09:00Z --region eu-west-1
    "
  `)
})

test('at 40 columns names, faults and the slowest are left', () => {
  expect(at(40)).toMatchInlineSnapshot(`
    "                           fault     p95
    client
    └ larder-http-api ✗        4.8 %  1.90 s
      ├ checkout-api ✗ Lambda  4.8 %  1.88 s
      │ ├ payments.example ✗   4.7 %  1.50 s
      │ ├ inventory Lambda             41 ms
      │ │ └ larder-stock                9 ms
      │ └ larder-orders SQS            12 ms
      │   └⇢ billing-worker           1.40 s
      │     └ ↻ billin…worker
      └ search Lambda                  30 ms
        └ ↑ inventory                  12 ms
    8 services · 10 connections · 3 failing
      1 straining · of the requests that
      X-Ray sampled
    ✗ failures begin in payments.example:
      4.7 % of 397 calls/min, p95 1.50 s;
      felt by checkout-api, larder-http-api
    next:
    slsops traces --filter 'service("payments.example"){fault}' --since 2026-11-20T13:09:00Z --until 2026-11-20T14:09:00Z --region eu-west-1
    "
  `)
})

test('a dumb terminal gets the same in ASCII', () => {
  const text = mapText(larder, {terminal: terminal(80, {unicode: false}), limit: 60})
  expect(text).toMatch(/^[\n -~]*$/)
  expect(text).toMatchInlineSnapshot(`
    "                                    calls/min  throttle  fault     p95  age p95
    client
    \`-larder-http-api FAIL API Gateway        400            4.8 %  1.90 s
      |-checkout-api FAIL Lambda              398            4.8 %  1.88 s
      | |-payments.example FAIL remote        397            4.7 %  1.50 s
      | |-inventory Lambda                    210                    41 ms
      | | \`-larder-stock DynamoDB             433     0.1 %           9 ms
      | \`-larder-orders SQS                   367                    12 ms
      |   \`~> billing-worker Lambda           367                   1.40 s   41.0 s
      |     \`-@ billing-worker                0.2
      \`-search Lambda                         6.7                    30 ms
        \`-^ inventory                         6.7                    12 ms
    8 services - 10 connections - 3 failing - 1 straining
      of the requests that X-Ray sampled
    FAIL failures begin in payments.example: 4.7 % of 397 calls/min, p95 1.50 s;
      felt by checkout-api, larder-http-api
    next:
    slsops traces --filter 'service("payments.example"){fault}' --since 2026-11-20T13:09:00Z --until 2026-11-20T14:09:00Z --region eu-west-1
    "
  `)
})

test('colour says what fails, and adds nothing but colour', () => {
  const colored = mapText(larder, {terminal: terminal(100, {color: true}), limit: 60})
  expect(stripVTControlCharacters(colored)).toBe(at(100))
  expect(colored).toContain('\u001b[31mpayments.example ✗')
})

test('piped, nothing is cut', () => {
  const long = 'a-function-with-a-name-that-is-as-long-as-AWS-lets-it-be-64-abcd'
  const map = makeMap([service(long, 'AWS::Lambda::Function', {calls: 6})], [])
  expect(mapText(map, {terminal: terminal(40, {isTTY: false}), limit: 60})).toContain(`${long} Lambda`)
  expect(at(40, map)).not.toContain(long)
})

describe.each([20, 40, 80, 220])('at %i columns', columns => {
  test.each([
    ['a small map', larder],
    ['300 services', wideMap(300)],
    ['hostile names', hostileMap()],
  ])('%s stays within them', (_, map) => {
    for (const line of treeOf(at(columns, map))) expect(width(line)).toBeLessThanOrEqual(columns)
  })
})

test('case 33: names cannot move, colour or turn the terminal', () => {
  const text = at(120, hostileMap())
  expect(text).not.toMatch(/[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\n]]/v)
  expect(text).toContain('^[[31mred^G')
  expect(text).toContain('<U+202E>gpj.exe')
  expect(text).toContain('two^Jlines')
})

test('of many services the foremost are drawn, what fails before all, and the others counted', () => {
  const text = at(100, wideMap(300), 30)
  const lines = treeOf(text)
  expect(text).toContain('service-137 ✗')
  expect(lines.filter(line => line.includes('service-')).length).toBeLessThanOrEqual(45)
  expect(text).toMatch(/… \d+ more rows/)
  expect(text).toContain('300 services')
})

test('what calls itself, circles, and circles that nothing leads into are drawn once', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => service(name, 'remote', {calls: 60})) as [
    ReturnType<typeof service>,
    ReturnType<typeof service>,
    ReturnType<typeof service>,
    ReturnType<typeof service>,
  ]
  const calls = {calls: 60}
  const map = makeMap(
    [a, b, c, d],
    [edge(a, a, calls), edge(a, b, calls), edge(b, a, calls), edge(c, d, calls), edge(d, c, calls)],
  )
  expect(treeOf(at(80, map)).map(line => line.slice(0, 12).trimEnd())).toEqual(
    [
      '            ',
      'a remote',
      '├ ↻ a',
      '└ b remote',
      '  └ ↑ a',
      'c remote',
      '└ d remote',
      '  └ ↑ c',
      '4 services ·',
    ].map(line => line.trimEnd()),
  )
})

test('a chain of ten thousand is drawn', () => {
  const services = Array.from({length: 10_000}, (_, i) => service(`s${i}`, 'remote', {calls: 1}))
  const edges = services.slice(1).map((to, i) => edge(services[i] ?? to, to, {calls: 1}))
  const text = at(80, makeMap(services, edges), 10_000)
  expect(text).toContain('└ s9999 ')
  for (const line of treeOf(text)) expect(width(line)).toBeLessThanOrEqual(80)
})

test('what fails unseen by who calls it has numbers of its own', () => {
  const [sender, worker] = [
    service('sender', 'remote', {calls: 60}),
    service('worker', 'AWS::Lambda::Function', {calls: 60, faults: 6}),
  ]
  const other = service('other', 'remote', {calls: 6})
  const map = makeMap([sender, worker, other], [edge(sender, worker, {calls: 60}), edge(other, worker, {calls: 6})])
  const rows = treeOf(at(80, map)).filter(line => line.includes('worker ✗'))
  expect(rows.map(row => row.trim().replaceAll(/ +/g, ' '))).toEqual(['└ worker ✗ Lambda 1.0 10 %', '└ ↑ worker ✗ 0.1'])
})

test('where requests enter, and where they are received later, all numbers of a row are the service’s own', () => {
  const client = service('client', 'client', null)
  const queue = service('queue', 'AWS::SQS::Queue', {calls: 600, p95Ms: 9})
  const resize = service('resize', 'AWS::Lambda::Function', {calls: 1_440, faults: 120, p95Ms: 10_000})
  const worker = service('worker', 'AWS::Lambda::Function', {calls: 720, p95Ms: 300})
  const map = makeMap(
    [client, queue, resize, worker],
    [
      edge(client, resize, {calls: 1_320, p95Ms: 1_510}),
      edge(client, queue, {calls: 540, p95Ms: 12}),
      edge(queue, worker, {calls: 540}, {isAsync: true, ageP95Ms: 2_000}),
      edge(client, worker, {calls: 180, p95Ms: 180_000}),
    ],
  )
  expect(treeOf(at(80, map)).slice(0, -2)).toMatchInlineSnapshot(`
    [
      "                    calls/min  fault     p95  age p95",
      "client",
      "├ resize ✗ Lambda          24  8.3 %  10.0 s",
      "├ ↓ worker                 12         300 ms",
      "└ queue SQS                10           9 ms",
      "  └⇢ worker Lambda         12         300 ms   2.00 s",
    ]
  `)
})

test('what is called most comes first, by the number that its row shows', () => {
  const client = service('client', 'client', null)
  const [few, many] = [service('few', 'remote', {calls: 60}), service('many', 'remote', {calls: 120})]
  const map = makeMap([client, few, many], [edge(client, few, {calls: 60}), edge(client, many, {calls: 30})])
  expect(treeOf(at(80, map)).slice(1, -1)).toEqual(['client', '├ many remote        2.0', '└ few remote         1.0'])
})

test('the command to paste holds words only', () => {
  const evil = service('a; rm -rf /', 'AWS::Lambda::Function', {calls: 10, faults: 10})
  const fine = service('fine', 'AWS::Lambda::Function', {calls: 10, faults: 5})
  expect(at(80, makeMap([evil], []))).not.toContain('next:')
  expect(at(80, makeMap([evil, fine], []))).toContain('\nslsops traces fine --errors')
})

test('several regions are told apart where a request enters them', () => {
  const [home, away] = [
    service('f', 'AWS::Lambda::Function', {calls: 6}),
    service('f', 'AWS::Lambda::Function', {calls: 6}, {id: 'us', region: 'us-east-1'}),
  ]
  const scope = {account: '123456789012', profile: null, endpoint: 'aws'} as const
  const map = makeMap([home, away], [], {
    coverage: {
      window: {start: 0, end: 3_600_000},
      scopes: [
        {...scope, region: 'eu-west-1'},
        {...scope, region: 'us-east-1'},
      ],
      gaps: [],
    },
  })
  expect(at(80, map)).toContain('f Lambda eu-west-1')
  expect(at(80, map)).toContain('f Lambda us-east-1')
})

test('nothing is said of a map that is empty but that', () => {
  expect(at(80, makeMap([], []))).toBe('nothing to show\n')
})
