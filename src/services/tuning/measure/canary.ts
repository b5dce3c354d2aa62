import type {InvokedAnswer} from '../invoke/invoker.ts'
import {memoryText} from '../memory-sizes.ts'
import type {Sample, SampleOutcome} from '../sample.ts'

/** as much of an answer as tells what is wrong, and no more of what may be somebody's data */
const excerptCharacters = 200

/** no payload mends that, as a rule: the process ended while it began */
const processGone = 'Runtime.ExitError'

const whatHappened: Readonly<Record<Exclude<SampleOutcome, 'ok'>, string>> = {
  error: 'the function failed',
  timeout: 'it ran into its timeout',
  oom: 'it ran out of memory',
  'init-error': 'its init failed',
}

/**
 * Why the first invocation, at the size that the function has, shows that what is to be measured does not work; null where
 * it does. An answer that looks like an error of an API counts: it is the error path that would be measured.
 * @param allowErrors types of errors, or what an answer looks like (`statusCode 404`), that are taken for a measurement
 */
export function canaryFailure(
  {outcome, errorType, memorySizeMB}: Pick<Sample, 'outcome' | 'errorType' | 'memorySizeMB'>,
  {excerpt, looksLikeError}: InvokedAnswer,
  allowErrors: readonly string[],
): string | null {
  const isAllowed = (what: string | null): boolean => what !== null && allowErrors.includes(what)
  const at = `the first invocation, at the ${memoryText(memorySizeMB)} that the function has`
  const answered = excerpt.trim() === '' ? '' : `: ${shortened(excerpt)}`
  if (outcome !== 'ok') {
    if (isAllowed(errorType)) return null
    const what = `${whatHappened[outcome]}${errorType === null ? '' : ` with ${shortened(errorType)}`}`
    return `${at}: ${what}${answered}${outcome === 'error' && errorType !== processGone ? wayOut(errorType) : ''}`
  }
  if (looksLikeError === null || isAllowed(looksLikeError)) return null
  return `${at}, answered what looks like an error (${looksLikeError})${answered}${wayOut(looksLikeError)}`
}

const wayOut = (what: string | null): string =>
  `; give it what it works on with --payload${what === null ? '' : `, or measure that with --allow-error '${shortened(what).replaceAll("'", '')}'`}`

function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > excerptCharacters ? `${line.slice(0, excerptCharacters)}…` : line
}
