import {Text, useWindowSize} from 'ink'
import {type JSX, useEffect, useState} from 'react'
import type {Standing, Status} from '../services/tuning/standing.ts'
import {fittingParts} from './layout.ts'
import {startLiveView} from './live-view.tsx'
import {count, counted, roughDuration, usd} from './numbers.ts'
import {paletteFor} from './palette.ts'
import {joined, type Line, lineWidth, paint, span, wrapLine} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {objectiveText} from './tune-objective-words.ts'
import {sampleParts} from './tune-step-line.ts'
import {tuneTable} from './tune-table.ts'
import type {TuneViewState} from './tune-view-state.ts'
import {modeWords, targetText} from './tune-words.ts'

const redrawMs = 250
const barColumns = 12
/** header, limits, heading, what is being done, and the row of the cursor */
const otherRows = 5

export type TuneViewProps = {readonly getState: () => TuneViewState; readonly terminal: Terminal}

/** Where all sizes stand, what was spent of what may be, and what is being done: drawn anew a few times a second. */
export function TuneView({getState, terminal}: TuneViewProps): JSX.Element {
  const [state, setState] = useState(getState)
  const {columns, rows} = useWindowSize()
  useEffect(() => {
    const timer = setInterval(() => setState(getState()), redrawMs)
    return () => clearInterval(timer)
  }, [getState])

  const palette = paletteFor(terminal)
  const lines = tuneFrame(state, {...terminal, columns, rows})
  return <Text wrap="truncate-end">{lines.map(line => paint(line, palette)).join('\n')}</Text>
}

/** The rows of one frame, none wider than the terminal and fewer than it has. */
export function tuneFrame(state: TuneViewState, terminal: Terminal): readonly Line[] {
  const {plan, standings} = state
  const below: readonly Line[] = [nowLine(state, terminal)]
  if (plan === null) return below.map(line => cutLine(line, terminal))
  const room = Math.max(1, (terminal.rows ?? Number.POSITIVE_INFINITY) - otherRows)
  const shown = fitting(standings, room)
  const more = standings.length - shown.length
  return [
    headLine(state, plan, terminal),
    limitsLine(state, plan, terminal),
    ...(shown.length === 0 ? [] : tuneTable(shown, plan, terminal).rows),
    ...(more > 0 ? [[span(`  and ${counted(more, 'more size')}`, 'dim')]] : []),
    ...below,
  ].map(line => cutLine(line, terminal))
}

/** A row that is too wide would make Ink take all of them for one, and leave it on the screen. */
function cutLine(line: Line, terminal: Terminal): Line {
  if (lineWidth(line) <= terminal.columns) return line
  const {ellipsis} = glyphsFor(terminal)
  const room = Math.max(1, terminal.columns - ellipsis.length)
  return [...(wrapLine(line, room, room)[0] ?? []), span(ellipsis, 'dim')]
}

/** What is being done; while sizes are invoked, the last call. */
function nowLine({doing, last}: TuneViewState, terminal: Terminal): Line {
  const {dot} = glyphsFor(terminal)
  if (doing !== '' || last === null) return [span(doing || 'begins', 'dim')]
  const parts = sampleParts(last).map(part => span(part, 'dim'))
  return fittingParts(parts, terminal, ` ${dot} `)
}

type Plan = NonNullable<TuneViewState['plan']>

function headLine({turn}: TuneViewState, plan: Plan, terminal: Terminal): Line {
  const parts = [
    span(targetText(plan), 'strong'),
    ...(turn.of > 1 ? [span(`${count(turn.at)} of ${count(turn.of)}`)] : []),
    span(modeWords[plan.mode], 'dim'),
    span(objectiveText(plan.objective), 'dim'),
  ]
  return fittingParts(parts, terminal, ` ${glyphsFor(terminal).dot} `)
}

/** `▰▰▰▱▱▱▱▱▱▱▱▱ $0.0021 of ≤ $0.050 · 68 of ≤ 240 calls · 41 s of ≤ 15 min`; where that is too wide, `$0.0021/$0.050 · 68/240 · 41s/15min`. */
function limitsLine({spent, elapsedMs}: TuneViewState, {limits, mode}: Plan, terminal: Terminal): Line {
  const {bar, dot} = glyphsFor(terminal)
  const atMost = terminal.unicode ? '≤' : '<='
  if (mode === 'observe') return [span(roughDuration(wholeSeconds(elapsedMs)), 'dim')]
  // of the limit that is nearest
  const share = Math.min(
    1,
    Math.max(
      limits.maxCostUSD > 0 ? spent.costUSD / limits.maxCostUSD : 1,
      limits.maxInvocations > 0 ? spent.invocations / limits.maxInvocations : 1,
      limits.maxTimeMs > 0 ? elapsedMs / limits.maxTimeMs : 1,
    ),
  )
  const full = Math.floor(share * barColumns)
  const drawn: Line = [span(bar.full.repeat(full)), span(`${bar.empty.repeat(barColumns - full)} `, 'dim')]
  const [time, mostTime] = [roughDuration(wholeSeconds(elapsedMs)), roughDuration(limits.maxTimeMs)]
  const parts = [
    span(`${usd(spent.costUSD)} of ${atMost} ${usd(limits.maxCostUSD)}`),
    span(`${count(spent.invocations)} of ${atMost} ${count(limits.maxInvocations)} calls`),
    span(`${time} of ${atMost} ${mostTime}`, 'dim'),
  ]
  const whole = [...drawn, ...joined(parts, ` ${dot} `)]
  if (lineWidth(whole) <= terminal.columns) return whole
  const short = [
    span(`${usd(spent.costUSD)}/${usd(limits.maxCostUSD)}`),
    span(`${count(spent.invocations)}/${count(limits.maxInvocations)}`),
    span(`${time}/${mostTime}`.replaceAll(' ', ''), 'dim'),
  ]
  const shorter = [[...drawn, ...joined(short, ` ${dot} `)], joined(short, ` ${dot} `), joined(short, ' ')]
  return shorter.find(line => lineWidth(line) <= terminal.columns) ?? fittingParts(short, terminal, ' ')
}

/** A clock that runs needs no milliseconds. */
const wholeSeconds = (ms: number): number => Math.max(1_000, Math.floor(ms / 1_000) * 1_000)

/** what goes first where there is no room for all sizes */
const leastFirst: readonly Status[] = ['dropped', 'infeasible', 'waiting', 'tied', 'racing', 'winner']

/** As many sizes as there is room for, in their order: those that are out of the race go first. */
function fitting(standings: readonly Standing[], room: number): readonly Standing[] {
  if (standings.length <= room) return standings
  // one row says how many more there are
  const kept = new Set(
    standings
      .toSorted((a, b) => leastFirst.indexOf(b.status) - leastFirst.indexOf(a.status))
      .slice(0, Math.max(1, room - 1)),
  )
  return standings.filter(size => kept.has(size))
}

/** Shows the table on `stream` (stderr; a TTY) until stopped. */
export const startTuneView = (
  stream: NodeJS.WriteStream,
  terminal: Terminal,
  getState: () => TuneViewState,
): {stop(): void} => startLiveView(stream, <TuneView getState={getState} terminal={terminal} />)
