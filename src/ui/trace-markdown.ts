import type {LogEvent} from '../services/logs/log-event.ts'
import type {Trace, TraceNode} from '../services/traces/trace.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {codeBlock, codeText, markdownText} from './markdown.ts'
import {count, counted} from './numbers.ts'
import {printable} from './printable.ts'
import {plainText} from './spans.ts'
import {marksOf} from './trace-facts.ts'
import {entryOf, outcomeOf} from './trace-header.ts'
import {linesOf} from './trace-logs.ts'
import {isFailed, messagesOf} from './trace-messages.ts'
import {nodeName} from './trace-names.ts'
import {type TraceTextOptions, traceText} from './trace-text.ts'

/** What text in a file is drawn for. */
export const fileTerminal = {columns: 100, color: false, unicode: true, isTTY: false} as const
const mostErrors = 50
const mostFrames = 10
const mostLogLines = 50

/** A trace for a ticket or a post-mortem, in Markdown: the waterfall, then what went wrong, then what was logged. */
export function traceMarkdown(
  report: TraceReport,
  {clock, reader}: Pick<TraceTextOptions, 'clock' | 'reader'>,
): string {
  const {trace, linked} = report
  const picture = traceText(report, {terminal: fileTerminal, clock, reader, now: null, logs: false, unfolded: false})
  const traces = [trace, ...linked.flatMap(link => link.trace ?? [])]
  const lines = [
    `# ${markdownText(plainText(outcomeOf(trace, fileTerminal)) || 'An empty trace')}`,
    '',
    `Trace ${codeText(trace.id)}, ${new Date(trace.start).toISOString()}`,
    '',
    ...factLines(trace),
    ...codeBlock(picture.trimEnd().split('\n')),
    '',
    ...errorLines(traces),
    ...logLines(traces, report),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

const mostFacts = 20

/** What was asked, how it was answered, and what it was marked with, a fact each. */
function factLines(trace: Trace): readonly string[] {
  const http = entryOf(trace)?.span.http ?? null
  const asked = [http?.method, http?.url].filter(Boolean).join(' ')
  const facts: readonly (readonly [string, string])[] = [
    ...(asked === '' ? [] : [['request', asked] as const]),
    ...(http?.status == null ? [] : [['status', String(http.status)] as const]),
    ...[...marksOf(trace)].slice(0, mostFacts),
  ]
  if (facts.length === 0) return []
  return [...facts.map(([key, value]) => `- ${markdownText(key)}: ${codeText(value)}`), '']
}

function errorLines(traces: readonly Trace[]): readonly string[] {
  const failures = traces.flatMap(trace => {
    const messages = messagesOf(trace)
    return trace.nodes.filter(({id}) => (messages.get(id) ?? []).length > 0).map(node => ({node, messages}))
  })
  if (failures.length === 0) return []
  const more = failures.length - mostErrors
  return [
    '## What went wrong',
    '',
    ...failures.slice(0, mostErrors).flatMap(({node, messages}) => errorSection(node, messages.get(node.id) ?? [])),
    ...(more > 0 ? [`and ${counted(more, 'more span')}`, ''] : []),
  ]
}

function errorSection(node: TraceNode, messages: readonly string[]): readonly string[] {
  const frames = (node.cause?.exceptions ?? []).flatMap(({stack}) => stack)
  const shown = frames.slice(0, mostFrames).map(({label, path, line}) => {
    const place = line === null ? path : `${path}:${line}`
    return printable(label === null ? `at ${place}` : `at ${label} (${place})`).replaceAll('\n', ' ')
  })
  const more = frames.length - shown.length
  return [
    `- ${markdownText(nodeName(node, null, {lambda: 'λ'}).text)}: ${messages.map(markdownText).join('; ')}`,
    '',
    ...(shown.length === 0 ? [] : [...codeBlock([...shown, ...(more > 0 ? [`… ${count(more)} more`] : [])]), '']),
  ]
}

function logLines(traces: readonly Trace[], report: TraceReport): readonly string[] {
  return traces.flatMap(({id, nodes}) => nodes.flatMap(node => logSection(node, linesOf(report, id, node.id))))
}

function logSection(node: TraceNode, events: readonly LogEvent[]): readonly string[] {
  const [first] = events
  if (!first) return []
  const lines = events.flatMap(({timestamp, message}) =>
    printable(`${new Date(timestamp).toISOString()} ${message.trimEnd()}`).split('\n'),
  )
  const more = lines.length - mostLogLines
  const request = first.requestId === null ? '' : `, request ${codeText(first.requestId)}`
  return [
    `## Log of ${markdownText(nodeName(node, first.version, {lambda: 'λ'}).text)}`,
    '',
    `${codeText(first.source.logGroup)}${request}${isFailed(node) ? ', failed' : ''}`,
    '',
    ...codeBlock([...lines.slice(0, mostLogLines), ...(more > 0 ? [`… ${counted(more, 'more line')}`] : [])]),
    '',
  ]
}
