import {describe, expect, test} from 'vitest'
import {mapDot} from '../../src/ui/map-dot.ts'
import {mapJson} from '../../src/ui/map-json.ts'
import {mapMarkdown} from '../../src/ui/map-markdown.ts'
import {mapSvg} from '../../src/ui/map-svg.ts'
import {hostileMap, larder, makeMap, wideMap} from './maps.ts'

/** The words of a dot file, as Graphviz's own scanner cuts them. */
function dotTokens(text: string): string[] {
  const tokens: string[] = []
  const token = /\s*("(?:\\[\s\S]|[^"\\])*"|->|[{}[\]=,]|[A-Za-z_]\w*|-?[\d.]+)/y
  while (token.lastIndex < text.trimEnd().length) {
    const found = token.exec(text)
    if (!found?.[1]) throw new Error('not in Graphviz’s language')
    tokens.push(found[1])
  }
  return tokens
}

/** The elements of an SVG in order; throws where it is not well-formed. */
function elementsOf(svg: string): string[] {
  const open: string[] = []
  const names: string[] = []
  const rest = svg.replace(/<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, end, name, __, empty) => {
    if (end) expect(open.pop()).toBe(name)
    else {
      names.push(name)
      if (!empty) open.push(name)
    }
    return ''
  })
  expect(open).toEqual([])
  expect(rest).not.toMatch(/[<>]/)
  expect(rest).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/)
  return names
}

describe('dot', () => {
  test('has a node for each service and an edge for each connection', () => {
    const tokens = dotTokens(mapDot(larder))
    expect(tokens.filter(token => token === '->')).toHaveLength(larder.edges.length)
    expect(tokens.filter(token => token === '{' || token === '}')).toHaveLength(2)
    const text = mapDot(larder)
    expect(text).toContain(
      '"eu-west-1/123456789012/AWS::SQS::Queue/larder-orders" -> "eu-west-1/123456789012/AWS::Lambda::Function/billing-worker" [label="367/min age 1.90 s", color="#6e7781", style="dashed"',
    )
    expect(text).toContain('label="payments.example\\nremote · 397/min · 4.7 % · 1.50 s", color="#cf222e"')
  })

  test('case 33: a name stays a name', () => {
    const text = mapDot(hostileMap())
    const tokens = dotTokens(text)
    expect(tokens.filter(token => token === '->')).toHaveLength(7)
    expect(text).not.toMatch(/[[\p{Cc}\p{Cf}]--[\n]]/v)
    expect(text).toContain('a\\"b\\\\\\"c\\\\')
  })
})

describe('svg', () => {
  test('is well-formed, with a box for each service and a line for each connection', () => {
    const names = elementsOf(mapSvg(larder))
    expect(names.filter(name => name === 'rect')).toHaveLength(larder.services.length + 1)
    // a tip of each of three colours, and the lines
    expect(names.filter(name => name === 'path')).toHaveLength(3 + larder.edges.length)
  })

  test('needs nothing else, and adapts to dark readers', () => {
    const svg = mapSvg(larder)
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|<script|href/)
    expect(svg).toContain('prefers-color-scheme:dark')
  })

  test('is the same for the same map', () => {
    expect(mapSvg(wideMap(120))).toBe(mapSvg(wideMap(120)))
  })

  test('case 33: markup in names is text', () => {
    const svg = mapSvg(hostileMap())
    elementsOf(svg)
    expect(svg).not.toContain('<script')
    expect(svg).not.toMatch(/[[\p{Cc}\p{Cf}\ufffe\uffff]--[\n]]/v)
  })

  test('of nothing is an empty drawing', () => {
    const svg = mapSvg(makeMap([], []))
    elementsOf(svg)
    expect(svg).not.toMatch(/NaN|Infinity/)
  })

  test('of 300 services has no number that is none', () => {
    const svg = mapSvg(wideMap(300))
    elementsOf(svg)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })
})

test('Markdown has the tree and a table, and names do not become markup', () => {
  expect(mapMarkdown(larder, 60)).toContain('| checkout-api | Lambda | 398 |  |  | 4.8 % | 60 ms | 1.85 s |')
  const text = mapMarkdown(hostileMap(), 60)
  expect(text.split('\n').filter(line => /^\|/.test(line))).toHaveLength(2 + 8)
  expect(text).toContain('&lt;script>alert\\(1\\)&lt;/script>')
})

test('JSON names services by an id that edges refer to, and leaves their text alone', () => {
  const document = JSON.parse(mapJson(larder))
  expect(document).toMatchObject({
    schema: 'slsops/map@1',
    complete: true,
    window: {start: '2026-11-20T13:09:00.000Z'},
    notes: [],
  })
  const ids = new Set(document.services.map(({id}: {id: string}) => id))
  for (const {from, to} of document.edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true])
  expect(document.services[2]).toEqual({
    id: 'eu-west-1/123456789012/AWS::Lambda::Function/checkout-api',
    account: '123456789012',
    region: 'eu-west-1',
    name: 'checkout-api',
    type: 'AWS::Lambda::Function',
    function: 'checkout-api',
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
    client: false,
    root: false,
    calls: 23_900,
    callsPerMinute: 23_900 / 60,
    errors: 0,
    throttles: 0,
    faults: 1_150,
    errorRate: 0,
    throttleRate: 0,
    faultRate: 1_150 / 23_900,
    p50Ms: 60,
    p95Ms: 1_850,
  })
  expect(document.services[0]).toMatchObject({name: 'client', client: true, calls: null, faultRate: null})
  expect(document.edges[7]).toMatchObject({async: true, calls: 22_000, ageP50Ms: 1_900, ageP95Ms: 41_000})
  expect(JSON.parse(mapJson(hostileMap())).services[0].name).toBe('\u001b[31mred\u0007')
})
