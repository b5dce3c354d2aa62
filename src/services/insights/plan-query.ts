import {usageError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import type {LogSource} from '../logs/source.ts'
import {listLogGroups} from '../targets/list-log-groups.ts'
import {NotMergeable} from './pipeline/aggregates.ts'
import {type MergePlan, planMerge} from './pipeline/merge-plan.ts'
import {isByPlace} from './pipeline/places.ts'
import {stagesOf} from './pipeline/stages.ts'
import {restrictionOf} from './restriction.ts'
import {sourceCommand} from './source-command.ts'
import {type Lot, lotsOf} from './split.ts'

/** One of the queries that are run. */
export type QueryPart = {
  readonly aws: Aws
  /** what is read; of a query that selects by its own SOURCE, nobody knows before */
  readonly sources: readonly LogSource[]
  /** `names`: AWS is told them one by one; else the query selects them */
  readonly byName: boolean
  readonly queryString: string
}

export type QueryPlan = {
  readonly parts: readonly QueryPart[]
  /** null where one query answers it all, as it was written */
  readonly merge: MergePlan | null
  /** rows get a field for their region: several were asked for, and each row is from one */
  readonly tellsRegion: boolean
}

/** Whether a query says itself what it reads. */
export const selectsItself = (query: string): boolean => stagesOf(query)[0]?.name === 'source'

/**
 * How a query is run over log groups: as one where AWS allows, else in lots of 50 by account and region.
 * @param mostRows of the answer, where the query has no limit itself
 * @throws UserError (exit 2) where it takes several queries and their answers cannot be made one
 */
export async function planQuery(
  {
    query,
    all,
    sources,
    mostRows,
  }: {
    readonly query: string
    /** all regions and accounts that were asked for; a query that selects itself is run in each */
    readonly all: readonly Aws[]
    readonly sources: readonly LogSource[]
    readonly mostRows: number
  },
  signal: AbortSignal,
): Promise<QueryPlan> {
  const isOwn = selectsItself(query)
  const lots = isOwn ? all.map(aws => ({aws, sources: []})) : await fewestLots(sources, signal)
  const tellsRegion = new Set(all.map(({scope}) => scope.region)).size > 1 && isByPlace(query)
  const merge = lots.length > 1 ? mergeOf(query, lots, {mostRows, isOwn, tellsRegion}) : null
  const text = merge?.queryString ?? query
  const parts = lots.map((lot): QueryPart => {
    const command = 'command' in lot ? lot.command : null
    const restriction = restrictionOf(lot.sources)
    return {
      aws: lot.aws,
      sources: lot.sources,
      byName: !isOwn && command === null,
      queryString: [command, restriction, text].filter(Boolean).join(' | '),
    }
  })
  return {parts, merge, tellsRegion}
}

type SelectedLot = Lot & {readonly command: string | null}

/** Where there are too many to be named and a few prefixes tell them from all others of their class, one query selects them by those. */
async function fewestLots(sources: readonly LogSource[], signal: AbortSignal): Promise<readonly SelectedLot[]> {
  const named = (lots: readonly Lot[]): readonly SelectedLot[] => lots.map(lot => ({...lot, command: null}))
  const each = await Promise.all(
    [...Map.groupBy(sources, ({aws}) => aws)].map(async ([aws, inAws]) => {
      const lots = named(lotsOf(inAws))
      if (lots.length <= 1) return lots
      const listing = await listLogGroups(aws, null, signal).catch(() => null)
      signal.throwIfAborted()
      if (!listing?.complete) return lots
      const {classes} = listing
      const selected = [...Map.groupBy(inAws, ({logGroup}) => classes.get(logGroup) ?? null)].flatMap(([, alike]) => {
        const byName = named(lotsOf(alike))
        const command = byName.length > 1 ? sourceCommand(new Set(alike.map(({logGroup}) => logGroup)), classes) : null
        return command === null ? byName : [{aws, sources: alike, command}]
      })
      return selected.length < lots.length ? selected : lots
    }),
  )
  return each.flat()
}

function mergeOf(
  query: string,
  lots: readonly Lot[],
  {mostRows, isOwn, tellsRegion}: {readonly mostRows: number; readonly isOwn: boolean; readonly tellsRegion: boolean},
): MergePlan {
  try {
    return planMerge(query, mostRows, tellsRegion)
  } catch (error) {
    if (!(error instanceof NotMergeable)) throw error
    const groups = lots.reduce((sum, {sources}) => sum + sources.length, 0)
    const places = new Set(lots.map(({aws}) => aws)).size
    const where = places > 1 ? `${places} regions or accounts` : 'one region'
    throw usageError(
      `this query cannot be run as several: ${error.message}`,
      isOwn
        ? `it would be run in ${where}; give one --region and one --profile`
        : `${groups} log groups in ${where} take ${lots.length} queries. Up to 50 log groups of one region are one query: name fewer, or begin the query with SOURCE logGroups(namePrefix: ['/aws/lambda/']) in one region`,
    )
  }
}
