import {UserError, usageError} from '../../errors.ts'
import {explained} from '../targets/refusal.ts'
import type {QueryEnded} from './run-query.ts'
import {isLimit} from './start-query.ts'

type Malformed = Error & {
  readonly queryCompileError?: {
    readonly location?: {readonly startCharOffset?: number; readonly endCharOffset?: number}
    readonly message?: string
  }
}

/** Whether AWS could not read the query. */
export const isMalformed = (error: unknown): error is Malformed =>
  error instanceof Error && error.name === 'MalformedQueryException'

/** Whether AWS refused a query because it ends before any of its log groups was made, or before what they keep. */
export const isForgotten = (error: unknown): boolean =>
  isMalformed(error) && /log groups? creation time|log retention settings/i.test(error.message)

/**
 * What ended a query, as what a person can act on: a fault in it is wrong usage and is pointed at (exit 2), a refusal names
 * the permission (exit 4).
 */
export function explainedQuery(error: unknown, queryString: string): unknown {
  if (isMalformed(error)) return malformed(error, queryString)
  if (isLimit(error))
    return new UserError('AWS ran no query for ten minutes: the account’s 100 concurrent queries are in use', {
      code: 'LimitExceededException',
      hint: 'dashboards and scheduled queries count too: close some, or try again later',
      cause: error,
    })
  return explained(error, {
    doing: 'run a Logs Insights query',
    permission: 'logs:StartQuery and logs:GetQueryResults',
    instead: 'slsops logs reads by logs:FilterLogEvents',
  })
}

function malformed({message, queryCompileError}: Malformed, queryString: string): UserError {
  const {location, message: fault = message} = queryCompileError ?? {}
  const start = location?.startCharOffset
  if (start === undefined) return usageError(`the query is not understood: ${fault}`, `it was: ${queryString}`)
  return usageError(
    `the query is not understood: ${fault}\n${pointedAt(queryString, start, location?.endCharOffset ?? start)}`,
    'docs/query.md has examples; AWS’s documents call the language Logs Insights QL',
  )
}

const shownAround = 36

/** The query around the fault with carets under it, cut to what fits beside it. */
function pointedAt(query: string, start: number, end: number): string {
  const from = Math.max(0, start - shownAround)
  const to = start + shownAround
  const oneLine = (text: string): string => text.replace(/\s/g, ' ')
  const before = `${from > 0 ? '…' : ''}${oneLine(query.slice(from, start))}`
  const after = `${oneLine(query.slice(start, to))}${to < query.length ? '…' : ''}`
  const carets = Math.max(1, Math.min(end, to, query.length) - start)
  return `  ${before}${after}\n  ${' '.repeat([...before].length)}${'^'.repeat(carets)}`
}

/** AWS ended the query without an answer. */
export function explainedEnd({message, name, status}: QueryEnded): UserError {
  return new UserError(message, {
    code: name,
    hint:
      status === 'Timeout'
        ? 'ask for less: a shorter --since, or fewer log groups'
        : 'run it again; with a shorter --since, or fewer log groups, where that does not help',
  })
}
