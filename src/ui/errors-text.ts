import type {Scope} from '../services/aws/scope.ts'
import type {ErrorCluster} from '../services/errors/cluster.ts'
import type {ErrorsReport} from '../services/errors/errors-report.ts'
import type {ComparedVersions, GateResult} from '../services/errors/gate.ts'
import type {Trend} from '../services/errors/trend.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import {padEnd, shorten, width} from './columns.ts'
import {nextCommand} from './errors-next.ts'
import {errorRate} from './errors-rate.ts'
import {paintedRows} from './layout.ts'
import {nextLine} from './next-command.ts'
import {count, counted, roughCount} from './numbers.ts'
import {type Palette, paletteFor, type Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {placeAmong} from './scope-label.ts'
import {joined, type Line, lineWidth, paint, span, wrapLine} from './spans.ts'
import {sparkline} from './sparkline.ts'
import {type Glyphs, glyphsFor, type Terminal} from './terminal.ts'

export type ErrorsTextOptions = {
  readonly terminal: Terminal
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  /** how many kinds to show */
  readonly limit: number
}

const trendColumns = 9
const mostTitleRows = 3
const mostNamesPiped = 8
const mostVersions = 3
// below, what only adds to the picture goes
const columnsForSparkline = 60
const columnsForMoment = 72
const wideSparklineFrom = 110

const tones: Readonly<Record<Trend, Tone>> = {new: 'bad', growing: 'look', steady: 'plain', falling: 'good'}

/** The kinds of errors, two rows and more each: how it goes, how many, where; then what it is. Then a sum, and what to do next. */
export function errorsText(report: ErrorsReport, {terminal, clock, limit}: ErrorsTextOptions): string {
  const glyphs = glyphsFor(terminal)
  const palette = paletteFor(terminal)
  const shown = report.clusters.slice(0, limit)
  const rows = tableRows(shown, report, {terminal, clock, glyphs, palette})
  const more = report.clusters.length - shown.length
  const lines: Line[] = [
    ...(more > 0
      ? [[span(`and ${counted(more, 'more kind')}: --limit ${report.clusters.length} shows all`, 'dim')]]
      : []),
    ...(report.gate ? gateLines(report.gate, report, clock, glyphs) : []),
    summary(report, glyphs),
  ]
  return rows.join('') + paintedRows(lines, terminal, ` ${glyphs.dot} `) + nextLine(nextCommand(report), terminal)
}

type Drawing = Omit<ErrorsTextOptions, 'limit'> & {readonly glyphs: Glyphs; readonly palette: Palette}

function tableRows(clusters: readonly ErrorCluster[], report: ErrorsReport, drawing: Drawing): readonly string[] {
  const {terminal, glyphs, palette, clock} = drawing
  const columns = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY
  const times = terminal.unicode ? '×' : 'x'
  const cells = clusters.map(cluster => ({
    cluster,
    trend: cluster.trend ?? '',
    count: `${cluster.count < 100_000 ? count(cluster.count) : roughCount(cluster.count)}${times}`,
    rate: errorRate(cluster.ratePerMinute, cluster.ratePerInvocation, cluster.count),
    moment: momentOf(cluster, report, clock),
  }))
  const widest = (pick: (cell: (typeof cells)[number]) => string): number =>
    cells.reduce((most, cell) => Math.max(most, width(pick(cell))), 0)
  const countColumns = widest(({count}) => count)
  const rateColumns = widest(({rate}) => rate)
  const isCompared = clusters.some(({trend}) => trend !== null)
  const indent = isCompared ? trendColumns : 0
  const sparkColumns =
    columns < columnsForSparkline ? 0 : columns >= wideSparklineFrom && columns !== Number.POSITIVE_INFINITY ? 24 : 8
  const momentColumns = columns < columnsForMoment ? 0 : widest(({moment}) => moment)
  const before = indent + (sparkColumns === 0 ? 0 : sparkColumns + 2) + countColumns + 2 + rateColumns + 2
  const room = columns - before - (momentColumns === 0 ? 0 : momentColumns + 2)
  const namesOf = functionNames(report.coverage.scopes, glyphs)
  const names = cells.map(({cluster}) => namesOf(cluster, room))
  const nameColumns = names.reduce((most, parts) => Math.max(most, width(parts.join(''))), 0)

  return cells.map(({cluster, trend, count, rate, moment}, i) => {
    const tone = cluster.trend === null ? 'plain' : tones[cluster.trend]
    const spark = sparkColumns === 0 ? '' : `${sparkline(cluster.histogram, sparkColumns, terminal.unicode)}  `
    const [name = '', others = ''] = names[i] ?? []
    const hue = cluster.functions[0]?.function ?? cluster.functions[0]?.logGroup ?? ''
    const first =
      (isCompared ? palette.tone(tone, padEnd(trend, trendColumns)) : '') +
      palette.tone(tone, spark) +
      palette.tone('strong', count.padStart(countColumns)) +
      `  ${rate.padStart(rateColumns)}  ` +
      palette.hue(hue, name) +
      others +
      (momentColumns === 0 ? '' : ' '.repeat(nameColumns - width(name + others) + 2) + palette.tone('dim', moment))
    return `${first.trimEnd()}\n${titleRows(cluster.title, indent, columns, glyphs, palette)}`
  })
}

function titleRows(title: string, indent: number, columns: number, glyphs: Glyphs, palette: Palette): string {
  const line = [span(title)]
  if (columns === Number.POSITIVE_INFINITY) return `${' '.repeat(indent)}${paint(line, palette)}\n`
  const room = Math.max(10, columns - indent)
  const whole = wrapLine(line, room, room - 2)
  const isCut = whole.length > mostTitleRows
  const mark = span(` ${glyphs.ellipsis}`)
  const rows = isCut ? wrapLine(line, room, room - 2 - lineWidth([mark])).slice(0, mostTitleRows) : whole
  return rows
    .map((row, i) => {
      const shown = isCut && i === mostTitleRows - 1 ? [...row, mark] : row
      return `${' '.repeat(indent + (i === 0 ? 0 : 2))}${paint(shown, palette)}\n`
    })
    .join('')
}

/** `since 13:58:07` of what is new, `was 1.1/min` of what was there before; when it last came where nothing is compared. */
function momentOf(
  {
    trend,
    firstSeen,
    lastSeen,
    baselineRatePerMinute,
    baselineRatePerInvocation,
    baselineCount,
    baselineComplete,
  }: ErrorCluster,
  {coverage: {window}}: ErrorsReport,
  clock: ErrorsTextOptions['clock'],
): string {
  const at = (ms: number): string => momentSeenFrom(window.end ?? ms, ms, clock)
  if (trend === null) return `last ${at(lastSeen)}`
  if (trend === 'new') return `since ${at(firstSeen)}${baselineComplete ? '' : ' ?'}`
  return `was ${errorRate(baselineRatePerMinute ?? 0, baselineRatePerInvocation, baselineCount ?? 0)}`
}

/** `13:58:07`, and `11-19 13:58:07` where that was another day. */
function momentSeenFrom(end: number, ms: number, clock: ErrorsTextOptions['clock']): string {
  const day = clock.date(ms) === clock.date(end) ? '' : `${clock.date(ms).slice(5)} `
  return day + clock.time(ms).slice(0, 8)
}

/** Where it comes from, as far as there is room: `checkout-api:42`, `orders-stream, billing-worker`, `a, b +3`. */
function functionNames(
  scopes: readonly Scope[],
  glyphs: Glyphs,
): (cluster: ErrorCluster, room: number) => readonly string[] {
  const placeOf = placeAmong(scopes)
  const nameOf = ({functions, versions}: ErrorCluster, i: number): string => {
    const origin = functions[i]
    if (!origin) return ''
    const numbers = functions.length === 1 ? versions.filter(version => version !== '$LATEST') : []
    const suffix = numbers.length > 0 && numbers.length <= mostVersions ? `:${numbers.join(',')}` : ''
    const name = (origin.function ?? origin.logGroup) + suffix
    return printableName([placeOf(origin), name].filter(Boolean).join(' '))
  }
  return (cluster, room) => {
    const all = cluster.functions.map((_, i) => nameOf(cluster, i))
    const most = Math.min(all.length, room === Number.POSITIVE_INFINITY ? mostNamesPiped : all.length)
    for (let shown = most; shown > 1; shown--) {
      const rest = all.length - shown
      const tail = `, ${all.slice(1, shown).join(', ')}${rest > 0 ? ` +${rest}` : ''}`
      if (width((all[0] ?? '') + tail) <= room) return [all[0] ?? '', tail]
    }
    const tail = all.length > 1 ? ` +${all.length - 1}` : ''
    return [shorten(all[0] ?? '', Math.max(6, room - tail.length), glyphs.ellipsis), tail]
  }
}

function summary({clusters, errors, logGroups, coverage}: ErrorsReport, {dot}: Glyphs): Line {
  const kinds = clusters.filter(({count}) => count > 0).length
  const groups = counted(logGroups, 'log group')
  const isPartial = coverage.gaps.length > 0
  const where = isPartial ? span(`${groups}, not all of them read`, 'look') : span(groups, 'dim')
  if (errors === 0) return joined([span(`no errors in `), where].slice(0, 1), '').concat(where)
  const fresh = clusters.filter(({trend}) => trend === 'new').length
  return [
    span(`${counted(kinds, 'kind')}`, 'strong'),
    span(` in ${counted(errors, 'error')} of `),
    where,
    ...(fresh > 0 ? [span(` ${dot} `, 'dim'), span(`${count(fresh)} new`, 'bad')] : []),
  ]
}

function gateLines(
  {verdict, reasons, functions}: GateResult,
  {clusters, coverage}: ErrorsReport,
  clock: ErrorsTextOptions['clock'],
  glyphs: Glyphs,
): readonly Line[] {
  const sign = {pass: glyphs.ok, fail: glyphs.fail, inconclusive: '?'}[verdict]
  const tone: Tone = verdict === 'pass' ? 'good' : verdict === 'fail' ? 'bad' : 'look'
  return [
    ...comparedLines(functions, coverage.window.end, clock, glyphs),
    ...(reasons.length === 0
      ? [[span(`${sign} ${verdict}`, tone), span(`: ${passed(clusters)}`)]]
      : reasons.map(reason => [span(`${sign} ${verdict}: `, tone), span(reason)])),
  ]
}

/** Without --fail-on nothing fails a deploy, and what is new is none the less. */
function passed(clusters: readonly ErrorCluster[]): string {
  const kinds = (wanted: Trend): number => clusters.filter(({trend}) => trend === wanted).length
  const [fresh, growing] = [kinds('new'), kinds('growing')]
  if (fresh > 0)
    return `${counted(fresh, 'kind')} ${fresh === 1 ? 'is' : 'are'} new: only with --fail-on new would it fail`
  if (growing > 0)
    return `${counted(growing, 'kind')} ${growing === 1 ? 'grows' : 'grow'}: only with --fail-on growing would it fail`
  return 'no error is new or grows with it'
}

/** One for each function; of many that have nothing to be compared with, only how many they are. */
function comparedLines(
  functions: readonly ComparedVersions[],
  end: number | null,
  clock: ErrorsTextOptions['clock'],
  glyphs: Glyphs,
): readonly Line[] {
  const {compared, unserved, first} = comparability(functions)
  const shown = new Set([...compared, ...[unserved, first].filter(({length}) => length === 1).flat()])
  return [
    ...functions.filter(one => shown.has(one)).map(one => comparedLine(one, end, clock, glyphs)),
    ...(unserved.length > 1 ? [[span(`${count(unserved.length)} functions have not served yet: not compared`)]] : []),
    ...(first.length > 1 ? [[span(`${count(first.length)} functions served nothing before: not compared`)]] : []),
  ]
}

function comparability(functions: readonly ComparedVersions[]) {
  const unserved = functions.filter(({servesSince}) => servesSince === null)
  const served = functions.filter(({servesSince}) => servesSince !== null)
  return {
    compared: served.filter(({previousVersion}) => previousVersion !== null),
    unserved,
    first: served.filter(({previousVersion}) => previousVersion === null),
  }
}

function comparedLine(
  compared: ComparedVersions,
  end: number | null,
  clock: ErrorsTextOptions['clock'],
  {dot}: Glyphs,
): Line {
  const {
    function: name,
    alias,
    version,
    previousVersion,
    servesSince,
    sideBySide,
    invocations,
    previousInvocations,
  } = compared
  const against =
    previousVersion === null
      ? 'nothing before it'
      : previousVersion === version
        ? 'what it was before'
        : `${previousVersion}${sideBySide ? ', side by side' : ''}`
  return joined(
    [
      span(`${name}:${version} against ${against}`),
      alias === null ? null : span(`alias ${alias}`, 'dim'),
      servesSince === null
        ? span('not served yet', 'look')
        : // how long before nobody looked
          span(
            `${previousVersion === null ? 'at least ' : ''}since ${momentSeenFrom(end ?? servesSince, servesSince, clock)}`,
            'dim',
          ),
      span(`${counted(invocations, 'invocation')}, ${count(previousInvocations)} before`, 'dim'),
    ],
    ` ${dot} `,
  )
}
