import {stamp} from './log-events.ts'
import {hex, mix, textKey, uuid} from './random.ts'
import type {SandboxLogEvent} from './world.ts'

/** What Lambda wrote of the last run in a log group that nothing writes to any more, told as of a text log. */
export function lastRun(group: string, at: number, seed: number): readonly SandboxLogEvent[] {
  const key = textKey(group, seed)
  const requestId = uuid(mix(key, 31), mix(key, 32))
  const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '/')
  const lines = [
    `START RequestId: ${requestId} Version: $LATEST\n`,
    `END RequestId: ${requestId}\n`,
    `REPORT RequestId: ${requestId}\tDuration: 412.08 ms\tBilled Duration: 413 ms\tMemory Size: 256 MB\tMax Memory Used: 84 MB\t\n`,
  ]
  return stamp(
    lines.map(message => ({timestamp: at, message})),
    `${day}/[$LATEST]${hex(4, mix(key, 33), mix(key, 34))}`,
    mix(key, 35),
    mix(key, 36),
  )
}
