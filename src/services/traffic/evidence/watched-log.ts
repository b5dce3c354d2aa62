import type {Known, Unknown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {whyUnknown} from '../../fleet/why-unknown.ts'
import {attribute} from '../../logs/attribute.ts'
import {parseJson} from '../../logs/json-meaning.ts'
import type {SourcedEvent} from '../../logs/log-event.ts'
import {readPages} from '../../logs/pages.ts'
import type {LogSource} from '../../logs/source.ts'
import {isOfOtherClass} from '../../logs/tally.ts'
import type {Watched} from './evidence.ts'

/** of 10,000 lines each: as much as a read every twenty seconds can take in */
const mostPages = 40

/** lines arrive late by seconds, now and then by minutes: what is so old is not read again */
export const settledMs = 5 * 60_000

const readingLog = {doing: 'read its log', permission: 'logs:FilterLogEvents'}

export const noLogGroup: Unknown = {unknown: 'missing', detail: 'where it logs is not known'}

/** The log of a function that is watched; null where nobody knows where it is. */
export function logOf(aws: Aws, {functionName, functionArn, logGroup}: Watched): LogSource | null {
  if (logGroup === null) return null
  return {
    aws,
    scope: {...aws.scope, account: functionArn.split(':')[4] ?? aws.scope.account},
    logGroup,
    logGroupClass: null,
    functions: [{name: functionName, arn: functionArn}],
    only: null,
    mayBeMissing: false,
  }
}

/** Which of both versions it is. */
export type Side = 'canary' | 'baseline'

/**
 * Which of the versions a log stream is of; `untold` where its name does not tell, null for those of other versions and of
 * other functions.
 */
export function sideOfStream(source: LogSource, watched: Watched, logStream: string): Side | 'untold' | null {
  const {function: fn, version} = attribute(source, logStream)
  // in a group that others may use, a name that is not Lambda's own is nobody's
  if (version === null) return source.logGroup === `/aws/lambda/${watched.functionName}` ? 'untold' : null
  return fn === null ? null : sideOf(watched, version)
}

export function sideOf({canary, baseline}: Watched, version: string | null): Side | null {
  if (version === canary) return 'canary'
  return version === baseline ? 'baseline' : null
}

/** Terms of the lines with which an invocation begins, in text and in JSON. */
export const startTerms = '?"START RequestId" ?"platform.start"'

/** The version that a line names with which an invocation begins; null where it names none. */
export function versionStarted(message: string): string | null {
  if (message.startsWith('START RequestId: ')) return / Version: (\S+)/.exec(message)?.[1] ?? null
  const record = parseJson(message)?.['record']
  const version = typeof record === 'object' && record !== null && 'version' in record ? record.version : null
  return typeof version === 'string' ? version : null
}

export type Lines = {
  /** epoch ms, both inclusive */
  readonly start: number
  readonly end: number
  /** a CloudWatch filter pattern */
  readonly pattern: string
  /** at most a hundred */
  readonly logStreamNames?: readonly string[]
}

/**
 * Hands over lines a page at a time, in the order of time; a log with more of them than can be read in time is not known at all.
 * @throws the signal's reason on abort, or a bug
 */
export async function readLines(
  source: LogSource,
  {start, end, pattern, logStreamNames}: Lines,
  onLines: (lines: readonly SourcedEvent[]) => void,
  signal: AbortSignal,
): Promise<Known<null>> {
  const request = {
    startTime: start,
    endTime: end,
    filterPattern: pattern,
    ...(logStreamNames && {logStreamNames}),
  }
  let pages = 0
  try {
    for await (const page of readPages(source, request, {signal, firstPriority: 'small'})) {
      onLines(page.events())
      if (++pages >= mostPages && page.nextToken !== null) return tooMany(source)
    }
    return {value: null}
  } catch (error) {
    signal.throwIfAborted()
    if (isOfOtherClass(error))
      return {unknown: 'unsupported-class', detail: `${source.logGroup} is of a class that cannot be searched in time`}
    const why = whyUnknown(error, readingLog, signal)
    return why.unknown === 'missing' ? {...why, detail: `log group ${source.logGroup} is not there`} : why
  }
}

const tooMany = ({logGroup}: LogSource): Unknown => ({
  unknown: 'partial-data',
  detail: `${logGroup} has more lines than can be read in time`,
})
