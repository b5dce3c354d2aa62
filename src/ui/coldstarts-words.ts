import type {Known, UnknownReason} from '../known.ts'
import type {Causes} from '../services/fleet/coldstarts/causes.ts'
import type {
  ColdStartFigures,
  ColdStartsReport,
  ComparedColdStarts,
} from '../services/fleet/coldstarts/coldstarts-report.ts'
import {knownFunctions} from './fleet-receipt.ts'
import {counted, roughCount} from './numbers.ts'

/** A share in three digits: `0.23 %`, `7.56 %`, `100 %`. */
export function rateText(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  if (value < 0.01) return 'under 0.01 %'
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : '100'} %`
}

/** `2.9 ×`, `23 ×` */
export const ratioText = (ratio: number, times: string): string =>
  `${ratio < 10 ? ratio.toFixed(1) : String(Math.round(ratio))} ${times}`

/** The number, or that nobody knows it. */
export const knownText = (known: Known<number>, draw: (value: number) => string): string =>
  'value' in known ? draw(known.value) : '?'

/** `caused by: deploys 12 %, after idle 3 %, unknown 85 %` of all that were felt; '' where none were. */
export function causesText({functions}: ColdStartsReport): string {
  const sums = allCauses(functions)
  if (sums === null) return ''
  const all = sums.deploy + sums.scaleOut + sums.idle + sums.unknown
  if (all === 0) return ''
  const parts = (['deploy', 'scaleOut', 'idle', 'unknown'] as const).flatMap(cause =>
    sums[cause] > 0 ? [`${causeNames[cause]} ${wholePercent(sums[cause] / all)}`] : [],
  )
  return `caused by: ${parts.join(', ')}`
}

/** The causes of all of them together; null where nobody looked for any. */
export function allCauses(functions: ColdStartsReport['functions']): Causes | null {
  const each = functions.flatMap(({causes}) => causes ?? [])
  return each.length === 0 ? null : each.reduce(sumOfCauses)
}

const sumOfCauses = (a: Causes, b: Causes): Causes => ({
  deploy: a.deploy + b.deploy,
  scaleOut: a.scaleOut + b.scaleOut,
  idle: a.idle + b.idle,
  unknown: a.unknown + b.unknown,
})

const wholePercent = (share: number): string => (share < 0.005 ? 'under 1 %' : `${Math.round(share * 100)} %`)

/** What cold starts were caused by, in words that go before a share. */
export const causeNames = {deploy: 'deploys', scaleOut: 'scale-out', idle: 'after idle', unknown: 'unknown'} as const

/** What inits and restores cost in 30 days; null where prices are not in USD. */
export function initMonthUSD({initCostUSDPerMonth, restoreCostUSDPerMonth}: ColdStartFigures): number | null {
  if (initCostUSDPerMonth === null || restoreCostUSDPerMonth === null) return null
  return initCostUSDPerMonth + restoreCostUSDPerMonth
}

/** What inits went wrong, or took their ten seconds: `3 failed, 2 suppressed`. '' for none. */
export function troubleText({coldStarts}: ColdStartFigures): string {
  return [
    coldStarts.failed > 0 ? `${roughCount(coldStarts.failed)} failed` : '',
    coldStarts.suppressed > 0 ? `${roughCount(coldStarts.suppressed)} over 10 s` : '',
  ]
    .filter(Boolean)
    .join(', ')
}

/** `1.1 k proactive and 96 provisioned inits nobody waited for`; '' for none. */
export function aheadText({coldStarts: {proactive, provisioned}}: ColdStartFigures): string {
  const parts = [
    proactive > 0 ? `${roughCount(proactive)} proactive` : '',
    provisioned > 0 ? `${roughCount(provisioned)} provisioned` : '',
  ].filter(Boolean)
  if (parts.length === 0) return ''
  return `${parts.join(' and ')} ${proactive + provisioned === 1 ? 'init' : 'inits'} nobody waited for`
}

const why: Readonly<Record<UnknownReason, (functions: number) => string>> = {
  denied: count => `${count} denied`,
  throttled: count => `${count} throttled`,
  failed: count => `${count} failed to answer`,
  interrupted: count => `${count} not read when it was stopped`,
  'partial-data': count => `${count} answered in part`,
  hidden: count =>
    count === 1 ? '1 JSON-log function at WARN hides reports' : `${count} JSON-log functions at WARN hide reports`,
  'unsupported-class': count => `${count} in log groups that cannot be searched`,
  missing: count => `${count} without a log group`,
  'not-read': count => `${count} not read`,
}

/** `233 cold starts felt, 0.23 %`; that none was felt only where all is known. */
export function feltText({total, functions, known, coverage, isBegun}: ColdStartsReport): string {
  if (total.felt > 0)
    return `${counted(total.felt, 'cold start')} felt${'value' in total.rate ? `, ${rateText(total.rate.value)}` : ''}`
  const isAnyListed = known.functions > 0 || coverage.gaps.length > 0
  if (isAnyListed && functions.every(({figures}) => 'unknown' in figures)) {
    if (!isBegun) return 'nothing was read'
    return coverage.window.end === coverage.window.start
      ? 'no function was read to its end'
      : 'cold starts are not known'
  }
  return `no cold start was felt${known.known < known.functions ? ' in what is known' : ''}`
}

/** `28 of 31 functions known`, and why not the others, a part each. */
export function coverageTexts({functions, known}: ColdStartsReport): readonly string[] {
  const reasons = functions.flatMap(({figures, notApplicable}) =>
    notApplicable === null && 'unknown' in figures ? [figures.unknown] : [],
  )
  const notApplicable = functions.filter(one => one.notApplicable !== null).length
  if (known.functions === 0) return ['no functions']
  return [
    knownFunctions(known),
    ...[...Map.groupBy(reasons, reason => reason)].map(([reason, alike]) => why[reason](alike.length)),
    ...(notApplicable > 0 ? [`${notApplicable} that report no cold starts`] : []),
  ]
}

/** What came of the comparison of a version with the one before. */
export const verdictWords: Readonly<Record<ComparedColdStarts['verdict'], string>> = {
  slower: 'slower',
  faster: 'faster',
  alike: 'alike',
  'too-few': 'too few to tell',
  'nothing-before': 'nothing to compare with',
}
