import {usageError} from '../../../errors.ts'
import {isObject, parseJson} from '../../logs/json-meaning.ts'
import type {Payload} from './payloads.ts'

/**
 * A payload and its weight, of a line that is an object of just these two keys; null for every other JSON. The payload is
 * cut out of the line: parsed and written again it would lose digits, and the order of its keys.
 * @throws UserError (exit 2) for a weight that is no number above 0
 */
export function weighedLine(line: string, where: string): Payload | null {
  const json = parseJson(line)
  if (!isObject(json) || Object.keys(json).sort().join() !== 'payload,weight') return null
  const {weight} = json
  if (typeof weight !== 'number' || !(weight > 0) || !Number.isFinite(weight))
    throw usageError(
      `${where}: a weight is a number above 0`,
      'an event that has just the keys payload and weight is given as {"payload": EVENT, "weight": 1}',
    )
  const text = members(line).findLast(({key}) => key === 'payload')?.value
  return text === undefined ? null : {text, weight}
}

/** The members of a JSON object as they are written. */
function members(object: string): readonly {readonly key: string; readonly value: string}[] {
  const found: {key: string; value: string}[] = []
  let depth = 0
  let inString = false
  let start = 1
  let colon = -1
  for (let at = 0; at < object.length; at++) {
    const character = object[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    if (inString || depth > 1) continue
    if (character === ':' && depth === 1 && colon === -1) colon = at
    const isEnd = (character === ',' && depth === 1) || (character === '}' && depth === 0)
    if (!isEnd || colon === -1) continue
    found.push({key: JSON.parse(object.slice(start, colon)), value: object.slice(colon + 1, at).trim()})
    start = at + 1
    colon = -1
  }
  return found
}
