import type {Known} from '../../src/known.ts'
import {advisedOf} from '../../src/services/fleet/coldstarts/advice.ts'
import type {ColdStartsReport, FunctionColdStarts} from '../../src/services/fleet/coldstarts/coldstarts-report.ts'
import {figuresOf, histogramBoundsMs} from '../../src/services/fleet/coldstarts/figures.ts'
import type {CountedInit, InitKind} from '../../src/services/fleet/coldstarts/init-kind.ts'
import {fleetFn} from '../services/fleet/coldstarts/cold-lines.ts'
import {functionRef} from '../services/logs/events.ts'

const start = Date.parse('2026-11-19T14:00:00Z')
const window = {start, end: start + 86_400_000}

/** So many inits of a kind, evenly over a day. */
export function inits(kind: InitKind, count: number, initMs: number): readonly CountedInit[] {
  const isFelt = kind !== 'proactive' && kind !== 'provisioned'
  return Array.from({length: count}, (_, i) => ({
    owner: {function: functionRef('checkout-api'), version: '42'},
    kind,
    at: start + Math.floor(((i + 0.5) * 86_400_000) / count),
    requestAt: start,
    initMs: initMs + i,
    feltMs: isFelt ? initMs + i + 100 : null,
    memorySizeMB: 512,
    isBilled: kind !== 'restore',
    costUSD: kind === 'onDemand' ? initMs * 1e-8 : 0,
    restoreCostUSD: 0,
  }))
}

export const figures = (all: readonly CountedInit[], invocations: Known<number> = {value: 10_000}) =>
  figuresOf(all, {invocations, undetermined: 0, window})

export function functionOf(name: string, more: Partial<FunctionColdStarts> = {}): FunctionColdStarts {
  const told = more.figures ?? {value: figures([])}
  return {
    of: fleetFn(name),
    figures: told,
    invocations: 'value' in told ? told.value.invocations : told,
    notApplicable: null,
    baseline: null,
    ratioToBaseline: null,
    causes: null,
    advice: [],
    ...more,
  }
}

/** A report of a day, of four functions. */
export function coldStarts(more: Partial<ColdStartsReport> = {}): ColdStartsReport {
  const checkout = [...inits('onDemand', 190, 400), ...inits('proactive', 12, 400), ...inits('failed', 3, 50)]
  const functions = [
    functionOf('checkout-api', {
      figures: {value: figures(checkout, {value: 81_200})},
      ratioToBaseline: 2.94,
      causes: {deploy: 150, scaleOut: 10, idle: 20, unknown: 10},
      advice: [
        {
          kind: 'package-size',
          text: 'its package is 48 MB: load less of it',
          formula: null,
          monthlyUSD: null,
          coldStarts: 190,
          waitedMs: 60_000,
        },
      ],
    }),
    functionOf('search', {figures: {value: figures(inits('restore', 40, 470), {value: 9_600})}}),
    functionOf('inventory', {figures: {value: figures(inits('provisioned', 9, 300))}}),
    functionOf('price-labels', {
      figures: {unknown: 'hidden', detail: 'SystemLogLevel=WARN keeps reports out of its log'},
    }),
  ]
  return {
    coverage: {
      window,
      scopes: [{account: '123456789012', region: 'eu-west-1', profile: null, endpoint: 'aws'}],
      gaps: [{what: 'cold starts of price-labels', account: '123456789012', region: 'eu-west-1', reason: 'hidden'}],
    },
    askedAt: window.end,
    known: {functions: 4, known: 3},
    isBegun: true,
    provisionedUnknown: new Set(),
    functions,
    advised: advisedOf(more.functions ?? functions),
    total: figures([...checkout, ...inits('restore', 40, 470), ...inits('provisioned', 9, 300)], {value: 100_800}),
    groups: null,
    compared: null,
    unattributed: 0,
    trendPartMs: 3_600_000,
    histogramBoundsMs,
    baselinesAsOf: '2026-08-22',
    pricesAsOf: '2026-08-01',
    notes: [],
    ...more,
  }
}
