import {UserError} from './errors.ts'

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
 * takes few writes and a slow one is seen at once. While the reader is slow nothing is written, and who writes waits.
 * @param closed aborted when nobody reads the stream any more; what comes then is dropped
 * @param hurry aborted when nobody should wait for a slow reader any more
 */
export function createOutput(stream: NodeJS.WritableStream, closed: AbortSignal, hurry: AbortSignal): Output {
  let gathered = ''
  let scheduled = false
  let draining: Promise<void> | null = null
  let drained = (): void => {}
  stream.on('drain', () => drained())
  for (const signal of [closed, hurry]) signal.addEventListener('abort', () => drained(), {once: true})

  // a file's stream throws what others emit
  const put = (text: string): boolean => {
    try {
      return stream.write(text)
    } catch (error) {
      stream.emit('error', error)
      return true
    }
  }

  const send = (): Promise<void> => {
    if (draining && !hurry.aborted) return draining
    const text = gathered
    gathered = ''
    if (text === '' || closed.aborted || put(text) || hurry.aborted) return ready
    draining = new Promise(resolve => {
      drained = () => {
        draining = null
        drained = () => {}
        resolve()
      }
    })
    return draining
  }

  return {
    write(text) {
      gathered += text
      if (draining || gathered.length >= gatheredCharacters) return send()
      if (!scheduled) {
        scheduled = true
        setImmediate(() => {
          scheduled = false
          void send()
        })
      }
      return ready
    },
    async flush() {
      while (gathered !== '' || draining) {
        if (hurry.aborted && gathered === '') return
        await send()
      }
    },
  }
}

const ready = Promise.resolve()

/** Lets writes to a pipe wait in the process instead of blocking it; there is no public way to ask for that. */
export function unblock(stream: NodeJS.WritableStream & {readonly isTTY?: boolean}): void {
  const {_handle: handle} = stream as {_handle?: {setBlocking?: (blocking: boolean) => void}}
  if (!stream.isTTY) handle?.setBlocking?.(false)
}

/** Why nothing more could be written, when it is not that nobody reads. */
export function outputFailure({message, code = 'Output'}: NodeJS.ErrnoException): UserError {
  return new UserError(`could not write the output: ${message}`, {code})
}
