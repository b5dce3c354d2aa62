import {isKnown, type UnknownReason} from '../known.ts'
import type {Causes} from '../services/fleet/coldstarts/causes.ts'
import type {ColdStartFigures, ColdStartsReport} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {rateText, troubleText} from './coldstarts-words.ts'
import {count, counted, duration, roughCount, roughUSD} from './numbers.ts'
import {placeAmong} from './scope-label.ts'
import type {Headline} from './svg-tiles.ts'

/** Epoch ms as `2026-11-20 14:07`, of UTC. */
export const minuteOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

/** Where a trend begins and ends, in as few words as tell: `14:07`, or `11-13` where it is days. */
export function windowEnds({start, end}: ColdStartsReport['coverage']['window']): readonly [string, string] {
  const to = end ?? start
  const isWithinADay = to - start <= dayMs
  const ends = [start, to].map(ms => (isWithinADay ? minuteOf(ms).slice(11) : minuteOf(ms).slice(5, 10)))
  return [ends[0] ?? '', ends[1] ?? '']
}

const dayMs = 86_400_000

/** Which functions, when and where: `2026-11-19 14:07 – 2026-11-20 14:07 UTC (1 d)`, `eu-west-1`, `37 functions, 36 known`. */
export function coverageFacts({coverage: {window, scopes}, known}: ColdStartsReport): readonly string[] {
  const end = window.end ?? window.start
  const regions = [...new Set(scopes.map(({region}) => region))]
  const accounts = [...new Set(scopes.flatMap(({account, profile}) => profile ?? account ?? []))]
  const isSandbox = scopes.some(({endpoint}) => endpoint === 'sandbox')
  return [
    `${minuteOf(window.start)} – ${minuteOf(end)} UTC (${duration(end - window.start)})`,
    several(accounts, 'account'),
    several(regions, 'region'),
    known.known === known.functions
      ? counted(known.functions, 'function')
      : `${count(known.known)} of ${counted(known.functions, 'function')} known`,
    isSandbox ? 'the embedded AWS' : '',
  ].filter(Boolean)
}

const several = (names: readonly string[], noun: string): string =>
  names.length > 3 ? counted(names.length, noun) : names.join(', ')

/** true: nobody knows the cold starts of any function that was asked for, or which there are, and no sum says anything */
export const isAllUnknown = ({known, coverage}: ColdStartsReport): boolean =>
  known.known === 0 && (known.functions > 0 || coverage.gaps.length > 0)

/** The five numbers to begin with; none where no function's are known. */
export function headlines(report: ColdStartsReport): readonly Headline[] {
  if (isAllUnknown(report))
    return [{value: '?', of: 'cold starts felt', more: 'not known of any function', isBad: true}]
  const {total} = report
  const {felt, rate, invocations, feltMs, initCostUSDPerMonth, restoreCostUSD, coldStarts} = total
  const {proactive, provisioned, suppressed, failed} = coldStarts
  const rates = isKnown(rate)
    ? `${rateText(rate.value)} of ${isKnown(invocations) ? roughCount(invocations.value) : '?'} requests`
    : `rate not known: ${rate.detail || rate.unknown}`
  return [
    {value: count(felt), of: felt === 1 ? 'cold start felt' : 'cold starts felt', more: rates, isBad: false},
    {
      value: feltMs ? duration(feltMs.p50) : '–',
      of: 'median of such requests',
      more: feltMs ? `p99 ${duration(feltMs.p99)}, at most ${duration(feltMs.max)}` : '',
      isBad: false,
    },
    {
      value: initCostUSDPerMonth === null ? '?' : roughUSD(initCostUSDPerMonth).replace('under ', '<'),
      of: 'for inits, a month',
      more: restoreCostUSD ? `restores of the window ${roughUSD(restoreCostUSD)}` : '',
      isBad: false,
    },
    {
      value: count(proactive + provisioned),
      of: proactive + provisioned === 1 ? 'init nobody waited for' : 'inits nobody waited for',
      more: aheadShort(total),
      isBad: false,
    },
    {
      value: count(suppressed + failed),
      of: suppressed + failed === 1 ? 'init went wrong' : 'inits went wrong',
      more: troubleText(total),
      isBad: suppressed + failed > 0,
    },
  ]
}

/** `173 provisioned`, `12 proactive`: of a row, what nobody waited for. */
export function aheadShort({coldStarts: {proactive, provisioned}}: ColdStartFigures): string {
  return [
    proactive > 0 ? `${roughCount(proactive)} proactive` : '',
    provisioned > 0 ? `${roughCount(provisioned)} provisioned` : '',
  ]
    .filter(Boolean)
    .join(', ')
}

export const causeKinds = ['deploy', 'scaleOut', 'idle', 'unknown'] as const
export const causeNames: Readonly<Record<keyof Causes, string>> = {
  deploy: 'deploy',
  scaleOut: 'scale-out',
  idle: 'after idle',
  unknown: 'cause not known',
}

/** The cause of most of them: `after idle 62 %`. */
export function mainCause(causes: Causes): string {
  const all = causeKinds.reduce((sum, kind) => sum + causes[kind], 0)
  if (all === 0) return ''
  const most = causeKinds.reduce((a, b) => (causes[b] > causes[a] ? b : a))
  const name = most === 'unknown' ? 'not known' : causeNames[most]
  return `${name} ${Math.round((causes[most] / all) * 100)} %`
}

/** Functions whose cold starts nobody knows, and why. */
type UnknownFunctions = {readonly why: string; readonly names: readonly string[]}

const reasons: Readonly<Record<UnknownReason, string>> = {
  denied: 'AWS refused',
  throttled: 'AWS was asked too often',
  failed: 'AWS did not answer',
  interrupted: 'it was stopped before',
  'partial-data': 'AWS answered in part',
  hidden: 'a setting keeps it out of the log',
  'unsupported-class': 'its log group cannot be searched',
  missing: 'what would tell is not there',
  'not-read': 'it was not read',
}

const notApplicable = {
  'managed-instances': 'Lambda Managed Instances report no cold start by request',
  'web-function': 'a Web Function reports its requests by the minute',
} as const

/** Functions that no row tells of because nobody knows their cold starts, those with the same reason together. */
export function unknownFunctions({functions, coverage}: ColdStartsReport): readonly UnknownFunctions[] {
  const place = placeAmong(coverage.scopes)
  const unknown = functions.flatMap(({of, figures, notApplicable: why}) => {
    const name = [place(of), of.name].filter(Boolean).join(' ')
    if (why !== null) return [{name, why: notApplicable[why]}]
    if (isKnown(figures)) return []
    return [{name, why: [reasons[figures.unknown], figures.detail].filter(Boolean).join(': ')}]
  })
  return [...Map.groupBy(unknown, ({why}) => why)].map(([why, some]) => ({why, names: some.map(({name}) => name)}))
}

/** What was not read besides functions whose cold starts nobody knows: regions, log groups, calls, the rest of a window. */
export function otherGaps({functions, coverage}: ColdStartsReport): ColdStartsReport['coverage']['gaps'] {
  const unknown = new Set(
    functions.flatMap(({of, figures}) => (isKnown(figures) ? [] : [`${of.account} ${of.region} ${of.name}`])),
  )
  return coverage.gaps.filter(({what, account, region}) => !unknown.has(`${account} ${region} ${what}`))
}

/** Where and why: `123456789012 · eu-west-1 · denied: logs:FilterLogEvents`. */
export const gapText = ({account, region, reason, detail}: ReturnType<typeof otherGaps>[number]): string =>
  [[account ?? '', region, reason].filter(Boolean).join(' · '), detail ?? ''].filter(Boolean).join(': ')

/** Functions that met no cold start in the window. */
export function warmFunctions({functions, coverage}: ColdStartsReport): readonly string[] {
  const place = placeAmong(coverage.scopes)
  return functions.flatMap(({of, figures}) =>
    isKnown(figures) && figures.value.felt === 0 ? [[place(of), of.name].filter(Boolean).join(' ')] : [],
  )
}
