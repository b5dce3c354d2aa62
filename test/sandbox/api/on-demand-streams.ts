import {type CloudWatchLogsClient, paginateFilterLogEvents} from '@aws-sdk/client-cloudwatch-logs'
import {minute} from '../world/larder-world.ts'

/** Environments live for less. */
const lookBack = 60 * minute

/**
 * Log streams of environments that were made for the first request they served, and not ahead of it, read from a log in
 * text: the request's START comes as soon as the init has ended, which began at INIT_START and took what the REPORT says.
 */
export async function onDemandStreams(
  client: CloudWatchLogsClient,
  group: string,
  {from, to}: {readonly from: number; readonly to: number},
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  const open = new Map<string, {readonly begunAt: number; requestAt: number | null}>()
  const window = {startTime: from - lookBack, endTime: to + 2 * minute}
  for await (const {events = []} of paginateFilterLogEvents({client}, {logGroupName: group, ...window})) {
    for (const {message = '', timestamp = 0, logStreamName = ''} of events) {
      if (message.startsWith('INIT_START ')) open.set(logStreamName, {begunAt: timestamp, requestAt: null})
      const init = open.get(logStreamName)
      if (!init) continue
      if (message.startsWith('START ')) init.requestAt ??= timestamp
      if (!message.startsWith('REPORT ') || init.requestAt === null) continue
      open.delete(logStreamName)
      const initMs = Number(/\tInit Duration: ([\d.]+) ms/.exec(message)?.[1])
      if (init.requestAt - init.begunAt - initMs <= 2) found.add(logStreamName)
    }
  }
  return found
}
