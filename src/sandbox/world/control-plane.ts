// The control plane of a company: functions with their versions and aliases.
import type {CompanyFunction, CompanyStack} from './company.ts'
import {releaseAlias} from './invoked-history.ts'
import {eventInvokeConfigsOf, grantsOf, urlsOf} from './invokers.ts'
import type {Account} from './log-events.ts'
import {buildOf, createdAt, releasePoints, versionsOf} from './published-versions.ts'
import {mix, textKey, uuid} from './random.ts'
import {type RoutingStep, routingLagMs, unaliased, weightsOf} from './routing.ts'
import type {SandboxAlias, SandboxFunction, SandboxVersion} from './sandbox-function.ts'
import {ownSettings, settingsOf} from './version-settings.ts'

/**
 * The whole history of alias `live`: releases of the past, then what was changed since.
 * @param changed what clients made of it
 */
export function routingOf(
  definition: CompanyFunction,
  changed: readonly RoutingStep[],
  seed: number,
  firstUsedAt: number,
): readonly RoutingStep[] {
  if (!definition.releases) return unaliased
  const released = releasePoints(definition, seed, firstUsedAt).map(({version, at}, i) => ({
    from: i === 0 ? Number.NEGATIVE_INFINITY : at + routingLagMs,
    weights: weightsOf(version, {}),
  }))
  return [...released, ...changed]
}

export function describeFunction(
  definition: CompanyFunction,
  stack: CompanyStack,
  seed: number,
  firstUsedAt: number,
  where: Account,
): SandboxFunction {
  const key = textKey(definition.name, seed)
  const made = createdAt(definition, firstUsedAt)
  const described: SandboxFunction = {
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
      ? {alias: releaseAlias, count: definition.provisionedConcurrency}
      : null,
    reservedConcurrency: definition.reservedConcurrency ?? null,
    packageType: definition.packageType ?? 'Zip',
    roleArn: roleArn(`${definition.name}-role`, where),
    deadLetterArn: definition.deadLetterQueue ? queueArn(definition.deadLetterQueue, where) : null,
    layers: (definition.layers ?? []).map(layer => `arn:aws:lambda:${where.region}:${where.account}:layer:${layer}`),
    vpc: definition.vpc
      ? {
          subnetIds: ['subnet-0a41c7d92e5b38f60', 'subnet-0d83be1f6472a9c05'],
          securityGroupIds: ['sg-07e2c95ab14f8d360'],
          vpcId: 'vpc-0b92f4ad71c3e5806',
        }
      : null,
    ...makerOf(definition, stack, where),
    state: definition.state ?? 'Active',
    lastUpdate: 'Successful',
    ephemeralStorageMB: definition.ephemeralStorageMB ?? 512,
    masterArn: null,
    ...(definition.durable && {durable: {timeoutSeconds: 7200, retentionDays: 14}}),
    grants: grantsOf(definition, stack, where),
    urls: urlsOf(definition, made, where),
    eventInvokeConfigs: eventInvokeConfigsOf(definition, made, where),
    versions: versionsOf(definition, key, seed, firstUsedAt, where),
    aliases: aliasesOf(definition, key, seed, firstUsedAt),
  }
  return {
    ...described,
    versions: described.versions.map(version => withOwnSettings(described, version, definition, where)),
  }
}

const roleArn = (role: string, {account}: Account) => `arn:aws:iam::${account}:role/${role}`

const queueArn = (queue: string, {region, account}: Account) => `arn:aws:sqs:${region}:${account}:${queue}`

/** A version with what it was published with, where that is not what the function has. */
function withOwnSettings(
  fn: SandboxFunction,
  version: SandboxVersion,
  {waiting = []}: CompanyFunction,
  where: Account,
): SandboxVersion {
  const {role, deadLetterQueue} = waiting.find(each => String(each.version) === version.version) ?? {}
  if (role === undefined && deadLetterQueue === undefined) return version
  return {
    ...version,
    settings: {
      ...settingsOf(fn),
      ...ownSettings(version),
      ...(role !== undefined && {roleArn: roleArn(role, where)}),
      ...(deadLetterQueue !== undefined && {deadLetterArn: queueArn(deadLetterQueue, where)}),
    },
  }
}

/** By what it was made: its tags tell, and CloudFormation knows it by a name of its own. */
function makerOf(
  {name, managedBy}: CompanyFunction,
  stack: CompanyStack,
  where: Account,
): Pick<SandboxFunction, 'tags' | 'stack' | 'logicalId'> {
  if (managedBy === 'terraform')
    return {
      tags: {...stack.tags, ManagedBy: 'terraform', 'terraform:workspace': `${stack.name}-prod`},
      stack: '',
      logicalId: '',
    }
  return {
    tags: {
      ...stack.tags,
      'aws:cloudformation:stack-name': stack.name,
      'aws:cloudformation:stack-id': stackId(stack.name, where),
      'aws:cloudformation:logical-id': logicalIdOf(name),
    },
    stack: stack.name,
    logicalId: logicalIdOf(name),
  }
}

export function logGroupOf(definition: CompanyFunction): string {
  return definition.logGroup ?? `/aws/lambda/${definition.name}`
}

function aliasesOf(definition: CompanyFunction, key: number, seed: number, firstUsedAt: number): SandboxAlias[] {
  const serving = releasePoints(definition, seed, firstUsedAt).at(-1)
  if (!serving) return []
  const {version, at} = serving
  const revision = textKey(`${releaseAlias} ${version}`, key)
  return [
    {
      name: releaseAlias,
      description: buildOf(version),
      version,
      weights: {},
      revisionId: uuid(revision, mix(revision, 73)),
      ...(definition.provisionedConcurrency && {allocatedAt: {[version]: at}}),
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
