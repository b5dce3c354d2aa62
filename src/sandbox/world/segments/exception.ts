// What a function throws, as tracers write it: a cause with exceptions and their stack.
import type {Failure} from '../company.ts'
import {type FactContext, fill} from '../facts.ts'
import type {SubsegmentDocument} from '../segment-document.ts'

type Cause = NonNullable<SubsegmentDocument['cause']>
type Frame = {readonly path: string; readonly line: number; readonly label: string}

/** How each runtime writes a frame: where its label, path and line are. */
const forms = [
  // python: File "/var/task/app.py", line 61, in handler
  {pattern: /^File "([^"]+)", line (\d+), in (\S+)/, label: 3, path: 1, line: 2},
  // .NET: Larder.Pricing.Function.HandleAsync(…) in /src/Pricing/Function.cs:line 34
  {pattern: /^(.+\)) in (.+):line (\d+)$/, label: 1, path: 2, line: 3},
  // Go: main.handle(…)⏎⇥/build/main.go:57 +0x1c4
  {pattern: /^(.+)\n\t(.+):(\d+)/, label: 1, path: 2, line: 3},
  // Node.js: charge (/var/task/payments.ts:88:11)
  {pattern: /^(.+) \(((?:file:\/\/)?[/\w:][^()]*):(\d+):\d+\)$/, label: 1, path: 2, line: 3},
  // Java: com.larder.search.Segments.read(Segments.java:118)
  {pattern: /^(.+)\(([^():]+):(\d+)\)$/, label: 1, path: 2, line: 3},
] as const

function frameOf(text: string): Frame {
  for (const {pattern, label, path, line} of forms) {
    const found = pattern.exec(text)
    if (found) return {path: found[path] ?? '', line: Number(found[line]), label: found[label] ?? ''}
  }
  // a frame without a place: `Array.map (<anonymous>)`, `….invoke(Native Method)`
  const [, label = text, path = ''] = /^(.+?) ?\(([^()]*)\)$/.exec(text) ?? []
  return {path, line: 0, label}
}

/** The cause of what was thrown in a function; `id` is the exception's. */
export function causeOf({type, message, stack}: Failure, id: string, facts: FactContext): Cause {
  return {
    working_directory: '/var/task',
    exceptions: [
      {
        id,
        type,
        message: fill(message, facts),
        stack: stack.filter(frame => !frame.startsWith('...')).map(frameOf),
      },
    ],
  }
}

/** The cause that a client of another service states. */
export function clientCause(type: string, message: string, id: string, remote: boolean): Cause {
  return {working_directory: '/var/task', exceptions: [{id, type, message, remote}]}
}
