import {ExitCode} from '../../../errors.ts'
import {isKnown} from '../../../known.ts'
import type {Aws} from '../../aws/connect.ts'
import {createUse} from '../../insights/insights-use.ts'
import {verdictsOnNothing} from '../../nothing-read.ts'
import {metricUSD} from '../../pricing.ts'
import {parseSelection, type SelectionWords} from '../../targets/parse-target.ts'
import {openFacts} from '../facts.ts'
import {type ReadFleetOptions, readFleet} from '../fleet.ts'
import {fleetReceipt} from '../fleet-receipt.ts'
import {keptOf} from '../kept-metrics.ts'
import {reduceMetrics} from '../metric-reader.ts'
import {planScan, rateOf} from '../scan-plan.ts'
import {wholeFunctions} from '../whole-functions.ts'
import type {CostGrouping, CostItem, CostReport, CostSort, OpenedCost} from './cost-report.ts'
import {costWindow, type Span} from './cost-window.ts'
import {isByTag} from './group-cost.ts'
import {costReport} from './make-cost-report.ts'
import {planCost, provisionedReading} from './plan-cost.ts'
import {type RegionAnswer, readRegion} from './read-region.ts'
import {byRegion} from './read-usage.ts'

export type OpenCostOptions = Span & {
  readonly now: number
  readonly compare: boolean
  readonly by: CostGrouping
  readonly sort: CostSort
  /** true: inits are read whatever it costs, within what may be spent; false: they are left out; null: where it costs next to nothing */
  readonly init: boolean | null
  /** the same of provisioned concurrency, which takes a call for each function; null: where that is not too many */
  readonly provisioned: boolean | null
  readonly listing: ReadFleetOptions
}

/**
 * Lists the functions and plans what it takes to know what they cost.
 * @throws UserError as parseSelection and readFleet do
 */
export async function openCost(
  given: readonly Aws[],
  words: SelectionWords,
  options: OpenCostOptions,
  signal: AbortSignal,
): Promise<OpenedCost> {
  const {now, compare, by, listing} = options
  const {cache} = listing
  const fleet = await readFleet(given, parseSelection(words), listing, signal)
  const functions = wholeFunctions(fleet.functions)
  const window = costWindow(options, {now, compare, functions: functions.length})
  const regions = byRegion(functions)
  const provisioned = provisionedReading(options.provisioned, functions.length)
  const steps = regions.flatMap(region =>
    planCost(region, window, {provisioned, byTag: isByTag(by), init: options.init}),
  )
  const plan = planScan(steps, rateOf(given))
  const total = functions.length
  const done = new Map<Aws, number>()
  const use = createUse()
  let metricsRead = 0
  let report: CostReport | null = null

  return {
    scopes: fleet.scopes,
    notices: [...fleet.notices, ...(fleet.functions.some(({version}) => version !== null) ? [wholeOnly] : [])],
    functions: functions.length,
    window: window.now,
    before: window.before,
    plan,
    progress: {
      get done() {
        return [...done.values()].reduce((sum, count) => sum + count, 0)
      },
      get total() {
        return total
      },
    },
    read,
    receipt(finishedAt) {
      if (report === null) return null
      const {coverage, known, notes, items} = report
      return fleetReceipt(given, {coverage, known, notes, shown: items.length, durationMs: finishedAt - now, use})
    },
    verdicts() {
      const gaps = report?.coverage.gaps ?? fleet.gaps
      return [
        ...(gaps.length > 0 ? [ExitCode.partial] : []),
        ...(report === null ? [] : verdictsOnNothing(gaps, report.items.filter(hasCost).length)),
      ]
    },
  }

  async function read(mostUSD: number | null): Promise<CostReport> {
    const leftUSD = mostUSD === null ? null : Math.max(0, mostUSD - plan.costUSD)
    const settled = await Promise.allSettled(
      regions.map(region =>
        readRegion(
          region,
          {
            init: options.init,
            window,
            provisioned,
            leftUSD,
            use,
            tags: isByTag(by),
            facts: openFacts(region.aws, cache, signal),
            read: async (queries, reduce, span, onProgress) => {
              metricsRead += queries.length
              const kept = keptOf(region.aws, region.functions, cache)
              return reduceMetrics(region.aws, queries, reduce, {window: span, kept, onProgress}, signal)
            },
            onProgress: count => done.set(region.aws, count),
          },
          signal,
        ),
      ),
    )
    const answers = settled.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    const failed = settled.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
    if (failed.length > 0) throw failed[0]
    throwWhereNothingWasRead(answers, signal)
    report = costReport(answers, {
      fleet,
      window,
      by,
      sort: options.sort,
      isCompared: compare,
      spentUSD: metricsRead * metricUSD + use.costUSD,
    })
    return report
  }
}

const hasCost = ({priced}: CostItem): boolean => isKnown(priced.costUSD)

const wholeOnly = 'costs are those of whole functions: no metric tells what a version or an alias took of them'

function throwWhereNothingWasRead(answers: readonly RegionAnswer[], {aborted}: AbortSignal): void {
  const [first] = answers.flatMap(({failure}) => failure ?? [])
  if (first !== undefined && !aborted && answers.every(({failure}) => failure !== null)) throw first
}
