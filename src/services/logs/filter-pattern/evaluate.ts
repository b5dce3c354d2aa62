import {delimitedTest} from './evaluate-delimited.ts'
import {jsonTest} from './evaluate-json.ts'
import type {FilterPattern, Term} from './syntax.ts'

/** The pattern as one test of a message; what can be prepared is prepared once, here. */
export function filterTest(pattern: FilterPattern): (message: string) => boolean {
  switch (pattern.kind) {
    case 'terms':
      return termsTest(pattern.terms)
    case 'json':
      return jsonTest(pattern.expression)
    case 'delimited':
      return delimitedTest(pattern.fields)
  }
}

function termsTest(terms: readonly Term[]): (message: string) => boolean {
  const required = terms.filter(({role}) => role === 'required').map(lookTest)
  const excluded = terms.filter(({role}) => role === 'excluded').map(lookTest)
  const optional = terms.filter(({role}) => role === 'optional').map(lookTest)
  // CloudWatch Logs ignores every ? term beside terms of another kind
  if (optional.length > 0 && optional.length === terms.length) return message => optional.some(found => found(message))
  return message => required.every(found => found(message)) && !excluded.some(found => found(message))
}

function lookTest({look}: Term): (message: string) => boolean {
  return look.kind === 'text' ? message => message.includes(look.text) : message => look.regex.test(message)
}
