import {
  GetTraceSummariesCommand,
  ListRetrievedTracesCommand,
  StartTraceRetrievalCommand,
  type XRayClient,
} from '@aws-sdk/client-xray'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {Fault} from '../../../src/sandbox/api/faults.ts'
import {serveAws} from '../../../src/sandbox/server.ts'
import {openState} from '../../../src/sandbox/state.ts'
import {createWorld, createWorldsAbroad} from '../../../src/sandbox/world/create-world.ts'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {assembleTrace} from '../../../src/services/traces/assemble-trace.ts'
import {fetchTraces} from '../../../src/services/traces/fetch-traces.ts'
import {parseOtelSpans} from '../../../src/services/traces/parse-otel-spans.ts'
import type {FetchedTrace} from '../../../src/services/traces/span.ts'
import type {Trace} from '../../../src/services/traces/trace.ts'
import {connectedTo} from '../connected.ts'
import {drawn} from './assembled.ts'
import {faultsOf} from './check-trace.ts'

const home = 'eu-west-1'
/** where the company has turned Transaction Search on */
const searched = 'us-east-1'
const now = Date.UTC(2026, 10, 20, 14)
const window = {start: now - 3_600_000, end: now}
const forever = new AbortController().signal

/** The company's regions, through the SDK's clients and HTTP. */
async function regions(faults: readonly Fault[] = []) {
  const at = () => now
  const state = await openState({directory: null, now: at, seed: 1})
  const world = createWorld({seed: 1, now: at, company: 'larder', state})
  const server = await serveAws({world, abroad: createWorldsAbroad({seed: 1, now: at, state}), faults})
  onTestFinished(() => server.close())
  const to = async (region: string): Promise<Aws> => {
    const aws = await connectedTo({...server, region}, 100)
    onTestFinished(() => aws.close())
    return aws
  }
  return {home: await to(home), searched: await to(searched)}
}

async function idsIn(aws: Aws, most: number): Promise<string[]> {
  const client = await aws.xray()
  const range = {StartTime: new Date(now - 3_600_000), EndTime: new Date(now)}
  const {TraceSummaries = []} = await client.send(new GetTraceSummariesCommand(range))
  const ids = TraceSummaries.flatMap(({Id: id}) => id ?? []).slice(0, most)
  expect(ids.length).toBeGreaterThan(0)
  return ids
}

function assembled(fetched: FetchedTrace | undefined): Trace {
  if (!fetched) throw new Error('it was not found')
  const trace = assembleTrace(fetched)
  expect(fetched.problems).toEqual([])
  expect(faultsOf(trace, fetched)).toEqual([])
  expect(trace.nodes.length).toBeGreaterThan(1)
  return trace
}

describe('traces through an endpoint', () => {
  test('X-Ray has what its summaries list', async () => {
    const {home: aws} = await regions()
    const ids = await idsIn(aws, 7)
    const {found, ...rest} = await fetchTraces([aws], {ids, ...window}, forever)
    expect([...found.keys()].toSorted()).toEqual(ids.toSorted())
    expect(rest).toEqual({unprocessed: [], gaps: [], notes: [], places: [`X-Ray in ${home}`]})
    for (const fetched of found.values()) expect(assembled(fetched).source).toBe('xray')
  })

  test('case 10: what stays unprocessed is named, and the others are there', async () => {
    const {home: lister} = await regions()
    const ids = await idsIn(lister, 7)
    const left = ids.slice(2, 4)
    const {home: aws} = await regions([{kind: 'unprocessed-traces', traceIds: left}])
    const {found, unprocessed} = await fetchTraces([aws], {ids, ...window}, forever)
    expect(unprocessed).toEqual(left)
    expect(found.size).toBe(ids.length - 2)
  })

  test('Transaction Search is asked where it is on, and both regions together give one answer', async () => {
    const all = await regions()
    const [homeIds, searchedIds] = [await idsIn(all.home, 2), await idsIn(all.searched, 3)]
    const asked = {ids: [...homeIds, ...searchedIds], ...window}
    const {found, gaps, places} = await fetchTraces([all.home, all.searched], asked, forever)
    expect(gaps).toEqual([])
    expect(places).toEqual(expect.arrayContaining([`X-Ray in ${home}`, `Transaction Search in ${searched}`]))
    for (const id of homeIds) expect(assembled(found.get(id)).source).toBe('xray')
    for (const id of searchedIds) expect(assembled(found.get(id)).source).toBe('transaction-search')
  })

  test('case 11: both formats give the same tree', async () => {
    const {searched: aws} = await regions()
    const ids = await idsIn(aws, 5)
    const {found} = await fetchTraces([aws], {ids, ...window}, forever)
    const client = await aws.xray()
    for (const id of ids) {
      const asSpans = assembled(await retrievedAsSpans(client, id))
      const asSegments = assembled(found.get(id))
      expect(drawn(asSpans)).toEqual(drawn(asSegments))
      expect(told(asSpans)).toEqual(told(asSegments))
    }
  })

  test.each([
    ['retrieval-failed', 'AWS ended the retrieval as FAILED'],
    ['retrieval-timeout', 'the retrieval ran into AWS’s limit of 60 minutes'],
  ] as const)('case 11: after %s the spans are those of their log group, which is told', async (kind, words) => {
    const {searched: aws} = await regions([{kind}])
    const ids = await idsIn(aws, 1)
    const {found, notes, places} = await fetchTraces([aws], {ids, ...window}, forever)
    expect(notes.join()).toContain(words)
    expect(places).toContain(`log group aws/spans in ${searched}`)
    const {searched: healthy} = await regions()
    const retrieved = await fetchTraces([healthy], {ids, ...window}, forever)
    for (const id of ids) expect(drawn(assembled(found.get(id)))).toEqual(drawn(assembled(retrieved.found.get(id))))
  })

  test('case 11: a retrieval that fails, and no log group to have the spans from, is told', async () => {
    const {searched: aws} = await regions([{kind: 'retrieval-failed'}, {kind: 'missing-group', logGroup: 'aws/spans'}])
    const ids = await idsIn(aws, 1)
    await expect(fetchTraces([aws], {ids, ...window}, forever)).rejects.toThrow('AWS ended the retrieval as FAILED')
  })

  test('case 11: Ctrl-C cancels what was started', async () => {
    const {searched: aws} = await regions([{kind: 'retrieval-slow', ms: 60_000}])
    const ids = await idsIn(aws, 1)
    const client = await aws.xray()
    const controller = new AbortController()
    let token: string | undefined
    client.middlewareStack.add(
      (next, {commandName}) =>
        async args => {
          const result = await next(args)
          if (commandName === 'StartTraceRetrievalCommand')
            token = (result.output as {RetrievalToken?: string}).RetrievalToken
          if (commandName === 'ListRetrievedTracesCommand') controller.abort(new Error('stopped'))
          return result
        },
      {step: 'initialize', name: 'watch'},
    )
    await expect(fetchTraces([aws], {ids, ...window}, controller.signal)).rejects.toThrow('stopped')
    const {RetrievalStatus: status} = await client.send(new ListRetrievedTracesCommand({RetrievalToken: token}))
    expect(status).toBe('CANCELLED')
  })
})

/** All that is told of each node, but which document it came with. */
const told = ({nodes}: Trace) =>
  nodes.map(({span: {documentId: _, ...span}, children: __, ...node}) => ({...node, span}))

async function retrievedAsSpans(client: XRayClient, id: string): Promise<FetchedTrace> {
  const {start, end} = window
  const started = await client.send(
    new StartTraceRetrievalCommand({TraceIds: [id], StartTime: new Date(start), EndTime: new Date(end)}),
  )
  for (;;) {
    const {RetrievalStatus: status, Traces: traces = []} = await client.send(
      new ListRetrievedTracesCommand({RetrievalToken: started.RetrievalToken, TraceFormat: 'OTEL'}),
    )
    if (status !== 'COMPLETE') continue
    const parsed = traces.flatMap(({Spans: spans = []}) => spans.map(({Document: json = ''}) => parseOtelSpans(json)))
    return {
      ...{id, source: 'transaction-search', isLimitExceeded: false},
      spans: parsed.flatMap(({spans}) => spans),
      problems: parsed.flatMap(({problems}) => problems),
    }
  }
}
