import type {FleetCoverage} from '../known.ts'
import type {Scope} from '../services/aws/scope.ts'
import type {Receipt} from '../services/receipt.ts'
import {receiptJson} from './json-lines.ts'
import {paintedRows} from './layout.ts'
import {count, counted, roughDuration, roughUSD} from './numbers.ts'
import {gapsAndNotes, scanText} from './receipt-text.ts'
import {joined, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/** `37 functions known`, `36 of 37 functions known`. */
export const knownFunctions = ({functions, known}: FleetCoverage): string =>
  known === functions
    ? `${counted(functions, 'function')} known`
    : `${count(known)} of ${counted(functions, 'function')} known`

export type FleetReceiptOptions = {
  readonly scopes: readonly Scope[]
  readonly json: boolean
  readonly terminal: Terminal
  /** what AWS charges for reading it; null where that is not of interest */
  readonly spentUSD?: number | null
}

/** What a scan of functions covered, in one line, then its gaps and notes; '' for no receipt. */
export function fleetReceiptText(receipt: Receipt | null, options: FleetReceiptOptions): string {
  const {scopes, json, terminal, spentUSD = null} = options
  if (receipt === null) return ''
  if (json) return receiptJson(receipt, scopes)
  const {sources, calls, throttles, durationMs, complete, insights} = receipt
  const parts: Span[] = [
    span(knownFunctions({functions: sources.total, known: sources.complete}), complete ? 'dim' : 'look'),
    span(counted(calls, 'call'), 'dim'),
    ...(insights ? [span(scanText(insights), 'dim')] : []),
    ...(spentUSD === null ? [] : [span(`${roughUSD(spentUSD)} for reading it`, 'dim')]),
    ...(throttles > 0 ? [span(`${count(throttles)} throttled`, 'look')] : []),
    span(roughDuration(durationMs), 'dim'),
  ]
  const separator = ` ${glyphsFor(terminal).dot} `
  return (
    paintedRows([joined(parts, separator)], terminal, separator) + gapsAndNotes(receipt, scopes, terminal, 'regions')
  )
}
