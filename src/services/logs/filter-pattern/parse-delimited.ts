import {parseComparison} from './comparison.ts'
import {parseExpression} from './expression.ts'
import {accept, atEnd, peek, read, type Scanner, skipSpace, unexpected} from './scanner.ts'
import {type Comparison, type Expression, type Field, type FilterPattern, FilterPatternError} from './syntax.ts'

/**
 * `[ip, user, ..., status = 4*, bytes > 1000]`; the scanner stands on the opening bracket. `[]` has no fields and matches everything.
 * @throws FilterPatternError where CloudWatch Logs would refuse the pattern
 */
export function parseDelimitedPattern(scanner: Scanner): FilterPattern {
  if (!scanner.text.trimEnd().endsWith(']'))
    throw new FilterPatternError("If a filter pattern starts with '[' it must end with ']'", scanner.position)
  accept(scanner, '[')
  const fields: Field[] = []
  skipSpace(scanner)
  if (!accept(scanner, ']')) {
    do fields.push(parseField(scanner))
    while (accept(scanner, ','))
    if (!accept(scanner, ']')) throw unexpected(scanner, 'a comma or the closing bracket')
  }
  if (!atEnd(scanner)) throw unexpected(scanner, 'the end')
  return {kind: 'delimited', fields}
}

function parseField(scanner: Scanner): Field {
  skipSpace(scanner)
  if (accept(scanner, '...') || accept(scanner, '…')) {
    skipSpace(scanner)
    return {kind: 'ellipsis'}
  }
  const start = scanner.position
  const name = readName(scanner)
  if (endsHere(scanner)) return {kind: 'field', condition: null}
  scanner.position = start
  return {kind: 'field', condition: parseFieldCondition(scanner, name)}
}

function parseFieldCondition(scanner: Scanner, name: string): Expression<Comparison> {
  let field = name
  return parseExpression(scanner, () => {
    const start = scanner.position
    const here = readName(scanner)
    if (here === '') throw unexpected(scanner, 'the name of a field')
    field ||= here
    // `[status = 4* && bytes > 1000]` was once in the user guide, and is refused all the same
    if (here !== field)
      throw new FilterPatternError(
        `Invalid filter pattern: ${here} needs a place of its own, a condition is about one field`,
        start,
      )
    return parseComparison(scanner)
  })
}

function readName(scanner: Scanner): string {
  const name = read(scanner, /[A-Za-z0-9_-]+/y)
  skipSpace(scanner)
  return name
}

function endsHere(scanner: Scanner): boolean {
  return peek(scanner) === ',' || peek(scanner) === ']'
}
