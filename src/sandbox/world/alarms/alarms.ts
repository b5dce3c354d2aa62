// How the alarms of a region stand: at every whole minute each is evaluated, from the same counts as the metrics.
import {type AlarmChange, isAlarmChange} from '../../alarm-changes.ts'
import type {Change} from '../../changes.ts'
import type {SandboxMetrics} from '../metrics/metric.ts'
import {metricLagMs} from '../metrics/source.ts'
import type {RegionChanges} from '../region-changes.ts'
import type {
  AlarmDefinition,
  AlarmStanding,
  AlarmValue,
  AlarmWrites,
  CompositeDefinition,
  SandboxAlarm,
  SandboxCompositeAlarm,
} from './alarm.ts'
import {judgeDatapoints, type Verdict} from './judge-datapoints.ts'

export type Alarms = {
  metric(): readonly SandboxAlarm[]
  composite(): readonly SandboxCompositeAlarm[]
  /** which of some alarms were in ALARM at a moment; a name that is none's is not */
  activeAt(names: readonly string[], at: number): readonly string[]
  readonly writing: AlarmWrites
  /** to be called when there are new changes of the region */
  changed(changes: readonly Change[]): void
}

export type AlarmsOptions = {
  readonly own: readonly AlarmDefinition[]
  readonly composites: readonly CompositeDefinition[]
  readonly read: SandboxMetrics['read']
  readonly record: RegionChanges['record']
  readonly firstUsedAt: number
  readonly now: () => number
}

/** One that is there, with its past. */
type Kept = {
  readonly definitions: readonly {readonly from: number; readonly definition: AlarmDefinition}[]
  readonly said: readonly Said[]
}

type Said = {readonly at: number; readonly state: AlarmValue; readonly reason: string}

type State = {readonly state: AlarmValue; readonly reason: string}

const minuteMs = 60_000
/** How far back the moment is looked for at which an alarm took its state: from before the sandbox was first used. */
const lookBackMs = 12 * 60 * minuteMs
const verdictsKept = 10_000

export function createAlarms({own, composites, read, record, firstUsedAt, now}: AlarmsOptions): Alarms {
  const ofCompany = new Map(
    own.map(definition => [
      definition.name,
      {definitions: [{from: Number.NEGATIVE_INFINITY, definition}], said: []} satisfies Kept,
    ]),
  )
  let kept: ReadonlyMap<string, Kept> = ofCompany
  /** what was said of composite alarms */
  let saidOf: ReadonlyMap<string, readonly Said[]> = new Map()
  // the same as long as the state lives: an alarm that stays as it is has taken its state at one moment
  const earliest = floorMinute(firstUsedAt - lookBackMs)
  const verdicts = new WeakMap<AlarmDefinition, Map<number, Verdict>>()

  /** All that it looks at has been reported, so that it stays as it is. */
  function evaluate(definition: AlarmDefinition, at: number): Verdict {
    const known = verdicts.get(definition) ?? new Map<number, Verdict>()
    verdicts.set(definition, known)
    let verdict = known.get(at)
    if (!verdict) {
      const {namespace, metricName: name, dimensions, statistic, periodSeconds, evaluationPeriods} = definition
      const periodMs = periodSeconds * 1000
      const to = at - metricLagMs
      const points = read(
        {namespace, name, dimensions},
        statistic,
        periodSeconds,
        to - evaluationPeriods * periodMs,
        to,
      )
      const periods = Array.from({length: evaluationPeriods}, (_, i) => {
        const from = to - (i + 1) * periodMs
        return {from, value: points.find(point => point.at === from)?.value ?? null}
      })
      verdict = judgeDatapoints(definition, periods)
      if (known.size >= verdictsKept) known.clear()
      known.set(at, verdict)
    }
    return verdict
  }

  function stateAt({definitions, said}: Kept, at: number): State {
    const made = definitions[0]?.from ?? at
    const last = said.findLast(each => each.at <= at)
    for (let minute = floorMinute(at); minute >= Math.max(made, at - lookBackMs); minute -= minuteMs) {
      if (last && last.at >= minute) return last
      const {definition} = definitions.findLast(({from}) => from <= minute) ?? definitions[0] ?? {}
      const verdict = definition && evaluate(definition, minute)
      if (verdict && verdict.state !== 'keep') return {state: verdict.state, reason: verdict.reason}
    }
    return last ?? {state: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation'}
  }

  function compositeAt({name, anyOf}: CompositeDefinition, at: number): State {
    const last = saidOf.get(name)?.findLast(each => each.at <= at)
    if (last && last.at >= floorMinute(at)) return last
    const active = anyOf.filter(child => {
      const found = kept.get(child)
      return found && stateAt(found, at).state === 'ALARM'
    })
    const state = active.length > 0 ? 'ALARM' : 'OK'
    const by = (active.length > 0 ? active : anyOf).join(', ')
    return {state, reason: `Alarm rule is ${active.length > 0 ? 'met' : 'not met'} by ${by}`}
  }

  /** Looks back for the moment at which a state was taken: at a whole minute, or when somebody said so. */
  function standing(
    at: (moment: number) => State,
    said: readonly Said[],
    {from, to}: {readonly from: number; readonly to: number},
  ): Pick<AlarmStanding, 'state' | 'stateReason' | 'stateUpdatedAt' | 'stateTransitionedAt'> {
    const {state, reason} = at(to)
    const eventBefore = (moment: number) =>
      Math.max(from, floorMinute(moment - 1), said.findLast(each => each.at < moment)?.at ?? from)
    let since = eventBefore(to + 1)
    while (since > from) {
      const before = eventBefore(since)
      if (at(before).state !== state) break
      since = before
    }
    const lastSaid = said.findLast(each => each.at <= to)?.at ?? since
    return {state, stateReason: reason, stateUpdatedAt: Math.max(since, lastSaid), stateTransitionedAt: since}
  }

  const configuredAt = (from: number | undefined) =>
    from && Number.isFinite(from) ? from : firstUsedAt - 90 * 86_400_000

  return {
    metric: () =>
      [...kept.values()].flatMap(each => {
        const latest = each.definitions.at(-1)
        if (!latest) return []
        const to = now()
        const from = Math.max(each.definitions[0]?.from ?? to, earliest)
        return {
          ...latest.definition,
          ...standing(moment => stateAt(each, moment), each.said, {from, to}),
          configuredAt: configuredAt(latest.from),
        }
      }),
    composite: () =>
      composites.map(each => {
        const to = now()
        const told = standing(moment => compositeAt(each, moment), saidOf.get(each.name) ?? [], {from: earliest, to})
        return {...each, ...told, configuredAt: configuredAt(undefined)}
      }),
    activeAt: (names, at) =>
      names.filter(name => {
        const alarm = kept.get(name)
        const composite = composites.find(each => each.name === name)
        return (alarm ? stateAt(alarm, at) : composite ? compositeAt(composite, at) : undefined)?.state === 'ALARM'
      }),
    writing: {
      put: alarm => record({kind: 'alarm-put', alarm}),
      remove: name => record({kind: 'alarm-deleted', name}),
      setState: (name, state, reason) => record({kind: 'alarm-said', name, state, reason}),
    },
    changed(changes) {
      const written = changes.filter(isAlarmChange)
      kept = written.reduce(afterChange, ofCompany)
      saidOf = Map.groupBy(
        written.flatMap(change => (change.kind === 'alarm-said' ? [change] : [])),
        ({name}) => name,
      )
    },
  }
}

function afterChange(kept: ReadonlyMap<string, Kept>, change: AlarmChange): ReadonlyMap<string, Kept> {
  const name = change.kind === 'alarm-put' ? change.alarm.name : change.name
  const found = kept.get(name)
  const others = new Map(kept)
  switch (change.kind) {
    case 'alarm-put':
      return others.set(name, {
        definitions: [...(found?.definitions ?? []), {from: change.at, definition: change.alarm}],
        said: found?.said ?? [],
      })
    case 'alarm-deleted':
      others.delete(name)
      return others
    case 'alarm-said':
      return found ? others.set(name, {...found, said: [...found.said, change]}) : kept
  }
}

const floorMinute = (at: number) => Math.floor(at / minuteMs) * minuteMs
