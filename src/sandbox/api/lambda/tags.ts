import type * as lambdaSdk from '@aws-sdk/client-lambda'
import type {Handlers} from '../../wire/define-service.ts'
import type {Context} from '../context.ts'
import {isSystemTag, mostTags, systemTagsRefused, tooManyTags, withoutSystemTags} from '../system-tags.ts'
import {lambdaError, resolveFunction} from './function-name.ts'

/** The tags of functions. */
export const tags: Handlers<typeof lambdaSdk, Context> = {
  ListTags: ({Resource}, context) => {
    const [type, name] = Resource.split(':').slice(5)
    if (type === 'event-source-mapping' && context.world.eventSourceMappings().some(({uuid}) => uuid === name))
      return {Tags: {}}
    return {Tags: {...taggedFunction(context, Resource).tags}}
  },

  TagResource: ({Resource, Tags}, context) => {
    const fn = taggedFunction(context, Resource)
    if (Object.keys(Tags).length === 0) throw invalid('An error occurred and the request cannot be processed.')
    const added = readTags(Tags)
    readTags({...withoutSystemTags(fn.tags), ...added})
    context.world.tagFunction(fn.name, added)
    return {}
  },

  UntagResource: ({Resource, TagKeys}, context) => {
    const fn = taggedFunction(context, Resource)
    const known = TagKeys.filter(key => Object.hasOwn(fn.tags, key))
    if (known.some(isSystemTag)) throw invalid(systemTagsRefused)
    if (known.length > 0) context.world.untagFunction(fn.name, known)
    return {}
  },
}

/** @throws ServiceError InvalidParameterValueException for too many, and for those that only AWS sets */
export function readTags(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const keys = Object.keys(given)
  if (keys.some(isSystemTag)) throw invalid(systemTagsRefused)
  if (keys.length > mostTags) throw invalid(tooManyTags)
  return given
}

const invalid = (message: string) => lambdaError('InvalidParameterValueException', message)

function taggedFunction(context: Context, resource: string) {
  const [type = '', , aliasOrVersion] = resource.split(':').slice(5)
  if (type !== 'function')
    throw lambdaError('ResourceNotFoundException', `${resourceWords[type] ?? 'Resource'} not found: ${resource}`)
  if (aliasOrVersion !== undefined)
    throw invalid('Tags on function aliases and versions are not supported. Please specify a function ARN.')
  return resolveFunction(context, resource).fn
}

const resourceWords: Readonly<Record<string, string>> = {
  'event-source-mapping': 'Event source mapping',
  'capacity-provider': 'Capacity provider',
}
