import {describe, expect, test} from 'vitest'
import {noon} from '../../hand-made-world.ts'
import {ago, askXray, idOf, segment, traceId} from './asking.ts'

const day = 86_400

describe('PutTraceSegments', () => {
  test('what was put can be read back, by id and in a summary', async () => {
    const {put, documents, summaries} = await askXray({})
    expect((await put(segment())).UnprocessedTraceSegments).toEqual([])
    expect(await documents(traceId(10))).toEqual([segment()])
    expect((await summaries()).map(({Id}) => Id)).toEqual([traceId(10)])
  })

  test.each([
    ['without an id', {id: undefined}, 'MissingId', undefined],
    ['an id that is none', {id: 'x'}, 'InvalidId', undefined],
    ['without a name', {name: undefined}, 'MissingName', idOf(1)],
    ['a name of 201 letters', {name: 'a'.repeat(201)}, 'InvalidName', idOf(1)],
    ['a name with a character that names do not have', {name: 'a?b'}, 'InvalidName', idOf(1)],
    ['without a trace', {trace_id: undefined}, 'MissingTraceId', idOf(1)],
    ['a trace id of another form', {trace_id: '1-2-3'}, 'InvalidTraceId', idOf(1)],
    ['a trace id older than 30 days', {trace_id: traceId(30 * day + 1)}, 'InvalidTraceId', idOf(1)],
    ['a trace id of the future', {trace_id: traceId(-600)}, 'InvalidTraceId', idOf(1)],
    ['without a start', {start_time: undefined}, 'MissingStartTime', idOf(1)],
    ['a start in words', {start_time: 'now'}, 'InvalidStartTime', idOf(1)],
    ['neither ended nor in progress', {end_time: undefined}, 'MissingEndTime', idOf(1)],
    ['too large', {metadata: {default: 'x'.repeat(64 * 1024)}}, 'SegmentTooLarge', idOf(1)],
  ])('a segment %s is not taken', async (_, change, ErrorCode, Id) => {
    const {put, summaries} = await askXray({})
    expect((await put({...segment(), ...change})).UnprocessedTraceSegments).toEqual([
      {...(Id !== undefined && {Id}), ErrorCode, Message: `Invalid segment. ErrorCode: ${ErrorCode}`},
    ])
    expect(await summaries()).toEqual([])
  })

  test('what is wrong with a subsegment is said of a subsegment', async () => {
    const {put} = await askXray({})
    const nested = {...segment(), subsegments: [{id: idOf(2), start_time: 1, end_time: 2}]}
    const independent = {...segment(), type: 'subsegment'}
    expect((await put(nested, independent)).UnprocessedTraceSegments).toEqual([
      {Id: idOf(1), ErrorCode: 'MissingName', Message: 'Invalid subsegment. ErrorCode: MissingName'},
      {Id: idOf(1), ErrorCode: 'MissingParentId', Message: 'Invalid subsegment. ErrorCode: MissingParentId'},
    ])
  })

  test('texts that are no JSON are refused one by one, and what stands beside them is taken', async () => {
    const {put, summaries} = await askXray({})
    const answer = await put('{', segment(), '[]', '7', '['.repeat(30_000) + ']'.repeat(30_000))
    expect(answer.UnprocessedTraceSegments?.map(({Id, ErrorCode}) => [Id, ErrorCode])).toEqual([
      [undefined, 'ParseError'],
      [undefined, 'MissingId'],
      [undefined, 'ParseError'],
      [undefined, expect.stringMatching(/^(ParseError|MissingId)$/)],
    ])
    expect(await summaries()).toHaveLength(1)
  })

  test('a document whose optional fields hold nonsense is taken and told of without them', async () => {
    const {put, summaries} = await askXray({})
    await put({
      ...segment(),
      http: 'x',
      aws: [],
      annotations: ['x'],
      cause: 'abcdefabcdefabcd',
      user: 7,
      origin: {},
      links: 'x',
      fault: 'yes',
    })
    expect(await summaries()).toMatchObject([{HasFault: false, Http: {}, Annotations: {}, Users: []}])
  })

  test('a segment in progress makes a trace partial until its end is sent', async () => {
    const {put, summaries, documents} = await askXray({})
    await put(segment({in_progress: true, start_time: ago(10)}))
    const [partial] = await summaries()
    expect(partial).toMatchObject({IsPartial: true, Duration: 0, Revision: 1})
    expect(partial?.ResponseTime).toBeUndefined()
    await put(segment())
    expect(await summaries()).toMatchObject([{IsPartial: false, Duration: 0.2, ResponseTime: 0.2, Revision: 2}])
    expect(await documents(traceId(10))).toEqual([segment()])
  })

  test('the clock is the server’s', async () => {
    const {put} = await askXray({}, {clockSkew: {ms: -86_400_000}})
    const {UnprocessedTraceSegments} = await put(segment({start_time: noon / 1000}))
    expect(UnprocessedTraceSegments?.[0]?.ErrorCode).toBe('InvalidTraceId')
  })
})
