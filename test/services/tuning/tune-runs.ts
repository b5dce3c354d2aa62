import {UserError} from '../../../src/errors.ts'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {pricesOf} from '../../../src/services/pricing.ts'
import type {Arena, Cleanup, Refused, Stage} from '../../../src/services/tuning/arena/arena.ts'
import {type Candidate, candidateKey} from '../../../src/services/tuning/candidate.ts'
import type {Invoked, Invoker} from '../../../src/services/tuning/invoke/invoker.ts'
import type {RunJournal} from '../../../src/services/tuning/journal/run-journal.ts'
import type {RunRecord} from '../../../src/services/tuning/journal/run-record.ts'
import {bundledPrices} from '../../../src/services/tuning/money/run-prices.ts'
import type {Race, RaceOptions} from '../../../src/services/tuning/race/race.ts'
import type {Sample} from '../../../src/services/tuning/sample.ts'
import type {Standing} from '../../../src/services/tuning/standing.ts'
import type {TuneOptions} from '../../../src/services/tuning/tune-function.ts'
import type {TunePlan} from '../../../src/services/tuning/tune-plan.ts'
import type {FakeClock} from '../logs/reader/fake-clock.ts'
import {usualWish} from './usual-wish.ts'

const start = Date.UTC(2026, 10, 20, 14, 7, 11)
export const startedAt = start

type MorePlan = Omit<Partial<TunePlan>, 'source'> & {readonly source?: Partial<TunePlan['source']>}

export const x86 = (memorySizeMB: number): Candidate => ({memorySizeMB, architecture: 'x86_64'})
export const arm = (memorySizeMB: number): Candidate => ({memorySizeMB, architecture: 'arm64'})

/** A plan to tune resize, of 512 MB and 3 s. */
export function planOf({source = {}, ...more}: MorePlan = {}): TunePlan {
  return {
    runId: '20261120-140711-k3f9x2ab',
    source: {
      name: 'resize',
      arn: 'arn:aws:lambda:eu-west-1:123456789012:function:resize',
      qualifier: null,
      version: '$LATEST',
      configuration: {FunctionName: 'resize', Runtime: 'nodejs24.x'},
      code: {kind: 'zip', location: 'https://secret.example/?X-Amz-Signature=never'},
      tags: {},
      memorySizeMB: 512,
      architecture: 'x86_64',
      timeoutSeconds: 3,
      ephemeralStorageMB: 512,
      snapStart: false,
      ...source,
    },
    ...usualWish,
    mode: 'shadow',
    candidates: [x86(256), x86(512), x86(1024)],
    payloads: [{text: '{}', weight: 1}],
    isPayloadAssumed: true,
    limits: {maxCostUSD: 0.5, maxInvocations: 120, maxTimeMs: 15 * 60_000},
    coldRatio: {value: 0.01, source: 'assumed'},
    prices: bundledPrices(pricesOf('us-east-1')),
    ...more,
  }
}

/** What the function does at a size: how long it takes, and how it ends. */
type Behaviour = Partial<Sample> & {
  readonly durationMs?: number
  readonly throws?: Error
  readonly unknown?: string
  readonly looksLikeError?: string
  readonly excerpt?: string
}

export type FakeRun = {
  readonly clock: FakeClock
  /** what was done, in order */
  readonly log: string[]
  /** of each invocation: when it was made, and when it was answered */
  readonly invoked: {readonly key: string; readonly at: number; underWay: number}[]
}

type Fakes = {
  readonly behaves?: (candidate: Candidate, n: number) => Behaviour
  readonly refused?: readonly Refused[]
  readonly opens?: () => Promise<void>
  /** what became of what the making had made when it failed */
  readonly undone?: Cleanup
  readonly adds?: (
    candidate: Candidate,
    signal: AbortSignal,
  ) => Stage | Refused | null | Promise<Stage | Refused | null>
  readonly cleanup?: Cleanup
  readonly race?: (options: RaceOptions) => Race
}

export const stageOf = (candidate: Candidate): Stage => ({
  ...candidate,
  functionName: 'slsops-tune-resize-k3f9x2ab',
  version: `${candidate.memorySizeMB}`,
})

/** What a run is made of, on a clock of its own; everything that it does is noted down. */
export function fakesFor(run: FakeRun, plan: TunePlan, fakes: Fakes = {}): TuneOptions {
  const {clock, log, invoked} = run
  let underWay = 0
  const counts = new Map<string, number>()
  const journal: RunJournal = {
    runId: plan.runId,
    path: '/nowhere',
    change: (_intent, call) => call(),
    invoke: async () => {},
    waived: async () => {},
    settledAs: async ({memorySizeMB}) => void log.push(`settled as ${memorySizeMB} MB`),
    sample: async ({index}) => void log.push(`journal ${index}`),
    before: async () => {},
    record: () => ({changes: []}) as unknown as RunRecord,
    end: async () => void log.push('journal ends'),
    release: async () => {},
  }
  const arena: Arena = {
    stages: plan.candidates
      .filter(candidate => !fakes.refused?.some(other => candidateKey(other) === candidateKey(candidate)))
      .map(stageOf),
    refused: fakes.refused ?? [],
    add: async (candidate, signal) => (await fakes.adds?.(candidate, signal)) ?? null,
    async close(signal) {
      log.push(signal.aborted ? 'closed too late' : 'closed')
      return fakes.cleanup ?? {cleanedUp: true, left: [], done: ['deleted the clone']}
    },
  }
  const invoker: Invoker = {
    async invoke(stage, {place}, signal): Promise<Invoked> {
      const key = candidateKey(stage)
      const n = counts.get(key) ?? 0
      counts.set(key, n + 1)
      const {throws, unknown, looksLikeError, excerpt, ...sample} = fakes.behaves?.(stage, n) ?? {}
      const at = clock.now()
      underWay++
      invoked.push({key, at, underWay})
      try {
        await clock.sleep(sample.durationMs ?? 100, signal)
      } finally {
        underWay--
      }
      if (throws) throw throws
      if (unknown) return {kind: 'unknown', why: unknown, isForeignVersion: false}
      const {memorySizeMB, architecture} = stage
      return {
        kind: 'sample',
        answer: {excerpt: excerpt ?? '{}', looksLikeError: looksLikeError ?? null},
        sample: {
          memorySizeMB,
          architecture,
          at,
          requestId: `${key}-${n}`,
          payload: place,
          outcome: 'ok',
          errorType: null,
          durationMs: 100,
          billedMs: Math.ceil(sample.durationMs ?? 100),
          initMs: null,
          restoreMs: null,
          maxMemoryUsedMB: 90,
          isCold: n === 0,
          measuredBy: 'tail',
          ...sample,
        },
      }
    },
  }
  return {
    journals: '/nowhere',
    undoSignal: () => new AbortController().signal,
    makers: {
      beginJournal: async () => {
        log.push('journal begins')
        return journal
      },
      async openArena(_aws, _plan, _journal, _signal, doing, _undoSignal, undone) {
        log.push('opened')
        doing('publishes 512 MB')
        await fakes.opens?.().catch(error => {
          undone?.(fakes.undone ?? {cleanedUp: true, left: [], done: []})
          throw error
        })
        return arena
      },
      createInvoker: () => invoker,
      createRace: options => (fakes.race ?? raceOf(5))(options),
    },
  }
}

export const awsOn = (clock: FakeClock): Aws => ({clock}) as unknown as Aws

/** A race that has so many warm invocations of each size, one of each at a time, and takes the cheapest then. */
export const raceOf =
  (perSize: number, proposal: Candidate | null = null) =>
  ({candidates, costUSD}: RaceOptions): Race => {
    const racing = new Map(candidates.map(candidate => [candidateKey(candidate), candidate]))
    const out = new Map<string, string>()
    const samples: Sample[] = []
    let proposed = proposal
    const warm = (candidate: Candidate): readonly Sample[] =>
      samples.filter(
        sample => candidateKey(sample) === candidateKey(candidate) && !sample.isCold && sample.outcome === 'ok',
      )
    const meanOf = (candidate: Candidate): number | null => {
      const all = warm(candidate)
      return all.length === 0 ? null : all.reduce((sum, {billedMs}) => sum + billedMs, 0) / all.length
    }
    const standing = (candidate: Candidate): Standing => {
      const key = candidateKey(candidate)
      const mean = meanOf(candidate)
      const cost = mean === null ? null : 1e6 * costUSD(candidate, mean)
      const all = samples.filter(sample => candidateKey(sample) === key)
      return {
        ...candidate,
        status: out.has(key) ? 'infeasible' : 'racing',
        why: out.get(key) ?? null,
        invocations: all.length,
        coldStarts: all.filter(({isCold}) => isCold).length,
        failures: all.filter(({outcome}) => outcome !== 'ok').length,
        meanBilledMs: mean,
        ci95BilledMs: mean === null ? null : [mean * 0.99, mean * 1.01],
        meanDurationMs: mean,
        p50Ms: mean,
        p95Ms: mean,
        p99Ms: mean,
        coldBilledMs: null,
        costPerMillionUSD: cost,
        ci95CostPerMillionUSD: cost === null ? null : [cost * 0.99, cost * 1.01],
        maxMemoryUsedMB: 90,
        flags: [],
        slo: null,
      }
    }
    const standings = (): readonly Standing[] => [...racing.values()].map(standing)
    return {
      next() {
        if (proposed !== null && samples.length >= candidates.length) return {kind: 'propose', candidate: proposed}
        const left = standings().filter(({status}) => status === 'racing')
        if (left.length === 0) return {kind: 'done', ending: 'failing'}
        const wanting = left.filter(
          ({memorySizeMB, architecture}) => warm({memorySizeMB, architecture}).length < perSize,
        )
        return wanting.length === 0 ? {kind: 'done', ending: 'settled'} : {kind: 'sample', candidates: wanting}
      },
      add(sample) {
        samples.push(sample)
        if (sample.outcome !== 'ok') out.set(candidateKey(sample), sample.outcome)
      },
      enter(candidate) {
        proposed = null
        racing.set(candidateKey(candidate), candidate)
      },
      decline() {
        proposed = null
      },
      exclude: (candidate, why) => void out.set(candidateKey(candidate), why),
      standings,
      leader() {
        const [best] = standings()
          .filter(({costPerMillionUSD, status}) => costPerMillionUSD !== null && status === 'racing')
          .sort((a, b) => (a.costPerMillionUSD ?? 0) - (b.costPerMillionUSD ?? 0))
        if (best === undefined) return null
        return {
          candidate: {memorySizeMB: best.memorySizeMB, architecture: best.architecture},
          isTie: false,
          confidence: 0.97,
          withinShare: 0.02,
        }
      },
    }
  }

export const denied = new UserError('AWS refused to invoke', {code: 'AccessDeniedException', exitCode: 4})
