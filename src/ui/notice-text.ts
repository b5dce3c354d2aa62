import {hangingRows} from './layout.ts'
import {paletteFor} from './palette.ts'
import {printable} from './printable.ts'
import {paint, span} from './spans.ts'
import type {Terminal} from './terminal.ts'

/** Something to know that is not the answer: printable, and wrapped to the terminal. */
export function noticeText(message: string, terminal: Terminal): string {
  const rows = printable(message.trimEnd())
    .split('\n')
    .flatMap(line => hangingRows([span(line)], terminal))
  return rows.map(row => `${paint(row, paletteFor(terminal))}\n`).join('')
}
