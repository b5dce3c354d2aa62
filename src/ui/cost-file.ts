import {orNull} from '../known.ts'
import type {CostGroup, CostItem, CostReport, SharedLogs} from '../services/fleet/cost/cost-report.ts'
import {
  cents,
  changeText,
  componentLabels,
  groupingLabel,
  groupUSD,
  isAsBefore,
  pricesText,
  totalText,
  unknownOf,
  unknownText,
  unnamedGroup,
  whyText,
} from './cost-words.ts'
import {type CsvCell, csvPieces} from './csv-pieces.ts'
import {isoClock} from './iso-clock.ts'
import {markdownGaps, markdownRow, markdownText} from './markdown.ts'
import {count} from './numbers.ts'
import {eachAs, firstOf} from './report-json.ts'

const components = Object.keys(componentLabels) as (keyof typeof componentLabels)[]
const changes = ['calls', 'duration', 'memory', 'price', 'other'] as const
const changeColumns = ['changeUSD', ...changes.map(part => `${part}ChangeUSD`)]

/** RFC 4180, with a heading; a function a row, or a group, and the log groups that several functions share. What is unknown is empty, and `unknown` says why. Piece by piece. @param limit the first so many of each; null: all */
export function* costCsv(report: CostReport, limit: number | null = null): Generator<string> {
  const {groups, items, shared} = report
  if (groups) {
    const heading = [groupingLabel(groups.by), 'functions', 'functionsUnknown', 'calls', 'costUSD', ...changeColumns]
    yield* csvPieces([heading, ...firstOf(groups.groups, limit).map(groupRow)])
    return
  }
  const heading = [
    ...[
      'function',
      'logGroup',
      'account',
      'region',
      'runtime',
      'architecture',
      'memorySizeMB',
      'calls',
      'billedMsPerCall',
    ],
    ...['costUSD', ...components.map(name => `${name}USD`), 'logStorageUSD', 'beforeUSD', ...changeColumns, 'unknown'],
  ]
  yield* csvPieces([heading])
  yield* csvPieces(eachAs(firstOf(items, limit), itemRow))
  yield* csvPieces(eachAs(firstOf(shared, limit), sharedRow))
}

const changeCells = (change: CostGroup['change']): readonly CsvCell[] => [
  change?.totalUSD ?? null,
  ...changes.map(part => change?.[part] ?? null),
]

function itemRow(item: CostItem): readonly CsvCell[] {
  const {fn, calls, billedMsPerCall, memorySizeMB, priced, before, logStorageUSD} = item
  const unknown = components.flatMap(name => {
    const why = unknownOf(priced.components[name])
    return why ? [`${name}: ${unknownText(why)}`] : []
  })
  return [
    ...[fn.name, fn.logGroup, fn.account, fn.region, fn.runtime, fn.architecture, memorySizeMB],
    ...[orNull(calls), billedMsPerCall, orNull(priced.costUSD)],
    ...components.map(name => orNull(priced.components[name])),
    ...[orNull(logStorageUSD), before?.costUSD ?? null, ...changeCells(before?.change ?? null), unknown.join('; ')],
  ]
}

function sharedRow({logGroup, account, region, costUSD, beforeUSD, logStorageUSD}: SharedLogs): readonly CsvCell[] {
  const usd = orNull(costUSD)
  const totalUSD = usd === null || beforeUSD === null ? null : usd - beforeUSD
  const why = unknownOf(costUSD)
  return [
    ...['', logGroup, account, region, null, null, null, null, null, usd],
    ...components.map(name => (name === 'logIngestion' ? usd : 0)),
    ...[
      orNull(logStorageUSD),
      beforeUSD,
      totalUSD,
      ...changes.map(part => (part === 'other' ? totalUSD : totalUSD === null ? null : 0)),
    ],
    why ? `logIngestion: ${unknownText(why)}` : '',
  ]
}

function groupRow(group: CostGroup): readonly CsvCell[] {
  const {name, isShared, functions, unknown, calls, change} = group
  const named = isShared ? unnamedGroup(null, true) : name
  return [named, functions, unknown, calls, groupUSD(group), ...changeCells(change)]
}

/** The report for a ticket or a review, in Markdown. @param limit the first so many of each; null: all */
export function costMarkdown(report: CostReport, limit: number | null = null): string {
  const {coverage, items, shared, groups, change, notes, excluded} = report
  const iso = isoClock()
  const {start, end} = coverage.window
  const rows = groups
    ? firstOf(groups.groups, limit).map(group => groupCells(group, report))
    : [...firstOf(items, limit).map(itemCells), ...firstOf(shared, limit).map(sharedCells)]
  const grown = isAsBefore(report) ? 'as before' : changeText(change)
  const compared = grown === '' ? '' : ` (${grown})`
  const prices = pricesText(report)
  return [
    '# Cost\n\n',
    `${iso(start)} to ${iso(end ?? start)}: ${totalText(report)}${compared}${prices === '' ? '' : `, by ${prices}`}.\n\n`,
    markdownRow([groupingLabel(groups?.by ?? null), 'calls', 'cost', 'change', 'why'].map(markdownText)),
    markdownRow(['---', '--:', '--:', '--:', '---']),
    ...rows.map(cells => markdownRow(cells.map(markdownText))),
    '\n',
    ...markdownGaps(coverage.gaps).map(line => `${line}\n`),
    ...notes.map(note => `- ${markdownText(note)}\n`),
    `- left out: ${markdownText(excluded.join(', '))}\n`,
  ].join('')
}

const unknown = (text: string): string => `unknown: ${text}`

function itemCells(item: CostItem): readonly string[] {
  const {fn, calls, before} = item
  const cost = item.priced.costUSD
  const why = unknownOf(cost)
  const called = orNull(calls)
  const usd = orNull(cost)
  return [
    fn.name,
    called === null ? 'unknown' : count(Math.round(called)),
    usd === null ? 'unknown' : cents(usd),
    changeText(before?.change ?? null),
    why ? unknown(unknownText(why)) : whyText(item, '→'),
  ]
}

function sharedCells({logGroup, functions, costUSD}: SharedLogs): readonly string[] {
  const why = unknownOf(costUSD)
  const usd = orNull(costUSD)
  return [
    logGroup,
    '',
    usd === null ? 'unknown' : cents(usd),
    '',
    why ? unknown(unknownText(why)) : `logs of ${functions.join(', ')}`,
  ]
}

function groupCells(group: CostGroup, {groups}: CostReport) {
  const {name, isShared, functions, unknown: missing, calls, change} = group
  const usd = groupUSD(group)
  return [
    name ?? unnamedGroup(groups?.by ?? null, isShared),
    count(Math.round(calls)),
    usd === null ? 'unknown' : cents(usd),
    changeText(change),
    missing > 0 ? `${count(missing)} of ${count(functions)} functions unknown` : `${count(functions)} functions`,
  ]
}
