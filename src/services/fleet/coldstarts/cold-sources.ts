import type {Unknown} from '../../../known.ts'
import type {LogSource} from '../../logs/source.ts'
import type {GapReason} from '../../receipt.ts'
import {knownClass} from '../../targets/list-log-groups.ts'
import type {LogGroupFacts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {unknownReasons} from '../unknown-gaps.ts'

/**
 * The log groups of functions, each once: a group that several share is one source.
 * @param isPointed only some of a group's functions may have been asked for, so that others' events are to be left out
 * @param described by the way to AWS, where AWS told; a group that is not in its answer is not there
 */
export function coldSources(
  functions: readonly FleetFunction[],
  isPointed: boolean,
  described: ReadonlyMap<FleetFunction['aws'], ReadonlyMap<string, Pick<LogGroupFacts, 'logClass'>>>,
): {readonly sources: readonly LogSource[]; readonly absent: ReadonlySet<FleetFunction>} {
  const absent = new Set(functions.filter(({aws, logGroup}) => described.get(aws)?.has(logGroup) === false))
  const byAws = Map.groupBy(
    functions.filter(fn => !absent.has(fn)),
    ({aws}) => aws,
  )
  const sources = [...byAws].flatMap(([aws, inAws]) =>
    [...Map.groupBy(inAws, ({logGroup}) => logGroup)].map(([logGroup, alike]): LogSource => {
      const refs = new Map(alike.map(({name, arn}) => [name, {name, arn}] as const))
      return {
        aws,
        scope: {...aws.scope, account: alike[0]?.account ?? aws.scope.account},
        logGroup,
        logGroupClass: knownClass(described.get(aws)?.get(logGroup)?.logClass),
        functions: [...refs.values()],
        only: isPointed ? alike.map(({name, version}) => ({function: name, version})) : null,
        // whether it matters that there is none, the invocations tell
        mayBeMissing: false,
      }
    }),
  )
  return {sources: sources.sort((a, b) => (a.logGroup < b.logGroup ? -1 : 1)), absent}
}

/** Why the functions of a log group that could not be read are unknown. */
export const unknownBy = ({reason, detail}: {readonly reason: GapReason; readonly detail?: string}): Unknown => ({
  unknown: unknownReasons[reason],
  detail: detail ?? 'its log group could not be read',
})
