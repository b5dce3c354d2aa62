import type {ReadingState} from './ui/reading.tsx'
import type {Terminal} from './ui/terminal.ts'

/** Says on a terminal how far work is, once nothing else has been said for a while. */
export type Progress = {
  begin(terminal: Terminal, state: () => ReadingState): void
  /** takes away what was drawn */
  end(): void
  /** something else is drawn, which takes its rows away itself. @returns what says that it has */
  giveWay(): () => void
  /** whether it, or what it gave way to, stands on the terminal now */
  isDrawn(): boolean
}

const silenceMs = 1_000
const off = (): void => {}

/** @param stream a TTY that can be drawn on anew */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  let stop = off
  let isDrawn = false
  let isOtherDrawn = false
  return {
    begin(terminal, state) {
      const draw = async (): Promise<void> => {
        const {startReadingProgress} = await import('./ui/reading.tsx')
        // loading took a while, in which it may have ended
        if (stop !== cancel) return
        stop = startReadingProgress(stream, terminal, state).stop
        isDrawn = true
      }
      const timer = setTimeout(() => void draw(), silenceMs)
      const cancel = (): void => clearTimeout(timer)
      stop = cancel
    },
    end() {
      stop()
      stop = off
      isDrawn = false
    },
    giveWay() {
      isOtherDrawn = true
      return () => {
        isOtherDrawn = false
      }
    },
    isDrawn: () => isDrawn || isOtherDrawn,
  }
}
