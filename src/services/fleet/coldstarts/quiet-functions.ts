import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {listMetrics} from '../list-metrics.ts'

/** of fewer functions, metrics tell as soon */
const manyFunctions = 200
/** what CloudWatch lists reported in the last two weeks, by its own clock */
const listedMs = 13 * 86_400_000

/**
 * The functions of a large fleet that nobody invoked in a window, by what CloudWatch lists: neither their metrics nor their logs
 * need be read. A function is listed within some 15 minutes of its first call. None where the window is older than the list.
 */
export async function quietFunctions(
  functions: readonly FleetFunction[],
  {start, now}: {readonly start: number; readonly now: number},
  signal: AbortSignal,
): Promise<ReadonlySet<FleetFunction>> {
  if (functions.length <= manyFunctions || start < now - listedMs) return new Set()
  const byAws: readonly (readonly [Aws, readonly FleetFunction[]])[] = [...Map.groupBy(functions, ({aws}) => aws)]
  const quiet = await Promise.all(
    byAws.map(async ([aws, own]) => {
      const listed = new Set<string>()
      const swept = await listMetrics(aws, 'Invocations', ({name}) => void listed.add(name), signal)
      return isKnown(swept) ? own.filter(({name}) => !listed.has(name)) : []
    }),
  )
  return new Set(quiet.flat())
}
