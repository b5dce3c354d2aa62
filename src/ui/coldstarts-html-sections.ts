import {shareKnown} from '../known.ts'
import type {ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {coldStartDefinitions} from './coldstarts-definitions.ts'
import {gapText, otherGaps, unknownFunctions, warmFunctions} from './coldstarts-plot-words.ts'
import {count, counted, roughUSD} from './numbers.ts'
import {xmlText} from './xml.ts'

/** of a list, before it only says how many more there are */
const mostListed = 500

const section = (title: string, html: string): string => `<section><h2>${title}</h2>\n${html}\n</section>`

function list<T>(all: readonly T[], item: (one: T) => string): string {
  const more = all.length - mostListed
  return `<ul class="list">\n${all.slice(0, mostListed).map(item).join('\n')}${more > 0 ? `\n<li class="dim">and ${count(more)} more</li>` : ''}\n</ul>`
}

/** What would make cold starts fewer or shorter, with how each number came about. '' for nothing. */
export function adviceSection(report: ColdStartsReport): string {
  const advised = report.advised.flatMap(({of, advice}) => advice.map(one => ({name: of.name, ...one})))
  if (advised.length === 0) return ''
  return section(
    'What to do',
    `<p class="dim">Only where there were enough cold starts to tell.</p>\n${list(
      advised,
      ({name, text, formula, monthlyUSD, coldStarts}) =>
        `<li><b class="code">${xmlText(name)}</b> ${xmlText(text)}<span class="pill">${counted(coldStarts, 'cold start')}</span>${monthlyUSD === null ? '' : `<span class="pill">${costWords(monthlyUSD)}</span>`}${formula === null ? '' : `<code class="formula">${xmlText(formula)}</code>`}</li>`,
    )}`,
  )
}

function costWords(monthlyUSD: number): string {
  if (monthlyUSD === 0) return 'costs nothing'
  return `${xmlText(roughUSD(Math.abs(monthlyUSD)))} a month ${monthlyUSD < 0 ? 'less' : 'more'}`
}

/** What nobody knows, why, and what share of the functions is known. */
export function unknownSection(report: ColdStartsReport): string {
  const {known, notes, unattributed} = report
  const unknown = unknownFunctions(report)
  const gaps = otherGaps(report)
  const parts = [
    `<p>${count(known.known)} of ${counted(known.functions, 'function')} known, a coverage of ${(Math.floor(shareKnown(known) * 1_000) / 10).toFixed(1)} %.${known.known < known.functions ? ' What is not known is in no sum, and is no zero.' : ''}</p>`,
    ...(unknown.length > 0 ? [list(unknown, ({why, names}) => `<li>${xmlText(why)}<br>${namesHtml(names)}</li>`)] : []),
    ...(gaps.length > 0
      ? [
          '<p>Not read besides:</p>',
          list(
            gaps,
            gap =>
              `<li><b class="code">${xmlText(gap.what)}</b> <span class="dim">${xmlText(gapText(gap))}</span></li>`,
          ),
        ]
      : []),
    ...(unattributed > 0
      ? [
          `<p class="bad">${counted(unattributed, 'init')} of no function that anybody can tell: in no row and in no sum.</p>`,
        ]
      : []),
    ...notes.map(note => `<p class="dim">${xmlText(note)}</p>`),
  ]
  return section('What is not known', parts.join('\n'))
}

/** Functions that met none, which is an answer too. '' for none such. */
export function warmSection(report: ColdStartsReport): string {
  const warm = warmFunctions(report)
  if (warm.length === 0) return ''
  return `<details><summary>${counted(warm.length, 'function')} without a cold start</summary>\n<p>${namesHtml(warm)}</p></details>`
}

function namesHtml(names: readonly string[]): string {
  const more = names.length - mostListed
  const shown = names.slice(0, mostListed).map(name => `<code>${xmlText(name)}</code>`)
  return shown.join(', ') + (more > 0 ? `, and ${count(more)} more` : '')
}

export const definitionsSection = section(
  'What the words mean',
  `<dl>\n${coldStartDefinitions.map(({term, meaning}) => `<dt>${xmlText(term)}</dt><dd>${xmlText(meaning)}</dd>`).join('\n')}\n</dl>`,
)
