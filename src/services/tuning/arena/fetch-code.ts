import {createHash} from 'node:crypto'
import {UserError} from '../../../errors.ts'

/** What CreateFunction takes as ZipFile. */
export const maxZipBytes = 50 * 2 ** 20
/** AWS's link is good for ten minutes */
const patienceMs = 10 * 60_000

type FetchOptions = {
  /** base64, as GetFunction says */
  readonly codeSha256: string
  /** an AWS on this machine has no certificates */
  readonly mayBePlain: boolean
}

/**
 * A function's deployment package, into memory and nowhere else. The link is a secret: nothing that is thrown contains it.
 * @throws UserError where it cannot be had, is larger than 50 MB, or is not what the hash says
 */
export async function fetchCode(
  location: string,
  {codeSha256, mayBePlain}: FetchOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const protocol = URL.canParse(location) ? new URL(location).protocol : ''
  if (protocol !== 'https:' && !(mayBePlain && protocol === 'http:')) throw noCode('AWS gave no https link to it')
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    // a redirect could lead anywhere
    const answer = await fetch(location, {signal: patience, redirect: 'error'})
    if (!answer.ok || !answer.body) throw noCode(`its link answers HTTP ${answer.status}`)
    for await (const chunk of answer.body) {
      length += chunk.length
      if (length > maxZipBytes) throw noCode('it is larger than 50 MB, the most that CreateFunction takes')
      chunks.push(chunk)
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof UserError) throw error
    throw noCode('the connection to its link failed')
  }
  const bytes = Buffer.concat(chunks)
  if (createHash('sha256').update(bytes).digest('base64') !== codeSha256)
    throw noCode('what its link gives is not what CodeSha256 says')
  return bytes
}

const noCode = (why: string): UserError =>
  new UserError(`the code could not be copied: ${why}`, {
    code: 'NoCode',
    hint: '--mode versions copies no code: it publishes versions of the function itself',
  })
