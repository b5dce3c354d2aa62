import type {Scope} from '../services/aws/scope.ts'
import type {Recommendation, TuneReport} from '../services/tuning/tune-report.ts'
import {paintedRows} from './layout.ts'
import {nextLine} from './next-command.ts'
import {count, counted, roughDuration, usd} from './numbers.ts'
import {joined, type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {tuneChart} from './tune-chart.ts'
import {nextTuneCommand} from './tune-next.ts'
import {noAnswerText} from './tune-no-answer.ts'
import {objectiveText, sloText} from './tune-objective-words.ts'
import {statusText} from './tune-status.ts'
import {tuneTable} from './tune-table.ts'
import {
  againstText,
  candidateText,
  cleanupText,
  coldText,
  endingWords,
  flagsText,
  isOfSeveralArchitectures,
  isWholeEnding,
  kindWords,
  modeWords,
  pricesText,
  proposedText,
  roughPercentilesText,
  sureText,
  targetText,
  verdictText,
} from './tune-words.ts'

export type TuneTextOptions = {
  readonly terminal: Terminal
  readonly scope: Scope
  /** a picture of it by AWS Lambda Power Tuning's page; null where it cannot be put into its address */
  readonly visualizationUrl: string | null
  /** what sets the winner, to be typed */
  readonly applyCommand: string | null
}

/** The sizes as a table and as a chart, which one to use and how sure that is, what it took, and what is left of it. */
export function tuneText(report: TuneReport, options: TuneTextOptions): string {
  const {terminal, scope, applyCommand, visualizationUrl} = options
  const {plan, sizes, recommendation, warnings = []} = report
  const notes = report.notes.filter(note => !warnings.includes(note))
  const table = tuneTable(sizes, plan, terminal, report.ending)
  const isSeveral = isOfSeveralArchitectures(sizes)
  const separator = ` ${glyphsFor(terminal).dot} `
  const architecture = recommendation?.architecture ?? plan.source.architecture
  const chart = tuneChart({sizes, plan, recommendation, architecture}, terminal)
  const cut = table.cut.map(size => [
    span(
      `  ${candidateText(size, isSeveral)} ${statusText(size, report.ending)}`,
      size.status === 'infeasible' ? 'bad' : 'dim',
    ),
  ])
  const below = [table.hasP95 ? roughPercentilesText(sizes, ['p95']) : '', proposedText(report)]
    .filter(Boolean)
    .map(text => [span(`  ${text}`, 'dim')])
  return [
    paintedRows(
      [
        joined(
          [
            span(targetText(plan), 'strong'),
            span(modeWords[plan.mode], 'dim'),
            span(objectiveText(plan.objective), 'dim'),
          ],
          separator,
        ),
      ],
      terminal,
      separator,
    ),
    // a row of a table is never wrapped
    paintedRows(table.rows, {...terminal, isTTY: false}),
    paintedRows([...cut, ...below], terminal),
    ...(chart.length === 0
      ? []
      : ['\n', paintedRows(chart.slice(0, 1), terminal), paintedRows(chart.slice(1), {...terminal, isTTY: false})]),
    '\n',
    paintedRows([...verdictLines(report, isSeveral, terminal), ...doubts(report, isSeveral, terminal)], terminal),
    paintedRows([spentLine(report, separator)], terminal, separator),
    paintedRows([...cleanupLines(report, terminal), ...notes.map(note => [span(note, 'dim')])], terminal),
    paintedRows(
      [joined([span(pricesText(plan), 'dim'), span(coldText(plan.coldRatio), 'dim')], separator)],
      terminal,
      separator,
    ),
    ...(visualizationUrl === null ? [] : [urlLine(visualizationUrl, terminal)]),
    nextLine(nextTuneCommand(report, scope, applyCommand), terminal),
  ].join('')
}

/** What could not be done, what makes the answer or its figures doubtful, a line for each size of which any are, and the latency objective. */
function doubts(report: TuneReport, isSeveral: boolean, terminal: Terminal): readonly Line[] {
  const {warn} = glyphsFor(terminal)
  const slo = report.nearestMiss === undefined ? sloText(report) : ''
  return [
    ...report.gaps.map(gap => [span(`${warn} `, 'look'), span(gap)]),
    ...(report.warnings ?? []).map(warning => [span(`${warn} `, 'look'), span(warning)]),
    ...report.sizes
      .filter(({flags}) => flags.length > 0)
      .map(size => [
        span(`${warn} `, 'look'),
        span(candidateText(size, isSeveral), 'strong'),
        span(`: ${flagsText(size.flags)}`),
      ]),
    ...(slo === '' ? [] : [[span(`  ${slo}`)]]),
  ]
}

function verdictLines(report: TuneReport, isSeveral: boolean, terminal: Terminal): readonly Line[] {
  const {recommendation} = report
  const glyphs = glyphsFor(terminal)
  if (recommendation === null) return [[span(`${glyphs.arrow} `, 'look'), span(noAnswerText(report), 'strong')]]
  const isSettled = recommendation.kind === 'winner' || recommendation.kind === 'tie'
  const against = againstText(report, glyphs)
  return [
    [span(`${glyphs.arrow} `, isSettled ? 'good' : 'look'), span(verdictText(recommendation, isSeveral), 'strong')],
    ...(isSettled ? [] : [[span(`  ${kindText(report, recommendation)}`, 'look')]]),
    ...(against === '' ? [] : [[span(`  ${against}`)]]),
  ]
}

/** What the answer is worth that is not settled: by how much it may be worse, where that is known. */
function kindText({plan}: TuneReport, recommendation: Recommendation): string {
  const sure = sureText(recommendation, plan)
  return sure === '' ? kindWords[recommendation.kind] : `not settled: ${sure}`
}

/** `settled · 46 calls, $0.0021 of $0.05, 1 min 12 s` */
function spentLine({ending, spent, plan, startedAt, endedAt, recommendation}: TuneReport, separator: string): Line {
  const isSettled = isWholeEnding(ending) && recommendation !== null
  return joined(
    [
      span(endingWords[ending], isSettled ? 'dim' : 'look'),
      ...(plan.mode === 'observe'
        ? []
        : [
            span(
              `${counted(spent.invocations, 'call')}, ${usd(spent.costUSD)} of ${usd(plan.limits.maxCostUSD)}`,
              'dim',
            ),
          ]),
      ...(spent.unknown > 0 ? [span(`${count(spent.unknown)} unanswered`, 'look')] : []),
      span(roughDuration(endedAt - startedAt), 'dim'),
    ],
    separator,
  )
}

/** That all is gone, or exactly what is left. */
function cleanupLines({plan, cleanup}: TuneReport, terminal: Terminal): readonly Line[] {
  const {fail} = glyphsFor(terminal)
  if (plan.mode === 'observe') return []
  if (cleanup.cleanedUp) return [[span(cleanupText(cleanup), 'dim')]]
  return [
    [span(`${fail} `, 'bad'), span('left in AWS:', 'bad')],
    ...cleanup.left.map(what => [span(`  ${what}`, 'bad')]),
    ...cleanup.done.map(what => [span(`  done: ${what}`, 'dim')]),
  ]
}

/** Never broken, so that it can be opened. */
const urlLine = (url: string, terminal: Terminal): string =>
  paintedRows([[span('picture: ', 'dim'), span(url)]], {...terminal, isTTY: false})
