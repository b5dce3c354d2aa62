import {UserError} from '../../errors.ts'
import {ask, paged} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {isCredentialProblem, isDenied, isForeignAnswer, isThrottle} from '../aws/failures.ts'
import {sdk} from '../aws/sdk.ts'
import type {LogGroupClass} from '../logs/source.ts'
import {literalPieces, type NamePattern} from './name-pattern.ts'
import {listedHint, nearestHint} from './nearest-names.ts'
import {accountOf} from './place.ts'
import {explained} from './refusal.ts'

export type LogGroupListing = {
  /** by name; null where the answer does not tell the class */
  readonly classes: ReadonlyMap<string, LogGroupClass | null>
  /** null where no group was listed */
  readonly account: string | null
  /** every group of the region is there, so what is not does not exist */
  readonly complete: boolean
}

type ListedGroup = {readonly name: string; readonly arn: string; readonly class: LogGroupClass | null}

/**
 * Log groups of the region: by ListLogGroups, 1,000 a call, or where that is refused or unknown to the server by
 * DescribeLogGroups, 50 a call.
 * @param globs lets the server leave out what none of them can match, where they allow it; null: every group
 * @throws UserError; exit 4 where neither is allowed
 */
export async function listLogGroups(
  aws: Aws,
  globs: readonly NamePattern[] | null,
  signal: AbortSignal | undefined,
): Promise<LogGroupListing> {
  const pattern = globs && serverPattern(globs)
  try {
    return await gathered(listed(aws, pattern, signal), !pattern)
  } catch (error) {
    if (!isRefusedOrUnknown(error)) throw explained(error, purpose)
  }
  const prefix = globs && commonPrefix(globs)
  try {
    return await gathered(described(aws, prefix, signal), !prefix)
  } catch (error) {
    throw explained(error, purpose)
  }
}

const purpose = {
  doing: 'list log groups',
  permission: 'logs:ListLogGroups or logs:DescribeLogGroups',
  instead: 'give log groups by their exact names',
}

/**
 * The error for a log group that is not there, with the nearest names as far as they may be listed.
 * @param known all names of the region, where they were listed already
 */
export async function noSuchLogGroup(
  aws: Aws,
  text: string,
  known: Iterable<string> | null,
  signal?: AbortSignal,
): Promise<UserError> {
  let names = known && [...known]
  if (!names) {
    try {
      names = [...(await listLogGroups(aws, null, signal)).classes.keys()]
    } catch {
      signal?.throwIfAborted()
      names = []
    }
  }
  return new UserError(`no log group matches ${text}`, {
    code: 'NoMatch',
    hint:
      nearestHint(text, names) ??
      listedHint(names, `log groups in ${aws.scope.region}`) ??
      `${aws.scope.region} has no log groups that could be listed: check --region and --profile`,
  })
}

async function gathered(pages: AsyncIterable<readonly ListedGroup[]>, complete: boolean): Promise<LogGroupListing> {
  const classes = new Map<string, LogGroupClass | null>()
  let account: string | null = null
  for await (const page of pages) {
    for (const group of page) {
      classes.set(group.name, group.class)
      account ??= accountOf(group.arn)
    }
  }
  return {classes, account, complete}
}

async function* listed(
  aws: Aws,
  pattern: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ListedGroup[]> {
  const client = await aws.logs()
  const {ListLogGroupsCommand} = sdk.logs()
  yield* paged(async nextToken => {
    const command = new ListLogGroupsCommand({limit: 1000, ...(pattern && {logGroupNamePattern: pattern}), nextToken})
    const page = await ask(aws, 'ListLogGroups', options => client.send(command, options), signal)
    const items = page.logGroups?.map(({logGroupName = '', logGroupArn = '', logGroupClass}) => ({
      name: logGroupName,
      arn: logGroupArn,
      class: knownClass(logGroupClass),
    }))
    return {items, next: page.nextToken}
  })
}

async function* described(
  aws: Aws,
  prefix: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ListedGroup[]> {
  const client = await aws.logs()
  const {DescribeLogGroupsCommand} = sdk.logs()
  yield* paged(async nextToken => {
    const command = new DescribeLogGroupsCommand({limit: 50, ...(prefix && {logGroupNamePrefix: prefix}), nextToken})
    const page = await ask(aws, 'DescribeLogGroups', options => client.send(command, options), signal)
    const items = page.logGroups?.map(({logGroupName = '', arn = '', logGroupClass}) => ({
      name: logGroupName,
      arn,
      class: knownClass(logGroupClass),
    }))
    return {items, next: page.nextToken}
  })
}

/** A class that slsops knows, as AWS calls it. */
export const knownClass = (text: string | undefined): LogGroupClass | null =>
  text === 'STANDARD' || text === 'INFREQUENT_ACCESS' || text === 'DELIVERY' ? text : null

/**
 * ListLogGroups' logGroupNamePattern: up to five pieces of 3–24 characters, `^` where names begin with it.
 * It only spares pages: what comes back is matched again. Null where some glob has no such piece.
 */
export function serverPattern(globs: readonly NamePattern[]): string | null {
  if (globs.length === 0 || globs.length > 5) return null
  const pieces = globs.map(({text}) => {
    const longest = literalPieces(text).reduce((best, piece) => (piece.text.length > best.text.length ? piece : best), {
      text: '',
      start: false,
    })
    return longest.text.length >= 3 ? `${longest.start ? '^' : ''}${longest.text.slice(0, 24)}` : null
  })
  return pieces.includes(null) ? null : [...new Set(pieces)].join('|')
}

function commonPrefix(globs: readonly NamePattern[]): string | null {
  const starts = globs.map(({text}) => literalPieces(text).find(piece => piece.start)?.text ?? '')
  const first = starts[0] ?? ''
  let length = first.length
  while (length > 0 && !starts.every(start => start.startsWith(first.slice(0, length)))) length--
  return first.slice(0, length) || null
}

function isRefusedOrUnknown(error: unknown): boolean {
  if (isDenied(error) || isForeignAnswer(error)) return true
  const status = (error as {$metadata?: {httpStatusCode?: number}}).$metadata?.httpStatusCode ?? 0
  return (status === 501 || (status >= 400 && status < 500)) && !isThrottle(error) && !isCredentialProblem(error)
}
