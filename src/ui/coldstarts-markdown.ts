import {orNull} from '../known.ts'
import type {ColdStartFigures, ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {aheadText, coverageTexts, feltText, initMonthUSD, rateText, ratioText, troubleText} from './coldstarts-words.ts'
import {isoClock} from './iso-clock.ts'
import {markdownGaps, markdownRow, markdownText} from './markdown.ts'
import {count, duration, roughUSD} from './numbers.ts'
import {firstOf} from './report-json.ts'

/** The report for a ticket or a review, in Markdown. */
export function coldStartsMarkdown(report: ColdStartsReport, limit: number | null): string {
  const {coverage, total, functions, groups, notes} = report
  const iso = isoClock()
  const rows = groups
    ? groups.groups.map(({key, figures}) => markdownRow([markdownText(key), ...cellsOf(figures, null)]))
    : functions.flatMap(({of, figures, invocations, notApplicable, ratioToBaseline}) => {
        if ('value' in figures)
          return [markdownRow([markdownText(of.name), ...cellsOf(figures.value, ratioToBaseline)])]
        if (notApplicable !== null || !('value' in invocations)) return []
        return [markdownRow([markdownText(of.name), count(invocations.value), '?', '?', '?', '?', '?', '', '?', ''])]
      })
  const ahead = aheadText(total)
  const advised = report.advised.flatMap(({of, advice}) => advice.map(({text}) => ({name: of.name, text})))
  return [
    '# Cold starts\n\n',
    `${iso(coverage.window.start)} to ${coverage.window.end === null ? 'now' : iso(coverage.window.end)}: `,
    `${feltText(report)}; ${coverageTexts(report).join(', ')}.\n\n`,
    markdownRow([
      groups?.by ?? 'function',
      'calls',
      'cold',
      'rate',
      'init p50',
      'p90',
      'p99',
      'vs hello',
      '$/month',
      'trouble',
    ]),
    markdownRow(['---', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '---']),
    ...firstOf(rows, limit),
    '\n',
    ...(ahead === '' ? [] : [`- ${markdownText(ahead)}\n`]),
    ...advised.map(({name, text}) => `- ${markdownText(name)}: ${markdownText(text)}\n`),
    ...markdownGaps(coverage.gaps).map(line => `${line}\n`),
    ...notes.map(note => `- ${markdownText(note)}\n`),
  ].join('')
}

function cellsOf(figures: ColdStartFigures, ratio: number | null): readonly string[] {
  const {invocations, felt, rate} = figures
  const monthlyUSD = initMonthUSD(figures)
  const init = figures.initMs ?? figures.restoreMs
  const calls = orNull(invocations)
  const share = orNull(rate)
  return [
    calls === null ? '?' : count(calls),
    count(felt),
    // nothing was invoked: there is no rate, and nothing to find out
    share === null ? (calls === 0 ? '' : '?') : rateText(share),
    ...(init ? [duration(init.p50), duration(init.p90), duration(init.p99)] : ['', '', '']),
    ratio === null ? '' : ratioText(ratio, '×'),
    monthlyUSD === null ? '?' : init ? markdownText(roughUSD(monthlyUSD)) : '',
    markdownText(troubleText(figures)),
  ]
}
