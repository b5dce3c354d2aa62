import {describe, expect, test} from 'vitest'
import type {Aws} from '../../../../src/services/aws/connect.ts'
import type {SourcedEvent} from '../../../../src/services/logs/log-event.ts'
import {type Past, readPast, readPastTail} from '../../../../src/services/logs/read-past.ts'
import type {LogSource} from '../../../../src/services/logs/source.ts'
import {createTally} from '../../../../src/services/logs/tally.ts'
import {parseSelection} from '../../../../src/services/targets/parse-target.ts'
import {resolveLogSources} from '../../../../src/services/targets/resolve-log-sources.ts'
import {embeddedAws, now} from '../../errors/embedded-aws.ts'
import {awsError} from './fake-log-groups.ts'

const minute = 60_000
const never = new AbortController().signal
const archiver = '/aws/lambda/log-archiver'

type Command = {readonly constructor: {readonly name: string}}

/** The same account for somebody who may not call an API. */
async function without(aws: Aws, command: string): Promise<Aws> {
  const client = await aws.logs()
  const send = (asked: Command, options: object) =>
    asked.constructor.name === command
      ? Promise.reject(awsError('AccessDeniedException', 'no'))
      : client.send(asked as never, options)
  return {...aws, logs: async () => ({send}) as never}
}

async function given(aws: Aws, targets: readonly string[]) {
  const {sources} = await resolveLogSources(aws, parseSelection({targets}))
  const notes: string[] = []
  const window = {start: now - 90 * minute, end: now - minute}
  const past = (byInsights: readonly LogSource[], maySwitch = true): Past => ({
    window,
    byInsights: new Set(byInsights),
    maySwitch,
    note: notice => void notes.push(notice),
  })
  const tally = createTally(sources.length)
  return {sources, notes, past, tally}
}

const keys = (events: readonly SourcedEvent[]): string[] =>
  events.map(({timestamp, source, logStream, message}) => [timestamp, source.logGroup, logStream, message].join(' '))
const read = async (...args: Parameters<typeof readPast>): Promise<SourcedEvent[]> =>
  (await Array.fromAsync(readPast(...args))).flat()

describe('two engines', () => {
  test('read as one stream what one of them reads alone', async () => {
    const {sources, past} = await given(await embeddedAws(), ['checkout-api', 'inventory', 'billing-worker'])
    const mixed = await read(sources, past(sources.slice(0, 1)), createTally(3), never)
    const alone = await read(sources, past([]), createTally(3), never)
    expect(keys(mixed).toSorted()).toEqual(keys(alone).toSorted())
    expect(mixed.map(({timestamp}) => timestamp)).toEqual(alone.map(({timestamp}) => timestamp))
  })

  test('take each other’s place where queries are not allowed, said once', async () => {
    const aws = await without(await embeddedAws(), 'StartQueryCommand')
    const {sources, past, notes, tally} = await given(aws, ['checkout-api', 'inventory'])
    const events = await read(sources, past(sources), tally, never)
    expect(events.length).toBeGreaterThan(1_000)
    expect(notes).toEqual(['logs:StartQuery is not allowed: FilterLogEvents reads instead'])
    expect(tally).toMatchObject({gaps: [], complete: 2, answered: 2})
  })
})

describe('a group that turns out to be of the Infrequent Access class', () => {
  // what it writes is little: three days of it
  const days = (past: Past): Past => ({...past, window: {...past.window, start: now - 72 * 60 * minute}})

  test('is queried, among the others and in order', async () => {
    const {sources, past, notes, tally} = await given(await embeddedAws(), [archiver, 'image-resize'])
    const events = await read(sources, days(past([])), tally, never)
    expect(new Set(events.map(({source}) => source.logGroup))).toEqual(new Set([archiver, '/aws/lambda/image-resize']))
    const times = events.map(({timestamp}) => timestamp)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(notes).toEqual([`${archiver} is of the Infrequent Access class: Logs Insights reads it`])
    expect(tally).toMatchObject({gaps: [], complete: 2, answered: 2})
  })

  test('gives its newest events too', async () => {
    const {sources, past, tally} = await given(await embeddedAws(), [archiver])
    const all = await read(sources, days(past([])), createTally(1), never)
    const newest = await readPastTail(sources, days(past([])), 3, tally, never)
    expect(keys(newest)).toEqual(keys(all.slice(-3)))
    expect(tally).toMatchObject({gaps: [], complete: 1, answered: 1})
  })

  test('is a gap where nothing may switch', async () => {
    const {sources, past, tally} = await given(await embeddedAws(), [archiver])
    expect(await read(sources, past([], false), tally, never)).toEqual([])
    expect(tally.gaps).toMatchObject([{what: archiver, reason: 'unsupported-class'}])
  })
})

test('what queries cost is told although the read was stopped', async () => {
  const {sources, past, tally} = await given(await embeddedAws(), ['checkout-api'])
  for await (const events of readPast(sources, past(sources), tally, never)) if (events.length > 0) break
  expect(tally.insights?.queries).toBeGreaterThan(0)
})
