import {openSync} from 'node:fs'
import {ReadStream} from 'node:tty'
import {usageError} from './errors.ts'
import type {Screen} from './ui/trace-view.tsx'

type Streams = {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** A terminal that a view can take over. */
export type OwnScreen = {
  /** Shows a view until it is left. */
  show(view: (screen: Screen) => Promise<void>): Promise<void>
  close(): void
}

/**
 * The terminal, with the keyboard of who looks at it: standard input, or the terminal itself where something else was piped in.
 * @throws UserError (exit 2) where there is none, or a dumb one
 */
export function ownScreen(
  {stdin, stdout, stderr}: Streams,
  flag: string,
  {isDumb, ...control}: Pick<Screen, 'signal' | 'interrupt'> & {readonly isDumb: boolean},
): OwnScreen {
  const keyboard = stdout.isTTY && !isDumb ? (stdin.isTTY ? stdin : terminalInput()) : null
  if (keyboard === null)
    throw usageError(
      `${flag} needs a terminal that can be drawn on`,
      `leave ${flag} out where the answer goes to a file or a pipe`,
    )
  return {
    async show(view) {
      // what is on its way to stderr would else be drawn, or taken away, on the view's own screen
      await new Promise(done => stderr.write('', done))
      await view({stdin: keyboard, stdout, ...control})
    },
    close() {
      if (keyboard !== stdin) keyboard.destroy()
    },
  }
}

function terminalInput(): ReadStream | null {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'))
  } catch {
    return null
  }
}
