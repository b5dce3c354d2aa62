// The control plane of a company: functions with their versions and aliases.
import type {AliasChange, Change} from '../changes.ts'
import type {CompanyFunction, CompanyStack} from './company.ts'
import {imageDigest, packageOf} from './function-code.ts'
import {memorySizeOf} from './invocations.ts'
import {eventInvokeConfigsOf, grantsOf, urlsOf} from './invokers.ts'
import type {Account} from './log-events.ts'
import {draw, mix, textKey, uuid} from './random.ts'
import {type RoutingStep, routingLagMs, unaliased, weightsOf} from './routing.ts'
import type {SandboxAlias, SandboxFunction, SandboxVersion} from './sandbox-function.ts'

const dayMs = 86_400_000

/** When the incident's version was released: about nine minutes before the sandbox was first used. */
function incidentAt(seed: number, firstUsedAt: number): number {
  return firstUsedAt - 9 * 60_000 + Math.floor(80_000 * (draw(mix(seed, 71)) - 0.5))
}

type ReleasePoint = {readonly version: string; readonly at: number}

/** What alias `live` of a function was set to, and when; the first one counts from ever before. */
export function releasePoints(definition: CompanyFunction, seed: number, firstUsedAt: number): readonly ReleasePoint[] {
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
  return changes.filter(
    (change): change is AliasChange =>
      change.kind === 'alias' && change.functionName === functionName && change.alias === alias,
  )
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
  const made = createdAt(definition, firstUsedAt)
  return {
    name: definition.name,
    handler: definition.handler,
    description: definition.description,
    architecture: definition.architecture,
    logFormat: definition.logFormat ?? 'Text',
    applicationLogLevel: definition.logFormat === 'JSON' ? 'INFO' : null,
    logGroup: logGroupOf(definition),
    tracing: definition.tracing ?? 'PassThrough',
    systemLogLevel: definition.logFormat === 'JSON' ? (definition.systemLogLevel ?? 'INFO') : null,
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
    lastUpdate: 'Successful',
    ephemeralStorageMB: definition.ephemeralStorageMB ?? 512,
    masterArn: null,
    grants: grantsOf(definition, stack, where),
    urls: urlsOf(definition, made, where),
    eventInvokeConfigs: eventInvokeConfigsOf(definition, made, where),
    versions: versionsOf(definition, key, seed, firstUsedAt, where),
    aliases: aliasesOf(definition, key, changes, seed, firstUsedAt),
  }
}

/** Epoch ms of the day something of the company was created. */
export function createdAt({created}: Pick<CompanyFunction, 'created'>, firstUsedAt: number): number {
  return typeof created === 'string' ? Date.parse(created) : firstUsedAt - created.daysAgo * dayMs
}

export function logGroupOf(definition: CompanyFunction): string {
  return definition.logGroup ?? `/aws/lambda/${definition.name}`
}

/** Every build is a little larger or smaller. */
function codeSizeOf({codeSizeMB}: CompanyFunction, key: number, build: number): number {
  return Math.round(codeSizeMB * 1_048_576 * (0.97 + 0.03 * draw(mix(key, build))))
}

const imageRepository = (functionName: string, {account, region}: Account): string =>
  `${account}.dkr.ecr.${region}.amazonaws.com/${functionName}`

function versionsOf(
  definition: CompanyFunction,
  key: number,
  seed: number,
  firstUsedAt: number,
  where: Account,
): SandboxVersion[] {
  const points = releasePoints(definition, seed, firstUsedAt)
  const made = (version: string, description: string, publishedAt: number, build: number): SandboxVersion => ({
    version,
    description,
    publishedAt,
    memorySizeMB: memorySizeOf(definition, version),
    timeoutSeconds: definition.timeoutSeconds,
    runtime: definition.runtime,
    codeSize: codeSizeOf(definition, key, build),
    codeSha256:
      definition.packageType === 'Image'
        ? imageDigest(definition.name, build)
        : packageOf(definition.name, build).sha256,
    imageUri: definition.packageType === 'Image' ? `${imageRepository(definition.name, where)}:build-${build}` : null,
    behavesAs: definition.name,
    revisionId: uuid(mix(key, textKey(version)), mix(key, textKey(version) + 1)),
    environment: definition.environment ?? {},
  })
  const latest = points.at(-1)
  const changedAt = latest?.at ?? firstUsedAt - Math.floor((3 + 200 * draw(mix(key, 72)) ** 2) * dayMs)
  return [
    made(
      '$LATEST',
      definition.description,
      Math.max(createdAt(definition, firstUsedAt), changedAt - 3 * 60_000),
      Number(latest?.version ?? 0),
    ),
    ...olderVersions(definition, key, points[0]?.at ?? changedAt, Number(points[0]?.version ?? Number.NaN)).map(
      ({version, at}) => made(version, `build ${400 + Number(version) * 9} (main)`, at, Number(version)),
    ),
    // a pipeline publishes first and moves the alias a little over a minute later
    ...points.map(({version, at}) =>
      made(version, `build ${400 + Number(version) * 9} (main)`, at - 70_000, Number(version)),
    ),
  ]
}

/** Versions from before the first that is told of, oldest first: some weeks lie between one and the next. */
function olderVersions(
  {olderVersions: count = 0}: CompanyFunction,
  key: number,
  before: number,
  next: number,
): readonly ReleasePoint[] {
  const last = Number.isNaN(next) ? count : next - 1
  let at = before
  return Array.from({length: count}, (_, i) => {
    at -= Math.floor((9 + 34 * draw(mix(key, 7400 + i))) * dayMs)
    return {version: String(last - i), at}
  }).reverse()
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
export function logicalIdOf(name: string): string {
  return `${pascal(name)}Function`
}
export const pascal = (name: string) =>
  name.replace(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())

export function stackId(name: string, {account, region}: Account): string {
  const key = textKey(name)
  return `arn:aws:cloudformation:${region}:${account}:stack/${name}/${uuid(mix(key, 1), mix(key, 2))}`
}
