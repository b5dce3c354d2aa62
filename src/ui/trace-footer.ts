import type {Trace, TraceNode} from '../services/traces/trace.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {counted, microseconds} from './numbers.ts'
import {joined, type Line, lineWidth, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {spanTime} from './trace-line.ts'
import {functionNameOf, isFunction, nodeName} from './trace-names.ts'

const leastOnPath = 3
const mostOnPath = 6
// less than this share of all nobody can do anything about
const leastShare = 0.005

/** `critical path  payments.example 1.52 s · init 412 ms · own code 180 ms · 3 more 12 ms`: who has the time that everybody waited for. */
export function criticalLine(trace: Trace, columns: number, terminal: Terminal): Line | null {
  const {dot, lambda} = glyphsFor(terminal)
  const functions = new Set(trace.nodes.filter(isFunction).map(functionNameOf))
  const byId = new Map(trace.nodes.map(node => [node.id, node]))
  const times = new Map<string, number>()
  const add = (name: string, ms: number): void => {
    if (ms > 0) times.set(name, (times.get(name) ?? 0) + ms)
  }
  for (const node of trace.nodes) {
    if (node.criticalMs === null) continue
    const owner = codeOwner(node, byId)
    if (!owner) add(pathName(node, lambda), node.criticalMs)
    else {
      const who = functions.size > 1 ? functionNameOf(owner) : null
      // beyond its own time, calls ran that were not waited for in the end: that is no code
      const code = Math.min(node.criticalMs, node.selfMs)
      add(who === null ? 'own code' : `${who} code`, code)
      add(who === null ? 'beside other calls' : `${who} beside other calls`, microseconds(node.criticalMs - code))
    }
  }
  const total = [...times.values()].reduce((sum, ms) => sum + ms, 0)
  const longest = [...times]
    .filter(([, ms]) => ms >= total * leastShare)
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostOnPath)
  if (longest.length === 0) return null
  const lineOf = (shown: number): Line => {
    const named = longest.slice(0, shown)
    const rest = total - named.reduce((sum, [, ms]) => sum + ms, 0)
    const parts = named.map(([name, ms]) => span(`${name} ${spanTime(ms, terminal)}`))
    const isWorthIt = rest >= total * leastShare
    const more = isWorthIt ? span(`${times.size - shown} more ${spanTime(rest, terminal)}`, 'dim') : null
    return [span('critical path  ', 'dim'), ...joined([...parts, more], ` ${dot} `)]
  }
  let shown = longest.length
  while (shown > leastOnPath && lineWidth(lineOf(shown)) > columns) shown--
  return lineOf(shown)
}

/** The execution whose code a node's own time is; null where it is none, as of a call or of Lambda itself. */
function codeOwner(node: TraceNode, byId: ReadonlyMap<string, TraceNode>): TraceNode | null {
  if (node.role === 'function' || node.span.kind === 'invocation') return node
  return node.role === 'invocation' ? (byId.get(node.parentId ?? '') ?? node) : null
}

function pathName(node: TraceNode, lambda: string): string {
  if (node.role === 'service') return node.children.some(({role}) => role === 'attempt') ? 'between attempts' : 'Lambda'
  return nodeName(node, null, {lambda}).text
}

/** What to know of the trace beyond its rows: what is wrong with it, what could not be read, and other notes. */
export function noteLines({trace, coverage, notes}: TraceReport, terminal: Terminal): readonly Line[] {
  const {warn} = glyphsFor(terminal)
  const look = (text: string): Line => [span(`${warn} `, 'look'), span(text, 'look')]
  return [
    ...trace.warnings.filter(({code}) => code !== 'limit-exceeded').map(({message}) => look(message)),
    ...coverage.gaps.map(({what, reason, detail}) =>
      look(`not read: ${what} (${detail ? `${reason}: ${detail}` : reason})`),
    ),
    ...notes.map((note): Line => [span(note, 'dim')]),
  ]
}

const sources: Readonly<Record<Trace['source'], string>> = {
  xray: 'X-Ray',
  'transaction-search': 'Transaction Search',
  logs: 'from logs',
}

/** `1-68bd7c1a-… · X-Ray · 7 log lines of 2 functions (--logs)` */
export function sourceLine({trace, logs}: TraceReport, areLogsShown: boolean, terminal: Terminal): Line {
  const {dot} = glyphsFor(terminal)
  const withLines = [...logs.values()].filter(({length}) => length > 0)
  const lines = withLines.reduce((sum, {length}) => sum + length, 0)
  const writers = new Set(withLines.map(([first]) => first?.function?.arn ?? first?.source.logGroup))
  const told = `${counted(lines, 'log line')} of ${counted(writers.size, 'function')}`
  const facts: readonly (Span | null)[] = [
    span(trace.id, 'dim'),
    span(sources[trace.source], 'dim'),
    lines === 0 ? null : span(areLogsShown || !terminal.isTTY ? told : `${told} (--logs)`, 'dim'),
  ]
  return joined(facts, ` ${dot} `)
}
