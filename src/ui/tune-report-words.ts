import type {Ending, TuneReport} from '../services/tuning/tune-report.ts'
import {isoClock} from './iso-clock.ts'
import {count, counted, roughDuration, usd} from './numbers.ts'
import type {Headline} from './svg-tiles.ts'
import {objectiveText, sloText} from './tune-objective-words.ts'
import {
  candidateText,
  cleanupText,
  coldText,
  endingWords,
  fileMarks,
  flagsText,
  isOfSeveralArchitectures,
  isWholeEnding,
  kindWords,
  modeWords,
  percentShort,
  placeOf,
  pricesText,
  proposedText,
  roughPercentilesText,
  signedPercent,
  sizeText,
  sureText,
} from './tune-words.ts'

/** The numbers that one looks for first: the size, what it changes, and what finding it took. */
export function tuneHeadlines(report: TuneReport): readonly Headline[] {
  const {recommendation, sizes, plan, spent, ending, startedAt, endedAt} = report
  const isSeveral = isOfSeveralArchitectures(sizes)
  const today = `against ${sizeText(plan.source.memorySizeMB)}`
  const against = recommendation?.againstCurrent ?? null
  const {minus} = fileMarks
  const range = (ci95: readonly [number, number] | null): string =>
    ci95 === null ? today : `${ci95.map(share => signedPercent(share, minus)).join(' to ')}, 95 %`
  return [
    {
      value: recommendation === null ? '–' : candidateText(recommendation, isSeveral),
      of:
        recommendation !== null
          ? 'to use'
          : report.nearestMiss === undefined
            ? 'too little is known'
            : 'no size meets it',
      more: recommendation === null ? endingShort[ending] : kindShort[recommendation.kind],
      isBad: recommendation === null,
    },
    ...sureTile(report),
    ...(against === null
      ? []
      : [
          {
            value: signedPercent(against.cost.share, minus),
            of: `cost, ${today}`,
            more: range(against.cost.ci95),
            isBad: false,
          },
          {
            value: signedPercent(against.duration.share, minus),
            of: `time, ${today}`,
            more: range(against.duration.ci95),
            isBad: false,
          },
        ]),
    {
      value: counted(spent.invocations, 'call'),
      of: `${usd(spent.costUSD)} of ${usd(plan.limits.maxCostUSD)}, ${roughDuration(endedAt - startedAt)}`,
      more: endingShort[ending],
      isBad: !isWholeEnding(ending),
    },
  ]
}

/** Why it ended, as a tile has room for it. */
const endingShort: Readonly<Record<Ending, string>> = {
  ...endingWords,
  'max-cost': 'stopped at --max-cost',
  'max-invocations': 'stopped at --max-invocations',
  'max-time': 'stopped at --max-time',
  'not-separable': 'sizes cannot be told apart',
  failing: 'what was to be measured fails',
  'deployed-meanwhile': 'somebody deployed meanwhile',
  observed: 'by history only',
}

const kindShort: typeof kindWords = {...kindWords, hypothesis: 'a hypothesis, not measured'}

/** Where, how, for what and when, in parts of a line. */
export function tuneFacts({plan, startedAt}: TuneReport): readonly string[] {
  const {account, region} = placeOf(plan)
  return [
    [account, region].filter(Boolean).join(' '),
    modeWords[plan.mode],
    objectiveText(plan.objective),
    `${isoClock()(startedAt).slice(0, 16).replace('T', ' ')} UTC`,
    `run ${plan.runId}`,
  ]
}

/** What to look at, a sentence each: doubtful figures, the latency objective, what could not be done, what is left in AWS. */
export function tuneDoubts(report: TuneReport): readonly {readonly text: string; readonly isBad: boolean}[] {
  const {sizes, gaps, cleanup} = report
  const isSeveral = isOfSeveralArchitectures(sizes)
  const slo = sloText(report)
  return [
    ...cleanup.left.map(what => ({text: `left in AWS: ${what}`, isBad: true})),
    ...gaps.map(text => ({text, isBad: true})),
    ...(slo === '' ? [] : [{text: slo, isBad: false}]),
    ...sizes
      .filter(({flags}) => flags.length > 0)
      .map(size => ({text: `${candidateText(size, isSeveral)}: ${flagsText(size.flags)}`, isBad: false})),
  ]
}

/** How sure the answer is; of what is not settled, by how much it may be worse. */
function sureTile({recommendation, plan}: TuneReport): readonly Headline[] {
  const sure = recommendation === null ? '' : sureText(recommendation, plan)
  if (recommendation === null || sure === '') return []
  const [value = '', of = ''] = sure.split(
    recommendation.kind === 'best-so-far' ? / (?=dearer|slower|worse)/ : / (?=sure)/,
  )
  const more = `no size is better by over ${percentShort(plan.objective.indifference)}`
  return recommendation.kind === 'best-so-far'
    ? [{value, of: of.replace(/ \(.*/, ''), more: '95 % sure', isBad: false}]
    : [{value, of, more, isBad: false}]
}

const classWords = {
  'cpu-bound': 'bound by CPU: it gets faster with memory up to the knee',
  'io-bound': 'bound by what it waits for: more memory makes it no faster',
  mixed: 'partly bound by CPU, partly by what it waits for',
  'multi-threaded': 'of several threads: it gets faster beyond one CPU',
  'memory-starved': 'starved of memory at the small sizes',
} as const

/** How the figures came about, a sentence each. */
export function tuneMethod(report: TuneReport): readonly string[] {
  const {plan, curves, samples, sizes, cleanup, notes} = report
  const isSeveral = isOfSeveralArchitectures(sizes)
  const cold = samples.filter(({isCold}) => isCold).length
  return [
    ...(plan.mode === 'observe'
      ? ['nothing was invoked: durations are of past invocations by the log']
      : [
          `sizes were invoked in turn, ${plan.concurrency === 1 ? 'one call at a time' : `${plan.concurrency} at a time`}, and dropped as soon as they could not win; ${counted(samples.length, 'sample')}, ${count(cold)} of them cold`,
          plan.isPayloadAssumed
            ? 'no payload was given: {} was sent'
            : `with ${counted(plan.payloads.length, 'payload')}`,
        ]),
    `a cost is of the mean billed duration, of warm and cold calls at their shares, with the request; ${plan.mode === 'observe' ? '' : 'what stragglers add is known from all sizes together; '}intervals are of 95 %`,
    `${pricesText(plan)}; ${coldText(plan.coldRatio)}`,
    ...[roughPercentilesText(sizes, ['p95', 'p99']), proposedText(report)].filter(Boolean),
    ...curves.map(
      curve =>
        `by the fitted curve${isSeveral ? ` of ${curve.architecture}` : ''} it is ${classWords[curve.class]}${curve.class === 'io-bound' ? '' : ` (knee at ${sizeText(curve.kneeMB)})`}; the curve only proposes sizes, and recommends none`,
    ),
    ...(plan.mode === 'observe' ? [] : [cleanupText(cleanup)]),
    ...plan.notes,
    ...notes,
  ]
}
