import {render} from 'ink'
import type {JSX} from 'react'

/**
 * Shows a view on `stream` (stderr; a TTY) until stopped, then leaves nothing behind. Reads no keys: Ctrl-C goes on to the
 * process, and what is printed elsewhere meanwhile is not touched.
 */
export function startLiveView(stream: NodeJS.WriteStream, view: JSX.Element): {stop(): void} {
  const ink = render(view, {stdout: stream, stderr: stream, patchConsole: false, exitOnCtrlC: false, interactive: true})
  return {
    stop() {
      ink.clear()
      ink.unmount()
    },
  }
}
