import {isKnown} from '../../../known.ts'
import type {GroupSize} from '../../logs/group-sizes.ts'
import type {LogSource} from '../../logs/source.ts'
import {groupSizeOf} from '../facts/log-groups.ts'
import type {Facts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'

/** A log group of functions whose memory is asked for. */
export type MemorySource = {
  readonly source: LogSource
  /** null where AWS does not tell it */
  readonly size: GroupSize | null
  /** AWS told of others, and not of this one */
  readonly isMissing: boolean
  readonly functions: readonly FleetFunction[]
}

/**
 * The log groups of functions, each once, with what is known of their sizes.
 * @param functions of the region of the facts
 */
export async function memorySources(
  facts: Facts,
  functions: readonly FleetFunction[],
): Promise<readonly MemorySource[]> {
  const {aws} = facts
  const byGroup = Map.groupBy(functions, ({logGroup}) => logGroup)
  const told = await facts.logGroups([...byGroup.keys()])
  return Array.from(byGroup, ([logGroup, owners]) => {
    const group = isKnown(told) ? told.value.get(logGroup) : undefined
    const size = group ? groupSizeOf(group) : null
    const source: LogSource = {
      aws,
      scope: {...aws.scope, account: owners[0]?.account ?? aws.scope.account},
      logGroup,
      logGroupClass: size?.logGroupClass ?? null,
      functions: owners.map(({name, arn}) => ({name, arn})),
      only: null,
      mayBeMissing: true,
    }
    return {source, size, isMissing: isKnown(told) && size === null, functions: owners}
  })
}
