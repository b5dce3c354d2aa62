import type {ComparisonOperator} from '@aws-sdk/client-cloudwatch'
import {ServiceError} from '../../wire/service-error.ts'
import type {AlarmDefinition} from '../../world/alarms/alarm.ts'
import {parseStatistic} from '../../world/metrics/statistics.ts'
import type {Context} from '../context.ts'
import {unimplemented} from '../unimplemented.ts'
import {metricOf} from './metric-window.ts'

type PutAlarmRequest = {
  readonly AlarmName: string
  readonly AlarmDescription?: string | undefined
  readonly Namespace?: string | undefined
  readonly MetricName?: string | undefined
  readonly Dimensions?: readonly {readonly Name: string; readonly Value: string}[] | undefined
  readonly Statistic?: string | undefined
  readonly ExtendedStatistic?: string | undefined
  readonly Period?: number | undefined
  readonly EvaluationPeriods?: number | undefined
  readonly DatapointsToAlarm?: number | undefined
  readonly Threshold?: number | undefined
  readonly ComparisonOperator?: ComparisonOperator | undefined
  readonly TreatMissingData?: string | undefined
  readonly Metrics?: readonly unknown[] | undefined
}

/** one day, or seven with periods of an hour and more */
const [longestEvaluation, longestOfHours] = [86_400, 7 * 86_400]

export const isSimpleStatistic = (statistic: string): boolean =>
  ['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum'].includes(statistic)

/** PutMetricAlarm: makes an alarm on one metric of AWS's, or takes the place of the one of that name, whose state stays. */
export function putMetricAlarm(input: PutAlarmRequest, {world}: Context): Record<never, never> {
  if (input.Metrics) throw unimplemented('metric math in cloudwatch:PutMetricAlarm')
  world.alarmWrites.put(definitionOf(input))
  return {}
}

/** @throws ServiceError for the first thing that is wrong */
function definitionOf(input: PutAlarmRequest): AlarmDefinition {
  const {Namespace, MetricName, Statistic, ExtendedStatistic, Period, EvaluationPeriods, Threshold} = input
  if (MetricName === undefined || Namespace === undefined)
    throw missing('Either MetricName and Namespace or Metrics must be specified.')
  const statistic = Statistic ?? ExtendedStatistic
  if (statistic === undefined) throw missing('Either Statistic or ExtendedStatistic must be specified.')
  if (Statistic !== undefined && ExtendedStatistic !== undefined)
    throw new ServiceError(
      'InvalidParameterCombinationException',
      'The parameters Statistic and ExtendedStatistic are mutually exclusive and you have specified both.',
    )
  if (!parseStatistic(statistic) || (ExtendedStatistic !== undefined && isSimpleStatistic(ExtendedStatistic)))
    throw invalid(`The value ${statistic} for parameter ExtendedStatistic is not supported.`)
  if (Period === undefined) throw missing('The parameter Period is required.')
  if (EvaluationPeriods === undefined) throw missing('The parameter EvaluationPeriods is required.')
  if (Threshold === undefined) throw missing('The parameter Threshold is required.')
  if (![10, 20, 30].includes(Period) && (Period < 60 || Period % 60 !== 0))
    throw invalid('Period must be 10, 20, 30 or a multiple of 60')
  const longest = Period >= 3600 ? longestOfHours : longestEvaluation
  if (Period * EvaluationPeriods > longest)
    throw invalid(
      `Metrics cannot be checked across more than ${longest === longestEvaluation ? 'a day' : 'seven days'} (EvaluationPeriods * Period must be <= ${longest}).`,
    )
  const datapointsToAlarm = input.DatapointsToAlarm ?? EvaluationPeriods
  if (datapointsToAlarm > EvaluationPeriods)
    throw invalid('DatapointsToAlarm must be less than or equal to EvaluationPeriods')
  return {
    name: input.AlarmName,
    description: input.AlarmDescription ?? '',
    namespace: Namespace,
    metricName: MetricName,
    dimensions: metricOf(Namespace, MetricName, input.Dimensions).dimensions,
    statistic,
    periodSeconds: Period,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm,
    threshold: Threshold,
    comparisonOperator: comparisonIn(input.ComparisonOperator),
    treatMissingData: treatmentIn(input.TreatMissingData),
  }
}

function comparisonIn(given: ComparisonOperator | undefined): AlarmDefinition['comparisonOperator'] {
  switch (given) {
    case 'GreaterThanThreshold':
    case 'GreaterThanOrEqualToThreshold':
    case 'LessThanThreshold':
    case 'LessThanOrEqualToThreshold':
      return given
    default:
      throw unimplemented('anomaly detection in cloudwatch:PutMetricAlarm')
  }
}

function treatmentIn(given = 'missing'): AlarmDefinition['treatMissingData'] {
  switch (given) {
    case 'missing':
    case 'notBreaching':
    case 'breaching':
    case 'ignore':
      return given
    default:
      throw invalid(
        `The value ${given} is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing].`,
      )
  }
}

/** DeleteAlarms: all of them, or none where one is not there. */
export function deleteAlarms(
  {AlarmNames = []}: {readonly AlarmNames?: readonly string[] | undefined},
  {world}: Context,
): Record<never, never> {
  const composites = new Set(world.compositeAlarms().map(({name}) => name))
  if (AlarmNames.some(name => composites.has(name))) throw unimplemented('cloudwatch:DeleteAlarms of composite alarms')
  const there = new Set(world.alarms().map(({name}) => name))
  const gone = AlarmNames.filter(name => !there.has(name))
  if (gone.length > 0) throw noSuchAlarms(gone)
  for (const name of new Set(AlarmNames)) world.alarmWrites.remove(name)
  return {}
}

/** SetAlarmState: until the alarm is evaluated again, within a minute. */
export function setAlarmState(
  input: {
    readonly AlarmName: string
    readonly StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'
    readonly StateReason: string
  },
  {world}: Context,
): Record<never, never> {
  const all = [...world.alarms(), ...world.compositeAlarms()]
  if (!all.some(({name}) => name === input.AlarmName)) throw noSuchAlarms([input.AlarmName])
  world.alarmWrites.setState(input.AlarmName, input.StateValue, input.StateReason)
  return {}
}

const invalid = (message: string) => new ServiceError('ValidationException', message)
const missing = (message: string) => new ServiceError('MissingRequiredParameterException', message)
const noSuchAlarms = (names: readonly string[]) =>
  new ServiceError('ResourceNotFound', `Unable to find the following alarms: [${names.join(', ')}]`)
