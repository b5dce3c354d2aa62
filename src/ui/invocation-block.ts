import type {Invocation} from '../services/logs/invocations.ts'
import type {LogEvent} from '../services/logs/log-event.ts'
import {shorten, width} from './columns.ts'
import {eventContent} from './event-content.ts'
import {type Box, joinRows, rowsIn} from './layout.ts'
import {type LogLineOptions, levelTone} from './log-line.ts'
import {counted, duration} from './numbers.ts'
import {coldStart, memory} from './outcome.ts'
import {type Palette, paletteFor, type Tone} from './palette.ts'
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
    const facts = [
      ...factsOf(invocation),
      span(momentOf(invocation, options), 'dim'),
      scopeSpan(scopeOf(invocation.source)),
    ]
    return `${parted}${header(invocation, facts, options, palette, glyphs)}\n${lines || note('it wrote no lines')}${
      invocation.eventsDropped > 0 ? note(`${counted(invocation.eventsDropped, 'line')} from its middle not kept`) : ''
    }`
  }

  function note(text: string): string {
    return `${gap}${palette.tone('dim', text)}\n`
  }
}

/**
 * `✗ checkout-api:42  error  1.98 s  143/512 MB  14:02:10.040  req 1c9e7f3a-…  1-68bd7c1a-…`, in rows where it does not
 * fit into one. Ids stay whole: they are what the next command is given.
 */
function header(
  invocation: Invocation,
  facts: readonly (Span | null)[],
  {terminal}: LogLineOptions,
  palette: Palette,
  glyphs: Glyphs,
): string {
  const {sign, tone, words} = endingOf(invocation, glyphs)
  const {name, version} = nameOf(invocation)
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const label = terminal.isTTY ? shorten(name, room - width(`${sign} ${version}`), glyphs.ellipsis) : name
  const used = width(`${sign} ${label}${version}${gap}`)
  const box: Box = {first: room - used, rest: room - gap.length, hang: gap.length, separator: gap}

  const line = joined([words === '' ? null : span(words, tone), ...facts, ...idsOf(invocation, room)], gap)
  const rows = joinRows(rowsIn(box, [line]), box.hang, row => paint(row, palette))
  return `${palette.tone(tone, sign)} ${palette.hue(name, label + version)}${gap}${rows}`
}

/** A trace id shows by itself what it is, `1-68bd7c1a-…`; a request id does where there is no room for more. */
function idsOf({requestId, traceId}: Invocation, room: number): readonly (Span | null)[] {
  const label = room < narrow ? '' : 'req '
  return [requestId === null ? null : span(label + requestId, 'dim'), traceId === null ? null : span(traceId, 'dim')]
}

type Ending = {readonly sign: string; readonly words: string; readonly tone: Tone}

function endingOf({outcome, report}: Invocation, {fail, ok}: Glyphs): Ending {
  const failed = (words: string): Ending => ({sign: fail, words, tone: 'bad'})
  switch (outcome) {
    case 'ok':
      return {sign: ok, words: '', tone: 'good'}
    case 'error':
      return failed(['error', report?.errorType].filter(Boolean).join(' '))
    case 'timeout':
      return failed('timed out')
    case 'oom':
      return failed('out of memory')
    case 'init-error':
      return failed('init failed')
    case 'unknown':
      return {sign: '?', words: 'no report', tone: 'look'}
  }
}

function factsOf(invocation: Invocation): readonly (Span | null)[] {
  const {report} = invocation
  if (!report) return [span(duration(Math.max(0, invocation.end - invocation.start)))]
  return [span(duration(report.durationMs)), memory(report, 'plain'), coldStart(report, 'plain')]
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
function eventRows(options: LogLineOptions, palette: Palette, glyphs: Glyphs): (event: LogEvent) => string {
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
