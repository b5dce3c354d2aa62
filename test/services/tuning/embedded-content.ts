import {
  GetFunctionCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {settled} from '../../../src/services/tuning/arena/settled.ts'
import type {Mode, TunePlan} from '../../../src/services/tuning/tune-plan.ts'
import {logGroupsFrom} from '../../../src/services/tuning/undo/remove-ours.ts'
import {ongoing} from '../fleet/fake-account.ts'
import {fakePlan} from './tuned.ts'

const name = 'checkout-api'

/** A plan for a function of the embedded AWS as it is: its own size, and two others. */
export async function embeddedPlan(aws: Aws, mode: Mode): Promise<TunePlan> {
  const configuration = await settled(aws, name, null, {signal: ongoing(), doing() {}})
  if (!configuration) throw new Error('the company has it')
  const architecture = configuration.Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64'
  const memorySizeMB = configuration.MemorySize ?? 0
  const candidates = [128, memorySizeMB, 3008].map(size => ({memorySizeMB: size, architecture}) as const)
  return fakePlan(configuration, mode, {candidates})
}

const movesByItself = new Set(['RevisionId', 'LastModified', '$metadata', 'Location'])

/** All that can be read of that function, and what of a run could be left, without what AWS changes with every write. */
export async function embeddedContent(aws: Aws): Promise<unknown> {
  const client = await aws.lambda()
  const ofFunction = {FunctionName: name}
  const all = [
    await client.send(new GetFunctionCommand(ofFunction)),
    (await client.send(new ListVersionsByFunctionCommand(ofFunction))).Versions,
    (await client.send(new ListAliasesCommand(ofFunction))).Aliases,
    (await client.send(new ListFunctionsCommand({}))).Functions?.map(({FunctionName}) => FunctionName),
    await logGroupsFrom(aws, '/aws/lambda/slsops-tune-', ongoing()),
  ]
  return JSON.parse(JSON.stringify(all, (key, value) => (movesByItself.has(key) ? undefined : value)))
}
