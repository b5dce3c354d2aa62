import {isKnown, type Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {type MetricQuery, type MetricSeries, readMetricsOrWhyNot} from '../../fleet/metric-reader.ts'
import {interrupted} from '../../fleet/why-unknown.ts'

const minuteMs = 60_000
/** datapoints that come later than CloudWatch's usual minutes are still taken in for so long */
const marginMs = 15 * minuteMs

/** What was reported, by the epoch ms at which its minute begins. */
export type ByMinute = ReadonlyMap<number, number>

export type MinuteBook = {
  /**
   * By the index of the query: all of its minutes as they are known now, or why nothing could be read this time.
   * @throws the signal's reason on abort, or a bug
   */
  read(signal: AbortSignal): Promise<readonly Known<ByMinute>[]>
}

/**
 * Series that are read again and again: what is reported late changes minutes that were read before. All minutes are asked for
 * anew, until they are so old that nothing more can be reported of them.
 * @param since epoch ms of the first minute
 * @param finalAfterMs how much later than its end a minute may still change
 */
export function minuteBook(
  aws: Aws,
  queries: readonly MetricQuery[],
  {since, finalAfterMs}: {readonly since: number; readonly finalAfterMs: number},
): MinuteBook {
  const kept = queries.map(() => new Map<number, number>())
  /** of each, the first minute that may still change */
  const starts = queries.map(() => since)

  /** Those that could not be read lately are asked for from where they are behind, beside the others: one must not hold up all. */
  const readAll = async (now: number, signal: AbortSignal): Promise<readonly Known<MetricSeries>[]> => {
    const latest = starts.reduce((last, start) => Math.max(last, start), since)
    const isBehind = (at: number): boolean => (starts[at] ?? since) < latest
    const places = [...queries.keys()]
    const groups = [places.filter(at => !isBehind(at)), places.filter(isBehind)]
    const answers: Known<MetricSeries>[] = queries.map(() => interrupted)
    await Promise.all(
      groups.map(async group => {
        const asked = group.flatMap(at => queries[at] ?? [])
        if (asked.length === 0) return
        const start = group.reduce((first, at) => Math.min(first, starts[at] ?? since), latest)
        const read = await readMetricsOrWhyNot(aws, asked, {start, end: Math.max(now, start + minuteMs)}, signal)
        for (const [i, at] of group.entries()) answers[at] = read[i] ?? interrupted
      }),
    )
    return answers
  }

  return {
    async read(signal) {
      const now = aws.clock.now()
      const answers = await readAll(now, signal)
      signal.throwIfAborted()
      const final = floorToMinute(now - minuteMs - finalAfterMs - marginMs)
      for (const [at, answer] of answers.entries()) {
        const minutes = kept[at]
        if (!minutes || !isKnown(answer)) continue
        const {times, values} = answer.value
        for (const [i, time] of times.entries()) minutes.set(time, countOf(values[i]))
        starts[at] = Math.max(starts[at] ?? since, final)
      }
      return answers.map((answer, at) => (isKnown(answer) ? {value: kept[at] ?? new Map()} : answer))
    },
  }
}

const floorToMinute = (at: number): number => Math.floor(at / minuteMs) * minuteMs

/** Whatever a server says, a whole number that is not negative. */
const countOf = (value = 0): number => (Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0)
