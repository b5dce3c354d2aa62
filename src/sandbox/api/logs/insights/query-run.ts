import {setImmediate as breathe} from 'node:timers/promises'
import type {SandboxLogEvent, SandboxLogGroup, World} from '../../../world/world.ts'
import {readableWindow, type ScanStep, scanEvents, type Window} from '../event-scan.ts'
import type {Pipeline} from './pipeline.ts'
import {type Row, rowOf} from './rows.ts'

export type RunOptions = {
  readonly world: World
  readonly groups: readonly SandboxLogGroup[]
  readonly window: Window
  /** epoch ms; what was ingested later is not seen */
  readonly now: number
  readonly pipeline: Pipeline
}

export type RunStatistics = {
  readonly recordsMatched: number
  readonly recordsScanned: number
  readonly bytesScanned: number
  readonly logGroupsScanned: number
}

export type QueryRun = {
  /**
   * Reads back to a moment, epoch ms (-Infinity for all), and leaves room for others to work meanwhile; one call waits for
   * the one before. Resolves to whether it came that far before it was late.
   */
  advanceTo(until: number, isLate: () => boolean): Promise<boolean>
  stop(): void
  statistics(): RunStatistics
  rows(): readonly Row[]
}

type Reader = {
  readonly group: string
  readonly steps: Generator<ScanStep>
  /** epoch ms: nothing newer is left to read */
  next: number
  /** events read but not yet worked on, newest first, as a query comes only as far as it has time */
  held: readonly SandboxLogEvent[]
}

/** The work of a query: events of all its groups, newest first, go through its commands a stretch at a time. */
export function createRun({world, groups, window, now, pipeline}: RunOptions): QueryRun {
  let [recordsScanned, bytesScanned, isStopped] = [0, 0, false]
  let working = Promise.resolve(true)
  const readers = groups.map((group): Reader => {
    const readable = readableWindow(group, now, window)
    const scan = {...readable, group: group.name, newestFirst: true, after: undefined, now}
    return {group: group.name, steps: scanEvents(world, scan), next: readable.to, held: []}
  })

  async function work(until: number, isLate: () => boolean): Promise<boolean> {
    for (;;) {
      const reader = readers.reduce((a, b) => (headOf(b) > headOf(a) ? b : a), nobody)
      if (isStopped || reader === nobody || headOf(reader) < until) return true
      if (reader.held.length === 0) readOn(reader)
      const due = reader.held.findIndex(event => event.timestamp < until)
      const worked = due === -1 ? reader.held : reader.held.slice(0, due)
      reader.held = due === -1 ? [] : reader.held.slice(due)
      for (const event of worked) {
        recordsScanned++
        bytesScanned += Buffer.byteLength(event.message)
        pipeline.add(rowOf(event, reader.group, world.account))
      }
      if (isLate()) return false
      await breathe()
    }
  }

  return {
    advanceTo: (until, isLate) => {
      working = working.then(() => work(until, isLate))
      return working
    },
    stop: () => {
      isStopped = true
    },
    statistics: () => ({
      recordsMatched: pipeline.matched(),
      recordsScanned,
      bytesScanned,
      logGroupsScanned: groups.length,
    }),
    rows: () => pipeline.rows(),
  }
}

const end = Number.NEGATIVE_INFINITY
const nobody: Reader = {group: '', steps: (function* () {})(), next: end, held: []}

const headOf = ({held, next}: Reader) => held[0]?.timestamp ?? next

function readOn(reader: Reader): void {
  const {done, value} = reader.steps.next()
  reader.held = done ? [] : value.events
  reader.next = done ? end : (value.next ?? end)
}
