// Application lines, in the form in which each runtime and logger writes them (reference: Lambda developer guide, and
// events recorded from real functions).
import type {CompanyFunction, Failure, Line, LineLevel, Logger} from './company.ts'
import {type FactContext, fill} from './facts.ts'

export type WriteContext = FactContext & {
  readonly definition: CompanyFunction
  readonly functionArn: string
  readonly memorySizeMB: number
  readonly cold: boolean
}

export type Written = {readonly timestamp: number; readonly message: string}

const numeric = /^-?\d+(\.\d+)?$/

type Fields = Readonly<Record<string, string>>

/** `"key":value` pairs, each after a comma; a number keeps its digits, however many. Python sets spaces. */
function jsonPairs(fields: Fields, context: WriteContext, space = ''): string {
  let text = ''
  for (const [key, template] of Object.entries(fields)) {
    const value = fill(template, context)
    const bare = numeric.test(value) || value === 'true' || value === 'false'
    text += `,${space}"${key}":${space}${bare ? value : JSON.stringify(value)}`
  }
  return text
}

function textPairs(fields: Fields, context: WriteContext): string {
  let text = ''
  for (const [key, template] of Object.entries(fields)) {
    const value = fill(template, context)
    text += ` ${key}=${/[\s"=]/.test(value) ? JSON.stringify(value) : value}`
  }
  return text
}

const iso = (at: number) => new Date(at).toISOString()
const seconds = (at: number) => `${iso(at).slice(0, 19)}Z`
const spaced = (at: number) => iso(at).slice(0, 19).replace('T', ' ')

/** A line with its facts filled in. */
type Said = {
  readonly level: LineLevel
  readonly message: string
  readonly fields: Fields
  readonly at: number
  /** its place in the story: stands for its place in the source */
  readonly place: number
}

/** The event of one line at a moment; null where the function's log level drops it. */
export function writeLine(
  [, level, template, fields = {}]: Line,
  at: number,
  context: WriteContext,
  place: number,
): Written | null {
  const {logger, logFormat} = context.definition
  if (level === 'METRIC') return {timestamp: at, message: `${metricRecord(template, fields, at, context)}\n`}
  const said: Said = {level, message: fill(template, context), fields, at, place}
  if (level === 'PRINT') return {timestamp: at, message: `${said.message}${textPairs(fields, context)}\n`}
  if (logFormat === 'JSON' && (level === 'DEBUG' || level === 'TRACE')) return null
  // the Python runtime stamps JSON lines with whole seconds, so they can come before their own platform.start
  const timestamp = logger === 'logging' && logFormat === 'JSON' ? Math.floor(at / 1000) * 1000 : at
  return {timestamp, message: `${writers[logger](said, context)}\n`}
}

const writers: Readonly<Record<Logger, (said: Said, context: WriteContext) => string>> = {
  console({level, message, fields, at}, context) {
    const {definition, requestId} = context
    if (definition.logFormat !== 'JSON') {
      return `${iso(at)}\t${requestId}\t${level}\t${message}${textPairs(fields, context)}`
    }
    const pairs = jsonPairs(fields, context)
    const body = pairs ? `{"message":${JSON.stringify(message)}${pairs}}` : JSON.stringify(message)
    return `{"timestamp":"${iso(at)}","level":"${level}","requestId":"${requestId}","message":${body}}`
  },
  logging({level, message, fields, at}, context) {
    const {definition, requestId} = context
    if (definition.logFormat !== 'JSON') {
      return `[${pythonLevel(level)}]\t${iso(at)}\t${requestId}\t${message}${textPairs(fields, context)}`
    }
    const head = `{"timestamp": "${seconds(at)}", "level": "${pythonLevel(level)}", "message": ${JSON.stringify(message)}`
    return `${head}, "logger": "root", "requestId": "${requestId}"${jsonPairs(fields, context, ' ')}}`
  },
  powertools: (said, context) =>
    context.definition.runtime.startsWith('python') ? pythonPowertools(said, context) : nodePowertools(said, context),
  log4j({level, message, fields, at, place}, context) {
    const where = `${classOf(context.definition)}:${40 + place * 17}`
    return `${spaced(at)} ${context.requestId} ${level.padEnd(5)} ${where} - ${message}${textPairs(fields, context)}`
  },
  dotnet: ({level, message, fields, at}, context) =>
    `${iso(at)}\t${context.requestId}\t${dotnetLevels[level] ?? 'info'}\t${message}${textPairs(fields, context)}`,
  slog: ({level, message, fields, at}, context) =>
    `{"time":"${iso(at)}","level":"${level}","msg":${JSON.stringify(message)}${jsonPairs(fields, context)}}`,
  'go-log': ({level, message, fields, at}, context) =>
    `${spaced(at).replaceAll('-', '/')} ${level === 'INFO' ? '' : `${level} `}${message}${textPairs(fields, context)}`,
}

const serviceOf = ({environment, name}: CompanyFunction) => environment?.['POWERTOOLS_SERVICE_NAME'] ?? name

function nodePowertools({level, message, fields, at}: Said, context: WriteContext): string {
  const {definition, requestId, traceId, cold, functionArn, memorySizeMB} = context
  const who = `"cold_start":${cold},"function_arn":"${functionArn}","function_memory_size":"${memorySizeMB}","function_name":"${definition.name}","function_request_id":"${requestId}"`
  const what = `"level":"${level}","message":${JSON.stringify(message)},"sampling_rate":0,"service":"${serviceOf(definition)}","timestamp":"${iso(at)}"`
  return `{${who},${what},"xray_trace_id":"${traceId}"${jsonPairs(fields, context)}}`
}

function pythonPowertools({level, message, fields, at, place}: Said, context: WriteContext): string {
  const {definition, requestId, traceId, cold, functionArn, memorySizeMB} = context
  const time = `${iso(at).slice(0, 23).replace('T', ' ').replace('.', ',')}+0000`
  const what = `"level":"${pythonLevel(level)}","location":"handler:${30 + place * 9}","message":${JSON.stringify(message)},"timestamp":"${time}","service":"${serviceOf(definition)}"`
  const who = `"cold_start":${cold},"function_name":"${definition.name}","function_memory_size":"${memorySizeMB}","function_arn":"${functionArn}","function_request_id":"${requestId}"`
  return `{${what},${who}${jsonPairs(fields, context)},"xray_trace_id":"${traceId}"}`
}

/** An embedded metric: `fields` are metric names with their values, the unit told by the name's ending. */
function metricRecord(namespace: string, fields: Fields, at: number, context: WriteContext): string {
  const unitOf = (name: string) => (name.endsWith('Ms') ? 'Milliseconds' : name.endsWith('Bytes') ? 'Bytes' : 'Count')
  const metrics = Object.keys(fields).map(name => ({Name: name, Unit: unitOf(name)}))
  const directive = JSON.stringify([{Namespace: namespace, Dimensions: [['service']], Metrics: metrics}])
  const who = `"service":"${serviceOf(context.definition)}","function_request_id":"${context.requestId}"`
  return `{"_aws":{"Timestamp":${at},"CloudWatchMetrics":${directive}},${who}${jsonPairs(fields, context)}}`
}

const pythonLevel = (level: LineLevel) => (level === 'WARN' ? 'WARNING' : level === 'FATAL' ? 'CRITICAL' : level)
const dotnetLevels: Readonly<Partial<Record<LineLevel, string>>> = {
  TRACE: 'trce',
  DEBUG: 'dbug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'fail',
  FATAL: 'crit',
}
const classOf = ({handler}: CompanyFunction) => handler.split('::')[0]?.split('.').at(-1) ?? 'Handler'

// the runtime puts this before an unhandled exception, with a carriage return after it
const unhandledInPython =
  'LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in rare cases, a Lambda runtime update can cause unexpected function behavior. For functions using managed runtimes, runtime updates can be triggered by a function change, or can be applied automatically. To determine if the runtime has been updated, check the runtime version in the INIT_START log entry. If this error correlates with a change in the runtime version, you may be able to mitigate this error by temporarily rolling back to the previous runtime version. For more information, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html'

/** What the runtime writes when the handler throws; a Go panic comes as one event per line. */
export function writeFailure(failure: Failure, at: number, context: WriteContext): readonly Written[] {
  const {definition, requestId} = context
  const {runtime, logFormat} = definition
  const {type} = failure
  const message = fill(failure.message, context)
  const text = (value: string): Written[] => [{timestamp: at, message: value}]

  if (runtime.startsWith('nodejs')) {
    const stack = [`${type}: ${message}`, ...failure.stack.map(frame => `    at ${frame}`)]
    if (logFormat === 'JSON') {
      return text(
        `${JSON.stringify({timestamp: iso(at), level: 'ERROR', requestId, message: {errorType: type, errorMessage: message, stackTrace: stack}})}\n`,
      )
    }
    return text(
      `${iso(at)}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify({errorType: type, errorMessage: message, name: type, stack})}\n`,
    )
  }
  if (runtime.startsWith('python')) {
    if (logFormat === 'JSON') {
      const stack = failure.stack.map(frame => JSON.stringify(`  ${frame}\n`)).join(', ')
      const record = `{"timestamp": "${seconds(at)}", "log_level": "ERROR", "errorMessage": ${JSON.stringify(message)}, "errorType": "${type}", "requestId": "${requestId}", "stackTrace": [${stack}]}`
      return [{timestamp: Math.floor(at / 1000) * 1000, message: `${unhandledInPython}\r${record}\n`}]
    }
    // the runtime indents with no-break spaces
    const frames = failure.stack.map(frame =>
      frame
        .split('\n')
        .map((part, i) => `${i ? '\u00a0\u00a0\u00a0\u00a0' : '\u00a0\u00a0'}${part.trim()}`)
        .join('\n'),
    )
    return text(`[ERROR] ${type}: ${message}\nTraceback (most recent call last):\n${frames.join('\n')}\n`)
  }
  if (runtime.startsWith('java')) {
    return text(
      `${message}: ${type}\n${type}: ${message}\n${failure.stack.map(frame => (frame.startsWith('...') ? `\t${frame}` : `\tat ${frame}`)).join('\n')}\n`,
    )
  }
  if (runtime.startsWith('dotnet')) {
    return text(
      `${iso(at)}\t${requestId}\tfail\t${type}: ${message}\n${failure.stack.map(frame => `   at ${frame}`).join('\n')}\n`,
    )
  }
  const lines = [
    `panic: ${message} [recovered]`,
    `\tpanic: ${message}`,
    '',
    'goroutine 1 [running]:',
    ...failure.stack.flatMap(frame => frame.split('\n')),
  ]
  return lines.map(line => ({timestamp: at, message: `${line}\n`}))
}
