import quotas from '../../data/quotas.json' with {type: 'json'}
import {isCredentialProblem, isDenied, isMissing} from '../aws/failures.ts'
import type {LogSource} from '../logs/source.ts'
import {gapAfter} from '../logs/tally.ts'
import type {Gap} from '../receipt.ts'
import {stopSignal} from '../stop-signal.ts'
import {noSuchLogGroup} from '../targets/list-log-groups.ts'
import {groupIn} from './group-in-error.ts'
import type {InsightsUse} from './insights-use.ts'
import {partField} from './pipeline/merge-plan.ts'
import {regionField} from './pipeline/places.ts'
import type {Row} from './pipeline/row-operations.ts'
import type {QueryPart, QueryPlan} from './plan-query.ts'
import {explainedEnd, explainedQuery, isForgotten, isMalformed} from './query-failure.ts'
import {QueryEnded, runQuery} from './run-query.ts'

export type RunPartsOptions = {
  /** epoch ms, both inclusive */
  readonly start: number
  readonly end: number
  readonly limit: number | null
  readonly maxCostUSD: number | null
  readonly use: InsightsUse
  readonly found: {readonly gaps: readonly Gap[]}
  readonly onNotice: (notice: string) => void
}

/** The queries of a plan, run together: what they answered so far, and what not. */
export type PartsRun = {
  run(): Promise<{readonly rows: readonly Row[]; readonly matched: number}>
  readonly answer: {readonly rows: readonly Row[]; readonly matched: number} | null
  readonly done: number
  readonly pages: number
  /** log groups that turned out not to exist, as those of functions that were never invoked do */
  readonly missing: number
  readonly groupsScanned: number
  readonly gaps: readonly Gap[]
  readonly notes: readonly string[]
  readonly startedAt: number | null
}

const {queryResultRows, queryResultPageRows} = quotas.logs
/** where more rows than this are held, those that cannot be in the answer are let go */
const manyRows = 200_000
const mostRefusals = 5
const needed = 'logs:StartQuery and logs:GetQueryResults'

/** Makes the queries of a plan ready to be run, all at a time as far as the account's slots go. What fails is a gap while anything else answers. */
export function runParts(plan: QueryPlan, options: RunPartsOptions, signal: AbortSignal): PartsRun {
  const {use, limit, maxCostUSD, onNotice} = options
  const gaps: Gap[] = [...options.found.gaps]
  const notes: string[] = []
  const counted = {done: 0, pages: 0, missing: 0, groupsScanned: 0, matched: 0}
  const answers: (readonly Row[] | null)[] = plan.parts.map(() => null)
  /** queries that gave as many rows as AWS answers, by their place */
  const full: number[] = []
  const failures: {readonly part: QueryPart; readonly error: unknown}[] = []
  let startedAt: number | null = null
  let answer: PartsRun['answer'] = null
  let saidRefused = false
  let isOverCost = false

  const onRefused = (): void => {
    if (!saidRefused)
      onNotice('all queries that the account may run at a time are running: this one waits for its turn')
    saidRefused = true
  }

  const attempt = async (part: QueryPart, sources: readonly LogSource[], stopped: AbortSignal, stop: () => void) => {
    const query = await runQuery(
      {
        aws: part.aws,
        queryString: part.queryString,
        logGroups: part.byName ? sources.map(({logGroup}) => logGroup) : null,
        startTime: Math.floor(options.start / 1000),
        endTime: Math.floor(options.end / 1000),
        ...(plan.merge === null && limit !== null && {limit}),
      },
      {
        signal: stopped,
        use,
        onRefused,
        onProgress: () => {
          if (maxCostUSD === null || use.costUSD <= maxCostUSD) return
          isOverCost = true
          stop()
        },
      },
    )
    const {recordsMatched, logGroupsScanned} = query.statistics
    if (!part.byName && part.sources.length > 0 && logGroupsScanned > part.sources.length)
      throw new Error(`the prefixes of its SOURCE hold ${logGroupsScanned} log groups, of linked accounts too`)
    const place = [
      ...(plan.tellsRegion ? [[regionField, part.aws.scope.region] as const] : []),
      ...(plan.merge?.of === 'events' ? [[partField, String(plan.parts.indexOf(part))] as const] : []),
    ]
    const rows: Row[] = []
    for await (const page of query.pages(queryResultPageRows, stopped)) {
      counted.pages++
      for (const row of page)
        rows.push(new Map([...place, ...row.map(({field = '', value = ''}) => [field, value] as const)]))
    }
    counted.matched += recordsMatched
    counted.groupsScanned += logGroupsScanned || sources.length
    return rows
  }

  /** Log groups that are not there or refused are left out, and the rest is asked again. */
  const runPart = async (part: QueryPart, stopped: AbortSignal, stop: () => void): Promise<readonly Row[] | null> => {
    let sources = part.sources
    for (let refusals = 0, retries = 0; ; ) {
      try {
        return await attempt(part, sources, stopped, stop)
      } catch (error) {
        stopped.throwIfAborted()
        if (isForgotten(error)) {
          counted.groupsScanned += sources.length
          return []
        }
        if (error instanceof QueryEnded && error.status !== 'Timeout' && retries++ < 1) continue
        const isOne = part.byName && (isMissing(error) || isDenied(error))
        const name = isOne
          ? groupIn(
              error,
              sources.map(({logGroup}) => logGroup),
            )
          : null
        const source = sources.find(({logGroup}) => logGroup === name)
        if (!source || (isDenied(error) && ++refusals > mostRefusals)) {
          failed(part, sources, error)
          return null
        }
        leftOut(part, source, error)
        sources = sources.filter(other => other !== source)
        if (sources.length === 0) return null
      }
    }
  }

  const leftOut = (part: QueryPart, source: LogSource, error: unknown): void => {
    const gap = gapAfter(source, error, needed)
    if (gap === null) counted.missing++
    else {
      gaps.push(gap)
      failures.push({part, error})
    }
  }

  const failed = (part: QueryPart, sources: readonly LogSource[], error: unknown): void => {
    failures.push({part, error})
    const {account, region} = part.aws.scope
    if (sources.length > 0) gaps.push(...sources.flatMap(source => gapAfter(source, error, needed) ?? []))
    else gaps.push({what: 'what SOURCE selects', account, region, reason: 'failed', detail: String(error)})
  }

  const run = async () => {
    startedAt = plan.parts[0]?.aws.clock.now() ?? null
    const {stopped, stop} = stopSignal(signal)
    let fatal: unknown
    await Promise.all(
      plan.parts.map(async (part, i) => {
        try {
          const rows = await runPart(part, stopped, stop)
          if (plan.merge?.of === 'groups' && rows && rows.length >= queryResultRows) full.push(i)
          answers[i] = rows
          counted.done++
          if (isFatal(failures.at(-1)?.error)) throw failures.at(-1)?.error
          compact()
        } catch (error) {
          if (!stopped.aborted) fatal ??= explainedQuery(error, part.queryString)
          stop()
        }
      }),
    )
    signal.throwIfAborted()
    if (fatal) throw fatal
    if (isOverCost) gaps.push(overCost(plan, counted.done))
    const answered = answers.filter(rows => rows !== null)
    if (answered.length === 0 && failures.length > 0) throw await worst()
    for (const i of full.toSorted((a, b) => a - b))
      notes.push(`query ${i + 1} gave all of the ${queryResultRows} rows that AWS answers: there may be more`)
    const all = plan.merge === null ? answered.flat() : plan.merge.merge(answered.flat())
    const rows = limit === null ? all : all.slice(0, limit)
    answer = {rows, matched: counted.matched}
    return answer
  }

  const compact = (): void => {
    const {merge} = plan
    const held = answers.reduce((sum, rows) => sum + (rows?.length ?? 0), 0)
    if (merge === null || held < manyRows) return
    const kept = merge.compact(answers.flatMap(rows => rows ?? []))
    const first = answers.findIndex(rows => rows !== null)
    for (const [i, rows] of answers.entries()) if (rows !== null) answers[i] = i === first ? kept : []
  }

  /** What to say where nothing answered: of a log group that was named and is not there, the nearest. */
  const worst = async (): Promise<unknown> => {
    const [{part, error}] = failures as [(typeof failures)[number]]
    const [gap] = gaps.filter(({reason}) => reason === 'missing')
    if (gap && isMissing(error)) return noSuchLogGroup(part.aws, gap.what, null, signal)
    return error instanceof QueryEnded ? explainedEnd(error) : explainedQuery(error, part.queryString)
  }

  return {
    run,
    get answer() {
      return answer
    },
    get done() {
      return counted.done
    },
    get pages() {
      return counted.pages
    },
    get missing() {
      return counted.missing
    },
    get groupsScanned() {
      return counted.groupsScanned
    },
    get startedAt() {
      return startedAt
    },
    gaps,
    notes,
  }
}

/** Asked of other log groups it would be the same. */
const isFatal = (error: unknown): boolean => isMalformed(error) || isCredentialProblem(error)

function overCost({parts}: QueryPlan, done: number): Gap {
  return {
    what: `${parts.length - done} of ${parts.length} queries`,
    account: null,
    region: [...new Set(parts.map(({aws}) => aws.scope.region))].join(', '),
    reason: 'interrupted',
    detail: 'stopped: more was scanned than --max-cost pays for',
  }
}
