import type {LogStream} from './read-logs.ts'
import type {StopRule} from './stop-rule.ts'
import type {View} from './view.ts'

export type ViewedStep<Item> = {
  readonly items: readonly Item[]
  readonly notices: readonly string[]
  /** as in LogStep */
  readonly holdMs: number | null
}

export type ViewLogsOptions<Item> = {
  readonly view: View<Item>
  readonly stop: StopRule
  readonly messagesOf: (item: Item) => readonly string[]
  /** only the newest so many of what is past, where they can only be counted after selection */
  readonly tail: number | null
}

/** Reads a stream through a view until it ends or the stop rule says so. Throws what the stream throws. */
export async function* viewLogs<Item>(
  stream: LogStream,
  {view, stop, messagesOf, tail}: ViewLogsOptions<Item>,
): AsyncGenerator<ViewedStep<Item>> {
  let newest: Item[] | null = tail === null ? null : []
  const keep = (items: readonly Item[]): readonly Item[] => {
    if (newest === null || tail === null) return items
    newest.push(...items)
    if (newest.length > 2 * tail) newest = newest.slice(-tail)
    return []
  }
  const release = (): readonly Item[] => {
    const kept = tail === null || newest === null ? [] : newest.slice(Math.max(0, newest.length - tail))
    newest = null
    return kept
  }

  for await (const {events, notices, holdMs} of stream) {
    const viewed = view.push(events)
    const items = holdMs === null || newest === null ? keep(viewed) : [...release(), ...viewed]
    yield {items: stop.admit(items, messagesOf), notices, holdMs}
    if (stop.done) return
  }
  const last = keep(view.flush())
  yield {items: stop.admit(newest === null ? last : release(), messagesOf), notices: [], holdMs: null}
}
