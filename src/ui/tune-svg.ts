import type {TuneReport} from '../services/tuning/tune-report.ts'
import {px} from './coldstarts-plots.ts'
import {cutAtEnd, wrap} from './columns.ts'
import {count, duration} from './numbers.ts'
import {printableName} from './printable.ts'
import {svgTiles, tileHeight} from './svg-tiles.ts'
import {noAnswerText} from './tune-no-answer.ts'
import {tuneSigns} from './tune-plot-signs.ts'
import {tuneDark, tuneLight, tunePlotColours, tunePlotShapes} from './tune-plot-style.ts'
import {type CurveMs, costPlot, durationPlot} from './tune-plots.ts'
import {tuneDoubts, tuneFacts, tuneHeadlines, tuneMethod} from './tune-report-words.ts'
import {statusText} from './tune-status.ts'
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
} from './tune-words.ts'
import {xmlText} from './xml.ts'

const pictureWidth = 1_180
const margin = 28
const plotHeight = 330
const rowHeight = 24
const lineHeight = 17
/** of 11 px, with room for wide letters */
const lineColumns = 165
/** px of 11 px, at about */
const smallLetter = 6.4
const between = 44

const rules = ({ground, band, text, dim, line, bad, good}: typeof tuneLight): string =>
  `text{fill:${text}}.ground{fill:${ground}}.row{fill:${band}}.dim{fill:${dim}}.bad{fill:${bad}}.good{fill:${good}}.tile{fill:${band};stroke:${line}}`

const style = `
text{font:12px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.title{font-size:19px;font-weight:600}.value{font-size:19px;font-weight:600}.verdict{font-size:15px;font-weight:600}
.strong{font-weight:600}.small{font-size:11px}.right{text-anchor:end}.middle{text-anchor:middle}
${rules(tuneLight)}
${tunePlotColours(tuneLight)}
@media (prefers-color-scheme:dark){
${rules(tuneDark)}
${tunePlotColours(tuneDark)}
}
${tunePlotShapes}
`.trim()

type Drawn = {readonly marks: readonly string[]; readonly bottom: number}

/** The reports as a picture that needs nothing but itself, light or dark as the reader has it; one below the other. */
export function tuneSvg(reports: readonly TuneReport[], curveMs: CurveMs | null): string {
  const marks: string[] = []
  let y = 0
  for (const report of reports) {
    const drawn = functionMarks(report, y, curveMs)
    marks.push(...drawn.marks)
    y = drawn.bottom + between
  }
  const height = Math.ceil(Math.max(60, y - between + margin))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pictureWidth}" height="${height}" viewBox="0 0 ${pictureWidth} ${height}" role="img">`,
    `<title>${xmlText(`Memory of ${reports.map(({plan}) => targetText(plan)).join(', ')}`)}</title>`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${pictureWidth}" height="${height}"/>`,
    ...marks,
    '</svg>',
    '',
  ].join('\n')
}

function functionMarks(report: TuneReport, top: number, curveMs: CurveMs | null): Drawn {
  const {recommendation, sizes, plan} = report
  const wide = pictureWidth - 2 * margin
  const isSeveral = isOfSeveralArchitectures(sizes)
  const text = (words: string, y: number, tone: string, columns = 150): string =>
    `<text class="${tone}" x="${margin}" y="${px(y)}">${xmlText(cutAtEnd(printableName(words), columns, '…'))}</text>`
  const tilesAt = top + 76
  const verdictAt = tilesAt + tileHeight + 30
  const plotsAt = verdictAt + 36
  const half = (wide - 20) / 2
  const left = durationPlot(report, {x: margin, y: plotsAt, width: half, height: plotHeight}, curveMs)
  const right = costPlot(report, {x: margin + half + 20, y: plotsAt, width: half, height: plotHeight})
  const hasPlots = left !== '' || right !== ''
  const legendAt = plotsAt + plotHeight + 12
  const table = tableMarks(report, hasPlots ? legendAt + 24 : plotsAt - 10)
  const foot = footMarks(report, table.bottom + 26)
  return {
    marks: [
      text(`Memory of ${targetText(plan)}`, top + 40, 'title', 90),
      text(tuneFacts(report).join(' · '), top + 60, 'dim', 175),
      ...svgTiles(tuneHeadlines(report), {x: margin, y: tilesAt, width: wide, letter: smallLetter}),
      recommendation === null
        ? text(`→ ${noAnswerText(report)}`, verdictAt, 'verdict', 120)
        : text(`→ ${verdictText(recommendation, isSeveral)}`, verdictAt, 'verdict', 120),
      text(againstText(report, fileMarks), verdictAt + 19, 'dim'),
      left,
      right,
      ...(hasPlots ? [legend(report, legendAt, curveMs !== null)] : []),
      ...table.marks,
      ...foot.marks,
    ].filter(Boolean),
    bottom: foot.bottom,
  }
}

/** The signs in a line, each with its meaning. */
function legend(report: TuneReport, y: number, isCurved: boolean): string {
  let x = margin + 52
  return tuneSigns(report, isCurved)
    .map(({mark, width, words}) => {
      const at = x
      x += width + 6 + words.length * 6.1 + 18
      return `<g transform="translate(${px(at)} ${px(y)})">${mark}<text class="small dim" x="${width + 6}" y="0">${words}</text></g>`
    })
    .join('')
}

const columnEnds = [150, 230, 310, 410, 510, 610, 770] as const

function tableMarks({sizes, plan, recommendation, ending}: TuneReport, top: number): Drawn {
  const isSeveral = isOfSeveralArchitectures(sizes)
  const titles = ['memory', 'calls', 'cold', 'p50', 'p95', 'p99', '$/1 M calls']
  const cell = (text: string, i: number, y: number, tone: string): string =>
    `<text class="right ${tone}" x="${margin + (columnEnds[i] ?? 0)}" y="${px(y)}">${xmlText(text)}</text>`
  const ms = (value: number | null): string => (value === null ? '' : duration(value))
  const rows = sizes.flatMap((size, row) => {
    const y = top + (row + 1) * rowHeight
    const {costPerMillionUSD: cost, ci95CostPerMillionUSD: ci95} = size
    const isBest = isRecommended(size, recommendation)
    const tone = isBest ? 'strong' : size.status === 'dropped' || size.status === 'waiting' ? 'dim' : ''
    const cells = [
      candidateText(size, isSeveral),
      size.invocations === 0 ? '' : count(size.invocations),
      size.invocations === 0 ? '' : count(size.coldStarts),
      ms(size.p50Ms),
      p95Text(size),
      p99Text(size),
      cost === null ? '' : `${perMillionUSD(cost)}${ci95 === null ? '' : ` ${plusMinus(ci95, cost)}`}`,
    ]
    const status = [statusText(size, ending), originText(size, plan)].filter(Boolean).join(' · ')
    const statusTone = isBest ? 'strong good' : size.status === 'infeasible' ? 'bad' : tone
    return [
      ...(row % 2 === 0
        ? [
            `<rect class="row" x="${margin}" y="${px(y - 16)}" width="${pictureWidth - 2 * margin}" height="${rowHeight}" rx="4"/>`,
          ]
        : []),
      ...cells.map((text, i) => cell(text, i, y, tone)),
      `<text class="${statusTone}" x="${margin + 800}" y="${px(y)}">${xmlText(cutAtEnd(printableName(status), 50, '…'))}</text>`,
    ]
  })
  return {
    marks: [...titles.map((title, i) => cell(title, i, top, 'small dim')), ...rows],
    bottom: top + sizes.length * rowHeight + 8,
  }
}

function footMarks(report: TuneReport, top: number): Drawn {
  const lines = [
    ...tuneDoubts(report).map(({text, isBad}) => ({text, tone: isBad ? 'small bad' : 'small'})),
    ...tuneMethod(report).map(text => ({text, tone: 'small dim'})),
  ]
  const marks: string[] = []
  let y = top
  for (const line of lines) {
    const text = printableName(line.text)
    for (const {start, end} of wrap(text, lineColumns, lineColumns)) {
      marks.push(`<text class="${line.tone}" x="${margin}" y="${px(y)}">${xmlText(text.slice(start, end))}</text>`)
      y += lineHeight
    }
  }
  return {marks, bottom: y}
}
