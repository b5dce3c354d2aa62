import {isKnown} from '../known.ts'
import type {Effect, GateMetric, Judgement, Rate} from '../services/traffic/judge/judgement.ts'
import type {Member} from '../services/traffic/plan/shift-plan.ts'
import type {MemberStanding} from '../services/traffic/shift/shift-steps.ts'
import {count, percent, roughDuration} from './numbers.ts'
import type {Tone} from './palette.ts'
import {evidenceText} from './shift-words.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

const bars = '▁▂▃▄▅▆▇█'
const digits = '0123456789'
const minuteMs = 60_000

/**
 * Evidence of harm over time on a log scale, a minute a mark: none is lowest, what sends a version back is highest. Of more minutes
 * than there is room for, the highest of each few.
 */
function harmMarks(
  byMinute: readonly number[],
  harmAt: number,
  columns: number,
  {unicode}: Pick<Terminal, 'unicode'>,
): string {
  const marks = unicode ? bars : digits
  const parts = Math.min(columns, byMinute.length)
  return Array.from({length: parts}, (_, i) => {
    const from = Math.floor((i * byMinute.length) / parts)
    const to = Math.floor(((i + 1) * byMinute.length) / parts)
    const harm = Math.max(...byMinute.slice(from, to))
    const share = harm <= 1 ? 0 : Math.min(1, Math.log(harm) / Math.log(harmAt))
    return marks[harm >= harmAt ? marks.length - 1 : Math.floor(share * (marks.length - 1))] ?? ''
  }).join('')
}

/** Half-way to going back, on a log scale, is worth a look. */
export const harmTone = (harm: number, harmAt: number): Tone =>
  harm >= harmAt ? 'bad' : harm >= Math.sqrt(harmAt) ? 'look' : 'plain'

/** `▁▁▂▅ 1.9 of 100` */
export function harmLine(
  {harm, harmAt, harmByMinute}: Pick<Judgement, 'harm' | 'harmAt' | 'harmByMinute'>,
  columns: number,
  terminal: Pick<Terminal, 'unicode'>,
): Line {
  const marks = harmMarks(harmByMinute, harmAt, columns, terminal)
  const tone = harmTone(harm, harmAt)
  return [
    ...(marks === '' ? [] : [span(marks, tone === 'plain' ? 'dim' : tone), span(' ')]),
    span(evidenceText(harm), tone),
    span(Number.isFinite(harmAt) ? ` of ${evidenceText(harmAt)}` : '', 'dim'),
  ]
}

/** As counted: `0 %`, `0.4 %`, `20 %`; '' without a call. */
export const countedShare = ({bad, calls}: Pick<Rate, 'bad' | 'calls'>): string =>
  calls === 0 ? '' : bad === 0 ? '0 %' : percent(bad / calls)

/** `0.4 % (0.3–0.6)`: the rate as counted, and between which the true one is in 95 % of cases. */
export const rateText = (rate: Rate, terminal: Pick<Terminal, 'unicode'>): string =>
  `${countedShare(rate)} (${rangeText(rate, terminal)})`

/** `20 of 100 failed (20 %, 13–29 %)`, `0 of 8 failed (0–32 %)` */
export function countsText(rate: Rate, terminal: Pick<Terminal, 'unicode'>, did = ''): string {
  const {bad, calls} = rate
  const range = calls === 0 ? '' : ` (${bad === 0 ? '' : `${countedShare(rate)}, `}${rangeText(rate, terminal)} %)`
  return `${count(bad)} of ${count(calls)}${did === '' ? '' : ` ${did}`}${range}`
}

const rangeText = ({low, high}: Rate, {unicode}: Pick<Terminal, 'unicode'>): string =>
  `${pointsText(low)}${unicode ? '–' : '-'}${pointsText(high)}`

/** Points of percent in two digits: `0`, `0.05`, `0.4`, `32`. */
function pointsText(share: number): string {
  const points = share * 100
  if (points >= 9.95) return String(Math.round(points))
  return String(Number(points.toFixed(points < 0.095 ? 2 : 1)))
}

/** What an invocation did that is counted. */
export const metricWords: Readonly<Record<GateMetric, string>> = {
  errors: 'failed',
  logged: 'logged it',
  slow: 'were slow',
}

/** Errors, and, where something else is worse or the evidence of harm comes from it, that: it could not be understood without. */
export function toldEffects({judgement}: MemberStanding): readonly Effect[] {
  const effects = (judgement?.effects ?? []).filter(({canary}) => canary.calls > 0)
  const ofErrors = effects.find(({metric}) => metric === 'errors')?.harm ?? 1
  return effects.filter(
    ({metric, harm, canary, baseline}) =>
      metric === 'errors' ||
      harm > Math.max(suspectHarm, ofErrors) ||
      // not by chance: neither interval reaches into the other
      (baseline.calls > 0 && canary.low > baseline.high),
  )
}

/** evidence of harm that is worth a word */
const suspectHarm = 2

/** How far evidence of health is on its way, on a log scale: 0–1. */
const healthShare = ({health, healthAt}: Pick<Judgement, 'health' | 'healthAt'>): number =>
  health <= 1 ? 0 : Math.min(1, Math.log(health) / Math.log(healthAt))

const barColumns = 10

/** `▰▰▰▱▱▱▱▱▱▱ healthy needs ≈ 1,100 more calls (2 min)` */
export function healthLine(standing: MemberStanding, terminal: Pick<Terminal, 'unicode'>): Line {
  const {judgement} = standing
  if (judgement === null) return [span('nothing is known of it yet', 'dim')]
  const {bar} = glyphsFor(terminal)
  const full = Math.floor(healthShare(judgement) * barColumns)
  const words = healthText(standing, terminal)
  const isHealthy = judgement.verdict === 'healthy'
  return [
    span(bar.full.repeat(full), isHealthy ? 'good' : 'plain'),
    span(bar.empty.repeat(barColumns - full), 'dim'),
    span(` ${words}`, isHealthy ? 'good' : judgement.verdict === 'unhealthy' ? 'bad' : 'plain'),
  ]
}

/** `healthy`, `unhealthy`, or what is missing: `healthy needs ≈ 1,100 more calls (2 min)`. */
export function healthText(standing: MemberStanding, {unicode}: Pick<Terminal, 'unicode'>): string {
  const {judgement} = standing
  if (judgement === null) return ''
  const {verdict, callsToHealthy, health, healthAt, harmAt} = judgement
  if (verdict !== 'inconclusive') return verdict
  const about = unicode ? '≈' : '~'
  if (health >= healthAt) return `healthy once its harm is below ${evidenceText(Math.sqrt(harmAt))}`
  if (callsToHealthy === null) return `health ${evidenceText(health)} of ${evidenceText(healthAt)}`
  const ms = healthyInMs(standing)
  const time = ms === null ? '' : ` (${roughDuration(ms)})`
  return `healthy needs ${about} ${count(Math.ceil(callsToHealthy))} more calls${time}`
}

/** How long health takes to show at about, in whole minutes as evidence comes; null where nobody knows, or it waits for none. */
export function healthyInMs(standing: MemberStanding): number | null {
  const calls = standing.judgement?.callsToHealthy ?? null
  const perMinute = callsPerMinute(standing)
  return calls === null || perMinute === null ? null : Math.ceil(calls / perMinute) * minuteMs
}

const recentMinutes = 5

/** How often the version that comes in is called: of late, else by its share of the traffic; null where nobody knows, or never. */
function callsPerMinute({evidence, member, basisPoints}: MemberStanding): number | null {
  const minutes = evidence?.metrics.find(({metric}) => metric === 'errors')?.minutes ?? []
  const known = minutes.map(({canary}) => canary.calls).filter(calls => !Number.isNaN(calls))
  const recent = known.slice(-recentMinutes)
  const mean = recent.reduce((sum, calls) => sum + calls, 0) / recent.length
  if (mean > 0) return mean
  const usual = (usualPerMinute(member) ?? 0) * (basisPoints / 10_000)
  return usual > 0 ? usual : null
}

/** Calls of the alias a minute over the last day; null where nobody knows. */
const usualPerMinute = ({traffic}: Pick<Member, 'traffic'>): number | null =>
  isKnown(traffic) ? traffic.value.perMinute : null
