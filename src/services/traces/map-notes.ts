import {fewNames, fewNamesAre} from '../few-names.ts'
import type {FoundFunction} from '../targets/find-functions.ts'
import {type IndexedPart, indexedShareText} from './indexed-part.ts'
import type {MapService} from './service-map.ts'
import {freshNotes, nothingTraced} from './trace-windows.ts'

type MapFindings = {
  readonly indexed: readonly IndexedPart[]
  /** edges to services that AWS did not name */
  readonly dangling: number
  /** part of the window is longer ago than X-Ray keeps traces */
  readonly isCut: boolean
  /** epoch ms */
  readonly end: number
  readonly now: number
  /** somebody stopped it */
  readonly isInterrupted: boolean
  /** services that fail by what is not on the map */
  readonly elsewhere: readonly MapService[]
  readonly services: {
    /** all that X-Ray has */
    readonly whole: readonly MapService[]
    readonly connected: number
    readonly shown: number
  }
  /** what was asked for; null: everything */
  readonly functions: readonly FoundFunction[] | null
}

/** What to know of a map, a sentence each: what its numbers are of, and why it may be less than was expected. */
export function mapNotes(found: MapFindings): readonly string[] {
  const {indexed, dangling, isCut, end, now, isInterrupted, elsewhere, services, functions} = found
  return [
    ...(isCut ? ['X-Ray keeps traces for 30 days: there is no map of what was before'] : []),
    ...indexed.map(
      part =>
        `Transaction Search is on in ${part.region}: the map only knows the spans that are indexed there, ${indexedShareText(part)}`,
    ),
    ...(dangling > 0
      ? [`${dangling} ${dangling === 1 ? 'edge leads' : 'edges lead'} to services that X-Ray did not name`]
      : []),
    ...elsewhereNotes(elsewhere),
    ...(isCut || isInterrupted ? [] : emptyNotes(services)),
    ...(services.whole.length > 0
      ? [
          ...(isInterrupted ? [] : untraced(services.whole, functions ?? [])),
          ...versions(services.whole, functions ?? []),
        ]
      : []),
    ...freshNotes(end, now),
  ]
}

function elsewhereNotes(elsewhere: readonly MapService[]): readonly string[] {
  const names = [...new Set(elsewhere.map(({shownName}) => shownName))]
  if (names.length === 0) return []
  return [
    `${fewNames(names)} ${names.length === 1 ? 'fails' : 'fail'} by what is not on this map: without targets it shows where that begins`,
  ]
}

function emptyNotes({whole, connected, shown}: MapFindings['services']): readonly string[] {
  if (shown > 0) return []
  if (whole.length === 0) return [nothingTraced(false)]
  return connected > 0 ? ['nothing fails or strains: without --errors the whole map is shown'] : []
}

/** Functions that were asked for and are not on the map, and why that may be. */
function untraced(services: readonly MapService[], functions: readonly FoundFunction[]): readonly string[] {
  const isKnown = isAmong(services)
  const missing = new Map(
    functions.filter(found => !isKnown(found)).map(({found}) => [found.name, found.configuration.TracingConfig?.Mode]),
  )
  if (missing.size === 0) return []
  const passive = [...missing].filter(([, mode]) => mode !== 'Active').map(([name]) => name)
  const active = [...missing].filter(([, mode]) => mode === 'Active').map(([name]) => name)
  return [
    ...(passive.length > 0
      ? [
          `${fewNamesAre(passive)} not on the map: active tracing is off, so only traced callers could make ${them(passive)} known`,
        ]
      : []),
    ...(active.length > 0 ? [`${fewNamesAre(active)} not on the map: no request of this window was traced`] : []),
  ]
}

/** A version or alias was asked for, and its function is on the map. */
function versions(services: readonly MapService[], functions: readonly FoundFunction[]): readonly string[] {
  const isKnown = isAmong(services)
  const asked = functions.filter(one => one.found.version !== null && isKnown(one)).map(({found}) => found.name)
  return asked.length > 0
    ? [`X-Ray does not tell versions apart: ${fewNamesAre([...new Set(asked)])} shown with all of them`]
    : []
}

function isAmong(services: readonly MapService[]): (one: FoundFunction) => boolean {
  const known = new Set(services.map(({region, functionName}) => JSON.stringify([region, functionName])))
  return ({aws, found}) => known.has(JSON.stringify([aws.scope.region, found.name]))
}

const them = (names: readonly string[]): string => (names.length === 1 ? 'it' : 'them')
