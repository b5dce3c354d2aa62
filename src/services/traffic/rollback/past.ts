// What a source tells of the versions that an alias served. Types, and the order in which versions came.

import type {RollbackEvidence} from './rollback.ts'

/** What one source tells of a version that served before. */
type PastServing = RollbackEvidence & {
  /** epoch ms up to which it is known to have served */
  readonly at: number
}

/** The alias was gone back with already, or may have been: it serves what it did before `left` came. */
export type GoneBack = {readonly left: string; readonly at: number; readonly detail: string}

export type Past = {
  readonly served: PastServing | null
  readonly goneBack: GoneBack | null
  /** versions that came after what serves now, or may have: to go to one of them would be to go forward */
  readonly later: readonly string[]
  /** versions that were tried and taken out again, and when */
  readonly takenOut: ReadonlyMap<string, number>
}

export const nothing: Past = {served: null, goneBack: null, later: [], takenOut: new Map()}

/** One change of what an alias serves. */
export type Turn = {
  readonly from: string
  readonly to: string
  /** known to have gone back: then `to` came before `from` */
  readonly isBack: boolean
}

/** Versions in the order in which they first served. @param turns oldest first */
export function orderOf(turns: readonly Turn[]): readonly string[] {
  const order: string[] = []
  for (const {from, to, isBack} of turns) {
    const [older, newer] = isBack ? [to, from] : [from, to]
    const place = order.indexOf(newer)
    if (!order.includes(older)) order.splice(isBack && place !== -1 ? place : order.length, 0, older)
    if (!order.includes(newer)) order.push(newer)
  }
  return order
}

/** Those that first served after a version did; none where it is not known when that did. */
export function laterThan(order: readonly string[], version: string): readonly string[] {
  const place = order.indexOf(version)
  return place === -1 ? [] : order.slice(place + 1)
}
