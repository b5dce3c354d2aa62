import type {TuneReport} from '../services/tuning/tune-report.ts'
import {isoClock} from './iso-clock.ts'
import {codeBlock, codeText, markdownRow, markdownText} from './markdown.ts'
import {count, counted, duration, roughDuration, usd} from './numbers.ts'
import {noAnswerText} from './tune-no-answer.ts'
import {objectiveText, sloText} from './tune-objective-words.ts'
import {tunePatches} from './tune-patches.ts'
import {statusText} from './tune-status.ts'
import {tuneSummary, tuneTotalText} from './tune-summary.ts'
import {
  againstText,
  candidateText,
  cleanupText,
  coldText,
  endingWords,
  fileMarks,
  flagsText,
  isOfSeveralArchitectures,
  isRecommended,
  kindWords,
  modeWords,
  originText,
  p95Text,
  p99Text,
  perMillionUSD,
  placeOf,
  plusMinus,
  pricesText,
  proposedText,
  roughPercentilesText,
  sureText,
  targetText,
  verdictText,
  wasBegun,
} from './tune-words.ts'

/** The reports for a ticket or a review, in Markdown. */
export const tuneMarkdown = (
  reports: readonly TuneReport[],
  visualizationUrl: (report: TuneReport) => string | null,
): string =>
  [
    ...(reports.length > 1 ? [summaryMarkdown(reports)] : []),
    ...reports.filter(wasBegun).map(report => functionMarkdown(report, visualizationUrl(report))),
  ].join('\n')

const summaryMarkdown = (reports: readonly TuneReport[]): string =>
  [
    markdownRow(['function', 'memory', 'against today', '']),
    markdownRow(['---', '---', '---', '---']),
    ...tuneSummary(reports, fileMarks).map(({name, change, effect, sure}) =>
      markdownRow([name, change, effect, sure].map(markdownText)),
    ),
    `\n${markdownText(tuneTotalText(reports))}\n`,
  ].join('')

function functionMarkdown(report: TuneReport, visualizationUrl: string | null): string {
  const {plan, sizes, recommendation, spent, ending, cleanup, gaps, notes} = report
  const iso = isoClock()
  const isSeveral = isOfSeveralArchitectures(sizes)
  const {account, region} = placeOf(plan)
  const slo = sloText(report)
  const verdict =
    recommendation === null
      ? `**${markdownText(noAnswerText(report))}**`
      : [
          `**${markdownText(verdictText(recommendation, isSeveral))}**`,
          ...(recommendation.kind === 'winner'
            ? []
            : [
                `(${[kindWords[recommendation.kind], recommendation.kind === 'best-so-far' ? sureText(recommendation, plan) : ''].filter(Boolean).join(': ')})`,
              ]),
          markdownText(againstText(report, fileMarks)),
        ].join(' ')
  const item = (text: string): string => `- ${markdownText(text)}\n`
  return [
    `# Memory of ${markdownText(targetText(plan))}\n\n`,
    `${verdict}\n\n`,
    markdownRow(['memory', 'calls', 'p50', 'p95', 'p99', '$/1 M calls', 'status']),
    markdownRow(['--:', '--:', '--:', '--:', '--:', '--:', '---']),
    ...sizes.map(size => {
      const {invocations, p50Ms, costPerMillionUSD: cost, ci95CostPerMillionUSD: interval} = size
      const origin = originText(size, plan)
      const name = `${candidateText(size, isSeveral)}${origin === '' ? '' : ` (${origin})`}`
      return markdownRow([
        isRecommended(size, recommendation) ? `**${name}**` : name,
        count(invocations),
        p50Ms === null ? '' : duration(p50Ms),
        p95Text(size),
        p99Text(size),
        cost === null ? '' : `${perMillionUSD(cost)}${interval === null ? '' : ` ${plusMinus(interval, cost)}`}`,
        markdownText(statusText(size, ending)),
      ])
    }),
    '\n',
    ...sizes
      .filter(({flags}) => flags.length > 0)
      .map(size => item(`${candidateText(size, isSeveral)}: ${flagsText(size.flags)}`)),
    ...(slo === '' ? [] : [item(slo)]),
    ...[roughPercentilesText(sizes, ['p95', 'p99']), proposedText(report)].filter(Boolean).map(item),
    ...gaps.map(item),
    ...cleanup.left.map(what => item(`left in AWS: ${what}`)),
    ...(cleanup.cleanedUp && plan.mode !== 'observe' ? [item(cleanupText(cleanup))] : []),
    item(`${modeWords[plan.mode]}, for ${objectiveText(plan.objective)}: ${endingWords[ending]}`),
    item(
      `${counted(spent.invocations, 'call')}, ${usd(spent.costUSD)} of ${usd(plan.limits.maxCostUSD)}, ${roughDuration(report.endedAt - report.startedAt)} from ${iso(report.startedAt)}, in ${[account, region].filter(Boolean).join(' ')}, run ${plan.runId}`,
    ),
    item(`${pricesText(plan)}; ${coldText(plan.coldRatio)}`),
    ...[...plan.notes, ...notes].map(item),
    ...(visualizationUrl === null ? [] : [`- picture: ${codeText(visualizationUrl)}\n`]),
    ...(recommendation === null ? [] : tunePatches(plan, recommendation)).flatMap(({title, isManager, lines}) => [
      `\n${title}${isManager ? ' (by its tags this is what manages it)' : ''}:\n\n`,
      codeBlock(lines)
        .join('\n')
        .replace(/^`+/, fence => `${fence}diff`),
      '\n',
    ]),
  ].join('')
}
