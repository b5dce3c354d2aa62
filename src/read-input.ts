import {usageError} from './errors.ts'
import {unlessAborted} from './services/stop-signal.ts'

const mostBytes = 1024 * 1024

/**
 * What stands on a stream, read to its end.
 * @throws UserError (exit 2) for more than a megabyte; the signal's reason on abort
 */
export async function readInput(stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  const read = async (): Promise<string> => {
    for await (const chunk of stream) {
      const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      bytes += piece.length
      if (bytes > mostBytes)
        throw usageError('standard input holds more than a megabyte', 'pass on a line of it: | tail -1')
      chunks.push(piece)
    }
    return Buffer.concat(chunks).toString('utf8')
  }
  try {
    return await unlessAborted(read(), signal)
  } finally {
    // what still waits for more would hold the process
    if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy()
  }
}
