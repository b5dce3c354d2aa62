import {orNull} from '../known.ts'
import type {CostReport} from '../services/fleet/cost/cost-report.ts'
import {nextCost} from './cost-next.ts'
import {costTable} from './cost-table.ts'
import {
  cents,
  changeText,
  componentLabels,
  growth,
  isAsBefore,
  largestParts,
  monthUSD,
  partLabels,
  pricesText,
  totalText,
} from './cost-words.ts'
import {knownFunctions} from './fleet-receipt.ts'
import {paintedRows} from './layout.ts'
import {nextLine} from './next-command.ts'
import {roughDuration} from './numbers.ts'
import {joined, type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type CostTextOptions = {
  readonly terminal: Terminal
  /** rows that are shown */
  readonly limit: number
  /** as they were typed */
  readonly targets: readonly string[]
}

/** A row for each function or group, what most first; then the total, what it is made of, why it changed, and what it does not hold. */
export function costText(report: CostReport, {terminal, limit, targets}: CostTextOptions): string {
  const {coverage, items, known} = report
  const separator = ` ${glyphsFor(terminal).dot} `
  const {start, end} = coverage.window
  if (items.length === 0) return paintedRows([[span('no functions', 'strong')]], terminal)
  const heading = roughDuration((end ?? start) - start)
  const lines: readonly (Line | null)[] = [
    totalLine(report, separator),
    componentsLine(report, separator),
    priceLine(report, separator),
    known.known < known.functions ? [span(knownFunctions(known), 'look')] : null,
    [span(`left out: ${report.excluded.join(', ')}`, 'dim')],
  ]
  return (
    costTable(report, heading, limit, terminal) +
    paintedRows(
      lines.filter(line => line !== null).filter(line => line.length > 0),
      terminal,
      separator,
    ) +
    nextLine(nextCost(report, targets), terminal)
  )
}

function totalLine(report: CostReport, separator: string): Line {
  const {costUSD, change} = report
  const total = span(`total ${totalText(report)}`, 'strong')
  if (isAsBefore(report)) return joined([total, span('as before', 'dim')], separator)
  if (change === null || changeText(change) === '') return [total]
  const beforeUSD = costUSD - change.totalUSD
  const grown = beforeUSD >= 0.01 ? ` (${growth(beforeUSD, costUSD)})` : ''
  return joined(
    [
      total,
      span(`${changeText(change)}${grown}`, change.totalUSD > 0 ? 'look' : 'good'),
      ...largestParts(change).map(({part, usd}) => span(`${partLabels[part]} ${changeText({totalUSD: usd})}`)),
    ],
    separator,
  )
}

function componentsLine({components, items}: CostReport, separator: string): Line {
  const assumedUSD = items
    .filter(({provisioned}) => provisioned?.from === 'configured')
    .reduce((sum, {priced}) => sum + (orNull(priced.components.provisioned) ?? 0), 0)
  const assumed = assumedUSD < 0.005 ? '' : `, ${cents(assumedUSD)} of it as configured now`
  const named = Object.entries(components)
    .map(([name, usd]) => ({
      label: componentLabels[name as keyof typeof componentLabels],
      usd,
      assumed: name === 'provisioned' ? assumed : '',
    }))
    .filter(({usd}) => usd > 0)
    .sort((a, b) => b.usd - a.usd)
  return joined(
    named.map(({label, usd, assumed}) => span(`${label} ${cents(usd)}${assumed}`)),
    separator,
  )
}

function priceLine(report: CostReport, separator: string): Line {
  const {logStorageUSD} = report
  const month = monthUSD(report)
  const prices = pricesText(report)
  return joined(
    [
      month === null ? null : span(`at this rate ${cents(month)} in 30 days`),
      logStorageUSD !== null && logStorageUSD > 0 ? span(`stored logs at most ${cents(logStorageUSD)} more`) : null,
      prices === '' ? null : span(prices, 'dim'),
    ],
    separator,
  )
}
