import type {Scope} from '../services/aws/scope.ts'
import type {Coverage} from '../services/coverage.ts'
import type {FleetFunction} from '../services/fleet/fleet-function.ts'
import {isoClock} from './iso-clock.ts'

/** A report as one JSON document, `slsops/<name>@1`: what it covers, then what it says. On one line where it is one of many. */
export function reportJson(
  name: string,
  coverage: Coverage,
  body: object,
  layout: 'document' | 'line' = 'document',
): string {
  return `${JSON.stringify(documentOf(name, coverage, body), null, layout === 'line' ? 0 : 2)}\n`
}

/**
 * The same document, piece by piece: what is iterable in its body, and no array, is a list whose items are made as they are
 * written, for there may be 100,000 of them.
 */
export function* reportPieces(name: string, coverage: Coverage, body: object): Generator<string> {
  let before = '{\n'
  for (const [field, value] of Object.entries(documentOf(name, coverage, body))) {
    if (value === undefined) continue
    yield `${before}  ${JSON.stringify(field)}: `
    if (isMadeAsWritten(value)) yield* listPieces(value)
    else yield indented(value, '  ')
    before = ',\n'
  }
  yield '\n}\n'
}

function* listPieces(items: Iterable<unknown>): Generator<string> {
  let before = '[\n'
  for (const item of items) {
    yield `${before}    ${indented(item, '    ')}`
    before = ',\n'
  }
  yield before === ',\n' ? '\n  ]' : '[]'
}

const isMadeAsWritten = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Symbol.iterator in value

// within strings of JSON there are no line breaks
const indented = (value: unknown, by: string): string => JSON.stringify(value, null, 2).replaceAll('\n', `\n${by}`)

/** Which function something is of, as documents name it. */
export const functionFields = ({account, region, name, arn}: FleetFunction) => ({
  account,
  region,
  function: name,
  functionArn: arn,
})

/** Each as a line of JSON, `slsops/<name>@1`, made as it is written. */
export function* jsonLinesOf(name: string, items: Iterable<object>): Generator<string> {
  for (const item of items) yield `${JSON.stringify({schema: `slsops/${name}@1`, ...item})}\n`
}

/** The first so many; null: all. */
export const firstOf = <T>(items: readonly T[], limit: number | null): readonly T[] =>
  limit === null ? items : items.slice(0, limit)

/** What is made of each, when its turn comes. */
export function* eachAs<T, R>(items: Iterable<T>, make: (item: T) => R): Generator<R> {
  for (const item of items) yield make(item)
}

function documentOf(name: string, {window, scopes, gaps}: Coverage, body: object): object {
  const iso = isoClock()
  return {
    schema: `slsops/${name}@1`,
    window: {start: iso(window.start), end: window.end === null ? null : iso(window.end)},
    scope: scopes.map(({account, region, profile, endpoint}: Scope) => ({account, region, profile, endpoint})),
    complete: gaps.length === 0,
    gaps,
    ...body,
  }
}
