/** A piece of a query, with where it stands. */
export type Token = {
  readonly kind: 'word' | 'quoted' | 'regex' | 'symbol'
  /** as written; of a name in backticks, without them */
  readonly text: string
  readonly start: number
  readonly end: number
}

const space = /\s+|#[^\n]*/y
const word = /[@$\w][@$\w.]*/y
const quoted = /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?/sy
const backticked = /`([^`]*)`?/y
const regex = /\/(?:[^/\\\n]|\\.)*\/[a-z]*/y
const symbol = /!=|<=|>=|=~|[\s\S]/y

/**
 * The pieces of a Logs Insights query, comments left out. A slash begins a regular expression after `like` and `=~`, and
 * in `parse`; elsewhere it divides. What is not closed goes to the end: AWS will say what is wrong with it.
 */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  let command = ''
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(query)
  }
  while (at < query.length) {
    const blank = take(space)
    if (blank) {
      at += blank[0].length
      continue
    }
    const last = tokens.at(-1)
    const isCommand = last === undefined || last.text === '|'
    const mayMatch =
      (last?.kind === 'word' && /^like$/i.test(last.text)) ||
      last?.text === '=~' ||
      (command === 'parse' && last?.kind === 'word')
    const [kind, found, text] = next(take, mayMatch)
    if (isCommand) command = text.toLowerCase()
    tokens.push({kind, text, start: at, end: at + found.length})
    at += found.length
  }
  return tokens
}

function next(
  take: (pattern: RegExp) => RegExpExecArray | null,
  mayMatch: boolean,
): readonly [Token['kind'], string, string] {
  const text = take(quoted)?.[0]
  if (text) return ['quoted', text, text]
  const named = take(backticked)
  if (named) return ['word', named[0], named[1] ?? '']
  const matched = mayMatch ? take(regex)?.[0] : undefined
  if (matched) return ['regex', matched, matched]
  const name = take(word)?.[0]
  if (name) return ['word', name, name]
  const sign = take(symbol)?.[0] ?? ' '
  return ['symbol', sign, sign]
}
