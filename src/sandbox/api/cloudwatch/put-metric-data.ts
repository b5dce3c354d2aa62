import {ServiceError} from '../../wire/service-error.ts'
import type {Context} from '../context.ts'
import type {CustomDatum} from './custom-metrics.ts'
import {isOfAws} from './datapoints.ts'
import {metricOf} from './metric-window.ts'

type PutRequest = {readonly Namespace: string; readonly MetricData?: readonly Datum[] | undefined}

type Datum = {
  readonly MetricName: string
  readonly Dimensions?: readonly {readonly Name: string; readonly Value: string}[] | undefined
  readonly Timestamp?: Date | undefined
  readonly Value?: number | undefined
  readonly StatisticValues?:
    | {readonly SampleCount: number; readonly Sum: number; readonly Minimum: number; readonly Maximum: number}
    | undefined
  readonly Values?: readonly number[] | undefined
  readonly Counts?: readonly number[] | undefined
  readonly Unit?: string | undefined
}

const maxData = 1000
const hourMs = 3_600_000

/** PutMetricData: what a client reports is there at once, and lives as long as the process. */
export function putMetricData(
  {Namespace, MetricData = []}: PutRequest,
  {region, now, customMetrics}: Context,
): Record<never, never> {
  if (isOfAws(Namespace)) throw invalidValue(`The value ${Namespace} for parameter Namespace is invalid.`)
  if (MetricData.length > maxData)
    throw invalidValue(`The collection MetricData must not have a size greater than ${maxData}.`)
  const data = MetricData.map((datum, index): CustomDatum => {
    refuse(datum, `MetricData.member.${index + 1}`, now)
    const at = datum.Timestamp?.getTime() ?? now
    const metric = metricOf(Namespace, datum.MetricName, datum.Dimensions)
    return {metric, at, unit: datum.Unit ?? 'None', values: valuesOf(datum)}
  })
  customMetrics.put(region, data)
  return {}
}

function refuse({Value, Values, Counts, StatisticValues, Timestamp}: Datum, member: string, now: number): void {
  const both = (first: string, second: string) =>
    new ServiceError(
      'InvalidParameterCombinationException',
      `The parameters ${member}.${first} and ${member}.${second} are mutually exclusive and you have specified both.`,
    )
  if (Value !== undefined && Values) throw both('Value', 'Values')
  if (Value !== undefined && StatisticValues) throw both('Value', 'StatisticValues')
  if (Values && Counts && Values.length !== Counts.length)
    throw invalidValue(`The parameters ${member}.Values and ${member}.Counts must be of the same size.`)
  const age = now - (Timestamp?.getTime() ?? now)
  if (age > 14 * 24 * hourMs)
    throw invalidValue(`The parameter ${member}.Timestamp must specify a time no more than two weeks in the past.`)
  if (age < -2 * hourMs)
    throw invalidValue(`The parameter ${member}.Timestamp must specify a time within two hours from now.`)
}

function valuesOf({Value, Values, Counts, StatisticValues}: Datum): CustomDatum['values'] {
  if (Value !== undefined) return [[Value, 1]]
  if (Values) return Values.map((value, index) => [value, Counts?.[index] ?? 1] as const)
  if (!StatisticValues) return []
  const {SampleCount, Sum, Minimum, Maximum} = StatisticValues
  if (SampleCount < 2) return [[Sum, SampleCount]]
  // of the values between the extremes only their sum is known
  const between = SampleCount - 2
  return [[Minimum, 1], [Maximum, 1], ...(between > 0 ? [[(Sum - Minimum - Maximum) / between, between] as const] : [])]
}

const invalidValue = (message: string) => new ServiceError('InvalidParameterValueException', message)
