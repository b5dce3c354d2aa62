import type {LinkedTrace, TraceReport} from '../services/traces/trace-report.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {failureSign, outcomeOf} from './trace-header.ts'
import {spanTime} from './trace-line.ts'

/**
 * `⤷ 1.9 s in queue → λ billing-worker 1.24 s (1-68bd7c1c-…)`, `⤴ from POST /orders → 202 84 ms, 1.9 s in queue (1-…)`.
 * The id stays whole: it is what the next command is given. Each delivery of a message is a line of its own.
 */
export function linkLine(link: LinkedTrace, report: Pick<TraceReport, 'linked'>, terminal: Terminal): Line {
  const {id, reference, dwellMs, trace, whyMissing, attempts, delivery} = link
  const indent = span('  '.repeat(levelOf(link, report)))
  const {leadsTo, cameFrom, arrow, times} = glyphsFor(terminal)
  const dwell = dwellMs === null ? null : `${spanTime(dwellMs, terminal)} in queue`
  const what: Line = trace
    ? [...outcomeOf(trace, terminal), span(` ${spanTime(trace.durationMs, terminal)}`), ...failureSign(trace, terminal)]
    : [span(whyMissing ?? 'not found', 'look')]
  const tries = [
    ...(attempts > 1 ? [span(` ${times}${attempts} attempts`, 'look')] : []),
    ...(delivery ? [span(`, delivery ${delivery.number} of ${delivery.of}`, 'look')] : []),
  ]
  const name = span(` (${id})`, 'dim')
  if (reference === 'parent')
    return [
      indent,
      span(`${cameFrom} from `, 'dim'),
      ...what,
      ...tries,
      ...(dwell ? [span(`, ${dwell}`, 'dim')] : []),
      name,
    ]
  return [
    indent,
    span(`${leadsTo} `, 'dim'),
    ...(dwell ? [span(dwell), span(` ${arrow} `, 'dim')] : []),
    ...what,
    ...tries,
    name,
  ]
}

const mostLevels = 8

/** How many linked traces are between a link and the trace that was asked for. */
function levelOf({fromTraceId}: LinkedTrace, {linked}: Pick<TraceReport, 'linked'>): number {
  let level = 0
  let from = linked.find(({id}) => id === fromTraceId)
  for (; from && level < mostLevels; level++) {
    const {fromTraceId: next} = from
    from = linked.find(({id}) => id === next)
  }
  return level
}

/** Links of the trace whose other end nobody looked for, a line each. */
export function openLinks({trace, linked}: TraceReport, terminal: Terminal): readonly Line[] {
  const {leadsTo, cameFrom} = glyphsFor(terminal)
  const known = new Set([trace.id, ...linked.map(({id}) => id)])
  const open = new Map(trace.links.filter(({traceId}) => !known.has(traceId)).map(link => [link.traceId, link]))
  return [...open.values()].map(({traceId, reference}) => [
    span(`${reference === 'parent' ? cameFrom : leadsTo} ${traceId}`, 'dim'),
    span(' not looked up', 'dim'),
  ])
}
