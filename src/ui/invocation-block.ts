import type {Invocation} from '../services/logs/invocations.ts'
import type {LogEvent} from '../services/logs/log-event.ts'
import {shorten, width} from './columns.ts'
import {eventContent} from './event-content.ts'
import {type Box, joinRows, rowsIn} from './layout.ts'
import {type LogLineOptions, levelTone} from './log-line.ts'
import {counted, duration} from './numbers.ts'
import {type Ending, endingOf, reportFacts} from './outcome.ts'
import {type Palette, paletteFor} from './palette.ts'
import {scopeLabels} from './scope-label.ts'
import {joined, paint, type Span, span} from './spans.ts'
import {type Glyphs, glyphsFor} from './terminal.ts'

const narrow = 60
const gap = '  '

/**
 * Draws invocations for people, a block each: how it ended, how long it took and in what memory, which request it was;
 * then its lines. Blocks are parted by an empty line.
 */
export function invocationFormatter(options: LogLineOptions): (invocation: Invocation) => string {
  const palette = paletteFor(options.terminal)
  const glyphs = glyphsFor(options.terminal)
  const scopeOf = scopeLabels(options.sources)
  const rowsOf = eventRows(options, palette, glyphs)
  let isFirst = true

  return invocation => {
    const parted = isFirst ? '' : '\n'
    isFirst = false
    const lines = invocation.events.map(rowsOf).join('')
    const ending = endingOf(invocation.outcome, invocation.report, glyphs)
    const facts = [
      ...factsOf(invocation, ending),
      span(momentOf(invocation, options), 'dim'),
      scopeSpan(scopeOf(invocation.source)),
    ]
    return `${parted}${header(invocation, ending, facts, options, palette, glyphs)}\n${lines || note('it wrote no lines')}${
      invocation.eventsDropped > 0 ? note(`${counted(invocation.eventsDropped, 'line')} from its middle not kept`) : ''
    }`
  }

  function note(text: string): string {
    return `${gap}${palette.tone('dim', text)}\n`
  }
}

/**
 * `✗ checkout-api:42  error  1.98 s  143/512 MB  14:02:10.040  req 1c9e7f3a-…  trace 1-68bd7c1a-…`, in rows where it does not
 * fit into one. Ids stay whole: they are what the next command is given.
 */
function header(
  invocation: Invocation,
  {sign, words, tone}: Ending,
  facts: readonly (Span | null)[],
  {terminal}: LogLineOptions,
  palette: Palette,
  glyphs: Glyphs,
): string {
  const {name, version} = nameOf(invocation)
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const label = terminal.isTTY ? shorten(name, room - width(`${sign} ${version}`), glyphs.ellipsis) : name
  const used = width(`${sign} ${label}${version}${gap}`)
  const line = joined([words === '' ? null : span(words, tone), ...facts, ...idsOf(invocation, room)], gap)
  // where not even its first word fits beside a long name, all of it stands below
  const isBelow = room - used < width(line[0]?.text ?? '')
  const rest = room - gap.length
  const box: Box = {first: isBelow ? rest : room - used, rest, hang: gap.length, separator: gap}
  const rows = joinRows(rowsIn(box, [line]), box.hang, row => paint(row, palette))
  return `${palette.tone(tone, sign)} ${palette.hue(name, label + version)}${isBelow ? '\n' : ''}${gap}${rows}`
}

/**
 * `req 1c9e7f3a-…  trace 1-68bd7c1a-…`, as far as they fit into a row whole: a block is a request's, so that the request's id may
 * stand without its label; a trace id may not.
 */
function idsOf({requestId, traceId}: Invocation, room: number): readonly (Span | null)[] {
  const rest = room - gap.length
  const request =
    requestId === null ? null : [`req ${requestId}`, requestId].find((id, i) => i === 1 || width(id) <= rest)
  const trace = traceId === null || width(`trace ${traceId}`) > rest ? null : `trace ${traceId}`
  return [request, trace].map(id => (id == null ? null : span(id, 'dim')))
}

function factsOf({report, start, end}: Invocation, ending: Ending): readonly (Span | null)[] {
  return report ? reportFacts(report, ending, 'plain') : [span(duration(Math.max(0, end - start)))]
}

function nameOf({function: owner, version, source}: Invocation): {readonly name: string; readonly version: string} {
  const name = span(owner?.name ?? source.logGroup).text
  return {name, version: version === null || version === '$LATEST' ? '' : span(`:${version}`).text}
}

function momentOf({start}: Invocation, {clock, dated}: LogLineOptions): string {
  return dated ? `${clock.date(start)} ${clock.time(start)}` : clock.time(start)
}

function scopeSpan(label: string): Span | null {
  return label.trim() === '' ? null : span(label.trim(), 'dim')
}

/** The lines of an event within a block: `  14:02:10.051 INFO  POST /orders`; the report is the block's header. */
export function eventRows(
  options: Pick<LogLineOptions, 'terminal' | 'clock' | 'reader' | 'highlights'>,
  palette: Palette,
  glyphs: Glyphs,
): (event: LogEvent) => string {
  const {terminal, clock, reader, highlights} = options
  const isNarrow = terminal.isTTY && terminal.columns < narrow
  const levelWidth = isNarrow ? 1 : 5
  const prefixWidth = gap.length + (isNarrow ? 8 : 12) + 1 + levelWidth + 1
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const hang = isNarrow ? 2 * gap.length : prefixWidth
  const box: Box = {first: room - prefixWidth, rest: room - hang, hang}

  return event => {
    const content = event.kind === 'report' && event.report ? null : eventContent(event, glyphs, reader, terminal)
    if (!content) return ''
    const time = palette.tone('dim', isNarrow ? clock.time(event.timestamp).slice(0, 8) : clock.time(event.timestamp))
    const level = (event.level ?? '').slice(0, levelWidth).padEnd(levelWidth)
    const painted = event.level === null ? level : palette.tone(levelTone[event.level], level)
    const text = joinRows(rowsIn(box, content.lines), hang, line => paint(line, palette, highlights))
    return `${`${gap}${time} ${painted} ${text}`.trimEnd()}\n`
  }
}
