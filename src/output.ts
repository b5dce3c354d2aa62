/** Text on its way to a stream: gathered into large writes, held back while the reader is slow. */
export type Output = {
  /** resolves when more may come; at once unless the reader is slow */
  write(text: string): Promise<void>
  /** resolves when all has been handed to the stream */
  flush(): Promise<void>
}

const gatheredCharacters = 64 * 1024

/**
 * Gathers texts until there are 64 k characters of them, or until the process has nothing else to do: so a fast answer
 * takes few writes and a slow one is seen at once.
 * @param closed aborted when nobody reads the stream any more; what comes then is dropped
 * @param hurry aborted when nobody should wait for a slow reader any more
 */
export function createOutput(stream: NodeJS.WritableStream, closed: AbortSignal, hurry: AbortSignal): Output {
  let gathered = ''
  let scheduled = false
  const waiting = new Set<() => void>()
  const release = (): void => {
    for (const go of waiting) go()
  }
  for (const signal of [closed, hurry]) signal.addEventListener('abort', release, {once: true})

  const flush = async (): Promise<void> => {
    if (gathered === '' || closed.aborted) {
      gathered = ''
      return
    }
    const text = gathered
    gathered = ''
    if (stream.write(text)) return
    if (hurry.aborted) return
    await new Promise<void>(resolve => {
      const go = (): void => {
        waiting.delete(go)
        stream.removeListener('drain', go)
        resolve()
      }
      waiting.add(go)
      stream.once('drain', go)
    })
  }

  return {
    write(text) {
      gathered += text
      if (gathered.length >= gatheredCharacters) return flush()
      if (!scheduled) {
        scheduled = true
        setImmediate(() => {
          scheduled = false
          void flush()
        })
      }
      return ready
    },
    flush,
  }
}

const ready = Promise.resolve()
