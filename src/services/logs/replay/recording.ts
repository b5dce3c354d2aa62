import {createReadStream} from 'node:fs'
import {stat} from 'node:fs/promises'
import {createInterface} from 'node:readline'
import {UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Scope} from '../../aws/scope.ts'
import {fileFailure} from '../../file-failure.ts'
import type {Gap} from '../../receipt.ts'
import type {SourcedEvent} from '../log-event.ts'
import {compareEvents} from '../order.ts'
import type {FunctionRef, LogSource} from '../source.ts'
import {noAws} from './no-aws.ts'
import {type RecordedEvent, receiptIn, recordedEvents} from './recorded-line.ts'

/** A file of `slsops/log@1` lines, as `logs --out` and `logs --json` write them. */
export type Recording = {
  readonly file: string
  readonly sources: readonly LogSource[]
  readonly scopes: readonly Scope[]
  /** epoch ms of the first and the last event */
  readonly start: number
  readonly end: number
  readonly events: number
  /** what was missing when it was written, and what of it cannot be read now */
  readonly gaps: readonly Gap[]
  readonly notes: readonly string[]
  /** the events in the contract's order, some at a time */
  batches(signal: AbortSignal): AsyncGenerator<SourcedEvent[]>
}

const batchSize = 128

/**
 * Looks through a recording: what is in it, and whether it is in order. Its events are read again when they are asked for,
 * a few at a time; only those of a file that is out of order, and of what can be read but once (a pipe), are held in memory
 * all at once.
 * @throws UserError for a file that cannot be read, and for one without any event
 */
export async function openRecording(file: string, signal: AbortSignal): Promise<Recording> {
  const found = createContents()
  let previous: SourcedEvent | null = null
  let isOrdered = true
  let held: SourcedEvent[] | null = null
  try {
    if (!(await stat(file)).isFile()) held = []
    for await (const line of linesOf(file, signal)) {
      for (const event of found.take(line)) {
        if (previous !== null && compareEvents(previous, event) > 0) isOrdered = false
        previous = event
        held?.push(event)
      }
    }
  } catch (error) {
    signal.throwIfAborted()
    throw unreadable(file, error)
  }
  if (found.events === 0)
    throw new UserError(`${file} holds no log events`, {
      code: 'NoEvents',
      hint: 'slsops logs --out FILE.ndjson writes what can be replayed; so does slsops logs --json > FILE',
    })
  return {
    file,
    sources: found.sources(),
    scopes: found.scopes(),
    start: found.start,
    end: found.end,
    events: found.events,
    gaps: found.gaps(file),
    notes: found.isCut ? [`${file} ends without a receipt: whether it holds everything is not known`] : [],
    batches: signal =>
      held ? sorted(held) : isOrdered ? inOrder(file, found, signal) : outOfOrder(file, found, signal),
  }
}

type Contents = ReturnType<typeof createContents>

async function* inOrder(file: string, contents: Contents, signal: AbortSignal): AsyncGenerator<SourcedEvent[]> {
  let batch: SourcedEvent[] = []
  for await (const line of linesOf(file, signal)) {
    for (const event of contents.read(line)) batch.push(event)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  yield batch
}

async function* outOfOrder(file: string, contents: Contents, signal: AbortSignal): AsyncGenerator<SourcedEvent[]> {
  const events: SourcedEvent[] = []
  for await (const line of linesOf(file, signal)) for (const event of contents.read(line)) events.push(event)
  yield* sorted(events)
}

async function* sorted(all: readonly SourcedEvent[]): AsyncGenerator<SourcedEvent[]> {
  const events = all.toSorted(compareEvents)
  for (let at = 0; at < events.length; at += batchSize) yield events.slice(at, at + batchSize)
}

async function* linesOf(file: string, signal: AbortSignal): AsyncGenerator<string> {
  const stream = createReadStream(file, {encoding: 'utf8', signal})
  const failed = new Promise<never>((_, reject) => stream.once('error', reject))
  failed.catch(() => undefined)
  const lines = createInterface({input: stream, crlfDelay: Number.POSITIVE_INFINITY})[Symbol.asyncIterator]()
  try {
    for (;;) {
      const {done, value} = await Promise.race([lines.next(), failed])
      if (done) break
      if (value.trim() !== '') yield value
    }
    // readline ends quietly where the file could not be read
    if (stream.errored) throw stream.errored
  } finally {
    stream.destroy()
  }
}

function createContents() {
  const groups = new Map<string, {source: LogSource; functions: FunctionRef[]}>()
  const connections = new Map<string, Aws>()
  let unreadable = 0
  let firstUnreadable = 0
  let lines = 0
  let endsWithReceipt = false
  let recordedGaps: readonly Gap[] = []
  let endpoint: Scope['endpoint'] = 'aws'
  const contents = {
    events: 0,
    start: Number.POSITIVE_INFINITY,
    end: Number.NEGATIVE_INFINITY,
    /** Takes note of a line, and gives its events. */
    take(line: string): SourcedEvent[] {
      lines++
      const events = recordedEvents(line)
      if (events === null) {
        if (unreadable++ === 0) firstUnreadable = lines
        return []
      }
      if (events.length > 0) endsWithReceipt = false
      const receipt = events.length === 0 ? receiptIn(line) : null
      if (receipt) {
        endsWithReceipt = true
        recordedGaps = [...recordedGaps, ...receipt.gaps]
        endpoint = receipt.endpoint ?? endpoint
      }
      return events.map(event => {
        contents.events++
        contents.start = Math.min(contents.start, event.timestamp)
        contents.end = Math.max(contents.end, event.timestamp)
        return sourced(event)
      })
    },
    /** The events of a line that was taken before. */
    read: (line: string): SourcedEvent[] => (recordedEvents(line) ?? []).map(sourced),
    sources: (): LogSource[] => [...groups.values()].map(({source}) => source),
    scopes: (): Scope[] => [...connections.values()].map(({scope}) => ({...scope, endpoint})),
    get isCut() {
      return !endsWithReceipt
    },
    gaps: (file: string): Gap[] => [
      ...recordedGaps,
      ...(unreadable === 0
        ? []
        : [
            {
              what: `${unreadable} ${unreadable === 1 ? 'line' : 'lines'} of ${file}`,
              account: null,
              region: [...connections.values()][0]?.scope.region ?? '',
              reason: 'failed' as const,
              detail: `no slsops/log@1 line, the first is line ${firstUnreadable}`,
            },
          ]),
    ],
  }
  return contents

  function sourced(event: RecordedEvent): SourcedEvent {
    const {logStream, timestamp, ingestionTime, eventId, message, late} = event
    return {source: sourceOf(event), logStream, timestamp, ingestionTime, eventId, message, late}
  }

  function sourceOf({account, region, logGroup, function: owner}: RecordedEvent): LogSource {
    const key = `${account}\n${region}\n${logGroup}`
    let group = groups.get(key)
    if (!group) {
      const place = `${account}\n${region}`
      const aws = connections.get(place) ?? noAws({account, region, profile: null, endpoint: 'aws'})
      connections.set(place, aws)
      const functions: FunctionRef[] = []
      const source = {aws, scope: aws.scope, logGroup, logGroupClass: null, functions, only: null, mayBeMissing: false}
      group = {source, functions}
      groups.set(key, group)
    }
    if (owner && !group.functions.some(({name}) => name === owner.name)) group.functions.push(owner)
    return group.source
  }
}

function unreadable(file: string, error: unknown): UserError {
  const {code} = error as NodeJS.ErrnoException
  return new UserError(`could not read ${file}: ${fileFailure('read', error)}`, {
    code: code ?? 'Unreadable',
    hint: 'give the file that slsops logs --out wrote',
  })
}
