import picomatch from 'picomatch'
import {usageError} from '../../errors.ts'

/** A name or a glob over names, compiled once. */
export type NamePattern = {
  readonly text: string
  /** true when it can only match the name it is */
  readonly exact: boolean
  matches(name: string): boolean
}

// `bash` lets * cross /, which only log group names hold; `posix` makes [!ab] mean "neither"
const globOptions = {bash: true, posix: true, dot: true, noextglob: true, nonegate: true, strictSlashes: true} as const

/**
 * Compiles a name with `*`, `?`, `[sets]` and `{a,b}`; `*` crosses `/`, `?` and sets do not.
 * @throws UserError when a brace or bracket is left open
 */
export function namePattern(text: string): NamePattern {
  if (!/[*?{}[\]]/.test(text)) return {text, exact: true, matches: name => name === text}
  if (!isBalanced(text))
    throw usageError(`a brace or bracket is left open in '${text}'`, "close it, as in '*-{api,worker}'")
  const expression = picomatch.makeRe(text, globOptions)
  return {text, exact: false, matches: name => expression.test(name)}
}

/** Pieces of a glob that every name it matches holds; `start` where names begin with the piece. */
export function literalPieces(glob: string): {readonly text: string; readonly start: boolean}[] {
  const pieces: {text: string; start: boolean}[] = []
  let depth = 0
  let from = 0
  const cut = (to: number): void => {
    if (depth === 0 && to > from) pieces.push({text: glob.slice(from, to), start: from === 0})
    from = to + 1
  }
  for (let at = 0; at < glob.length; at++) {
    const char = glob.charAt(at)
    if ('*?{['.includes(char)) cut(at)
    if ('{['.includes(char)) depth++
    if ('}]'.includes(char) && --depth === 0) from = at + 1
  }
  cut(glob.length)
  return pieces
}

function isBalanced(glob: string): boolean {
  const open: string[] = []
  for (const char of glob) {
    if (char === '{' || char === '[') open.push(char)
    if ((char === '}' && open.pop() !== '{') || (char === ']' && open.pop() !== '[')) return false
  }
  return open.length === 0
}
