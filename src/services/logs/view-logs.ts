import type {LogStream} from './read-logs.ts'
import type {StopRule} from './stop-rule.ts'
import type {View} from './view.ts'

export type ViewedStep<Item> = {
  readonly items: readonly Item[]
  readonly notices: readonly string[]
}

export type ViewLogsOptions<Item> = {
  readonly view: View<Item>
  /** completes and selects what only then can be; in order */
  readonly refine?: ((items: readonly Item[]) => Promise<readonly Item[]>) | undefined
  readonly stop: StopRule
  /** null for what only stands around others */
  readonly messagesOf: (item: Item) => readonly string[] | null
  /** only the newest so many of what is past, where they can only be counted after selection */
  readonly tail: number | null
}

/** Reads a stream through a view until it ends or the stop rule says so. Throws what the stream throws. */
export async function* viewLogs<Item>(
  stream: LogStream,
  {view, refine = async items => items, stop, messagesOf, tail}: ViewLogsOptions<Item>,
): AsyncGenerator<ViewedStep<Item>> {
  let newest: Item[] | null = tail === null ? null : []
  const keep = (items: readonly Item[]): readonly Item[] => {
    if (newest === null || tail === null) return items
    for (const item of items) newest.push(item)
    if (newest.length > 2 * tail) newest = newest.slice(-tail)
    return []
  }
  const release = (): readonly Item[] => {
    const kept = newest?.slice(Math.max(0, newest.length - (tail ?? 0))) ?? []
    newest = null
    return kept
  }

  for await (const {events, notices, following} of stream) {
    const items = keep(await refine(view.push(events, following?.upTo ?? null)))
    const isPastOver = following !== null && following.upTo !== null
    const shown = newest !== null && isPastOver ? release() : items
    yield {items: stop.admit(shown, messagesOf), notices}
    if (stop.done) return
  }
  const last = keep(await refine(view.flush()))
  yield {items: stop.admit(newest === null ? last : release(), messagesOf), notices: []}
}
