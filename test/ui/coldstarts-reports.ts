import {isKnown, type Unknown} from '../../src/known.ts'
import type {ColdStartsReport, FunctionColdStarts} from '../../src/services/fleet/coldstarts/coldstarts-report.ts'
import type {CountedInit, InitKind} from '../../src/services/fleet/coldstarts/init-kind.ts'
import type {FleetFunction} from '../../src/services/fleet/fleet-function.ts'
import {fleetFn, owner} from '../services/fleet/coldstarts/cold-lines.ts'
import {coldStarts, figures, functionOf} from './coldstarts.ts'

const {window} = coldStarts().coverage
const end = window.end ?? window.start
const dayMs = end - window.start

/** Inits that spread around a median over the whole window, the same at each run. */
export function someInits(count: number, medianMs: number, kind: InitKind = 'onDemand'): readonly CountedInit[] {
  const isFelt = kind !== 'proactive' && kind !== 'provisioned'
  return Array.from({length: count}, (_, i) => {
    const wave = Math.sin(i * 12.9898) * 43_758.5453
    const initMs = medianMs * Math.exp((wave - Math.floor(wave) - 0.5) * 1.2)
    const at = window.start + ((i + 0.5) / count) * dayMs
    return {
      owner,
      kind,
      at,
      requestAt: isFelt ? at - 20 : null,
      initMs,
      feltMs: isFelt ? initMs + 20 : null,
      memorySizeMB: 512,
      isBilled: true,
      costUSD: initMs * 1e-8,
      restoreCostUSD: 0,
    }
  })
}

type Cold = Partial<Pick<FunctionColdStarts, 'causes' | 'advice' | 'notApplicable'>> & {
  readonly name: string
  readonly inits?: readonly CountedInit[]
  readonly unknown?: Unknown
  readonly more?: Partial<FleetFunction>
}

function coldFunction({name, inits = [], unknown, more, ...told}: Cold): FunctionColdStarts {
  return functionOf(name, {
    of: fleetFn(name, more),
    figures: unknown ?? {value: figures(inits, {value: Math.max(1_000, inits.length)})},
    baseline: {runtime: 'nodejs22.x', architecture: 'x86_64', package: 'zip', memorySizeMB: 512, initMs: 130},
    ratioToBaseline: inits.length > 0 ? 3.25 : null,
    ...told,
  })
}

/** A report of these functions. */
export function coldReport(cold: readonly Cold[], more: Partial<ColdStartsReport> = {}): ColdStartsReport {
  const functions = cold.map(coldFunction)
  const known = functions.filter(one => isKnown(one.figures)).length
  const all = cold.flatMap(({inits = []}) => inits)
  return coldStarts({
    coverage: {...coldStarts().coverage, gaps: []},
    known: {functions: functions.length, known},
    functions,
    total: figures(all, {value: 1_000 * Math.max(1, known)}),
    ...more,
  })
}

const hidden: Unknown = {unknown: 'hidden', detail: 'SystemLogLevel=WARN keeps reports out of its log'}
const denied: Unknown = {unknown: 'denied', detail: 'logs:FilterLogEvents'}

/** A small fleet with some of everything. */
export const larderColdStarts: ColdStartsReport = coldReport([
  {
    name: 'checkout-api',
    inits: someInits(190, 412),
    causes: {deploy: 90, scaleOut: 60, idle: 20, unknown: 20},
  },
  {
    name: 'report-java',
    inits: [...someInits(80, 4_500), ...someInits(3, 10_000, 'suppressed'), ...someInits(2, 300, 'failed')],
    more: {runtime: 'java17', memorySizeMB: 2_048},
    causes: {deploy: 0, scaleOut: 2, idle: 60, unknown: 23},
    advice: [
      {
        kind: 'snapstart',
        text: 'SnapStart restores a snapshot in place of an init of 4500 ms at the median',
        formula: 'one version: 2 GB × 2592000 s × 0.0000015046',
        monthlyUSD: 7.8,
        coldStarts: 80,
        waitedMs: 340_000,
      },
    ],
  },
  {name: 'search', inits: someInits(60, 480, 'restore'), more: {runtime: 'java21', snapStart: true}},
  {name: 'inventory', inits: [...someInits(27, 260), ...someInits(173, 300, 'provisioned')]},
  {name: 'pricing', inits: someInits(12, 90, 'proactive')},
  {name: 'gift-cards', inits: []},
  {name: 'price-labels', unknown: hidden},
  {name: 'vault', unknown: denied},
])

const longName = (i: number): string =>
  `${'Wide-M-name-of-a-function-that-has-all-of-the-letters-there-'.slice(0, 60)}${String(i).padStart(4, '0')}`

/** Many functions with names as long as Lambda takes them, and all kinds of trouble. */
export const wideColdStarts = (functions: number): ColdStartsReport =>
  coldReport(
    Array.from({length: functions}, (_, i) => ({
      name: longName(i),
      inits: [
        ...someInits(1 + ((functions - i) % 40), 60 + i * 9),
        ...someInits(i % 3, 9_500, 'suppressed'),
        ...someInits(i % 4, 300, 'failed'),
        ...someInits(i % 5, 200, 'proactive'),
        ...someInits((i % 2) * 1_100, 250, 'provisioned'),
      ],
      causes: {deploy: i, scaleOut: 2 * i, idle: 7, unknown: 3},
    })),
  )

const hostile = [
  '</title><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'onload='x",
  'a\u202egpj.exe',
  'esc\u001b[31m\u0007red',
  'nul\u0000\ufffe\ud800',
  ']]><!--',
  'new\nline\tand\u2028more',
  '&amp;&#60;b>',
  '\u200bzero\u200dwidth',
] as const

/** Names, reasons, advice and notes that would be markup, or move text about. */
export const hostileColdStarts: ColdStartsReport = coldReport(
  hostile.flatMap(name => [
    {
      name,
      inits: someInits(12, 300),
      more: {runtime: name},
      advice: [{kind: 'memory', text: name, formula: name, monthlyUSD: -1, coldStarts: 12, waitedMs: 1} as const],
    },
    {name: `unknown ${name}`, unknown: {unknown: 'failed', detail: name} as const},
    {name: `warm ${name}`},
  ]),
  {
    notes: hostile,
    coverage: {
      window,
      scopes: [{account: hostile[0], region: hostile[1], profile: hostile[3], endpoint: 'custom'}],
      gaps: hostile.map(what => ({what, account: what, region: what, reason: 'failed', detail: what})),
    },
    baselinesAsOf: hostile[0],
    pricesAsOf: hostile[1],
  },
)

export const cjkColdStarts: ColdStartsReport = coldReport([
  {
    name: '注文処理-チェックアウト-関数',
    inits: someInits(40, 400),
    causes: {deploy: 1, scaleOut: 1, idle: 1, unknown: 37},
  },
  {name: '결제서비스-웹훅-처리기-그리고-아주-긴-이름의-함수-입니다-정말로', inits: someInits(7, 900)},
  {name: '订单导入', unknown: hidden},
])

const some = (count: number, medianMs: number) => figures(someInits(count, medianMs), {value: 900})

/** A version against the one before it. */
export const comparedColdStarts: ColdStartsReport = {
  ...larderColdStarts,
  compared: [
    {
      of: fleetFn('checkout-api'),
      alias: 'live',
      version: '42',
      previousVersion: '41',
      servesSince: end - 3_600_000,
      servedBefore: false,
      publishedAt: end - 3_700_000,
      sideBySide: false,
      now: some(60, 520),
      before: some(190, 412),
      initRatio: 1.26,
      verdict: 'slower',
    },
  ],
}

/** Cold starts by the hour, one of which had none. */
export const hourlyColdStarts: ColdStartsReport = {
  ...larderColdStarts,
  groups: {
    by: 'hour',
    groups: [3, 0, 12].map((count, i) => ({
      key: new Date(end - (3 - i) * 3_600_000).toISOString(),
      functionName: null,
      functionArn: null,
      account: null,
      region: null,
      version: null,
      runtime: null,
      start: end - (3 - i) * 3_600_000,
      functions: 3,
      unknown: 2,
      figures: some(count, 380),
    })),
  },
}
