import {printableName} from './printable.ts'

/** Text on one line that Markdown, and what it is made into, shows as it is. */
export function markdownText(text: string): string {
  return printableName(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#|!~]/g, '\\$&')
}

/** A row of a Markdown table, with its line end. */
export const markdownRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
