import type {ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import type {ShiftReport, ShiftStanding} from '../services/traffic/shift/shift-steps.ts'
import {whenText} from './alias-words.ts'
import {fittingParts} from './layout.ts'
import {roughDuration} from './numbers.ts'
import {healthLine} from './shift-evidence.ts'
import {ladderLine} from './shift-view-ladder.ts'
import {memberRows, togetherLine, versionRows} from './shift-view-members.ts'
import type {ShiftViewState} from './shift-view-state.ts'
import {clockText, inTheEnd, isJudged, movesText, outcomeWords, type ShiftClock} from './shift-words.ts'
import {joined, type Line, lineWidth, type Span, span, wrapLine} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type ShiftFrameOptions = {
  readonly terminal: Terminal
  readonly clock: ShiftClock
  /** whether somebody is there to press them */
  readonly hasKeys: boolean
}

/** events that are shown at most, and at least where there is hardly room */
const mostEvents = 8
const leastEvents = 1
/** rows that a group has at least, its titles too */
const leastMembers = 4

/** The rows of one frame, none wider than the terminal and fewer than it has. */
export function shiftFrame(state: ShiftViewState, options: ShiftFrameOptions): readonly Line[] {
  const {plan, standing, doing} = state
  const {terminal} = options
  const cut = (lines: readonly Line[]): readonly Line[] => lines.map(line => cutLine(line, terminal))
  if (plan === null || standing === null) return cut([[span(doing || 'begins', 'dim')]])

  const isOne = standing.members.length === 1
  const [only] = standing.members
  // what stands below each other in any case; the row of the cursor
  const rows = (terminal.rows ?? Number.POSITIVE_INFINITY) - 1
  const head = [headLine(plan, state, options), ladderLine(plan, state, terminal)]
  const facts = [
    ...(isJudged(plan) ? evidenceLines(plan, state, standing, terminal) : []),
    ...factLines(plan, state, standing, options),
  ]
  const now = nowLines(state, terminal)
  const foot = state.report === null && options.hasKeys ? [keysLine(plan, standing, state.isStopping, terminal)] : []
  const fixed = head.length + facts.length + now.length + foot.length
  const free = rows - fixed
  const versions = isOne && only ? versionRows(only, terminal) : []
  const wished = Math.min(mostEvents, state.events.length)
  const members = isOne
    ? versions
    : memberRows(
        standing,
        state,
        terminal,
        Math.max(leastMembers, free - Math.min(wished, Math.max(leastEvents, Math.floor(free / 4)))),
      )
  const events = eventLines(state, options, Math.max(0, Math.min(wished, free - members.length)))
  const lines = cut([...head, ...members, ...facts, ...events, ...now, ...foot])
  // whoever has so few rows sees what matters most
  return lines.length <= rows ? lines : lines.slice(0, Math.max(1, rows))
}

/** What is missing, and in how long, is no news of what is over. */
function evidenceLines(
  plan: ShiftPlan,
  {report}: ShiftViewState,
  standing: ShiftStanding,
  terminal: Terminal,
): readonly Line[] {
  const [only, ...others] = standing.members
  if (only === undefined || others.length > 0) return [togetherLine(plan, standing, terminal, report !== null)]
  return report !== null && only.judgement?.verdict === 'inconclusive' ? [] : [healthLine(only, terminal)]
}

/** A row that is too wide would make Ink take all of them for one, and leave it on the screen. */
function cutLine(line: Line, terminal: Terminal): Line {
  if (lineWidth(line) <= terminal.columns) return line
  const {ellipsis} = glyphsFor(terminal)
  const room = Math.max(1, terminal.columns - ellipsis.length)
  return [...(wrapLine(line, room, room)[0] ?? []), span(ellipsis, 'dim')]
}

function headLine(plan: ShiftPlan, {report, now, standing}: ShiftViewState, {terminal}: ShiftFrameOptions): Line {
  const {members, scope, wish, runId, resumes} = plan
  const parts = [
    span(movesText(members, terminal), 'strong'),
    report === null ? verdictSpan(plan, standing) : outcomeSpan(report),
    span(clockText((report?.endedAt ?? now) - (standing?.startedAt ?? now)), 'dim'),
    span([scope.account, scope.region].filter(Boolean).join(' '), 'dim'),
    ...(wish.note === null ? [] : [span(`"${wish.note}"`, 'dim')]),
    span(`run ${resumes ?? runId}`, 'dim'),
  ]
  return fittingParts(parts, terminal, ` ${glyphsFor(terminal).dot} `)
}

const outcomeSpan = ({outcome}: ShiftReport): Span =>
  span(outcomeWords[outcome], outcome === 'done' ? 'good' : outcome === 'held' ? 'look' : 'bad')

function verdictSpan(plan: ShiftPlan, standing: ShiftStanding | null): Span {
  const verdict = standing?.verdict ?? 'inconclusive'
  if (standing?.isPaused) return span('paused', 'look')
  if (!isJudged(plan)) return span('under way')
  return span(verdict, verdict === 'healthy' ? 'good' : verdict === 'unhealthy' ? 'bad' : 'plain')
}

/** Alarms, the dead man, and why it does not go on. */
function factLines(
  plan: ShiftPlan,
  {report, now}: ShiftViewState,
  {alarms, deadManAt, waitsFor, waitsUntil}: ShiftStanding,
  {terminal, clock}: ShiftFrameOptions,
): readonly Line[] {
  const {dot} = glyphsFor(terminal)
  const alarmSpans = alarms
    .toSorted((one, other) => Number(other.state === 'ALARM') - Number(one.state === 'ALARM'))
    .map(({name, state, isEvaluated}) =>
      span(`${name} ${state}`, state === 'ALARM' ? 'bad' : state === 'OK' && isEvaluated ? 'good' : 'look'),
    )
  const shown = fittingParts(alarmSpans, {...terminal, columns: terminal.columns - 'alarms '.length}, ` ${dot} `)
  const {deadMan, onInconclusive} = plan.wish
  const left = waitsUntil === undefined ? 0 : waitsUntil - now
  return [
    ...(alarmSpans.length === 0 ? [] : [[span('alarms ', 'dim'), ...shown]]),
    ...(report !== null || deadMan === null || deadManAt === null
      ? []
      : [
          [
            span('dead man ', 'dim'),
            span(
              `${roughDuration(deadMan.afterMs)} armed: rolls back ${whenText(deadManAt, deadManAt, clock)} unless pushed forward`,
            ),
          ],
        ]),
    ...(report !== null || waitsFor === null
      ? []
      : waitLines(
          waitsFor,
          left <= 0 ? null : `${roughDuration(left)} left, then ${inTheEnd[onInconclusive]}`,
          terminal,
        )),
  ]
}

/** Why it waits and for how long yet, in one row where there is room. */
function waitLines(why: string, end: string | null, terminal: Terminal): readonly Line[] {
  const label = 'waits: '
  const line: Line = [span(label, 'dim'), span(why, 'look')]
  if (end === null) return [line]
  const both = [...line, span(` ${glyphsFor(terminal).dot} ${end}`, 'dim')]
  return lineWidth(both) <= terminal.columns ? [both] : [line, [span(`${' '.repeat(label.length)}${end}`, 'dim')]]
}

/** What is being done, and what a key has asked for. */
function nowLines({doing, asked, report}: ShiftViewState, terminal: Terminal): readonly Line[] {
  if (report !== null) return []
  const parts = [
    ...(doing === '' ? [] : [span(doing, 'dim')]),
    ...(asked === '' ? [] : [span(`${asked}${glyphsFor(terminal).ellipsis}`, 'look')]),
  ]
  return parts.length === 0 ? [] : [joined(parts, ` ${glyphsFor(terminal).dot} `)]
}

function eventLines({events}: ShiftViewState, {clock}: ShiftFrameOptions, room: number): readonly Line[] {
  if (room <= 0) return []
  return events
    .slice(-room)
    .map(({at, severity, text}) => [
      span(`${clock.time(at).slice(0, 8)} `, 'dim'),
      span(text, severity === 'bad' ? 'bad' : severity === 'warning' ? 'look' : 'dim'),
    ])
}

function keysLine(
  {wish}: ShiftPlan,
  {members, isPaused}: ShiftStanding,
  isStopping: boolean,
  terminal: Terminal,
): Line {
  if (isStopping) return [span('Ctrl-C', 'strong'), span(' leaves at once, and says how to bring all back', 'dim')]
  const keys: readonly (readonly [key: string, what: string])[] = [
    ['r', 'roll back now'],
    ['p', isPaused ? 'go on' : 'pause'],
    ...(members.length < 2
      ? []
      : ([
          [terminal.unicode ? '↑↓' : 'up/down', 'choose'],
          ['m', 'mute'],
          ['s', 'solo'],
        ] as const)),
    ['Ctrl-C', wish.onInterrupt === 'rollback' ? 'rolls back' : 'holds'],
  ]
  const lines = [keys, keys.slice(0, -1), keys.slice(0, 2)].map(some =>
    some.flatMap(([key, what], i) => [span(i === 0 ? '' : '  '), span(key, 'strong'), span(` ${what}`, 'dim')]),
  )
  return lines.find(line => lineWidth(line) <= terminal.columns) ?? lines.at(-1) ?? []
}
