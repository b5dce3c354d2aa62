import type {Scope} from '../services/aws/scope.ts'
import {paletteFor} from './palette.ts'
import {paint, span} from './spans.ts'
import type {Terminal} from './terminal.ts'

/** Text as one word of a command line: what no name holds becomes a `?`, so that nothing in it can be more than a word. */
export function shellWord(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll(/[^\w./:@# ?-]/g, '?')}'`
}

/** The flags that lead a command to where something was found. */
export function placeFlags(
  {region, account}: {readonly region: string; readonly account: string | null},
  scopes: readonly Scope[],
): readonly string[] {
  const scope =
    scopes.find(scope => scope.region === region && scope.account === account) ??
    scopes.find(scope => scope.region === region)
  return [
    // also of one: it may have been named by a flag, or by an environment that is not where this is pasted
    `--region ${shellWord(region)}`,
    ...(scope?.profile ? [`--profile ${shellWord(scope.profile)}`] : []),
    ...(scopes.some(({endpoint}) => endpoint === 'sandbox') ? ['--sandbox'] : []),
  ]
}

/** `next: slsops …`: the command is never broken, so that it can be pasted, and begins a row where it would not fit behind the word. '' for none. */
export function nextLine(command: string | null, terminal: Terminal): string {
  if (command === null) return ''
  const isWide = terminal.isTTY && 'next: '.length + command.length > terminal.columns
  return `${paint([span('next:', 'dim')], paletteFor(terminal))}${isWide ? '\n' : ' '}${span(command).text}\n`
}

/** A time as a flag takes it. */
export const wholeSecond = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs
const spans = [
  ['d', dayMs],
  ['h', 60 * minuteMs],
  ['m', minuteMs],
] as const

/** The flags that lead a command to a window: as one would type them where it is the last so many minutes, hours or days. */
export function spanFlags({start, end}: {readonly start: number; readonly end: number}, now: number): string {
  const length = end - start
  // a day is 24 hours
  const [unit, ms] = spans.find(([, each]) => length % each === 0 && (length > dayMs || each < dayMs)) ?? []
  if (unit && end === now) return `--since ${length / ms}${unit}`
  const until = end === now ? '' : ` --until ${wholeSecond(end)}`
  return `--since ${wholeSecond(start)}${until}`
}
