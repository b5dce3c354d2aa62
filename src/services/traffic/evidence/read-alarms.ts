import type {CompositeAlarm, DescribeAlarmsCommandOutput, LogAlarm, MetricAlarm} from '@aws-sdk/client-cloudwatch'
import {UserError} from '../../../errors.ts'
import type {Known} from '../../../known.ts'
import {ask, paged} from '../../aws/ask.ts'
import type {Aws} from '../../aws/connect.ts'
import {isDenied, isForeignAnswer} from '../../aws/failures.ts'
import {sdk} from '../../aws/sdk.ts'
import {inBatches} from '../../batches.ts'
import {whyUnknown} from '../../fleet/why-unknown.ts'
import {firstNames, listedHint, nearestHint} from '../../targets/nearest-names.ts'
import {checkAccount, checkRegion} from '../../targets/place.ts'
import {explained} from '../../targets/refusal.ts'
import type {GateAlarm} from './evidence.ts'

type AlarmType = 'MetricAlarm' | 'CompositeAlarm' | 'LogAlarm'

/** what a call takes, and what a page has (CloudWatch's DescribeAlarms) */
const mostNames = 100
/** so many are looked through for one that is like a name that is none */
const mostListed = 2_000

// who may describe some alarms by name only is refused composite ones, whose permission AWS checks on all
const asked = {doing: 'read alarms', permission: 'cloudwatch:DescribeAlarms'}
const askedOnAll = {...asked, permission: 'cloudwatch:DescribeAlarms on *'}

const alarmArn = /^arn:[^:]*:cloudwatch:([^:]*):([^:]*):alarm:(.+)$/s

/** The name of an alarm that is given by name or ARN. */
export const alarmNameOf = (word: string): string => alarmArn.exec(word)?.[3] ?? word

/**
 * The alarms of these names, in their order: metric, composite and log alarms. An alarm that is not there would never fire:
 * it is an error, where AWS's own deployments take it for one that is OK.
 * @param names or ARNs
 * @throws UserError for a name that is no alarm's (with the nearest names), for an ARN of another place, and where
 *   cloudwatch:DescribeAlarms is not allowed (exit 4); the signal's reason on abort
 */
export async function readAlarms(
  aws: Aws,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly GateAlarm[]> {
  for (const name of names) checkPlace(aws, name)
  const wanted = names.map(alarmNameOf)
  const found = await findAlarms(aws, wanted, signal)
  const alarms: GateAlarm[] = []
  for (const name of wanted) {
    const alarm = found.get(name)
    if (!alarm) throw await noSuchAlarm(aws, name, signal)
    alarms.push(alarm)
  }
  return alarms
}

/**
 * The same for a shift that is under way: why they are not known, in place of an error. One that is gone by now is not among
 * them: the others tell what they tell.
 * @throws the signal's reason on abort, or a bug
 */
export async function readAlarmsOrWhyNot(
  aws: Aws,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Known<readonly GateAlarm[]>> {
  try {
    const wanted = names.map(alarmNameOf)
    const found = await findAlarms(aws, wanted, signal)
    return {value: wanted.flatMap(name => found.get(name) ?? [])}
  } catch (error) {
    signal.throwIfAborted()
    return whyUnknown(error, asked, signal)
  }
}

/** By name; those that are not there are not in it. */
async function findAlarms(
  aws: Aws,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, GateAlarm>> {
  const distinct = [...new Set(names)]
  const found = new Map<string, GateAlarm>()
  try {
    for (const some of inBatches(distinct, mostNames))
      for await (const alarms of alarmPages(aws, some, signal)) for (const alarm of alarms) found.set(alarm.name, alarm)
    return found
  } catch (error) {
    signal.throwIfAborted()
    throw explained(error, isDenied(error) ? askedOnAll : asked)
  }
}

function checkPlace(aws: Aws, word: string): void {
  const [text, region, account] = alarmArn.exec(word) ?? []
  if (text === undefined || region === undefined || account === undefined) return
  const placed = {text, place: {region, account}}
  checkRegion(placed, aws.scope.region)
  checkAccount(placed, aws.scope.account)
}

/** Pages of alarms of all types, of these names or of all; a server that does not know of log alarms is asked for the others. */
async function* alarmPages(
  aws: Aws,
  names: readonly string[] | null,
  signal: AbortSignal,
): AsyncGenerator<readonly GateAlarm[]> {
  const all = Object.values(sdk.cloudWatch().AlarmType) as readonly AlarmType[]
  let isAnswered = false
  try {
    for await (const page of pagesOf(aws, {names, types: all}, signal)) {
      isAnswered = true
      yield page
    }
  } catch (error) {
    if (isAnswered || !all.includes('LogAlarm') || !mayBeOfType(error)) throw error
    yield* pagesOf(aws, {names, types: all.filter(type => type !== 'LogAlarm')}, signal)
  }
}

const mayBeOfType = (error: unknown): boolean =>
  error instanceof Error &&
  (/^(Validation|InvalidParameter|Serialization)/.test(error.name) ||
    /AlarmTypes?/.test(error.message) ||
    isForeignAnswer(error))

async function* pagesOf(
  aws: Aws,
  {names, types}: {readonly names: readonly string[] | null; readonly types: readonly AlarmType[]},
  signal: AbortSignal,
): AsyncGenerator<readonly GateAlarm[]> {
  const client = await aws.cloudWatch()
  const {DescribeAlarmsCommand} = sdk.cloudWatch()
  yield* paged(async NextToken => {
    const command = new DescribeAlarmsCommand({
      ...(names && {AlarmNames: [...names]}),
      // without types AWS leaves out all but metric alarms
      AlarmTypes: [...types],
      MaxRecords: mostNames,
      ...(NextToken && {NextToken}),
    })
    const page = await ask(aws, 'DescribeAlarms', options => client.send(command, options), signal)
    return {items: alarmsOf(page), next: page.NextToken}
  })
}

const alarmsOf = ({MetricAlarms, CompositeAlarms, LogAlarms}: DescribeAlarmsCommandOutput): readonly GateAlarm[] => [
  ...(MetricAlarms ?? []).flatMap(alarm => described(alarm, 'metric', alarm.EvaluationState)),
  ...(CompositeAlarms ?? []).flatMap(alarm => described(alarm, 'composite', undefined)),
  ...(LogAlarms ?? []).flatMap(alarm => described(alarm, 'log', alarm.EvaluationState)),
]

function described(
  {AlarmName, StateValue, StateReason = '', ...alarm}: MetricAlarm | CompositeAlarm | LogAlarm,
  kind: GateAlarm['kind'],
  evaluationState: string | undefined,
): readonly GateAlarm[] {
  if (AlarmName === undefined) return []
  const isState = StateValue === 'OK' || StateValue === 'ALARM' || StateValue === 'INSUFFICIENT_DATA'
  // that of the update moves whenever the reason does
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp
  return [
    {
      name: AlarmName,
      kind,
      state: isState ? StateValue : 'INSUFFICIENT_DATA',
      since: since?.getTime() ?? null,
      reason: StateReason,
      isEvaluated: isState && !evaluationState,
    },
  ]
}

async function noSuchAlarm(aws: Aws, name: string, signal: AbortSignal): Promise<UserError> {
  const names = await firstNames(namesOfAll(aws, signal), mostListed, signal)
  return new UserError(`there is no alarm ${name} in ${aws.scope.region}`, {
    code: 'NoMatch',
    hint:
      nearestHint(name, names) ??
      listedHint(names, `alarms in ${aws.scope.region}`) ??
      'check --region and --profile: an alarm that is not there would never fire',
  })
}

async function* namesOfAll(aws: Aws, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  for await (const page of alarmPages(aws, null, signal)) yield page.map(({name}) => name)
}
