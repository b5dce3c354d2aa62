import type {LogSource} from './source.ts'

/**
 * Something known per log stream of a source, for at most 20,000 streams: beyond that the stream that was met first is
 * forgotten, as AWS gives every new environment a new stream and a day of a busy account has thousands.
 */
export type PerStream<State> = {
  get(source: LogSource, logStream: string): State
  delete(source: LogSource, logStream: string): void
  values(): IterableIterator<State>
}

const maxStreams = 20_000

export function perStream<State>(
  make: (source: LogSource, logStream: string) => State,
  forgotten?: (state: State) => void,
): PerStream<State> {
  const sources = new Map<LogSource, Map<string, Entry<State>>>()
  // a Map keeps the order of insertion, so its first entry is the oldest
  const entries = new Map<Entry<State>, State>()

  // events of one stream often stand together
  let last: Entry<State> | undefined

  function remove(entry: Entry<State>): void {
    if (last === entry) last = undefined
    entries.delete(entry)
    const streams = sources.get(entry.source)
    streams?.delete(entry.logStream)
    if (streams?.size === 0) sources.delete(entry.source)
  }

  return {
    get(source, logStream) {
      if (last && last.source === source && last.logStream === logStream) return last.state
      const known = sources.get(source)?.get(logStream)
      if (known) {
        last = known
        return known.state
      }
      if (entries.size >= maxStreams) {
        const [oldest] = entries.keys()
        if (oldest) {
          remove(oldest)
          forgotten?.(oldest.state)
        }
      }
      const entry = {source, logStream, state: make(source, logStream)}
      const streams = sources.get(source) ?? new Map<string, Entry<State>>()
      streams.set(logStream, entry)
      sources.set(source, streams)
      entries.set(entry, entry.state)
      last = entry
      return entry.state
    },
    delete(source, logStream) {
      const entry = sources.get(source)?.get(logStream)
      if (entry) remove(entry)
    },
    values: () => entries.values(),
  }
}

type Entry<State> = {readonly source: LogSource; readonly logStream: string; readonly state: State}
