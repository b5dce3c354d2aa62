import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {TraceGroup} from '../services/traces/group-traces.ts'
import type {FailedOutcome, TraceOutcome} from '../services/traces/trace-outcome.ts'
import type {ListedTrace} from '../services/traces/trace-summary.ts'
import {duration} from './numbers.ts'
import type {Tone} from './palette.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/** The worst first, as they stand beside each other. */
export const failedOutcomes: readonly FailedOutcome[] = ['fault', 'throttle', 'error', 'handled']

/** What became of a trace, in a column; `handled` is what failed on the way. */
export const outcomeSigns = ({unicode}: Pick<Terminal, 'unicode'>) =>
  unicode
    ? {fault: '✗', throttle: '‖', error: '!', handled: '·'}
    : {fault: 'F', throttle: 'T', error: 'E', handled: '.'}

/** Before what a group has in common: failures of two kinds may begin in the same place. '' where it is none. */
export function kindSign({kind}: Pick<TraceGroup, 'kind'>, unicode: boolean): string {
  return kind === 'fault' || kind === 'error' ? `${outcomeSign(kind, {unicode}).sign} ` : ''
}

type Sign = {readonly sign: string; readonly tone: Tone}

/** What became of a trace, in a column: a fault is broken, an error or throttle is to be looked at; a dot is for what failed on the way and was handled. */
export function outcomeSign(outcome: TraceOutcome, {unicode}: Pick<Terminal, 'unicode'>): Sign {
  const sign = outcome === 'ok' ? ' ' : outcomeSigns({unicode})[outcome]
  return {sign, tone: outcome === 'fault' ? 'bad' : outcome === 'ok' ? 'plain' : 'look'}
}

/**
 * Why a trace failed, or where its time went when it did not: null where X-Ray does not say. Unprintable text is left in it.
 * @param servedBy who called need not be said where it stands beside
 */
export function causeText({cause}: Pick<ListedTrace, 'cause'>, servedBy: string | null = null): string | null {
  if (cause === null) return null
  const {place, exception} = cause
  const beside = `${servedBy} → `
  const {name = '', message = ''} = exception ?? {}
  return [place.startsWith(beside) ? place.slice(beside.length) : place, name, message].filter(Boolean).join(': ')
}

/** `1.30 s of 6.46 s` where the caller waited for less than the whole of it took, as for what goes on behind a queue; `≥` before what is still going on. */
export function tookText(
  {partial, durationMs, responseTimeMs}: Pick<ListedTrace, 'partial' | 'durationMs' | 'responseTimeMs'>,
  unicode: boolean,
): string {
  const whole = `${partial ? (unicode ? '≥' : '>') : ''}${durationMs === null ? '?' : duration(durationMs)}`
  const isLess = responseTimeMs !== null && durationMs !== null && responseTimeMs < durationMs * mostOfAll
  return isLess ? `${duration(responseTimeMs)} of ${whole}` : whole
}

/** a caller that waited for more than that waited for all of it, to the eye */
const mostOfAll = 0.9

/** `POST /orders`: the path alone, where a URL has one; what it came in by where there is no URL. */
export function requestText({method, url}: Pick<ListedTrace, 'method' | 'url'>): string | null {
  if (url === null) return method
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') || '/'
  return [method, path].filter(Boolean).join(' ')
}

/** A moment to the second, with its day where days must be told apart. */
export function momentText(ms: number, clock: Pick<ZoneClock, 'time' | 'date'>, dated: boolean): string {
  return `${dated ? `${clock.date(ms).slice(5)} ` : ''}${clock.time(ms).slice(0, 8)}`
}

/** What {@link causeText} and titles of groups put between names, as the terminal can show it. */
export function shownText(text: string, terminal: Terminal): string {
  const {arrow, dot} = glyphsFor(terminal)
  return text.replaceAll(' → ', ` ${arrow} `).replaceAll(' · ', ` ${dot} `)
}
