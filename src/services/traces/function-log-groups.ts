import type {Aws} from '../aws/connect.ts'
import {isDenied} from '../aws/failures.ts'
import type {FunctionRef, LogSource} from '../logs/source.ts'
import {readConfiguration} from '../targets/read-functions.ts'
import {explainedFailure} from '../targets/refusal.ts'
import type {FunctionArn} from './function-nodes.ts'
import {gapAfterFailure, type TraceReading} from './trace-reading.ts'

type FunctionOfTrace = {readonly functionArn: FunctionArn; readonly logGroup: string | null}

/**
 * The log groups of functions by their ARN: as their segments name them, else as their LoggingConfig does. A group that
 * several of them share is one source. What cannot be known becomes a gap, and is not in the answer.
 */
export async function functionLogGroups(
  reading: TraceReading,
  functions: readonly FunctionOfTrace[],
): Promise<ReadonlyMap<string, LogSource>> {
  const found = await Promise.all(
    [...Map.groupBy(functions, ({functionArn}) => functionArn.arn)].map(async ([, alike]) => {
      const [{functionArn}] = alike as [FunctionOfTrace]
      const aws = await wayTo(reading, functionArn)
      const named = alike.find(({logGroup}) => logGroup !== null)?.logGroup ?? null
      const logGroup = aws && (named ?? (await configuredGroup(reading, aws, functionArn)))
      return aws && logGroup ? [{functionArn, aws, logGroup}] : []
    }),
  )
  const groups = Map.groupBy(found.flat(), ({aws, logGroup}) => `${reading.all.indexOf(aws)} ${logGroup}`)
  const sources = [...groups.values()].flatMap(alike => {
    const [{aws, logGroup, functionArn}] = alike as [(typeof alike)[number]]
    const functions: readonly FunctionRef[] = alike.map(({functionArn: {name, arn}}) => ({name, arn}))
    const scope = {...aws.scope, account: functionArn.account}
    const source = {aws, scope, logGroup, logGroupClass: null, functions, only: null, mayBeMissing: true}
    return functions.map(({arn}) => [arn, source] as const)
  })
  return new Map(sources)
}

/** The credentials and region that see a function; null, and a note, where none were given. */
async function wayTo(reading: TraceReading, {name, region, account}: FunctionArn): Promise<Aws | null> {
  for (const aws of reading.all) {
    if (aws.scope.region !== region) continue
    const own = await reading.accountOf(aws)
    if (own === null || own === account) return aws
  }
  const isOtherRegion = reading.all.every(({scope}) => scope.region !== region)
  reading.notes.add(
    isOtherRegion
      ? `${name} runs in ${region}: add --region ${region} for its log lines`
      : `${name} is of account ${account}: add a --profile of it for its log lines`,
  )
  return null
}

/** As its LoggingConfig says; of a function that is gone, the group that it had by default. */
async function configuredGroup(reading: TraceReading, aws: Aws, {name, account}: FunctionArn): Promise<string | null> {
  try {
    const configuration = await readConfiguration(aws, name, null, reading.signal)
    return configuration?.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`
  } catch (error) {
    reading.signal.throwIfAborted()
    const doing = {doing: `look up ${name}`, permission: 'lambda:GetFunctionConfiguration'}
    const where = {what: `log lines of ${name}`, account, region: aws.scope.region}
    const gap = gapAfterFailure(explainedFailure(error, doing), where)
    reading.gaps.push(isDenied(error) ? {...gap, detail: 'needs lambda:GetFunctionConfiguration'} : gap)
    return null
  }
}
