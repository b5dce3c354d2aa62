import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {AliasRef, AliasState} from '../services/traffic/alias/alias-state.ts'
import {shellWord} from './next-command.ts'

type Named = Pick<AliasRef, 'functionName' | 'alias'>

/** As it is typed: `checkout-api:live`. */
export const aliasText = ({functionName, alias}: Named): string => `${functionName}:${alias}`

/** The same as a word of a command line. */
export const targetWord = (named: Named): string => shellWord(aliasText(named))

/** `41`, or `41 (75 %) and 42 (25 %)`. */
export function servesText({version, additional}: Pick<AliasState, 'version' | 'additional'>): string {
  if (additional === null || additional.weight === 0) return version
  return `${version} (${trafficShare(1 - additional.weight)}) and ${additional.version} (${trafficShare(additional.weight)})`
}

/** `14:09:31`, with its day where that is another than now's. */
export function whenText(ms: number, now: number, clock: Pick<ZoneClock, 'time' | 'date'>): string {
  const time = clock.time(ms).slice(0, 8)
  return clock.date(ms) === clock.date(now) ? time : `${clock.date(ms)} ${time}`
}

/** A part of the traffic, as it was set: `5 %`, `14.28 %`. */
export const trafficShare = (share: number): string => `${Number((share * 100).toFixed(2))} %`
