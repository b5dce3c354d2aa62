import {filterTest} from './evaluate.ts'
import {parseFilterPattern} from './parse.ts'

export {FilterPatternError} from './syntax.ts'

/**
 * The test CloudWatch Logs makes of a filter pattern: true for messages it would return. Pure; compile once, test many.
 * @throws FilterPatternError where CloudWatch Logs would answer InvalidParameterException
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  return filterTest(parseFilterPattern(pattern))
}
