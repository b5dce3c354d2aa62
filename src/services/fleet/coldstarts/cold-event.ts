import {isObject, type Json, parseJson, reportIn} from '../../logs/json-meaning.ts'
import type {Report} from '../../logs/log-event.ts'
import {readMeaning} from '../../logs/message.ts'
import {readReportLine} from '../../logs/report-line.ts'

/** What a log line tells of how an environment came to be, or of what it served. */
export type ColdEvent =
  /** an environment begins */
  | {
      readonly is: 'begin'
      readonly phase: 'init' | 'restore'
      /** on-demand, provisioned-concurrency, snap-start, lambda-managed-instances; null in text, which does not tell */
      readonly type: string | null
      /** of JSON, which may name it */
      readonly functionName: string | null
      readonly version: string | null
    }
  /** its init, or its restore, is over */
  | {
      readonly is: 'begun'
      readonly phase: 'init' | 'restore'
      readonly type: string | null
      /** it was run again as part of a request */
      readonly inInvoke: boolean
      readonly status: 'success' | 'error' | 'timeout'
      readonly durationMs: number
      readonly errorType: string | null
    }
  | {readonly is: 'request'}
  | {readonly is: 'report'; readonly report: Report}
  /** a Web Function counts its requests by the minute */
  | {readonly is: 'web'}

/**
 * Terms of which each such line has one, as FilterLogEvents and Logs Insights find them anywhere in a message. What they
 * let through besides is told apart by {@link readColdEvent}.
 */
const coldTerms = [
  'Init Duration: ',
  'Restore Duration: ',
  'INIT_START ',
  'RESTORE_START ',
  'initDurationMs',
  'restoreDurationMs',
  'platform.initStart',
  'platform.initReport',
  'platform.restoreStart',
  'platform.restoreReport',
  'platform.invokeSummary',
] as const

/** Terms of all requests too: of those that met no cold start, and of those that are under way. */
const requestTerms = ['REPORT RequestId: ', 'platform.report'] as const
const startTerms = ['START RequestId: ', 'platform.start'] as const

/** The filter pattern that brings the lines that tell of cold starts; all reports besides, to count requests by version. */
export function coldPattern({reports}: {readonly reports: boolean}): string {
  return patternOf(reports ? [...coldTerms, ...requestTerms] : coldTerms)
}

/** What tells what an environment served. */
export const servedPattern = (): string => patternOf([...requestTerms, ...startTerms])

const patternOf = (terms: readonly string[]): string => terms.map(term => `?${JSON.stringify(term)}`).join(' ')

/** What a message tells of cold starts and requests; null for all others, whatever words they hold. */
export function readColdEvent(message: string): ColdEvent | null {
  if (message.startsWith('{')) return message.includes('"platform.') ? ofJson(message) : null
  if (message.startsWith('INIT_START ')) return begin('init')
  if (message.startsWith('RESTORE_START ')) return begin('restore')
  if (message.startsWith('INIT_REPORT ')) return begunInText('init', message, 'INIT_REPORT '.length)
  if (message.startsWith('RESTORE_REPORT ')) return begunInText('restore', message, 'RESTORE_REPORT '.length)
  if (message.startsWith('START RequestId: ')) return {is: 'request'}
  if (!message.startsWith('REPORT RequestId: ')) return null
  const {report} = readMeaning(message)
  return report ? {is: 'report', report} : null
}

const begin = (phase: 'init' | 'restore'): ColdEvent => ({
  is: 'begin',
  phase,
  type: null,
  functionName: null,
  version: null,
})

function begunInText(phase: 'init' | 'restore', message: string, from: number): ColdEvent {
  const {report} = readReportLine(message, from)
  return {
    is: 'begun',
    phase,
    type: null,
    inInvoke: message.includes('Phase: invoke', from),
    status: statusOf(report.status),
    durationMs: (phase === 'init' ? report.initDurationMs : report.restoreDurationMs) ?? 0,
    errorType: report.errorType ?? null,
  }
}

function statusOf(status: unknown): 'success' | 'error' | 'timeout' {
  if (status === 'timeout') return 'timeout'
  return status === 'error' || status === 'failure' ? 'error' : 'success'
}

function ofJson(message: string): ColdEvent | null {
  const json = parseJson(message)
  const record = json?.['record']
  if (!json || !isObject(record)) return null
  switch (json['type']) {
    case 'platform.initStart':
      return beginInJson('init', record)
    case 'platform.restoreStart':
      return beginInJson('restore', record)
    case 'platform.initReport':
      return begunInJson('init', record)
    case 'platform.restoreReport':
      return begunInJson('restore', record)
    case 'platform.start':
      return {is: 'request'}
    case 'platform.invokeSummary':
      return {is: 'web'}
    case 'platform.report':
      return {is: 'report', report: reportIn(record)}
    default:
      return null
  }
}

const beginInJson = (phase: 'init' | 'restore', record: Json): ColdEvent => ({
  is: 'begin',
  phase,
  type: textIn(record['initializationType']),
  functionName: textIn(record['functionName']),
  version: textIn(record['functionVersion']),
})

function begunInJson(phase: 'init' | 'restore', record: Json): ColdEvent {
  const metrics = isObject(record['metrics']) ? record['metrics'] : {}
  const durationMs = metrics['durationMs']
  return {
    is: 'begun',
    phase,
    type: textIn(record['initializationType']),
    inInvoke: record['phase'] === 'invoke',
    status: statusOf(record['status']),
    durationMs: typeof durationMs === 'number' && Number.isFinite(durationMs) ? durationMs : 0,
    errorType: textIn(record['errorType']),
  }
}

const textIn = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
