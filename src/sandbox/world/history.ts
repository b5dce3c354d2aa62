// The truth: which function ran when, caused by which request. Everything else is derived from it.
import {type Arrivals, countArrivals, foundedAt, randomArrivals, scheduledArrivals} from './arrivals.ts'
import type {Call, Entry, Scenario, Step} from './company.ts'
import {draw, mix, textKey} from './random.ts'
import {piecesOf, type Releases, type RoutingStep, versionFor, weightsAt} from './routing.ts'
import type {Outcome} from './world.ts'

const minuteMs = 60_000

/** A place in a scenario where a function runs (or another log group gets an entry). */
export type Touch = {
  readonly path: Path
  readonly index: number
  readonly step: Step
  readonly via: Call['via'] | 'start'
  /** from the request's arrival to this START */
  readonly delayMs: number
  /** what it is a child of; null for the first */
  readonly above: Touch | null
  /** the nearest function above it */
  readonly caller: Touch | null
  /** where its request id comes from: itself, or the first attempt of which it is a retry */
  readonly requestIdFrom: Touch
  /** where its trace begins */
  readonly traceFrom: Touch
  readonly children: readonly Touch[]
  /** of an invocation that a client asked for: what was decided when it began */
  readonly decided?: {readonly durationMs: number; readonly sampled: boolean}
}

/** A scenario of an entry, laid out flat. */
export type Path = {
  readonly scenario: Scenario
  readonly key: number
  /** the function whose alias decides the version, and with it how often this scenario happens */
  readonly decidedBy: string | null
  readonly touches: readonly Touch[]
  /** its first run is invoked asynchronously */
  readonly isAsynchronous: boolean
  arrivals(version: string): Arrivals
}

/** One execution, as far as counting and ordering need it. `a` and `b` are its request's identity. */
export type Run = {
  readonly touch: Touch
  readonly at: number
  readonly version: string
  readonly requestAt: number
  readonly a: number
  readonly b: number
}

export type History = {
  /** runs in a function or log group that start in [from, to), by time */
  runs(place: string, from: number, to: number): Run[]
  /**
   * What starts in a function in [from, to), of one version or of all: when, and the key that all else follows from; in no
   * order, at less cost than `runs`.
   */
  starts(
    place: string,
    version: string | undefined,
    from: number,
    to: number,
    seen: (touch: Touch, at: number, a: number) => void,
  ): void
  /** what starts of one touch in [from, to), in no order: its version and the key that all else follows from, at less cost than `runs` */
  visit(touch: Touch, from: number, to: number, seen: (version: string, a: number) => void): void
  count(place: string, from: number, to: number, of?: {readonly version?: string; readonly outcome?: Outcome}): number
  /** `count` of one touch alone */
  countAt(touch: Touch, from: number, to: number, version?: string): number
}

/** Lays the scenarios of an entry out flat. */
export function pathsOf(entry: Entry, seed: number, {hasAlias, builtAs}: Releases): Path[] {
  const entryKey = textKey(entry.name, seed)
  const shareOf = (scenario: Scenario, version: string) => scenario.shareOn?.[version] ?? scenario.share
  return entry.scenarios.map((scenario, place) => {
    const byVersion = new Map<string, Arrivals>()
    const touches: Touch[] = []
    const key = textKey(scenario.name, entryKey)
    const decidedBy = firstAliased(scenario.start, hasAlias)

    function makeArrivals(version: string): Arrivals {
      const code = decidedBy === null ? version : builtAs(decidedBy, version)
      const shares = entry.scenarios.map(each => shareOf(each, code))
      const total = shares.reduce((sum, share) => sum + share, 0)
      const before = shares.slice(0, place).reduce((sum, share) => sum + share, 0) / total
      const share = (shares[place] ?? 0) / total
      return 'schedule' in entry
        ? scheduledArrivals(entry.schedule, {from: before, to: before + share}, entryKey)
        : randomArrivals(entry.perDay * share, entry.shape, textKey(version, key), entryKey)
    }

    const path: Path = {
      scenario,
      key,
      touches,
      isAsynchronous: 'schedule' in entry || entry.asynchronous === true,
      decidedBy,
      arrivals(version) {
        let arrivals = byVersion.get(version)
        if (!arrivals) {
          arrivals = makeArrivals(version)
          byVersion.set(version, arrivals)
        }
        return arrivals
      },
    }
    layOut(path, touches, scenario.start, null)
    return path
  })
}

function firstAliased(step: Step, hasAlias: (functionName: string) => boolean): string | null {
  if (hasAlias(step.in)) return step.in
  for (const call of step.calls ?? []) {
    const found = firstAliased(call, hasAlias)
    if (found) return found
  }
  return null
}

function layOut(path: Path, touches: Touch[], step: Step | Call, above: Touch | null): Touch {
  const via = 'via' in step ? step.via : 'start'
  const again = via === 'retry' || via === 'redelivery'
  const children: Touch[] = []
  const caller = above === null || again || above.step.in.startsWith('/') ? (above?.caller ?? null) : above
  const touch: Touch = {
    path,
    index: touches.length,
    step,
    via,
    delayMs: (above?.delayMs ?? 0) + ('afterMs' in step ? step.afterMs : 0),
    above,
    caller,
    children,
    get requestIdFrom() {
      return via === 'retry' && above ? above.requestIdFrom : touch
    },
    get traceFrom() {
      return above === null || via === 'queue' || via === 'redelivery' ? touch : above.traceFrom
    },
  }
  touches.push(touch)
  for (const call of step.calls ?? []) children.push(layOut(path, touches, call, touch))
  return touch
}

export type HistoryOptions = {
  /** all touches in a function or log group */
  readonly touchesIn: (place: string) => readonly Touch[]
  /** the alias history of a function, or `unaliased` */
  readonly routing: (functionName: string) => readonly RoutingStep[]
}

export function createHistory({touchesIn, routing}: HistoryOptions): History {
  const stepsFor = (name: string | null) => routing(name ?? '')

  /** Requests of one path that arrive in [from, to), each with the version its deciding function had. */
  function eachRequest(
    path: Path,
    from: number,
    to: number,
    visit: (at: number, version: string, a: number, b: number) => void,
  ) {
    for (const piece of piecesOf(stepsFor(path.decidedBy), Math.max(from, foundedAt), to)) {
      for (const [version, share] of piece.weights) {
        const arrivals = path.arrivals(version)
        const key = textKey(version, path.key)
        const end = Math.ceil(piece.to / minuteMs)
        for (let minute = Math.floor(piece.from / minuteMs); minute < end; minute++) {
          // many paths have nothing for hours
          if (minute % 60 === 0 && minute + 60 <= end && !arrivals.countsIn(minute / 60)) {
            minute += 59
            continue
          }
          const offsets = arrivals.offsets(minute)
          for (let i = 0; i < offsets.length; i++) {
            const at = minute * minuteMs + (offsets[i] ?? 0)
            if (at < piece.from || at >= piece.to) continue
            const a = mix(mix(mix(key, 11), minute), i)
            // every version's requests arrive at the full rate; the alias only thins them, so ids never move when it does
            if (share < 1 && draw(mix(a, 13)) >= share) continue
            visit(at, version, a, mix(mix(mix(key, 12), minute), i))
          }
        }
      }
    }
  }

  /** As `eachRequest`, but for the moment of arrival, which is not even drawn in the minutes that lie within the window. */
  function eachKey(path: Path, from: number, to: number, visit: (version: string, a: number) => void) {
    for (const piece of piecesOf(stepsFor(path.decidedBy), Math.max(from, foundedAt), to)) {
      for (const [version, share] of piece.weights) {
        const arrivals = path.arrivals(version)
        const key = mix(textKey(version, path.key), 11)
        let hourSeen = Number.NaN
        let counts: ArrayLike<number> | null = null
        const end = Math.ceil(piece.to / minuteMs)
        for (let minute = Math.floor(piece.from / minuteMs); minute < end; minute++) {
          const hour = Math.floor(minute / 60)
          if (hour !== hourSeen) {
            hourSeen = hour
            counts = arrivals.countsIn(hour)
          }
          if (!counts) {
            minute = hour * 60 + 59
            continue
          }
          const isWhole = minute * minuteMs >= piece.from && (minute + 1) * minuteMs <= piece.to
          const offsets = isWhole ? null : arrivals.offsets(minute)
          const count = offsets ? offsets.length : (counts[minute % 60] ?? 0)
          for (let i = 0; i < count; i++) {
            const at = offsets ? minute * minuteMs + (offsets[i] ?? 0) : piece.from
            if (at < piece.from || at >= piece.to) continue
            const a = mix(mix(key, minute), i)
            if (share < 1 && draw(mix(a, 13)) >= share) continue
            visit(version, a)
          }
        }
      }
    }
  }

  function visitTouch(touch: Touch, from: number, to: number, seen: (version: string, a: number) => void) {
    const {delayMs, path} = touch
    if (touch.step.in === path.decidedBy) {
      eachKey(path, from - delayMs, to - delayMs, seen)
      return
    }
    for (const piece of piecesOf(routing(touch.step.in), from, to)) {
      const [only] = piece.weights
      eachKey(path, piece.from - delayMs, piece.to - delayMs, (_, a) => {
        if (piece.weights.length === 1 && only) seen(only[0], a)
        else seen(versionFor(piece.weights, draw(mix(mix(a, touch.index), 14))), a)
      })
    }
  }

  function versionOf(touch: Touch, at: number, requestVersion: string, a: number): string {
    if (touch.step.in === touch.path.decidedBy) return requestVersion
    const weights = weightsAt(routing(touch.step.in), at)
    return weights.length === 1
      ? (weights[0]?.[0] ?? '$LATEST')
      : versionFor(weights, draw(mix(mix(a, touch.index), 14)))
  }

  function addRuns(touch: Touch, from: number, to: number, found: Run[]): void {
    eachRequest(touch.path, from - touch.delayMs, to - touch.delayMs, (requestAt, version, a, b) => {
      const at = requestAt + touch.delayMs
      found.push({touch, at, version: versionOf(touch, at, version, a), requestAt, a, b})
    })
  }

  /** Requests of a path in [from, to), counted by the tree where one version has them all, one by one where an alias is split. */
  function countRequests(path: Path, from: number, to: number, version?: string): number {
    let count = 0
    for (const piece of piecesOf(stepsFor(path.decidedBy), from, to)) {
      const [only] = piece.weights
      if (piece.weights.length === 1 && only) {
        if (version === undefined || version === only[0])
          count += countArrivals(path.arrivals(only[0]), piece.from, piece.to)
      } else {
        eachRequest(path, piece.from, piece.to, (_, requestVersion) => {
          if (version === undefined || version === requestVersion) count++
        })
      }
    }
    return count
  }

  function countTouch(touch: Touch, from: number, to: number, version?: string): number {
    const {delayMs, path} = touch
    if (version === undefined || touch.step.in === path.decidedBy)
      return countRequests(path, from - delayMs, to - delayMs, version)
    let count = 0
    for (const piece of piecesOf(routing(touch.step.in), from, to)) {
      const [only] = piece.weights
      if (piece.weights.length === 1 && only) {
        if (only[0] === version) count += countRequests(path, piece.from - delayMs, piece.to - delayMs)
      } else {
        visitTouch(touch, piece.from, piece.to, ranOn => {
          if (ranOn === version) count++
        })
      }
    }
    return count
  }

  return {
    runs(place, from, to) {
      const found: Run[] = []
      for (const touch of touchesIn(place)) addRuns(touch, from, to, found)
      return found.sort((x, y) => x.at - y.at || x.a - y.a || x.b - y.b || x.touch.index - y.touch.index)
    },
    starts(place, version, from, to, seen) {
      for (const touch of touchesIn(place)) {
        eachRequest(touch.path, from - touch.delayMs, to - touch.delayMs, (requestAt, requestVersion, a) => {
          const at = requestAt + touch.delayMs
          if (version === undefined || versionOf(touch, at, requestVersion, a) === version) seen(touch, at, a)
        })
      }
    },
    visit: visitTouch,
    countAt: countTouch,
    count(place, from, to, of = {}) {
      let count = 0
      for (const touch of touchesIn(place)) {
        if (of.outcome === undefined || of.outcome === (touch.step.outcome ?? 'ok'))
          count += countTouch(touch, from, to, of.version)
      }
      return count
    },
  }
}

/** The touch that a retry or a redelivery repeats in the end; any other itself. */
export function firstAttemptOf(touch: Touch): Touch {
  return (touch.via === 'retry' || touch.via === 'redelivery') && touch.above ? firstAttemptOf(touch.above) : touch
}
