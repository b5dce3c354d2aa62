// CloudWatch alarms, their state computed from the counts.
import {metricLagMs} from './metrics/source.ts'
import type {SandboxAlarm} from './sandbox-resources.ts'
import type {World} from './world.ts'

type Alarm = Omit<SandboxAlarm, 'state' | 'stateReason' | 'stateUpdatedAt'>

const larderAlarms: readonly Alarm[] = [
  {
    name: 'checkout-api-errors',
    description: 'checkout-api throws: customers cannot order',
    functionName: 'checkout-api',
    metricName: 'Errors',
    statistic: 'Sum',
    periodSeconds: 600,
    evaluationPeriods: 1,
    threshold: 4,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
  },
  {
    name: 'image-resize-errors',
    description: 'Pictures are not resized',
    functionName: 'image-resize',
    metricName: 'Errors',
    statistic: 'Sum',
    periodSeconds: 900,
    evaluationPeriods: 1,
    threshold: 12,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
  },
  {
    name: 'clickstream-ingest-silent',
    description: 'No click events arrive',
    functionName: 'clickstream-ingest',
    metricName: 'Invocations',
    statistic: 'Sum',
    periodSeconds: 900,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: 'LessThanThreshold',
  },
]

const minuteMs = 60_000
/** How far back the moment is looked for at which an alarm took its state. */
const lookBackMinutes = 12 * 60

export function evaluateAlarms(now: number, count: World['count']): readonly SandboxAlarm[] {
  return larderAlarms.map(alarm => {
    // evaluated once a minute, over whole minutes
    const evaluatedAt = Math.floor(now / minuteMs) * minuteMs
    const value = metricOf(alarm, evaluatedAt, count)
    const breaching = breaches(alarm, value)
    let since = evaluatedAt
    for (
      let i = 1;
      i <= lookBackMinutes && breaches(alarm, metricOf(alarm, since - minuteMs, count)) === breaching;
      i++
    )
      since -= minuteMs
    return {
      ...alarm,
      state: breaching ? 'ALARM' : 'OK',
      stateReason: reasonFor(alarm, value, breaching, evaluatedAt),
      stateUpdatedAt: since,
    }
  })
}

/** The window that is judged at a moment: the newest for which all has been reported, so that its metric stays as it is. */
function windowAt({periodSeconds}: Alarm, at: number): {readonly from: number; readonly to: number} {
  const to = at - metricLagMs
  return {from: to - periodSeconds * 1000, to}
}

/** The sum of the alarm's metric as CloudWatch has it: errors are every run that did not end well. */
function metricOf(alarm: Alarm, at: number, count: World['count']): number {
  const {functionName, metricName} = alarm
  const {from, to} = windowAt(alarm, at)
  const all = count(functionName, from, to)
  return metricName === 'Errors' ? all - count(functionName, from, to, {outcome: 'ok'}) : all
}

function breaches({comparisonOperator, threshold}: Alarm, value: number): boolean {
  switch (comparisonOperator) {
    case 'GreaterThanThreshold':
      return value > threshold
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold
    case 'LessThanThreshold':
      return value < threshold
  }
}

function reasonFor(alarm: Alarm, value: number, breaching: boolean, at: number): string {
  const {comparisonOperator, threshold} = alarm
  const words = {
    GreaterThanThreshold: 'greater than',
    GreaterThanOrEqualToThreshold: 'greater than or equal to',
    LessThanThreshold: 'less than',
  }[comparisonOperator]
  const day = new Date(windowAt(alarm, at).from)
  const two = (n: number) => String(n).padStart(2, '0')
  const time = `${two(day.getUTCDate())}/${two(day.getUTCMonth() + 1)}/${String(day.getUTCFullYear()).slice(2)} ${two(day.getUTCHours())}:${two(day.getUTCMinutes())}:00`
  return `Threshold Crossed: 1 out of the last 1 datapoints [${value.toFixed(1)} (${time})] was ${breaching ? '' : 'not '}${words} the threshold (${threshold.toFixed(1)}).`
}
