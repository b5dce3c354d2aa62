import type {Command, Flag} from './manifest.ts'

/** What the word at the cursor is to be. */
type Wanted =
  | {readonly kind: 'command'}
  | {readonly kind: 'flag'}
  /** the value of a flag; `before` is what of the word stands before it: `--region=`, or nothing */
  | {readonly kind: 'value'; readonly flag: Flag; readonly before: string}
  /** a word that is no flag, and how many of them came before */
  | {readonly kind: 'word'; readonly nth: number}

/** A command line up to the cursor, without the name of the program. */
export type CommandLine = {
  /** words of the command, joined by colons; `''` before the first */
  readonly path: string
  /** null where the path names only a topic, or nothing yet */
  readonly command: Command | null
  /** values of the flags given before the cursor, by name; none for a boolean */
  readonly given: ReadonlyMap<string, readonly string[]>
  readonly wanted: Wanted
  /** the part of a word that is there already */
  readonly word: string
}

/** Reads a command line as oclif does; the last word is the one at the cursor. */
export function readCommandLine(commands: readonly Command[], words: readonly string[]): CommandLine {
  const word = words.at(-1) ?? ''
  const isHelp = words.length > 1 && words[0] === 'help'
  const before = words.slice(isHelp ? 1 : 0, -1)
  const path = pathOf(commands, before)
  const rest = before.slice(path === '' ? 0 : path.split(':').length)
  const command = isHelp ? null : (commands.find(({id}) => id === path) ?? null)
  if (!command) return {path, command, given: new Map(), wanted: withoutCommand(rest, word), word}
  const {given, open, isPlain, plainWords} = readFlags(command, rest)
  return {
    path,
    command,
    given,
    wanted: open ? valueWanted(open, '') : wantedBy(command, word, isPlain, plainWords),
    word,
  }
}

function pathOf(commands: readonly Command[], words: readonly string[]): string {
  let path = ''
  for (const word of words) {
    const next = path === '' ? word : `${path}:${word}`
    if (!commands.some(({id}) => id === next || id.startsWith(`${next}:`))) break
    path = next
  }
  return path
}

function withoutCommand(rest: readonly string[], word: string): Wanted {
  if (word.startsWith('-')) return {kind: 'flag'}
  return rest.length === 0 ? {kind: 'command'} : {kind: 'word', nth: rest.length}
}

function wantedBy(command: Command, word: string, isPlain: boolean, plainWords: number): Wanted {
  if (isPlain || !word.startsWith('-')) return {kind: 'word', nth: plainWords}
  const at = word.indexOf('=')
  const flag = at > 0 ? flagNamed(command, word.slice(0, at)) : null
  return flag?.type === 'option' ? valueWanted(flag, word.slice(0, at + 1)) : {kind: 'flag'}
}

const valueWanted = (flag: Flag, before: string): Wanted => ({kind: 'value', flag, before})

type FlagsRead = {
  readonly given: ReadonlyMap<string, readonly string[]>
  /** whose value the next word is */
  readonly open: Flag | null
  /** after `--`: no word is a flag any more */
  readonly isPlain: boolean
  readonly plainWords: number
}

function readFlags(command: Command, words: readonly string[]): FlagsRead {
  const given = new Map<string, readonly string[]>()
  let open: Flag | null = null
  let isPlain = false
  let plainWords = 0
  const give = ({name}: Flag, value?: string): void => {
    given.set(name, [...(given.get(name) ?? []), ...(value === undefined ? [] : [value])])
  }
  for (const word of words) {
    if (open) {
      give(open, word)
      open = null
    } else if (isPlain || word === '-' || !word.startsWith('-')) plainWords++
    else if (word === '--') isPlain = true
    else {
      const [text, value] = flagAndValue(word)
      const flag = flagNamed(command, text)
      if (!flag) continue
      if (flag.type === 'option' && value === undefined) open = flag
      else give(flag, value)
    }
  }
  return {given, open, isPlain, plainWords}
}

/** `--region=x`, `-rx` and `-r=x` hold their value; `--region` and `-r` do not. */
function flagAndValue(word: string): readonly [string, string | undefined] {
  const [, name = word, value] = /^(--[^=]+|-[^-])=?(.*)$/s.exec(word) ?? []
  return [name, name === word ? undefined : value]
}

function flagNamed({flags}: Command, text: string): Flag | null {
  const known = Object.values(flags)
  return known.find(({name, char}) => text === `--${name}` || (char && text === `-${char}`)) ?? null
}
