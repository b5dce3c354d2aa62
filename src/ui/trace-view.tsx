import {type Key, render, Text, useApp, useInput, useWindowSize} from 'ink'
import {type JSX, useEffect, useMemo, useRef, useState} from 'react'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {glyphsFor} from './terminal.ts'
import {type ViewOptions, viewFrame, viewLayout} from './trace-view-frame.ts'
import {firstView, stepView, tracedIn, type ViewAction, type ViewState} from './trace-view-state.ts'

export type TraceViewProps = {
  readonly report: TraceReport
  readonly options: Omit<ViewOptions, 'rows'>
  /** Ctrl-C, which in raw mode is a key */
  readonly onInterrupt: () => void
}

/** Looks through a trace: move, fold, open a span's detail and log, go along links. */
export function TraceView({report, options, onInterrupt}: TraceViewProps): JSX.Element {
  const {columns, rows} = useWindowSize()
  const [state, setState] = useState(() => firstView(report))
  const latest = useRef(state)
  const {exit} = useApp()
  const terminal = useMemo(() => ({...options.terminal, columns}), [options.terminal, columns])
  const trace = tracedIn(state, report)
  // it takes all rows, and no fold changes it
  const layout = useMemo(() => viewLayout(trace, report, terminal), [trace, report, terminal])
  const frame = viewFrame(state, report, {...options, terminal, rows}, layout)
  const {lambda} = glyphsFor(options.terminal)

  useInput((input, key) => {
    if (key.ctrl && input === 'c') return onInterrupt()
    // keys that come faster than frames each go on from what the one before made: a letter after / is text
    for (const [one, pressed] of keysIn(input, key))
      for (const action of actionsFor(one, pressed, latest.current, frame))
        latest.current = stepView(scrolled(latest.current, action, frame.paneTop), action, report, lambda)
    setState(latest.current)
  })
  useEffect(() => {
    if (state.isLeft) exit()
  }, [state.isLeft, exit])

  return <Text wrap="truncate-end">{frame.lines.join('\n')}</Text>
}

/** From the end of a pane one scrolls back at once, however often one has tried to go on. */
const scrolled = (state: ViewState, action: ViewAction, paneTop: number): ViewState =>
  action.do === 'scroll' ? {...state, paneTop: Math.min(state.paneTop, paneTop)} : state

/** What was pasted or typed fast comes at once, enter and backspace as the characters that they send. */
function keysIn(input: string, key: Key): readonly (readonly [string, Key])[] {
  if (input.length < 2 || key.ctrl || key.meta) return [[input, key]]
  return [...input].map(letter => {
    if (letter === '\r' || letter === '\n') return ['', {...key, return: true}]
    return letter === '\u007f' ? ['', {...key, backspace: true}] : [letter, key]
  })
}

/** What a key means. */
export function actionsFor(
  input: string,
  key: Key,
  {isTyping}: ViewState,
  {treeRows, paneRows}: {readonly treeRows: number; readonly paneRows: number},
): readonly ViewAction[] {
  if (key.escape) return [{do: 'escape'}]
  if (isTyping) {
    if (key.return) return [{do: 'accept'}]
    if (key.backspace || key.delete) return [{do: 'erase'}]
    return key.ctrl || key.meta || input === '' ? [] : [{do: 'type', text: input}]
  }
  if (key.upArrow) return [{do: 'move', by: -1}]
  if (key.downArrow) return [{do: 'move', by: 1}]
  if (key.pageUp) return [{do: 'move', by: -Math.max(1, treeRows - 1)}]
  if (key.pageDown) return [{do: 'move', by: Math.max(1, treeRows - 1)}]
  if (key.home) return [{do: 'first'}]
  if (key.end) return [{do: 'last'}]
  if (key.rightArrow) return [{do: 'open'}]
  if (key.leftArrow) return [{do: 'close'}]
  if (key.return) return [{do: 'pane', pane: 'detail'}]
  if (key.backspace) return [{do: 'back'}]
  if (key.ctrl || key.meta) return []
  const action = letters(Math.max(1, Math.floor(paneRows / 2)))[input]
  return action ? [action] : []
}

const letters = (scroll: number): Readonly<Record<string, ViewAction>> => ({
  j: {do: 'move', by: 1},
  k: {do: 'move', by: -1},
  g: {do: 'first'},
  G: {do: 'last'},
  ' ': {do: 'toggle'},
  h: {do: 'close'},
  l: {do: 'pane', pane: 'logs'},
  '?': {do: 'pane', pane: 'help'},
  J: {do: 'scroll', by: scroll},
  K: {do: 'scroll', by: -scroll},
  e: {do: 'find', what: 'failed', step: 1},
  E: {do: 'find', what: 'failed', step: -1},
  c: {do: 'find', what: 'critical', step: 1},
  C: {do: 'find', what: 'critical', step: -1},
  n: {do: 'find', what: 'search', step: 1},
  N: {do: 'find', what: 'search', step: -1},
  t: {do: 'jump'},
  b: {do: 'back'},
  '/': {do: 'search'},
  q: {do: 'leave'},
})

/** The terminal that a view takes over while it is looked at. */
export type Screen = {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly signal: AbortSignal
  /** as Ctrl-C does */
  interrupt(): void
}

/** Shows a trace on the whole terminal until it is left. Rejects with the signal's reason when that aborts; the screen is given back first. */
export async function showTrace(
  {stdin, stdout, signal, interrupt}: Screen,
  report: TraceReport,
  options: Omit<ViewOptions, 'rows'>,
): Promise<void> {
  const ink = render(<TraceView report={report} options={options} onInterrupt={interrupt} />, {
    stdin,
    stdout,
    patchConsole: false,
    exitOnCtrlC: false,
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
  })
  const stop = (): void => ink.unmount()
  signal.addEventListener('abort', stop, {once: true})
  try {
    await ink.waitUntilExit()
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
}
