import type {ResultField} from '@aws-sdk/client-cloudwatch-logs'
import {fieldOf, type Row} from './rows.ts'
import type {Column, Query} from './syntax-tree.ts'
import {textOf} from './values.ts'

/**
 * The fields a query shows, in order: the last `display`; or what the last `stats` made, what `fields` name and what
 * `parse` finds; the time and the message where nothing is said. Rows that stand for one event show `@ptr` last.
 */
export function shownFields({commands}: Query): readonly string[] {
  const lastStats = commands.findLastIndex(({kind}) => kind === 'stats')
  const stats = commands[lastStats]
  const after = commands.slice(lastStats + 1)
  const display = after.findLast(({kind}) => kind === 'display')
  const made = stats?.kind === 'stats' ? namesOf([...stats.by, ...stats.columns]) : []
  const named = [...made, ...after.flatMap(command => (command.kind === 'fields' ? namesOf(command.columns) : []))]
  const parsed = after.flatMap(command => (command.kind === 'parse' ? command.names : []))
  const shown =
    display?.kind === 'display'
      ? namesOf(display.columns)
      : [...(named.length > 0 ? named : ['@timestamp', '@message']), ...parsed]
  return [...new Set(stats ? shown : [...shown.filter(name => name !== '@ptr'), '@ptr'])]
}

const namesOf = (columns: readonly Column[]) => columns.map(({name}) => name)

/** A row as GetQueryResults answers it: strings, without the fields it lacks. */
export function resultRow(row: Row, shown: readonly string[]): ResultField[] {
  return shown.flatMap(field => {
    const value = fieldOf(row, field)
    return value === undefined ? [] : [{field, value: textOf(value)}]
  })
}
