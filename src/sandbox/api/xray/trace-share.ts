import {hash} from 'node:crypto'

/** A number in [0, 1) that is always the same for a trace, and independent for each purpose. */
export function shareOf(id: string, purpose: string): number {
  return hash('sha256', `${purpose}/${id}`, 'buffer').readUInt32BE(0) / 2 ** 32
}
