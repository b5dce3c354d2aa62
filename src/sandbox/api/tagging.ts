import type * as taggingSdk from '@aws-sdk/client-resource-groups-tagging-api'
import {defineService} from '../wire/define-service.ts'
import {jsonRpc} from '../wire/json-rpc.ts'
import {sdkPackage} from '../wire/sdk-package.ts'
import {ServiceError} from '../wire/service-error.ts'
import type {Context} from './context.ts'
import {functionArn} from './lambda/function-name.ts'
import {logGroupArn} from './logs/log-group-names.ts'
import {pageAfter} from './paging.ts'

const tagging = sdkPackage<typeof taggingSdk>('@aws-sdk/client-resource-groups-tagging-api')

type Tagged = {readonly arn: string; readonly type: string; readonly tags: Readonly<Record<string, string>>}

export const service = defineService<typeof tagging, Context>(
  tagging,
  {
    signingName: 'tagging',
    iamPrefix: 'tag',
    validationError: 'InvalidParameterException',
    throttleError: 'ThrottledException',
    protocols: [jsonRpc('1.1', 'ResourceGroupsTaggingAPI_20170126')],
    constraints: {
      GetResources: {
        ResourcesPerPage: {min: 1, max: 100},
        TagFilters: {maxLength: 50},
        ResourceTypeFilters: {maxLength: 100},
        ResourceARNList: {minLength: 1, maxLength: 100},
      },
    },
  },
  {
    GetResources: (input, context) => {
      if (
        input.ResourceARNList &&
        (input.TagFilters || input.ResourceTypeFilters || input.ResourcesPerPage || input.PaginationToken)
      )
        throw new ServiceError(
          'InvalidParameterException',
          'ResourceARNList cannot be combined with filters or pagination',
        )
      const page = pageAfter(taggedResources(context), resource => resource.arn, {
        isWanted: resource =>
          (input.ResourceARNList?.includes(resource.arn) ?? true) &&
          (input.ResourceTypeFilters?.some(type => resource.type === type || resource.type.startsWith(`${type}:`)) ??
            true) &&
          (input.TagFilters ?? []).every(filter => hasTag(resource, filter.Key ?? '', filter.Values ?? [])),
        size: input.ResourcesPerPage ?? 100,
        // An empty token is what the first request of many clients carries.
        token: input.PaginationToken === '' ? undefined : input.PaginationToken,
        invalid: () =>
          new ServiceError(
            'PaginationTokenExpiredException',
            'The specified PaginationToken is invalid or has expired.',
          ),
      })
      return {
        PaginationToken: page.next ?? '',
        ResourceTagMappingList: page.items.map(({arn, tags}) => ({
          ResourceARN: arn,
          Tags: Object.entries(tags).map(([Key, Value]) => ({Key, Value})),
        })),
      }
    },
  },
)

/** Everything with a tag, by ARN. Resources that never had one are unknown to the tagging API. */
function taggedResources(context: Context): readonly Tagged[] {
  const {world} = context
  const [functions, logGroups] = [world.functions(), world.logGroups()]
  const known = listed.get(functions)
  if (known?.logGroups === logGroups) return known.tagged
  const tagged = [
    ...functions.map(({name, tags}) => ({arn: functionArn(context, name), type: 'lambda:function', tags})),
    ...logGroups.map(({name, tags}) => ({arn: logGroupArn(context, name), type: 'logs:log-group', tags})),
    ...world.stacks().map(({id, tags}) => ({arn: id, type: 'cloudformation:stack', tags})),
  ]
    .filter(({tags}) => Object.keys(tags).length > 0)
    .sort((a, b) => (a.arn < b.arn ? -1 : 1))
  listed.set(functions, {logGroups, tagged})
  return tagged
}

/** What was listed of a world stays as long as its lists do: it is asked for a page at a time. */
const listed = new WeakMap<object, {readonly logGroups: object; readonly tagged: readonly Tagged[]}>()

function hasTag({tags}: Tagged, key: string, values: readonly string[]): boolean {
  const value = tags[key]
  return value !== undefined && (values.length === 0 || values.includes(value))
}
