import type {LogEvent, Report} from '../logs/log-event.ts'
import type {Deploy} from './deploys.ts'

/** What the reports of a function's log tell of when its versions served. */
export type Served = {
  add(
    event: Pick<LogEvent, 'kind' | 'function' | 'version' | 'timestamp'> & {
      readonly report?: Pick<Report, 'durationMs'>
    },
  ): void
  /** invocations of a version that ended from `start` up to `end`, epoch ms */
  invocations(functionArn: string, version: string, start: number, end: number): number
  /** who is compared with whom, as far as the logs tell */
  stint(deploy: Deploy, from: number): Stint
}

/** The time in which the version that serves now has served, and what served before. */
export type Stint = {
  readonly version: string
  /** null where nothing served before, as far as it was read */
  readonly previous: string | null
  /** epoch ms; null where it has not served yet */
  readonly since: number | null
  readonly sideBySide: boolean
}

type Version = {first: number; last: number; readonly minutes: Map<number, number>}

const minuteMs = 60_000
const hourMs = 3_600_000
const latest = '$LATEST'

export function served(): Served {
  const functions = new Map<string, Map<string, Version>>()

  const count = (of: Version | undefined, start: number, end: number): number => {
    let sum = 0
    for (const [minute, invocations] of of?.minutes ?? [])
      if ((minute + 1) * minuteMs > start && minute * minuteMs < end) sum += invocations
    return sum
  }

  return {
    add({kind, function: owner, version, timestamp, report}) {
      if (kind !== 'report' || owner === null || version === null) return
      const versions = functions.get(owner.arn) ?? new Map<string, Version>()
      functions.set(owner.arn, versions)
      const began = timestamp - (report?.durationMs ?? 0)
      const known = versions.get(version) ?? {first: began, last: timestamp, minutes: new Map<number, number>()}
      versions.set(version, known)
      known.first = Math.min(known.first, began)
      known.last = Math.max(known.last, timestamp)
      const minute = Math.floor(timestamp / minuteMs)
      known.minutes.set(minute, (known.minutes.get(minute) ?? 0) + 1)
    },

    invocations: (arn, version, start, end) => count(functions.get(arn)?.get(version), start, end),

    stint({function: {arn}, serving, publishedAt}, from) {
      const versions = functions.get(arn) ?? new Map<string, Version>()
      const [main = latest] = serving
      if (main === latest) {
        const changedAt = publishedAt.get(latest) ?? 0
        const isInSight = changedAt > from
        return {
          version: latest,
          previous: isInSight ? latest : null,
          since: isInSight ? changedAt : from,
          sideBySide: false,
        }
      }
      const beganAt = (version: string): number => versions.get(version)?.first ?? Number.POSITIVE_INFINITY
      if (serving.length > 1) {
        // the one that came later is on trial
        const [older = main, newer = main] = serving.toSorted((a, b) => beganAt(a) - beganAt(b))
        const since = beganAt(newer)
        return {version: newer, previous: older, since: Number.isFinite(since) ? since : null, sideBySide: true}
      }
      const own = versions.get(main)
      if (!own)
        return {
          version: main,
          previous: busiest(versions, main, Number.POSITIVE_INFINITY),
          since: null,
          sideBySide: false,
        }
      const since = lastStint(versions, main, own)
      return {version: main, previous: busiest(versions, main, since), since, sideBySide: false}
    },
  }

  /** A version that served before, gave way to another and came back, has served since then. */
  function lastStint(versions: ReadonlyMap<string, Version>, main: string, own: Version): number {
    let since = own.first
    for (const [version, other] of versions) {
      if (version === main || other.first <= own.first || other.last >= own.last) continue
      // the minutes at both ends are shared
      const meanwhile = count(own, other.first + minuteMs, other.last - minuteMs)
      if (meanwhile * 10 < count(other, other.first, other.last)) since = Math.max(since, other.last)
    }
    return since
  }

  /** Which version served before: the one with the most invocations in the hour before, or else the one that came last. */
  function busiest(versions: ReadonlyMap<string, Version>, main: string, since: number): string | null {
    const before = [...versions].filter(([version, {first}]) => version !== main && version !== latest && first < since)
    const ranked = before
      .map(([version, of]) => {
        const end = Math.min(since, of.last + 1)
        return {version, lately: Number.isFinite(since) ? count(of, since - hourMs, since) : 0, end}
      })
      .sort((a, b) => b.lately - a.lately || b.end - a.end)
    return ranked[0]?.version ?? null
  }
}
