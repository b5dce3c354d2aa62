import type {Member} from '../services/traffic/plan/shift-plan.ts'
import type {ShiftReport} from '../services/traffic/shift/shift-steps.ts'
import {aliasText, whenText} from './alias-words.ts'
import {darkTheme, lightTheme, type PlotTheme} from './coldstarts-plot-style.ts'
import {px} from './coldstarts-plots.ts'
import {cutAtEnd, width} from './columns.ts'
import {counted, roughDuration} from './numbers.ts'
import {printableName} from './printable.ts'
import type {ShiftCourse} from './shift-course.ts'
import {errorPlot, errorRates, eventMarks, harmPlot, highestRate, type Plot, plotX, weightPlot} from './shift-plots.ts'
import {outcomeWords, type ShiftClock} from './shift-words.ts'
import {xmlText} from './xml.ts'

const pictureWidth = 960
const margin = 28
/** for the values beside an axis */
const axisWidth = 64
const plotHeight = 110
const plotGap = 46
const top = 112
const minuteMs = 60_000
const titleColumns = 84
/** functions of a group that have plots of their own; more are not told apart */
const mostDrawn = 6
const rowHeight = 46
const rowGap = 30

const rules = ({ground, band, text, dim, line, init, bad, restore}: PlotTheme): string =>
  `text{fill:${text}}.ground{fill:${ground}}.band{fill:${band}}.dim{fill:${dim}}.bad{fill:${bad}}.good{fill:${restore}}.grid{stroke:${line}}.limit,.event,.blamed{stroke:${bad}}.new{stroke:${init}}.old{stroke:${dim}}.fill{fill:${init}}`

const style = `
text{font:12px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.title{font-size:19px;font-weight:600}.verdict{font-size:15px;font-weight:600}.small{font-size:11px}.right{text-anchor:end}.middle{text-anchor:middle}
.grid{stroke-width:1;fill:none}.new,.old,.limit,.event,.blamed{fill:none;stroke-width:1.8;stroke-linejoin:round}.limit{stroke-dasharray:5 4;stroke-width:1.2}.event{stroke-width:1;opacity:.55}.fill{opacity:.16}
${rules(lightTheme)}
@media (prefers-color-scheme:dark){
${rules(darkTheme)}
}
`.trim()

/** The course of a shift as a picture that needs nothing but itself: weight, error rates and evidence of harm over time. */
export function shiftSvg(report: ShiftReport, course: ShiftCourse, clock: ShiftClock): string {
  const {plan, outcome, why, startedAt, endedAt} = report
  const span = Math.max(minuteMs, endedAt - startedAt)
  const left = margin + axisWidth
  const wide: Plot = {
    left,
    width: pictureWidth - margin - left,
    y: top,
    height: plotHeight,
    startedAt,
    endedAt: startedAt + span,
  }
  const own = plan.members.length === 1 ? plotsOfOne(report, course, wide) : plotsOfGroup(report, course, wide)
  const last = {...wide, y: own.bottom + plotGap}
  const bottom = last.y + plotHeight
  const height = bottom + 44
  const {account, region} = plan.scope
  const text = (words: string, y: number, tone: string, columns: number): string =>
    `<text class="${tone}" x="${margin}" y="${y}">${xmlText(cutAtEnd(printableName(words), columns, '…'))}</text>`
  const title = titleOf(report)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pictureWidth}" height="${height}" viewBox="0 0 ${pictureWidth} ${height}" role="img">`,
    `<title>${xmlText(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${pictureWidth}" height="${height}"/>`,
    text(title, 38, 'title', titleColumns),
    text(`${outcomeWords[outcome]}: ${why}`, 58, `verdict ${outcome === 'done' ? 'good' : 'bad'}`, 115),
    text(
      [
        account,
        region,
        `${roughDuration(endedAt - startedAt)} from ${clock.date(startedAt)} ${clock.time(startedAt).slice(0, 8)}`,
      ]
        .filter(Boolean)
        .join(' · '),
      76,
      'dim',
      140,
    ),
    ...own.parts,
    ...harmPlot(report, last),
    ...eventMarks(course, plan.members.length === 1 ? wide : last, bottom),
    ...[0, 0.25, 0.5, 0.75, 1].map(share => {
      const at = startedAt + share * span
      return `<text class="small dim middle" x="${px(plotX(wide, at))}" y="${bottom + 20}">${xmlText(whenText(at, startedAt, clock))}</text>`
    }),
    '</svg>',
    '',
  ].join('\n')
}

type Drawn = {readonly parts: readonly string[]; readonly bottom: number}

function plotsOfOne({members}: ShiftReport, course: ShiftCourse, wide: Plot): Drawn {
  const second = {...wide, y: wide.y + plotHeight + plotGap}
  return {
    parts: members.flatMap(each => {
      const {functionName, from, to} = each.member
      const rates = errorRates(each)
      const title = `errors of all calls so far of ${to}, beside ${from} (grey)`
      return [
        ...weightPlot(course, functionName, wide, 'weight of the new version'),
        ...errorPlot(rates, highestRate([rates]), second, title),
      ]
    }),
    bottom: second.y + plotHeight,
  }
}

/** A row each, weight beside errors, on one scale: who is to blame first. */
function plotsOfGroup(report: ShiftReport, course: ShiftCourse, wide: Plot): Drawn {
  const drawn = worstFirst(report).slice(0, mostDrawn)
  const rates = drawn.map(errorRates)
  const highest = highestRate(rates)
  const half = (wide.width - axisWidth) / 2
  const rows = drawn.flatMap((each, i) => {
    const {member} = each
    const tone = report.standing.blamed?.includes(member.functionName) ? 'blamed' : 'new'
    const row = {...wide, y: wide.y + i * (rowHeight + rowGap), height: rowHeight, width: half}
    const name = cutAtEnd(printableName(`${moveText(member)} · weight`), 62, '…')
    const said = tone === 'blamed' ? 'to blame · ' : ''
    return [
      ...weightPlot(course, member.functionName, row, name, tone),
      ...errorPlot(
        rates[i] ?? errorRates(each),
        highest,
        {...row, left: row.left + half + axisWidth},
        `${said}errors of all calls so far, beside the old version (grey)`,
        tone,
      ),
    ]
  })
  const rowsEnd = wide.y + drawn.length * (rowHeight + rowGap) - rowGap
  const others = report.members.length - drawn.length
  if (others === 0) return {parts: rows, bottom: rowsEnd}
  const more = `and ${counted(others, 'more function')}, with less evidence of harm`
  return {
    parts: [...rows, `<text class="small dim" x="${wide.left}" y="${rowsEnd + 22}">${xmlText(more)}</text>`],
    bottom: rowsEnd + 22,
  }
}

/** Who is to blame, then by evidence of harm. */
function worstFirst({members, standing: {blamed = []}}: ShiftReport): ShiftReport['members'] {
  const isBlamed = ({member}: ShiftReport['members'][number]): number => Number(blamed.includes(member.functionName))
  return members.toSorted(
    (one, other) =>
      isBlamed(other) - isBlamed(one) ||
      Math.min(1e9, other.judgement?.harm ?? 0) - Math.min(1e9, one.judgement?.harm ?? 0),
  )
}

const moveText = (member: Member): string => `${aliasText(member)} ${member.from} → ${member.to}`

/** `Shift of checkout-api:live 41 → 42, inventory:live 17 → 18 and 3 more`: as many as there is room for. */
function titleOf(report: ShiftReport): string {
  const moves = worstFirst(report).map(({member}) => moveText(member))
  const titleWith = (named: number): string =>
    `Shift of ${moves.slice(0, named).join(', ')}${named < moves.length ? ` and ${moves.length - named} more` : ''}`
  const most = moves.findLastIndex((_, i) => width(titleWith(i + 1)) <= titleColumns)
  return titleWith(Math.max(1, most + 1))
}
