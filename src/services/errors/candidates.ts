/**
 * Terms of which each event has one that interpretation calls an error, so that AWS leaves the others where they are. Terms
 * match anywhere in a message, in their case. The pattern lets more through than errors; what is one is decided here.
 *
 * What it cannot see: a level written in a way that no logger known here uses (`"level":55`, `eRROR`), an exception of Java
 * whose class and stack name neither an error nor a file, and lines of a stack trace that are events of their own: such an
 * error is known by its first line.
 */
const errorTerms = [
  'ERR',
  'Err',
  'err',
  'FATAL',
  'Fatal',
  'fatal',
  'FTL',
  'CRIT',
  'Crit',
  'crit',
  'SEVERE',
  'Severe',
  'severe',
  'FAIL',
  'Fail',
  'fail',
  'PANIC',
  'Panic',
  'panic',
  'ALERT',
  'Alert',
  'alert',
  'EMERG',
  'Emerg',
  'emerg',
  'Exception',
  'exception',
  'Traceback',
  // pino and bunyan count their levels
  '"level":50',
  '"level":60',
  '"level": 50',
  '"level": 60',
  'Task timed out after ',
  'Status: timeout',
  '"timeout"',
  'Process exited before',
  'signal: ',
  'platform.fault',
  // frames of a JVM, whatever their exception is called
  '.java:',
  '.kt:',
  '.scala:',
] as const

const warningTerms = ['WARN', 'Warn', 'warn', 'WRN', '"level":40', '"level": 40'] as const
// an extension that was told to log invocations' ends names no level
const reportTerms = ['REPORT RequestId', 'platform.report'] as const

export type Candidates = {
  /** warnings too */
  readonly warnings: boolean
  /** also what tells that an invocation ended, whether it failed or not */
  readonly reports: boolean
}

/** The filter pattern that brings all candidates; AWS allows 1,024 characters. */
export function candidatePattern({warnings, reports}: Candidates): string {
  const terms = [...errorTerms, ...(warnings ? warningTerms : []), ...(reports ? reportTerms : [])]
  return terms.map(term => (/^\w+$/.test(term) ? `?${term}` : `?${JSON.stringify(term)}`)).join(' ')
}
