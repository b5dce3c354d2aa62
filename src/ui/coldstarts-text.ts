import type {
  ColdStartFigures,
  ColdStartGroup,
  ColdStartsReport,
  ComparedColdStarts,
  FunctionColdStarts,
} from '../services/fleet/coldstarts/coldstarts-report.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {nextColdStartsCommand} from './coldstarts-next.ts'
import {type ColdStartRow, coldStartTable} from './coldstarts-table.ts'
import {
  aheadText,
  causesText,
  coverageTexts,
  feltText,
  knownText,
  rateText,
  ratioText,
  verdictWords,
} from './coldstarts-words.ts'
import {paintedRows} from './layout.ts'
import {nextLine} from './next-command.ts'
import {count, counted, duration, roughCount} from './numbers.ts'
import type {Tone} from './palette.ts'
import {placeAmong} from './scope-label.ts'
import {joined, type Line, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type ColdStartsTextOptions = {
  readonly terminal: Terminal
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  /** rows to show */
  readonly limit: number
}

const mostAdvice = 5
const mostNames = 12

/** A row for each function with cold starts, or for each group; what nobody waited for; what to do; what is known. */
export function coldStartsText(report: ColdStartsReport, options: ColdStartsTextOptions): string {
  const {terminal} = options
  const {dot} = glyphsFor(terminal)
  const separator = ` ${dot} `
  const body = report.compared
    ? comparedLines(report.compared, report, options)
    : report.groups
      ? groupRows(report.groups, report, options)
      : functionRows(report, options)
  const ahead = aheadText(report.total)
  const causes = report.groups || report.compared ? '' : causesText(report)
  const lines: Line[] = [
    ...(causes === '' ? [] : [[span(` ${causes}`, 'dim')]]),
    ...(ahead === '' ? [] : [[span(` + ${ahead}`, 'dim')]]),
    ...(report.unattributed > 0
      ? [[span(` + ${counted(report.unattributed, 'init')} of no known function`, 'look')]]
      : []),
    ...(report.groups || report.compared ? [] : adviceLines(report, terminal)),
  ]
  return (
    body.join('') +
    paintedRows(lines, terminal) +
    paintedRows([coverageLine(report, separator)], terminal, separator) +
    nextLine(nextColdStartsCommand(report), terminal)
  )
}

function functionRows(report: ColdStartsReport, {terminal, limit}: ColdStartsTextOptions): readonly string[] {
  const placeOf = placeAmong(report.coverage.scopes)
  const warm = report.functions.filter(({figures}) => 'value' in figures && figures.value.felt === 0)
  const all = report.functions.flatMap((one): readonly ColdStartRow[] => {
    const {of, figures, invocations, notApplicable, ratioToBaseline, causes} = one
    const named = {name: nameOfFunction(of), place: placeOf(of)}
    if ('value' in figures)
      return figures.value.felt > 0 ? [{...named, figures: figures.value, ratio: ratioToBaseline, causes}] : []
    return notApplicable === null && 'value' in invocations ? [{...named, figures: null, calls: invocations.value}] : []
  })
  const rows = all.slice(0, limit)
  const more = all.length - rows.length
  return [
    ...coldStartTable('function', rows, terminal),
    ...(more > 0
      ? paintedRows([[span(`and ${counted(more, 'more function')}: --limit ${all.length} shows all`, 'dim')]], terminal)
      : []),
    ...(warm.length > 0 ? paintedRows([warmLine(warm)], terminal) : []),
  ]
}

const nameOfFunction = ({name, version}: FunctionColdStarts['of']): string =>
  version === null ? name : `${name}:${version}`

/** `12 functions without a cold start (3 without a call): a, b, c`, the first names where there are more than one reads. */
function warmLine(warm: readonly FunctionColdStarts[]): Line {
  const names = warm.map(({of}) => nameOfFunction(of))
  const shown = names.slice(0, mostNames).join(', ')
  const more = names.length > mostNames ? `, and ${count(names.length - mostNames)} more` : ''
  const uncalled = warm.filter(({invocations}) => 'value' in invocations && invocations.value === 0).length
  const ofThem = uncalled > 0 ? ` (${count(uncalled)} without a call)` : ''
  return [span(`${counted(names.length, 'function')} without a cold start${ofThem}: ${shown}${more}`, 'dim')]
}

function groupRows(
  {by, groups}: NonNullable<ColdStartsReport['groups']>,
  report: ColdStartsReport,
  {terminal, clock, limit}: ColdStartsTextOptions,
): readonly string[] {
  const placeOf = placeAmong(report.coverage.scopes)
  const nameOf = ({key, start}: ColdStartGroup): string =>
    start === null ? key : `${clock.date(start).slice(5)} ${clock.time(start).slice(0, 5)}`
  const cold = by === 'hour' ? groups : groups.filter(({figures}) => figures.felt > 0)
  const rows = cold.slice(0, by === 'hour' ? cold.length : limit).map(
    (group): ColdStartRow => ({
      name: nameOf(group),
      place: placeOf(group),
      figures: by === 'hour' ? ofAnHour(group.figures) : group.figures,
      ratio: null,
      causes: null,
    }),
  )
  const more = cold.length - rows.length
  const warm = groups.length - cold.length
  return [
    ...coldStartTable(by, rows, terminal),
    ...paintedRows(
      [
        ...(more > 0 ? [[span(`and ${counted(more, `more ${by}`)}: --limit ${cold.length} shows all`, 'dim')]] : []),
        ...(warm > 0 ? [[span(`${counted(warm, by)} without a cold start`, 'dim')]] : []),
      ],
      terminal,
    ),
  ]
}

/** An hour has no trend, and is no measure of a month. */
const ofAnHour = (figures: ColdStartFigures): ColdStartFigures => ({...figures, trend: [], initCostUSDPerMonth: null})

const verdictTones: Readonly<Record<ComparedColdStarts['verdict'], Tone>> = {
  slower: 'bad',
  faster: 'good',
  alike: 'plain',
  'too-few': 'dim',
  'nothing-before': 'dim',
}

/** What it is compared with, and since when it serves, as far as that is known. */
function stintSpans(
  {version, previousVersion, servesSince, servedBefore, publishedAt}: ComparedColdStarts,
  clock: ColdStartsTextOptions['clock'],
): readonly Span[] {
  const time = (ms: number): string => `${clock.date(ms).slice(5)} ${clock.time(ms).slice(0, 8)}`
  const published =
    publishedAt === null
      ? []
      : [span(`${version === '$LATEST' ? 'changed' : 'published'} ${clock.date(publishedAt)}`, 'dim')]
  if (servedBefore) return [span('served the whole window; what came before was not read'), ...published]
  const against = previousVersion === null ? 'nothing served before it' : `against ${previousVersion}`
  if (servesSince === null)
    return [
      ...(previousVersion === null ? [] : [span(against)]),
      span('not called in this window', 'dim'),
      ...published,
    ]
  return [span(against), span(`since ${time(servesSince)}`, 'dim')]
}

/** `checkout-api:42 against 41 · init p50 412 ms → 520 ms (1.3 ×), slower · rate 0.20 % → 0.42 %` */
function comparedLines(
  compared: readonly ComparedColdStarts[],
  {coverage}: ColdStartsReport,
  {terminal, clock}: ColdStartsTextOptions,
): readonly string[] {
  const {dot, arrow, times} = glyphsFor(terminal)
  const placeOf = placeAmong(coverage.scopes)
  return compared.map(one => {
    const {of, version, now, before, initRatio, verdict} = one
    const name = [placeOf(of), `${of.name}:${version}`].filter(Boolean).join(' ')
    const init = now.initMs ?? now.restoreMs
    const earlier = before && (before.initMs ?? before.restoreMs)
    const change = [
      ...(earlier ? [`${duration(earlier.p50)} ${arrow}`] : []),
      init ? duration(init.p50) : 'none',
      ...(initRatio === null ? [] : [`(${ratioText(initRatio, times)})`]),
    ].join(' ')
    const rate = [
      ...(before ? [`${knownText(before.rate, rateText)} ${arrow}`] : []),
      knownText(now.rate, rateText),
    ].join(' ')
    const parts = [
      span(name, 'strong'),
      ...stintSpans(one, clock),
      span(`init p50 ${change}`),
      span(verdictWords[verdict], verdictTones[verdict]),
      span(`rate ${rate}`),
      span(`${before ? `${roughCount(before.felt)} ${arrow} ` : ''}${roughCount(now.felt)} cold`, 'dim'),
    ]
    return paintedRows([joined(parts, ` ${dot} `)], terminal, ` ${dot} `)
  })
}

function adviceLines({advised}: ColdStartsReport, {unicode}: Terminal): readonly Line[] {
  const more = advised.length - mostAdvice
  return [
    ...advised
      .slice(0, mostAdvice)
      .flatMap(({of, advice}) => advice.slice(0, 1).map(one => ({of, one})))
      .map(({of, one}) => [
        span(`${glyphsFor({unicode}).arrow} `, 'look'),
        span(of.name, 'strong'),
        span(`: ${one.text}`),
      ]),
    ...(more > 0 ? [[span(`  and advice on ${counted(more, 'more function')}: --json has it all`, 'dim')]] : []),
  ]
}

function coverageLine(report: ColdStartsReport, separator: string): Line {
  const {known} = report
  const [all = '', ...others] = coverageTexts(report)
  return joined(
    [
      ...(known.functions === 0 && report.coverage.gaps.length === 0 ? [] : [span(feltText(report), 'strong')]),
      span(all, known.known === known.functions ? 'plain' : 'look'),
      ...others.map(text => span(text, 'look')),
    ],
    separator,
  )
}
