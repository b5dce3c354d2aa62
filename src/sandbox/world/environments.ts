// Execution environments, and with them log streams and cold starts. Everything here looks back a few tens of minutes
// at most, so any window can be read alone.
import type {CompanyFunction} from './company.ts'
import {durationOf, type FindFunction, longestRunMs, runKeys} from './durations.ts'
import type {History, Run} from './history.ts'
import {draw, hex, mix, skewed, textKey} from './random.ts'
import {piecesOf, type RoutingStep, shareAt} from './routing.ts'

const minuteMs = 60_000
/** minutes */
const longestEpoch = 45

export type Environment = {
  readonly stream: string
  readonly key: number
  /** how long its init took; for SnapStart its restore */
  readonly initMs: number
  /** the end of an init that nobody waited for: provisioned, or made by Lambda ahead of time */
  readonly preparedAt: number | null
}

/** A run and where it ran. */
export type PlacedRun = {
  readonly run: Run
  readonly durationMs: number
  readonly environment: Environment
  /** the first one of its environment: its REPORT carries the init */
  readonly first: boolean
  /** its trace is sampled, and it is part of what is sent */
  readonly sampled: boolean
}

export type Environments = {
  /** runs of a function that start in [from, to), by time */
  placed(definition: CompanyFunction, from: number, to: number): PlacedRun[]
  /** environments whose init nobody waited for and ended in [from, to), used or not */
  prepared(
    definition: CompanyFunction,
    from: number,
    to: number,
  ): {readonly environment: Environment; readonly version: string}[]
  /**
   * How many runs start in [from, to) in an environment that is `prepared`, of one version or of all: what `placed` tells, at
   * less cost. A window is held in memory as a whole: ask by the hour.
   */
  countPrepared(definition: CompanyFunction, version: string | undefined, from: number, to: number): number
  /** to be called when an alias changes: forgets what was derived from it */
  forget(): void
}

/**
 * A lane is a place for one environment after another. Each minute's runs are given, in time order, to lanes that are
 * free; even and odd minutes have different lanes, so that no run (`longestRunMs`) reaches into a minute with the same lanes.
 */
type Lane = {readonly version: string; readonly parity: 0 | 1; readonly place: number}
type Assigned = {
  readonly run: Run
  readonly durationMs: number
  readonly place: number
  readonly firstInMinute: boolean
}
type Minute = {readonly assigned: readonly Assigned[]; readonly lanes: ReadonlyMap<string, number>}

export type EnvironmentsOptions = {
  readonly seed: number
  readonly history: History
  readonly find: FindFunction
  readonly routing: (functionName: string) => readonly RoutingStep[]
  readonly isSampled: (run: Run) => boolean
}

export function createEnvironments({seed, history, find, routing, isSampled}: EnvironmentsOptions): Environments {
  const minutes = new Map<string, Map<number, Minute>>()
  const firstUses = new Map<string, number>()
  const environments = new Map<string, Environment>()

  function minuteOf(definition: CompanyFunction, minute: number): Minute {
    let ofFunction = minutes.get(definition.name)
    if (!ofFunction) {
      ofFunction = new Map()
      minutes.set(definition.name, ofFunction)
    }
    let known = ofFunction.get(minute)
    if (!known) {
      if (ofFunction.size > 3000) ofFunction.clear()
      known = assign(history.runs(definition.name, minute * minuteMs, (minute + 1) * minuteMs), find)
      ofFunction.set(minute, known)
    }
    return known
  }

  /** A lane's environments follow each other every 26 to 45 minutes (`longestEpoch`). */
  function epochOf(definition: CompanyFunction, lane: Lane, minute: number) {
    const functionKey = textKey(definition.name, seed)
    const laneKey = mix(mix(textKey(lane.version, functionKey), lane.parity), lane.place)
    const length = 26 + Math.floor(20 * draw(mix(functionKey, 31)))
    const shift = Math.floor(length * draw(mix(laneKey, 32)))
    const epoch = Math.floor((minute + shift) / length)
    return {
      key: mix(mix(laneKey, 33), epoch),
      key2: mix(mix(laneKey, 34), epoch),
      id: `${definition.name} ${lane.version} ${lane.parity} ${lane.place} ${epoch}`,
      start: epoch * length - shift,
      length,
    }
  }

  function isPrepared(definition: CompanyFunction, lane: Lane, epochStart: number): boolean {
    return (
      lane.place < preparedPlaces(definition) &&
      shareAt(routing(definition.name), epochStart * minuteMs, lane.version) > 0
    )
  }

  /** The minute in which a lane is first used in the epoch of a minute in which it is used. */
  function firstUse(definition: CompanyFunction, lane: Lane, minute: number): number {
    const {id, start} = epochOf(definition, lane, minute)
    const known = firstUses.get(id)
    if (known !== undefined && known <= minute) return known
    let first = start + (Math.abs(start % 2) === lane.parity ? 0 : 1)
    while (first < minute && (minuteOf(definition, first).lanes.get(lane.version) ?? 0) <= lane.place) first += 2
    if (firstUses.size > 50_000) firstUses.clear()
    firstUses.set(id, first)
    return first
  }

  function environmentOf(definition: CompanyFunction, lane: Lane, minute: number): Environment {
    const epoch = epochOf(definition, lane, minute)
    const known = environments.get(epoch.id)
    if (known) return known
    const preparedAt = isPrepared(definition, lane, epoch.start) ? epoch.start * minuteMs : null
    const bornAt = preparedAt ?? firstUse(definition, lane, minute) * minuteMs
    const environment = {
      stream: streamName(definition, lane.version, bornAt, hex(4, epoch.key, epoch.key2)),
      key: epoch.key,
      initMs: initMsOf(definition, epoch.key),
      preparedAt,
    }
    if (environments.size > 20_000) environments.clear()
    environments.set(epoch.id, environment)
    return environment
  }

  return {
    placed(definition, from, to) {
      const found: PlacedRun[] = []
      for (let minute = Math.floor(from / minuteMs); minute * minuteMs < to; minute++) {
        for (const {run, durationMs, place, firstInMinute} of minuteOf(definition, minute).assigned) {
          if (run.at < from || run.at >= to) continue
          const sampled = isSampled(run)
          if (hasOwnEnvironment(run)) {
            found.push({run, durationMs, environment: ownEnvironment(definition, run), first: false, sampled})
            continue
          }
          const lane: Lane = {version: run.version, parity: parityOf(minute), place}
          const first = firstInMinute && firstUse(definition, lane, minute) === minute
          found.push({run, durationMs, environment: environmentOf(definition, lane, minute), first, sampled})
        }
      }
      return found
    },
    prepared(definition, from, to) {
      const found = []
      for (let place = 0; place < preparedPlaces(definition); place++) {
        for (const parity of [0, 1] as const) {
          const versions = new Set(
            piecesOf(routing(definition.name), from, to).flatMap(piece => piece.weights.map(([version]) => version)),
          )
          for (const version of versions) {
            const lane: Lane = {version, parity, place}
            let epoch = epochOf(definition, lane, Math.floor(from / minuteMs))
            for (; epoch.start * minuteMs < to; epoch = epochOf(definition, lane, epoch.start + epoch.length)) {
              if (epoch.start * minuteMs < from || !isPrepared(definition, lane, epoch.start)) continue
              found.push({environment: environmentOf(definition, lane, epoch.start), version})
            }
          }
        }
      }
      return found
    },
    countPrepared(definition, version, from, to) {
      const [first, last] = [Math.floor(from / minuteMs), Math.ceil(to / minuteMs)]
      const places = preparedPlaces(definition)
      const oldest = (first - longestEpoch) * minuteMs
      const [piece] = piecesOf(routing(definition.name), oldest, last * minuteMs)
      // versions that the alias had all the time: no environment was made before it had them
      const isWhole = piece?.from === oldest && piece.to === last * minuteMs
      const steady = new Set(isWhole ? piece.weights.map(([name]) => name) : [])
      let count = 0
      for (const [minute, runs] of byMinute(history.runs(definition.name, first * minuteMs, last * minuteMs))) {
        for (const {run, place} of assign(runs, find).assigned) {
          if (run.at < from || run.at >= to || (version !== undefined && run.version !== version)) continue
          if (hasOwnEnvironment(run) || place >= places) continue
          const lane: Lane = {version: run.version, parity: parityOf(minute), place}
          if (steady.has(run.version) || isPrepared(definition, lane, epochOf(definition, lane, minute).start)) count++
        }
      }
      return count
    },
    forget() {
      minutes.clear()
      firstUses.clear()
      environments.clear()
    },
  }
}

const parityOf = (minute: number) => (minute % 2 === 0 ? 0 : 1)

/** Runs by the minutes they start in. */
function byMinute(runs: readonly Run[]): ReadonlyMap<number, readonly Run[]> {
  const found = new Map<number, Run[]>()
  for (const run of runs) {
    const minute = Math.floor(run.at / minuteMs)
    const before = found.get(minute)
    if (before) before.push(run)
    else found.set(minute, [run])
  }
  return found
}

/** Lanes of each parity that are kept ready. */
function preparedPlaces(definition: CompanyFunction): number {
  return Math.ceil((definition.provisionedConcurrency ?? definition.proactive ?? 0) / 2)
}

/** How long an init takes, or a restore: memory does not matter. */
export function initMsOf({initMs: [p50, p99]}: CompanyFunction, key: number): number {
  return Math.round(100 * skewed(p50, p99, mix(key, 35))) / 100
}

/** An environment whose init fails serves this one run and is thrown away. */
function hasOwnEnvironment(run: Run): boolean {
  return run.touch.step.outcome === 'init-error' || run.touch.step.suppressedInit === true
}

function ownEnvironment(definition: CompanyFunction, run: Run): Environment {
  const {a, b} = runKeys(run)
  return {
    stream: streamName(definition, run.version, run.at, hex(4, mix(a, 36), mix(b, 36))),
    key: mix(a, 36),
    initMs: initMsOf(definition, a),
    preparedAt: null,
  }
}

function assign(runs: readonly Run[], find: FindFunction): Minute {
  const freeAt = new Map<string, number[]>()
  const assigned: Assigned[] = []
  for (const run of runs) {
    const durationMs = durationOf(run, find)
    if (hasOwnEnvironment(run)) {
      assigned.push({run, durationMs, place: -1, firstInMinute: true})
      continue
    }
    let lanes = freeAt.get(run.version)
    if (!lanes) {
      lanes = []
      freeAt.set(run.version, lanes)
    }
    let place = lanes.findIndex(free => free <= run.at)
    const firstInMinute = place < 0
    if (firstInMinute) place = lanes.length
    // END and REPORT are written up to 3 ms after the end
    lanes[place] = run.at + Math.ceil(durationMs) + 5
    assigned.push({run, durationMs, place, firstInMinute})
  }
  return {assigned, lanes: new Map([...freeAt].map(([version, lanes]) => [version, lanes.length]))}
}

/** What a log stream is called. */
export function streamName(definition: CompanyFunction, version: string, bornAt: number, digits: string): string {
  const day = new Date(bornAt).toISOString().slice(0, 10).replaceAll('-', '/')
  // in a log group that is not the function's own, the stream says whose it is
  return `${day}/${definition.logGroup ? definition.name : ''}[${version}]${digits}`
}

/** How far before its START a run can write: an init that ran into the ten seconds' limit. */
export const longestInitMs = 12_000

/** How far a reader has to look around a window to see every event in it. */
export const lookAround = {before: longestRunMs + 1000, after: longestInitMs} as const
