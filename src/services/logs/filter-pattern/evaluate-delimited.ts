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
  const next = /\s*(?:\[([^\]]*)\](?!\S)|"([^"\\]*(?:\\.[^"\\]*)*)"(?!\S)|(\S+))/y
  while (fields.length < most) {
    const start = next.lastIndex
    const found = next.exec(message)
    if (!found) break
    const isRest = fields.length === most - 1 && message.slice(next.lastIndex).trim() !== ''
    fields.push(isRest ? message.slice(start).trim() : (found[1] ?? found[2] ?? found[3] ?? ''))
  }
  return fields
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
