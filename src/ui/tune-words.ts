import type {Cleanup} from '../services/tuning/arena/arena.ts'
import type {Objective} from '../services/tuning/objective.ts'
import type {Flag, Interval, Standing} from '../services/tuning/standing.ts'
import type {ColdRatio, Mode, TunePlan} from '../services/tuning/tune-plan.ts'
import type {Change, Ending, Recommendation, TuneReport} from '../services/tuning/tune-report.ts'
import {count, duration} from './numbers.ts'
import {type Glyphs, glyphsFor} from './terminal.ts'

type Marks = Pick<Glyphs, 'minus' | 'to' | 'dot'>

/** For files, which have all glyphs. */
export const fileMarks = glyphsFor({unicode: true})

/** `1,769 MB` */
export const sizeText = (memorySizeMB: number): string => `${count(memorySizeMB)} MB`

/** `1,769 MB`, with its architecture where there are several. */
export const candidateText = (
  {memorySizeMB, architecture}: Pick<Standing, 'memorySizeMB' | 'architecture'>,
  isSeveral: boolean,
): string => `${sizeText(memorySizeMB)}${isSeveral ? ` ${architecture}` : ''}`

export const isOfSeveralArchitectures = (all: readonly Pick<Standing, 'architecture'>[]): boolean =>
  new Set(all.map(({architecture}) => architecture)).size > 1

/** As it was asked for: `checkout-api:live`. */
export const targetText = ({source: {name, qualifier}}: Pick<TunePlan, 'source'>): string =>
  qualifier === null ? name : `${name}:${qualifier}`

/** False for a function before which it was stopped: there is nothing to draw of it. */
export const wasBegun = ({isBegun}: TuneReport): boolean => isBegun !== false

/** Where a function is, by its ARN. */
export function placeOf({source: {arn}}: Pick<TunePlan, 'source'>): {
  readonly account: string | null
  readonly region: string
} {
  const [, , , region = '', account = ''] = arn.split(':')
  return {account: account || null, region}
}

export const isCurrent = (
  {memorySizeMB, architecture}: Pick<Standing, 'memorySizeMB' | 'architecture'>,
  {source}: Pick<TunePlan, 'source'>,
): boolean => memorySizeMB === source.memorySizeMB && architecture === source.architecture

export const isRecommended = (
  one: Pick<Standing, 'memorySizeMB' | 'architecture'>,
  recommendation: Recommendation | null,
): boolean =>
  recommendation !== null &&
  one.memorySizeMB === recommendation.memorySizeMB &&
  one.architecture === recommendation.architecture

/** In three digits, as a column of prices needs it: `$16.1`, `$0.412`. */
export const perMillionUSD = (amount: number): string => `$${amount.toFixed(decimalsOf(amount))}`

/** Half of an interval, in the decimals of what it is around: `±0.5`. */
export const plusMinus = ([low, high]: Interval, around: number, isUnicode = true): string =>
  `${isUnicode ? '±' : '+-'}${((high - low) / 2).toFixed(decimalsOf(around))}`

const decimalsOf = (amount: number): number => (amount >= 100 ? 0 : amount >= 10 ? 1 : amount >= 1 ? 2 : 3)

/** A change: `−6 %`, `+0.4 %`. */
export function signedPercent(share: number, minus: string): string {
  const hundredths = Math.abs(share) * 100
  const digits = hundredths < 0.95 ? hundredths.toFixed(1) : String(Math.round(hundredths))
  return Number(digits) === 0 ? '0 %' : `${share < 0 ? minus : '+'}${digits} %`
}

/** `[−9, −3]`, in percent. */
const intervalText = ([low, high]: Interval, minus: string): string =>
  `[${[low, high].map(share => signedPercent(share, minus).replace(' %', '')).join(', ')}]`

/** What it is, and why: `1,769 MB: as cheap as any (within 3 %) and 42 % faster than 1,024 MB`. */
export function verdictText(recommendation: Recommendation, isSeveral: boolean): string {
  const {reason, memorySizeMB} = recommendation
  // one that is a whole sentence names the size itself
  return reason.startsWith(sizeText(memorySizeMB)) ? reason : `${candidateText(recommendation, isSeveral)}: ${reason}`
}

/** `Against today's 512 MB: −6 % cost [−9, −3], −73 % time. 97 % sure.` '' where neither is known. */
export function againstText({plan, recommendation}: TuneReport, {minus}: Pick<Marks, 'minus'>): string {
  if (recommendation === null) return ''
  const sure = recommendation.kind === 'best-so-far' ? '' : sureText(recommendation, plan)
  const changes = changesText(recommendation, plan.objective, minus)
  return [
    isCurrent(recommendation, plan)
      ? 'It is what the function has.'
      : changes === ''
        ? ''
        : `Against today's ${sizeText(plan.source.memorySizeMB)}: ${changes}.`,
    sure === '' ? '' : `${sure.charAt(0).toUpperCase()}${sure.slice(1)}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

/**
 * `97 % sure`, and never more than `over 99 % sure`. Of what is not settled, what is: `at most 4.6 % dearer than the best (95 %
 * sure)`. '' where neither is known.
 */
export function sureText(
  {kind, confidence, withinShare}: Recommendation,
  {objective}: Pick<TunePlan, 'objective'>,
): string {
  if (kind === 'best-so-far') return withinShare === null ? '' : withinText(withinShare, objective)
  if (confidence === null || kind === 'hypothesis') return ''
  return confidence > 0.99 ? 'over 99 % sure' : `${Math.floor(confidence * 100)} % sure`
}

/** `at most 4.6 % dearer than the best (95 % sure)` */
function withinText(share: number, {goal}: Objective): string {
  const worse = {cheapest: 'dearer', fastest: 'slower', balanced: 'worse'}[goal.kind]
  return `at most ${percentAbove(share)} ${worse} than the best (95 % sure)`
}

/** Rounded up, as what is at most so much must be: `4.6 %`, `25 %`. */
function percentAbove(share: number): string {
  const tenths = Math.ceil(share * 1000 - 1e-9)
  return `${tenths >= 100 ? Math.ceil(tenths / 10) : tenths / 10} %`
}

/** With the interval of what the choice was made by. */
function changesText({againstCurrent}: Recommendation, {goal, slo}: Objective, minus: string): string {
  if (againstCurrent === null) return ''
  const {cost, duration, p95} = againstCurrent
  const change = ({share, ci95}: Change, what: string, isChosenBy: boolean): string =>
    `${signedPercent(share, minus)} ${what}${ci95 === null || !isChosenBy ? '' : ` ${intervalText(ci95, minus)}`}`
  return [
    change(cost, 'cost', goal.kind !== 'fastest'),
    change(duration, 'time', goal.kind !== 'cheapest'),
    ...(p95 === null || slo === null ? [] : [change(p95, 'p95', true)]),
  ].join(', ')
}

export const kindWords: Readonly<Record<Recommendation['kind'], string>> = {
  winner: 'the winner',
  tie: 'a tie',
  'best-so-far': 'the best so far, not settled',
  hypothesis: 'a hypothesis: nothing was measured',
}

export const endingWords: Readonly<Record<Ending, string>> = {
  settled: 'settled',
  'max-cost': 'stopped at --max-cost, before it was settled',
  'max-invocations': 'stopped at --max-invocations, before it was settled',
  'max-time': 'stopped at --max-time, before it was settled',
  'not-separable': 'the sizes cannot be told apart by so many invocations',
  failing: 'stopped: what was to be measured fails',
  failed: 'stopped: it could not go on',
  'deployed-meanwhile': 'stopped: somebody deployed meanwhile',
  interrupted: 'interrupted',
  observed: 'nothing was invoked: by history only',
}

/** Whether there is an answer as it was asked for. */
export const isWholeEnding = (ending: Ending): ending is 'settled' | 'observed' =>
  ending === 'settled' || ending === 'observed'

const flagWords: Readonly<Record<Flag, string>> = {
  outliers: 'more of its invocations than usual took far longer than the rest',
  bimodal: 'its durations seem to fall into two clusters',
  drifting: 'it got slower or faster while it was measured',
  'memory-starved': 'nearly all of its memory was used',
  'off-curve':
    'faster than a larger size, or slower than a smaller one, by more than memory explains: measure it again',
  approximate: 'its durations are approximate',
}

/** What makes a size's figures doubtful, in words. */
export const flagsText = (flags: readonly Flag[]): string => flags.map(flag => flagWords[flag]).join('; ')

/** `3 %`, as it was given. */
export const percentShort = (share: number): string => `${Number((share * 100).toFixed(2))} %`

export const modeWords: Readonly<Record<Mode, string>> = {
  shadow: 'shadow clone',
  versions: 'versions of the function itself',
  observe: 'by history only',
}

const ratioSources: Readonly<Record<ColdRatio['source'], string>> = {
  flag: 'as given',
  metrics: 'by its metrics',
  log: 'by its log',
  assumed: 'assumed',
}

/** `0.23 % of calls cold (by its metrics)` */
export const coldText = ({value, source}: ColdRatio): string =>
  `${percentShort(value)} of calls cold (${ratioSources[source]})`

/** Where prices are from: `prices as bundled, of 2026-08-01`. */
export const pricesText = ({prices: {source, asOf, isListed}}: Pick<TunePlan, 'prices'>): string =>
  `list prices ${source === 'bundled' ? `as bundled, of ${asOf}` : `of AWS's Price List, ${asOf}`}${isListed ? '' : ", us-east-1's for want of this region's"}`

/** Whether anything of it is left in AWS, and what became of a function that was itself changed. */
export function cleanupText({cleanedUp, done}: Cleanup): string {
  if (!cleanedUp) return 'not everything created was removed'
  const ofItself = done.filter(what => /\bmemory of |\bset meanwhile$/.test(what))
  const isRemoved = done.length > ofItself.length
  return [isRemoved ? 'everything created was removed, read back from AWS' : 'nothing was created', ...ofItself].join(
    '; ',
  )
}

/** With fewer warm invocations a percentile is the slowest there was. */
const enoughFor = {p95: 20, p99: 100} as const

type Percentile = keyof typeof enoughFor

const isRough = ({p95Ms, invocations, coldStarts, failures}: Standing, of: Percentile): boolean =>
  p95Ms !== null && invocations - coldStarts - failures < enoughFor[of]

/** Whether a p95 is no more than the slowest of a few warm invocations. */
export const isRoughP95 = (size: Standing): boolean => isRough(size, 'p95')

/** `579 ms`, and of few invocations `~579 ms`. '' where nothing was measured. */
export const p95Text = (size: Standing): string => roughText(size, 'p95', size.p95Ms)
export const p99Text = (size: Standing): string => roughText(size, 'p99', size.p99Ms)

const roughText = (size: Standing, of: Percentile, ms: number | null): string =>
  ms === null ? '' : `${isRough(size, of) ? '~' : ''}${duration(ms)}`

/** What the sign at percentiles means; '' where there is none. @param of those that are shown */
export function roughPercentilesText(sizes: readonly Standing[], of: readonly Percentile[]): string {
  const rough = of.filter(each => sizes.some(size => isRough(size, each)))
  const parts = rough.map(each => `~${each} of fewer than ${enoughFor[each]} warm calls`)
  return parts.length === 0 ? '' : `${parts.join(' and ')} is the slowest of them`
}

/** What there is to know of a size beside its figures: `today`, or `proposed` by the curve. '' for nothing. */
export function originText(
  size: Pick<Standing, 'memorySizeMB' | 'architecture'>,
  plan: Pick<TunePlan, 'source' | 'candidates' | 'tooSmall' | 'mode'>,
): string {
  if (isCurrent(size, plan)) return 'today'
  return isProposed(size, plan) ? 'proposed' : ''
}

const isProposed = (
  {memorySizeMB, architecture}: Pick<Standing, 'memorySizeMB' | 'architecture'>,
  {candidates, tooSmall, mode}: Pick<TunePlan, 'candidates' | 'tooSmall' | 'mode'>,
): boolean =>
  mode !== 'observe' &&
  ![...candidates, ...tooSmall].some(one => one.memorySizeMB === memorySizeMB && one.architecture === architecture)

/** `320 MB was proposed by the fitted curve, and measured like the others`; '' where none was. */
export function proposedText({sizes, plan}: Pick<TuneReport, 'sizes' | 'plan'>): string {
  const proposed = sizes.filter(size => isProposed(size, plan))
  if (proposed.length === 0) return ''
  const names = proposed.map(size => candidateText(size, isOfSeveralArchitectures(sizes))).join(', ')
  return `${names} was proposed by the fitted curve, and measured like the others`
}
