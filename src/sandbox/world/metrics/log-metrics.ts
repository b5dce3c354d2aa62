// AWS/Logs: what log groups took in, by group and in all.
import type {LogGroups} from '../log-groups.ts'
import {mix, textKey} from '../random.ts'
import {byHours, createHourCells, hourMs} from './hour-cells.ts'
import type {SandboxMetric} from './metric.ts'
import {type GeneratedThings, type MetricSource, stepOver, thingsInOrder} from './source.ts'
import {emptyTally, report, reportAll, type Tally} from './statistics.ts'

export type LogMetricsOptions = {
  readonly logs: LogGroups
  /** names of the generated functions' groups behind all others, by number */
  readonly scaledGroups: GeneratedThings
  /** epoch ms: what came in before it is judged by some invocations of each week */
  readonly sampledBefore: number
  readonly now: () => number
}

export type LogMetrics = MetricSource & {forget(): void}

const minuteMs = 60_000
const weekHours = 7 * 24
/** AWS counts so many bytes for each event besides its text. */
const eventOverheadBytes = 26
/** So many invocations of a week stand for all of it, or those of so many hours. */
const enoughRuns = 40
const enoughHours = 4

const names: readonly string[] = ['IncomingBytes', 'IncomingLogEvents']

/** What an invocation writes on average. */
type Share = {readonly eventsPerRun: number; readonly bytesPerEvent: number}

export function createLogMetrics(options: LogMetricsOptions): LogMetrics {
  const {logs, scaledGroups, sampledBefore, now} = options
  const cells = createHourCells<string>()
  const shares = new Map<string, Share>()

  function look(group: string, from: number, to: number, into: Tally): void {
    for (const {message} of logs.ingested(group, from, to))
      report(into, Buffer.byteLength(message) + eventOverheadBytes)
  }

  function shareOf(group: string, week: number): Share {
    // generated functions all write the same
    const [name, seenIn] = scaledGroups.indexOf(group) === null ? [group, week] : [scaledGroups.at(0), 0]
    const id = `${name} ${seenIn}`
    let share = shares.get(id)
    if (!share) {
      const last = Math.floor(sampledBefore / hourMs)
      share = lookAtHours(name, seenIn === 0 ? last - weekHours : week * weekHours, last)
      shares.set(id, share)
    }
    return share
  }

  function lookAtHours(group: string, firstHour: number, endHour: number): Share {
    const seen = emptyTally(false)
    const start = mix(textKey(group), firstHour) >>> 0
    let runs = 0
    for (let i = 0, looked = 0; i < weekHours && looked < enoughHours && runs < enoughRuns; i++) {
      // 31 has no factor in common with the hours of a week, so that each comes once
      const hour = firstHour + ((start + 31 * i) % weekHours)
      const [from, to] = [hour * hourMs, (hour + 1) * hourMs]
      const inHour = hour < endHour ? logs.runsIn(group, from, to) : 0
      if (inHour === 0) continue
      const minutes = Math.min(60, Math.ceil((60 * enoughRuns) / inHour))
      look(group, from, from + minutes * minuteMs, seen)
      runs += logs.runsIn(group, from, from + minutes * minuteMs)
      looked++
    }
    return {
      eventsPerRun: runs === 0 ? 0 : seen.samples / runs,
      bytesPerEvent: seen.samples === 0 ? 0 : seen.sum / seen.samples,
    }
  }

  function addSampled(group: string, from: number, to: number, into: Tally): void {
    const weekMs = weekHours * hourMs
    for (let week = Math.floor(from / weekMs); week * weekMs < to; week++) {
      const runs = logs.runsIn(group, Math.max(from, week * weekMs), Math.min(to, (week + 1) * weekMs))
      if (runs === 0) continue
      const {eventsPerRun, bytesPerEvent} = shareOf(group, week)
      report(into, Math.round(bytesPerEvent), Math.round(runs * eventsPerRun))
    }
  }

  /** Reports the bytes of each event that came in. */
  function tally(group: string, from: number, to: number, into: Tally, exactFrom: number): void {
    const middle = Math.min(to, Math.max(from, exactFrom))
    if (from < middle) addSampled(group, from, middle, into)
    const part = (start: number, end: number) => look(group, start, end, into)
    if (into.values) part(middle, to)
    else
      byHours(middle, to, {
        part,
        hour: hour => cells.add(group, hour, into, found => look(group, hour * hourMs, (hour + 1) * hourMs, found)),
      })
  }

  function tallyAll(from: number, to: number, into: Tally): void {
    for (const group of logs.ownNames()) tally(group, from, to, into, sampledBefore)
    const step = stepOver(scaledGroups.count)
    for (let index = 0; index < scaledGroups.count; index += step) {
      const found = emptyTally(into.values !== null)
      tally(scaledGroups.at(index), from, to, found, Number.POSITIVE_INFINITY)
      reportAll(into, found, step)
    }
  }

  function isKnown({name, dimensions}: SandboxMetric): boolean {
    const {LogGroupName, ...others} = dimensions
    if (!names.includes(name) || Object.keys(others).length > 0) return false
    return LogGroupName === undefined || logs.group(LogGroupName) !== undefined
  }

  function cameInSince(group: string, since: number): boolean {
    if (logs.runsIn(group, since, now()) > 0) return true
    return logs.ownNames().includes(group) && logs.wroteSince(group, since)
  }

  return {
    namespace: 'AWS/Logs',
    names,
    thingDimension: 'LogGroupName',
    things: thingsInOrder(() => logs.ownNames(), scaledGroups),
    reports(metric) {
      if (!isKnown(metric)) return undefined
      const {LogGroupName} = metric.dimensions
      return (from, to, into) => {
        const isBytes = metric.name === 'IncomingBytes'
        const bytes = isBytes ? into : emptyTally(false)
        if (LogGroupName === undefined) tallyAll(from, to, bytes)
        else tally(LogGroupName, from, to, bytes, sampledBefore)
        if (!isBytes) report(into, 1, bytes.samples)
      }
    },
    dimensionsSince(group, _name, since) {
      if (group === '') return logs.ownNames().length > 0 ? [{}] : []
      return cameInSince(group, since) ? [{LogGroupName: group}] : []
    },
    forget() {
      cells.forget()
    },
  }
}
