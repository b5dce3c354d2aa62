import {usageError} from '../../../errors.ts'

/** Lambda's limit of a synchronous request */
const mostBytes = 6 * 1024 * 1024

/**
 * @param what names it, as `payload 2` or `line 7 of events.ndjson`
 * @throws UserError (exit 2) for more than Lambda takes
 */
export function checkPayloadSize(text: string, what: string): void {
  // a character takes three bytes at most
  if (text.length * 3 <= mostBytes) return
  const bytes = Buffer.byteLength(text)
  if (bytes > mostBytes)
    throw usageError(
      `${what} has ${bytes.toLocaleString('en')} bytes: Lambda takes ${mostBytes.toLocaleString('en')} (6 MB) in a request`,
      'give a smaller one, or one that says where the rest is',
    )
}
