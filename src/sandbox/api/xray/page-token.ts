import {createHash} from 'node:crypto'
import {invalidRequest} from './invalid-request.ts'

// X-Ray's tokens hold where an answer goes on, and are good only for the request they were given for.

export function writeToken(request: unknown, position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([digestOf(request), ...position])).toString('base64url')
}

/** @throws ServiceError for what is not a token of this request */
export function readToken(request: unknown, token: string): readonly unknown[] {
  const [digest, ...position] = parse(token)
  if (digest !== digestOf(request)) throw invalidRequest('The NextToken is invalid.')
  return position
}

const digestOf = (request: unknown) =>
  createHash('sha256').update(JSON.stringify(request)).digest('base64url').slice(0, 12)

function parse(token: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
