import type {Trace} from '../services/traces/trace.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {padEnd} from './columns.ts'
import {type Line, lineWidth, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import type {ViewState} from './trace-view-state.ts'
import {outcomeSigns} from './trace-words.ts'

const keys: readonly (readonly [string, string])[] = [
  ['↑ ↓  j k', 'move; PgUp PgDn, g G further'],
  ['→ ←  space', 'unfold and fold; ← again goes to what called it'],
  ['enter', 'all about the span, its log below with l'],
  ['l', 'the lines its function wrote'],
  ['J K', 'scroll what is open below'],
  ['e E', 'the next, the last one that failed'],
  ['c C', 'along the critical path'],
  ['t  b', 'to the trace it is linked with, and back'],
  ['/  n N', 'look for a name or message, the next, the last'],
  ['esc', 'close what is open, or go back'],
  ['q', 'quit'],
]

const unicodeMarks: readonly (readonly [string, string])[] = [
  ['█ ▏▐', 'work, to an eighth of a column; red where a failure begins'],
  ['░  ▒', 'init, restore: a cold start that somebody waited for'],
  ['┄', 'waiting, in a queue or while Lambda fetched the code'],
  ['·', 'overhead: Lambda after the handler'],
  ['▆', 'attempts at the same event'],
  ['▶  ≥', 'it has not ended, or its end never came'],
]

const plainMarks: readonly (readonly [string, string])[] = [
  ['#', 'work, or attempts at the same event'],
  ['=  ~', 'init, restore: a cold start that somebody waited for'],
  ['-', 'waiting, in a queue or while Lambda fetched the code'],
  ['.', 'overhead: Lambda after the handler'],
  ['>  >=', 'it has not ended, or its end never came'],
]

/** In which column it begins what a key or mark is. */
export const helpHang = 14

/** What keys do, and what the marks of a waterfall mean. */
export function helpLines(terminal: Pick<Terminal, 'color' | 'unicode'>): readonly Line[] {
  const {leadsTo, cameFrom, times} = glyphsFor(terminal)
  const {fault, error, throttle} = outcomeSigns(terminal)
  const path = terminal.color ? 'bold' : terminal.unicode ? '•' : '*'
  const marks: readonly (readonly [string, string])[] = [
    ...(terminal.unicode ? unicodeMarks : plainMarks),
    [`${fault}  ${error}  ${throttle}`, 'a fault; an error, which may have been handled; throttled'],
    [path, 'on the critical path: what would have to be faster'],
    [`${times}20  +6`, 'so many alike in one row; so many below it without one'],
    [`${leadsTo}  ${cameFrom}`, 'the trace of who got what was sent here, and of who sent it'],
  ]
  const lineOf = ([mark, what]: readonly [string, string]): Line => [span(padEnd(mark, helpHang), 'strong'), span(what)]
  return [...keys.map(lineOf), [span('')], ...marks.map(lineOf)]
}

/** The keys that there is room for, the dearest last to go; what is typed; or what came of the last key. */
export function footerLine(
  {isTyping, search, visits, pane, told}: ViewState,
  trace: Trace,
  {linked}: TraceReport,
  terminal: Terminal,
): Line {
  if (isTyping) return [span('/', 'dim'), span(search ?? ''), span(terminal.unicode ? '▏' : '_')]
  if (told !== null) return [span(told, 'look')]
  const hasLinks = linked.some(({fromTraceId, trace: other}) => fromTraceId === trace.id && other !== null)
  const hints: readonly Hint[] = [
    {key: terminal.unicode ? '↑↓' : 'j k', what: 'move', worth: 7},
    {key: terminal.unicode ? '→←' : 'space', what: 'fold', worth: 4},
    {key: 'enter', what: 'detail', worth: 8},
    {key: 'l', what: 'log', worth: 5},
    {key: 'e', what: 'failed', worth: 2},
    ...(hasLinks ? [{key: 't', what: 'linked', worth: 3}] : []),
    ...(visits.length > 1 ? [{key: 'b', what: 'back', worth: 6}] : []),
    {key: '/', what: search ?? 'find', worth: search === null ? 1 : 0},
    {key: '?', what: 'keys', worth: 10},
    pane === null ? {key: 'q', what: 'quit', worth: 9} : {key: 'esc', what: 'close', worth: 9},
  ]
  const byWorth = hints.toSorted((a, b) => b.worth - a.worth)
  for (let shown = hints.length; shown > 0; shown--) {
    const kept = new Set(byWorth.slice(0, shown))
    const line = hintLine(
      hints.filter(hint => kept.has(hint)),
      terminal,
    )
    if (lineWidth(line) <= terminal.columns) return line
  }
  return []
}

type Hint = {readonly key: string; readonly what: string; readonly worth: number}

function hintLine(hints: readonly Hint[], terminal: Terminal): Line {
  const separator = span(` ${glyphsFor(terminal).dot} `, 'dim')
  return hints.flatMap(({key, what}, i) => [
    ...(i === 0 ? [] : [separator]),
    span(key, 'strong'),
    span(` ${what}`, 'dim'),
  ])
}
