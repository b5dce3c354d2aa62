import type {Candidates} from './candidates.ts'

/** The line that a shell has up to its cursor, and how that shell is to be answered. */
export type ShellLine = {
  /** without the name of the program; the last is the one at the cursor */
  readonly words: readonly string[]
  readonly answer: (candidates: Candidates) => string
}

/**
 * Reads what a shell's script hands over: zsh and fish give words, bash its COMP_WORDBREAKS and its line.
 * The answer is lines: first how words end, then one candidate each.
 * @returns null for a shell that has no script
 */
export function shellLine(shell: string | undefined, handed: readonly string[]): ShellLine | null {
  if (shell === 'zsh') return {words: handed, answer: described}
  // fish hands the last word over as it was typed
  if (shell === 'fish') return {words: [...handed.slice(0, -1), wordAt(handed.at(-1) ?? '').text], answer: described}
  if (shell !== 'bash') return null
  const [breaks = '', line = ''] = handed
  const {words, last} = splitLine(line, breaks)
  return {
    words: [...words.slice(1), last.text],
    answer: ({ending, candidates}) =>
      lines(
        ending,
        candidates.map(({value}) => escapedForBash(value.slice(last.replacedFrom), last.quote)),
      ),
  }
}

/** zsh and fish quote what they insert by themselves. */
const described = ({ending, candidates}: Candidates): string =>
  lines(
    ending,
    candidates.map(({value, description}) => `${value}\t${description}`),
  )

const lines = (ending: string, candidates: readonly string[]): string => `${[ending, ...candidates].join('\n')}\n`

type LastWord = {
  /** without its quotes */
  readonly text: string
  /** the quote that is still open */
  readonly quote: '' | "'" | '"'
  /** how much of the text readline leaves alone: up to an open quote, or up to a character that breaks words for it */
  readonly replacedFrom: number
}

const wordAt = (typed: string): LastWord => splitLine(typed, '').last

/** Splits a line as bash does, as far as quotes, backslashes and blanks go; nothing in it is expanded. */
function splitLine(line: string, breaks: string): {readonly words: readonly string[]; readonly last: LastWord} {
  const words: string[] = []
  let text = ''
  let quote: LastWord['quote'] = ''
  let replacedFrom = 0
  let isWord = false
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (quote === '' && /\s/.test(character)) {
      if (isWord) words.push(text)
      text = ''
      replacedFrom = 0
      isWord = false
      continue
    }
    isWord = true
    if (quote !== '' && character === quote) {
      quote = ''
      replacedFrom = 0
    } else if (quote === '' && (character === "'" || character === '"')) {
      quote = character
      replacedFrom = text.length
    } else if (character === '\\' && quote !== "'" && at + 1 < line.length) {
      const next = line.charAt(++at)
      // between double quotes a backslash takes the meaning of these only
      text += quote === '"' && !/["$`\\]/.test(next) ? `\\${next}` : next
    } else {
      text += character
      if (quote === '' && breaks.includes(character)) replacedFrom = text.length
    }
  }
  return {words, last: {text, quote, replacedFrom}}
}

function escapedForBash(text: string, quote: LastWord['quote']): string {
  if (quote === "'") return text.replaceAll("'", "'\\''")
  if (quote === '"') return text.replace(/["$`\\]/g, '\\$&')
  return text.replace(/[^\w@%+=:,./\u0080-\u{10ffff}-]/gu, '\\$&')
}
