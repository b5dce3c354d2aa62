import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {SpanException} from '../services/traces/span.ts'
import type {Trace, TraceNode} from '../services/traces/trace.ts'
import {padEnd, width} from './columns.ts'
import type {Tone} from './palette.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {spanTime} from './trace-line.ts'
import {exceptionText} from './trace-messages.ts'

const mostFrames = 12
const mostMetadata = 4_000

type Fact = readonly [label: string, value: string | null | undefined, tone?: Tone]

/** Everything that a trace tells of one span, a fact a line: what it is, when, how long, why it failed, what was noted with it. */
export function spanDetail(
  node: TraceNode,
  trace: Trace,
  {terminal, clock}: {readonly terminal: Terminal; readonly clock: Pick<ZoneClock, 'time' | 'date'>},
): readonly Line[] {
  const {span: it, criticalMs, detached} = node
  const {dot, arrow, atLeast} = glyphsFor(terminal)
  const time = (ms: number): string => spanTime(ms, terminal)
  const http = it.http
  const took = `${node.isInProgress ? `${atLeast} ` : ''}${time(node.durationMs)}`
  const facts: readonly Fact[] = [
    ['name', it.name, 'strong'],
    ['is', [it.origin, it.namespace, it.kind].filter(Boolean).join(` ${dot} `)],
    ['status', it.status, it.status === 'ok' ? 'plain' : it.status === 'throttle' ? 'look' : 'bad'],
    ['began', `${clock.time(it.start)} ${dot} ${time(it.start - trace.start)} after the trace did`],
    ['took', [took, `${time(node.selfMs)} of it itself`].join(` ${dot} `)],
    ['ended', node.isCutOff ? 'cut off when what it ran in ended' : null, 'look'],
    ['path', criticalMs === null ? null : `${time(criticalMs)} of the critical path`],
    ['earlier', detached === null ? null : `it ended ${time(detached.earlierMs)} before it was used: nobody waited`],
    ['called', [it.operation, it.resource].filter(Boolean).join(' ') || null],
    [
      'http',
      http &&
        [http.method, http.url, http.status === null ? null : `${arrow} ${http.status}`].filter(Boolean).join(' '),
    ],
    ['client', http && ([http.clientIp, http.userAgent].filter(Boolean).join(` ${dot} `) || null)],
    ['retries', it.retries > 0 ? String(it.retries) : null, 'look'],
    ['request', it.requestId],
    ['function', it.functionArn],
    ['resource', it.resourceArn === it.functionArn ? null : it.resourceArn],
    ['log group', it.logGroup],
    ['ran in', [it.account, it.region].filter(Boolean).join(' ') || null],
    ['user', it.user],
    ...Object.entries(it.annotations).map(([key, value]): Fact => [key, String(value)]),
    ['span', node.id],
  ]
  const shown = facts.filter(([, value]) => value != null && value !== '')
  const labels = Math.min(24, Math.max(...shown.map(([label]) => width(span(label).text))))
  return [
    ...shown.map(
      ([label, value, tone = 'plain']): Line => [
        span(`${padEnd(span(label).text, labels)}  `, 'dim'),
        span(value ?? '', tone),
      ],
    ),
    ...(node.cause?.exceptions ?? []).flatMap(exceptionLines),
    ...(node.cause?.missingId == null ? [] : [[span(`exception ${node.cause.missingId} is not in the trace`, 'look')]]),
    ...metadataLines(it.metadata),
  ]
}

function exceptionLines(exception: SpanException): readonly Line[] {
  const {remote, stack} = exception
  const frames = stack
    .slice(0, mostFrames)
    .map(
      ({path, line, label}): Line => [
        span(`    at ${label ?? '?'} (${path}${line === null ? '' : `:${line}`})`, 'dim'),
      ],
    )
  const more = stack.length - frames.length
  return [
    [span(exceptionText(exception), 'bad'), span(remote ? '  thrown by what was called' : '', 'dim')],
    ...frames,
    ...(more > 0 ? [[span(`    and ${more} more frames`, 'dim')]] : []),
  ]
}

function metadataLines(metadata: unknown): readonly Line[] {
  if (metadata == null || JSON.stringify(metadata) === '{}') return []
  const text = JSON.stringify(metadata, null, 2) ?? ''
  const cut = text.length > mostMetadata
  return [
    [span('metadata', 'dim')],
    ...text
      .slice(0, mostMetadata)
      .split('\n')
      .map((line): Line => [span(`  ${line}`)]),
    ...(cut ? [[span('  and more: --json has all of it', 'dim')]] : []),
  ]
}
