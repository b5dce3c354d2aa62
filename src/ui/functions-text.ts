import type {FieldName} from '../services/fleet/inventory/fields.ts'
import type {Finding} from '../services/fleet/inventory/findings.ts'
import type {FunctionsReport} from '../services/fleet/inventory/functions-report.ts'
import type {RegionConcurrency} from '../services/fleet/inventory/inventory.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {knownFunctions} from './fleet-receipt.ts'
import {findingCommand, findingText} from './functions-findings.ts'
import {functionGroupRows, totalText} from './functions-groups.ts'
import {functionTable} from './functions-table.ts'
import {paintedRows} from './layout.ts'
import {nextLine} from './next-command.ts'
import {bytes, count, counted, percent, roughCount} from './numbers.ts'
import {placeAmong} from './scope-label.ts'
import {joined, type Line, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {momentText} from './trace-words.ts'

export type FunctionsTextOptions = {
  readonly terminal: Terminal
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  /** whether days must be told apart */
  readonly dated: boolean
  /** null: as many as there is room for */
  readonly columns: readonly FieldName[] | null
}

/** The inventory as a table, or its groups; then sums, how near each region is to its limit, and what asks to be looked at: piece by piece. */
export function* functionsText(report: FunctionsReport, options: FunctionsTextOptions): Generator<string> {
  const {terminal, columns} = options
  const {functions, groups, totals, coverage, findings} = report
  const separator = ` ${glyphsFor(terminal).dot} `
  const place = placeAmong(coverage.scopes)
  const placeOf = ({fn}: (typeof functions)[number]): string => (columns?.includes('region') ? '' : place(fn))
  const table =
    groups === null
      ? functionTable(functions, {...options, placeOf})
      : {rows: [functionGroupRows(groups, totals, terminal)], leftOut: []}
  const lines: readonly Line[] = [
    summary(report, separator),
    ...(table.leftOut.length > 0 ? [[span(`no room for ${table.leftOut.join(', ')}`, 'look')]] : []),
    ...report.concurrency.map(region => concurrencyLine(region, options)).filter(line => line !== null),
  ]
  yield* table.rows
  yield paintedRows(lines, terminal, separator)
  yield paintedRows(
    findings.map(finding => findingLine(finding, report, terminal)),
    terminal,
  )
  // the others have theirs in --json and --out
  const [worst] = findings
  if (worst) yield nextLine(findingCommand(worst, report), terminal)
}

function summary({functions, known, totals, coverage}: FunctionsReport, separator: string): Line {
  const {invocations, errors, throttles, codeSizeBytes} = totals
  const rate = invocations.sum > 0 ? ` (${percent(errors.sum / invocations.sum)})` : ''
  const parts: Span[] = [
    span(
      functions.length === known.functions
        ? counted(functions.length, 'function')
        : `${count(functions.length)} of ${counted(known.functions, 'function')}`,
      'strong',
    ),
    span(`${totalText(invocations, totals.functions)} calls`, 'plain'),
    span(`${totalText(errors, totals.functions)} errors${rate}`, errors.sum > 0 ? 'look' : 'plain'),
    ...(throttles.sum > 0 ? [span(`${totalText(throttles, totals.functions)} throttled`, 'bad')] : []),
    span(`${bytes(codeSizeBytes)} of code`, 'plain'),
    ...(known.known < known.functions ? [span(knownFunctions(known), 'look')] : []),
  ]
  if (functions.length > 0) return joined(parts, separator)
  const isStopped = coverage.gaps.some(({reason}) => reason === 'interrupted') && known.functions === 0
  return [isStopped ? span('stopped before any function was listed', 'look') : span('no functions', 'dim')]
}

/** `concurrency in eu-west-1: 214 of 1,000 at 13:02 · one more burst of that size would leave 572`. */
function concurrencyLine(
  {region, peak, limit, unreservedLimit, nextBurst}: RegionConcurrency,
  {terminal, clock, dated}: FunctionsTextOptions,
): Line | null {
  const separator = ` ${glyphsFor(terminal).dot} `
  const of = `concurrency in ${region}`
  if ('unknown' in peak) return [span(`${of} is not known`, 'look')]
  if (peak.value === null) return null
  const {count: most, at} = peak.value
  const limits = 'value' in limit ? ` of ${count(limit.value)}` : ''
  const shared =
    'value' in unreservedLimit && 'value' in limit && unreservedLimit.value < limit.value
      ? [span(`${count(unreservedLimit.value)} unreserved`, 'dim')]
      : []
  return joined(
    [
      span(`${of}: ${count(most)}${limits} at most, at ${momentText(at, clock, dated)}`),
      ...shared,
      ...burstSpans(nextBurst),
    ],
    separator,
  )
}

function burstSpans(burst: RegionConcurrency['nextBurst']): readonly Span[] {
  if (burst === null) return [span('its limit is not known', 'look')]
  const {left, limit} = burst
  const text = left >= 0 ? `would leave ${roughCount(left)}` : `would throttle ${roughCount(-left)}`
  return [span(`one more such burst ${text}`, left < 0 ? 'bad' : left < limit * 0.1 ? 'look' : 'good')]
}

/** One row, where one name fits in it. */
function findingLine(finding: Finding, report: FunctionsReport, terminal: Terminal): Line {
  const {fail, warn} = glyphsFor(terminal)
  const {severity} = finding
  const sign = severity === 'bad' ? fail : warn
  const room = terminal.isTTY ? terminal.columns - sign.length - 1 : Number.POSITIVE_INFINITY
  return [span(`${sign} `, severity), span(findingText(finding, report, room), severity)]
}
