import type {FilterExpression} from './syntax.ts'

/** The names of services that an expression asks for, each once. */
export function namedServices(expression: FilterExpression): readonly string[] {
  return [...new Set(namesIn(expression))]
}

function namesIn(expression: FilterExpression): readonly string[] {
  switch (expression.kind) {
    case 'all':
    case 'any':
      return expression.of.flatMap(namesIn)
    case 'not':
      return namesIn(expression.of)
    case 'service':
      return named(expression.node)
    case 'edge':
      return [...named(expression.from), ...named(expression.to)]
    default:
      return []
  }
}

const named = ({name}: {readonly name: string | null}): readonly string[] => (name === null ? [] : [name])
