import {rename, rm, writeFile} from 'node:fs/promises'
import {UserError} from '../errors.ts'

/**
 * Writes a report to a file, whole or not at all.
 * @throws UserError when the file cannot be written
 */
export async function keepReport(file: string, text: string): Promise<void> {
  const draft = `${file}.part`
  try {
    await writeFile(draft, text)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, {force: true}).catch(() => undefined)
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError(`could not write ${file}: ${why}`, {code: 'Output', hint: 'give --out another file'})
  }
}
