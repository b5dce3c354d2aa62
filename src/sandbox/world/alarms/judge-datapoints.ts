// What the datapoints of an alarm's metric come to, in CloudWatch's words.
import type {AlarmDefinition, AlarmValue} from './alarm.ts'

/** A period with what was reported in it; null where nothing was. */
export type Period = {readonly from: number; readonly value: number | null}

/** `keep`: the alarm stays as it was. */
export type Verdict = {readonly state: AlarmValue | 'keep'; readonly reason: string}

/** @param periods as many as the alarm looks at, newest first */
export function judgeDatapoints(alarm: AlarmDefinition, periods: readonly Period[]): Verdict {
  const {treatMissingData, datapointsToAlarm, threshold} = alarm
  const found = periods.filter((period): period is Period & {readonly value: number} => period.value !== null)
  const missing = periods.length - found.length
  if (found.length === 0 && treatMissingData === 'missing')
    return {state: 'INSUFFICIENT_DATA', reason: `Insufficient Data: ${unknown(missing)}.`}
  if (found.length === 0 && treatMissingData === 'ignore') return {state: 'keep', reason: ''}
  const breaching = found.filter(({value}) => breaches(alarm, value))
  const isAlarm = breaching.length + (treatMissingData === 'breaching' ? missing : 0) >= datapointsToAlarm
  const state = isAlarm ? 'ALARM' : 'OK'
  if (found.length === 0)
    return {
      state,
      reason: `Threshold Crossed: no datapoints were received for ${count(missing, 'period')} and ${count(missing, 'missing datapoint')} ${missing === 1 ? 'was' : 'were'} treated as [${isAlarm ? 'Breaching' : 'NonBreaching'}].`,
    }
  const told = isAlarm && breaching.length > 0 ? breaching : found
  const list = told.map(({from, value}) => `${decimal(value)} (${timeOf(from)})`).join(', ')
  const are = told.length === 1 ? 'was' : 'were'
  return {
    state,
    reason: `Threshold Crossed: ${told.length} out of the last ${count(periods.length, 'datapoint', 's')} [${list}] ${are} ${isAlarm ? '' : 'not '}${words[alarm.comparisonOperator]} the threshold (${decimal(threshold)}).`,
  }
}

const words = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
} as const

function breaches({comparisonOperator, threshold}: AlarmDefinition, value: number): boolean {
  switch (comparisonOperator) {
    case 'GreaterThanThreshold':
      return value > threshold
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold
    case 'LessThanThreshold':
      return value < threshold
    case 'LessThanOrEqualToThreshold':
      return value <= threshold
  }
}

/** @param always the plural that CloudWatch uses for one, too */
const count = (n: number, what: string, always = n === 1 ? '' : 's') => `${n} ${what}${always}`
const unknown = (n: number) => `${count(n, 'datapoint')} ${n === 1 ? 'was' : 'were'} unknown`

const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value))

function timeOf(at: number): string {
  const day = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(day.getUTCDate())}/${two(day.getUTCMonth() + 1)}/${String(day.getUTCFullYear()).slice(2)} ${two(day.getUTCHours())}:${two(day.getUTCMinutes())}:00`
}
