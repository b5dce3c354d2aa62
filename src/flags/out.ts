import {usageError} from '../errors.ts'

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
