import jmespath from 'jmespath'
import {usageError} from '../../errors.ts'
import {jsonIn, VerbatimNumber} from './json-message.ts'

declare module 'jmespath' {
  // the package has them, its type definitions have not
  export function compile(expression: string): Node
  export function strictDeepEqual(first: unknown, second: unknown): boolean
  export function tokenize(expression: string): readonly {readonly start: number}[]
  type Node = {readonly type: string; readonly name?: unknown; readonly children?: readonly (Node | undefined)[]}
}

const hint =
  "For example: --query 'message', --query 'detail.orderId', --query '{id: orderId, ms: durationMs}'; see https://jmespath.org"

/**
 * Checks a JMESPath expression once and makes the function that picks from a message's JSON. It returns undefined where
 * the message holds no JSON, where the expression finds nothing, or where it does not fit the value (`sum` of words).
 * Numbers come as they are written (see VerbatimNumber), save where the expression compares such a number for equality.
 * Import it only when a query is given: the package takes its time to load.
 *
 * @throws UserError (usage) for an expression that is none; it points at the place
 */
export function compileQuery(expression: string): (message: string) => unknown {
  check(expression)
  return message => {
    const json = jsonIn(message)
    if (json === undefined || typeof json !== 'object') return undefined
    return pick(expression, json) ?? undefined
  }
}

function pick(expression: string, json: unknown): unknown {
  try {
    const found = jmespath.search(json, expression)
    if (!holdsVerbatim(json)) return found
    // `==` takes a VerbatimNumber for an object like no other: then plain numbers tell the truth
    const plain = jmespath.search(toPlain(json), expression)
    return jmespath.strictDeepEqual(toPlain(found), plain) ? found : plain
  } catch {
    return undefined
  }
}

function holdsVerbatim(value: unknown): boolean {
  if (value instanceof VerbatimNumber) return true
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsVerbatim)
}

function toPlain(value: unknown): unknown {
  if (value instanceof VerbatimNumber) return value.valueOf()
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toPlain(inner)]))
}

function check(expression: string): void {
  let ast: jmespath.Node
  try {
    ast = jmespath.compile(expression)
  } catch (error) {
    throw invalid(expression, endOfValid(expression), reason(error))
  }
  if (isIncomplete(ast)) throw invalid(expression, endOfValid(expression), 'something is missing')
  for (const call of calls(ast)) {
    const problem = problemOf(call)
    if (problem) throw invalid(expression, Math.max(0, expression.indexOf(String(call.name))), problem)
  }
}

/** `a..b`: the package parses it, with holes in the tree. */
function isIncomplete({children = []}: jmespath.Node): boolean {
  return children.some(child => child === undefined || (child !== null && isIncomplete(child)))
}

function calls(node: jmespath.Node): readonly jmespath.Node[] {
  const inner = (node.children ?? []).flatMap(child => (child ? calls(child) : []))
  return node.type === 'Function' ? [node, ...inner] : inner
}

/** What is wrong with a call whatever the data: only calling tells which functions there are and how many arguments they take. */
function problemOf({name, children = []}: jmespath.Node): string | null {
  try {
    jmespath.search(null, `${name}(${children.map(() => '`null`').join(', ')})`)
  } catch (error) {
    const message = reason(error)
    if (message.startsWith('Unknown function')) return message
    if (message.startsWith('ArgumentError: '))
      return message.slice('ArgumentError: '.length).replace('at least', 'at least ')
  }
  return null
}

/** Where an expression stops making sense: after the longest beginning of it that makes sense by itself. */
function endOfValid(expression: string): number {
  const starts = tokenStarts(expression)
  for (const at of starts.toReversed()) {
    const beginning = expression.slice(0, at)
    if (beginning.trim() !== '' && isValid(beginning)) return at
  }
  return 0
}

function tokenStarts(expression: string): readonly number[] {
  for (let end = expression.length; end > 0; end--) {
    try {
      const starts = jmespath.tokenize(expression.slice(0, end)).map(({start}) => start)
      return [...starts.filter(start => start !== undefined), end]
    } catch {
      // a character that begins no token: try without it
    }
  }
  return []
}

function isValid(expression: string): boolean {
  try {
    return !isIncomplete(jmespath.compile(expression))
  } catch {
    return false
  }
}

function invalid(expression: string, at: number, why: string) {
  return usageError(`--query is not a JMESPath expression: ${why}\n  ${expression}\n  ${' '.repeat(at)}^`, hint)
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (message.startsWith('Cannot read properties') || message.includes('EOF')) return 'something is missing'
  return message.replace(/^Sytanx/, 'Syntax').replace(/ in JSON at position.*/, '')
}
