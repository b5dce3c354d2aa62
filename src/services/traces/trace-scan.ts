import {usageError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {firstLine} from '../aws/failures.ts'
import type {Gap} from '../receipt.ts'
import {regionGap} from '../targets/in-each-region.ts'
import {explainedFailure} from '../targets/refusal.ts'
import {type FirstPages, scanCostUSD} from './scan-cost.ts'
import {type ScanPage, scanTraces} from './scan-traces.ts'
import {type ListedTrace, listedTrace} from './trace-summary.ts'
import type {TraceWindow} from './trace-windows.ts'

/** What is looked for in one region. */
export type RegionScan = {
  readonly aws: Aws
  /** null: all traces */
  readonly expression: string | null
  /** what X-Ray was not told to tell apart */
  readonly isWanted: (trace: ListedTrace) => boolean
}

export type TraceScanOptions = {
  readonly regions: readonly RegionScan[]
  /** newest first */
  readonly windows: readonly TraceWindow[]
  /** the newest so many, by their start */
  readonly limit: number
  /** an expression of the user's own is in it */
  readonly isFiltered: boolean
}

type ScanProgress = {
  pages: number
  emptyPages: number
  scanned: number
  /** traces found that are wanted, each once */
  matched: number
  /** of the windows of all regions, 0–1 */
  share: number
}

/** Traces on their way in, from several regions. */
export type TraceScan = {
  readonly progress: Readonly<ScanProgress>
  /** a few pages of each region, for an estimate, or all that say nothing; they are not asked for again */
  lookAhead(): Promise<readonly Omit<FirstPages, 'windowMs'>[]>
  /**
   * @param mostUSD it ends where it has cost more; null: whatever it costs
   * @throws UserError where no region could be read, and for a filter that X-Ray refuses; the signal's reason on abort
   */
  run(mostUSD: number | null): Promise<void>
  /**
   * Newest first: by start, then by id.
   * @param accountOf whose traces those are that do not say it
   */
  traces(accountOf: (aws: Aws) => string | null): readonly ListedTrace[]
  /** there are more that match than are wanted, or there may be */
  hasMore(): boolean
  gaps(): readonly Gap[]
  /** regions that were read to the end of what is wanted */
  complete(): number
}

type Found = {readonly trace: ListedTrace; readonly aws: Aws}

/** pages of a region that may tell how dense traces are, when another tells it */
const mostLookedAhead = 5

type Reading = RegionScan & {
  readonly pages: AsyncGenerator<ScanPage>
  /** epoch ms: everything after it has been looked at */
  reached: number
  scanned: number
  matched: number
  pageCount: number
  state: 'reading' | 'done' | 'limited' | 'too-dear' | 'failed'
  failure: unknown
}

export function openTraceScan(options: TraceScanOptions, signal: AbortSignal): TraceScan {
  const {regions, windows, limit, isFiltered} = options
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const newest = windows[0]?.end ?? 0
  const oldest = windows.at(-1)?.start ?? 0
  const found = new Map<string, Found>()
  let limitUSD: number | null = null
  const progress: ScanProgress = {pages: 0, emptyPages: 0, scanned: 0, matched: 0, share: 0}
  const readings = regions.map(
    (region): Reading => ({
      ...region,
      pages: scanTraces(region.aws, windows, region.expression, either),
      reached: newest,
      scanned: 0,
      matched: 0,
      pageCount: 0,
      state: windows.length === 0 ? 'done' : 'reading',
      failure: null,
    }),
  )

  return {progress, lookAhead, run, traces, hasMore, gaps, complete: () => readings.filter(isComplete).length}

  async function lookAhead() {
    await Promise.all(
      readings.map(async reading => {
        while (
          reading.state === 'reading' &&
          reading.scanned === 0 &&
          (progress.scanned === 0 || reading.pageCount < mostLookedAhead)
        )
          await readPage(reading)
      }),
    )
    return readings.map(({scanned, matched, pageCount, reached}) => ({
      scanned,
      matched,
      pages: pageCount,
      coveredMs: newest - reached,
    }))
  }

  async function run(mostUSD: number | null): Promise<void> {
    limitUSD = mostUSD
    await Promise.all(
      readings.map(async reading => {
        while (reading.state === 'reading') {
          if (isTooDear(reading)) reading.state = 'too-dear'
          else await readPage(reading)
        }
      }),
    )
    const failed = readings.filter(({state, pageCount}) => state === 'failed' && pageCount === 0)
    if (failed.length > 0 && failed.length === readings.length) throw failed[0]?.failure
  }

  async function readPage(reading: Reading): Promise<void> {
    try {
      const {value: page, done} = await reading.pages.next()
      if (done) reading.state = 'done'
      else take(page, reading)
    } catch (error) {
      either.throwIfAborted()
      const {region} = reading.aws.scope
      if (isFiltered && error instanceof Error && error.name === 'InvalidRequestException') {
        const refusal = usageError(
          `X-Ray refuses the filter: ${firstLine(error.message) || 'it does not say why'}`,
          `it was asked for ${reading.expression}`,
        )
        stop.abort(refusal)
        throw refusal
      }
      const purpose = {doing: `list traces in ${region}`, permission: 'xray:GetTraceSummaries'}
      reading.failure = explainedFailure(error, purpose)
      reading.state = 'failed'
    }
  }

  function take({summaries, scanned, reached}: ScanPage, reading: Reading): void {
    const listed = summaries.flatMap(summary => listedTrace(summary, reading.aws.scope.region) ?? [])
    const wanted = listed.filter(reading.isWanted)
    for (const trace of wanted) keep({trace, aws: reading.aws})
    reading.reached = reached
    reading.scanned += scanned
    reading.matched += wanted.length
    reading.pageCount++
    progress.pages++
    progress.emptyPages += summaries.length === 0 ? 1 : 0
    progress.scanned += scanned
    progress.matched = found.size
    progress.share = readings.reduce((sum, each) => sum + shareOf(each), 0) / readings.length
    if (reached > oldest && isEnough(reached)) reading.state = 'limited'
  }

  /** What has been looked at to its end costs no more. */
  function isTooDear({reached}: Reading): boolean {
    return limitUSD !== null && scanCostUSD(progress.scanned) > limitUSD && reached > oldest
  }

  /** A trace may be met again: in a window's neighbour, in another region, or changed since. */
  function keep(one: Found): void {
    const known = found.get(one.trace.id)
    if (known === undefined || isBetter(one.trace, known.trace)) found.set(one.trace.id, one)
  }

  /** Traces of older pages were updated before `reached`, so they began before it too. */
  function isEnough(reached: number): boolean {
    if (found.size < limit) return false
    let newer = 0
    for (const {trace} of found.values()) if (trace.start !== null && trace.start >= reached) newer++
    return newer >= limit
  }

  function shareOf({state, reached}: Reading): number {
    return state === 'reading' || state === 'too-dear' ? (newest - reached) / Math.max(1, newest - oldest) : 1
  }

  function isComplete({state}: Reading): boolean {
    return state === 'done' || state === 'limited'
  }

  function traces(accountOf: (aws: Aws) => string | null): readonly ListedTrace[] {
    return [...found.values()]
      .sort((a, b) => byStart(a.trace, b.trace))
      .slice(0, limit)
      .map(({trace, aws}) => ({...trace, account: trace.account ?? accountOf(aws)}))
  }

  function hasMore(): boolean {
    return found.size > limit || readings.some(({state}) => state === 'limited')
  }

  function gaps(): readonly Gap[] {
    return readings.flatMap(reading => gapOf(reading))
  }

  function gapOf({aws, state, failure, reached, pageCount}: Reading): readonly Gap[] {
    const {account, region} = aws.scope
    const what = `traces before ${new Date(reached).toISOString()}`
    if (state === 'failed') {
      const gap = regionGap(aws, failure)
      return [pageCount === 0 ? gap : {...gap, what}]
    }
    if (state === 'too-dear') {
      const detail = `stopped: it cost more than $${limitUSD}, a higher --max-cost allows more`
      return [{what, account, region, reason: 'interrupted', detail}]
    }
    return state === 'reading' ? [{what, account, region, reason: 'interrupted'}] : []
  }
}

/** Of two summaries of a trace: in a region the later one, of two regions the one that tells of where it came in. */
function isBetter(one: ListedTrace, other: ListedTrace): boolean {
  if (one.region === other.region) return one.revision >= other.revision
  return (one.start ?? Number.POSITIVE_INFINITY) < (other.start ?? Number.POSITIVE_INFINITY)
}

function byStart(a: ListedTrace, b: ListedTrace): number {
  const [left, right] = [a.start ?? Number.NEGATIVE_INFINITY, b.start ?? Number.NEGATIVE_INFINITY]
  return left === right ? (a.id < b.id ? -1 : 1) : right - left
}
