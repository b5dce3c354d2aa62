import type {AliasRelease, ReleasesReport} from '../services/traffic/releases/releases.ts'
import {aliasText} from './alias-words.ts'
import {paintedRows} from './layout.ts'
import {nextLine, placeFlags, shellWord} from './next-command.ts'
import {count, counted} from './numbers.ts'
import {type ReleasesTableOptions, releasesTable} from './releases-table.ts'
import {joined, span} from './spans.ts'
import {glyphsFor} from './terminal.ts'

export type ReleasesTextOptions = ReleasesTableOptions & {readonly limit: number}

/** The table, how many aliases there are, and what to do about the first that is in trouble. */
export function* releasesText(report: ReleasesReport, options: ReleasesTextOptions): Generator<string> {
  const {aliases, without, pricesAsOf} = report
  const {terminal, limit, scopes} = options
  yield* releasesTable(aliases.slice(0, limit), options)
  const {dot} = glyphsFor(terminal)
  const separator = ` ${dot} `
  const of = (standing: AliasRelease['standing']): number => aliases.filter(one => one.standing === standing).length
  const [moving, troubled] = [of('moving'), of('troubled')]
  const parts = [
    span(counted(aliases.length, 'alias', 'aliases')),
    ...(moving > 0 ? [span(`${count(moving)} in motion`, 'look')] : []),
    ...(troubled > 0 ? [span(`${count(troubled)} in trouble`, 'bad')] : []),
    ...(aliases.length > limit ? [span(`${count(limit)} shown (--limit)`)] : []),
    ...(without > 0 ? [span(`${counted(without, 'function')} without an alias`, 'dim')] : []),
    ...(aliases.some(({versions}) => versions.some(one => one.costUSD !== null))
      ? [span(`list prices of ${pricesAsOf}`, 'dim')]
      : []),
  ]
  yield paintedRows([joined(parts, separator)], terminal, separator)
  yield nextLine(nextCommand(aliases, scopes), terminal)
}

/** What one types about the first that is in trouble. */
function nextCommand(aliases: readonly AliasRelease[], scopes: ReleasesTextOptions['scopes']): string | null {
  const bad = aliases.find(({standing}) => standing === 'troubled')
  if (bad === undefined) return null
  return ['slsops rollback', shellWord(aliasText(bad)), ...placeFlags(bad, scopes)].join(' ')
}
