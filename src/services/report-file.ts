import {randomUUID} from 'node:crypto'
import {lstat, rename, rm, writeFile} from 'node:fs/promises'
import {UserError} from '../errors.ts'

/**
 * Writes a report to a file that its owner alone may read: whole or not at all, over what is there. What is no plain file
 * (/dev/stdout, a pipe, a link) is written to as it is.
 * @throws UserError where that cannot be done
 */
export async function writeReport(path: string, text: string): Promise<void> {
  try {
    const isPlain = await lstat(path).then(
      found => found.isFile(),
      () => true,
    )
    if (!isPlain) return await writeFile(path, text)
    // a name that nobody can have put a link at
    const draft = `${path}.${randomUUID()}.part`
    try {
      await writeFile(draft, text, {mode: 0o600, flag: 'wx'})
      await rename(draft, path)
    } catch (error) {
      await rm(draft, {force: true}).catch(() => undefined)
      throw error
    }
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    throw new UserError(`could not write ${path}: ${message}`, {
      code: code ?? 'Output',
      hint: 'give --out another file',
      cause: error,
    })
  }
}
