import {describe, expect, test} from 'vitest'
import {diffTraces, type TraceDiff} from '../../src/services/traces/diff-traces.ts'
import {traceJson} from '../../src/ui/trace-json.ts'
import {traceMarkdown} from '../../src/ui/trace-markdown.ts'
import {traceSvg} from '../../src/ui/trace-svg.ts'
import {clock, reader} from './events.ts'
import {billing, checkout, lambda, linked, logsOf, part, reportOf, traceOf} from './traces.ts'

const order = checkout()
const report = reportOf(order, {linked: [linked(billing(true), order)], logs: logsOf(order, 'checkout-api')})

type Document = Record<string, unknown> & {readonly nodes: readonly Record<string, unknown>[]}

describe('a trace as JSON', () => {
  const document = (diff: TraceDiff | null = null, areLogsWanted = false): Document =>
    JSON.parse(traceJson(report, diff, areLogsWanted))

  test('has what the contract promises of a trace and of each node', () => {
    const {nodes, ...body} = document()
    expect(body).toMatchObject({
      schema: 'slsops/trace@1',
      complete: true,
      source: 'xray',
      start: '2026-11-20T14:02:10.040Z',
      durationMs: 2410,
      partial: false,
    })
    expect(nodes).toHaveLength(order.nodes.length)
    const {id, parentId, spanId, ...told} = nodes.find(({name}) => name === 'payments.example') ?? {}
    expect([id, parentId]).toEqual([spanId, nodes.find(({name}) => name === 'Invocation')?.['id']])
    expect(told).toMatchInlineSnapshot(`
      {
        "account": null,
        "annotations": {},
        "cause": {
          "exceptions": [
            {
              "id": "abcdefabcdef0001",
              "message": "upstream did not answer in 1500 ms",
              "remote": false,
              "stack": [],
              "type": "PaymentTimeout",
            },
          ],
          "missingId": null,
        },
        "criticalMs": 1520,
        "cutOff": false,
        "detached": null,
        "durationMs": 1520,
        "end": "2026-11-20T14:02:12.250Z",
        "function": null,
        "functionArn": null,
        "http": {
          "clientIp": null,
          "method": "POST",
          "status": 504,
          "url": "https://payments.example/charge?token=hunter2",
          "userAgent": null,
        },
        "inProgress": false,
        "kind": "subsegment",
        "logGroup": null,
        "metadata": null,
        "name": "payments.example",
        "namespace": "remote",
        "offsetMs": 690,
        "onCriticalPath": true,
        "operation": null,
        "origin": null,
        "orphan": false,
        "region": null,
        "requestId": null,
        "resource": null,
        "resourceArn": null,
        "retries": 0,
        "role": null,
        "selfMs": 1520,
        "start": "2026-11-20T14:02:10.730Z",
        "status": "fault",
        "user": null,
        "version": null,
      }
    `)
  })

  test('keeps microseconds, though times have only milliseconds', () => {
    const fine = traceOf([part('api', [0, 10], {subsegments: [part('cache', [1.234, 1.567])]})])
    const {nodes} = JSON.parse(traceJson(reportOf(fine), null)) as Document
    expect(nodes[1]).toMatchObject({start: '2026-11-20T14:02:10.041Z', offsetMs: 1.234, durationMs: 0.333})
  })

  test('names the version that ran, also of a function that logged nothing of its own', () => {
    const node = order.nodes.find(({role}) => role === 'function')
    const versions = new Map([[`${order.id}/${node?.id}`, '43']])
    const {nodes} = JSON.parse(traceJson(reportOf(order, {versions}), null)) as Document
    expect(nodes.find(({id}) => id === node?.id)).toMatchObject({version: '43'})
  })

  test('says of an init that nobody waited for how long before it was, in microseconds too', () => {
    const parts = [part('Initialization', [-72_626.0004, -72_371.0004]), part('Invocation', [3, 110])]
    const early = traceOf(lambda('api', [0, 120], [2, 118], parts))
    const {nodes, coldStarts} = JSON.parse(traceJson(reportOf(early), null)) as Document
    const init = nodes.find(({role}) => role === 'init')
    expect(init?.['detached']).toEqual({ms: 255, earlierMs: 72_374})
    const start = {nodeId: init?.['parentId'], downloadMs: null, initMs: 255, restoreMs: null, detached: true}
    expect(coldStarts).toEqual([start])
  })

  test('has linked traces whole, and log lines where they are asked for', () => {
    expect(document()['linked']).toMatchObject([
      {reference: 'child', dwellMs: 1900, attempts: 1, delivery: null, trace: {source: 'xray'}},
    ])
    const withLogs = document(null, true)
    const owner = withLogs.nodes.find(({role}) => role === 'function')
    expect(owner).toMatchObject({function: 'checkout-api', version: '42', logs: [{schema: 'slsops/log@1'}, {}, {}]})
    expect(document().nodes.every(node => !('logs' in node))).toBe(true)
  })

  test('has what it is compared with, each path', () => {
    const {diff} = document(diffTraces(order, order))
    expect(diff).toMatchObject({before: {durationMs: 2410}, lines: {length: 8}})
  })
})

describe('a trace that is kept', () => {
  test('as Markdown is a waterfall, what went wrong, and what was logged', () => {
    expect(traceMarkdown(report, {clock, reader})).toMatchInlineSnapshot(`
      "# POST /orders → 500

      Trace \`1-6b005320-1d1e9504609a52ab2e8537c0\`, 2026-11-20T14:02:10.040Z

      - request: \`POST https://shop.example/orders?x=1\`
      - status: \`500\`

      \`\`\`
      POST /orders → 500 · 2.41 s · 2026-11-20 14:02:10.040 · 1 service
                                                              0        0.5      1.0      1.5       2.0 s
      λ checkout-api:42                           2.41 s ✗ •  ████████████████████████████████████████████
      ├ fetching code                              18 ms      ┄
      ├ init                                      412 ms   •  ░░░░░░░░
      └ invocation                                1.97 s ✗ •         ▕███████████████████████████████████▉
        ├ DynamoDB GetItem ×20 carts p50 11 ms    220 ms   •          ▉▉▉▉▍
        ├ payments.example → 504 POST /charge     1.52 s ✗ •              ▐███████████████████████████▍
        │     PaymentTimeout: upstream did not answer in 1500 ms
        └ SQS SendMessage orders                   11 ms                                                 ▎
      ⤷ 1.90 s in queue → λ billing-worker 1.24 s ✗ (1-6b005323-2d1e9504609a52ab2e8537c1)
                                        0          0.2       0.4        0.6        0.8       1.0     1.2 s
      λ billing-worker        1.24 s ✗  ██████████████████████████████████████████████████████████████████
      ├ S3 PutObject invoices 600 ms         ▕███████████████████████████████▊
      └ ledger.example        490 ms ✗                                        ▐█████████████████████████▍
            LedgerClosed: come back tomorrow
      critical path  payments.example 1.52 s · init 412 ms · own code 220 ms · 4 more 258 ms
      1-6b005320-1d1e9504609a52ab2e8537c0 · X-Ray · 3 log lines of 1 function
      \`\`\`

      ## What went wrong

      - payments.example: PaymentTimeout: upstream did not answer in 1500 ms

      - ledger.example: LedgerClosed: come back tomorrow

      ## Log of λ checkout-api:42

      \`/aws/lambda/checkout-api\`, request \`1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1\`, failed

      \`\`\`
      2026-11-20T14:02:10.471Z 2026-11-20T14:02:10.471Z	1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1	INFO	POST /orders
      2026-11-20T14:02:12.250Z 2026-11-20T14:02:12.25Z	1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1	WARN	payments: no answer yet, and this line is long enough to be wrapped at eighty columns
      2026-11-20T14:02:12.450Z REPORT RequestId: 1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1	Duration: 1978.31 ms	Billed Duration: 1979 ms	Memory Size: 512 MB	Max Memory Used: 143 MB	Status: error	Error Type: PaymentTimeout
      \`\`\`
      "
    `)
  })

  test('as Markdown says what was asked and what it was marked with, a line each', () => {
    const marked = checkout({annotations: {order: 'ord_8c1', tier: '`gold`\n# no'}, user: 'cus_77'})
    const kept = traceMarkdown(reportOf(marked), {clock, reader})
    expect(kept).toContain(
      "- request: `POST https://shop.example/orders?x=1`\n- status: `500`\n- order: `ord_8c1`\n- tier: `'gold'^J# no`\n",
    )
    expect(kept).toContain('- user: `cus_77`\n')
    expect(kept).not.toMatch(/^# no/m)
  })

  test('case 33: as Markdown shows hostile text as it is', () => {
    const evil = traceOf([
      part('<img src=x> `a` ```', [0, 10], {
        fault: true,
        cause: {
          exceptions: [
            {type: '[c](javascript:d)', message: '\u001b[2J', stack: [{path: '```', label: '<b>', line: 1}]},
          ],
        },
      }),
    ])
    const text = traceMarkdown(reportOf(evil), {clock, reader})
    expect(text).toContain('# &lt;img src=x> \\`a\\`')
    expect(text).toContain('\\[c\\]\\(javascript:d\\): ^\\[\\[2J')
    expect(text).toContain('\n```\nat <b> (```:1)\n```\n')
  })

  test('as a picture needs nothing but itself, and has a bar for each span', () => {
    const svg = traceSvg(report, {clock})
    expect(svg).not.toMatch(/<script|<foreignObject|href=|url\(|@import/)
    expect(svg).toContain('prefers-color-scheme:dark')
    // which not every viewer knows
    expect(svg).not.toContain('var(')
    expect(svg).toContain('<title>POST /orders → 500 · 2.41 s · 2026-11-20 14:02:10.040 · 1 service</title>')
    // 20 reads in a row of their own, and three rows that are not in the way
    expect(svg.match(/<rect class="path"/g)?.length).toBeGreaterThan(20)
    expect(svg).toContain('<rect class="init"')
    expect(svg).toContain('<rect class="bad"')
  })

  test('case 33: as a picture escapes what XML would read', () => {
    const evil = traceOf([part('</text><script>alert(1)</script>&\u0001\uffff"\'', [0, 10])])
    const svg = traceSvg(reportOf(evil), {clock})
    expect(svg).not.toContain('<script>')
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;')
    expect(svg).not.toMatch(/[\u0001\uffff]/)
  })
})
