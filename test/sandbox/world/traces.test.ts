import {describe, expect, test} from 'vitest'
import {openState} from '../../../src/sandbox/state.ts'
import {createWorldsAbroad} from '../../../src/sandbox/world/create-world.ts'
import type {SegmentDocument} from '../../../src/sandbox/world/segment-document.ts'
import {day, firstUsed, hour, larder, minute} from './larder-world.ts'
import {functionSegments, nodesOf} from './trace-nodes.ts'

const traceIdForm = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/

describe('traces', () => {
  test('have a segment for every sampled invocation that traces, with its ids and its duration', async () => {
    const {world, clock} = await larder()
    clock.at = firstUsed + hour
    const segments = new Map<string, SegmentDocument[]>()
    for (const trace of world.traces(firstUsed - 5 * minute, firstUsed + 30 * minute)) {
      for (const segment of functionSegments(trace))
        segments.set(segment.name, [...(segments.get(segment.name) ?? []), segment])
    }
    let missing = 0
    let seen = 0
    for (const {name, tracing, logGroup} of world.functions()) {
      const own = segments.get(name) ?? []
      const sampled = world.invocations(name, firstUsed, firstUsed + 20 * minute).filter(each => each.sampled)
      if (tracing === 'PassThrough') {
        expect(own).toEqual([])
        continue
      }
      for (const invocation of sampled) {
        const {traceId, at, durationMs, outcome} = invocation
        // the clock of one in some hundreds is off
        const of = own.find(each => each.trace_id === traceId && Math.abs(each.start_time * 1000 - at) < 40)
        seen++
        if (!of) {
          missing++
          continue
        }
        expect((of.end_time ?? 0) - of.start_time).toBeCloseTo(durationMs / 1000, 5)
        expect(of.fault ?? false).toBe(outcome !== 'ok')
        expect(of.aws?.['cloudwatch_logs']).toEqual([{log_group: logGroup}])
      }
    }
    expect(seen).toBeGreaterThan(1000)
    expect(missing / seen).toBeLessThan(0.01)
  })

  test('name the request of every invocation that Lambda was asked for', async () => {
    const {world, clock} = await larder()
    clock.at = firstUsed + hour
    const requestIds = new Set(
      world
        .traces(firstUsed - 5 * minute, firstUsed + 30 * minute)
        .flatMap(({documents}) => documents.filter(({origin}) => origin === 'AWS::Lambda'))
        .map(({aws}) => aws?.['request_id']),
    )
    const sampled = world
      .functions()
      .flatMap(({name}) => world.invocations(name, firstUsed, firstUsed + 20 * minute))
      .filter(each => each.sampled)
    const missing = sampled.filter(({requestId}) => !requestIds.has(requestId))
    expect(sampled.length).toBeGreaterThan(1000)
    expect(missing.length / sampled.length).toBeLessThan(0.01)
  })

  test('come by time, within the window, each found again by its id, and none that is not sampled', async () => {
    const {world} = await larder()
    const from = firstUsed - 40 * minute
    const to = firstUsed - 10 * minute
    const traces = world.traces(from, to)
    expect(traces.length).toBeGreaterThan(800)
    expect(traces.map(({at}) => at)).toEqual(traces.map(({at}) => at).toSorted((x, y) => x - y))
    for (const {id, at, documents} of traces) {
      expect(id).toMatch(traceIdForm)
      expect(at >= from && at < to).toBe(true)
      expect(at).toBe(Math.min(...documents.map(({start_time}) => start_time * 1000)))
      expect(documents.every(({trace_id}) => trace_id === id)).toBe(true)
      expect(world.trace(id)).toEqual({id, at, documents})
    }
    const unsampled = world.invocations('checkout-api', from, to).filter(({sampled}) => !sampled)
    expect(unsampled.length).toBeGreaterThan(20)
    expect(unsampled.map(({traceId}) => world.trace(traceId))).toEqual(unsampled.map(() => undefined))
    for (const id of ['', '1-6b005b02', '1-00000000-000000000000000000000000', '1-ffffffff-49c34141da14823b2357c44d'])
      expect(world.trace(id)).toBeUndefined()
  })

  test('are the same for the same seed, and others for another', async () => {
    const [one, same, other] = [await larder(), await larder(), await larder({otherSeed: 7})]
    const read = ({world}: typeof one) => world.traces(firstUsed - 4 * minute, firstUsed - minute)
    expect(read(one)).toEqual(read(same))
    expect(read(one).map(({id}) => id)).not.toEqual(read(other).map(({id}) => id))
  })

  test('have ids of their own; a segment is below one of the trace, but in one trace of some hundreds', async () => {
    const {world} = await larder()
    const traces = world.traces(firstUsed - 4 * hour, firstUsed - 30 * minute)
    let partial = 0
    for (const trace of traces) {
      const nodes = nodesOf(trace)
      const ids = new Set(nodes.map(({id}) => id))
      expect(ids.size).toBe(nodes.length)
      if (nodes.some(({above}) => above !== undefined && !ids.has(above))) partial++
    }
    expect(partial / traces.length).toBeGreaterThan(1 / 1500)
    expect(partial / traces.length).toBeLessThan(1 / 250)
  })

  test('have nothing that has not happened yet, and what is under way without its end', async () => {
    const {world, clock} = await larder()
    clock.at = firstUsed + 5 * minute
    const after = new Map(world.traces(firstUsed - 5 * minute, firstUsed).map(trace => [trace.id, nodesOf(trace)]))
    clock.at = firstUsed
    let running = 0
    for (const trace of world.traces(firstUsed - 5 * minute, firstUsed)) {
      const whole = new Map(after.get(trace.id)?.map(node => [node.id, node]))
      for (const node of nodesOf(trace)) {
        expect(node.start_time * 1000).toBeLessThanOrEqual(firstUsed)
        const later = whole.get(node.id)
        if (!node.in_progress) {
          expect((node.end_time ?? 0) * 1000).toBeLessThanOrEqual(firstUsed)
          continue
        }
        running++
        expect(node).not.toHaveProperty('end_time')
        expect(node).not.toHaveProperty('fault')
        expect(node.http?.response).toBeUndefined()
        // one that was lost is known to be only when others are below it
        if (later && !later.in_progress) expect((later.end_time ?? 0) * 1000).toBeGreaterThan(firstUsed)
      }
    }
    expect(running).toBeGreaterThan(0)
  })

  test('stay as they were for a closed past when an alias is moved later', async () => {
    const {world, clock} = await larder()
    const read = () => world.traces(firstUsed - 40 * minute, firstUsed - 20 * minute).map(trace => ({...trace}))
    const before = read()
    world.updateAlias('checkout-api', 'live', {version: '41', weights: {}})
    world.updateAlias('inventory', 'live', {version: '16', weights: {}})
    clock.at = firstUsed + 10 * minute
    expect(read()).toEqual(before)
  })

  test('are kept for thirty days, and no window has more than a hundred thousand', async () => {
    const {world} = await larder()
    expect(world.traces(firstUsed - 31 * day, firstUsed - 30 * day)).toEqual([])
    const oldest = world.traces(firstUsed - 30 * day, firstUsed - 30 * day + 10 * minute)[0]
    expect(world.trace(oldest?.id ?? '')?.id).toBe(oldest?.id)
    const year = world.traces(firstUsed - 365 * day, firstUsed)
    expect(year.length).toBe(100_000)
    expect(year.at(-1)?.id).toBe(world.traces(firstUsed - minute, firstUsed).at(-1)?.id)
  })

  test('go to X-Ray, but in us-east-1 to CloudWatch Logs', async () => {
    const state = await openState({directory: null, now: () => firstUsed, seed: 20_260})
    const abroad = createWorldsAbroad({seed: 20_260, now: () => firstUsed, state})
    const {world} = await larder()
    expect([world, ...abroad].map(({region, traceDestination}) => [region, traceDestination])).toEqual([
      ['eu-west-1', 'XRay'],
      ['us-east-1', 'CloudWatchLogs'],
      ['eu-central-1', 'XRay'],
    ])
    for (const each of abroad) expect(each.traces(firstUsed - hour, firstUsed).length).toBeGreaterThan(50)
  })
})

describe('spans in the log group of Transaction Search', () => {
  const america = async (clock: {at: number}) => {
    const now = () => clock.at
    const state = await openState({directory: null, now, seed: 20_260})
    const world = createWorldsAbroad({seed: 20_260, now, state}).find(({region}) => region === 'us-east-1')
    if (!world) throw new Error('nothing is in us-east-1')
    return world
  }

  test('are there for every segment and subsegment of a trace, at the moment it ended', async () => {
    const world = await america({at: firstUsed})
    expect(world.logGroup('aws/spans')).toMatchObject({class: 'STANDARD', retentionInDays: 30})
    expect(world.logStreams('aws/spans').map(({name}) => name)).toEqual(['default'])
    const traces = world.traces(firstUsed - hour, firstUsed - 30 * minute)
    const events = world.logEvents('aws/spans', firstUsed - hour, firstUsed)
    const spans = new Map(
      events.map(({timestamp, message}) => [JSON.parse(message).spanId as string, {...JSON.parse(message), timestamp}]),
    )
    expect(new Set(events.map(({eventId}) => eventId)).size).toBe(events.length)
    expect(new Set(events.map(({order}) => order)).size).toBe(events.length)
    expect(traces.length).toBeGreaterThan(50)
    for (const trace of traces) {
      for (const {id, above, start_time, end_time = 0} of nodesOf(trace)) {
        const span = spans.get(id)
        expect(span).toMatchObject({traceId: trace.id.replace(/^1-|-/g, ''), timestamp: Math.floor(end_time * 1000)})
        expect(span?.parentSpanId).toBe(above)
        expect(span?.startTimeUnixNano / 1e9).toBeCloseTo(start_time, 5)
      }
    }
  })

  test('come when they have ended, and are then what they stay', async () => {
    const clock = {at: firstUsed}
    const world = await america(clock)
    const read = () => world.logEvents('aws/spans', firstUsed - 10 * minute, firstUsed)
    const before = read()
    expect(before.length).toBeGreaterThan(100)
    clock.at = firstUsed + hour
    expect(read()).toEqual(before)
  })

  test('are only where Transaction Search is on', async () => {
    const {world} = await larder()
    expect(world.logGroup('aws/spans')).toBeUndefined()
  })
})

describe('segments that clients send', () => {
  const id = '1-6b005b02-0123456789abcdef01234567'
  const own = (document: Partial<SegmentDocument>): SegmentDocument => ({
    trace_id: id,
    id: '70de5b6f19ff9a0a',
    name: 'probe',
    start_time: firstUsed / 1000 - 60,
    ...document,
  })

  test('are found by their trace, which begins with the first of them', async () => {
    const {world} = await larder()
    world.putSegments([
      own({in_progress: true}),
      own({id: '70de5b6f19ff9a0b', start_time: firstUsed / 1000 - 61, end_time: firstUsed / 1000}),
    ])
    expect(world.trace(id)).toMatchObject({id, at: firstUsed - 61_000, documents: [{in_progress: true}, {}]})
    expect(world.traces(firstUsed - 2 * minute, firstUsed).filter(trace => trace.id === id)).toHaveLength(1)
    expect(world.traces(firstUsed - 3 * minute, firstUsed - 2 * minute).filter(trace => trace.id === id)).toEqual([])
  })

  test('replace what they say of themselves while they are in progress, never the other way round', async () => {
    const {world} = await larder()
    const done = own({end_time: firstUsed / 1000})
    world.putSegments([own({in_progress: true})])
    world.putSegments([done])
    world.putSegments([own({in_progress: true})])
    expect(world.trace(id)?.documents).toEqual([done])
  })

  test('join the trace of the company that has their id', async () => {
    const {world} = await larder()
    const [trace] = world.traces(firstUsed - 20 * minute, firstUsed - 10 * minute)
    const added = own({trace_id: trace?.id ?? '', end_time: firstUsed / 1000})
    const before = [...(trace?.documents ?? [])]
    world.putSegments([added])
    expect(world.trace(trace?.id ?? '')?.documents).toEqual([...before, added])
    expect(world.traces(firstUsed - 20 * minute, firstUsed).filter(each => each.id === trace?.id)).toHaveLength(1)
  })

  test('are forgotten trace by trace when there are too many, the longest untouched first', async () => {
    const {world} = await larder()
    const traceId = (i: number) => `1-6b005b02-${String(i).padStart(24, '0')}`
    for (let i = 0; i < 210; i++) {
      const segments = Array.from({length: 100}, (_, place) =>
        own({trace_id: traceId(i), id: String(place).padStart(16, '0')}),
      )
      world.putSegments(segments)
    }
    expect(world.trace(traceId(0))).toBeUndefined()
    expect(world.trace(traceId(209))?.documents).toHaveLength(100)
  })
})
