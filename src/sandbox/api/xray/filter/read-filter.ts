import {parseFilterExpression} from '../../../../services/traces/filter-expression/parse.ts'
import {type FilterExpression, FilterExpressionError} from '../../../../services/traces/filter-expression/syntax.ts'
import {unimplemented} from '../../unimplemented.ts'
import {invalidRequest} from '../invalid-request.ts'

/**
 * What a request's filter expression says.
 * @throws ServiceError InvalidRequestException with the character at which it is wrong
 */
export function readFilter(text: string): FilterExpression {
  const filter = parsed(text)
  if (hasJson(filter)) throw unimplemented('the filter keyword rootcause.json')
  return filter
}

function parsed(text: string): FilterExpression {
  try {
    return parseFilterExpression(text)
  } catch (error) {
    if (!(error instanceof FilterExpressionError)) throw error
    throw invalidRequest(`Invalid filter expression: ${error.message} at character ${error.position + 1}`)
  }
}

/** rootcause.json stands outside of braces only. */
function hasJson(filter: FilterExpression): boolean {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return filter.of.some(hasJson)
    case 'not':
      return hasJson(filter.of)
    case 'compare':
      return filter.value.kind === 'json'
    default:
      return false
  }
}
