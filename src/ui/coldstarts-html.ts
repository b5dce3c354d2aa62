import type {ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {adviceSection, definitionsSection, unknownSection, warmSection} from './coldstarts-html-sections.ts'
import {coldStartsPageStyle} from './coldstarts-html-style.ts'
import {coldStartsTable} from './coldstarts-html-table.ts'
import {coldPlotRows} from './coldstarts-plot-rows.ts'
import {coverageFacts, headlines, isAllUnknown} from './coldstarts-plot-words.ts'
import {htmlPage} from './html-page.ts'
import {htmlTile} from './svg-tiles.ts'
import {xmlText} from './xml.ts'

/** more rows make a page slow, and nobody reads them */
const rowsByDefault = 500

// rows of the last tbody by the column's data-v, what has none at the end; by text where no cell has one
const sorting = `
for (const button of document.querySelectorAll('th button')) button.addEventListener('click', () => {
  const th = button.parentElement
  const body = [...th.closest('table').tBodies].at(-1)
  const key = row => row.cells[th.cellIndex].dataset.v
  const isText = th.cellIndex === 0
  const sort = (th.getAttribute('aria-sort') ?? (isText ? 'descending' : 'ascending')) === 'ascending' ? 'descending' : 'ascending'
  for (const other of th.parentElement.cells) other.removeAttribute('aria-sort')
  th.setAttribute('aria-sort', sort)
  const way = sort === 'ascending' ? 1 : -1
  const text = row => row.cells[0].firstChild.textContent
  const order = (a, b) => {
    if (isText) return way * (text(a) < text(b) ? -1 : 1)
    if (key(a) === undefined || key(b) === undefined) return (key(a) === undefined) - (key(b) === undefined)
    return way * (key(a) - key(b))
  }
  body.append(...[...body.rows].sort(order))
})
`.trim()

/** Cold starts as a page that needs nothing but itself: plots, advice, what is not known, and what the words mean. @param limit rows; null: as many as a page can show */
export function coldStartsHtml(report: ColdStartsReport, limit: number | null): string {
  const plotted = coldPlotRows(report, limit, rowsByDefault)
  const {rows, more} = plotted
  return htmlPage({
    title: 'Cold starts',
    style: coldStartsPageStyle,
    script: sorting,
    main: [
      '<h1>Cold starts</h1>',
      `<p class="dim">${xmlText(coverageFacts(report).join(' · '))}</p>`,
      `<ul class="tiles">${headlines(report).map(htmlTile).join('')}</ul>`,
      rows.length === 0 ? noRows(report) : coldStartsTable(plotted, report),
      ...(more === '' ? [] : [`<p class="dim">and ${more}</p>`]),
      adviceSection(report),
      unknownSection(report),
      warmSection(report),
      definitionsSection,
      `<footer>Made by slsops coldstarts. Inits of functions that do nothing as of ${xmlText(report.baselinesAsOf)}, list prices as of ${xmlText(report.pricesAsOf)}.</footer>`,
    ],
  })
}

function noRows(report: ColdStartsReport): string {
  if (isAllUnknown(report)) return ''
  return `<p><b>No cold start was felt${report.known.known < report.known.functions ? ' in what is known' : ''}.</b></p>`
}
