import {metricUSD} from '../src/services/pricing.ts'
import {openShift} from '../src/services/traffic/plan/open-shift.ts'
import {shiftFunctions} from '../src/services/traffic/shift/shift-functions.ts'
import type {ShiftReport} from '../src/services/traffic/shift/shift-steps.ts'
import {isControlPlane} from './traffic-account.ts'
import {all, floorOf, journalKB, minute, ongoing, type Told, type TrafficPlace} from './traffic-place.ts'

/** Plan, stages and end of a shift of all of them. */
export async function wholeShift(place: TrafficPlace): Promise<Told> {
  const {account, clock, aliases} = place
  const from = clock.now()
  const opened = await openShift(account.connect(), all, place.wish, ongoing())
  const {plan} = opened
  const planned = account.seen.slice()
  const planSeconds = (clock.now() - from) / 1000
  const metricsBefore = account.metrics()
  const stages: {readonly seconds: number; readonly journalKB: number}[] = []
  let begun = clock.now()
  let report: ShiftReport | null = null
  for await (const step of opened.run({undoSignal: ongoing, controls: () => []})) {
    if (step.kind === 'doing' && step.what.startsWith('moves')) begun = clock.now()
    if (step.kind === 'stage')
      stages.push({seconds: (clock.now() - begun) / 1000, journalKB: journalKB(place, plan.runId)})
    if (step.kind === 'ended') report = step.report
  }
  if (report === null) throw new Error('it has not ended')
  const shiftMinutes = (report.endedAt - report.startedAt) / minute
  const metrics = account.metrics() - metricsBefore
  const gateCalls = account.seen.slice(planned.length).filter(({operation}) => operation === 'GetMetricData').length
  const growth = stages.slice(1).map((stage, at) => stage.journalKB - (stages[at]?.journalKB ?? 0))
  return {
    outcome: report.outcome,
    planCalls: planned.length,
    planSeconds,
    planFloor: floorOf(planned),
    writesOfStage: report.writes / (stages.length + 1),
    stageSeconds: Math.max(...stages.map(({seconds}) => seconds)),
    stageFloor: aliases / 10,
    journalKBofStage: Math.max(...growth),
    shiftMinutes,
    gateCallsAMinute: gateCalls / shiftMinutes,
    gateMetrics: metrics,
    metricUSDmade: metrics * metricUSD,
    metricUSDtold: plan.gateCostUSD,
    throttles: account.throttles(),
    heapMB: process.memoryUsage().heapUsed / 1024 ** 2,
  }
}

/** Interrupted in its second stage: while it is watched and its aliases are read, or when half of its writes are made. */
export async function takenBack(place: TrafficPlace, when: 'watched' | 'written'): Promise<Told> {
  const {account, clock, aliases, journals, wish} = place
  const aws = account.connect()
  const opened = await openShift(aws, all, wish, ongoing())
  const control = new AbortController()
  let at = Number.NaN
  const stopAfter = async (ms: number): Promise<void> => {
    await clock.sleep(ms)
    at = clock.now()
    control.abort(new Error('Ctrl-C'))
  }
  let stage = 0
  let report: ShiftReport | null = null
  const options = {journals, undoSignal: ongoing, controls: () => []}
  for await (const step of shiftFunctions(aws, opened.plan, options, control.signal)) {
    if (step.kind === 'stage') stage++
    // the aliases are read anew after a hundred seconds, for ten
    if (when === 'watched' && step.kind === 'stage' && stage === 2) void stopAfter(125_000)
    if (when === 'written' && stage === 1 && step.kind === 'doing' && step.what.startsWith('moves'))
      void stopAfter((aliases / 2 / 10) * 1000)
    if (step.kind === 'ended') report = step.report
  }
  return {outcome: report?.outcome ?? 'none', ...wayBack(place, at, report)}
}

/** One in twenty of what the new version does fails: how long what hurts waits for anything after it is known. */
export async function hurting(place: TrafficPlace): Promise<Told> {
  const {account} = place
  const opened = await openShift(account.connect(), all, place.wish, ongoing())
  let report: ShiftReport | null = null
  for await (const step of opened.run({undoSignal: ongoing, controls: () => []}))
    if (step.kind === 'ended') report = step.report
  const first = account.seen.findLastIndex(({operation}) => operation === 'GetMetricData')
  return {
    outcome: report?.outcome ?? 'none',
    minutesUntilBack: report ? (report.endedAt - report.startedAt) / minute : 0,
    ...wayBack(place, account.seen[first]?.at ?? Number.NaN, report),
  }
}

/** What it took from a moment on until all were back. */
function wayBack({account}: TrafficPlace, at: number, report: ShiftReport | null): Told {
  const after = account.seen.filter(call => call.at > at)
  const isBack = ({operation, isRefused}: (typeof after)[number]): boolean => operation === 'UpdateAlias' && !isRefused
  const last = after.findLastIndex(isBack)
  const [first] = after.filter(isBack)
  const moved = report?.members.filter(({state, detail}) => state === 'rolled-back' && detail === null).length ?? 0
  return {
    writes: after.filter(isBack).length,
    firstSeconds: ((first?.at ?? Number.NaN) - at) / 1000,
    backSeconds: ((after[last]?.at ?? Number.NaN) - at) / 1000,
    backFloor: moved / 15,
    endedSeconds: ((report?.endedAt ?? Number.NaN) - at) / 1000,
    // those that were on their way when it began may still arrive
    othersMeanwhile: after
      .slice(after.findIndex(isBack), last)
      .filter(call => isControlPlane(call.operation) && !isBack(call)).length,
    throttles: account.throttles(),
    left: [...account.aliases.values()].filter(({version, weights}) => version !== '41' || '42' in weights).length,
  }
}
