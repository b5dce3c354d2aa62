import type {LogEvent} from '../services/logs/log-event.ts'
import type {LogSource} from '../services/logs/source.ts'
import {shorten, width} from './columns.ts'
import type {Palette} from './palette.ts'
import {printableName} from './printable.ts'
import type {Glyphs, Terminal} from './terminal.ts'

const widestName = 40
// room for a version behind the longest name
const versionRoom = 3

export type NameColumn = {
  /** columns every cell has by now; a name nobody knew beforehand may widen it */
  width(): number
  cell(event: LogEvent, withVersion: boolean): string
}

/** The column of function names (log groups where there is no function), as wide as the names ask and the terminal allows. */
export function nameColumn(
  sources: readonly LogSource[],
  terminal: Terminal,
  palette: Palette,
  glyphs: Glyphs,
): NameColumn {
  const widest = terminal.isTTY ? Math.max(12, Math.min(widestName, Math.floor(terminal.columns / 4))) : widestName
  const known = sources.flatMap(namesIn)
  let columns = Math.min(
    widest,
    known.reduce((most, name) => Math.max(most, width(printableName(name))), 5) + versionRoom,
  )
  const cells = new Map<string, string>()

  return {
    width: () => columns,
    cell(event: LogEvent, withVersion: boolean): string {
      const name = event.function?.name ?? event.source.logGroup
      const version = withVersion && event.version !== null && event.version !== '$LATEST' ? `:${event.version}` : ''
      const label = name + version
      const cached = cells.get(label)
      if (cached !== undefined) return cached
      const shown = printableName(name)
      const suffix = printableName(version)
      if (width(shown + suffix) > columns && columns < widest) {
        columns = Math.min(widest, width(shown + suffix))
        cells.clear()
      }
      const fitting = terminal.isTTY ? shorten(shown, columns - width(suffix), glyphs.ellipsis) : shown
      const cell = palette.hue(name, fitting + suffix) + ' '.repeat(Math.max(0, columns - width(fitting + suffix)))
      cells.set(label, cell)
      return cell
    },
  }
}

function namesIn({logGroup, functions, only}: LogSource): readonly string[] {
  if (functions.length === 0) return [logGroup]
  return only ? only.map(wanted => wanted.function) : functions.map(({name}) => name)
}
