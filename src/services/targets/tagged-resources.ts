import type {ResourceTagMapping} from '@aws-sdk/client-resource-groups-tagging-api'
import {UserError} from '../../errors.ts'
import {ask, paged} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {firstNames, listedHint, nearestHint} from './nearest-names.ts'
import type {Tag} from './parse-target.ts'
import {explained} from './refusal.ts'

/** Names of what carries all of the tags. */
export type TaggedResources = {
  readonly tags: string
  readonly functions: ReadonlySet<string>
  readonly logGroups: ReadonlySet<string>
}

/**
 * The functions, and where asked the log groups, that carry all the tags.
 * The tagging API is eventually consistent: it may name what was deleted a while ago.
 * @throws UserError: nothing carries them (with the nearest tags), or a refusal
 */
export async function taggedResources(
  aws: Aws,
  tags: readonly Tag[],
  withLogGroups: boolean,
  signal: AbortSignal | undefined,
): Promise<TaggedResources> {
  const functions = new Set<string>()
  const logGroups = new Set<string>()
  const asked = tags.map(({key, value}) => `${key}=${value}`).join(' ')
  try {
    for await (const page of mappings(aws, tags, withLogGroups, signal)) {
      for (const {ResourceARN = ''} of page) {
        const [, , service, , , type, name] = ResourceARN.split(':')
        if (service === 'lambda' && type === 'function' && name) functions.add(name)
        if (service === 'logs' && type === 'log-group' && name) logGroups.add(name)
      }
    }
  } catch (error) {
    throw explained(error, {
      doing: 'find functions by tag',
      permission: 'tag:GetResources',
      instead: 'name the functions',
    })
  }
  if (functions.size + logGroups.size === 0) {
    const inUse = await firstNames(tagsInUse(aws, signal), 2_000, signal)
    throw new UserError(`no function carries ${asked}`, {
      code: 'NoMatch',
      hint:
        nearestHint(asked, inUse) ??
        listedHint(inUse, `tags on functions in ${aws.scope.region}`) ??
        `no function in ${aws.scope.region} carries any tag`,
    })
  }
  return {tags: asked, functions, logGroups}
}

async function* mappings(
  aws: Aws,
  tags: readonly Tag[],
  withLogGroups: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ResourceTagMapping[]> {
  const client = await aws.tagging()
  const {GetResourcesCommand} = sdk.tagging()
  const filters = tags.map(({key, value}) => ({Key: key, Values: [value]}))
  yield* paged(async token => {
    const command = new GetResourcesCommand({
      ...(filters.length > 0 && {TagFilters: filters}),
      ResourceTypeFilters: withLogGroups ? ['lambda:function', 'logs:log-group'] : ['lambda:function'],
      ResourcesPerPage: 100,
      PaginationToken: token,
    })
    const page = await ask(aws, 'GetResources', options => client.send(command, options), signal)
    return {items: page.ResourceTagMappingList, next: page.PaginationToken}
  })
}

/** The tags that functions carry, each as `key=value`, as AWS pages them. */
export async function* tagsInUse(aws: Aws, signal: AbortSignal | undefined): AsyncGenerator<readonly string[]> {
  for await (const page of mappings(aws, [], false, signal))
    yield page.flatMap(({Tags = []}) => Tags.map(({Key, Value}) => `${Key}=${Value}`))
}

/**
 * The tags of every function that has any, as AWS pages them.
 * @throws what AWS said, untranslated
 */
export async function* tagsByFunction(
  aws: Aws,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly {readonly name: string; readonly tags: Readonly<Record<string, string>>}[]> {
  for await (const page of mappings(aws, [], false, signal))
    yield page.flatMap(({ResourceARN = '', Tags = []}) => {
      const [, , service, , , type, name] = ResourceARN.split(':')
      if (service !== 'lambda' || type !== 'function' || !name) return []
      return [{name, tags: Object.fromEntries(Tags.map(({Key = '', Value = ''}) => [Key, Value]))}]
    })
}
