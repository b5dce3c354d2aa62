import {comparisonTest} from './comparison.ts'
import {expressionTest} from './expression.ts'
import type {Comparison, Expression, JsonCondition, Selector} from './syntax.ts'

/** What a message that is JSON holds. */
type Document = {
  readonly root: unknown
  /** the same with numbers as the message spells them: JSON.parse alone makes 1.0 a 1, and rounds what has more than 15 digits */
  readonly spelled: () => unknown
}

/** The test of a JSON pattern: true only for messages that are a JSON object or array as a whole. */
export function jsonTest(expression: Expression<JsonCondition>): (message: string) => boolean {
  const test = expressionTest(expression, conditionTest)
  return message => {
    const root = parsed(message)
    let spelled: unknown
    return root !== null && test({root, spelled: () => (spelled ??= withNumbersSpelled(message, root))})
  }
}

function parsed(message: string): object | null {
  // JSON.parse throws for text, which is slow, and most lines of most groups are text
  const first = message.trimStart().charAt(0)
  if (first !== '{' && first !== '[') return null
  try {
    return JSON.parse(message) as object
  } catch {
    return null
  }
}

function conditionTest(condition: JsonCondition): (document: Document) => boolean {
  const {selector} = condition
  switch (condition.kind) {
    case 'is':
      return ({root}) => some(root, selector, value => value === condition.value)
    case 'not-exists':
      return ({root}) => !some(root, selector, () => true)
    case 'compare':
      return compareTest(selector, condition.comparison)
  }
}

// A comparison needs a leaf: where the selector meets nothing, null, an object or an array, neither = nor != holds.
function compareTest(selector: Selector, comparison: Comparison): (document: Document) => boolean {
  const test = comparisonTest(comparison)
  return ({root, spelled}) =>
    some(root, selector, (value, wildcard) => {
      if (typeof value === 'string') return test.text(value)
      if (typeof value === 'number') return test.number(value, () => String(valueAt(spelled(), selector, wildcard)))
      return typeof value === 'boolean' && test.text(String(value))
    })
}

/** True if `test` holds for a value the selector selects; it also hears which key or index the selector's wildcard stood for. */
function some(
  root: unknown,
  selector: Selector,
  test: (value: unknown, wildcard: string | null) => boolean,
  from = 0,
  wildcard: string | null = null,
): boolean {
  let value = root
  for (let at = from; at < selector.length; at++) {
    const step = selector[at]
    if (typeof value !== 'object' || value === null || !step) return false
    if (step.kind === 'any') {
      const members = value as Readonly<Record<string, unknown>>
      return Object.keys(members).some(key => some(members[key], selector, test, at + 1, key))
    }
    if (step.kind === 'index' ? !Array.isArray(value) : Array.isArray(value)) return false
    const key = step.kind === 'index' ? String(step.index) : step.name
    if (!Object.hasOwn(value, key)) return false
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return test(value, wildcard)
}

/** What the selector selects, with a key or index in place of its wildcard. */
function valueAt(root: unknown, selector: Selector, wildcard: string | null): unknown {
  let value = root
  for (const step of selector) {
    const key = step.kind === 'any' ? wildcard : step.kind === 'index' ? step.index : step.name
    if (typeof value !== 'object' || value === null || key === null) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

// JSON.parse goes as deep as it likes, but not with a reviver: it gets as far as the stack does
function withNumbersSpelled(message: string, root: object): unknown {
  try {
    return JSON.parse(message, spelledNumber)
  } catch {
    return root
  }
}

// the third argument is new in Node 21
function spelledNumber(_key: string, value: unknown, context?: {readonly source?: string}): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value
}
