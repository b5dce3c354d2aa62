import {durationText} from '../../time/duration.ts'
import {parseFilterExpression} from './parse.ts'
import {type FilterExpression, rootCauseOnly} from './syntax.ts'
import {tokensOf} from './tokens.ts'

/** seconds that nobody means of a request, where milliseconds are common */
const doubtfulSeconds = 100

/**
 * What X-Ray takes and people err about, a sentence each: none as a rule.
 * @throws FilterExpressionError as parseFilterExpression does
 */
export function adviceOn(text: string): readonly string[] {
  return [...new Set([...adviceIn(parseFilterExpression(text), 'trace'), ...adviceOnOrder(text)])]
}

function adviceIn(expression: FilterExpression, scope: 'trace' | 'node' | 'cause'): readonly string[] {
  switch (expression.kind) {
    case 'all':
    case 'any':
      return expression.of.flatMap(part => adviceIn(part, scope))
    case 'not':
      return adviceIn(expression.of, scope)
    case 'service':
    case 'edge':
      return expression.filter ? adviceIn(expression.filter, 'node') : []
    case 'root-cause':
      return expression.filter ? adviceIn(expression.filter, 'cause') : []
    default:
      return adviceOnTerm(expression, scope)
  }
}

type Term = Extract<FilterExpression, {kind: 'is' | 'compare'}>

function adviceOnTerm(term: Term, scope: 'trace' | 'node' | 'cause'): readonly string[] {
  if (term.subject.kind === 'annotation') return []
  const {name} = term.subject
  if (scope === 'trace' && (name === 'error' || name === 'fault'))
    return [`${name} looks at the root of a trace only: service(){${name}} finds one that was handled on the way too`]
  if (scope !== 'cause' && rootCauseOnly.has(name))
    return [`${name} is of root causes: rootcause.fault.entity{${name}…}, it holds for nothing elsewhere`]
  if (term.kind === 'is')
    return scope === 'trace' && (name === 'duration' || name === 'responsetime')
      ? [`${name} by itself holds wherever there is one: compare it with seconds, as in ${name} > 2`]
      : []
  const {value, operator} = term
  if (['http.status', 'duration', 'responsetime'].includes(name) && value.kind === 'string')
    return [`${name} is a number: write ${name} ${operator} ${value.text}, without quotes`]
  if ((name === 'duration' || name === 'responsetime') && value.kind === 'number' && value.value >= doubtfulSeconds)
    return [
      `${name} is in seconds: ${value.value} is ${durationText(value.value * 1_000)}, and ${value.value / 1_000} is ${durationText(value.value)}`,
    ]
  return []
}

/** Which of AND and OR binds tighter is nowhere documented. */
function adviceOnOrder(text: string): readonly string[] {
  const levels: Set<string>[] = [new Set()]
  for (const {kind, text: piece} of tokensOf(text)) {
    if (kind === 'mark' && (piece === '(' || piece === '{')) levels.push(new Set())
    if (kind === 'mark' && (piece === ')' || piece === '}')) levels.pop()
    if (kind !== 'word' || !/^(?:and|or)$/i.test(piece)) continue
    const level = levels.at(-1)?.add(piece.toLowerCase())
    if (level?.size === 2)
      return ['X-Ray does not say whether AND goes before OR: put parentheses around what belongs together']
  }
  return []
}
