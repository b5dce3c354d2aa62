import {fewNamesAre} from '../few-names.ts'
import type {FoundFunction} from '../targets/find-functions.ts'
import {type IndexedPart, indexedShareText} from './indexed-part.ts'
import {freshNotes, nothingTraced} from './trace-windows.ts'

export type TracesFindings = {
  readonly shown: number
  readonly hasMore: boolean
  /** all of the windows were looked at, as far as they are wanted */
  readonly isComplete: boolean
  readonly scanned: number
  readonly isNarrowed: boolean
  /** part of the window is longer ago than X-Ray keeps traces */
  readonly isCut: boolean
  /** all of it is */
  readonly isGone: boolean
  /** epoch ms */
  readonly end: number
  readonly now: number
  /** X-Ray has no other spans of any region */
  readonly isIndexedOnly: boolean
  /** regions in which X-Ray only has the spans that are indexed, with their share where it is known */
  readonly indexedOnly: readonly IndexedPart[]
  /** what was asked for; null: everything */
  readonly functions: readonly FoundFunction[] | null
}

/** What to know of a list of traces, a sentence each: what is not in it, and what its numbers are of. */
export function tracesNotes(found: TracesFindings): readonly string[] {
  const {shown, hasMore, isCut, end, now, indexedOnly, functions} = found
  return [
    ...(hasMore ? [`${shown === 1 ? 'this is the newest' : `these are the newest ${shown}`}: --limit shows more`] : []),
    ...(isCut ? ['X-Ray keeps traces for 30 days: those of before are gone'] : []),
    ...indexedOnly.map(
      part =>
        `Transaction Search is on in ${part.region}: only traces of spans that are indexed are listed, ${indexedShareText(part)}; slsops trace finds the others by their id`,
    ),
    ...tracingNotes(functions ?? []),
    ...(shown === 0 ? emptyNotes(found) : sampledNotes(found)),
    ...freshNotes(end, now),
  ]
}

/** Of spans that are indexed the share is told; what Lambda samples by is another thing. */
const sampledNotes = ({isIndexedOnly}: TracesFindings): readonly string[] =>
  isIndexedOnly
    ? []
    : [
        'X-Ray has samples: Lambda records the first request of each second and 5 % of the others, so counts are not traffic',
      ]

function emptyNotes(found: TracesFindings): readonly string[] {
  const {isComplete, scanned, isNarrowed, isCut, isGone} = found
  if (!isComplete || isGone) return []
  if (scanned > 0 && isNarrowed)
    return ['there are traces in this window, and none of them matches', ...sampledNotes(found)]
  return [nothingTraced(isCut)]
}

function tracingNotes(functions: readonly FoundFunction[]): readonly string[] {
  const names = (isMeant: (found: FoundFunction) => boolean): readonly string[] => [
    ...new Set(functions.filter(isMeant).map(({found}) => found.name)),
  ]
  const passive = names(({found}) => found.configuration.TracingConfig?.Mode === 'PassThrough')
  const versions = names(({found}) => found.version !== null)
  return [
    ...(passive.length > 0
      ? [`${fewNamesAre(passive)} not traced actively: only requests of traced callers are recorded`]
      : []),
    ...(versions.length > 0
      ? [`traces do not tell versions apart: ${fewNamesAre(versions)} listed with all of them`]
      : []),
  ]
}
