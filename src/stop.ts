import {setMaxListeners} from 'node:events'

/** The user's Ctrl-C, nobody reads the output any more, or there is nothing more to do. */
type WhyStopped = 'interrupted' | 'closed' | 'done'

/** How everything that a command does comes to an end. */
export type Stop = {
  /** aborts once, whatever the reason */
  readonly signal: AbortSignal
  /** aborts when nobody reads the output any more */
  readonly closed: AbortSignal
  now(why: WhyStopped): void
  /** null while nothing has stopped it */
  why(): WhyStopped | null
  /**
   * What must be undone before the process may go takes the time it needs, until what this returns is called.
   * @param lastWords what is said to who will not wait for it
   */
  holdOn(lastWords: () => string): () => void
  /** null where nothing has to be undone */
  lastWords(): string | null
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Listens to what asks the process to end.
 * @returns what ends the listening
 */
export function onStopSignals(process: Pick<NodeJS.Process, 'on' | 'off'>, handle: () => void): () => void {
  for (const signal of stopSignals) process.on(signal, handle)
  return () => {
    for (const signal of stopSignals) process.off(signal, handle)
  }
}

export function createStop(): Stop {
  const stop = new AbortController()
  const closed = new AbortController()
  let reason: WhyStopped | null = null
  const holding = new Set<() => string>()
  // every call to AWS and every sleep listens
  setMaxListeners(0, stop.signal)
  return {
    signal: stop.signal,
    closed: closed.signal,
    now(why) {
      reason ??= why
      if (why === 'closed') closed.abort()
      stop.abort(Object.assign(new Error(why), {name: 'Stopped'}))
    },
    why: () => reason,
    holdOn(lastWords) {
      holding.add(lastWords)
      return () => void holding.delete(lastWords)
    },
    lastWords: () => (holding.size === 0 ? null : [...holding].map(words => words()).join('')),
  }
}
