import type {LogEvent, Outcome, Report} from './log-event.ts'

/** What single lines prove about how an invocation went: some failures are nowhere else. */
export type Evidence = 'timeout' | 'killed' | 'exited' | 'exception' | 'init-error'

// Lambda's error types of an environment that never came to run a handler.
const initErrorTypes = new Set(
  'ImportModuleError UserCodeSyntaxError HandlerNotFound MalformedHandlerName InvalidEntrypoint InvalidWorkingDir'.split(
    ' ',
  ),
)

export function didFail(outcome: Outcome): boolean {
  return outcome !== 'ok' && outcome !== 'unknown'
}

/** Adds to `evidence` what an event proves. A handled error that the application logs proves nothing. */
export function noteEvidence(
  evidence: Set<Evidence>,
  event: Pick<LogEvent, 'kind' | 'level' | 'message' | 'requestId'>,
): void {
  const {kind, level, message} = event
  if (kind === 'init' || kind === 'restore') {
    if (level === 'ERROR') evidence.add('init-error')
  } else if (kind === 'runtime') {
    if (level === 'ERROR') evidence.add(runtimeEvidence(message))
  } else if (kind === 'app' && (level === 'ERROR' || level === 'FATAL') && isUnhandledException(message)) {
    evidence.add('exception')
    if (event.requestId === null || isInitErrorType(/^\[ERROR\] (Runtime\.\w+)/.exec(message)?.[1]))
      evidence.add('init-error')
  }
}

function runtimeEvidence(message: string): Evidence {
  if (message.includes(' Task timed out after ')) return 'timeout'
  // the kernel's out-of-memory killer, or, in older runtimes, a process that was just gone
  return message.includes('signal: killed') || message.includes('Process exited before completing request')
    ? 'killed'
    : 'exited'
}

const nodeException = /^[^\t]{20,30}\t[^\t]*\tERROR\t(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection)\b/
const pythonException = /^\[ERROR\] (?!\t)(?:[\s\S]*[\r\n]Traceback \(most recent call last\)|Runtime\.\w+: )/
// .NET's loggers put their own words before the exception
const dotnetException = /^[^\t]{20,30}\t[^\t]*\tfail\t[\w.`]+: [^\n]*\n {3}at /
// Go, Ruby and custom runtimes
const errorObject = /^\{"error(?:Message|Type)":/

/** What a runtime writes when an exception left the handler, told from what the application itself logs as an error. */
export function isUnhandledException(message: string): boolean {
  return (
    nodeException.test(message) ||
    pythonException.test(message) ||
    message.startsWith('LAMBDA_WARNING: Unhandled exception') ||
    dotnetException.test(message) ||
    errorObject.test(message) ||
    isGoCrash(message) ||
    isPythonJson(message) ||
    isJavaException(message)
  )
}

/** Go's own words before it prints its goroutines and exits; each line is an event of its own. */
export function isGoCrash(message: string): boolean {
  return message.startsWith('panic: ') || message.startsWith('fatal error: ')
}

/** Python's runtime calls the level `log_level` where its logging calls it `level`. */
function isPythonJson(message: string): boolean {
  return message.startsWith('{') && message.includes('"log_level"') && message.includes('"errorType"')
}

/**
 * Java's runtime writes `message: class`, then on the next line the stack trace, which begins with the class:
 * `Division by zero: java.lang.ArithmeticException\njava.lang.ArithmeticException: …\n\tat …`
 */
export function isJavaException(message: string): boolean {
  const lineEnd = message.indexOf('\n')
  if (lineEnd <= 0 || lineEnd === message.length - 1) return false
  const nameAt = message.lastIndexOf(': ', lineEnd) + 2
  const name = message.slice(nameAt, lineEnd)
  return nameAt > 1 && name.includes('.') && !name.includes(' ') && message.startsWith(name, lineEnd + 1)
}

/**
 * How an invocation ended, by its report and by what its lines prove. A status in the report (Lambda writes it for
 * timeouts and crashes, in JSON always) decides; without one, a text report says the same for success and for an exception,
 * which only a line of the runtime tells apart. Older runtimes do not name out of memory: a process killed with
 * all its memory used is taken for it. `unknown` where there is neither a report nor proof of a failure.
 */
export function outcomeOf(evidence: ReadonlySet<Evidence>, report: Report | null): Outcome {
  const {status, errorType} = report ?? {}
  if (status === 'success') return 'ok'
  if (status === 'timeout' || (status === undefined && evidence.has('timeout'))) return 'timeout'
  if (errorType === 'Runtime.OutOfMemory') return 'oom'
  if (evidence.has('killed') && report && report.memorySizeMB > 0 && report.maxMemoryUsedMB >= report.memorySizeMB)
    return 'oom'

  const failed = status !== undefined || evidence.has('exception') || evidence.has('exited') || evidence.has('killed')
  if (failed) return evidence.has('init-error') || isInitErrorType(errorType) ? 'init-error' : 'error'
  return report ? 'ok' : 'unknown'
}

/** Whether a report's error type is of an environment that never came to run a handler. */
export function isInitErrorType(errorType: string | undefined): boolean {
  return (
    errorType !== undefined &&
    (errorType.startsWith('Extension.') || initErrorTypes.has(errorType.replace('Runtime.', '')))
  )
}
