import {isKnown} from '../../../known.ts'
import {addToList} from '../../add-to-list.ts'
import type {Aws} from '../../aws/connect.ts'
import type {GroupSize} from '../../logs/group-sizes.ts'
import type {LogSource} from '../../logs/source.ts'
import {groupSizeOf} from '../facts/log-groups.ts'
import type {Facts, LogGroupFacts} from '../facts.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {coldSources} from './cold-sources.ts'

/** The log groups of functions, as AWS describes them. */
export type FunctionLogGroups = {
  readonly sources: readonly LogSource[]
  /** functions whose log group does not exist */
  readonly absent: ReadonlySet<FleetFunction>
  readonly sourceOf: ReadonlyMap<FleetFunction, LogSource>
  readonly functionsOf: ReadonlyMap<LogSource, readonly FleetFunction[]>
  /** as far as AWS tells */
  readonly sizes: ReadonlyMap<LogSource, GroupSize>
  readonly notices: readonly string[]
}

/** Asks AWS of the log groups of functions, 50 a call: which there are, of what class, and how large. Where it does not tell, reading will. */
export async function functionLogGroups(
  functions: readonly FleetFunction[],
  isPointed: boolean,
  factsOf: (fn: FleetFunction) => Pick<Facts, 'logGroups'>,
): Promise<FunctionLogGroups> {
  const described = new Map<Aws, ReadonlyMap<string, LogGroupFacts>>()
  const notices: string[] = []
  await Promise.all(
    [...Map.groupBy(functions, ({aws}) => aws)].map(async ([aws, inAws]) => {
      const [first] = inAws
      const names = [...new Set(inAws.map(({logGroup}) => logGroup))]
      const groups = first && (await factsOf(first).logGroups(names))
      if (groups && isKnown(groups)) described.set(aws, groups.value)
      else if (groups && groups.unknown !== 'interrupted')
        notices.push(
          `what log groups there are in ${aws.scope.region} is not known (${groups.detail}): reading will tell`,
        )
    }),
  )
  const {sources, absent} = coldSources(functions, isPointed, described)
  const byPlace = new Map<Aws, Map<string, LogSource>>()
  const sizes = new Map<LogSource, GroupSize>()
  for (const source of sources) {
    const inAws = byPlace.get(source.aws) ?? new Map<string, LogSource>()
    byPlace.set(source.aws, inAws.set(source.logGroup, source))
    const group = described.get(source.aws)?.get(source.logGroup)
    if (group) sizes.set(source, groupSizeOf(group))
  }
  const read = functions.flatMap(fn => {
    const source = absent.has(fn) ? undefined : byPlace.get(fn.aws)?.get(fn.logGroup)
    return source ? [{fn, source}] : []
  })
  const functionsOf = new Map<LogSource, FleetFunction[]>()
  for (const {fn, source} of read) addToList(functionsOf, source, fn)
  return {sources, absent, sourceOf: new Map(read.map(({fn, source}) => [fn, source])), functionsOf, sizes, notices}
}
