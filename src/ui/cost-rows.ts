import {orNull} from '../known.ts'
import type {CostGroup, CostItem, CostReport, SharedLogs} from '../services/fleet/cost/cost-report.ts'
import {
  billedText,
  cents,
  changeText,
  groupUSD,
  growth,
  isAtLeast,
  unknownOf,
  unknownText,
  unnamedGroup,
  whyText,
} from './cost-words.ts'
import {count, counted, roughCount} from './numbers.ts'
import type {Tone} from './palette.ts'
import {placeAmong} from './scope-label.ts'
import {type Glyphs, glyphsFor, type Terminal} from './terminal.ts'

export type Cell = {readonly text: string; readonly tone: Tone}

/** A function, a group of them, or a log group that several share. */
export type CostRow = {
  readonly name: string
  /** whether the name has its own hue */
  readonly isFunction: boolean
  readonly place: string
  readonly calls: Cell
  readonly duration: Cell
  readonly memory: Cell
  readonly cost: Cell
  readonly change: Cell
  readonly why: Cell
  readonly trend: readonly number[]
  /** null where nobody knows */
  readonly costUSD: number | null
}

/** All rows of a cost: functions and what they share, or groups. */
export function costRows(report: CostReport, terminal: Terminal): readonly CostRow[] {
  const {groups, items, shared, coverage, sort} = report
  if (groups) return groups.groups.map(group => groupRow(group, report))
  const placeOf = placeAmong(coverage.scopes)
  const glyphs = glyphsFor(terminal)
  const lost = items.filter(wasInterrupted)
  const told = lost.length > 1 ? items.filter(item => !wasInterrupted(item)) : items
  const rows = told.map(item => itemRow(item, placeOf(item.fn), glyphs))
  for (const one of shared) {
    const row = sharedRow(one, placeOf(one))
    // where functions stand by something else than their cost, it comes last
    const at = sort === 'cost' ? rows.findIndex(({costUSD}) => (costUSD ?? -1) < (row.costUSD ?? -1)) : -1
    rows.splice(at < 0 ? rows.length : at, 0, row)
  }
  return lost.length > 1 ? [...rows, interruptedRow(lost.length)] : rows
}

const wasInterrupted = (item: CostItem): boolean => unknownOf(item.priced.costUSD)?.unknown === 'interrupted'

/** Of what Ctrl-C kept from being read there is nothing to tell one by one. */
const interruptedRow = (functions: number): CostRow => ({
  name: counted(functions, 'function'),
  isFunction: false,
  place: '',
  calls: plain(''),
  duration: plain(''),
  memory: plain(''),
  cost: {text: 'unknown', tone: 'look'},
  change: plain(''),
  why: {text: 'interrupted', tone: 'look'},
  trend: [],
  costUSD: null,
})

const plain = (text: string): Cell => ({text, tone: 'plain'})
const dim = (text: string): Cell => ({text, tone: 'dim'})

function itemRow(item: CostItem, place: string, {arrow, atLeast}: Glyphs): CostRow {
  const {fn, calls, billedMsPerCall, memorySizeMB, before, trend} = item
  const cost = item.priced.costUSD
  const unknown = unknownOf(cost)
  const called = orNull(calls)
  const costUSD = orNull(cost)
  return {
    name: fn.name,
    isFunction: true,
    place,
    calls: called === null ? {text: '?', tone: 'look'} : plain(roughCount(called)),
    duration: dim(billedText(billedMsPerCall)),
    memory: dim(`${count(Math.round(memorySizeMB))} MB`),
    cost:
      costUSD === null
        ? {text: 'unknown', tone: 'look'}
        : {text: isAtLeast(item) ? leastText(costUSD, atLeast) : cents(costUSD), tone: 'strong'},
    change: changeCell(before?.change ?? null, costUSD),
    why: unknown === null ? plain(whyText(item, arrow)) : {text: unknownText(unknown), tone: 'look'},
    trend,
    costUSD,
  }
}

/** Of what is less than a cent, at least nothing would say less than is known. */
const leastText = (usd: number, atLeast: string): string =>
  cents(usd).startsWith('<') ? '> $0.00' : `${atLeast} ${cents(usd)}`

/** a rise by so much, of that which costs so much, asks to be looked at */
const lookFromShare = 0.25
const lookFromUSD = 1

function changeCell(change: CostGroup['change'], costUSD: number | null): Cell {
  const total = change?.totalUSD ?? 0
  const isLarge = total >= lookFromUSD && total >= lookFromShare * ((costUSD ?? 0) - total)
  return {text: changeText(change), tone: isLarge ? 'look' : 'plain'}
}

function groupRow(group: CostGroup, {groups}: CostReport): CostRow {
  const {name, isShared, functions, unknown, calls, costUSD, change, trend} = group
  const usd = groupUSD(group)
  const beforeUSD = costUSD - (change?.totalUSD ?? 0)
  const grown = change === null || changeText(change) === '' || beforeUSD < 0.01 ? '' : growth(beforeUSD, costUSD)
  const of =
    unknown > 0 ? `${count(unknown)} of ${counted(functions, 'function')} unknown` : counted(functions, 'function')
  return {
    name: name ?? unnamedGroup(groups?.by ?? null, isShared),
    isFunction: name !== null,
    place: '',
    calls: isShared || usd === null ? plain('') : plain(roughCount(calls)),
    duration: dim(''),
    memory: dim(''),
    cost: usd === null ? {text: 'unknown', tone: 'look'} : {text: cents(usd), tone: 'strong'},
    change: changeCell(change, costUSD),
    why: {text: [grown, isShared ? '' : of].filter(Boolean).join(', '), tone: unknown > 0 ? 'look' : 'dim'},
    trend,
    costUSD: usd,
  }
}

function sharedRow({logGroup, functions, costUSD, beforeUSD}: SharedLogs, place: string): CostRow {
  const usd = orNull(costUSD)
  const unknown = unknownOf(costUSD)
  const change = usd === null || beforeUSD === null ? '' : changeText({totalUSD: usd - beforeUSD})
  return {
    name: logGroup,
    isFunction: false,
    place,
    calls: plain(''),
    duration: plain(''),
    memory: plain(''),
    cost: usd === null ? {text: 'unknown', tone: 'look'} : {text: cents(usd), tone: 'strong'},
    change: plain(change),
    why:
      unknown === null
        ? dim(`logs of ${counted(functions.length, 'function')}`)
        : {text: unknownText(unknown), tone: 'look'},
    trend: [],
    costUSD: usd,
  }
}
