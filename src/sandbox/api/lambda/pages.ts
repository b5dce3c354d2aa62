import {type ListPage, pageAfter} from '../paging.ts'
import {lambdaError} from './function-name.ts'

/**
 * One page of a list of Lambda's.
 * @param most what AWS gives at most, whatever larger MaxItems asks for
 */
export function lambdaPage<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  {MaxItems, Marker}: {readonly MaxItems?: number | undefined; readonly Marker?: string | undefined},
  most = 50,
): ListPage<T> {
  return pageAfter(items, keyOf, {
    size: Math.min(MaxItems ?? most, most),
    token: Marker,
    invalid: () => lambdaError('InvalidParameterValueException', 'Invalid Marker'),
  })
}
