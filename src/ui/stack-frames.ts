import {printable} from './printable.ts'
import {type Line, span} from './spans.ts'

const frame = /^\s*(?:at |File ")/
// Frames of the runtime and of libraries: context, while the function's own code is what one looks for.
const foreign =
  /node_modules|node:|\(internal\/|\/var\/(?:runtime|lang)\/|site-packages|\b(?:java|javax|jdk|sun|kotlin|lambdainternal)\.[a-z.]+|at System\.|at Amazon\.|at Microsoft\./
const ownRoot = /(?:file:\/\/)?\/var\/task\//g

/** The lines below a message's first: frames tidied and indented alike, everything else as it is. */
export function followingLine(text: string): Line {
  const line = text.trimEnd().replaceAll('\t', '  ')
  if (!frame.test(line)) return [span(line, line.startsWith('Traceback (most recent call last)') ? 'dim' : 'plain')]
  const tidy = line.replace(ownRoot, '').replace(/^\s*at /, '  at ')
  return [span(tidy, foreign.test(line) ? 'dim' : 'plain')]
}

/** A stack as a runtime reports it (one text or a list), without the lines at its head that only repeat `title`. */
export function stackLines(stack: string | readonly string[], title: string): readonly Line[] {
  const lines = printable(typeof stack === 'string' ? stack : stack.join('\n'))
    .split('\n')
    .filter(line => line.trim() !== '')
  let repeated = 0
  while (repeated < lines.length && isIn(title, lines[repeated]?.trim() ?? '')) repeated++
  return lines.slice(repeated).map(followingLine)
}

/** "Error: x" at the head of a stack repeats a title "PaymentTimeout: x" too: only the class differs. */
function isIn(title: string, line: string): boolean {
  return (
    title.includes(line) ||
    (!frame.test(line) && /^[\w.$]+: ./.test(line) && title.includes(line.slice(line.indexOf(': ') + 2)))
  )
}
