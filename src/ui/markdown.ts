import type {Gap} from '../services/receipt.ts'
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

/** What is not in an answer, an item of a list each. */
export const markdownGaps = (gaps: readonly Gap[]): readonly string[] =>
  gaps.map(
    ({what, reason, detail}) =>
      `- not read: ${markdownText(what)} (${reason}${detail ? `: ${markdownText(detail)}` : ''})`,
  )

/** Printable lines as a block of code, behind a fence longer than any that they may hold. */
export function codeBlock(lines: readonly string[]): readonly string[] {
  const fence = '`'.repeat(Math.max(3, ...lines.map(line => (/^\s*(`+)/.exec(line)?.[1] ?? '').length + 1)))
  return [fence, ...lines, fence]
}

/** A name or id as code within a line. */
export const codeText = (text: string): string => `\`${printableName(text).replaceAll('`', "'")}\``
