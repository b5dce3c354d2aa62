import {usageError} from '../../../errors.ts'
import {parseFilterPattern} from './parse.ts'
import {type FilterPattern, FilterPatternError} from './syntax.ts'

export type QuotedFilter = {
  /** a valid filter pattern */
  readonly pattern: string
  /** what the person should know about it, one sentence each */
  readonly notices: readonly string[]
}

/**
 * What a person typed after `--filter`, as a valid filter pattern. What is a pattern already is kept as it is; plain words are put in
 * double quotes where they hold more than letters, digits and `_`, and all of them must then appear.
 * @throws UserError (exit 2) for a text that is empty or too long, or that begins as a pattern and is not one: with a caret under the fault
 */
export function filterPatternFrom(text: string): QuotedFilter {
  if (text.trim() === '')
    throw usageError(
      '--filter is empty',
      `Give words to find, or a pattern: ${examples}. Leave it out to read everything.`,
    )
  if (!hasLoneDash(text)) {
    try {
      return {pattern: text, notices: noticesOn(text, parseFilterPattern(text))}
    } catch (error) {
      if (!(error instanceof FilterPatternError)) throw error
      if (isMeantAsPattern(text)) throw faultIn(text, error)
    }
  }
  const pattern = text.trim().split(/\s+/).map(quotedWord).join(' ')
  try {
    parseFilterPattern(pattern)
    return {pattern, notices: []}
  } catch (error) {
    throw error instanceof FilterPatternError ? faultIn(pattern, error) : error
  }
}

const examples = `timeout, 'ERROR -retry', '?ERROR ?WARN', '"order 66"', '%5[0-9]{2}%', '{ $.level = "ERROR" }'`

/** `user - logged in`: a dash between words, which CloudWatch Logs would take for an exclusion. */
function hasLoneDash(text: string): boolean {
  return /^\s*[^\s{["%]/.test(text) && /\s-\s/.test(text)
}

function isMeantAsPattern(text: string): boolean {
  // a lone bracket or quotation mark is something to find
  if (!/[A-Za-z0-9]/.test(text)) return false
  if (/^\s*[{["]/.test(text) || /^\s*%.*%/s.test(text)) return true
  return /(?:^|\s)[?-][\w"%]/.test(text)
}

function quotedWord(word: string): string {
  return /^[A-Za-z0-9_]+$/.test(word) ? word : quoted(word)
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** The nearest pattern that can be meant: operators kept, the rest quoted. */
function requoted(text: string): string {
  if (/^\s*[{["%]/.test(text)) return quoted(text.trim())
  return text
    .trim()
    .replace(/(?<=^|\s)([?-]?)(\S+)/g, (_, operator: string, word: string) => operator + quotedWord(word))
}

function faultIn(pattern: string, {message, position}: FilterPatternError) {
  const hint =
    pattern.length > 200
      ? 'Shorten the filter, or filter on this side with --include.'
      : `To find text as it stands, put it in double quotes: --filter '${requoted(pattern)}'`
  return usageError(`--filter: ${message}\n${pointedAt(pattern, position)}`, hint)
}

const shownAround = 36

/** The line with the fault and a caret under it, cut to what fits beside it. */
function pointedAt(pattern: string, position: number): string {
  const from = Math.max(0, position - shownAround)
  const to = position + shownAround
  const before = `${from > 0 ? '…' : ''}${oneLine(pattern.slice(from, position))}`
  const after = `${oneLine(pattern.slice(position, to))}${to < pattern.length ? '…' : ''}`
  return `  ${before}${after}\n  ${' '.repeat([...before].length)}^`
}

function oneLine(text: string): string {
  return text.replace(/\s/g, ' ')
}

function noticesOn(text: string, pattern: FilterPattern): string[] {
  switch (pattern.kind) {
    case 'json':
      return [
        "A JSON pattern finds only events that are JSON as a whole: lines in Lambda's text log format never match it.",
      ]
    case 'delimited': {
      if (pattern.fields.some(field => field.kind === 'field' && field.condition)) return []
      return [
        `${text.trim()} is a space-delimited pattern without a condition; to find that text, use '${quoted(text.trim())}'.`,
      ]
    }
    case 'terms': {
      const ignored = text.match(/(?<=^|\s)\?(?:"(?:[^"\\]|\\.)*"|\S+)/g) ?? []
      const optional = pattern.terms.filter(({role}) => role === 'optional').length
      if (optional === 0 || optional === pattern.terms.length) return []
      return [`${ignored.join(' ')} will be ignored: CloudWatch Logs ignores ? terms beside any others.`]
    }
  }
}
