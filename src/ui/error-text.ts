import {UserError} from '../errors.ts'
import {paintedRows} from './layout.ts'
import {printable} from './printable.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/**
 * What a person reads when a command fails: what failed in one line, then what to do next. With `debug`, AWS's request
 * id and the stack too. Anything but a UserError is a bug of slsops, and says so.
 */
export function errorText(error: unknown, terminal: Terminal, debug: boolean): string {
  const {fail} = glyphsFor(terminal)
  const {message, hint, details} = partsOf(error)
  const [first = '', ...below] = printable(message).split('\n')
  const lines: Line[] = [
    [span(`${fail} `, 'bad'), span(first)],
    ...below.map(line => [span(`  ${line}`)]),
    ...(hint
      ? printable(hint)
          .split('\n')
          .map(line => [span(`  ${line}`, 'dim')])
      : []),
    ...(debug ? details.flatMap(detail => printable(detail).split('\n')).map(line => [span(`  ${line}`, 'dim')]) : []),
  ]
  return paintedRows(lines, terminal)
}

type Parts = {readonly message: string; readonly hint: string | undefined; readonly details: readonly string[]}

function partsOf(error: unknown): Parts {
  if (error instanceof UserError) {
    const {message, hint, requestId} = error
    return {message, hint, details: [...(requestId ? [`AWS request id ${requestId}`] : []), ...stacks(error)]}
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    message: `slsops has a bug: ${message}`,
    hint: 'Please report it, with what --debug shows.',
    details: stacks(error),
  }
}

/** The stacks of an error and its causes, outermost first. */
function stacks(error: unknown): readonly string[] {
  const found: string[] = []
  for (let cause = error; cause instanceof Error && found.length < 5; cause = cause.cause) {
    found.push(found.length === 0 ? String(cause.stack) : `caused by ${String(cause.stack)}`)
  }
  return found
}
