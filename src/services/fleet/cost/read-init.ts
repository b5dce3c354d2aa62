import quotas from '../../../data/quotas.json' with {type: 'json'}
import type {Known} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import type {InsightsUse} from '../../insights/insights-use.ts'
import {reportsOfFunctions} from '../../insights/report-lines.ts'
import {runQuery} from '../../insights/run-query.ts'
import type {FleetFunction} from '../fleet-function.ts'
import {whyUnknown} from '../why-unknown.ts'
import type {Span} from './cost-window.ts'

/** What REPORT lines of a sample say of a function. */
export type InitSample = {
  readonly reports: number
  /** the sum of all inits that they show */
  readonly initMs: number
  readonly restores: number
}

export type ReadInitOptions = {
  readonly sample: Span
  readonly use: InsightsUse
}

/** the sample that init is estimated from is no longer */
const sampleMs = 24 * 3_600_000
/** what is spent on it without anybody asking for it */
export const initUnaskedUSD = 0.05
const {queryLogGroups, queryResultPageRows} = quotas.logs

/** The last day of a window, or all of a shorter one. */
export const initSample = ({start, end}: Span): Span => ({start: Math.max(start, end - sampleMs), end})

const query = [
  ...reportsOfFunctions,
  'parse @message /Init Duration: (?<textInit>[0-9.]+) ms/',
  'parse @message /Restore Duration: (?<textRestore>[0-9.]+) ms/',
  'fields coalesce(textInit, record.metrics.initDurationMs) as init, coalesce(textRestore, record.metrics.restoreDurationMs) as restored',
  'stats count(*) as reports, sum(init) as initMs, count(restored) as restores by @log, owner',
  `limit ${queryResultPageRows}`,
].join(' | ')

/**
 * Reads by Logs Insights what inits the reports of a region's functions show, of both log formats, 50 log groups a query.
 * @returns by function name; those without a report are not there
 */
export async function readInits(
  aws: Aws,
  functions: readonly FleetFunction[],
  {sample, use}: ReadInitOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Known<InitSample>>> {
  const byGroup = Map.groupBy(functions, ({logGroup}) => logGroup)
  const groups = [...byGroup.keys()]
  const found = new Map<string, Known<InitSample>>()
  const lots = Array.from({length: Math.ceil(groups.length / queryLogGroups)}, (_, i) =>
    groups.slice(i * queryLogGroups, (i + 1) * queryLogGroups),
  )
  await Promise.all(lots.map(readLot))
  return found

  async function readLot(logGroups: readonly string[]): Promise<void> {
    try {
      const {start, end} = sample
      const startTime = Math.floor(start / 1000)
      const endTime = Math.floor((end - 1) / 1000)
      const done = await runQuery({aws, queryString: query, logGroups, startTime, endTime}, {signal, use})
      for await (const rows of done.pages(queryResultPageRows, signal)) for (const row of rows) note(fieldsOf(row))
    } catch (error) {
      const why = whyUnknown(error, {doing: 'read inits by Logs Insights', permission: 'logs:StartQuery'}, signal)
      for (const group of logGroups) for (const {name} of byGroup.get(group) ?? []) found.set(name, why)
    }
  }

  function note({'@log': log = '', owner, reports, initMs, restores}: Readonly<Record<string, string>>): void {
    const users = byGroup.get(log.slice(log.indexOf(':') + 1)) ?? []
    const user = owner ? users.find(({name}) => name === owner) : users.length === 1 ? users[0] : undefined
    // of a function that nobody asked about
    if (!user) return
    const known = found.get(user.name)
    const before = known && 'value' in known ? known.value : {reports: 0, initMs: 0, restores: 0}
    found.set(user.name, {
      value: {
        reports: before.reports + numberIn(reports),
        initMs: before.initMs + numberIn(initMs),
        restores: before.restores + numberIn(restores),
      },
    })
  }
}

type Cell = {readonly field?: string | undefined; readonly value?: string | undefined}

const fieldsOf = (row: readonly Cell[]): Readonly<Record<string, string>> =>
  Object.fromEntries(row.flatMap(({field, value}) => (field && value ? [[field, value]] : [])))

const numberIn = (text: string | undefined): number => Number(text ?? 0) || 0
