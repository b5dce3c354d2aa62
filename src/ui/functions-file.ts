import type {FieldName} from '../services/fleet/inventory/fields.ts'
import type {FunctionsReport} from '../services/fleet/inventory/functions-report.ts'
import {type CsvCell, csvPieces} from './csv-pieces.ts'
import {knownFunctions} from './fleet-receipt.ts'
import {type ColumnsDrawn, functionColumns} from './functions-columns.ts'
import {findingCommand, findingText} from './functions-findings.ts'
import {groupColumns, groupName} from './functions-groups.ts'
import {functionObject} from './functions-json.ts'
import {isoClock} from './iso-clock.ts'
import {codeText, markdownGaps, markdownRow, markdownText} from './markdown.ts'
import {counted} from './numbers.ts'

/** RFC 4180, with a heading; a function a row, or a group: piece by piece. What is unknown is empty, and named with its reason in the last column. */
export function functionsCsv({functions, groups}: FunctionsReport): Iterable<string> {
  return groups ? csvPieces(groupRows(groups)) : csvPieces(functionRows(functions))
}

function* groupRows({by, groups}: NonNullable<FunctionsReport['groups']>): Generator<readonly CsvCell[]> {
  const totals = ['invocations', 'errors', 'throttles', 'asyncEventsDropped', 'deadLettersWaiting'] as const
  const numbers = ['functions', 'codeSizeBytes', 'deprecated', 'nearLimit', 'failing'] as const
  yield ['name', ...numbers, ...totals, ...totals.map(name => `${name}Unknown`)]
  for (const group of groups)
    yield [
      groupName(group, by),
      ...numbers.map(name => group[name]),
      ...totals.map(name => group[name].sum),
      ...totals.map(name => group[name].unknown),
    ]
}

function* functionRows(functions: FunctionsReport['functions']): Generator<readonly CsvCell[]> {
  const iso = isoClock()
  let isHeaded = false
  for (const one of functions) {
    const {unknown, tags, runtimeEnds, deadLetterQueues, isFallingBehind, ...told} = functionObject(one, iso)
    const {deprecated, createBlocked, updateBlocked, daysLeft} = runtimeEnds
    const row = {
      ...told,
      isFallingBehind: String(isFallingBehind),
      runtimeDeprecated: deprecated,
      runtimeCreateBlocked: createBlocked,
      runtimeUpdateBlocked: updateBlocked,
      runtimeDaysLeft: daysLeft,
      deadLetterQueues: deadLetterQueues.join('; '),
      tags:
        tags === null
          ? null
          : Object.entries(tags)
              .map(([key, value]) => `${key}=${value}`)
              .join('; '),
      unknown: Object.entries(unknown)
        .map(([field, {reason}]) => `${field}: ${reason}`)
        .join('; '),
    } satisfies Readonly<Record<string, CsvCell>>
    if (!isHeaded) yield Object.keys(row)
    isHeaded = true
    yield Object.values(row)
  }
}

const defaults: readonly FieldName[] = [
  'function',
  'runtime',
  'ends',
  'memory',
  'timeout',
  'invocations',
  'errors',
  'throttles',
  'dropped',
  'dead',
  'age',
  'stack',
]

/** The inventory for a ticket or a wiki, in Markdown. */
export function functionsMarkdown(
  report: FunctionsReport,
  columns: readonly FieldName[] | null,
  clock: ColumnsDrawn['clock'],
): string {
  const {coverage, functions, known, groups, findings, notes} = report
  const {window, gaps} = coverage
  const iso = isoClock()
  const table = groups
    ? [
        markdownRow([
          groups.by.by === 'tag' ? markdownText(groups.by.key) : groups.by.by,
          ...groupColumns.map(({heading}) => heading),
        ]),
        markdownRow(['---', ...groupColumns.map(() => '--:')]),
        ...groups.groups.map(group =>
          markdownRow([
            markdownText(groupName(group, groups.by)),
            ...groupColumns.map(({cell}) => markdownText(cell(group).text)),
          ]),
        ),
      ]
    : tableRows(functions, columns ?? defaults, clock)
  return [
    '# Functions\n\n',
    `${iso(window.start)} to ${iso(window.end ?? window.start)}: ${counted(functions.length, 'function')}, ${knownFunctions(known)}.\n\n`,
    ...(functions.length === 0 ? [] : [...table, '\n']),
    ...findings.map(finding => {
      const command = findingCommand(finding, report)
      return `- ${markdownText(findingText(finding, report))}${command === null ? '' : `: ${codeText(command)}`}\n`
    }),
    ...markdownGaps(gaps).map(line => `${line}\n`),
    ...notes.map(note => `- ${markdownText(note)}\n`),
  ].join('')
}

function tableRows(
  functions: FunctionsReport['functions'],
  names: readonly FieldName[],
  clock: ColumnsDrawn['clock'],
): readonly string[] {
  // anybody's Markdown is Unicode
  const all = functionColumns({clock, terminal: {columns: 0, color: false, unicode: true, isTTY: false}})
  const columns = names.map(name =>
    name === 'function'
      ? {heading: 'function', align: 'left' as const, text: ({fn}: (typeof functions)[number]) => fn.name}
      : {...all[name], text: (one: (typeof functions)[number]) => all[name].cell(one).text},
  )
  return [
    markdownRow(columns.map(({heading}) => heading)),
    markdownRow(columns.map(({align}) => (align === 'right' ? '--:' : '---'))),
    ...functions.map(one => markdownRow(columns.map(({text}) => markdownText(text(one))))),
  ]
}
