import type {Scope} from '../services/aws/scope.ts'
import type {Gap, GapReason, Receipt} from '../services/receipt.ts'
import {fittingParts, paintedRows} from './layout.ts'
import {shellWord} from './next-command.ts'
import {bytes, count, counted, roughDuration, roughUSD} from './numbers.ts'
import {paletteFor} from './palette.ts'
import {windowAndRegions} from './reading-header.ts'
import {placeAmong} from './scope-label.ts'
import {dimmed, joined, type Line, paint, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type ReadingPlan = {
  /** the window in words: `last 5 min · 14:02:11–14:07:11 +02:00` */
  readonly window: string
  readonly scopes: readonly Scope[]
  readonly logGroups: number
  /** the most calls a second that the rate budget allows; null where nothing limits them */
  readonly callsPerSecond: number | null
  /** what it takes to hear from every group once: nothing is in order before */
  readonly firstEventsAfterMs: number
  /** what it is read with where that costs money, and what: null for FilterLogEvents */
  readonly paid: string | null
}

const worthSayingMs = 5_000

/** One line about what is going to be read; what does not fit into the terminal's width falls off at the right. */
export function readingHeader(plan: ReadingPlan, terminal: Terminal): string {
  const {dot} = glyphsFor(terminal)
  const {window, scopes, logGroups, callsPerSecond, firstEventsAfterMs, paid} = plan
  const accounts = [...new Set(scopes.map(({account, profile}) => profile ?? account))]
  const parts = [
    ...windowAndRegions(window, scopes, terminal).map(text => span(text)),
    accounts.length > 1 ? span(counted(accounts.length, 'account')) : null,
    span(counted(logGroups, 'log group')),
    paid === null ? null : span(paid),
    callsPerSecond === null ? null : span(`up to ${count(Math.round(callsPerSecond))} reads/s`),
    firstEventsAfterMs < worthSayingMs ? null : span(`first events in about ${roughDuration(firstEventsAfterMs)}`),
  ].filter(part => part !== null)
  return paintDim(fittingParts(parts, terminal, ` ${dot} `), terminal)
}

/** What a read covered, in one line; then a line for each gap with what to do about it, then the notes. */
export function receiptText(receipt: Receipt, scopes: readonly Scope[], terminal: Terminal): string {
  return summary(receipt, terminal) + gapsAndNotes(receipt, scopes, terminal)
}

/** A line for each gap with what to do about it, then the notes. */
export function gapsAndNotes(
  receipt: Pick<Receipt, 'gaps' | 'notes'>,
  scopes: readonly Scope[],
  terminal: Terminal,
  sources: 'log groups' | 'regions' = 'log groups',
): string {
  const {fail} = glyphsFor(terminal)
  const placeOf = placeAmong(scopes)
  const nameOf = (gap: Gap) => [placeOf(gap), gap.what].filter(Boolean).join(' ')
  const gaps = [...Map.groupBy(receipt.gaps, ({reason}) => reason)]
  const lines = [
    ...gaps.flatMap(([reason, alike]) => gapLines(reason, alike, nameOf, fail, sources)),
    ...receipt.notes.map(note => [span(note, 'look')]),
  ]
  return paintedRows(lines, terminal)
}

/** Gaps of one reason: a line each while they are few, then what to do. */
function gapLines(
  reason: GapReason,
  gaps: readonly Gap[],
  nameOf: (gap: Gap) => string,
  fail: string,
  sources: 'log groups' | 'regions',
): readonly Line[] {
  const shown = gaps
    .slice(0, mostGapsShown)
    .map(gap => [
      span(`${fail} `, 'bad'),
      span(nameOf(gap)),
      span(` ${words[reason]}`, 'bad'),
      ...(gap.detail === undefined ? [] : [span(`: ${gap.detail}`)]),
    ])
  const more = gaps.length - shown.length
  return [
    ...shown,
    ...(more > 0 ? [[span(`  and ${count(more)} more ${words[reason]}; --json names them all`)]] : []),
    [span(`  ${remedyOf(reason, gaps, sources)}`, 'dim')],
  ]
}

function summary(receipt: Receipt, terminal: Terminal): string {
  const {sources, events, shown, pages, emptyPages, throttles, lateEvents, durationMs, complete, live, insights} =
    receipt
  const {dot} = glyphsFor(terminal)
  const groups =
    sources.complete === sources.total
      ? `${counted(sources.total, 'group')} complete`
      : complete
        ? `${counted(sources.total, 'group')}, stopped before the end`
        : `${count(sources.complete)} of ${counted(sources.total, 'group')} complete`
  const empty = sources.empty > 0 ? `, ${count(sources.empty)} empty` : ''
  const parts: Span[] = [
    span(groups + empty, complete ? 'dim' : 'look'),
    span(shown === events ? counted(events, 'event') : `${count(shown)} shown of ${counted(events, 'event')}`, 'dim'),
    span(
      `${counted(pages, 'page')}${emptyPages > 0 ? ` (${count(emptyPages)} empty)` : ''}, ${count(throttles)} throttled`,
      'dim',
    ),
    ...(insights ? [span(scanText(insights), 'dim')] : []),
    ...(live ? [span(liveText(live), 'dim')] : []),
    ...(lateEvents > 0 ? [span(`${count(lateEvents)} late`, 'look')] : []),
    span(roughDuration(durationMs), 'dim'),
  ]
  const separator = ` ${dot} `
  return paintedRows([joined(parts, separator)], terminal, separator)
}

/** What Logs Insights did and what that costs: `3 queries, 45 MB scanned, $0.0002`. */
export function scanText({queries, bytesScanned, costUSD}: NonNullable<Receipt['insights']>): string {
  const scanned = bytesScanned === 0 ? 'nothing scanned' : `${bytes(bytesScanned)} scanned, ${roughUSD(costUSD)}`
  return `${counted(queries, 'query', 'queries')}, ${scanned}`
}

function liveText({sessions, reconnects, repairs}: NonNullable<Receipt['live']>): string {
  return [
    counted(sessions, 'Live Tail session'),
    reconnects > 0 ? counted(reconnects, 'reconnect') : '',
    repairs > 0 ? `${counted(repairs, 'hole')} read again` : '',
  ]
    .filter(Boolean)
    .join(', ')
}

const mostGapsShown = 5

const words: Readonly<Record<GapReason, string>> = {
  denied: 'denied',
  missing: 'missing',
  throttled: 'throttled',
  'unsupported-class': 'not read',
  hidden: 'hidden',
  sampled: 'sampled',
  interrupted: 'interrupted',
  failed: 'failed',
}

const remedies: Readonly<Record<GapReason, string>> = {
  denied: 'ask for the permission on these log groups, or try another --profile',
  missing: 'it may have been deleted, or be in another account or region',
  throttled: 'others use the same quota: try again, with fewer log groups or a smaller window',
  'unsupported-class': "leave it out with '!name', or move the function to a Standard log group",
  hidden: 'set its SystemLogLevel to INFO to see it',
  sampled: 'more events came than AWS passes on: name fewer log groups, or use --engine filter',
  interrupted: 'run it again for the rest of the window',
  failed: 'run it again; --debug shows more of what AWS answered',
}

const ofRegions: Partial<Readonly<Record<GapReason, string>>> = {
  denied: 'ask for the permission named, sign in again, or try another --profile',
  missing: 'the answer is without it',
  throttled: 'others use the same quota: try again, with a smaller window',
}

function remedyOf(reason: GapReason, [first, ...others]: readonly Gap[], sources: 'log groups' | 'regions'): string {
  const words = (sources === 'regions' ? ofRegions[reason] : undefined) ?? remedies[reason]
  if (reason !== 'hidden' || first?.function === undefined) return words
  const name = shellWord(first.function)
  const which = others.length > 0 ? ', for one' : ''
  return `${words}${which}: aws lambda update-function-configuration --function-name ${name} --region ${shellWord(first.region)} --logging-config LogFormat=JSON,SystemLogLevel=INFO`
}

function paintDim(line: Line, terminal: Terminal): string {
  return `${paint(dimmed(line), paletteFor(terminal))}\n`
}
