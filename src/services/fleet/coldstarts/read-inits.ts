import {wanted} from '../../logs/attribute.ts'
import {type LogStream, type ReadLogsOptions, readLogs} from '../../logs/read-logs.ts'
import type {LogSource} from '../../logs/source.ts'
import {coldPattern} from './cold-event.ts'
import {type InitsListener, joinInits, type MetInit, type OpenInit} from './inits.ts'

/** What log groups told of inits. */
export type ReadInits = {
  readonly met: MetInit[]
  readonly open: {readonly init: OpenInit; readonly requestedAt: number | null}[]
  /** ARNs of functions of which there are no reports to count */
  readonly uncountable: Map<string, 'managed-instances' | 'web-function'>
  /** epoch ms up to which all was read; null: to the end */
  readTo: number | null
}

export type ReadInitsOptions = Pick<ReadLogsOptions, 'sources' | 'start' | 'end' | 'byInsights' | 'maySwitch'> & {
  /** all reports too */
  readonly reports: boolean
  readonly onRequest?: InitsListener['request']
}

/** Lines that tell of inits, about to be read; what has come is in `inits`, whatever ends the read. */
export function readInits(
  {reports, onRequest, ...options}: ReadInitsOptions,
  signal: AbortSignal,
): {
  readonly tally: LogStream['tally']
  readonly inits: ReadInits
  run(onNotice: (notice: string) => void): Promise<void>
} {
  const stream = readLogs({...options, follow: false, tail: null, filterPattern: coldPattern({reports})}, signal)
  const inits: ReadInits = {met: [], open: [], uncountable: new Map(), readTo: options.start}
  const joined = joinInits({
    met: init => void inits.met.push(init),
    left: (init, requestedAt) => void inits.open.push({init, requestedAt}),
    uncountable: (owner, why) => void (owner && inits.uncountable.set(owner.function.arn, why)),
    ...(onRequest && {request: onRequest}),
  })
  const isWanted = wantedStreams()
  return {
    tally: stream.tally,
    inits,
    async run(onNotice) {
      try {
        for await (const {events, notices} of stream) {
          for (const notice of notices) onNotice(notice)
          for (const event of events) if (isWanted(event.source, event.logStream)) joined.push(event)
          inits.readTo = events.at(-1)?.timestamp ?? inits.readTo
        }
        inits.readTo = null
      } finally {
        joined.flush()
      }
    },
  }
}

/** Tells the streams of what was asked for; what only some of a group were asked for is told by the stream's name. */
function wantedStreams(): (source: LogSource, logStream: string) => boolean {
  const known = new Map<LogSource, (logStream: string) => boolean>()
  return (source, logStream) => {
    const isWanted = known.get(source) ?? wanted(source)
    known.set(source, isWanted)
    return isWanted(logStream)
  }
}
