import {stripVTControlCharacters} from 'node:util'
import {type UserError, usageError} from '../errors.ts'

/**
 * What oclif says of a command line, in our words; null for an error that is not oclif's.
 * @param id of the command, as `sandbox:serve`
 */
export function usageErrorOf(error: Error & {oclif?: {exit?: number}}, id: string | undefined): UserError | null {
  if (!error.oclif) return null
  // oclif paints some of its words
  const [message = '', ...rest] = stripVTControlCharacters(error.message)
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/^Parsing (--\S+)\s*\n\s*/, '$1: ')
    .replace(/^(--[\w-]+)=true /, '$1 ')
    .replace(/^All of the following must be provided when using (--[\w-]+): /, '$1 needs ')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/^See more help/.test(line))
  return usageError(message, [...rest, `see slsops ${id?.replaceAll(':', ' ')} --help`].join('\n'))
}
