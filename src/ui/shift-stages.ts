import {isKnown} from '../known.ts'
import type {Member, ShiftPlan, Stage} from '../services/traffic/plan/shift-plan.ts'
import {whenText} from './alias-words.ts'
import {padEnd, width} from './columns.ts'
import {count, counted, roughDuration} from './numbers.ts'
import {wavesOf} from './shift-waves.ts'
import type {ShiftClock} from './shift-words.ts'
import {weightText} from './shift-words.ts'
import {type Line, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

const wholeBasisPoints = 10_000
/** stages that are shown of a ladder that has more, from its start and from its end */
const shownFirst = 4
const shownLast = 2

export type StagesOptions = {
  readonly terminal: Terminal
  readonly clock: ShiftClock
  /** epoch ms at which it would begin */
  readonly now: number
}

/** The ladder, a step a row: its weight, how long it is kept at least, how long evidence takes, and until when that is. */
export function stageRows(plan: ShiftPlan, options: StagesOptions): readonly Line[] {
  const {stages, commits, ladder} = plan
  let until = options.now
  const waves = wavesOf(stages)
  const rows = waves.flatMap(({wave, steps}, at) => {
    const all = steps.map(stage => {
      const {evidenceMs} = stage
      until += Math.max(stage.minMs, evidenceMs ?? 0)
      return {stage, evidenceMs, until, isUntilKnown: evidenceMs !== null}
    })
    const head = waves.length === 1 ? [] : [waveLine(at, wave, options.terminal)]
    return [...head, ...folded(all.map(step => stageCells(plan, step, options)))]
  })
  const moved = ladder === 'weight' || !commits ? 'and stays there: nothing is watched' : lastText(plan)
  return [...aligned(rows, options.terminal), [span(moved, 'dim')]]
}

function lastText({members, stages}: ShiftPlan): string {
  const [only] = members
  const whose = members.length === 1 && only ? `${only.alias} is moved to ${only.to}` : 'the aliases are moved'
  return stages.length === 0 ? `${whose} for good, in one write` : `then ${whose} for good`
}

const namesShown = 4

function waveLine(at: number, wave: readonly string[], {unicode}: Terminal): readonly Span[] {
  const more = wave.length - namesShown
  const names = wave.slice(0, more > 1 ? namesShown : wave.length).join(', ')
  return [
    span(`wave ${at + 1} ${glyphsFor({unicode}).dot} `, 'dim'),
    span(more > 1 ? `${names} and ${counted(more, 'more', 'more')}` : names),
  ]
}

type Cells = readonly Span[] | {readonly cells: readonly Span[]}

/** Of a long ladder its start and its end. */
function folded(rows: readonly Cells[]): readonly Cells[] {
  const hidden = rows.length - shownFirst - shownLast
  if (hidden <= 1) return rows
  return [
    ...rows.slice(0, shownFirst),
    [span(`${count(hidden)} more steps like these`, 'dim')],
    ...rows.slice(-shownLast),
  ]
}

function stageCells(
  plan: ShiftPlan,
  {
    stage,
    evidenceMs,
    until,
    isUntilKnown,
  }: {
    readonly stage: Stage
    readonly evidenceMs: number | null | undefined
    readonly until: number
    readonly isUntilKnown: boolean
  },
  {terminal, clock, now}: StagesOptions,
): Cells {
  const {atLeast} = glyphsFor(terminal)
  const about = terminal.unicode ? '≈' : '~'
  if (plan.ladder === 'weight') return {cells: [span(weightText(stage.basisPoints), 'strong')]}
  return {
    cells: [
      span(weightText(stage.basisPoints), 'strong'),
      span(stage.minMs === 0 ? '' : `${atLeast} ${roughDuration(stage.minMs)}`),
      ...(evidenceMs === undefined ? [] : evidenceSpans(plan, stage, evidenceMs, terminal)),
      ...(isUntilKnown ? [span(`until ${about} ${whenText(until, now, clock).replace(/:\d\d$/, '')}`, 'dim')] : []),
    ],
  }
}

const narrowColumns = 60

function evidenceSpans(
  plan: ShiftPlan,
  stage: Stage,
  evidenceMs: number | null,
  {unicode, columns, isTTY}: Terminal,
): readonly Span[] {
  if (evidenceMs === null) return [span('evidence does not show at this traffic', 'look')]
  const word = isTTY && columns < narrowColumns ? '' : 'evidence '
  const perMinute = slowest(plan.members, stage)
  return [
    span(`${word}${unicode ? '≈' : '~'} ${roughDuration(evidenceMs)}`, evidenceMs > stage.minMs ? 'look' : 'plain'),
    span(perMinute === null ? '' : `at ${perMinuteText((perMinute * stage.basisPoints) / wholeBasisPoints)}`),
  ]
}

/** calls a minute that are told by the day */
const seldom = 0.05
const minutesOfDay = 1_440

/** `100/min`, `0.4/min`, `12/day` */
export const perMinuteText = (perMinute: number): string =>
  perMinute > 0 && perMinute < seldom
    ? `${Number((perMinute * minutesOfDay).toPrecision(perMinute * minutesOfDay < 1 ? 1 : 2))}/day`
    : `${perMinute < 9.95 ? Number(perMinute.toFixed(1)) : count(Math.round(perMinute))}/min`

/** Calls a minute of the member that is called least. */
function slowest(members: readonly Member[], {wave}: Stage): number | null {
  const known = members.flatMap(({functionName, traffic}) =>
    wave.includes(functionName) && isKnown(traffic) ? traffic.value.perMinute : [],
  )
  return known.length === 0 ? null : Math.min(...known)
}

/** what stands beside the rows: their title */
const besideColumns = 12

/** Cells below each other, by twos of spaces; those at the right go where there is no room for them. */
function aligned(rows: readonly Cells[], {isTTY, columns}: Terminal): readonly Line[] {
  const widths: number[] = []
  for (const row of rows)
    if ('cells' in row)
      for (const [at, {text}] of row.cells.entries()) widths[at] = Math.max(widths[at] ?? 0, width(text))
  const room = isTTY ? columns - besideColumns : Number.POSITIVE_INFINITY
  const most = widths.findIndex((_, at) => widths.slice(0, at + 1).reduce((sum, each) => sum + each + 2, -2) > room)
  return rows.map(row => {
    if (!('cells' in row)) return row
    const shown = row.cells.slice(0, most < 0 ? row.cells.length : Math.max(2, most))
    return shown.map(({text, tone}, at) =>
      at === shown.length - 1 ? {text, tone} : {text: padEnd(text, (widths[at] ?? 0) + 2), tone},
    )
  })
}
