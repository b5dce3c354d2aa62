import {fieldNames} from '../fleet/inventory/fields.ts'
import {verdicts} from '../fleet/unused/verdict.ts'
import {levels} from '../logs/log-event.ts'
import type {CommandLine} from './command-line.ts'
import type {Command, Flag} from './manifest.ts'
import type {Names} from './names.ts'

/** What the word at the cursor could become. */
type Candidate = {
  readonly value: string
  /** one line; empty where the value says it all */
  readonly description: string
}

export type Candidates = {
  readonly candidates: readonly Candidate[]
  /** how a word goes on: it is done, more of it follows, or it is the path of a file, which the shell knows best */
  readonly ending: 'done' | 'open' | 'file'
}

/** Where values come from; each is asked only when it is needed. */
export type Sources = {
  names(): Names
  profiles(): readonly string[]
  regions(): readonly string[]
  zones(): readonly string[]
  /** names of saved queries */
  queries(): readonly string[]
  scopes(): readonly string[]
  /** ids of runs of a command that have a journal */
  runs(command: 'tune' | 'shift'): readonly string[]
}

/** Everything that the word at the cursor could become, in order. */
export function candidatesFor(line: CommandLine, commands: readonly Command[], sources: Sources): Candidates {
  const {wanted, word, command} = line
  switch (wanted.kind) {
    case 'command':
      return done(matching(subcommands(line.path, commands), word))
    case 'flag':
      return done(matching(command ? flagsLeft(command, line) : programFlags, word))
    case 'value':
      return valuesFor(wanted.flag, wanted.before, word, sources)
    case 'word':
      return done([
        ...(wanted.nth === 0 ? matching(subcommands(line.path, commands), word) : []),
        ...wordsFor(line, wanted.nth, sources),
      ])
  }
}

const done = (candidates: readonly Candidate[]): Candidates => ({candidates, ending: 'done'})

const plain = (values: readonly string[]): readonly Candidate[] => values.map(value => ({value, description: ''}))

const matching = (candidates: readonly Candidate[], word: string): readonly Candidate[] =>
  candidates.filter(({value}) => value.startsWith(word)).sort((a, b) => (a.value < b.value ? -1 : 1))

// plugins do not know the name of the program
const firstLine = (text: string | undefined): string =>
  (text ?? '').replaceAll('<%= config.bin %>', 'slsops').split('\n', 1)[0]?.trim() ?? ''

const help: Candidate = {value: '--help', description: 'show help'}
const programFlags: readonly Candidate[] = [help, {value: '--version', description: 'show the version'}]

/** The next words of all commands that begin with the path. */
function subcommands(path: string, commands: readonly Command[]): readonly Candidate[] {
  const start = path === '' ? '' : `${path}:`
  const found = new Map<string, string>()
  for (const {id, summary, description} of commands) {
    if (!id.startsWith(start)) continue
    const [next = '', ...deeper] = id.slice(start.length).split(':')
    if (deeper.length === 0) found.set(next, firstLine(summary ?? description))
    else if (!found.has(next)) found.set(next, '')
  }
  return [...found].map(([value, description]) => ({value, description}))
}

function flagsLeft({flags}: Command, {given}: CommandLine): readonly Candidate[] {
  const left = Object.values(flags).filter(({name, hidden, multiple}) => !hidden && (multiple || !given.has(name)))
  return [
    ...left.flatMap(({name, allowNo, summary, description}) =>
      [name, ...(allowNo ? [`no-${name}`] : [])].map(text => ({
        value: `--${text}`,
        description: firstLine(summary ?? description),
      })),
    ),
    help,
  ]
}

function valuesFor(flag: Flag, before: string, word: string, sources: Sources): Candidates {
  if ([flag.helpValue].flat().some(value => /FILE|PATH|DIR/.test(value ?? ''))) return {candidates: [], ending: 'file'}
  // of several values with commas between them, the last is the one to complete
  const delimiter = flag.delimiter ?? (isList(flag) ? ',' : null)
  const kept = delimiter ? Math.max(before.length, word.lastIndexOf(delimiter) + 1) : before.length
  const [start, rest] = [word.slice(0, kept), word.slice(kept)]
  const candidates = matching(plain(valuesOf(flag, rest, sources)), rest)
  return {
    candidates: candidates.map(({value, description}) => ({value: start + value, description})),
    ending: flag.name === 'tag' ? 'open' : 'done',
  }
}

/** Flags that their command takes apart itself. */
const isList = ({name, helpValue}: Flag): boolean => name === 'columns' || helpValue === 'VERDICT'

/** The words that a flag's help shows as its value: `warn|error|fatal`. */
function choiceOf({helpValue}: Flag): readonly string[] | null {
  return typeof helpValue === 'string' && helpValue.includes('|') ? helpValue.split('|') : null
}

function valuesOf(flag: Flag, word: string, sources: Sources): readonly string[] {
  if (flag.options) return flag.options
  switch (flag.name) {
    case 'stack':
      return sources.names().stacks
    case 'log-group':
      return logGroups(sources.names(), notOf(word))
    case 'tag':
      return sources.names().tagKeys.map(key => `${key}=`)
    case 'region':
      return sources.regions()
    case 'profile':
      return sources.profiles()
    case 'level':
      return choiceOf(flag) ?? levels.map(level => level.toLowerCase())
    case 'tz':
      return sources.zones()
    case 'scope':
      return sources.scopes()
    case 'resume':
      return flag.helpValue === 'RUN' ? sources.runs('tune') : []
    case 'alias':
      return aliases(sources.names())
    case 'columns':
      return fieldNames
    default:
      if (flag.helpValue === 'COLUMN') return fieldNames
      if (flag.helpValue === 'VERDICT') return verdicts
      return (choiceOf(flag) ?? []).flatMap(choice => choicesOf(choice, sources))
  }
}

/** What a word of a flag's help stands for: itself, the tags that there are, or what nobody can guess. */
function choicesOf(choice: string, sources: Sources): readonly string[] {
  if (choice === 'tag:KEY') return sources.names().tagKeys.map(key => `tag:${key}`)
  return /[A-Z]/.test(choice) ? [] : [choice]
}

function wordsFor({command, given, word}: CommandLine, nth: number, sources: Sources): readonly Candidate[] {
  if (!command) return []
  // in place of targets it takes runs
  if (given.has('cleanup')) return matching(plain(sources.runs('tune')), word)
  if (command.id === 'shift' && given.has('resume')) return matching(plain(sources.runs('shift')), word)
  const {options} = Object.values(command.args)[nth] ?? {}
  if (options) return matching(plain(options), word)
  // its first word is what to ask; targets come after it
  if (command.id === 'query' && nth === 0) return matching(plain(sources.queries()), word)
  // its first word is an id, which is pasted
  if (command.id === 'trace' && nth === 0) return []
  return takesTargets(command) ? matching(plain(targets(word, sources)), word) : []
}

const takesTargets = ({usage, args}: Command): boolean =>
  [usage ?? [], Object.keys(args)].flat().some(text => /\btargets?\b/i.test(text))

/** What a TARGET may be: a log group where it holds a `/`, else a function, and after a colon what it goes by. */
function targets(word: string, sources: Sources): readonly string[] {
  // no names hold what globs are made of, and ARNs are pasted
  if (/[*?[{]|^!?arn:/.test(word)) return []
  const not = notOf(word)
  const [name = '', qualifier] = word.slice(not.length).split(':')
  if (word.includes('/')) return logGroups(sources.names(), not)
  if (qualifier === undefined) return sources.names().functions.map(each => not + each)
  // `!` takes out whole functions
  if (not !== '' || name === '') return []
  const known = sources.names()
  const ofFunction = known.qualifiers.find(([each]) => each === name)?.[1] ?? []
  const all = known.functions.includes(name) ? [...ofFunction, '$LATEST'] : ofFunction
  return [...new Set(all)].map(each => `${name}:${each}`)
}

/** What functions go by that is no version. */
const aliases = ({qualifiers}: Names): readonly string[] => [
  ...new Set(qualifiers.flatMap(([, each]) => each.filter(name => !/^(\d+|\$LATEST)$/.test(name)))),
]

const logGroups = (names: Names, not: string): readonly string[] => names.logGroups.map(each => not + each)

const notOf = (word: string): string => (word.startsWith('!') ? '!' : '')
