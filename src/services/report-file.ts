import {writeFile} from 'node:fs/promises'
import {UserError} from '../errors.ts'

/**
 * Writes a report to a file, over what is there.
 * @throws UserError where that cannot be done
 */
export async function writeReport(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    throw new UserError(`could not write ${path}: ${message}`, {code: code ?? 'Output', cause: error})
  }
}
