import {createInterface} from 'node:readline/promises'

/** Asks a question on a terminal; only yes is yes. Rejects when the signal aborts. */
export async function askYesNo(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  question: string,
  signal: AbortSignal,
): Promise<boolean> {
  // in raw mode Ctrl-C would be a key
  const terminal = createInterface({input, output, terminal: false})
  // what ends the input answers nothing
  const ended = new AbortController()
  terminal.once('close', () => ended.abort())
  try {
    const answer = await terminal.question(`${question} [y/N] `, {signal: AbortSignal.any([signal, ended.signal])})
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    signal.throwIfAborted()
    if (ended.signal.aborted) return false
    throw error
  } finally {
    terminal.close()
  }
}
