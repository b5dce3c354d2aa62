import {hash} from 'node:crypto'

/** Epoch ms of the second that a trace id names; undefined for what is not one in X-Ray's form. */
export function traceTimeOf(id: string): number | undefined {
  const seconds = /^1-([0-9a-f]{8})-[0-9a-f]{24}$/.exec(id)?.[1]
  return seconds === undefined ? undefined : Number.parseInt(seconds, 16) * 1000
}

/** A number in [0, 1) that is always the same for a trace, and independent for each purpose. */
export function shareOf(id: string, purpose: string): number {
  return hash('sha256', `${purpose}/${id}`, 'buffer').readUInt32BE(0) / 2 ** 32
}
