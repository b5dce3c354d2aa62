import {comparisonTest} from './comparison.ts'
import {expressionTest} from './expression.ts'
import type {Field} from './syntax.ts'

type FieldTest = 'ellipsis' | ((value: string) => boolean)

/**
 * The test of a space-delimited pattern. Without an ellipsis the last field takes the rest of the message, however many words:
 * that is how `[w1=ERROR, w2]` finds the lines that begin with ERROR, and how the console's own pattern for Lambda logs works,
 * `[timestamp=*Z, request_id="*-*", event]`. With an ellipsis each named field is one word, or what is in quotes or brackets.
 */
export function delimitedTest(fields: readonly Field[]): (message: string) => boolean {
  if (fields.length === 0) return () => true
  const tests = fields.map(fieldTest)
  const most = tests.includes('ellipsis') ? Number.POSITIVE_INFINITY : tests.length
  return message => allMatch(tests, fieldsOf(message, most))
}

function fieldTest(field: Field): FieldTest {
  if (field.kind === 'ellipsis') return 'ellipsis'
  return field.condition ? expressionTest(field.condition, comparison => comparisonTest(comparison).text) : () => true
}

/** The fields of a message, without their quotes or brackets; the last of `most` fields takes whatever is left. */
function fieldsOf(message: string, most: number): string[] {
  const fields: string[] = []
  const next = /"([^"\\]*(?:\\.[^"\\]*)*)"(?!\S)|(\S+)/y
  // the bracket that closes is looked for once: a message may be a megabyte of opening ones
  let close = message.indexOf(']')
  for (let start = nonSpaceFrom(message, 0); start < message.length && fields.length < most; ) {
    if (close !== -1 && close < start) close = message.indexOf(']', start)
    let end = close + 1
    let field = message.slice(start + 1, close)
    if (message.charAt(start) !== '[' || close === -1 || /\S/.test(message.charAt(end))) {
      next.lastIndex = start
      const [word = '', quoted = word] = next.exec(message) ?? []
      end = start + word.length
      field = quoted
    }
    const after = nonSpaceFrom(message, end)
    const isRest = fields.length === most - 1 && after < message.length
    fields.push(isRest ? message.slice(start).trimEnd() : field)
    start = after
  }
  return fields
}

function nonSpaceFrom(text: string, from: number): number {
  const space = /\s*/y
  space.lastIndex = from
  return from + (space.exec(text)?.[0].length ?? 0)
}

/** As globs match: on a mismatch the latest ellipsis takes one field more. */
function allMatch(tests: readonly FieldTest[], values: readonly string[]): boolean {
  let test = 0
  let value = 0
  let ellipsis = -1
  let taken = 0
  while (value < values.length) {
    const here = tests[test]
    if (here === 'ellipsis') {
      ellipsis = test++
      taken = value
    } else if (here?.(values[value] ?? '')) {
      test++
      value++
    } else if (ellipsis >= 0) {
      test = ellipsis + 1
      value = ++taken
    } else {
      return false
    }
  }
  while (tests[test] === 'ellipsis') test++
  return test === tests.length
}
