import type {QuickerEngine} from '../services/fleet/coldstarts/plan-coldstarts.ts'
import {roughDuration, roughUSD} from './numbers.ts'

/** That reading takes long, and what would be quicker: `reading these logs by FilterLogEvents takes up to 33 h 20 min and costs nothing; …`. */
export function quickerEngineText({filterSeconds, insights}: QuickerEngine): string {
  const lasts = (seconds: number): string => roughDuration(Math.ceil(seconds) * 1_000)
  const slow = `reading these logs by FilterLogEvents takes up to ${lasts(filterSeconds)}, and costs nothing`
  const quick =
    insights === null
      ? 'with --engine insights it is quicker, for a price that is not known'
      : `with --engine insights about ${lasts(insights.seconds)}, for ${roughUSD(insights.costUSD)}`
  return `${slow}; ${quick}; a shorter --since or fewer functions take less of both`
}
