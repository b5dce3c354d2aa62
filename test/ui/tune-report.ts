import type {Architecture} from '../../src/services/pricing.ts'
import {nearestMiss} from '../../src/services/tuning/report/nearest-miss.ts'
import type {Sample, SampleOutcome} from '../../src/services/tuning/sample.ts'
import type {Interval, Standing} from '../../src/services/tuning/standing.ts'
import type {TunePlan} from '../../src/services/tuning/tune-plan.ts'
import type {Recommendation, TuneReport} from '../../src/services/tuning/tune-report.ts'

/** 2026-11-20 14:07:11 UTC */
export const startedAt = Date.UTC(2026, 10, 20, 14, 7, 11)
export const runId = '20261120-140711-k3f9x2ab'
const arn = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`

const prices = {
  perGBSecond: {x86_64: 0.0000166667, arm64: 0.0000133334},
  perRequest: 2e-7,
  ephemeralPerGBSecond: 0,
  snapStartCachePerGBSecond: 0,
  snapStartRestorePerGB: 0,
  source: 'bundled',
  asOf: '2026-08-01',
  isListed: true,
} as const

type MorePlan = Omit<Partial<TunePlan>, 'source'> & {readonly source?: Partial<TunePlan['source']>}

/** A plan to tune checkout-api:live, 512 MB. */
export function tunePlan(name = 'checkout-api', {source = {}, ...more}: MorePlan = {}): TunePlan {
  return {
    runId,
    source: {
      name,
      arn: arn(name),
      qualifier: 'live',
      version: '42',
      configuration: {FunctionName: name},
      code: {kind: 'zip', location: 'https://secret.example/?X-Amz-Signature=never'},
      tags: {},
      memorySizeMB: 512,
      architecture: 'x86_64',
      timeoutSeconds: 10,
      ephemeralStorageMB: 512,
      snapStart: false,
      ...source,
    },
    mode: 'shadow',
    objective: {goal: {kind: 'cheapest'}, slo: null, costTolerance: null, indifference: 0.03},
    candidates: [512, 1_024, 1_769, 3_008].map(memorySizeMB => ({memorySizeMB, architecture: 'x86_64'})),
    clones: [`slsops-tune-${name}-k3f9x2ab`],
    payloads: [{text: '{"order":"7f3c"}', weight: 1}],
    isPayloadAssumed: false,
    limits: {maxCostUSD: 0.05, maxInvocations: 240, maxTimeMs: 15 * 60_000},
    mayPropose: true,
    makingMs: 20_000,
    resumed: null,
    usualMs: null,
    used: null,
    tooSmall: [],
    usualInit: null,
    concurrency: 1,
    coldRatio: {value: 0.0023, source: 'metrics'},
    allowErrors: [],
    tenantId: null,
    prices,
    notes: [],
    ...more,
  }
}

type Size = Partial<Standing> & {
  readonly memorySizeMB: number
  /** mean billed duration of warm invocations */
  readonly ms?: number
  readonly calls?: number
  readonly cv?: number
  readonly outcome?: SampleOutcome
  readonly errorType?: string
}

/** Spread evenly over (−1, 1), the same at each run. */
const wave = (i: number): number => {
  const high = Math.sin((i + 1) * 12.9898) * 43_758.5453
  return 2 * (high - Math.floor(high)) - 1
}

const costPerMillion = (memorySizeMB: number, architecture: Architecture, ms: number): number =>
  1e6 * ((memorySizeMB / 1_024) * (ms / 1_000) * prices.perGBSecond[architecture] + prices.perRequest)

const spread = (value: number, share: number): Interval => [value * (1 - share), value * (1 + share)]

/** A size as the race would tell of it, and its invocations: the first one is cold. */
function sized(size: Size): {readonly standing: Standing; readonly samples: readonly Omit<Sample, 'index'>[]} {
  const {memorySizeMB, ms = null, calls = 10, cv = 0.08, outcome = 'ok', errorType = null, ...more} = size
  const architecture = more.architecture ?? 'x86_64'
  const isMeasured = ms !== null && calls > 1
  const cost = isMeasured ? costPerMillion(memorySizeMB, architecture, ms) : null
  const half = 2 * (cv / Math.sqrt(Math.max(1, calls)))
  const standing: Standing = {
    memorySizeMB,
    architecture,
    status: 'racing',
    why: null,
    invocations: calls,
    coldStarts: Math.min(1, calls),
    failures: outcome === 'ok' ? 0 : calls,
    meanBilledMs: isMeasured ? ms : null,
    ci95BilledMs: isMeasured ? spread(ms, half) : null,
    meanDurationMs: isMeasured ? ms - 0.4 : null,
    p50Ms: isMeasured ? ms * 0.99 : null,
    p95Ms: isMeasured ? ms * (1 + cv * 1.4) : null,
    p99Ms: isMeasured ? ms * (1 + cv * 1.8) : null,
    coldBilledMs: ms !== null && calls > 0 ? ms * 1.3 + 380 : null,
    costPerMillionUSD: cost,
    ci95CostPerMillionUSD: cost === null ? null : spread(cost, half),
    maxMemoryUsedMB: calls > 0 ? 143 : null,
    flags: [],
    slo: null,
    ...more,
  }
  const samples = Array.from({length: calls}, (_, i) => {
    const isCold = i === 0
    const durationMs = (ms ?? 1_000) * (1 + cv * wave(i + memorySizeMB)) * (isCold ? 1.3 : 1)
    return {
      memorySizeMB,
      architecture,
      at: startedAt + 1_000 * i,
      requestId: `${String(memorySizeMB).padStart(8, '0')}-58d2-4b0e-9a41-${String(i).padStart(12, '0')}`,
      payload: 0,
      outcome,
      errorType,
      durationMs: Math.round(durationMs * 100) / 100,
      billedMs: Math.ceil(durationMs + (isCold ? 380 : 0)),
      initMs: isCold ? 380 : null,
      restoreMs: null,
      maxMemoryUsedMB: 143,
      isCold,
      measuredBy: 'tail' as const,
    }
  })
  return {standing, samples}
}

/** What the screens draw it by: four sizes, of which one is dropped for each reason, and a tie. */
const drawn: readonly Size[] = [
  {memorySizeMB: 512, ms: 1_910, calls: 9, status: 'dropped', why: '6 % dearer, slower'},
  {memorySizeMB: 1_024, ms: 902, calls: 14, status: 'tied', why: 'as cheap, slower'},
  {memorySizeMB: 1_769, ms: 521, calls: 17, status: 'winner'},
  {memorySizeMB: 3_008, ms: 518, calls: 6, status: 'dropped', why: '68 % dearer'},
]

export const winner: Recommendation = {
  memorySizeMB: 1_769,
  architecture: 'x86_64',
  kind: 'winner',
  reason: 'as cheap as any (within 3 %) and 42 % faster than 1,024 MB',
  confidence: 0.97,
  withinShare: 0.024,
  againstCurrent: {
    cost: {share: -0.06, ci95: [-0.09, -0.03]},
    duration: {share: -0.73, ci95: [-0.75, -0.7]},
    p95: {share: -0.72, ci95: null},
  },
}

type MoreReport = Omit<Partial<TuneReport>, 'plan' | 'sizes'> & {
  readonly plan?: TunePlan
  readonly sizes?: readonly Size[]
}

/** A report of these sizes; as the example where nothing else is said. */
export function tuneReport({plan = tunePlan(), sizes = drawn, ...more}: MoreReport = {}): TuneReport {
  const all = sizes.map(sized)
  const samples = all
    .flatMap(one => one.samples)
    .toSorted((a, b) => a.at - b.at)
    .map((sample, i) => ({...sample, index: i + 1}))
  const report: TuneReport = {
    plan,
    startedAt,
    endedAt: startedAt + 72_400,
    ending: 'settled',
    sizes: all.map(({standing}) => standing),
    samples,
    recommendation: winner,
    curves: [{architecture: 'x86_64', a: 12, b: 905, c: 1, kneeMB: 1_769, error: 0.02, class: 'cpu-bound'}],
    spent: {invocations: samples.length, costUSD: 0.0021, unknown: 0},
    cleanup: {
      cleanedUp: true,
      left: [],
      done: ['deleted slsops-tune-checkout-api-k3f9x2ab', 'deleted its log group'],
    },
    gaps: [],
    notes: [],
    ...more,
  }
  const miss = nearestMiss(report)
  return miss === null ? report : {...report, nearestMiss: miss}
}

export const tieReport = tuneReport({
  recommendation: {
    ...winner,
    kind: 'tie',
    reason: '1,024 MB and 1,769 MB cost the same within 3 %; this one is faster',
  },
})

export const budgetReport = tuneReport({
  ending: 'max-cost',
  sizes: drawn.map(size => ({...size, calls: 4, status: 'racing', why: null})),
  recommendation: {
    ...winner,
    kind: 'best-so-far',
    reason: 'the cheapest of what was seen',
    confidence: 0.61,
    withinShare: 0.083,
  },
  spent: {invocations: 17, costUSD: 0.0498, unknown: 1},
})

export const failingReport = tuneReport({
  ending: 'failing',
  sizes: [
    {memorySizeMB: 512, calls: 1, outcome: 'error', errorType: 'TypeError', status: 'infeasible', why: 'TypeError'},
    ...[1_024, 1_769, 3_008].map(memorySizeMB => ({memorySizeMB, calls: 0, status: 'waiting'}) as const),
  ],
  recommendation: null,
  curves: [],
  spent: {invocations: 1, costUSD: 0.000016, unknown: 0},
  gaps: ['the first invocation failed (TypeError): it would have measured the error path'],
})

export const interruptedReport = tuneReport({
  ending: 'interrupted',
  recommendation: {...winner, kind: 'best-so-far', confidence: 0.72, withinShare: 0.0461},
  cleanup: {
    cleanedUp: false,
    left: ['slsops-tune-checkout-api-k3f9x2ab: AccessDenied, needs lambda:DeleteFunction'],
    done: ['deleted the log group /aws/lambda/slsops-tune-checkout-api-k3f9x2ab'],
  },
})

export const observedReport = tuneReport({
  plan: tunePlan('checkout-api', {mode: 'observe'}),
  samples: [],
  worthMeasuring: [264, 3_008],
  ending: 'observed',
  sizes: [
    {memorySizeMB: 512, ms: 1_910, calls: 812, status: 'tied', flags: ['approximate']},
    {memorySizeMB: 1_024, ms: 902, calls: 97, status: 'tied', flags: ['approximate']},
  ],
  recommendation: {
    ...winner,
    kind: 'hypothesis',
    reason: 'by what 512 MB and 1,024 MB took in the past it would cost as much, and take 42 % less time',
    confidence: null,
    againstCurrent: null,
  },
  spent: {invocations: 0, costUSD: 0, unknown: 0},
  cleanup: {cleanedUp: true, left: [], done: []},
})

export const twoArchitectures = tuneReport({
  plan: tunePlan('checkout-api', {
    clones: ['slsops-tune-checkout-api-k3f9x2ab', 'slsops-tune-checkout-api-k3f9x2ab-a'],
    candidates: (['arm64', 'x86_64'] as const).flatMap(architecture =>
      [512, 1_769].map(memorySizeMB => ({memorySizeMB, architecture})),
    ),
  }),
  sizes: [
    {memorySizeMB: 512, architecture: 'arm64', ms: 1_680, calls: 8, status: 'dropped', why: '3 % dearer, slower'},
    {memorySizeMB: 1_769, architecture: 'arm64', ms: 472, calls: 18, status: 'winner'},
    ...drawn.filter(({memorySizeMB}) => memorySizeMB !== 1_024).map(size => ({...size, status: 'dropped'}) as const),
  ],
  recommendation: {
    ...winner,
    architecture: 'arm64',
    reason: 'the cheapest by 27 %, and the fastest',
  },
  curves: [
    {architecture: 'arm64', a: 10, b: 810, c: 1, kneeMB: 1_769, error: 0.02, class: 'cpu-bound'},
    {architecture: 'x86_64', a: 12, b: 905, c: 1, kneeMB: 1_769, error: 0.02, class: 'cpu-bound'},
  ],
})

/** Sizes that fail, figures that are doubtful, and a latency objective in all its states. */
export const doubtfulReport = tuneReport({
  plan: tunePlan('checkout-api', {
    objective: {
      goal: {kind: 'balanced', weight: 0.5},
      slo: {percentile: 95, limitMs: 600},
      costTolerance: 0.05,
      indifference: 0.03,
    },
    candidates: [128, 256, 272, 512, 1_024, 1_769, 3_008].map(memorySizeMB => ({
      memorySizeMB,
      architecture: 'x86_64',
    })),
    isPayloadAssumed: true,
    payloads: [{text: '{}', weight: 1}],
    notes: ['its code reads AWS_LAMBDA_FUNCTION_NAME, which is another in the clone'],
  }),
  sizes: [
    {memorySizeMB: 128, calls: 2, outcome: 'oom', status: 'infeasible', why: 'out of memory (2 of 2)'},
    {
      memorySizeMB: 256,
      ms: 3_900,
      calls: 6,
      status: 'dropped',
      why: 'misses p95 < 600 ms',
      slo: 'missed',
      flags: ['memory-starved'],
    },
    {
      memorySizeMB: 272,
      ms: 113,
      calls: 7,
      status: 'dropped',
      why: 'doubtful: 12 × faster than its neighbours',
      flags: ['off-curve', 'bimodal'],
    },
    {memorySizeMB: 512, ms: 1_910, calls: 9, status: 'dropped', why: 'misses p95 < 600 ms', slo: 'missed'},
    {
      memorySizeMB: 1_024,
      ms: 902,
      calls: 14,
      status: 'dropped',
      why: 'misses p95 < 600 ms',
      slo: 'missed',
      flags: ['outliers', 'drifting'],
    },
    {memorySizeMB: 1_769, ms: 521, calls: 59, status: 'winner', slo: 'certified'},
    {memorySizeMB: 3_008, ms: 518, calls: 6, status: 'dropped', why: '68 % dearer', slo: 'seen'},
  ],
  gaps: ['the account allows at most 3,008 MB: larger sizes were left out'],
})

const hostile = '</title><script>alert(1)</script>\u001b]0;x\u0007\u202e"onload=\'x\n=1+1|`'

/** Names and texts of AWS that would be markup, formulas or orders to a terminal. */
export const hostileReport = tuneReport({
  plan: tunePlan(hostile, {
    source: {
      qualifier: hostile,
      tags: {'aws:cloudformation:logical-id': hostile, 'aws:cloudformation:stack-name': hostile},
    },
    payloads: [{text: hostile, weight: 1}],
    notes: [hostile],
  }),
  sizes: [
    ...drawn,
    {
      memorySizeMB: 128,
      calls: 1,
      outcome: 'error',
      errorType: `=cmd|' /C calc'!A0${hostile}`,
      status: 'infeasible',
      why: hostile,
    },
  ],
  recommendation: {...winner, reason: hostile},
  cleanup: {cleanedUp: false, left: [hostile], done: [hostile]},
  gaps: [hostile],
  notes: [hostile],
})

export const severalReports = [
  tuneReport(),
  tuneReport({
    plan: tunePlan('image-resize', {runId: '20261120-140830-p0q8w7er', source: {qualifier: null, memorySizeMB: 1_024}}),
    recommendation: {...winner, againstCurrent: null},
  }),
]
