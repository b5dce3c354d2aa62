import type {ServedVersion} from '../evidence/served-versions.ts'
import {nothing, type Past} from './past.ts'

type Ran = {
  readonly version: string
  readonly calls: number
  /** epoch ms; null where it was before what was read */
  readonly first: number | null
  readonly last: number
}

/**
 * What metrics tell: the version that ran last of those that began before the one that serves now. One that began later was tried and
 * taken back, or is a release that somebody has gone back from; whether what serves now runs again shows only minutes later, so that is
 * not waited for.
 */
export function measuredPast(versions: readonly ServedVersion[], current: string): Past {
  const now = versions.find(({version, calls}) => version === current && calls > 0)
  const others = versions
    .filter(({version, calls}) => version !== current && /^\d+$/.test(version) && calls > 0)
    .flatMap(({version, calls, firstAt, lastAt}): readonly Ran[] =>
      lastAt === null ? [] : [{version, calls, first: firstAt, last: lastAt}],
    )
    .sort((a, b) => b.last - a.last || b.calls - a.calls)
  // of a higher number it was published later, also where what serves now was gone back to after longer than is read
  const cameBefore = ({version, first}: Ran): boolean =>
    !(Number(version) > Number(current)) && (now === undefined || isBefore(first, now.firstAt))
  const later = others.filter(one => !cameBefore(one))
  const [before, rival] = others.filter(cameBefore)
  const [tried] = later
  const known: Past = {...nothing, later: later.map(({version}) => version)}
  // it may run again by now, in minutes that are not there yet
  if (before !== undefined && now?.lastAt && before.last > now.lastAt)
    return {
      ...known,
      goneBack: {
        left: before.version,
        at: before.last,
        detail: `${before.version} ran until ${minuteOf(before.last)}, and ${current} only until ${minuteOf(now.lastAt)}`,
      },
    }
  if (before !== undefined && rival !== undefined && rival.last >= before.last)
    return {
      ...known,
      goneBack: {
        left: before.version,
        at: before.last,
        detail: `${before.version} and ${rival.version} both ran until ${minuteOf(before.last)}, and which of them served last is not known`,
      },
    }
  return {
    ...known,
    served: before
      ? {
          source: 'metrics',
          version: before.version,
          at: before.last,
          detail: `the last to run before it${holeText(before.last, now?.firstAt ?? null)}`,
        }
      : null,
    goneBack:
      tried && tried.last > (before?.last ?? 0)
        ? {left: tried.version, at: tried.last, detail: triedText(tried, now, current)}
        : null,
  }
}

function triedText({version, first, last}: Ran, now: ServedVersion | undefined, current: string): string {
  const until = `${version} ran until ${minuteOf(last)}`
  if (now === undefined) return `${until}, and ${current}, an older one, has no calls yet`
  if (first === null || first === now.firstAt) return `${until}, and which of both came first is not known`
  const isNewer = isBefore(first, now.firstAt) ? 'is newer than' : 'began after'
  return `${until} and ${isNewer} ${current}, so that would be forward again`
}

/** null: before all that is read, where two are in no order; nor are two of one minute, or one hour where only that is known. */
function isBefore(first: number | null, other: number | null): boolean {
  if (other === null) return false
  if (first === null) return true
  const isOfHour = first % hourMs === 0
  return first < other && !(isOfHour && other - first < hourMs)
}

/** Versions that were deleted are in no listing, and nobody asks for their metrics. */
function holeText(lastAt: number, firstAt: number | null): string {
  const hours = firstAt === null ? 0 : Math.round((firstAt - lastAt) / hourMs)
  return hours < 2
    ? ''
    : `, which it did ${hours} h before that began: another one may have served between, and be deleted`
}

const hourMs = 3_600_000

const minuteOf = (ms: number): string => new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')
