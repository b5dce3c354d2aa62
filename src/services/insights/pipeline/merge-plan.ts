import quotas from '../../../data/quotas.json' with {type: 'json'}
import {type Combined, combining, NotMergeable} from './aggregates.ts'
import {compareValues} from './natural-order.ts'
import {parsedNames, placeNames, regionField} from './places.ts'
import {applied, type Operation, type Row, type SortKey} from './row-operations.ts'
import {columnName, indexOfWord, itemsOf, type Stage, stagesOf} from './stages.ts'
import type {Token} from './tokens.ts'

/** How a query is run as several, and how their rows become those of one. */
export type MergePlan = {
  /** what a row of each query is: an event, or what is known of a group */
  readonly of: 'events' | 'groups'
  /** what each of the queries is */
  readonly queryString: string
  merge(rows: readonly Row[]): readonly Row[]
  /** Leaves out rows that no others can bring back, where there are many. */
  compact(rows: readonly Row[]): readonly Row[]
}

/** rows that are no part of the answer */
const prefix = 'slsops_'
/** which of the queries gave a row, by number: rows that nothing else tells apart keep that order, whichever answers first */
export const partField = `${prefix}part`
/** of an event, as many as it has fields; they need no other event */
const perEvent = new Set(['fields', 'filter', 'parse', 'display', 'unnest', 'filterindex', 'unmask', 'source'])
const ofAllEvents = new Set(['pattern', 'diff', 'anomaly', 'join', 'lookup'])
const operations = new Set(['sort', 'limit', 'dedup'])
const {queryResultRows} = quotas.logs

/** what AWS answers at most where a query does not say */
export const rowsByDefault = 10_000

/**
 * How a query is to be run as several.
 * @param mostRows of the answer, where the query has no limit itself
 * @param tellsRegion rows have their region: it tells apart what is of the same name in several
 * @throws NotMergeable, with why
 */
export function planMerge(query: string, mostRows: number, tellsRegion = false): MergePlan {
  const stages = stagesOf(query)
  const unknown = stages.find(({name}) => !perEvent.has(name) && !operations.has(name) && name !== 'stats')
  if (unknown)
    throw new NotMergeable(
      `${unknown.name}: ${ofAllEvents.has(unknown.name) ? 'it looks at all events together' : 'slsops does not know this command'}`,
    )
  const stats = stages.findIndex(({name}) => name === 'stats')
  return stats >= 0
    ? statsPlan(query, stages, {at: stats, mostRows, tellsRegion})
    : rowsPlan(query, stages, {mostRows, tellsRegion})
}

type Wanted = {readonly mostRows: number; readonly tellsRegion: boolean}

/** Events: each query sorts and cuts its own; what they were sorted by is asked for too, and it is all done once more. */
function rowsPlan(query: string, stages: readonly Stage[], {mostRows, tellsRegion}: Wanted): MergePlan {
  const first = stages.findIndex(({name}) => operations.has(name))
  const firstLimit = stages.findIndex(({name}) => name === 'limit')
  const cut = stages.findIndex(({name}) => name === 'limit' || name === 'dedup')
  const late = cut < 0 ? undefined : stages.slice(cut).find(({name}) => perEvent.has(name) && !isShowing(name))
  if (late) throw new NotMergeable(`${late.name} after ${stages[cut]?.name}: it would see other rows`)

  const asked = new Map<string, string>()
  const ask = (expression: string): string => {
    const known = asked.get(expression) ?? `${prefix}${asked.size}`
    asked.set(expression, known)
    return known
  }
  const newest = {column: ask('@timestamp'), descending: true}
  const inOrder = [...(tellsRegion ? [regionField] : []), partField].map(column => ({column, descending: false}))
  const again: Operation[] = [{kind: 'sort', keys: [newest, ...inOrder]}]
  const ofPlaces = tellsRegion ? placeNames(query, stages) : null
  for (const stage of stages) {
    if (stage.name === 'sort') again.push({kind: 'sort', keys: sortKeys(query, stage, ask)})
    if (stage.name === 'dedup') {
      const names = itemsOf(query, stage.tokens).map(({text}) => text)
      again.push({kind: 'dedup', columns: withRegion(names, ofPlaces, ask)})
    }
    if (stage.name === 'limit') again.push({kind: 'limit', rows: limitOf(stage)})
  }
  if (firstLimit < 0) again.push({kind: 'limit', rows: mostRows})

  const keys = `fields ${[...asked].map(([expression, name]) => `${expression} as ${name}`).join(', ')}`
  const shown = stages.some(({name}) => isShowing(name)) ? [] : [`fields ${defaultFields(stages).join(', ')}`]
  const own = stages
    .filter(({name}, i) => !(operations.has(name) && firstLimit >= 0 && i > firstLimit))
    .map(({name, text}) => (name === 'display' ? `${text}, ${[...asked.values()].join(', ')}` : text))
  const at = firstShownOrOperation(stages, first)
  const body = [...own.slice(0, at), ...shown, keys, ...own.slice(at)]
  return {
    of: 'events',
    queryString: [...body, ...(firstLimit < 0 ? [`limit ${mostRows}`] : [])].join(' | '),
    merge: rows => applied(rows, again).map(withoutOurs),
    compact: rows => applied(rows, again),
  }
}

/** The columns that tell rows apart: those of a place say it only together with its region. */
const withRegion = (
  names: readonly string[],
  ofPlaces: ReadonlySet<string> | null,
  columnOf: (name: string) => string = name => name,
): readonly string[] => [...(names.some(name => ofPlaces?.has(name)) ? [regionField] : []), ...names.map(columnOf)]

const isShowing = (name: string): boolean => name === 'fields' || name === 'display'

/** What the keys are made of must be there by then, and `display` must still be able to show them. */
function firstShownOrOperation(stages: readonly Stage[], firstOperation: number): number {
  const display = stages.findIndex(({name}) => name === 'display')
  const ends = [firstOperation, display].filter(at => at >= 0)
  return ends.length === 0 ? stages.length : Math.min(...ends)
}

/** What AWS shows where a query does not say. */
function defaultFields(stages: readonly Stage[]): readonly string[] {
  const parsed = stages.filter(({name}) => name === 'parse').flatMap(({tokens}) => parsedNames(tokens))
  return ['@timestamp', '@message', ...parsed]
}

/** Numbers: each query says what the value of its part is made of. */
function statsPlan(
  query: string,
  stages: readonly Stage[],
  {at, mostRows, tellsRegion}: Wanted & {readonly at: number},
): MergePlan {
  const before = stages.slice(0, at)
  const cutting = before.find(({name}) => name === 'limit' || name === 'dedup')
  if (cutting) throw new NotMergeable(`stats after ${cutting.name}: it would count other events`)
  const {tokens} = stages[at] as Stage
  const by = indexOfWord(tokens, /^by$/i)
  const items = itemsOf(query, by < 0 ? tokens : tokens.slice(0, by))
  const keys = by < 0 ? [] : itemsOf(query, tokens.slice(by + 1))

  const asked = new Map<string, string>()
  const ask = (expression: string): string => {
    const known = asked.get(expression) ?? `${prefix}${asked.size}`
    asked.set(expression, known)
    return known
  }
  const values = items.map(item => ({
    column: item.alias ?? columnName(item.text),
    value: combining(query, item, ask),
  }))
  const partial = [...asked].map(([expression, name]) => `${expression} as ${name}`).join(', ')
  const grouped =
    keys.length === 0 ? '' : ` by ${keys.map(({text, alias}) => (alias ? `${text} as ${alias}` : text)).join(', ')}`
  const ofPlaces = new Set(placeNames(query, before))
  for (const {text, alias} of keys) if (alias !== null && ofPlaces.has(text)) ofPlaces.add(alias)
  const after = stages.slice(at + 1).map(stage => afterStats(query, stage, tellsRegion ? ofPlaces : null))
  const isLimited = stages.some(({name}) => name === 'limit')
  return {
    of: 'groups',
    queryString: [
      ...before.filter(({name}) => name !== 'sort').map(({text}) => text),
      `stats ${partial}${grouped}`,
      ...(keys.length === 0 ? [] : [`limit ${queryResultRows}`]),
    ].join(' | '),
    compact: rows => rows,
    merge: rows =>
      applied(merged(rows, values, keys.length > 0), [
        ...after,
        ...(isLimited ? [] : [{kind: 'limit', rows: mostRows} as const]),
      ]),
  }
}

/** One row a group, in order of the groups' keys. */
function merged(
  rows: readonly Row[],
  values: readonly {readonly column: string; readonly value: Combined}[],
  isGrouped: boolean,
): readonly Row[] {
  const groups = Map.groupBy(rows, row => JSON.stringify([...withoutOurs(row)].sort(([a], [b]) => (a < b ? -1 : 1))))
  const made = [...groups.values()].map(parts => {
    const row = new Map(withoutOurs(parts[0] ?? new Map()))
    const computed = new Map<string, number>()
    for (const {column, value} of values) {
      const told = value(parts, computed)
      if (told === undefined) continue
      row.set(column, asAnswered(told))
      computed.set(column, Number(told))
    }
    return row
  })
  if (!isGrouped) return made
  const keys = [...new Set(made.flatMap(row => [...row.keys()]))].filter(
    key => !values.some(({column}) => column === key),
  )
  return made.sort((a, b) => keys.reduce((order, key) => order || compareValues(a.get(key), b.get(key)), 0))
}

/** AWS answers fractions to four decimals. */
const asAnswered = (value: string): string =>
  /^-?\d+\.\d{5,}$|e-/.test(value) && !Number.isNaN(Number(value)) ? String(Number(Number(value).toFixed(4))) : value

/** @param ofPlaces the columns that take a region to tell what they mean; null where rows have none */
function afterStats(query: string, stage: Stage, ofPlaces: ReadonlySet<string> | null): Operation {
  const columns = (): readonly string[] => itemsOf(query, stage.tokens).map(({text}) => columnName(text))
  switch (stage.name) {
    case 'sort':
      return {kind: 'sort', keys: sortKeys(query, stage, columnName)}
    case 'limit':
      return {kind: 'limit', rows: limitOf(stage)}
    case 'dedup':
      return {kind: 'dedup', columns: withRegion(columns(), ofPlaces)}
    case 'display':
      return {kind: 'pick', columns: ofPlaces ? [regionField, ...columns()] : columns()}
    case 'filter':
      return {kind: 'filter', test: comparisons(stage.tokens)}
    default:
      throw new NotMergeable(`${stage.name} after stats: slsops does not work it out itself`)
  }
}

/** `errors > 10 and name != "x"` */
function comparisons(tokens: readonly Token[]): (row: Row) => boolean {
  const tests: ((row: Row) => boolean)[] = []
  for (let at = 0; at < tokens.length; at += 4) {
    const [name, operator, operand, and] = tokens.slice(at, at + 4)
    const isOne =
      name?.kind === 'word' &&
      operator?.kind === 'symbol' &&
      /^(=|!=|<|<=|>|>=)$/.test(operator.text) &&
      operand !== undefined
    if (!isOne || (and && !/^and$/i.test(and.text)))
      throw new NotMergeable('filter after stats: only comparisons joined by and are worked out here')
    const value = operand.kind === 'quoted' ? operand.text.slice(1, -1) : operand.text
    if (operand.kind === 'word' && Number.isNaN(Number(value)))
      throw new NotMergeable('filter after stats: only comparisons with a number or text are worked out here')
    tests.push(row => holds(operator.text, row.get(name.text), value))
  }
  return row => tests.every(test => test(row))
}

function holds(operator: string, value: string | undefined, wanted: string): boolean {
  if (value === undefined) return operator === '!='
  const order = compareValues(value, wanted)
  if (operator === '=') return order === 0
  if (operator === '!=') return order !== 0
  if (operator.startsWith('<')) return order < 0 || (operator === '<=' && order === 0)
  return order > 0 || (operator === '>=' && order === 0)
}

function sortKeys(query: string, {tokens}: Stage, columnOf: (expression: string) => string): readonly SortKey[] {
  // `sort asc x` is not Logs Insights', `sort x, y desc` is
  return itemsOf(query, tokens).map(item => {
    const direction = /\s(asc|desc)$/i.exec(item.text)
    return {
      column: columnOf(direction ? item.text.slice(0, direction.index).trim() : item.text),
      descending: direction?.[1]?.toLowerCase() === 'desc',
    }
  })
}

function limitOf({tokens}: Stage): number {
  const rows = Number(tokens[0]?.text)
  if (!Number.isSafeInteger(rows) || rows < 0) throw new NotMergeable('limit: it is no number')
  return rows
}

function withoutOurs(row: Row): Row {
  return new Map([...row].filter(([field]) => !field.startsWith(prefix)))
}
