import type {AliasRef, AliasState} from '../../../src/services/traffic/alias/alias-state.ts'
import {type FakeAccount, type FakeCall, fakeAccount} from '../fleet/fake-account.ts'
import type {FakeClock} from '../logs/reader/fake-clock.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'

type Weights = Record<string, number>
export type FakeAlias = {FunctionVersion: string; weights: Weights; Description: string; RevisionId: string}

export type FakeAliases = {
  readonly aws: FakeAccount
  readonly clock: FakeClock
  /** by `functionName:alias` */
  readonly aliases: Map<string, FakeAlias>
  readonly versions: Set<string>
  /** is called before and after each UpdateAlias; what it throws is the answer */
  onUpdate: (phase: 'before' | 'after', call: FakeCall) => unknown
  /** somebody else writes an alias */
  foreign(name: string, change: Partial<FakeAlias>): void
  readonly updates: readonly FakeCall[]
}

export const arnOf = (functionName: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`
export const refOf = (functionName: string, alias = 'live'): AliasRef => ({
  functionName,
  functionArn: arnOf(functionName),
  alias,
})

/** Lambda's aliases with compare-and-set and the refusals that AWS was recorded to give (shift.md §1.2). */
export function fakeAliases(
  functionNames: readonly string[] = ['checkout-api'],
  more: Readonly<Record<string, (call: FakeCall) => unknown>> = {},
): FakeAliases {
  let revisions = 0
  const revision = (): string => `revision-${++revisions}`
  const versions = new Set(['41', '42', '43'])
  const aliases = new Map<string, FakeAlias>(
    functionNames.map(name => [
      `${name}:live`,
      {FunctionVersion: '41', weights: {}, Description: 'what customers call', RevisionId: revision()},
    ]),
  )
  const nameOf = ({input}: FakeCall): string => `${String(input['FunctionName']).split(':').at(-1)}:${input['Name']}`
  const answerOf = (alias: FakeAlias): unknown => ({
    FunctionVersion: alias.FunctionVersion,
    Description: alias.Description,
    RevisionId: alias.RevisionId,
    ...(Object.keys(alias.weights).length > 0 && {RoutingConfig: {AdditionalVersionWeights: {...alias.weights}}}),
  })
  const update = (call: FakeCall): unknown => {
    const {input} = call
    const alias = aliases.get(nameOf(call))
    if (!alias) throw awsError('ResourceNotFoundException', `Alias not found: ${arnOf(nameOf(call))}`, 404)
    if (input['RevisionId'] !== undefined && input['RevisionId'] !== alias.RevisionId)
      throw awsError(
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
        412,
      )
    const weights =
      (input['RoutingConfig'] as {AdditionalVersionWeights: Weights} | undefined)?.AdditionalVersionWeights ??
      alias.weights
    const version = String(input['FunctionVersion'] ?? alias.FunctionVersion)
    if (version in weights)
      throw awsError(
        'InvalidParameterValueException',
        `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
      )
    const gone = [version, ...Object.keys(weights)].find(each => !versions.has(each))
    if (gone)
      throw awsError(
        'ResourceNotFoundException',
        `Function not found: ${arnOf(nameOf(call).split(':')[0] ?? '')}:${gone}`,
        404,
      )
    const Description = String(input['Description'] ?? alias.Description)
    Object.assign(alias, {FunctionVersion: version, weights: {...weights}, Description, RevisionId: revision()})
    return answerOf(alias)
  }

  const aws = fakeAccount({
    answers: {
      UpdateAlias(call) {
        const instead = fake.onUpdate('before', call)
        if (instead !== undefined) return instead
        const answer = update(call)
        return fake.onUpdate('after', call) ?? answer
      },
      GetAlias(call) {
        const alias = aliases.get(nameOf(call))
        if (!alias) throw awsError('ResourceNotFoundException', `Cannot find alias arn: ${arnOf(nameOf(call))}`, 404)
        return answerOf(alias)
      },
      ...more,
    },
  })
  const fake: FakeAliases = {
    aws,
    clock: aws.fakeClock,
    aliases,
    versions,
    onUpdate: () => undefined,
    foreign(name, change) {
      Object.assign(aliases.get(name) ?? {}, change, {RevisionId: revision()})
    },
    get updates() {
      return aws.of('UpdateAlias')
    },
  }
  return fake
}

/** As a read of it would tell. */
export function stateIn({aliases}: FakeAliases, name = 'checkout-api:live'): AliasState {
  const {FunctionVersion = '', weights = {}, Description = '', RevisionId = ''} = aliases.get(name) ?? {}
  const [first] = Object.entries(weights)
  return {
    version: FunctionVersion,
    additional: first ? {version: first[0], weight: first[1]} : null,
    description: Description,
    revisionId: RevisionId,
  }
}
