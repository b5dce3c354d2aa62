import {createHash} from 'node:crypto'
import type {FilteredLogEvent, FilterLogEventsCommandOutput} from '@aws-sdk/client-cloudwatch-logs'
import type {SandboxLogEvent} from '../../world/world.ts'
import type {Context} from '../context.ts'
import {readableWindow, scanEvents} from './event-scan.ts'
import {
  invalidParameter,
  invalidToken,
  type LogGroupReference,
  noSuchStream,
  requireLogGroup,
  requireStandardClass,
} from './log-group-names.ts'
import {type Position, positionBefore, positionFromDigits, positionOf, positionToDigits} from './position.ts'

export type FilterRequest = LogGroupReference & {
  readonly logStreamNames?: readonly string[] | undefined
  readonly logStreamNamePrefix?: string | undefined
  readonly startTime?: number | undefined
  readonly endTime?: number | undefined
  readonly filterPattern?: string | undefined
  readonly nextToken?: string | undefined
  readonly limit?: number | undefined
  readonly startFromHead?: boolean | undefined
}

/** What a token says; everything else of the request must be sent again unchanged. */
type Progress = {readonly page: number; readonly newestFirst: boolean; readonly after: Position | undefined}

export const maxPageEvents = 10_000
export const maxPageBytes = 1024 * 1024
/** CloudWatch counts every event as its UTF-8 bytes and 26 more. */
export const eventOverheadBytes = 26
// AWS ends a page after so much work, found or not; how much it does not say.
const scannedPerPage = 20_000
const stepsPerPage = 240
const tokenLifeMs = 24 * 60 * 60 * 1000
const newestFirstSince = Date.UTC(2024, 0, 1)

/**
 * FilterLogEvents: one page of visible events in [startTime, endTime], both ends inclusive.
 * Short and empty pages with a token are as normal as with AWS; only a missing token is the end.
 */
export async function filterLogEvents(
  input: FilterRequest,
  context: Context,
): Promise<Omit<FilterLogEventsCommandOutput, '$metadata'>> {
  const group = requireLogGroup(context, input)
  requireStandardClass(group, 'FilterLogEvents')
  const streams = streamSelection(input, context, group.name)
  const matches = await matcherOf(input.filterPattern ?? '')
  const digest = digestOf(input, context, group.name)
  const progress = input.nextToken === undefined ? firstPage(input) : readToken(input.nextToken, digest, context.now)
  const {newestFirst} = progress
  const tokenAt = (after: Position | undefined) =>
    writeToken({page: progress.page + 1, newestFirst, after}, digest, context.now)

  if (context.pageFault === 'repeated-token') return emptyPage(input.nextToken ?? tokenAt(progress.after))
  const budget = pageBudget(input, context, digest, progress.page)
  if (budget === 0) return emptyPage(tokenAt(progress.after))

  const events: FilteredLogEvent[] = []
  let [bytes, scanned, steps] = [0, 0, 0]
  // a page looks at thousands of events, and only the place of one is told
  let last: SandboxLogEvent | undefined
  const position = () => (last ? positionOf(last) : progress.after)
  const window = readableWindow(group, context.now, {from: input.startTime, to: input.endTime})
  for (const step of scanEvents(context.world, {
    ...window,
    group: group.name,
    ...(streams && {streams}),
    newestFirst,
    after: progress.after,
    now: context.now,
  })) {
    for (const event of step.events) {
      if (matches(event.message)) {
        const size = Buffer.byteLength(event.message) + eventOverheadBytes
        if (events.length > 0 && bytes + size > maxPageBytes) return pageOf(events, tokenAt(position()))
        bytes += size
        const {logStream, timestamp, message, ingestionTime, eventId} = event
        events.push({logStreamName: logStream, timestamp, message, ingestionTime, eventId})
      }
      last = event
      if (events.length >= budget || ++scanned >= scannedPerPage) return pageOf(events, tokenAt(position()))
    }
    if (step.next === null) break
    if (++steps >= stepsPerPage) return pageOf(events, tokenAt(positionBefore(step.next, newestFirst)))
  }
  return pageOf(events, undefined)
}

const pageOf = (events: FilteredLogEvent[], nextToken: string | undefined) => ({
  events,
  searchedLogStreams: [],
  nextToken,
})
const emptyPage = (nextToken: string) => pageOf([], nextToken)

function firstPage({startFromHead, startTime = 0}: FilterRequest): Progress {
  if (startFromHead === false && startTime < newestFirstSince)
    throw invalidParameter(
      'Setting startFromHead to false is supported only when startTime is on or after Jan 1, 2024 00:00:00 UTC.',
    )
  return {page: 0, newestFirst: startFromHead === false, after: undefined}
}

/** How many events a page may hold: now and then fewer than asked, or none, decided by a hash of request and page number. */
function pageBudget(input: FilterRequest, context: Context, digest: string, page: number): number {
  const asked = input.limit ?? maxPageEvents
  if (context.pageFault === 'empty') return 0
  if (!context.irregularPages) return asked
  const dice = createHash('sha256').update(`${digest}/${page}`).digest()
  // A search that matches little meets empty pages far more often than a plain read.
  if ((dice[0] ?? 0) < (input.filterPattern ? 32 : 10)) return 0
  if ((dice[1] ?? 0) < 40) return Math.max(1, Math.floor((asked * (1 + (dice[2] ?? 0))) / 257))
  return asked
}

function streamSelection(input: FilterRequest, context: Context, group: string) {
  const {logStreamNames: names, logStreamNamePrefix: prefix} = input
  if (names?.length && prefix !== undefined)
    throw invalidParameter('LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.')
  if (prefix !== undefined) return {prefix}
  if (!names?.length) return undefined
  // A token is bound to names that were checked when it was made.
  if (input.nextToken === undefined) {
    const known = new Set(context.world.logStreams(group).map(stream => stream.name))
    if (names.some(name => !known.has(name))) throw noSuchStream()
  }
  return {names: new Set(names)}
}

/** @throws ServiceError InvalidParameterException for a pattern CloudWatch would refuse */
export async function matcherOf(pattern: string): Promise<(message: string) => boolean> {
  if (pattern.trim() === '') return () => true
  const {compileFilterPattern, FilterPatternError} = await import('../../../services/logs/filter-pattern/compile.ts')
  try {
    return compileFilterPattern(pattern)
  } catch (error) {
    throw error instanceof FilterPatternError ? invalidParameter('Invalid filter pattern') : error
  }
}

/** What a token is bound to: everything but limit and direction. */
function digestOf(input: FilterRequest, {region, world}: Context, group: string): string {
  const {startTime, endTime, filterPattern, logStreamNames, logStreamNamePrefix} = input
  const bound = [
    world.account,
    region,
    group,
    startTime,
    endTime,
    filterPattern ?? '',
    logStreamNames,
    logStreamNamePrefix,
  ]
  return createHash('sha256').update(JSON.stringify(bound)).digest('base64url').slice(0, 16)
}

function writeToken({page, newestFirst, after}: Progress, digest: string, now: number): string {
  const text = [digest, now.toString(36), page, newestFirst ? 'n' : 'o', after ? positionToDigits(after) : ''].join('/')
  return Buffer.from(text).toString('base64url')
}

function readToken(token: string, digest: string, now: number): Progress {
  const [bound, issued = '', page = '', direction, digits = ''] = Buffer.from(token, 'base64url').toString().split('/')
  const after = digits === '' ? undefined : positionFromDigits(digits)
  const age = now - Number.parseInt(issued, 36)
  if (bound !== digest || !(age <= tokenLifeMs) || (digits !== '' && !after)) throw invalidToken()
  return {page: Number(page), newestFirst: direction === 'n', after}
}
