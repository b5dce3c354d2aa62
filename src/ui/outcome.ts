import type {LogEvent, Outcome, Report} from '../services/logs/log-event.ts'
import {isRecord} from './json-record.ts'
import {duration} from './numbers.ts'
import type {Tone} from './palette.ts'
import {joined, type Line, type Span, span} from './spans.ts'
import type {Glyphs} from './terminal.ts'

/** How an invocation ended, in words and the tone they deserve; a good end needs no words. */
export type Ending = {readonly failed: boolean; readonly sign: string; readonly words: string; readonly tone: Tone}

// Lambda kills at the limit, but reports a maximum just below it as often as the limit itself.
const nearlyAllMemory = 0.9

/** How an invocation ended: `✗ timed out after 3.00 s`, `✗ error PaymentTimeout`; only a report tells the time. */
export function endingOf(outcome: Outcome, report: Report | null, {fail, ok}: Glyphs): Ending {
  const bad = (...words: readonly (string | undefined)[]): Ending => ({
    failed: true,
    sign: fail,
    words: words.filter(Boolean).join(' '),
    tone: 'bad',
  })
  switch (outcome) {
    case 'ok':
      return {failed: false, sign: ok, words: '', tone: 'good'}
    case 'error':
      return bad('error', report?.errorType)
    case 'timeout':
      return bad('timed out', report ? `after ${duration(report.durationMs)}` : '')
    case 'oom':
      return bad('out of memory')
    case 'init-error':
      return bad('init failed', report?.errorType)
    case 'unknown':
      return {failed: false, sign: '?', words: 'no report', tone: 'look'}
  }
}

/** What a report tells beyond the ending: the time where its words do not say it, memory, and what a cold start took. */
export function reportFacts(report: Report, {words}: Ending, tone: Tone): readonly (Span | null)[] {
  const took = duration(report.durationMs)
  return [words.endsWith(took) ? null : span(took, tone), memory(report, tone), coldStart(report, tone)]
}

/** `143/512 MB`, yellow where memory was nearly used up; null where Lambda reports none, as on managed instances. */
function memory({maxMemoryUsedMB, memorySizeMB}: Report, tone: Tone): Span | null {
  if (memorySizeMB === 0) return null
  const tight = maxMemoryUsedMB >= memorySizeMB * nearlyAllMemory
  return span(`${maxMemoryUsedMB}/${memorySizeMB} MB`, tight ? 'look' : tone)
}

/** `cold 412 ms` or `restored in 480 ms`; null for a warm start. */
function coldStart(report: Report, tone: Tone): Span | null {
  if (report.restoreDurationMs !== undefined) return span(`restored in ${duration(report.restoreDurationMs)}`, tone)
  if (report.initDurationMs !== undefined) return span(`cold ${duration(report.initDurationMs)}`, tone)
  return null
}

/** A report folded: `✓ 1.24 s · 201/256 MB · cold 412 ms`, `✗ error · 1.98 s · 143/512 MB`. */
export function reportLine(report: Report, ending: Ending, {dot}: Glyphs, more: readonly Span[] = []): Line {
  const {failed, sign, words, tone} = ending
  const facts = [...reportFacts(report, ending, failed ? 'plain' : 'dim'), ...more]
  if (words === '') return [span(`${sign} `, tone), ...joined(facts, ` ${dot} `)]
  return joined([span(`${sign} ${words}`, tone), ...facts], ` ${dot} `)
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
