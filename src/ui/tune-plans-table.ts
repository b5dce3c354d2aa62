import type {TunePlan} from '../services/tuning/tune-plan.ts'
import {padEnd, shorten, width} from './columns.ts'
import {fittingColumns} from './fitting-columns.ts'
import {count, roughDuration, usd} from './numbers.ts'
import {printableName} from './printable.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'
import {sizeText, targetText} from './tune-words.ts'

export const mostCalls = (plans: readonly TunePlan[]): number => plans.reduce((sum, plan) => sum + callsLeft(plan), 0)

export const worstUSD = (plans: readonly TunePlan[]): number => plans.reduce((sum, plan) => sum + usdLeft(plan), 0)

/** What is left of the limits to a run that goes on with another. */
const callsLeft = ({limits, resumed}: TunePlan): number => limits.maxInvocations - (resumed?.invocations ?? 0)
const usdLeft = ({limits, resumed}: TunePlan): number => limits.maxCostUSD - (resumed?.costUSD ?? 0)

/** `15 min, one at a time` */
export const limitsText = (maxTimeMs: number, concurrency: number): string =>
  `${roughDuration(maxTimeMs)}, ${concurrency === 1 ? 'one at a time' : `${count(concurrency)} at a time`}`

const mostName = 40
const leastName = 12
const gap = 2

/** A row for each function: what it has, what is measured of it, how often at most, and for how much at worst. */
export function plansTable(plans: readonly TunePlan[], terminal: Terminal): readonly Line[] {
  const {ellipsis, to} = glyphsFor(terminal)
  const isObserved = plans.every(({mode}) => mode === 'observe')
  const all = [
    {title: 'today', keep: 3, cells: plans.map(({source}) => sizeText(source.memorySizeMB))},
    ...(isObserved
      ? []
      : [
          {title: 'sizes', keep: 1, cells: plans.map(plan => rangeText(plan, to))},
          {title: 'calls', keep: 2, cells: plans.map(({limits}) => count(limits.maxInvocations))},
          {title: 'at worst', keep: 4, cells: plans.map(({limits}) => usd(limits.maxCostUSD))},
        ]),
  ].map(column => ({...column, columns: Math.max(...[column.title, ...column.cells].map(width))}))
  const columns = terminal.isTTY ? fittingColumns(all, terminal.columns - leastName - 2, gap) : all
  const taken = columns.reduce((sum, column) => sum + column.columns + gap, 2)
  const room = terminal.isTTY ? Math.max(leastName, terminal.columns - taken) : mostName
  const names = plans.map(plan => shorten(printableName(targetText(plan)), Math.min(mostName, room), ellipsis))
  const nameColumns = Math.max(width('function'), ...names.map(width))
  const rest = (cells: readonly string[]): string =>
    cells.map((cell, i) => ' '.repeat(gap + (columns[i]?.columns ?? 0) - width(cell)) + cell).join('')
  return [
    [],
    [span(`  ${padEnd('function', nameColumns)}${rest(columns.map(({title}) => title))}`, 'dim')],
    ...names.map(
      (name, i): Line => [
        span(`  ${padEnd(name, nameColumns)}`, 'strong'),
        span(rest(columns.map(({cells}) => cells[i] ?? ''))),
      ],
    ),
    [],
  ]
}

/** `8 of 128–3,008 MB` */
function rangeText({candidates}: TunePlan, to: string): string {
  const sizes = candidates.map(({memorySizeMB}) => memorySizeMB)
  return `${count(candidates.length)} of ${count(Math.min(...sizes))}${to}${sizeText(Math.max(...sizes))}`
}
