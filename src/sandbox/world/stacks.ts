// The stacks of a company with what is in them, and its event source mappings.
import type {CompanyStack} from './company.ts'
import {logGroupOf, logicalIdOf, pascal, stackId} from './control-plane.ts'
import {describeRules, describeSchedules} from './invokers.ts'
import {type Account, functionArn} from './log-events.ts'
import {releasePoints} from './published-versions.ts'
import {queuesIn} from './queues.ts'
import {mix, textKey, uuid} from './random.ts'
import type {SandboxEventSourceMapping, SandboxStack} from './sandbox-resources.ts'

export function describeStack(
  stack: CompanyStack,
  all: readonly CompanyStack[],
  logGroups: ReadonlySet<string>,
  seed: number,
  firstUsedAt: number,
  where: Account,
): SandboxStack {
  const createdAt = Date.parse(stack.created)
  const releases = stack.functions.flatMap(definition => releasePoints(definition, seed, firstUsedAt).map(({at}) => at))
  const updatedAt = Math.max(createdAt, ...releases)
  const resource = (logicalId: string, type: string, physicalId: string) => ({
    logicalId,
    physicalId,
    type,
    status: type === 'AWS::CloudFormation::Stack' ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE',
    updatedAt: type === 'AWS::Lambda::Alias' ? updatedAt : createdAt + 90_000,
  })
  const ofFunctions = stack.functions.flatMap(definition => {
    const {name} = definition
    if (definition.managedBy) return []
    const group = logGroupOf(definition)
    return [
      resource(logicalIdOf(name), 'AWS::Lambda::Function', name),
      resource(`${pascal(name)}Role`, 'AWS::IAM::Role', `${name}-role`),
      ...(definition.releases
        ? [resource(`${pascal(name)}LiveAlias`, 'AWS::Lambda::Alias', functionArn(where, name, 'live'))]
        : []),
      ...(definition.retentionInDays && !definition.logGroup && logGroups.has(group)
        ? [resource(`${pascal(name)}Logs`, 'AWS::Logs::LogGroup', group)]
        : []),
    ]
  })
  const nested = all
    .filter(({parent}) => parent === stack.name)
    .map(({name}) => resource(name.split('-').at(-2) ?? name, 'AWS::CloudFormation::Stack', stackId(name, where)))
  const told = new Set((stack.resources ?? []).map(([, type, physicalId]) => `${type} ${physicalId}`))
  const further = startersIn(stack, where).filter(([, type, physicalId]) => !told.has(`${type} ${physicalId}`))
  return {
    name: stack.name,
    id: stackId(stack.name, where),
    description: stack.description,
    status: 'UPDATE_COMPLETE',
    createdAt,
    updatedAt,
    parent: stack.parent ?? null,
    tags: stack.tags,
    resources: [
      ...ofFunctions,
      ...(stack.logGroups ?? []).map(({name}) => resource(`${pascal(name)}Logs`, 'AWS::Logs::LogGroup', name)),
      ...(stack.mappings ?? []).map(mapping =>
        resource(
          `${pascal(mapping.functionName)}Source`,
          'AWS::Lambda::EventSourceMapping',
          mappingUuid(mapping.functionName, mapping.source),
        ),
      ),
      ...(stack.resources ?? []).map(([logicalId, type, physicalId]) => resource(logicalId, type, physicalId)),
      ...further.map(([logicalId, type, physicalId]) => resource(logicalId, type, physicalId)),
      ...nested,
    ],
  }
}

type Resource = readonly [logicalId: string, type: string, physicalId: string]

/** What starts the stack's functions. */
function startersIn(stack: CompanyStack, where: Account): readonly Resource[] {
  return [
    ...describeRules(stack, where).map(({name}): Resource => [`${pascal(name)}Rule`, 'AWS::Events::Rule', name]),
    ...describeSchedules(stack, where).map(
      ({name}): Resource => [`${pascal(name)}Schedule`, 'AWS::Scheduler::Schedule', name],
    ),
    ...queuesIn(stack).map(
      ({name}): Resource => [
        `${pascal(name)}Queue`,
        'AWS::SQS::Queue',
        `https://sqs.${where.region}.amazonaws.com/${where.account}/${name}`,
      ],
    ),
  ]
}

function mappingUuid(functionName: string, source: string): string {
  const key = textKey(`${functionName} ${source}`)
  return uuid(mix(key, 1), mix(key, 2))
}

export function describeMappings(stack: CompanyStack, where: Account): SandboxEventSourceMapping[] {
  return (stack.mappings ?? []).map(({functionName, source, batchSize, state, lastProcessingResult}) => {
    const colon = source.indexOf(':')
    return {
      uuid: mappingUuid(functionName, source),
      functionName,
      qualifier: stack.functions.find(({name}) => name === functionName)?.releases ? 'live' : null,
      eventSourceArn: `arn:aws:${source.slice(0, colon)}:${where.region}:${where.account}:${source.slice(colon + 1)}`,
      state: state ?? 'Enabled',
      batchSize,
      lastModified: Date.parse(stack.created) + 120_000,
      lastProcessingResult: lastProcessingResult ?? 'OK',
    }
  })
}
