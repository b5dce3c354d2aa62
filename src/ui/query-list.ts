import type {namedQueries} from '../services/insights/saved-query.ts'
import {cutAtEnd, width} from './columns.ts'
import {paletteFor} from './palette.ts'
import {printableName} from './printable.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

type Named = ReturnType<typeof namedQueries>

/** The names of queries with what they tell, for people: a line each. */
export function queryList(named: Named, terminal: Terminal): string {
  const palette = paletteFor(terminal)
  const {ellipsis} = glyphsFor(terminal)
  const widest = Math.max(...[...named.keys()].map(width))
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  return [...named]
    .map(([name, {query, description, isBuiltIn}]) => {
      const text = printableName(description ?? query.replace(/\s+/g, ' '))
      const mark = isBuiltIn ? '' : ' (yours)'
      const fitting = Number.isFinite(room)
        ? cutAtEnd(text, Math.max(12, room - widest - 2 - mark.length), ellipsis)
        : text
      return `${palette.tone('strong', name.padEnd(widest))}  ${fitting}${palette.tone('dim', mark)}\n`
    })
    .join('')
}

/** The same as one document. */
export function queryListJson(named: Named): string {
  const queries = [...named].map(([name, {query, description, targets, since, isBuiltIn}]) => ({
    name,
    description,
    query,
    targets,
    since,
    builtIn: isBuiltIn,
  }))
  return `${JSON.stringify({schema: 'slsops/queries@1', queries}, null, 2)}\n`
}
