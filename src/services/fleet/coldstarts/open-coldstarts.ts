import {ExitCode} from '../../../errors.ts'
import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {totalCalls} from '../../aws/total-calls.ts'
import {findDeploys} from '../../errors/deploys.ts'
import {served} from '../../errors/served.ts'
import {settledAfterMs} from '../../logs/settled.ts'
import {receiptOf} from '../../logs/tally.ts'
import {verdictsOnNothing} from '../../nothing-read.ts'
import {isPointed, parseSelection, type SelectionWords} from '../../targets/parse-target.ts'
import {withoutQualifiers} from '../../targets/qualifiers.ts'
import {type Facts, openFacts} from '../facts.ts'
import {type ReadFleetOptions, readFleet} from '../fleet.ts'
import type {FleetFunction} from '../fleet-function.ts'
import type {ColdStartGrouping, ColdStartsReport, OpenedColdStarts} from './coldstarts-report.ts'
import {functionLogGroups} from './function-log-groups.ts'
import {type LogEngine, planColdStarts, planLogs, quickerEngine} from './plan-coldstarts.ts'
import {quietFunctions} from './quiet-functions.ts'
import {openReading} from './read-coldstarts.ts'
import {coldStartsReport} from './report-coldstarts.ts'
import type {ColdStartOrder} from './tell-coldstarts.ts'
import {readByVersion} from './version-counts.ts'

export type OpenColdStartsOptions = {
  /** epoch ms */
  readonly start: number
  readonly end: number
  readonly now: number
  readonly by: ColdStartGrouping
  readonly sort: ColdStartOrder
  readonly engine: LogEngine
  /** what queries may cost without being asked for */
  readonly spendableUSD: number
  /** the version that serves is compared with the one before, by all of their requests */
  readonly sinceDeploy: boolean
  readonly listing: ReadFleetOptions
}

const quietText = (functions: number): string =>
  `${functions.toLocaleString('en')} functions that CloudWatch does not list as invoked are not read; it lists one within 15 minutes of its first call`

/** inits ahead of requests are older than the requests that come to them */
const lookBackMs = 15 * 60_000

/**
 * Makes ready to read the cold starts of functions: which there are, what log groups they have, and what reading them takes.
 * @throws UserError as parseSelection and readFleet do; with `sinceDeploy` also as findDeploys does
 */
export async function openColdStarts(
  given: readonly Aws[],
  words: SelectionWords,
  options: OpenColdStartsOptions,
  signal: AbortSignal,
): Promise<OpenedColdStarts> {
  const {start, end, now, engine, spendableUSD, sinceDeploy, listing} = options
  const parsed = parseSelection(words)
  const {selection, qualifierOf} = sinceDeploy ? withoutQualifiers(parsed) : {selection: parsed, qualifierOf: null}
  const fleet = await readFleet(given, selection, listing, signal)
  const {functions, scopes} = fleet
  const facts = new Map<Aws, Facts>()
  const factsOf = ({aws}: FleetFunction): Facts => {
    const known = facts.get(aws) ?? openFacts(aws, listing.cache, signal)
    facts.set(aws, known)
    return known
  }
  const quiet = sinceDeploy ? new Set<FleetFunction>() : await quietFunctions(functions, {start, now}, signal)
  const awake = functions.filter(fn => !quiet.has(fn))
  const groups = await functionLogGroups(awake, isPointed(selection), factsOf)
  const {sources, absent} = groups
  const deploys = qualifierOf ? await findDeploys(sources, qualifierOf, signal) : []
  const history = sinceDeploy ? served() : null
  const logs = {start: start - lookBackMs, end, now, engine, spendableUSD}
  const plan = planLogs(sources, groups.sizes, logs)
  const clock = given[0]?.clock ?? {now: () => now}
  const reading = openReading({functions, quiet, groups, factsOf, window: {start, end}, logs, history, clock}, signal)
  let report: ColdStartsReport | null = null

  return {
    scopes,
    notices: [...fleet.notices, ...groups.notices, ...(quiet.size > 0 ? [quietText(quiet.size)] : [])],
    functions: functions.length,
    logGroups: sources.length,
    plan: planColdStarts(given, awake, {start, end, now}, plan),
    quicker: quickerEngine(plan, sources, groups.sizes, logs),
    engine: plan.byInsights.size > sources.length / 2 ? 'insights' : 'filter',
    progress: reading.progress,
    async read(onNotice) {
      const {evidence, metrics, periodSeconds} = await reading.run(onNotice)
      const {invocations, window} = evidence
      report = coldStartsReport({
        evidence,
        metrics,
        versions:
          options.by === 'version'
            ? await readByVersion(
                functions.filter(fn => fn.version === null),
                invocations,
                {metricName: 'Invocations', statistic: 'Sum'},
                periodSeconds,
                window,
                signal,
              )
            : new Map(),
        asked: {start, end},
        askedAt: now,
        fleet,
        order: options.sort,
        by: options.by,
        deploys: history && {deploys, history},
        isYoung: end > clock.now() - settledAfterMs,
        isBegun: reading.tally.pages > 0,
      })
      return report
    },
    verdicts() {
      if (report === null) return []
      const {gaps} = report.coverage
      const read = report.functions.filter(({figures}) => isKnown(figures))
      return [...(gaps.length > 0 ? [ExitCode.partial] : []), ...verdictsOnNothing(gaps, read.length)]
    },
    receipt(finishedAt) {
      if (report === null) return null
      const {tally} = reading
      return receiptOf(
        {...tally, gaps: [], groups: tally.groups + absent.size, missing: tally.missing + absent.size},
        {
          window: {start, end},
          ...totalCalls(given),
          // each tells something; how many cold starts they come to is in the report
          shown: tally.events,
          notes: report.notes,
          durationMs: finishedAt - now,
          gaps: report.coverage.gaps,
        },
      )
    },
  }
}
