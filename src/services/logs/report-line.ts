import type {Report} from './log-event.ts'
import {traceIdIn} from './trace-id.ts'

type Field = Exclude<keyof Report, 'status' | 'errorType'>
type Fields = {-readonly [Key in keyof Report]?: Report[Key]}

export type ReportLine = {readonly report: Report; readonly traceId: string | null}

const numbers: ReadonlyMap<string, Field> = new Map([
  ['Duration', 'durationMs'],
  ['Billed Duration', 'billedDurationMs'],
  ['Memory Size', 'memorySizeMB'],
  ['Max Memory Used', 'maxMemoryUsedMB'],
  ['Init Duration', 'initDurationMs'],
  ['Restore Duration', 'restoreDurationMs'],
  ['Billed Restore Duration', 'billedRestoreDurationMs'],
])

// A console, a terminal or a ticket turns the tabs into spaces. A space inside a longer name is none of them.
// Few at a time, and only where they begin: a line of spaces must not take its square in time.
const lostTab =
  /(?<!Billed|Init|Restore| ) {1,8}(?=(?:(?:Billed )?Restore |Billed |Init )?Duration: |Max Memory Used: |Memory Size: |Status: |Error Type: |XRAY TraceId: |Phase: )/g

/**
 * The fields of a platform line from `from` on: `Duration: 14.97 ms\tBilled Duration: 15 ms\t…`, in any order (SAM local
 * puts Init Duration first), with an `XRAY TraceId:` on a line of its own. What a line does not say of the four numbers
 * that every Lambda REPORT has is 0.
 */
export function readReportLine(message: string, from: number): ReportLine {
  const hasLostTabs = message.includes(' ms ', from) || message.includes(' MB ', from)
  const line = hasLostTabs ? message.slice(from).replaceAll(lostTab, '\t') : message
  const fields: Fields = {durationMs: 0, billedDurationMs: 0, memorySizeMB: 0, maxMemoryUsedMB: 0}
  let traceId: string | null = null

  for (let start = line === message ? from : 0; start < line.length; ) {
    const tab = line.indexOf('\t', start)
    const end = tab === -1 ? line.length : tab
    const colon = line.indexOf(': ', start)
    if (colon === -1) break
    if (colon < end) {
      const name = line.slice(start, colon).trimStart()
      const number = numbers.get(name)
      if (number) fields[number] = numberIn(line.slice(colon + 2, end))
      else if (name === 'Status') fields.status = line.slice(colon + 2, end).trim()
      else if (name === 'Error Type') fields.errorType = line.slice(colon + 2, end).trim()
      else if (name === 'XRAY TraceId') traceId = traceIdIn(line.slice(colon + 2, end))
    }
    start = end + 1
  }
  return {report: fields as Report, traceId}
}

/** The number before the unit; 0 for what is none, or one without an end. */
function numberIn(text: string): number {
  const number = Number.parseFloat(text)
  return Number.isFinite(number) ? number : 0
}

/** Whether a status that Lambda reports is a failure. */
export function isFailure(status: unknown): boolean {
  return status === 'error' || status === 'timeout' || status === 'failure'
}
