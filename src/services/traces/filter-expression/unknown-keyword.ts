import {nearestNames} from '../../targets/nearest-names.ts'
import {type Cursor, described, wrong} from './cursor.ts'
import {type FilterExpressionError, keywordTypes} from './syntax.ts'

/** A number as X-Ray takes it. */
export const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

const meant: Readonly<Record<string, string>> = {
  latency: 'responsetime',
  response_time: 'responsetime',
  elapsed: 'duration',
  time: 'duration',
  path: 'http.url',
  uri: 'http.url',
  ip: 'http.clientip',
  success: 'ok',
  failed: 'fault',
  failure: 'fault',
  exception: 'rootcause.fault.exception',
  not: '!',
  '&&': 'AND',
  '||': 'OR',
}

/** what is looked at of a word that is none: the rest says no more */
export const mostLetters = 64

const known: readonly string[] = [
  ...keywordTypes.keys(),
  'service()',
  'edge()',
  'annotation.KEY',
  'rootcause.fault.service',
  'rootcause.fault.entity',
  'rootcause.fault.exception',
  'rootcause.error.service',
  'rootcause.responsetime.service',
]

/** The error for a word that is no keyword, with the nearest that are. */
export function unknownKeyword(cursor: Cursor): FilterExpressionError {
  const {text} = cursor.next
  if (/^['“”‘’`]/.test(text))
    return wrong(cursor, 'this quotation mark is none to X-Ray', 'texts stand in double quotes: "…"')
  const lower = text.toLowerCase()
  const own = Object.hasOwn(meant, lower) ? meant[lower] : undefined
  const near = own === undefined ? nearestNames(text.slice(0, mostLetters), known, 3) : [own]
  const shown = described(cursor.next)
  if (numberPattern.test(text) && cursor.last !== null && keywordTypes.get(cursor.last.text.toLowerCase()) === 'number')
    return wrong(
      cursor,
      `nothing says how ${cursor.last.text} and ${shown} compare`,
      `write ${cursor.last.text} > ${shown}, or another of = != < <= >=`,
    )
  if (numberPattern.test(text))
    return wrong(
      cursor,
      `the number ${shown} stands where a keyword is expected`,
      'write the keyword first: duration > 2',
    )
  if (near.length > 0) return wrong(cursor, `X-Ray knows no ${shown}`, `nearest: ${near.join(', ')}`)
  return wrong(
    cursor,
    `X-Ray knows no ${shown}`,
    'it knows fault, error, throttle, duration, http.status, http.url, user, annotation.KEY, service("NAME"){…} and others',
  )
}
