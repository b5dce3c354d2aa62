import type {ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {coldPlotRows} from './coldstarts-plot-rows.ts'
import {darkTheme, lightTheme, type PlotTheme, plotColours, plotShapes} from './coldstarts-plot-style.ts'
import {coverageFacts, headlines} from './coldstarts-plot-words.ts'
import {coldStartsFoot} from './coldstarts-svg-foot.ts'
import {axisOfRows, coldStartsChart} from './coldstarts-svg-rows.ts'
import {cutAtEnd} from './columns.ts'
import {printableName} from './printable.ts'
import {svgTiles, tileHeight} from './svg-tiles.ts'
import {xmlText} from './xml.ts'

const pictureWidth = 1_180
const margin = 28
/** rows that one looks at in a picture */
const rowsByDefault = 30

const rules = ({ground, band, text, dim, line, bad}: PlotTheme): string =>
  `text{fill:${text}}.ground{fill:${ground}}.band{fill:${band}}.dim{fill:${dim}}.bad{fill:${bad}}.tile{fill:${band};stroke:${line}}`

const style = `
text{font:11px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.name{font:600 11.5px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.title{font-size:19px;font-weight:600}.value{font-size:19px;font-weight:600}.number{font-size:12px;font-weight:600}
.small{font-size:10px}.tiny{font-size:9px}.right{text-anchor:end}.middle{text-anchor:middle}
${plotShapes}
${rules(lightTheme)}
${plotColours(lightTheme)}
@media (prefers-color-scheme:dark){
${rules(darkTheme)}
${plotColours(darkTheme)}
}
`.trim()

/** Cold starts as a picture that needs nothing but itself, light or dark as the reader has it. @param limit rows; null: as many as one looks at */
export function coldStartsSvg(report: ColdStartsReport, limit: number | null): string {
  const plotted = coldPlotRows(report, limit, rowsByDefault)
  const facts = coverageFacts(report).join(' · ')
  const top = 76 + tileHeight + 22
  const chart =
    plotted.rows.length === 0
      ? {marks: [], bottom: top - 14}
      : coldStartsChart(plotted, report, {
          left: margin,
          right: pictureWidth - margin,
          top,
          axis: axisOfRows(plotted, report.histogramBoundsMs),
        })
  const foot = coldStartsFoot(report, plotted, {left: margin, right: pictureWidth - margin, top: chart.bottom + 28})
  const height = Math.ceil(foot.bottom + margin - 8)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pictureWidth}" height="${height}" viewBox="0 0 ${pictureWidth} ${height}" role="img">`,
    `<title>${xmlText(`Cold starts · ${facts}`)}</title>`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${pictureWidth}" height="${height}"/>`,
    `<text class="title" x="${margin}" y="40">Cold starts</text>`,
    `<text class="dim" x="${margin}" y="60">${xmlText(cutAtEnd(printableName(facts), 170, '…'))}</text>`,
    ...svgTiles(headlines(report), {x: margin, y: 76, width: pictureWidth - 2 * margin, letter: 5.6}),
    ...chart.marks,
    ...foot.marks,
    '</svg>',
    '',
  ].join('\n')
}
