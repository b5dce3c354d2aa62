import {paintedRows} from './layout.ts'
import {printable} from './printable.ts'
import {span} from './spans.ts'
import type {Terminal} from './terminal.ts'

/** Something to know that is not the answer: printable, and wrapped to the terminal. */
export function noticeText(message: string, terminal: Terminal): string {
  const lines = printable(message.trimEnd()).split('\n')
  return paintedRows(
    lines.map(line => [span(line)]),
    terminal,
  )
}
