// AWS/SQS: how deep the queues are, and how long their oldest message has waited.
import type {SandboxQueue} from '../sandbox-resources.ts'
import {type MetricSource, thingsInOrder} from './source.ts'
import {report} from './statistics.ts'

const minuteMs = 60_000

export type QueueMetricsOptions = {
  /** the queues as they stand at a moment, by name */
  readonly queues: (at: number) => readonly SandboxQueue[]
  readonly now: () => number
}

const values = new Map<string, (queue: SandboxQueue, at: number) => number>([
  [
    'ApproximateAgeOfOldestMessage',
    ({oldestSentAt}, at) => (oldestSentAt === null ? 0 : Math.max(0, Math.floor((at - oldestSentAt) / 1000))),
  ],
  ['ApproximateNumberOfMessagesDelayed', ({delayed}) => delayed],
  ['ApproximateNumberOfMessagesNotVisible', ({inFlight}) => inFlight],
  ['ApproximateNumberOfMessagesVisible', ({visible}) => visible],
])

/** Moments of which the queues are remembered. */
const maxMoments = 4000

export function createQueueMetrics({queues, now}: QueueMetricsOptions): MetricSource & {forget(): void} {
  const moments = new Map<number, ReadonlyMap<string, SandboxQueue>>()
  function queuesAt(at: number): ReadonlyMap<string, SandboxQueue> {
    let known = moments.get(at)
    if (!known) {
      if (moments.size > maxMoments) moments.clear()
      known = new Map(queues(at).map(queue => [queue.name, queue]))
      moments.set(at, known)
    }
    return known
  }
  const names = () => [...queuesAt(Math.floor(now() / minuteMs) * minuteMs).keys()]

  return {
    namespace: 'AWS/SQS',
    names: [...values.keys()],
    thingDimension: 'QueueName',
    things: thingsInOrder(names),
    reports({name, dimensions}) {
      const {QueueName, ...others} = dimensions
      const value = values.get(name)
      if (!value || QueueName === undefined || Object.keys(others).length > 0) return undefined
      return (from, to, into) => {
        // reported by the minute; of longer periods some minutes stand for all
        const everyMs = stepMs(to - from)
        for (let at = Math.ceil(from / everyMs) * everyMs; at < to; at += everyMs) {
          const queue = queuesAt(at).get(QueueName)
          if (queue && queue.createdAt <= at) report(into, value(queue, at), everyMs / minuteMs)
        }
      }
    },
    dimensionsSince: queue => (queue === '' ? [] : [{QueueName: queue}]),
    forget: () => moments.clear(),
  }
}

function stepMs(lengthMs: number): number {
  if (lengthMs <= 15 * minuteMs) return minuteMs
  return lengthMs <= 60 * minuteMs ? 5 * minuteMs : 60 * minuteMs
}
