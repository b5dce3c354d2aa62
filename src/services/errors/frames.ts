/** What a stack trace says of where an error came from. */
export type Stack = {
  /** functions with their files, innermost first, without line numbers: they move with each release */
  readonly frames: readonly string[]
  /** class of the innermost cause that is named; null where none is */
  readonly rootCause: string | null
}

const mostLines = 400
const mostFrames = 3

// Runtimes and libraries: they are on the way of every error, and say nothing of which one it is.
const foreign = new RegExp(
  [
    String.raw`node:|\(internal/|node_modules|<anonymous>$|^native `,
    `/var/(?:runtime|lang)/|/opt/(?:nodejs|python|ruby)/|site-packages|dist-packages|<frozen |/gems/|/usr/(?:local/)?lib/`,
    String.raw`^(?:java|javax|jdk|sun|kotlin|kotlinx|scala|groovy|jakarta|lambdainternal|reactor)\.`,
    String.raw`^com\.(?:amazonaws|sun|fasterxml|google|zaxxer|mysql|mongodb)\.|^software\.amazon\.|^org\.(?:springframework|apache|hibernate|junit|slf4j|postgresql|jboss|mariadb)\.|^io\.(?:netty|quarkus|micronaut|vertx|lettuce)\.|^(?:okhttp3|retrofit2)\.`,
    String.raw`^(?:System|Microsoft|Amazon|lambda_method)\b`,
    String.raw`^(?:runtime|reflect|testing|net/http|sync|main\.init)\b[./]|^panic$|github\.com/aws/|/usr/local/go/|golang\.org/`,
  ].join('|'),
)

const node = /^\s*at (?:async )?(?:new )?(?:(?<fn>[^\s(][^(]{0,200}?) \((?<in>[^)]{0,500})\)|(?<at>\S{1,500}))\s*$/
const python = /^\s*File "(?<file>[^"]{1,500})", line \d+(?:, in (?<fn>[^\n]{1,200}))?/
const java = /^\s*at (?<fn>[\w$.<>/@-]{1,300})\((?<file>[^()]{0,200})\)\s*(?:~?\[.*\])?$/
const dotnet = /^\s*at (?<fn>[\w.`<>[\],|+]{1,300})\([^\n]*\)(?: in (?<file>.{1,500}):line \d+)?\s*$/
const ruby = /^\s*(?:from )?(?<file>[^\s:]{1,300}\.rb):\d+:in [`'](?<fn>[^'`]{1,200})['`]/
const goCall = /^(?:created by )?(?<fn>[\w./*()-]{1,300})\([^\n]*\)\s*$/
const goPlace = /^\t(?<file>\S{1,300}\.go):\d+/
const caused = /^\s*(?:Caused by: |--->? |\[cause\]: )(?<type>[\w$.]{1,200})/

/**
 * Reads a stack trace in the form of Node, Python, Java, .NET, Ruby or Go: the first three frames that are not a
 * framework's, and the innermost cause. Where there is a cause, its frames come first. No frames where there is no stack,
 * or nothing in it but a framework's.
 */
export function readStack(lines: readonly string[]): Stack {
  const sections: string[][] = [[]]
  let rootCause: string | null = null
  let isPython = false
  for (let i = 0; i < Math.min(lines.length, mostLines); i++) {
    const line = (lines[i] ?? '').slice(0, 1_024).replaceAll('\u00a0', ' ')
    const cause = caused.exec(line)?.groups?.['type']
    if (cause !== undefined) {
      rootCause = cause
      sections.push([])
      continue
    }
    const isTraceback = python.test(line)
    isPython ||= isTraceback
    const frame = isTraceback ? fileFrame(line, python) : frameIn(line, lines[i + 1] ?? '')
    if (frame !== null) sections.at(-1)?.push(frame)
  }
  // Python writes the innermost frame last, and the cause first
  const inOrder = isPython ? sections.map(frames => frames.toReversed()) : sections.toReversed()
  return {frames: inOrder.flat().slice(0, mostFrames), rootCause}
}

function frameIn(line: string, next: string): string | null {
  return javaFrame(line) ?? dotnetFrame(line) ?? nodeFrame(line) ?? fileFrame(line, ruby) ?? goFrame(line, next)
}

function nodeFrame(line: string): string | null {
  const found = node.exec(line)?.groups
  if (!found) return null
  const {fn = '', in: within, at = ''} = found
  const place = within ?? at
  if (!/:\d+(?::\d+)?$|^native|^<anonymous>/.test(place) || foreign.test(place) || place === '<anonymous>') return null
  return framed(fn.replace(/^(?:Object|Module|Runtime|exports|Function)\./, '').replace(/ \[as .*$/, ''), place)
}

function javaFrame(line: string): string | null {
  const found = java.exec(line)?.groups
  if (!found) return null
  const {fn = '', file = ''} = found
  if (!/\.(?:java|kt|scala|groovy)(?::\d+)?$|^Unknown Source$|^Native Method$/.test(file)) return null
  const method = fn.replace(/^.*\//, '')
  // classes that are made while it runs are numbered
  return foreign.test(method) ? null : method.replaceAll(/\$\$.*?(?=\.|$)|\d+/g, '')
}

function dotnetFrame(line: string): string | null {
  const found = dotnet.exec(line)?.groups
  if (!found || !line.trimStart().startsWith('at ') || !(found['fn'] ?? '').includes('.')) return null
  // Node's anonymous frames look alike, with a place in the brackets
  if (found['file'] === undefined && /\([^()]*:\d+:\d+\)\s*$/.test(line)) return null
  const fn = found['fn'] ?? ''
  return foreign.test(fn) ? null : fn.replaceAll(/\d+/g, '')
}

function fileFrame(line: string, form: RegExp): string | null {
  const {file = '', fn = ''} = form.exec(line)?.groups ?? {}
  return file === '' || foreign.test(file) ? null : framed(fn.trim(), file)
}

function goFrame(line: string, next: string): string | null {
  const fn = goCall.exec(line)?.groups?.['fn']
  const file = goPlace.exec(next)?.groups?.['file']
  if (fn === undefined || file === undefined || foreign.test(fn) || foreign.test(file)) return null
  return framed(fn.replaceAll(/\.func[\d.]+/g, '.func'), file)
}

/** `charge@payments.ts`: the file by its name alone, without what a bundler puts there for each build. */
function framed(fn: string, place: string): string {
  const file = (
    place
      .replace(/(?::\d+){1,2}$/, '')
      .split(/[/\\]/)
      .at(-1) ?? ''
  ).replace(/[.-][0-9a-f]{8,}(?=\.)/i, '')
  return fn === '' || fn === '<anonymous>' ? file : `${fn}@${file}`
}
