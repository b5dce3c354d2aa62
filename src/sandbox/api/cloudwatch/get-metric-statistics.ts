import type {Datapoint, GetMetricStatisticsCommandOutput, StandardUnit} from '@aws-sdk/client-cloudwatch'
import {ServiceError} from '../../wire/service-error.ts'
import {parseStatistic} from '../../world/metrics/statistics.ts'
import type {Context} from '../context.ts'
import {readDatapoints} from './datapoints.ts'
import {isPeriod, metricOf, metricWindow, startBeforeEnd} from './metric-window.ts'

type StatisticsRequest = {
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions?: readonly {readonly Name: string; readonly Value: string}[] | undefined
  readonly StartTime: Date
  readonly EndTime: Date
  readonly Period: number
  readonly Statistics?: readonly string[] | undefined
  readonly ExtendedStatistics?: readonly string[] | undefined
  readonly Unit?: string | undefined
}

const maxDatapoints = 1440

/** GetMetricStatistics: the datapoints of one metric with all statistics that are asked for, 1,440 of them at most. */
export function getMetricStatistics(
  input: StatisticsRequest,
  context: Context,
): Omit<GetMetricStatisticsCommandOutput, '$metadata'> {
  refuse(input)
  const {Namespace, MetricName, Dimensions, Period, Statistics = [], ExtendedStatistics = []} = input
  const metric = metricOf(Namespace, MetricName, Dimensions)
  const {from, to} = metricWindow(input, context.now)
  const found = new Map<string, Datapoint>()
  for (const statistic of [...Statistics, ...ExtendedStatistics]) {
    const of = {statistic, periodSeconds: Period, unit: input.Unit}
    for (const {at, value, unit} of readDatapoints(metric, of, {from, to}, context)) {
      const key = `${at} ${unit}`
      const datapoint = found.get(key) ?? {Timestamp: new Date(at), Unit: unit as StandardUnit}
      found.set(
        key,
        ExtendedStatistics.includes(statistic)
          ? {...datapoint, ExtendedStatistics: {...datapoint.ExtendedStatistics, [statistic]: value}}
          : {...datapoint, [statistic]: value},
      )
    }
  }
  return {Label: MetricName, Datapoints: [...found.values()]}
}

function refuse({StartTime, EndTime, Period, Statistics, ExtendedStatistics}: StatisticsRequest): void {
  if (StartTime >= EndTime) throw new ServiceError('InvalidParameterValueException', startBeforeEnd)
  if (!Statistics?.length && !ExtendedStatistics?.length)
    throw new ServiceError(
      'InvalidParameterCombinationException',
      'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
    )
  if (!isPeriod(Period))
    throw new ServiceError(
      'InvalidParameterValueException',
      'The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.',
    )
  const invalid = (ExtendedStatistics ?? []).find(statistic => !parseStatistic(statistic))
  if (invalid !== undefined)
    throw new ServiceError(
      'InvalidParameterValueException',
      `The value ${invalid} for parameter ExtendedStatistics.member.1 is not a valid statistic.`,
    )
  const count = Math.ceil((EndTime.getTime() - StartTime.getTime()) / 1000 / Period)
  if (count > maxDatapoints)
    throw new ServiceError(
      'InvalidParameterCombinationException',
      `You have requested up to ${count} datapoints, which exceeds the limit of ${maxDatapoints}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    )
}
