import type {Aws} from '../aws/connect.ts'
import {quotaName} from '../aws/quotas.ts'

/** Calls that a scan is to make of one API. */
export type PlannedStep = {
  /** for people: "invocations of 1,204 functions" */
  readonly what: string
  readonly api: string
  readonly region: string
  /** whose quota it is, where several accounts are scanned in one region */
  readonly account?: string | null
  readonly calls: number
  /** it may be far fewer calls: nobody knows before */
  readonly isAtMost?: true
  readonly costUSD: number
  /** where a call can be made only when the one before was answered, as with pages: how long each takes, in ms */
  readonly eachMs?: number
}

/** What a scan will take, from the quotas and prices that are known. */
export type ScanPlan = {
  readonly steps: readonly PlannedStep[]
  readonly calls: number
  /** by the calls a second of each API that shares a quota; those of different ones and of different regions run at a time */
  readonly seconds: number
  readonly costUSD: number
  /** as far as what takes longest is concerned: what is shared of a quota, or what pages take; null where nothing is to be called */
  readonly callsPerSecond: number | null
}

/** what a page of each holds, by its API reference */
const perPage = {
  DescribeLogGroups: 50,
  GetResources: 100,
  ListEventSourceMappings: 100,
  ListMetrics: 500,
  ListSchedules: 100,
} as const

/** Makes steps of one region: of so many calls, or of the pages that so many items take. */
export function stepsIn({scope: {region, account: own}}: Pick<Aws, 'scope'>, account: string | null = own) {
  const step = (what: string, api: string, calls: number, costUSD = 0): PlannedStep => ({
    what,
    api,
    region,
    account,
    calls,
    costUSD,
  })
  const pages = (what: string, api: keyof typeof perPage, items: number): PlannedStep =>
    step(what, api, Math.ceil(items / perPage[api]))
  return {step, pages}
}

const announcedFromSeconds = 5
const announcedFromUSD = 0.01

/** Whether a scan takes so long, or costs so much, that it is said before it begins. */
export const isAnnounced = ({seconds, costUSD}: ScanPlan): boolean =>
  seconds >= announcedFromSeconds || costUSD >= announcedFromUSD

/**
 * Adds up the steps of a scan.
 * @param callsPerSecond of an API in a region
 */
export function planScan(
  steps: readonly PlannedStep[],
  callsPerSecond: (api: string, region: string) => number,
): ScanPlan {
  const called = steps.filter(({calls}) => calls > 0)
  const shares = Map.groupBy(called, ({api, region, account}) => `${account ?? ''} ${region} ${quotaName(api)}`)
  const queues = Array.from(shares.values(), share => {
    const [{api, region} = {api: '', region: ''}] = share
    const calls = sum(share.map(({calls}) => calls))
    const inTurn = share.map(({calls, eachMs = 0}) => (calls * eachMs) / 1000)
    return {calls, seconds: Math.max(calls / callsPerSecond(api, region), ...inTurn)}
  })
  const seconds = Math.max(0, ...queues.map(({seconds}) => seconds))
  const slowest = queues.find(queue => queue.seconds === seconds)
  return {
    steps: called,
    calls: sum(called.map(({calls}) => calls)),
    seconds,
    costUSD: sum(called.map(({costUSD}) => costUSD)),
    callsPerSecond: slowest && seconds > 0 ? slowest.calls / seconds : null,
  }
}

/** The calls a second that each region's budget allows now: the published quotas, or what was felt of them. */
export function rateOf(all: readonly Aws[]): (api: string, region: string) => number {
  return (api, region) => {
    const rates = all.filter(({scope}) => scope.region === region).map(({budget}) => budget.numbers(api).ratePerSecond)
    return rates.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...rates)
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
