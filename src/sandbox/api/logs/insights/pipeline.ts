import quotas from '../../../../data/quotas.json' with {type: 'json'}
import {compile} from './evaluate.ts'
import {collectDistinct, collectFirst, newestFirst, type Ordering} from './order.ts'
import type {Row} from './rows.ts'
import {type Collector, collectStats} from './stats.ts'
import type {Command, Query} from './syntax-tree.ts'
import {isTrue, textOf, type Value} from './values.ts'

export type Pipeline = {
  add(row: Row): void
  /** what the rows so far come to; more may be added afterwards */
  rows(): readonly Row[]
  /** how many rows passed every filter before the first command that needs them all */
  matched(): number
}

const defaultRows = 10_000
const {queryResultRows: maxRows} = quotas.logs

/**
 * The commands of a query as something events go into and rows come out of.
 * @param limit the request's own: it counts as one more `limit` at the end
 * @throws QuerySyntaxError for expressions without sense
 */
export function createPipeline({commands}: Query, limit: number | undefined): Pipeline {
  const hasLimit = commands.some(command => command.kind === 'limit')
  const count = limit ?? (hasLimit ? maxRows : defaultRows)
  const all: readonly Command[] = [...commands, {kind: 'limit', count}]
  // What follows the first collecting command is made anew for each look at the results: it is tried out here once.
  const pipeline = partOf(all, newestFirst)
  pipeline.rows()
  return pipeline
}

type Step = (row: Row) => Row | undefined

function partOf(commands: readonly Command[], arrival: Ordering): Pipeline {
  const end = commands.findIndex(isCollecting)
  const steps = commands.slice(0, end).map(stepOf)
  const {collector, used} = collectorOf(commands.slice(end), arrival)
  const rest = commands.slice(end + used)
  let matched = 0
  return {
    add: row => {
      let current: Row | undefined = row
      for (const step of steps) {
        current = step(current)
        if (!current) return
      }
      matched++
      collector.add(current)
    },
    rows: () => {
      const rows = collector.rows()
      if (rest.length === 0) return rows
      const further = partOf(rest, 'as they come')
      for (const row of rows) further.add(row)
      return further.rows()
    },
    matched: () => matched,
  }
}

const isCollecting = ({kind}: Command) => kind === 'stats' || kind === 'sort' || kind === 'limit' || kind === 'dedup'

/** The collector of the first of these commands, and how many of them it stands for. */
function collectorOf(
  commands: readonly Command[],
  arrival: Ordering,
): {readonly collector: Collector; readonly used: number} {
  const [command, next] = commands
  switch (command?.kind) {
    case 'stats':
      return {collector: collectStats(command.columns, command.by), used: 1}
    case 'dedup':
      return {collector: collectDistinct(command.names, arrival), used: 1}
    case 'limit':
      return {collector: collectFirst(command.count, arrival), used: 1}
    case 'sort':
      if (next?.kind === 'dedup') return {collector: collectDistinct(next.names, command.keys), used: 2}
      return {collector: collectFirst(rowsNeeded(commands.slice(1)), command.keys), used: 1}
    default:
      throw new Error('a pipeline ends with a limit')
  }
}

/** How many sorted rows the commands behind a `sort` can make use of. */
function rowsNeeded(commands: readonly Command[]): number {
  const first = commands.find(({kind}) => kind !== 'fields' && kind !== 'display' && kind !== 'parse')
  return first?.kind === 'limit' ? first.count : maxRows
}

function stepOf(command: Command): Step {
  switch (command.kind) {
    case 'filter': {
      const condition = compile(command.condition)
      return row => (isTrue(condition(row)) ? row : undefined)
    }
    case 'fields':
    case 'display': {
      // A plain field needs no place of its own.
      const made = command.columns
        .filter(({name, value}) => value.kind !== 'field' || value.name !== name)
        .map(({name, value}) => ({name, value: compile(value)}))
      if (made.length === 0) return row => row
      return row =>
        withValues(
          row,
          made.map(({name, value}) => [name, value(row)]),
        )
    }
    case 'parse': {
      const from = compile(command.from)
      const {pattern, names} = command
      return row => {
        const value = from(row)
        const found = value === undefined ? null : pattern.exec(textOf(value))
        return found
          ? withValues(
              row,
              names.map((name, index) => [name, found.groups?.[name] ?? found[index + 1]]),
            )
          : row
      }
    }
    default:
      return row => row
  }
}

const withValues = ({source, values}: Row, added: readonly (readonly [string, Value])[]): Row => ({
  source,
  values: new Map([...values, ...added]),
})
