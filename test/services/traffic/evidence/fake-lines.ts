import type {FilterLogEventsCommandInput} from '@aws-sdk/client-cloudwatch-logs'
import {compileFilterPattern} from '../../../../src/services/logs/filter-pattern/compile.ts'
import {type FakeCall, now} from '../../fleet/fake-account.ts'
import {watchedOf} from './shifted-company.ts'

/** When the first minute of these shifts began. */
export const start = now - 10 * 60_000
export const options = {since: start + 20_000, gateFilter: null}
export const one = watchedOf('fn', '41', '42', {slowMs: 250})

export type Line = {readonly at: number; readonly message: string; readonly stream?: string}

export const streamOf = (version: string, n = 1): string => `2026/11/20/[${version}]${n.toString(16).padStart(32, '0')}`

/** FilterLogEvents over some lines, those of a group that is written so. */
export const linesOf =
  (lines: readonly Line[]) =>
  ({input}: FakeCall): object => {
    const {
      startTime = 0,
      endTime = 0,
      filterPattern = '',
      logStreamNames,
    } = input as unknown as FilterLogEventsCommandInput
    const matches = compileFilterPattern(filterPattern)
    const events = lines
      .filter(
        ({at, message, stream = streamOf('42')}) =>
          at >= startTime && at <= endTime && matches(message) && (logStreamNames?.includes(stream) ?? true),
      )
      .map(({at, message, stream = streamOf('42')}, i) => ({
        timestamp: at,
        ingestionTime: at,
        eventId: String(i),
        logStreamName: stream,
        message,
      }))
    return {events}
  }

export const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
export const started = (n: number, version = '42'): string => `START RequestId: ${idOf(n)} Version: ${version}`
export const reported = (n: number, ms: number, more = ''): string =>
  `REPORT RequestId: ${idOf(n)}\tDuration: ${ms} ms\tBilled Duration: ${ms} ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\t${more}`

/** So many that latency counts from then on, in the first minute. */
export const warmUp: readonly Line[] = Array.from({length: 20}, (_, i) => ({
  at: start + 21_000 + 10 * i,
  message: reported(900 + i, 10),
}))
