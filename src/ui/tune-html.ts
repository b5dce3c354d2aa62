import type {Standing} from '../services/tuning/standing.ts'
import type {TuneReport} from '../services/tuning/tune-report.ts'
import {htmlPage} from './html-page.ts'
import {count, duration} from './numbers.ts'
import {htmlTile} from './svg-tiles.ts'
import {tunePageStyle} from './tune-html-style.ts'
import {noAnswerText} from './tune-no-answer.ts'
import {tunePatches} from './tune-patches.ts'
import {tuneSigns} from './tune-plot-signs.ts'
import {type CurveMs, costPlot, durationPlot} from './tune-plots.ts'
import {tuneDoubts, tuneFacts, tuneHeadlines, tuneMethod} from './tune-report-words.ts'
import {statusText} from './tune-status.ts'
import {tuneSummary, tuneTotalText} from './tune-summary.ts'
import {
  againstText,
  candidateText,
  fileMarks,
  isOfSeveralArchitectures,
  isRecommended,
  originText,
  p95Text,
  p99Text,
  perMillionUSD,
  plusMinus,
  targetText,
  verdictText,
  wasBegun,
} from './tune-words.ts'
import {xmlText} from './xml.ts'

const plot = {x: 0, y: 0, width: 590, height: 340} as const

/** The reports as a page that needs nothing but itself and runs nothing: plots, tables, what is doubtful, the patches, the method. */
export function tuneHtml(
  reports: readonly TuneReport[],
  curveMs: CurveMs | null,
  visualizationUrl: (report: TuneReport) => string | null,
): string {
  return htmlPage({
    title: `Memory of ${reports.map(({plan}) => targetText(plan)).join(', ')}`,
    style: tunePageStyle,
    script: null,
    main: [
      ...(reports.length > 1 ? [summaryHtml(reports)] : []),
      ...reports.filter(wasBegun).map((report, i) => functionHtml(report, `f${i}`, curveMs, visualizationUrl(report))),
      '<footer>Made by slsops tune.</footer>',
    ],
  })
}

const summaryHtml = (reports: readonly TuneReport[]): string =>
  [
    '<article>',
    '<h1>Memory</h1>',
    `<p class="dim">${xmlText(tuneTotalText(reports))}</p>`,
    '<div class="wide"><table>',
    ...tuneSummary(reports, fileMarks).map(
      ({name, change, effect, sure, isSettled}, i) =>
        `<tr><td class="left"><a href="#f${i}">${xmlText(name)}</a></td><td class="left">${xmlText(change)}</td><td class="left">${xmlText(effect)}</td><td class="left status${isSettled ? '' : ' bad'}">${xmlText(sure)}</td></tr>`,
    ),
    '</table></div>',
    '</article>',
  ].join('\n')

function functionHtml(
  report: TuneReport,
  id: string,
  curveMs: CurveMs | null,
  visualizationUrl: string | null,
): string {
  const {plan, recommendation, sizes} = report
  const isSeveral = isOfSeveralArchitectures(sizes)
  const against = againstText(report, fileMarks)
  const doubts = tuneDoubts(report)
  return [
    `<article id="${id}">`,
    `<h1>Memory of ${xmlText(targetText(plan))}</h1>`,
    `<p class="dim">${xmlText(tuneFacts(report).join(' · '))}</p>`,
    `<ul class="tiles">${tuneHeadlines(report).map(htmlTile).join('')}</ul>`,
    recommendation === null
      ? `<p class="verdict">${xmlText(noAnswerText(report))}</p>`
      : `<p class="verdict">${xmlText(verdictText(recommendation, isSeveral))}</p>`,
    ...(against === '' ? [] : [`<p>${xmlText(against)}</p>`]),
    ...plots(report, curveMs),
    tableHtml(report, isSeveral),
    ...(doubts.length === 0
      ? []
      : [
          '<h2>To look at</h2>',
          list(doubts.map(({text, isBad}) => `<li${isBad ? ' class="bad"' : ''}>${xmlText(text)}</li>`)),
        ]),
    ...patchesHtml(report),
    '<h2>How it was found</h2>',
    list([
      ...tuneMethod(report).map(text => `<li>${xmlText(text)}</li>`),
      ...(visualizationUrl === null
        ? []
        : [
            `<li>as a picture of AWS Lambda Power Tuning: <a rel="noreferrer" href="${xmlText(visualizationUrl)}">${xmlText(visualizationUrl)}</a></li>`,
          ]),
    ]),
    '</article>',
  ].join('\n')
}

const list = (items: readonly string[]): string => `<ul class="list">\n${items.join('\n')}\n</ul>`

function plots(report: TuneReport, curveMs: CurveMs | null): readonly string[] {
  const drawn = [durationPlot(report, plot, curveMs), costPlot(report, plot)].filter(Boolean)
  if (drawn.length === 0) return []
  const signs = tuneSigns(report, curveMs !== null).map(
    ({mark, width, words}) =>
      `<li><svg width="${width}" height="14" viewBox="0 -11 ${width} 14">${mark}</svg>${words}</li>`,
  )
  return [
    `<div class="plots">${drawn.map(marks => `<svg viewBox="0 0 ${plot.width} ${plot.height}" role="img">${marks}</svg>`).join('')}</div>`,
    `<ul class="legend">${signs.join('')}</ul>`,
  ]
}

function tableHtml({sizes, plan, recommendation, ending}: TuneReport, isSeveral: boolean): string {
  const titles = ['memory', 'calls', 'cold', 'p50', 'p95', 'p99', 'mean billed', '$/1 M calls']
  const row = (size: Standing): string => {
    const {invocations, coldStarts, p50Ms, meanBilledMs, costPerMillionUSD: cost} = size
    const {ci95CostPerMillionUSD: ci95, status} = size
    const isBest = isRecommended(size, recommendation)
    const origin = originText(size, plan)
    const look = isBest ? ' class="best"' : status === 'dropped' || status === 'waiting' ? ' class="out"' : ''
    const cells = [
      `${candidateText(size, isSeveral)}${origin === '' ? '' : ` <small>${origin}</small>`}`,
      invocations === 0 ? '' : count(invocations),
      invocations === 0 ? '' : count(coldStarts),
      durationText(p50Ms),
      p95Text(size),
      p99Text(size),
      durationText(meanBilledMs),
      cost === null ? '' : `${perMillionUSD(cost)}${ci95 === null ? '' : ` <small>${plusMinus(ci95, cost)}</small>`}`,
    ]
    const tone = status === 'infeasible' ? ' bad' : ''
    return `<tr${look}>${cells.map(cell => `<td>${cell}</td>`).join('')}<td class="left status${tone}">${xmlText(statusText(size, ending))}</td></tr>`
  }
  return [
    '<div class="wide"><table>',
    `<thead><tr>${titles.map(title => `<th scope="col">${title}</th>`).join('')}<th scope="col" class="left"></th></tr></thead>`,
    '<tbody>',
    ...sizes.map(row),
    '</tbody>',
    '</table></div>',
  ].join('\n')
}

const durationText = (ms: number | null): string => (ms === null ? '' : duration(ms))

function patchesHtml({plan, recommendation}: TuneReport): readonly string[] {
  const patches = recommendation === null ? [] : tunePatches(plan, recommendation)
  if (patches.length === 0) return []
  const lineHtml = (line: string): string => {
    const tag = line.startsWith('+') ? 'ins' : line.startsWith('-') ? 'del' : 'span'
    return `<${tag}>${xmlText(line)}</${tag}>`
  }
  return [
    '<h2>To set it in your code</h2>',
    '<div class="patches">',
    ...patches.map(
      ({title, isManager, lines}) =>
        `<figure><figcaption>${title}${isManager ? ' <b class="good">manages it, by its tags</b>' : ''}</figcaption><pre>${lines.map(lineHtml).join('\n')}</pre></figure>`,
    ),
    '</div>',
  ]
}
