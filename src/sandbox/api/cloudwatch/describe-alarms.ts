import type {
  CompositeAlarm,
  DescribeAlarmsCommandOutput,
  Dimension,
  MetricAlarm,
  Statistic,
} from '@aws-sdk/client-cloudwatch'
import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxAlarm, SandboxCompositeAlarm} from '../../world/alarms/alarm.ts'
import {arnOf, type Context} from '../context.ts'
import {pageAfter} from '../paging.ts'
import {unimplemented} from '../unimplemented.ts'
import {isSimpleStatistic} from './alarm-requests.ts'

type AlarmsRequest = {
  readonly AlarmNames?: readonly string[] | undefined
  readonly AlarmNamePrefix?: string | undefined
  readonly AlarmTypes?: readonly string[] | undefined
  readonly ChildrenOfAlarmName?: string | undefined
  readonly ParentsOfAlarmName?: string | undefined
  readonly StateValue?: string | undefined
  readonly MaxRecords?: number | undefined
  readonly NextToken?: string | undefined
}

/** DescribeAlarms: metric alarms, and composite ones only where AlarmTypes names them. */
export function describeAlarms(input: AlarmsRequest, context: Context): Omit<DescribeAlarmsCommandOutput, '$metadata'> {
  if (input.AlarmNames && input.AlarmNamePrefix !== undefined)
    throw new ServiceError(
      'ValidationException',
      'The parameters AlarmNames and AlarmNamePrefix are mutually exclusive and you have specified both.',
    )
  for (const member of ['ChildrenOfAlarmName', 'ParentsOfAlarmName'] as const)
    if (input[member] !== undefined) throw unimplemented(`${member} of cloudwatch:DescribeAlarms`)
  const types = input.AlarmTypes ?? ['MetricAlarm']
  const {world} = context
  const alarms: readonly (SandboxAlarm | SandboxCompositeAlarm)[] = [
    ...(types.includes('MetricAlarm') ? world.alarms() : []),
    ...(types.includes('CompositeAlarm') ? world.compositeAlarms() : []),
  ]
    .filter(
      ({name, state}) =>
        (input.AlarmNames?.includes(name) ?? true) &&
        name.startsWith(input.AlarmNamePrefix ?? '') &&
        (input.StateValue === undefined || input.StateValue === state),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const page = pageAfter(alarms, alarm => alarm.name, {
    size: input.MaxRecords ?? 50,
    token: input.NextToken,
    invalid: () => new ServiceError('InvalidNextToken', 'The next token specified is invalid.'),
  })
  return {
    CompositeAlarms: page.items.flatMap(alarm => ('anyOf' in alarm ? describeComposite(alarm, context) : [])),
    MetricAlarms: page.items.flatMap(alarm => ('anyOf' in alarm ? [] : describeAlarm(alarm, context))),
    NextToken: page.next,
  }
}

function describeAlarm(alarm: SandboxAlarm, context: Context): MetricAlarm {
  const {statistic, dimensions} = alarm
  const isPartial = context.alarmFaults.some(({alarmName = alarm.name}) => alarmName === alarm.name)
  return {
    ...standingOf(alarm, context),
    // its evaluation is told of, and the state stays
    ...(isPartial && {EvaluationState: 'PARTIAL_DATA', StateUpdatedTimestamp: new Date(context.now)}),
    MetricName: alarm.metricName,
    Namespace: alarm.namespace,
    ...(isSimpleStatistic(statistic) ? {Statistic: statistic as Statistic} : {ExtendedStatistic: statistic}),
    Dimensions: Object.entries(dimensions).map(([Name, Value]): Dimension => ({Name, Value})),
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparisonOperator,
    TreatMissingData: alarm.treatMissingData,
  }
}

function describeComposite(alarm: SandboxCompositeAlarm, context: Context): CompositeAlarm {
  return {...standingOf(alarm, context), AlarmRule: alarm.anyOf.map(name => `ALARM("${name}")`).join(' OR ')}
}

/** What both kinds have. */
function standingOf(alarm: SandboxAlarm | SandboxCompositeAlarm, context: Context) {
  return {
    AlarmName: alarm.name,
    AlarmArn: arnOf('cloudwatch', context, `alarm:${alarm.name}`),
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: new Date(alarm.stateTransitionedAt),
  }
}
