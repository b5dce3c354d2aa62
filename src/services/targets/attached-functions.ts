import type {MetricAlarm} from '@aws-sdk/client-cloudwatch'
import type {EventSourceMappingConfiguration} from '@aws-sdk/client-lambda'
import {UserError} from '../../errors.ts'
import {ask, paged} from '../aws/ask.ts'
import type {Aws} from '../aws/connect.ts'
import {sdk} from '../aws/sdk.ts'
import {inBatches} from '../batches.ts'
import {firstNames, listedHint, nearestHint} from './nearest-names.ts'
import type {AlarmTarget, EventSourceTarget} from './parse-target.ts'
import {accountOf, checkAccount} from './place.ts'
import {explained} from './refusal.ts'

/**
 * Names of the functions that a queue, stream or table feeds through event source mappings, enabled or not.
 * @throws UserError: no function is attached (with the nearest sources), or a refusal
 */
export async function functionsOfEventSource(
  aws: Aws,
  target: EventSourceTarget,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const functions = new Set<string>()
  // AWS filters by the exact ARN; a table is known by its streams and a stream also by its consumers: look among all
  const filter = target.service === 'sqs' ? target.arn : undefined
  for await (const page of mappings(aws, filter, signal)) {
    for (const {EventSourceArn = '', FunctionArn = ''} of page) {
      const name = FunctionArn.split(':')[6]
      if (name && (EventSourceArn === target.arn || EventSourceArn.startsWith(`${target.arn}/`))) functions.add(name)
    }
  }
  if (functions.size > 0) return functions

  const sources = await firstNames(eventSources(aws, signal), 2_000, signal)
  throw new UserError(`no function is attached to ${target.arn}`, {
    code: 'NoMatch',
    hint:
      nearestHint(target.arn, sources) ??
      listedHint(sources, `event sources of functions in ${aws.scope.region}`) ??
      `no function in ${aws.scope.region} has an event source mapping`,
  })
}

async function* mappings(
  aws: Aws,
  eventSourceArn: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly EventSourceMappingConfiguration[]> {
  try {
    yield* eventSourcePages(aws, eventSourceArn, signal)
  } catch (error) {
    throw explained(error, {
      doing: 'list event source mappings',
      permission: 'lambda:ListEventSourceMappings',
      instead: 'name the functions',
    })
  }
}

/**
 * Event source mappings as AWS pages them: of one source, or of the whole region.
 * @throws what AWS said, untranslated
 */
export async function* eventSourcePages(
  aws: Aws,
  eventSourceArn: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly EventSourceMappingConfiguration[]> {
  const client = await aws.lambda()
  const {ListEventSourceMappingsCommand} = sdk.lambda()
  yield* paged(async Marker => {
    const command = new ListEventSourceMappingsCommand({EventSourceArn: eventSourceArn, Marker})
    const page = await ask(aws, 'ListEventSourceMappings', options => client.send(command, options), signal)
    return {items: page.EventSourceMappings, next: page.NextMarker}
  })
}

async function* eventSources(aws: Aws, signal: AbortSignal | undefined): AsyncGenerator<readonly string[]> {
  for await (const page of mappings(aws, undefined, signal))
    yield page.flatMap(({EventSourceArn}) => EventSourceArn ?? [])
}

/**
 * Names of the functions whose metrics an alarm watches: by its own dimensions, those of the metrics it computes with,
 * or those of the alarms a composite alarm is made of.
 * @throws UserError: no such alarm (with the nearest names), one that watches no function, or a refusal
 */
export async function functionsOfAlarm(
  aws: Aws,
  target: AlarmTarget,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const functions = new Set<string>()
  const seen = new Set<string>()
  let found = false
  try {
    for (let names = [target.name]; names.length > 0; ) {
      for (const name of names) seen.add(name)
      const {metricAlarms, rules} = await describeAlarms(aws, names, signal)
      found ||= metricAlarms.length + rules.length > 0
      checkAccount(target, accountOf(metricAlarms[0]?.AlarmArn ?? ''))
      for (const alarm of metricAlarms) for (const name of functionsWatched(alarm)) functions.add(name)
      names = rules.flatMap(alarmsInRule).filter(name => !seen.has(name))
    }
  } catch (error) {
    throw explained(error, {
      doing: `look up alarm ${target.name}`,
      permission: 'cloudwatch:DescribeAlarms',
      instead: 'name the functions',
    })
  }
  if (functions.size > 0) return functions
  if (found)
    throw new UserError(`alarm ${target.name} watches no function`, {
      code: 'NoMatch',
      hint: 'name the functions it is about',
    })
  const alarms = await firstNames(alarmNames(aws, signal), 500, signal)
  throw new UserError(`there is no alarm ${target.name} in ${aws.scope.region}`, {
    code: 'NoMatch',
    hint:
      nearestHint(target.name, alarms) ??
      listedHint(alarms, `alarms in ${aws.scope.region}`) ??
      'check --region and --profile',
  })
}

const batch = 100

async function describeAlarms(
  aws: Aws,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{metricAlarms: MetricAlarm[]; rules: string[]}> {
  const client = await aws.cloudWatch()
  const {DescribeAlarmsCommand} = sdk.cloudWatch()
  const metricAlarms: MetricAlarm[] = []
  const rules: string[] = []
  for (const some of inBatches(names, batch)) {
    // without AlarmTypes AWS leaves composite alarms out
    const command = new DescribeAlarmsCommand({
      AlarmNames: [...some],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: batch,
    })
    const page = await ask(aws, 'DescribeAlarms', options => client.send(command, options), signal)
    metricAlarms.push(...(page.MetricAlarms ?? []))
    rules.push(...(page.CompositeAlarms ?? []).map(alarm => alarm.AlarmRule ?? ''))
  }
  return {metricAlarms, rules}
}

function functionsWatched(alarm: MetricAlarm): string[] {
  const dimensions = [
    ...(alarm.Dimensions ?? []),
    ...(alarm.Metrics ?? []).flatMap(({MetricStat}) => MetricStat?.Metric?.Dimensions ?? []),
  ]
  return dimensions.flatMap(({Name, Value}) => (Name === 'FunctionName' && Value ? [Value] : []))
}

/** `ALARM("a") AND NOT OK(b)` → a, b */
const alarmsInRule = (rule: string): string[] =>
  [...rule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^"()]+?))\s*\)/g)]
    .map(([, quoted, bare]) => quoted ?? bare ?? '')
    .map(name => /:alarm:(.+)$/.exec(name)?.[1] ?? name)

async function* alarmNames(aws: Aws, signal: AbortSignal | undefined): AsyncGenerator<readonly string[]> {
  const client = await aws.cloudWatch()
  const {DescribeAlarmsCommand} = sdk.cloudWatch()
  yield* paged(async token => {
    const command = new DescribeAlarmsCommand({MaxRecords: batch, NextToken: token})
    const page = await ask(aws, 'DescribeAlarms', options => client.send(command, options), signal)
    return {items: page.MetricAlarms?.flatMap(({AlarmName}) => AlarmName ?? []), next: page.NextToken}
  })
}
