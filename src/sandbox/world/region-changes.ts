// The changes of one region, as far as its world has taken them over.
import {type Change, isWrite} from '../changes.ts'
import type {SandboxState} from '../state.ts'
import {homeRegion} from './larder/company.ts'

/** A change before it is known where and when it is made. */
type Unplaced<C> = C extends Change ? Omit<C, 'at' | 'region'> : never

export type RegionChanges = {
  all(): readonly Change[]
  /** but for invocations: those are beside the company's own past, which stays as it is */
  writes(): readonly Change[]
  /** Takes over what was changed since, also by other processes; what came before a change does not depend on it. */
  catchUp(): void
  /** Writes a change down, and takes it over. Without a time it is made now, but never before another one. */
  record(change: Unplaced<Change>, at?: number): void
  /** Does something with all changes taken over, and no other process making one meanwhile. */
  alone<Result>(act: () => Result): Result
}

/**
 * @param takeOver is told of new changes of this region
 * @param past writes from before the first of `state`, as AWS's own: they are nobody's to keep
 */
export function createRegionChanges(
  state: SandboxState,
  region: string,
  now: () => number,
  takeOver: (fresh: readonly Change[]) => void,
  past: readonly Change[] = [],
): RegionChanges {
  const isHere = (change: Change) => (change.region ?? homeRegion) === region
  let seen = state.changes()
  let all = seen.filter(isHere)
  let writes = [...past, ...all.filter(isWrite)]

  function catchUp(): void {
    const changes = state.changes()
    if (changes === seen) return
    const fresh = changes.slice(seen.length).filter(isHere)
    seen = changes
    if (fresh.length === 0) return
    all = [...all, ...fresh]
    if (fresh.some(isWrite)) writes = [...writes, ...fresh.filter(isWrite)]
    takeOver(fresh)
  }

  return {
    all: () => all,
    writes: () => writes,
    catchUp,
    record(change, at) {
      catchUp()
      const time = at ?? writes.reduce((latest, each) => Math.max(latest, each.at), now())
      state.record({...change, ...(region !== homeRegion && {region}), at: time} as Change)
      catchUp()
    },
    alone: act =>
      state.alone(() => {
        catchUp()
        return act()
      }),
  }
}
