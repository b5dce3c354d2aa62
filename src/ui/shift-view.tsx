import {type Key, render, Text, useInput, useStdin, useWindowSize} from 'ink'
import {type JSX, useEffect, useReducer} from 'react'
import type {Control} from '../services/traffic/shift/shift-steps.ts'
import {paletteFor} from './palette.ts'
import {shiftFrame} from './shift-view-frame.ts'
import type {ShiftKey, ShiftProgress} from './shift-view-state.ts'
import type {ShiftClock} from './shift-words.ts'
import {paint} from './spans.ts'
import type {Terminal} from './terminal.ts'

const redrawMs = 250

export type ShiftViewProps = {
  readonly progress: Pick<ShiftProgress, 'state' | 'press'>
  readonly terminal: Terminal
  readonly clock: ShiftClock
  /** what a key asks of the shift */
  readonly onControl: (control: Control) => void
  /** Ctrl-C, which in raw mode is a key */
  readonly onInterrupt: () => void
  /** false where nobody is there to press keys */
  readonly hasKeys: boolean
}

/** Where the shift stands, drawn anew a few times a second, with keys that act on it. */
export function ShiftView({progress, terminal, clock, onControl, onInterrupt, hasKeys}: ShiftViewProps): JSX.Element {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0)
  const {columns, rows} = useWindowSize()
  const {isRawModeSupported} = useStdin()
  const isActive = hasKeys && isRawModeSupported
  useEffect(() => {
    const timer = setInterval(redraw, redrawMs)
    return () => clearInterval(timer)
  }, [])
  useInput(
    (input, key) => {
      if (key.ctrl && input === 'c') return onInterrupt()
      for (const pressed of keysOf(input, key)) {
        for (const control of progress.press(pressed)) onControl(control)
      }
      redraw()
    },
    {isActive},
  )
  const palette = paletteFor(terminal)
  const lines = shiftFrame(progress.state(), {terminal: {...terminal, columns, rows}, clock, hasKeys: isActive})
  return <Text wrap="truncate-end">{lines.map(line => paint(line, palette)).join('\n')}</Text>
}

const letters: Readonly<Record<string, ShiftKey>> = {
  k: 'up',
  j: 'down',
  m: 'mute',
  s: 'solo',
  p: 'pause',
  r: 'rollback',
}

/** What keys mean; those that come at once come as one text. */
function keysOf(input: string, key: Key): readonly ShiftKey[] {
  if (key.upArrow) return ['up']
  if (key.downArrow) return ['down']
  if (key.ctrl || key.meta) return []
  return [...input].flatMap(letter => letters[letter] ?? [])
}

/** Shows the view on `stream` (stderr; a TTY) until stopped; its last frame stays. @param stdin null: no keys are read */
export function startShiftView(
  stream: NodeJS.WriteStream,
  stdin: NodeJS.ReadStream | null,
  props: Omit<ShiftViewProps, 'hasKeys'>,
): {stop(): void} {
  const view = <ShiftView {...props} hasKeys={stdin !== null} />
  const ink = render(view, {
    stdout: stream,
    stderr: stream,
    ...(stdin !== null && {stdin}),
    patchConsole: false,
    exitOnCtrlC: false,
    interactive: true,
  })
  let isStopped = false
  return {
    stop() {
      if (isStopped) return
      isStopped = true
      // what came last is drawn, without the keys
      ink.rerender(<ShiftView {...props} hasKeys={false} />)
      ink.unmount()
    },
  }
}
