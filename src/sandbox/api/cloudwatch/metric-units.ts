import type {StandardUnit} from '@aws-sdk/client-cloudwatch'

/** Units of AWS's own metrics; all others are counts. */
const units: Readonly<Record<string, StandardUnit>> = {
  ApproximateAgeOfOldestMessage: 'Seconds',
  AsyncEventAge: 'Milliseconds',
  Duration: 'Milliseconds',
  IncomingBytes: 'Bytes',
  IteratorAge: 'Milliseconds',
}

export function unitOf(metricName: string): StandardUnit {
  return units[metricName] ?? 'Count'
}
