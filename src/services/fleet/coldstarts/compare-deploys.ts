import type {Deploy} from '../../errors/deploys.ts'
import type {Served, Stint} from '../../errors/served.ts'
import type {ColdStartFigures, ComparedColdStarts} from './coldstarts-report.ts'
import {figuresOf} from './figures.ts'
import type {CountedFunction} from './function-figures.ts'
import type {CountedInit} from './init-kind.ts'

type Window = {readonly start: number; readonly end: number}

/** fewer are no sample */
const fewest = 10
/** a difference that nobody would act on is none, however sure */
const leastRatio = 1.1
/** two-sided, at 1 % */
const surelyDifferent = 2.576

/** The version that serves of each function against the one that served before it, by what their logs tell. */
export function compareDeploys(
  deploys: readonly Deploy[],
  history: Served,
  counted: readonly CountedFunction[],
  window: Window,
): readonly ComparedColdStarts[] {
  return deploys.flatMap(deploy => {
    const fn = counted.find(({of, unknown}) => of.arn === deploy.function.arn && unknown === null)
    if (!fn) return []
    const stint = history.stint(deploy, window.start)
    const {version, previous, since, sideBySide} = stint
    const publishedAt = deploy.publishedAt.get(version) || null
    // what comes first in what was read need not have come first
    const servedBefore = previous === null && since !== null && (publishedAt === null || publishedAt <= window.start)
    const [own, before] = partsOf(stint, window)
    const now = initsOf(fn, version, own)
    const earlier = previous === null || before === null ? null : initsOf(fn, previous, before)
    const invocations = (version: string, {start, end}: Window) => ({
      value: history.invocations(fn.of.arn, version, start, end),
    })
    const nowFigures = figuresOf(now, {invocations: invocations(version, own), undetermined: 0, window: own})
    const beforeFigures =
      earlier && before && previous !== null
        ? figuresOf(earlier, {invocations: invocations(previous, before), undetermined: 0, window: before})
        : null
    return [
      {
        of: fn.of,
        alias: deploy.alias,
        version,
        previousVersion: previous,
        servesSince: servedBefore ? null : since,
        servedBefore,
        publishedAt,
        sideBySide,
        now: nowFigures,
        before: beforeFigures,
        ...judged(now, nowFigures, earlier ?? [], beforeFigures),
      },
    ]
  })
}

function partsOf({since, previous, sideBySide}: Stint, {start, end}: Window): readonly [Window, Window | null] {
  const own = {start: Math.max(start, since ?? end), end}
  if (previous === null) return [own, null]
  return [own, sideBySide ? own : {start, end: since ?? end}]
}

const initsOf = ({inits}: CountedFunction, version: string, {start, end}: Window): readonly CountedInit[] =>
  inits.filter(({owner, at}) => owner.version === version && at >= start && at <= end)

function judged(
  now: readonly CountedInit[],
  nowFigures: ColdStartFigures,
  before: readonly CountedInit[],
  beforeFigures: ColdStartFigures | null,
): Pick<ComparedColdStarts, 'initRatio' | 'verdict'> {
  const kind = (nowFigures.restoreMs?.count ?? 0) > (nowFigures.initMs?.count ?? 0) ? 'restore' : 'onDemand'
  const of = (figures: ColdStartFigures | null) => (kind === 'restore' ? figures?.restoreMs : figures?.initMs) ?? null
  const [one, other] = [of(nowFigures), of(beforeFigures)]
  if (beforeFigures === null) return {initRatio: null, verdict: 'nothing-before'}
  if (!one || !other || other.p50 <= 0) return {initRatio: null, verdict: 'too-few'}
  const initRatio = one.p50 / other.p50
  if (one.count < fewest || other.count < fewest) return {initRatio, verdict: 'too-few'}
  const durations = (inits: readonly CountedInit[]): number[] =>
    inits.flatMap(init => (init.kind === kind ? (init.initMs ?? []) : []))
  const isSure = Math.abs(rankSumZ(durations(now), durations(before))) >= surelyDifferent
  const isLarge = initRatio >= leastRatio || initRatio <= 1 / leastRatio
  if (!isSure || !isLarge) return {initRatio, verdict: 'alike'}
  return {initRatio, verdict: initRatio > 1 ? 'slower' : 'faster'}
}

/**
 * How far the ranks of one sample are from those of another, in standard deviations: the Wilcoxon–Mann–Whitney test in its
 * normal approximation, ties counted as their mean rank.
 */
export function rankSumZ(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map(value => ({value, isOne: true})), ...other.map(value => ({value, isOne: false}))].sort(
    (a, b) => a.value - b.value,
  )
  let ranks = 0
  let ties = 0
  for (let from = 0; from < all.length; ) {
    let to = from
    while (to < all.length && all[to]?.value === all[from]?.value) to++
    const count = to - from
    ties += count ** 3 - count
    const meanRank = (from + 1 + to) / 2
    for (let i = from; i < to; i++) if (all[i]?.isOne) ranks += meanRank
    from = to
  }
  const [n, m, total] = [one.length, other.length, all.length]
  const variance = ((n * m) / 12) * (total + 1 - ties / Math.max(1, total * (total - 1)))
  return variance <= 0 ? 0 : (ranks - (n * (total + 1)) / 2) / Math.sqrt(variance)
}
