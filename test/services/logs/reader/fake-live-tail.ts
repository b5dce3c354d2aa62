import type {StartLiveTailCommandInput, StartLiveTailResponseStream} from '@aws-sdk/client-cloudwatch-logs'
import type {FakeClock} from './fake-clock.ts'
import {awsError, type Stored} from './fake-log-groups.ts'

type Begun = {
  /** which of all calls it is, from 1 */
  readonly nth: number
  readonly groups: readonly string[]
  /** epoch ms on the reader's clock */
  readonly at: number
}

type Session = Begun & {endedAt: number | null}

/** What a session does instead of sending what came in: says less, says it twice, nothing any more, or ends. */
type FrameQuirk = 'sample' | 'repeat' | 'fall silent' | 'end' | Error | undefined

type FakeLiveOptions = {
  readonly clock: FakeClock
  /** refuses a call */
  readonly quirk?: (call: Begun) => Error | undefined
  /** asked before each frame; `age` is how many the session has sent */
  readonly frame?: (session: Begun, age: number) => FrameQuirk
  /** how long after it can be searched for an event is in a frame; negative: before */
  readonly behindMs?: (event: Stored) => number
  readonly mostSessions?: number
  readonly nameOf?: (logGroup: string) => string
}

export type FakeLiveTail = {
  start(
    input: unknown,
    stored: ReadonlyMap<string, readonly Stored[]>,
    serverNow: () => number,
    signal: AbortSignal | undefined,
  ): Promise<{responseStream: AsyncIterable<StartLiveTailResponseStream>}>
  readonly calls: readonly Session[]
  readonly inputs: readonly StartLiveTailCommandInput[]
  /** frames that were taken, of all sessions */
  readonly framesRead: number
  /** sessions that run now */
  readonly open: number
  /** the most that ran at a time */
  readonly mostOpen: number
}

export const arnOf = (logGroup: string): string => `arn:aws:logs:eu-west-1:123456789012:log-group:${logGroup}`
const nameIn = (identifier: string): string => identifier.split(':').at(-1) ?? ''

const keptFrames = 10
const keptEvents = 5000
const mostPerFrame = 500
const sampledTo = 0.3

/** StartLiveTail as AWS describes it: a frame a second, at most 500 events in it, and ten kept for a slow reader. */
export function fakeLiveTail(options: FakeLiveOptions): FakeLiveTail {
  const {clock, nameOf = arnOf, behindMs = () => 0, mostSessions = 15} = options
  const calls: Session[] = []
  const inputs: StartLiveTailCommandInput[] = []
  let mostOpen = 0
  let framesRead = 0
  const open = (): number => calls.filter(({endedAt}) => endedAt === null).length

  return {
    async start(given, stored, serverNow, signal) {
      const input = given as StartLiveTailCommandInput
      const groups = (input.logGroupIdentifiers ?? []).map(nameIn)
      const session: Session = {nth: calls.length + 1, groups, at: clock.now(), endedAt: null}
      inputs.push(input)
      const isFull = open() >= mostSessions
      calls.push(session)
      const close = () => {
        session.endedAt ??= clock.now()
      }
      try {
        await clock.sleep(30, signal).catch(() => {
          throw Object.assign(new Error('Request aborted'), {name: 'AbortError'})
        })
        const refusal = options.quirk?.(session)
        if (refusal) throw refusal
        if (isFull) throw awsError('LimitExceededException', 'too many sessions')
        if (groups.length > 10 || new Set(groups).size !== groups.length)
          throw awsError('InvalidParameterException', 'up to ten log groups')
        for (const arn of input.logGroupIdentifiers ?? [])
          if (arn.endsWith('*')) throw awsError('InvalidParameterException', 'an ARN may not end in *')
        for (const group of groups) if (!stored.has(group)) throw awsError('ResourceNotFoundException', 'no such group')
      } catch (error) {
        close()
        throw error
      }
      mostOpen = Math.max(mostOpen, open())
      const events = groups.flatMap(group =>
        (stored.get(group) ?? [])
          .filter(({message}) => !input.logEventFilterPattern || message.includes(input.logEventFilterPattern))
          .map(event => ({event, group, liveAt: event.visibleAt + behindMs(event)})),
      )
      return {responseStream: stream(session, events, serverNow, signal, close)}
    },
    calls,
    inputs,
    get framesRead() {
      return framesRead
    },
    get open() {
      return open()
    },
    get mostOpen() {
      return mostOpen
    },
  }

  function stream(
    session: Session,
    events: readonly {event: Stored; group: string; liveAt: number}[],
    serverNow: () => number,
    signal: AbortSignal | undefined,
    close: () => void,
  ): AsyncIterable<StartLiveTailResponseStream> {
    type Kept = {readonly answer: StartLiveTailResponseStream; readonly size: number}
    const kept: Kept[] = [{answer: {sessionStart: {}} as StartLiveTailResponseStream, size: 0}]
    let over: {readonly error: Error | null} | null = null
    let arrived = Promise.withResolvers<void>()
    const tell = () => {
      arrived.resolve()
      arrived = Promise.withResolvers<void>()
    }
    const finish = (error: Error | null) => {
      over ??= {error}
      close()
      tell()
    }
    signal?.addEventListener('abort', () => finish(Object.assign(new Error('aborted'), {code: 'ECONNRESET'})))

    const produce = async (): Promise<void> => {
      let sentUpTo = serverNow()
      for (let age = 0; over === null; age++) {
        const before = clock.now()
        await clock.sleep(1000, signal).catch(() => {})
        const quirk = options.frame?.(session, age)
        // nobody keeps a connection to a laptop that sleeps
        if (quirk === 'fall silent' || clock.now() - before > 5000) return
        if (quirk === 'end') return finish(null)
        if (quirk instanceof Error) return finish(quirk)
        if (over !== null) return
        const upTo = serverNow()
        const came = events.filter(({liveAt}) => liveAt > sentUpTo && liveAt <= upTo)
        sentUpTo = upTo
        const sampled = quirk === 'sample' || came.length > mostPerFrame
        const sent = sampled ? came.filter((_, i) => (i * 7919) % 100 < sampledTo * 100).slice(0, mostPerFrame) : came
        kept.push({
          answer: {sessionUpdate: {sessionMetadata: {sampled}, sessionResults: sent.map(asResult)}},
          size: sent.length,
        })
        const last = kept.at(-1)
        if (quirk === 'repeat' && last) kept.push(last)
        while (kept.length > keptFrames || kept.reduce((sum, {size}) => sum + size, 0) > keptEvents) kept.shift()
        tell()
      }
    }
    void produce()

    const next = async (): Promise<IteratorResult<StartLiveTailResponseStream>> => {
      for (;;) {
        const first = kept.shift()
        if (first) {
          framesRead++
          return {done: false, value: first.answer}
        }
        if (over?.error) throw over.error
        if (over) return {done: true, value: undefined}
        await arrived.promise
      }
    }
    return {[Symbol.asyncIterator]: () => ({next})}
  }

  function asResult({event, group}: {event: Stored; group: string}) {
    const {logStream, timestamp, ingestionTime, message} = event
    return {logGroupIdentifier: nameOf(group), logStreamName: logStream, timestamp, ingestionTime, message}
  }
}
