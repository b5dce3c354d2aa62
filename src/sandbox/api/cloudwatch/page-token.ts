import {createHash} from 'node:crypto'

// A token holds where an answer goes on, and is good only for the request it was given for.

export function writeToken(request: unknown, position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([digestOf(request), ...position])).toString('base64url')
}

/** undefined for what is not a token of this request */
export function readToken(request: unknown, token: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (!Array.isArray(value)) return undefined
    const [digest, ...position] = value as readonly unknown[]
    return digest === digestOf(request) ? position : undefined
  } catch {
    return undefined
  }
}

const digestOf = (request: unknown) =>
  createHash('sha256').update(JSON.stringify(request)).digest('base64url').slice(0, 12)
