import {orNull} from '../../../known.ts'
import {isDeprecated} from './headroom.ts'
import type {InventoryFunction, RegionConcurrency} from './inventory.ts'

/** What in an inventory asks to be looked at; the words are stable, for scripts. */
export type FindingKind =
  | 'dropped'
  | 'dead-letters'
  | 'throttled'
  | 'falling-behind'
  | 'burst'
  | 'near-timeout'
  | 'near-memory'
  | 'runtime-update-blocked'
  | 'runtime-deprecated'
  | 'runtime-ending'

export type Finding = {
  readonly kind: FindingKind
  /** bad: something is lost or stands still; look: it may come to that */
  readonly severity: 'bad' | 'look'
  /** the worst first; none where it is of a region */
  readonly functions: readonly InventoryFunction[]
  /** where it is of a region's concurrency */
  readonly concurrency: RegionConcurrency | null
}

type Rule = {
  readonly kind: FindingKind
  readonly severity: Finding['severity']
  readonly isMet: (one: InventoryFunction) => boolean
  /** the highest is the worst */
  readonly weight: (one: InventoryFunction) => number
}

const numbered = (
  kind: FindingKind,
  severity: Finding['severity'],
  pick: (one: InventoryFunction) => number | null,
): Rule => ({kind, severity, isMet: one => (pick(one) ?? 0) > 0, weight: one => pick(one) ?? 0})

const endsSoonest = ({lifecycle}: InventoryFunction): number => -(lifecycle.daysLeft ?? 0)

const rules: readonly Rule[] = [
  numbered('dropped', 'bad', ({measures}) => orNull(measures.asyncEventsDropped)),
  numbered('dead-letters', 'bad', ({measures}) => orNull(measures.deadLettersWaiting)),
  numbered('throttled', 'bad', ({measures}) => orNull(measures.throttles)),
  {
    kind: 'falling-behind',
    severity: 'bad',
    isMet: ({isFallingBehind}) => isFallingBehind,
    weight: ({measures}) => orNull(measures.iteratorAgeMs) ?? 0,
  },
  {
    kind: 'near-timeout',
    severity: 'look',
    isMet: ({headroom}) => headroom.isNearTimeout,
    weight: ({headroom}) => headroom.timeoutShare ?? 0,
  },
  {
    kind: 'near-memory',
    severity: 'look',
    isMet: ({headroom}) => headroom.isNearMemory,
    weight: ({headroom}) => headroom.memoryShare ?? 0,
  },
  {
    kind: 'runtime-update-blocked',
    severity: 'look',
    isMet: ({lifecycle}) => lifecycle.status === 'update-blocked',
    weight: endsSoonest,
  },
  {
    kind: 'runtime-deprecated',
    severity: 'look',
    isMet: one => isDeprecated(one) && one.lifecycle.status !== 'update-blocked',
    weight: endsSoonest,
  },
  {
    kind: 'runtime-ending',
    severity: 'look',
    isMet: ({lifecycle}) => lifecycle.status === 'ending',
    weight: endsSoonest,
  },
]

/** What asks to be looked at, what is lost first. */
export function findingsIn(
  functions: readonly InventoryFunction[],
  concurrency: readonly RegionConcurrency[],
): readonly Finding[] {
  const found = rules.flatMap(({kind, severity, isMet, weight}): readonly Finding[] => {
    const met = functions.filter(isMet)
    if (met.length === 0) return []
    return [{kind, severity, functions: met.toSorted((a, b) => weight(b) - weight(a)), concurrency: null}]
  })
  const bursts = concurrency
    .filter(({nextBurst}) => (nextBurst?.left ?? 0) < 0)
    .map((region): Finding => ({kind: 'burst', severity: 'look', functions: [], concurrency: region}))
  const lost = found.filter(({severity}) => severity === 'bad')
  return [...lost, ...bursts, ...found.filter(({severity}) => severity === 'look')]
}
