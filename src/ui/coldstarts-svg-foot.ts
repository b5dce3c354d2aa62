import type {ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {type ColdPlotRows, signsIn} from './coldstarts-plot-rows.ts'
import {
  causeKinds,
  causeNames,
  gapText,
  isAllUnknown,
  otherGaps,
  unknownFunctions,
  warmFunctions,
} from './coldstarts-plot-words.ts'
import {px} from './coldstarts-plots.ts'
import type {Drawn} from './coldstarts-svg-rows.ts'
import {cutAtEnd, shorten, width, wrap} from './columns.ts'
import {count, counted} from './numbers.ts'
import {printableName} from './printable.ts'
import {xmlText} from './xml.ts'

type FootPlace = {readonly left: number; readonly right: number; readonly top: number}

/** of 11 px, with room for wide letters */
const lineColumns = 165
const lineHeight = 17
const namesShown = 24
const reasonsShown = 12
const gapsShown = 12
const reasonColumns = 110
const nameColumns = 64

/** What the signs mean, what is not in the rows, and what is not known. */
export function coldStartsFoot(report: ColdStartsReport, plotted: ColdPlotRows, {left, top}: FootPlace): Drawn {
  const {rows, more, of} = plotted
  const warm = of === 'function' ? warmFunctions(report) : []
  const unknown = unknownFunctions(report)
  const gaps = otherGaps(report)
  const lines = [
    ...(rows.length === 0 && !isAllUnknown(report)
      ? [line(`no cold start was felt${unknown.length > 0 ? ' in what is known' : ''}`, '')]
      : []),
    ...(more === '' ? [] : [line(`and ${more}`, '')]),
    ...(warm.length > 0 ? [line(`${counted(warm.length, 'function')} without one: ${someOf(warm)}`, 'dim')] : []),
    ...(report.unattributed > 0
      ? [line(`${counted(report.unattributed, 'init')} of no function that anybody can tell`, 'bad')]
      : []),
    ...unknown
      .slice(0, reasonsShown)
      .map(({why, names}) =>
        line(`not known of ${counted(names.length, 'function')}, ${cutReason(why)} – ${someOf(names)}`, 'bad'),
      ),
    ...(unknown.length > reasonsShown
      ? [line(`not known of ${counted(unknownBeyond(unknown), 'more function')}, for other reasons`, 'bad')]
      : []),
    ...gaps.slice(0, gapsShown).map(gap => line(`not read: ${nameIn(gap.what)} (${cutReason(gapText(gap))})`, 'bad')),
    ...(gaps.length > gapsShown ? [line(`not read: ${count(gaps.length - gapsShown)} more`, 'bad')] : []),
    ...report.notes.map(note => line(note, 'dim')),
    line(
      `hello: the init of a function that does nothing, by runtime, architecture and memory, as of ${report.baselinesAsOf} · list prices as of ${report.pricesAsOf}`,
      'dim',
    ),
  ]
  const marks = rows.length === 0 ? [] : legend(plotted, left, top)
  let y = rows.length === 0 ? top : top + lineHeight + 6
  for (const {text, tone} of lines)
    for (const {start, end} of wrap(text, lineColumns, lineColumns)) {
      marks.push(
        `<text${tone === '' ? '' : ` class="${tone}"`} x="${left}" y="${px(y)}">${xmlText(text.slice(start, end))}</text>`,
      )
      y += lineHeight
    }
  return {marks, bottom: y}
}

const line = (text: string, tone: '' | 'dim' | 'bad') => ({text: printableName(text), tone})

const cutReason = (why: string): string => cutAtEnd(printableName(why), reasonColumns, '…')
const unknownBeyond = (unknown: ReturnType<typeof unknownFunctions>): number =>
  unknown.slice(reasonsShown).reduce((sum, {names}) => sum + names.length, 0)

const nameIn = (name: string): string => shorten(printableName(name), nameColumns, '…')

function someOf(names: readonly string[]): string {
  const more = names.length - namesShown
  return names.slice(0, namesShown).map(nameIn).join(', ') + (more > 0 ? `, and ${count(more)} more` : '')
}

/** The signs in a line, each with its meaning. */
function legend(plotted: ColdPlotRows, left: number, y: number): string[] {
  const drawn = signsIn(plotted)
  const tone = drawn.inits ? 'init' : 'restore'
  const marks: string[] = []
  let x = left
  const sign = (draw: (x: number) => string, wide: number, words: string): void => {
    marks.push(`${draw(x)}<text class="small dim" x="${px(x + wide + 5)}" y="${y}">${xmlText(words)}</text>`)
    x += wide + 5 + width(words) * 5.7 + 16
  }
  const box = (tone: string, high: number) => (x: number) =>
    `<rect class="${tone}" x="${px(x)}" y="${px(y - 3.5 - high / 2)}" width="18" height="${high}"/>`
  sign(box(`${tone} common`, 7), 18, 'p50 to p90')
  sign(box(`${tone} rare`, 3), 18, 'to p99')
  sign(
    x =>
      `<rect class="${tone} tail" x="${px(x)}" y="${y - 4}" width="16" height="1"/><circle class="${tone}" cx="${px(x + 16)}" cy="${px(y - 3.5)}" r="1.8"/>`,
    18,
    'to the longest',
  )
  if (drawn.restores) sign(box('restore common', 7), 18, 'SnapStart’s restore')
  if (drawn.hello) sign(x => `<path class="hello" d="M${px(x + 2)} ${y - 10}v12"/>`, 4, 'does nothing (hello)')
  for (const kind of drawn.causes ? causeKinds : [])
    sign(x => `<rect class="${kind}" x="${px(x)}" y="${y - 8}" width="9" height="9"/>`, 9, causeNames[kind])
  return marks
}
