/** Tests whether an expression matches anywhere in a text, in time that grows with the text only. */
export type LinearRegex = {test(text: string): boolean}

type Accepts = (code: number) => boolean
type Step =
  | {readonly kind: 'character'; readonly accepts: Accepts; readonly optional: boolean; readonly repeats: boolean}
  | {readonly kind: 'start' | 'end'}

/** `$` as `readRegex` writes it: most Lambda messages end with a line feed, and the end of the line is meant */
export const lineEnd = '(?=\\n?$)'
/** each takes its part of the time that a character costs */
export const maxSteps = 2_000

const alternatives = /(?:\[(?:\\.|[^\]\\])*\]|\\.|[^|[\\])+|(?<=^|\|)(?=\||$)/g
const items = /(\(\?=\\n\?\$\)|\[(?:\\.|[^\]\\])*\]|\\x[0-9A-Fa-f]{2}|\\.|.)([*+?]|\{(\d+)(,?)(\d*)\})?\??/gs

/**
 * A regular expression without groups and back references, run as what it then is, a row of steps: all places in it that
 * the text so far leads to are followed at once. JavaScript's own engine tries them one after the other, which for `a*a*a*b`
 * or `\s+$` and a message of a megabyte would never end.
 * @param source a valid expression of JavaScript without flags
 * @throws RangeError for one with more than two thousand steps, a counted repetition being as many as it may take
 */
export function linearRegex(source: string): LinearRegex {
  const rows = (source.match(alternatives) ?? ['']).map(stepsOf)
  if (rows.reduce((sum, {length}) => sum + length, 0) > maxSteps) throw new RangeError('too many repetitions')
  return {test: text => rows.some(steps => leadsThrough(steps, text))}
}

function stepsOf(alternative: string): Step[] {
  const steps: Step[] = []
  for (const [, item = '', quantifier = '', least, comma, most] of alternative.matchAll(items)) {
    const [from, to] = repetitions(quantifier, least, comma, most)
    if (item === '^' || item === lineEnd) {
      if (from > 0) steps.push({kind: item === '^' ? 'start' : 'end'})
      continue
    }
    const accepts = characterTest(item)
    const countable = to === Number.POSITIVE_INFINITY ? from : to
    for (let i = 0; i < countable && steps.length <= maxSteps; i++)
      steps.push({kind: 'character', accepts, optional: i >= from, repeats: false})
    if (to === Number.POSITIVE_INFINITY) steps.push({kind: 'character', accepts, optional: true, repeats: true})
  }
  return steps
}

function repetitions(quantifier: string, least = '', comma = '', most = ''): readonly [number, number] {
  if (quantifier === '') return [1, 1]
  if (quantifier === '?') return [0, 1]
  if (quantifier === '*' || quantifier === '+') return [quantifier === '+' ? 1 : 0, Number.POSITIVE_INFINITY]
  if (comma === '') return [Number(least), Number(least)]
  return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)]
}

/** Whether the item, a class or one character, matches a character; every answer for ASCII is known beforehand. */
function characterTest(item: string): Accepts {
  const regex = new RegExp(`^${item}$`)
  const ascii = Array.from({length: 128}, (_, code) => regex.test(String.fromCharCode(code)))
  return code => ascii[code] ?? regex.test(String.fromCharCode(code))
}

function leadsThrough(steps: readonly Step[], text: string): boolean {
  // when a step was last put among the current ones: position + 1
  const reached = new Int32Array(steps.length)
  const lineEndsAt = text.endsWith('\n') ? text.length - 1 : text.length
  let current: number[] = []
  let next: number[] = []

  /** adds a step and those behind it that need no character; true at the end of the row */
  const reach = (from: number, position: number, into: number[]): boolean => {
    for (let at = from; ; at++) {
      const step = steps[at]
      if (!step) return true
      if (reached[at] === position + 1) return false
      reached[at] = position + 1
      if (step.kind === 'character') {
        into.push(at)
        if (!step.optional) return false
      } else if (step.kind === 'start' ? position > 0 : position < lineEndsAt) return false
    }
  }

  for (let position = 0; position <= text.length; position++) {
    // a match may begin anywhere
    if (reach(0, position, current)) return true
    if (position === text.length) return false
    const code = text.charCodeAt(position)
    for (const at of current) {
      const step = steps[at]
      if (step?.kind !== 'character' || !step.accepts(code)) continue
      if (reach(step.repeats ? at : at + 1, position + 1, next)) return true
    }
    const done = current
    current = next
    next = done
    next.length = 0
  }
  return false
}
