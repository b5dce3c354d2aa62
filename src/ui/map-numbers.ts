import type {CallStats} from '../services/traces/service-map.ts'
import {duration, roughCount, percent as shareInPercent} from './numbers.ts'

const minuteMs = 60_000

/** Calls a minute: `412`, `4.1`, `0.03`, `18.2 k`. */
export function callsPerMinute({calls, overMs}: Pick<CallStats, 'calls' | 'overMs'>): string {
  const rate = calls / Math.max(1, overMs / minuteMs)
  if (rate === 0) return '0'
  if (rate < 0.01) return '<0.01'
  if (rate < 0.995) return rate.toFixed(2).replace(/0$/, '')
  return rate < 9.95 ? rate.toFixed(1) : roughCount(rate)
}

/** A share of calls in percent: `4.8 %`, `<0.1 %`, `31 %`; '' for none. */
export function percent(part: number, {calls}: Pick<CallStats, 'calls'>): string {
  if (part === 0 || calls === 0) return ''
  return shareInPercent(part / calls)
}

/** A time in three digits; '' where nobody knows it. */
export const time = (ms: number | null): string => (ms === null ? '' : duration(ms))
