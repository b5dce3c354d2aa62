import type {Scope} from '../services/aws/scope.ts'
import type {Coverage} from '../services/coverage.ts'
import {isoClock} from './iso-clock.ts'

/** A report as one JSON document, `slsops/<name>@1`: what it covers, then what it says. On one line where it is one of many. */
export function reportJson(
  name: string,
  {window, scopes, gaps}: Coverage,
  body: object,
  layout: 'document' | 'line' = 'document',
): string {
  const iso = isoClock()
  const document = {
    schema: `slsops/${name}@1`,
    window: {start: iso(window.start), end: window.end === null ? null : iso(window.end)},
    scope: scopes.map(({account, region, profile, endpoint}: Scope) => ({account, region, profile, endpoint})),
    complete: gaps.length === 0,
    gaps,
    ...body,
  }
  return `${JSON.stringify(document, null, layout === 'line' ? 0 : 2)}\n`
}
