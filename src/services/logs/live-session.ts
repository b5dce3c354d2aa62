import type {StartLiveTailResponseStream} from '@aws-sdk/client-cloudwatch-logs'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {stopSignal, unlessAborted} from '../stop-signal.ts'

type LiveResult = {
  /** a bare name, `account:name`, or an ARN */
  readonly logGroupIdentifier: string
  readonly logStream: string
  readonly timestamp: number
  readonly ingestionTime: number
  readonly message: string
}

/** What came in within about a second; the first of a session, which only says that it has begun, is empty. */
export type LiveFrame = {
  /** there was more than Live Tail hands over, and some of it is not here */
  readonly sampled: boolean
  readonly results: readonly LiveResult[]
  /** which log groups the session says that it is of; null in all frames but the first, or where it does not say */
  readonly sessionOf: readonly string[] | null
}

/** One StartLiveTail call. */
export type LiveSession = {
  /** to be read once; throws what AWS said or how the connection broke, and ends where AWS ended it without a word */
  readonly frames: AsyncIterable<LiveFrame>
  /** since when an answer or a frame is owed, by this machine's clock; null while none is asked for */
  readonly waitingSince: number | null
  /** Ends it at once: `frames` throws. */
  close(): void
}

/**
 * A session of Live Tail; it starts, in its turn, when its frames are first asked for.
 * @param logGroups 1 … 10 ARNs
 * @param mayRead resolves when the next frame may be read: what is not read stays with AWS, which keeps ten frames
 */
export function createLiveSession(
  aws: Aws,
  request: {readonly logGroups: readonly string[]; readonly filterPattern: string | undefined},
  mayRead: () => Promise<void>,
  signal: AbortSignal,
): LiveSession {
  const {stopped, stop} = stopSignal(signal)
  let waitingSince: number | null = null

  // a connection that is cut in half never answers, an abort neither
  const owed = async <T>(answer: Promise<T>): Promise<T> => {
    waitingSince = aws.clock.now()
    try {
      return await unlessAborted(answer, stopped)
    } finally {
      waitingSince = null
    }
  }

  async function* frames(): AsyncGenerator<LiveFrame> {
    try {
      const client = await aws.logs()
      const {StartLiveTailCommand} = sdk.logs()
      const input = {
        logGroupIdentifiers: [...request.logGroups],
        ...(request.filterPattern !== undefined && {logEventFilterPattern: request.filterPattern}),
      }
      const {responseStream} = await aws.budget.read(
        'StartLiveTail',
        () => owed(client.send(new StartLiveTailCommand(input), {abortSignal: stopped})),
        {priority: 'small', signal: stopped},
      )
      const answers = responseStream?.[Symbol.asyncIterator]()
      for (;;) {
        const next = answers && (await owed(answers.next()))
        if (!next || next.done) return
        yield frameOf(next.value)
        await unlessAborted(mayRead(), stopped)
      }
    } finally {
      stop()
    }
  }

  return {
    frames: frames(),
    get waitingSince() {
      return waitingSince
    },
    close: stop,
  }
}

function frameOf(answer: StartLiveTailResponseStream): LiveFrame {
  const failure = answer.SessionTimeoutException ?? answer.SessionStreamingException
  if (failure) throw failure
  const {sessionMetadata, sessionResults = []} = answer.sessionUpdate ?? {}
  return {
    sessionOf: answer.sessionStart?.logGroupIdentifiers ?? null,
    sampled: sessionMetadata?.sampled ?? false,
    results: sessionResults.map(result => ({
      logGroupIdentifier: result.logGroupIdentifier ?? '',
      logStream: result.logStreamName ?? '',
      timestamp: result.timestamp ?? 0,
      ingestionTime: result.ingestionTime ?? result.timestamp ?? 0,
      message: result.message ?? '',
    })),
  }
}
