import {type LinearRegex, linearRegex, lineEnd, maxSteps} from './linear-regex.ts'
import {peek, type Scanner} from './scanner.ts'
import {FilterPatternError} from './syntax.ts'

const maxRegexes = 2
const plain = /[A-Za-z0-9:_#=@/;, -]/
const operators = '^$?[]{}|\\*+.'
// the white space CloudWatch Logs means by \s: JavaScript's also holds no-break spaces and more
const whiteSpace = '\\t\\n\\f\\r '

/**
 * The regular expression of `%…%`; the scanner stands on the first `%`. Only letters, digits, `:_#=@/;,-`, space, the operators
 * `^$?[]{}|\*+.`, the classes \d \s \w with their inverses, and \xhh are let through, as in CloudWatch Logs: no groups.
 * @throws FilterPatternError for other characters, a third expression in one pattern, or an expression that makes no sense
 */
export function readRegex(scanner: Scanner): LinearRegex {
  const open = scanner.position
  const close = scanner.text.indexOf('%', open + 1)
  if (peek(scanner) !== '%' || close === -1)
    throw new FilterPatternError('Invalid filter pattern: this regular expression is never closed with %', open)
  scanner.regexes += 1
  if (scanner.regexes > maxRegexes)
    throw new FilterPatternError(`Invalid filter pattern: at most ${maxRegexes} regular expressions are allowed`, open)

  const body = scanner.text.slice(open + 1, close)
  const source = translated(body, open + 1)
  scanner.position = close + 1
  try {
    // JavaScript tells what makes no sense
    new RegExp(source)
    return linearRegex(source)
  } catch (error) {
    const why = error instanceof RangeError ? `repeats more than ${maxSteps} times` : 'is not a regular expression'
    throw new FilterPatternError(`Invalid filter pattern: %${body}% ${why}`, open)
  }
}

function translated(body: string, offset: number): string {
  if (body === '') throw new FilterPatternError('Invalid filter pattern: this regular expression is empty', offset - 1)
  let source = ''
  let inClass = false
  for (let index = 0; index < body.length; index++) {
    const character = body.charAt(index)
    const fail = () => new FilterPatternError(`Invalid character(s) in term '${character}'`, offset + index)

    if (character === '\\') {
      const sequence = /^\\(?:x[0-9A-Fa-f]{2}|.)/.exec(body.slice(index))?.[0]
      if (!sequence) throw fail()
      source += escapeSource(sequence, inClass, offset + index)
      index += sequence.length - 1
    } else if (character === '{' && !inClass) {
      const quantifier = /^\{(\d*)(,?)(\d*)\}/.exec(body.slice(index))
      if (!quantifier || quantifier[0].length < 3 || quantifier[0] === '{,}') throw fail()
      const [all, least, comma, most] = quantifier
      source += `{${least || 0}${comma}${most}}`
      index += all.length - 1
    } else if (character === '$' && !inClass) {
      source += lineEnd
    } else if (plain.test(character) || operators.includes(character)) {
      if (character === '[') inClass = true
      if (character === ']') inClass = false
      source += character
    } else {
      throw fail()
    }
  }
  return source
}

function escapeSource(sequence: string, inClass: boolean, position: number): string {
  const character = sequence.charAt(1)
  if (character === 's') return inClass ? whiteSpace : `[${whiteSpace}]`
  if (character === 'S' && !inClass) return `[^${whiteSpace}]`
  if (sequence.length === 4 || /[dDwWS]/.test(character)) return sequence
  if (operators.includes(character) || /[:_#=@/;, -]/.test(character)) return `\\x${hex(character)}`
  throw new FilterPatternError(`Invalid character(s) in term '${sequence}'`, position)
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0')
}
