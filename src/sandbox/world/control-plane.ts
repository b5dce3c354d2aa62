// The control plane of a company: functions with their versions and aliases, stacks, event source mappings.
import {createHash} from 'node:crypto'
import type {AliasChange, Change} from '../state.ts'
import type {CompanyFunction, CompanyStack} from './company.ts'
import {type Account, functionArn} from './log-events.ts'
import {draw, mix, textKey, uuid} from './random.ts'
import {type RoutingStep, routingLagMs, unaliased, weightsOf} from './routing.ts'
import type {SandboxAlias, SandboxEventSourceMapping, SandboxFunction, SandboxStack, SandboxVersion} from './world.ts'

const dayMs = 86_400_000

/** When the incident's version was released: about nine minutes before the sandbox was first used. */
function incidentAt(seed: number, firstUsedAt: number): number {
  return firstUsedAt - 9 * 60_000 + Math.floor(80_000 * (draw(mix(seed, 71)) - 0.5))
}

type ReleasePoint = {readonly version: string; readonly at: number}

/** What alias `live` of a function was set to, and when; the first one counts from ever before. */
function releasePoints(definition: CompanyFunction, seed: number, firstUsedAt: number): readonly ReleasePoint[] {
  const key = textKey(definition.name, seed)
  const points = (definition.releases ?? []).map(({version, daysAgo}) => ({
    version: String(version),
    at: firstUsedAt - Math.floor((daysAgo + 0.4 * draw(mix(key, version))) * dayMs),
  }))
  if (definition.incidentVersion !== undefined)
    points.push({version: String(definition.incidentVersion), at: incidentAt(seed, firstUsedAt)})
  return points
}

/** The whole history of alias `live`: releases of the past, then what was changed since. */
export function routingOf(
  definition: CompanyFunction,
  changes: readonly Change[],
  seed: number,
  firstUsedAt: number,
): readonly RoutingStep[] {
  if (!definition.releases) return unaliased
  const released = releasePoints(definition, seed, firstUsedAt).map(({version, at}, i) => ({
    from: i === 0 ? Number.NEGATIVE_INFINITY : at + routingLagMs,
    weights: weightsOf(version, {}),
  }))
  const changed = aliasChanges(changes, definition.name, 'live').map(({at, version, weights}) => ({
    from: at + routingLagMs,
    weights: weightsOf(version, weights),
  }))
  return [...released, ...changed]
}

function aliasChanges(changes: readonly Change[], functionName: string, alias: string): AliasChange[] {
  return changes.filter(change => change.functionName === functionName && change.alias === alias)
}

export function describeFunction(
  definition: CompanyFunction,
  stack: CompanyStack,
  changes: readonly Change[],
  seed: number,
  firstUsedAt: number,
  where: Account,
): SandboxFunction {
  const key = textKey(definition.name, seed)
  return {
    name: definition.name,
    handler: definition.handler,
    description: definition.description,
    architecture: definition.architecture,
    logFormat: definition.logFormat ?? 'Text',
    applicationLogLevel: definition.logFormat === 'JSON' ? 'INFO' : null,
    logGroup: logGroupOf(definition),
    tracing: definition.tracing ?? 'PassThrough',
    snapStart: definition.snapStart ?? false,
    provisionedConcurrency: definition.provisionedConcurrency
      ? {alias: 'live', count: definition.provisionedConcurrency}
      : null,
    reservedConcurrency: definition.reservedConcurrency ?? null,
    packageType: definition.packageType ?? 'Zip',
    roleArn: `arn:aws:iam::${where.account}:role/${definition.name}-role`,
    deadLetterArn: definition.deadLetterQueue
      ? `arn:aws:sqs:${where.region}:${where.account}:${definition.deadLetterQueue}`
      : null,
    layers: (definition.layers ?? []).map(layer => `arn:aws:lambda:${where.region}:${where.account}:layer:${layer}`),
    vpc: definition.vpc
      ? {
          subnetIds: ['subnet-0a41c7d92e5b38f60', 'subnet-0d83be1f6472a9c05'],
          securityGroupIds: ['sg-07e2c95ab14f8d360'],
          vpcId: 'vpc-0b92f4ad71c3e5806',
        }
      : null,
    tags: {
      ...stack.tags,
      'aws:cloudformation:stack-name': stack.name,
      'aws:cloudformation:stack-id': stackId(stack.name, where),
      'aws:cloudformation:logical-id': logicalIdOf(definition.name),
    },
    stack: stack.name,
    logicalId: logicalIdOf(definition.name),
    state: definition.state ?? 'Active',
    ephemeralStorageMB: 512,
    versions: versionsOf(definition, key, seed, firstUsedAt),
    aliases: aliasesOf(definition, key, changes, seed, firstUsedAt),
  }
}

export function logGroupOf(definition: CompanyFunction): string {
  return definition.logGroup ?? `/aws/lambda/${definition.name}`
}

function versionsOf(definition: CompanyFunction, key: number, seed: number, firstUsedAt: number): SandboxVersion[] {
  const points = releasePoints(definition, seed, firstUsedAt)
  const made = (version: string, description: string, publishedAt: number, build: number): SandboxVersion => ({
    version,
    description,
    publishedAt,
    memorySizeMB: definition.memorySizeMB,
    timeoutSeconds: definition.timeoutSeconds,
    runtime: definition.runtime,
    codeSize: Math.round(definition.codeSizeMB * 1_048_576 * (0.97 + 0.03 * draw(mix(key, build)))),
    codeSha256: createHash('sha256').update(`${definition.name} ${build}`).digest('base64'),
    revisionId: uuid(mix(key, textKey(version)), mix(key, textKey(version) + 1)),
    environment: definition.environment ?? {},
  })
  const latest = points.at(-1)
  const changedAt = latest?.at ?? firstUsedAt - Math.floor((3 + 200 * draw(mix(key, 72)) ** 2) * dayMs)
  return [
    made(
      '$LATEST',
      definition.description,
      Math.max(Date.parse(definition.created), changedAt - 3 * 60_000),
      Number(latest?.version ?? 0),
    ),
    // a pipeline publishes first and moves the alias a little over a minute later
    ...points.map(({version, at}) =>
      made(version, `build ${400 + Number(version) * 9} (main)`, at - 70_000, Number(version)),
    ),
  ]
}

function aliasesOf(
  definition: CompanyFunction,
  key: number,
  changes: readonly Change[],
  seed: number,
  firstUsedAt: number,
): SandboxAlias[] {
  const serving = releasePoints(definition, seed, firstUsedAt).at(-1)
  if (!serving) return []
  const written = aliasChanges(changes, definition.name, 'live')
  const last = written.at(-1)
  const revision = textKey(`live ${last?.version ?? serving.version} ${written.length}`, key)
  return [
    {
      name: 'live',
      description: last?.description ?? `build ${400 + Number(serving.version) * 9} (main)`,
      version: last?.version ?? serving.version,
      weights: last?.weights ?? {},
      revisionId: uuid(revision, mix(revision, 73)),
    },
  ]
}

/** `checkout-api` → `CheckoutApiFunction` */
function logicalIdOf(name: string): string {
  return `${pascal(name)}Function`
}
const pascal = (name: string) =>
  name.replace(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())

function stackId(name: string, {account, region}: Account): string {
  const key = textKey(name)
  return `arn:aws:cloudformation:${region}:${account}:stack/${name}/${uuid(mix(key, 1), mix(key, 2))}`
}

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
      ...nested,
    ],
  }
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
