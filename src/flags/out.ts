import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'

/** The flag that keeps a report in a file in place of showing it. */
export const outFlag = (formats: readonly string[]) =>
  Flags.string({
    helpGroup: 'SHOW',
    helpValue: 'FILE',
    description: `write it to a file: ${formats
      .slice(0, -1)
      .map(known => `.${known}`)
      .join(', ')} or .${formats.at(-1)}`,
  })

/**
 * A file that an answer is kept in, and what it is to hold, by its extension.
 * @throws UserError (exit 2) for one that slsops does not write
 */
export function outFrom<Format extends string>(
  file: string,
  formats: readonly Format[],
): {readonly file: string; readonly format: Format} {
  const extension = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase()
  const format = formats.find(known => known === extension)
  if (format === undefined)
    throw usageError(
      `--out ${file}: slsops does not know this kind of file`,
      `give it ${formats.map(known => `.${known}`).join(', ')}`,
    )
  return {file, format}
}
