import {PutTraceSegmentsCommand, XRayClient} from '@aws-sdk/client-xray'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Aws} from '../../src/services/aws/connect.ts'
import {assembleTrace} from '../../src/services/traces/assemble-trace.ts'
import {fetchTraces} from '../../src/services/traces/fetch-traces.ts'
import {connectedTo} from '../services/connected.ts'
import {drawn} from '../services/traces/assembled.ts'
import {type AwsServer, motoServer, servers} from './servers.ts'

const region = 'eu-west-1'
const begun = Math.floor(Date.now() / 1000) - 60
const traceIdNo = (number: number): string => `1-${begun.toString(16)}-${number.toString(16).padStart(24, '0')}`

const segment = (number: number, id: string, name: string, more: object): string =>
  JSON.stringify({trace_id: traceIdNo(number), id, name, start_time: begun + 0.25, end_time: begun + 1.75, ...more})

const callId = '53995c3f42cd8ad8'

/** A function, what it did in between, and what it called: two documents. */
const documentsOf = (number: number): readonly string[] => [
  segment(number, '70de5b6f19ff9a0a', 'orders', {
    origin: 'AWS::Lambda::Function',
    http: {request: {method: 'POST', url: 'https://api.example.com/orders'}, response: {status: 502}},
    fault: true,
    subsegments: [
      {id: callId, name: 'payments', start_time: begun + 0.5, end_time: begun + 1.5, namespace: 'remote', fault: true},
    ],
  }),
  segment(number, '70de5b6f19ff9a0b', 'payments', {parent_id: callId, fault: true, start_time: begun + 0.75}),
]

// ministack has no X-Ray
describe.each(servers.filter(({name}) => name !== 'ministack'))('X-Ray of $name', ({start, ready, name}) => {
  let server: AwsServer
  let aws: Aws

  beforeAll(async () => {
    if (!ready) return
    server = await start()
    aws = await connectedTo({region, url: server.url})
    const client = new XRayClient({
      endpoint: server.url,
      region,
      credentials: {accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox'},
    })
    const documents = Array.from({length: 7}, (_, number) => documentsOf(number + 1)).flat()
    await client.send(new PutTraceSegmentsCommand({TraceSegmentDocuments: documents}))
    client.destroy()
  })
  afterAll(async () => {
    aws?.close()
    await server?.stop()
  })

  test.runIf(ready)('what was put is found by its ids, more than one call takes, and is one tree each', async () => {
    const ids = Array.from({length: 7}, (_, number) => traceIdNo(number + 1))
    const window = {start: (begun - 60) * 1000, end: (begun + 60) * 1000}
    const {found, gaps, notes, places} = await fetchTraces([aws], {ids, ...window}, new AbortController().signal)
    expect([...found.keys()].toSorted()).toEqual(ids.toSorted())
    expect({gaps, notes, places}).toEqual({gaps: [], notes: [], places: [`X-Ray in ${region}`]})
    for (const fetched of found.values()) {
      const trace = assembleTrace(fetched)
      expect(drawn(trace).map(line => line.split(' function')[0])).toEqual(['orders', '  payments', '    payments'])
      expect(trace).toMatchObject({durationMs: 1_500, isPartial: false, warnings: [], orphans: []})
      expect(fetched.problems).toEqual([])
    }
  })

  test.runIf(ready)('an id that nothing was put for is not found, and the others are', async () => {
    const ids = [traceIdNo(1), traceIdNo(99)]
    const window = {start: (begun - 60) * 1000, end: (begun + 60) * 1000}
    const {found} = await fetchTraces([aws], {ids, ...window}, new AbortController().signal)
    expect([...found.keys()]).toEqual([traceIdNo(1)])
  })

  test.runIf(ready && name === motoServer.name)('where it lives is not known there, and X-Ray is asked', async () => {
    expect(aws.budget.numbers('GetTraceSegmentDestination')).toMatchObject({calls: 1, retries: 0})
  })
})
