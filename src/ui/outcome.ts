import type {LogEvent, Outcome, Report} from '../services/logs/log-event.ts'
import {isRecord} from './json-record.ts'
import {duration} from './numbers.ts'
import type {Tone} from './palette.ts'
import {joined, type Line, type Span, span} from './spans.ts'
import type {Glyphs} from './terminal.ts'

/** How an invocation ended, in words and the tone they deserve. */
export type Ending = {readonly failed: boolean; readonly words: string; readonly tone: Tone}

// Lambda kills at the limit, but reports a maximum just below it as often as the limit itself.
const nearlyAllMemory = 0.9

/** How the invocation of a report ended, by the report itself and by the outcome its lines prove; `ok` has no words. */
export function endingOf(report: Report, outcome?: Outcome): Ending {
  const {status, errorType} = report
  if (outcome === 'timeout') return bad(`timed out after ${duration(report.durationMs)}`)
  if (outcome === 'oom') return bad('out of memory')
  if (status === 'timeout') return bad(`timed out after ${duration(report.durationMs)}`)
  if (errorType === 'Runtime.OutOfMemory') return bad('out of memory')
  if (status === 'error' || status === 'failure') return bad(errorType === undefined ? 'error' : `error ${errorType}`)
  if (outcome === 'init-error') return bad('init failed')
  if (outcome === 'error') return bad('error')
  return {failed: false, words: '', tone: 'good'}
}

function bad(words: string): Ending {
  return {failed: true, words, tone: 'bad'}
}

/** `143/512 MB`, yellow where memory was nearly used up; null where Lambda reports none, as on managed instances. */
export function memory({maxMemoryUsedMB, memorySizeMB}: Report, quiet: Tone): Span | null {
  if (memorySizeMB === 0) return null
  const tight = maxMemoryUsedMB >= memorySizeMB * nearlyAllMemory
  return span(`${maxMemoryUsedMB}/${memorySizeMB} MB`, tight ? 'look' : quiet)
}

/** `cold 412 ms` or `restored in 480 ms`; null for a warm start. */
export function coldStart(report: Report, quiet: Tone): Span | null {
  if (report.restoreDurationMs !== undefined) return span(`restored in ${duration(report.restoreDurationMs)}`, quiet)
  if (report.initDurationMs !== undefined) return span(`cold ${duration(report.initDurationMs)}`, quiet)
  return null
}

/** A report folded: `✓ 1.24 s · 201/256 MB · cold 412 ms`, `✗ error · 1.98 s · 143/512 MB`. */
export function reportLine(report: Report, ending: Ending, glyphs: Glyphs, more: readonly Span[] = []): Line {
  const {failed, words, tone} = ending
  const quiet = failed ? 'plain' : 'dim'
  const took = duration(report.durationMs)
  const facts = [memory(report, quiet), coldStart(report, quiet), ...more]
  if (!failed) return [span(`${glyphs.ok} `, tone), ...joined([span(took, quiet), ...facts], ` ${glyphs.dot} `)]
  const how = span(`${glyphs.fail} ${words}`, tone)
  return joined([how, words.endsWith(took) ? null : span(took, quiet), ...facts], ` ${glyphs.dot} `)
}

const initReport = /^(INIT|RESTORE)_REPORT .*?Duration: ([\d.]+) ms.*?Status: (\w+)(?:.*?Error Type: (\S+))?/
const jsonInitReport = /"type":\s*"platform\.(init|restore)Report"/

/** What went wrong in an init or restore phase; null when nothing did: its time then shows as `cold` in the report. */
export function startFailure(
  event: Pick<LogEvent, 'kind' | 'message'>,
  parseJson: (text: string) => unknown,
): readonly Span[] | null {
  const found = jsonInitReport.test(event.message) ? jsonStart(parseJson(event.message)) : textStart(event.message)
  if (!found || found.status === 'success') return null
  const {phase, status, errorType, took} = found
  const words =
    status === 'timeout' ? `${phase} timed out after ${took}` : `${phase} failed${errorType ? ` ${errorType}` : ''}`
  return [span(words, 'bad'), ...(status === 'timeout' ? [] : [span(took)])]
}

type StartReport = {
  readonly phase: string
  readonly status: string
  readonly errorType: string | undefined
  readonly took: string
}

function textStart(message: string): StartReport | null {
  const found = initReport.exec(message)
  if (!found) return null
  const [, phase = '', ms = '0', status = '', errorType] = found
  return {phase: phase.toLowerCase(), status, errorType, took: duration(Number(ms))}
}

function jsonStart(parsed: unknown): StartReport | null {
  if (!isRecord(parsed) || !isRecord(parsed['record'])) return null
  const {status, errorType, metrics} = parsed['record']
  if (typeof status !== 'string') return null
  return {
    phase: parsed['type'] === 'platform.restoreReport' ? 'restore' : 'init',
    status,
    errorType: typeof errorType === 'string' ? errorType : undefined,
    took: duration(Number(isRecord(metrics) ? metrics['durationMs'] : 0)),
  }
}
