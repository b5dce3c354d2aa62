import type {DescribeAlarmsCommandOutput, MetricAlarm} from '@aws-sdk/client-cloudwatch'
import {ServiceError} from '../../wire/service-error.ts'
import type {SandboxAlarm} from '../../world/sandbox-resources.ts'
import {arnOf, type Context} from '../context.ts'
import {pageAfter} from '../paging.ts'

type AlarmsRequest = {
  readonly AlarmNames?: readonly string[] | undefined
  readonly AlarmNamePrefix?: string | undefined
  readonly AlarmTypes?: readonly string[] | undefined
  readonly StateValue?: string | undefined
  readonly MaxRecords?: number | undefined
  readonly NextToken?: string | undefined
}

export function describeAlarms(input: AlarmsRequest, context: Context): Omit<DescribeAlarmsCommandOutput, '$metadata'> {
  if (input.AlarmNames && input.AlarmNamePrefix !== undefined)
    throw new ServiceError(
      'ValidationException',
      'The parameters AlarmNames and AlarmNamePrefix are mutually exclusive and you have specified both.',
    )
  // Only metric alarms are answered unless AlarmTypes names others too; the company has no composite ones.
  const wanted = (input.AlarmTypes ?? ['MetricAlarm']).includes('MetricAlarm') ? context.world.alarms() : []
  const alarms = wanted
    .filter(
      ({name, state}) =>
        (input.AlarmNames?.includes(name) ?? true) &&
        name.startsWith(input.AlarmNamePrefix ?? '') &&
        (input.StateValue === undefined || input.StateValue === state),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const page = pageAfter(alarms, alarm => alarm.name, {
    size: input.MaxRecords ?? 50,
    token: input.NextToken,
    invalid: () => new ServiceError('InvalidNextToken', 'The next token specified is invalid.'),
  })
  return {
    CompositeAlarms: [],
    MetricAlarms: page.items.map(alarm => describeAlarm(alarm, context)),
    NextToken: page.next,
  }
}

function describeAlarm(alarm: SandboxAlarm, context: Context): MetricAlarm {
  const stateUpdated = new Date(alarm.stateUpdatedAt)
  return {
    AlarmName: alarm.name,
    AlarmArn: arnOf('cloudwatch', context, `alarm:${alarm.name}`),
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: stateUpdated,
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateUpdatedTimestamp: stateUpdated,
    StateTransitionedTimestamp: stateUpdated,
    MetricName: alarm.metricName,
    Namespace: 'AWS/Lambda',
    Statistic: alarm.statistic,
    Dimensions: [{Name: 'FunctionName', Value: alarm.functionName}],
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.evaluationPeriods,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparisonOperator,
    TreatMissingData: 'notBreaching',
  }
}
