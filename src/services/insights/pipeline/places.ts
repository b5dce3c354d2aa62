import {indexOfWord, itemsOf, type Stage, stagesOf} from './stages.ts'

/** The field by which rows of several regions are told apart; Logs Insights has none. */
export const regionField = '@region'

/** where an event is from, as far as Logs Insights tells; it leaves out the region */
const places = ['@log', '@logStream']
const aboutAll = new Set(['pattern', 'diff', 'anomaly', 'join', 'lookup'])

/** Whether each row of a query is from one place: an event, or a group of a log group or stream. */
export function isByPlace(query: string): boolean {
  const stages = stagesOf(query)
  const stats = stages.filter(({name}) => name === 'stats')
  const [first] = stats
  if (stages.some(({name}) => aboutAll.has(name)) || stats.length > 1) return false
  if (!first) return true
  const names = placeNames(query, stages.slice(0, stages.indexOf(first)))
  const by = indexOfWord(first.tokens, /^by$/i)
  return by >= 0 && itemsOf(query, first.tokens.slice(by + 1)).some(({text}) => names.has(bare(text)))
}

/** What holds a log group or stream behind some commands: AWS's fields, other names for them, and what is parsed out of them. */
export function placeNames(query: string, stages: readonly Stage[]): ReadonlySet<string> {
  const names = new Set(places)
  for (const {name, tokens} of stages) {
    if (name === 'fields' || name === 'display')
      for (const {text, alias} of itemsOf(query, tokens)) if (alias !== null && names.has(bare(text))) names.add(alias)
    if (name === 'parse' && names.has(tokens[0]?.text ?? ''))
      for (const parsed of parsedNames(tokens)) names.add(parsed)
  }
  return names
}

/** The fields that a `parse` makes. */
export function parsedNames(tokens: Stage['tokens']): readonly string[] {
  const as = indexOfWord(tokens, /^as$/i)
  if (as >= 0) return tokens.slice(as + 1).flatMap(({kind, text}) => (kind === 'word' ? [text] : []))
  return tokens.flatMap(({text}) => [...text.matchAll(/\(\?<(\w+)>/g)].map(([, name = '']) => name))
}

const bare = (text: string): string => text.replace(/^`(.*)`$/, '$1')
