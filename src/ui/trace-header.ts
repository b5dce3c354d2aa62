import type {Trace, TraceNode} from '../services/traces/trace.ts'
import type {TraceReport} from '../services/traces/trace-report.ts'
import {counted} from './numbers.ts'
import type {Tone} from './palette.ts'
import {joined, type Line, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {endOf} from './trace-folds.ts'
import {spanTime} from './trace-line.ts'
import {failureOf} from './trace-messages.ts'
import {isFunction, nodeName, qualifierOf, requestOf} from './trace-names.ts'
import type {TraceTextOptions} from './trace-text.ts'
import {outcomeSigns} from './trace-words.ts'

/** `POST /orders → 500 · 2.41 s · 14:02:10.040 · 3 services · ▲ 1 segment missing` */
export function headerLine(
  {trace, asked}: Pick<TraceReport, 'trace' | 'asked'>,
  {terminal, clock, now, isZoneGiven = false}: Pick<TraceTextOptions, 'terminal' | 'clock' | 'now' | 'isZoneGiven'>,
): Line {
  const glyphs = glyphsFor(terminal)
  const services = serviceCount(trace)
  const look = (text: string): Span => span(`${glyphs.warn} ${text}`, 'look')
  const missing = new Set(trace.orphans.map(({parentId, span}) => parentId ?? span.parentId)).size
  const isToday = now !== null && clock.date(now) === clock.date(trace.start)
  const offset = isToday && !isZoneGiven ? undefined : clock.offset?.(trace.start)
  const zone = offset === undefined ? '' : offset === '+00:00' ? ' UTC' : ` ${offset}`
  const isOpen = trace.nodes.some(({isInProgress}) => isInProgress)
  if (trace.nodes.length === 0) return [look('the trace holds no span')]
  const facts = joined(
    [
      ...durationsOf(trace, terminal),
      span(`${isToday ? '' : `${clock.date(trace.start)} `}${clock.time(trace.start)}${zone}`),
      services > 0 ? span(counted(services, 'service')) : null,
      missing > 0 ? look(`${counted(missing, 'segment')} missing`) : null,
      isOpen ? look('not all of it has ended') : null,
      trace.source === 'logs' ? look(fromLogs(asked.sampled)) : null,
    ],
    ` ${glyphs.dot} `,
  )
  return [...outcomeOf(trace, terminal), ...failureSign(trace, terminal), span(` ${glyphs.dot} `, 'dim'), ...facts]
}

/** How long whoever asked waited: until all roots had ended, whatever went on below them after that. */
export function answeredMs({roots, durationMs, start}: Trace): number {
  const answered = Math.max(0, ...roots.map(endOf)) - start
  return roots.length === 0 || durationMs - answered < goneOnMs ? durationMs : answered
}

// what is less after the answer is how clocks differ
const goneOnMs = 10

/** `1.27 s`, and `6.96 s in all` where work went on after the answer; `≥ 4 min` where it still may. */
export function durationsOf(trace: Trace, terminal: Terminal): readonly Span[] {
  const isOpen = trace.nodes.some(({isInProgress}) => isInProgress)
  const least = isOpen ? `${glyphsFor(terminal).atLeast} ` : ''
  const whole = `${least}${spanTime(trace.durationMs, terminal)}`
  if (isOpen && trace.durationMs === 0) return []
  const answered = answeredMs(trace)
  if (answered === trace.durationMs) return [span(whole, 'strong')]
  return [span(spanTime(answered, terminal), 'strong'), span(`${whole} in all`)]
}

/** Where no status tells that it failed. */
export function failureSign(trace: Trace, terminal: Pick<Terminal, 'unicode'>): Line {
  const status = entryOf(trace)?.span.http?.status ?? null
  const isTold = status !== null && status >= 400
  const failure = isTold ? null : failureOf(trace.roots)
  return failure === null ? [] : [span(` ${outcomeSigns(terminal)[failure]}`, failure === 'fault' ? 'bad' : 'look')]
}

const fromLogs = (sampled: boolean | null): string =>
  sampled === false ? 'from logs only: not sampled' : 'from logs only'

/** What was asked and how it was answered: `POST /orders → 500`, `λ orders-stream`. */
export function outcomeOf(trace: Trace, terminal: Pick<Terminal, 'unicode'>): Line {
  const glyphs = glyphsFor(terminal)
  const asked = entryOf(trace)
  const root = trace.roots[0] ?? trace.nodes[0]
  if (!root) return []
  const named = root.children.length === 1 && root.role === 'service' ? (root.children[0] ?? root) : root
  const what = asked ? requestOf(asked.span.http) : nodeName(named, qualifierOf(named), glyphs).text
  const status = asked?.span.http?.status ?? null
  const answer = status === null ? null : span(String(status), toneOf(status))
  return [span(what, 'strong'), ...(answer ? [span(` ${glyphs.arrow} `, 'dim'), answer] : [])]
}

const toneOf = (status: number): Tone => (status >= 500 ? 'bad' : status >= 400 ? 'look' : 'good')

/** The outermost node that was asked over HTTP, not counting what it asked of others. */
export function entryOf(trace: Trace): TraceNode | null {
  const served = ({span}: TraceNode): boolean =>
    span.kind !== 'subsegment' && span.namespace === null && requestOf(span.http) !== '' && span.http?.method !== null
  return trace.roots.find(served) ?? trace.nodes.slice(0, 8).find(served) ?? null
}

/** How many different services took part, as far as they tell of themselves. */
function serviceCount(trace: Trace): number {
  const names = trace.nodes
    .filter(node => node.span.kind === 'segment' || isFunction(node))
    .map(({span: {name, account, region}}) => [name, account, region].join('\n'))
  return new Set(names).size
}
