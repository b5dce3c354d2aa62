// CloudWatch alarms, their state computed from the counts.
import type {SandboxAlarm, World} from './world.ts'

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

/** Errors are every run that did not end well, as in AWS/Lambda's metric. */
function metricOf({functionName, metricName, periodSeconds}: Alarm, at: number, count: World['count']): number {
  const from = at - periodSeconds * 1000
  const all = count(functionName, from, at)
  return metricName === 'Errors' ? all - count(functionName, from, at, {outcome: 'ok'}) : all
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

function reasonFor(
  {comparisonOperator, threshold, periodSeconds}: Alarm,
  value: number,
  breaching: boolean,
  at: number,
): string {
  const words = {
    GreaterThanThreshold: 'greater than',
    GreaterThanOrEqualToThreshold: 'greater than or equal to',
    LessThanThreshold: 'less than',
  }[comparisonOperator]
  const day = new Date(at - periodSeconds * 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const time = `${two(day.getUTCDate())}/${two(day.getUTCMonth() + 1)}/${String(day.getUTCFullYear()).slice(2)} ${two(day.getUTCHours())}:${two(day.getUTCMinutes())}:00`
  return `Threshold Crossed: 1 out of the last 1 datapoints [${value.toFixed(1)} (${time})] was ${breaching ? '' : 'not '}${words} the threshold (${threshold.toFixed(1)}).`
}
