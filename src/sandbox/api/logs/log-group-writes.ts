import type * as logsSdk from '@aws-sdk/client-cloudwatch-logs'
import type {Handlers} from '../../wire/define-service.ts'
import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxLogGroup} from '../../world/world.ts'
import type {Context} from '../context.ts'
import {isSystemTag, mostTags, systemTagsRefused, tooManyTags, withoutSystemTags} from '../system-tags.ts'
import {invalidParameter, logGroupArn, logGroupNameOf, noSuchGroup, requireLogGroup} from './log-group-names.ts'

/** What changes log groups and deletes them. */
export const logGroupWrites: Handlers<typeof logsSdk, Context> = {
  CreateLogGroup: ({logGroupName, logGroupClass, tags}, {world}) => {
    if (logGroupName.length > 512)
      throw invalidParameter('Invalid LogGroup or LogStream, both must have length less than or equal to 512.')
    if (tags) refuseTags(tags)
    if (world.logGroup(logGroupName))
      throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists')
    world.createLogGroup(logGroupName, {
      ...(logGroupClass !== undefined && {class: logGroupClass as SandboxLogGroup['class']}),
      ...(tags && {tags}),
    })
    return {}
  },

  DeleteLogGroup: (input, context) => {
    context.world.deleteLogGroup(requireLogGroup(context, {logGroupName: input.logGroupName}).name)
    return {}
  },

  PutRetentionPolicy: ({logGroupName, retentionInDays}, context) => {
    const group = requireLogGroup(context, {logGroupName})
    if (!retentionDays.has(retentionInDays))
      throw invalidParameter(
        `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${[...retentionDays].join(', ')}]`,
      )
    context.world.putRetention(group.name, retentionInDays)
    return {}
  },

  DeleteRetentionPolicy: ({logGroupName}, context) => {
    context.world.putRetention(requireLogGroup(context, {logGroupName}).name, null)
    return {}
  },

  TagResource: ({resourceArn, tags}, context) => {
    const group = groupOf(context, resourceArn)
    refuseTags({...withoutSystemTags(group.tags), ...tags})
    context.world.tagLogGroup(group.name, tags)
    return {}
  },

  UntagResource: ({resourceArn, tagKeys}, context) => {
    const group = groupOf(context, resourceArn)
    const known = tagKeys.filter(key => Object.hasOwn(group.tags, key))
    if (known.length > 0) context.world.untagLogGroup(group.name, known)
    return {}
  },

  ListTagsForResource: ({resourceArn}, context) => ({tags: {...groupOf(context, resourceArn).tags}}),
}

/** What PutRetentionPolicy takes (API reference: retentionInDays). */
const retentionDays: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
])

/** Tags are of a group as its ARN without `:*` names it. */
function groupOf(context: Context, resourceArn: string): SandboxLogGroup {
  const name = logGroupNameOf(resourceArn)
  const group = resourceArn === logGroupArn(context, name) ? context.world.logGroup(name) : undefined
  if (!group) throw noSuchGroup()
  return group
}

function refuseTags(tags: Readonly<Record<string, string>>): void {
  const keys = Object.keys(tags)
  if (keys.some(isSystemTag)) throw invalidParameter(systemTagsRefused)
  if (keys.length > mostTags) throw new ServiceError('TooManyTagsException', tooManyTags)
}
