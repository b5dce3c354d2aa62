import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {callsPerSecond, quotaName} from '../src/services/aws/quotas.ts'
import type {LadderWish, ShiftWish} from '../src/services/traffic/plan/shift-plan.ts'
import {usualWish} from '../test/services/traffic/usual-wish.ts'
import {type SimulatedClock, simulatedClock} from './simulated-clock.ts'
import {type SeenCall, type TrafficAccount, trafficAccount} from './traffic-account.ts'

export type Sizes = {
  readonly functions: number
  readonly aliases: number
  /** that each of the four stages takes */
  readonly minutes: number
}

/** Where a scenario of traffic.ts is played: an account, a clock, and a directory of journals that goes with the process. */
export type TrafficPlace = Sizes & {
  readonly clock: SimulatedClock
  readonly account: TrafficAccount
  readonly journals: string
  readonly wish: ShiftWish & {readonly journals: string}
}

export type Told = Readonly<Record<string, number | string>>

export const minute = 60_000
/** there and back, as from another country */
export const latencyMs = 100
export const all = {targets: ['shop-service-*']}
export const ongoing = (): AbortSignal => new AbortController().signal

/** @param failing the version of which one invocation in twenty fails; null: none */
export function openPlace(sizes: Sizes, failing: string | null): TrafficPlace {
  const clock = simulatedClock(Date.UTC(2026, 10, 20, 14))
  const account = trafficAccount({clock, ...sizes, latencyMs, failing})
  const journals = mkdtempSync(join(tmpdir(), 'slsops-bench-'))
  process.on('exit', () => rmSync(journals, {recursive: true, force: true}))
  const ladder: LadderWish = {kind: 'linear', by: {basisPoints: 2_500}, everyMs: sizes.minutes * minute}
  return {...sizes, clock, account, journals, wish: {...usualWish, alias: 'live', ladder, journals}}
}

export const journalKB = ({journals}: TrafficPlace, runId: string): number =>
  statSync(join(journals, `${runId}.jsonl`)).size / 1024

/** Seconds that calls take at the published quotas, those of different ones at a time. */
export function floorOf(calls: readonly SeenCall[]): number {
  const byQuota = Map.groupBy(calls, ({operation}) => quotaName(operation))
  return Math.max(0, ...[...byQuota].map(([name, own]) => own.length / callsPerSecond(name, 'eu-west-1', true)))
}
