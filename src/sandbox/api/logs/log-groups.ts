import type {
  DescribeLogGroupsCommandOutput,
  ListLogGroupsCommandOutput,
  LogGroup,
} from '@aws-sdk/client-cloudwatch-logs'
import type {SandboxLogGroup} from '../../world/world.ts'
import type {Context} from '../context.ts'
import {pageAfter} from '../paging.ts'
import {invalidParameter, invalidToken, logGroupArn, logGroupNameOf} from './log-group-names.ts'

export type DescribeRequest = {
  readonly logGroupNamePrefix?: string | undefined
  readonly logGroupNamePattern?: string | undefined
  readonly logGroupIdentifiers?: readonly string[] | undefined
  readonly logGroupClass?: string | undefined
  readonly nextToken?: string | undefined
  readonly limit?: number | undefined
}

export type ListRequest = {
  readonly logGroupNamePattern?: string | undefined
  readonly logGroupClass?: string | undefined
  readonly logGroupTags?: readonly {readonly key: string; readonly values?: readonly string[] | undefined}[] | undefined
  readonly nextToken?: string | undefined
  readonly limit?: number | undefined
}

/** DescribeLogGroups: by prefix, or by a case-sensitive part of the name, which answers fewer fields. */
export function describeLogGroups(
  input: DescribeRequest,
  context: Context,
): Omit<DescribeLogGroupsCommandOutput, '$metadata'> {
  const {logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers: identifiers} = input
  if (prefix !== undefined && pattern !== undefined)
    throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.')
  const names = identifiers && new Set(identifiers.map(logGroupNameOf))
  const page = pageAfter(byName(context), group => group.name, {
    isWanted: group =>
      group.name.startsWith(prefix ?? '') &&
      group.name.includes(pattern ?? '') &&
      (names?.has(group.name) ?? true) &&
      (input.logGroupClass === undefined || input.logGroupClass === group.class),
    size: input.limit ?? 50,
    token: input.nextToken,
    invalid: invalidToken,
  })
  const describe = pattern === undefined ? describeFully : describeBriefly
  return {logGroups: page.items.map(group => describe(context, group)), nextToken: page.next}
}

/** ListLogGroups: up to 1000 a page, by anchored or unanchored name parts and by tags. */
export function listLogGroups(input: ListRequest, context: Context): Omit<ListLogGroupsCommandOutput, '$metadata'> {
  const matchesName = nameMatcher(input.logGroupNamePattern)
  const page = pageAfter(byName(context), group => group.name, {
    isWanted: group =>
      matchesName(group.name) &&
      (input.logGroupClass === undefined || input.logGroupClass === group.class) &&
      (input.logGroupTags ?? []).every(filter => hasTag(group, filter.key, filter.values ?? [])),
    size: input.limit ?? 1000,
    token: input.nextToken,
    invalid: invalidToken,
  })
  return {
    logGroups: page.items.map(group => ({
      logGroupName: group.name,
      logGroupArn: logGroupArn(context, group.name),
      logGroupClass: group.class,
    })),
    nextToken: page.next,
  }
}

function byName({world}: Context): readonly SandboxLogGroup[] {
  const groups = world.logGroups()
  const sorted = ordered.get(groups) ?? groups.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  ordered.set(groups, sorted)
  return sorted
}

/** A world's list is the same as long as nothing changes, and asked for a page at a time. */
const ordered = new WeakMap<readonly SandboxLogGroup[], readonly SandboxLogGroup[]>()

// As recorded in pattern mode: neither size nor retention nor deletion protection.
function describeBriefly(context: Context, group: SandboxLogGroup): LogGroup {
  const arn = logGroupArn(context, group.name)
  return {
    arn: `${arn}:*`,
    creationTime: group.createdAt,
    logGroupArn: arn,
    logGroupClass: group.class,
    logGroupName: group.name,
    metricFilterCount: 0,
  }
}

function describeFully(context: Context, group: SandboxLogGroup): LogGroup {
  return {
    ...describeBriefly(context, group),
    deletionProtectionEnabled: false,
    storedBytes: group.storedBytes,
    ...(group.retentionInDays !== null && {retentionInDays: group.retentionInDays}),
  }
}

// At most five alternatives of 3 to 24 characters, each of which `^` ties to the beginning of the name.
const namePattern = /^\^?[\w./#-]{3,24}(\|\^?[\w./#-]{3,24}){0,4}$/

function nameMatcher(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true
  if (!namePattern.test(pattern)) throw invalidParameter('The specified logGroupNamePattern is invalid.')
  const parts = pattern.split('|')
  return name => parts.some(part => (part.startsWith('^') ? name.startsWith(part.slice(1)) : name.includes(part)))
}

/** A tag filter's values are alternatives, may begin or end with `*`, ignore case, and `!` turns one round. */
function hasTag({tags}: SandboxLogGroup, key: string, values: readonly string[]): boolean {
  const value = tags[key]
  if (value === undefined) return false
  return (
    values.length === 0 ||
    values.some(wanted =>
      wanted.startsWith('!') ? !matchesTagValue(value, wanted.slice(1)) : matchesTagValue(value, wanted),
    )
  )
}

function matchesTagValue(value: string, wanted: string): boolean {
  const [have, want] = [value.toLowerCase(), wanted.toLowerCase()]
  const core = want.replace(/^\*|\*$/g, '')
  if (want.startsWith('*') && want.endsWith('*')) return have.includes(core)
  if (want.startsWith('*')) return have.endsWith(core)
  return want.endsWith('*') ? have.startsWith(core) : have === want
}
