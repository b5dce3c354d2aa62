import type {ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import {count, counted} from './numbers.ts'
import type {ShiftViewState} from './shift-view-state.ts'
import {wavesOf, waveText} from './shift-waves.ts'
import {clockText, weightText} from './shift-words.ts'
import {type Line, lineWidth, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

const barColumns = 10

type Shown = Pick<ShiftViewState, 'standing' | 'report' | 'now' | 'isAtStage'>

/**
 * The steps of the wave that moves, what is over marked, and of that which is under way the least time left: `✓ 10 %   ▸ 50 % ▰▰▰▱▱▱▱▱▱▱
 * 3:07 of ≥ 5:00   100 %   for good`. Where that is too wide, only what is near.
 */
export function ladderLine(plan: ShiftPlan, {standing, report, now, isAtStage}: Shown, terminal: Terminal): Line {
  const {stages, commits} = plan
  const at = standing?.stage ?? 0
  const waves = wavesOf(stages)
  const current = stages[Math.min(at, stages.length - 1)]
  const wave = waves.findIndex(({wave}) => wave.join() === current?.wave.join())
  const first = waves.slice(0, Math.max(0, wave)).reduce((sum, {steps}) => sum + steps.length, 0)
  const steps = waves[Math.max(0, wave)]?.steps ?? []
  const isBack = report !== null && report.outcome !== 'done'
  const {ok, fail} = glyphsFor(terminal)
  const here = terminal.unicode ? '▸' : '>'

  const cells: Line[] = steps.map(({basisPoints, minMs}, i) => {
    const text = weightText(basisPoints)
    const index = first + i
    if (index < at || report?.outcome === 'done') return [span(`${ok} `, 'good'), span(text, 'dim')]
    if (index > at) return [span(text, 'dim')]
    if (isBack) return [span(`${fail} `, report.outcome === 'held' ? 'look' : 'bad'), span(text)]
    if (!isAtStage) return [span(`${here} ${text}`, 'strong')]
    return [span(`${here} ${text} `, 'strong'), ...timeSpans(now - (standing?.stageAt ?? now), minMs, terminal)]
  })
  const last: readonly Line[] = commits ? [goodLine(at, stages.length, report?.outcome === 'done', {ok, here})] : []
  const which = waveText(stages, current?.wave ?? [])
  const head: readonly Line[] = which === '' ? [] : [[span(which, 'dim')]]
  return nearest(head, [...cells, ...last], Math.min(at - first, cells.length), terminal)
}

const goodLine = (
  at: number,
  stages: number,
  isDone: boolean,
  {ok, here}: {readonly ok: string; readonly here: string},
): Line => {
  if (isDone) return [span(`${ok} `, 'good'), span('for good', 'dim')]
  return at >= stages ? [span(`${here} for good`, 'strong')] : [span('for good', 'dim')]
}

function timeSpans(passedMs: number, minMs: number, terminal: Terminal): readonly Span[] {
  const {bar, atLeast} = glyphsFor(terminal)
  if (minMs === 0) return [span(clockText(passedMs))]
  const full = Math.min(barColumns, Math.floor((passedMs / minMs) * barColumns))
  return [
    span(bar.full.repeat(full)),
    span(bar.empty.repeat(barColumns - full), 'dim'),
    span(` ${clockText(passedMs)} of ${atLeast} ${clockText(minMs)}`),
  ]
}

/** All cells where they fit; else what is over and what is to come are counted, or left away. */
function nearest(head: readonly Line[], cells: readonly Line[], at: number, terminal: Terminal): Line {
  const {ok} = glyphsFor(terminal)
  const here = cells[at] ?? cells.at(-1) ?? []
  const [before, behind] = [cells.slice(0, at), cells.slice(at + 1)]
  const over: readonly Line[] =
    before.length === 0 ? [] : [[span(`${ok} `, 'good'), span(counted(before.length, 'step'), 'dim')]]
  const toCome: readonly Line[] = behind.length === 0 ? [] : [[span(`${counted(behind.length, 'step')} to go`, 'dim')]]
  const next = behind.slice(0, 1)
  const more: readonly Line[] = behind.length > 1 ? [[span(`${count(behind.length - 1)} more`, 'dim')]] : []
  const choices = [
    [...head, ...cells],
    [...head, ...over, here, ...next, ...more],
    [...head, ...over, here, ...toCome],
    [...over, here, ...toCome],
    [here, ...toCome],
    [here],
  ]
  const lines = choices.map(parts => flat(parts))
  return lines.find(line => lineWidth(line) <= terminal.columns) ?? here
}

const flat = (parts: readonly Line[]): Line => parts.flatMap((part, i) => (i === 0 ? part : [span('   '), ...part]))
