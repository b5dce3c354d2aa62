import {BaseCommand} from './base-command.ts'
import type {CostFlags} from './flags/cost.ts'
import type {FleetFlags} from './flags/fleet.ts'
import type {Aws} from './services/aws/connect.ts'
import type {ListingProgress, ReadFleetOptions} from './services/fleet/fleet.ts'
import type {FleetCache} from './services/fleet/fleet-cache.ts'
import type {ScanPlan} from './services/fleet/scan-plan.ts'
import {keepHeapSmall} from './v8-heap.ts'

const fewerFunctions = 'a shorter --since or fewer functions cost less'

/** epoch ms */
type Window = {readonly start: number; readonly end: number}

/** What the commands share that scan the fleet: what is kept from one to the next, and what is said while nothing else can be. */
export abstract class FleetCommand extends BaseCommand {
  /** takes note that the scan came to its end */
  #endScan: () => void = () => {}

  /**
   * Begins a scan: with what earlier ones have kept, a plan where listing will take long, and its progress shown from now on.
   * @param asked the window as the flags have it now; what is scanned is that of the same command line where it was killed or
   *   interrupted within the last hour, so that what was read goes on to be of use; which is said
   */
  protected async beginScan(
    all: readonly Aws[],
    flags: FleetFlags,
    asked: Window,
  ): Promise<{readonly listing: Required<ReadFleetOptions>; readonly window: Window}> {
    const [{totalCalls}, {listingState}] = await Promise.all([
      import('./services/aws/total-calls.ts'),
      import('./ui/scan-plan-text.ts'),
    ])
    keepHeapSmall()
    const cache = await this.#openCache(all, flags)
    const window = await this.#scanWindow(cache, all, asked)
    const startedAt = this.clock.now()
    let progress: ListingProgress = {functions: 0, pages: 0, expected: null}
    const showListing = (): void =>
      this.whileSilent(() => listingState(progress, {elapsedMs: this.clock.now() - startedAt, ...totalCalls(all)}))
    showListing()
    return {
      window,
      listing: {
        cache,
        onProgress: now => {
          progress = now
        },
        onLongListing: async plan => {
          await this.#announce(plan)
          showListing()
        },
      },
    }
  }

  async #scanWindow(cache: FleetCache | null, all: readonly Aws[], asked: Window): Promise<Window> {
    const {beginScan, endScan} = await import('./services/fleet/unfinished-scan.ts')
    const places = all.flatMap(({scope, foreignOrigins}) => [scope.profile ?? '', scope.region, ...foreignOrigins])
    // what begins anew has nothing to go on with, but may be gone on with
    const commandLine = [this.id ?? '', ...this.argv.filter(word => word !== '--fresh'), ...places]
    const {window, resumedFrom} = beginScan(cache, commandLine, asked)
    this.#endScan = () => endScan(cache, commandLine)
    if (resumedFrom !== null && window.end !== asked.end) {
      const time = `${new Date(resumedFrom).toISOString().slice(11, 19)}Z`
      await this.notice(
        `goes on with the scan that began at ${time} and was interrupted, in its window; --fresh begins anew`,
      )
    }
    return window
  }

  protected override write(text: string | Iterable<string>): Promise<void> {
    this.#answered()
    return super.write(text)
  }

  protected override keepReport(path: string, text: string | Iterable<string>): Promise<void> {
    this.#answered()
    return super.keepReport(path, text)
  }

  /** With the answer the scan is over, whoever reads it; unless it is the answer to Ctrl-C. */
  #answered(): void {
    if (!this.signal.aborted) this.#endScan()
  }

  async #announce(plan: ScanPlan): Promise<void> {
    const [{isAnnounced}, {scanPlanText}] = await Promise.all([
      import('./services/fleet/scan-plan.ts'),
      import('./ui/scan-plan-text.ts'),
    ])
    if (isAnnounced(plan)) await this.status(terminal => scanPlanText(plan, terminal))
  }

  /**
   * Says what a scan will take, and asks where it costs more than goes without saying. What is slow and free is only said;
   * what Ctrl-C stopped is shown as far as it got, and costs no more.
   * @param cost what the plan does not know of: dollars (null where nobody knows), and what they are for
   * @throws UserError as mayCost does
   */
  protected async mayScan(
    plan: ScanPlan,
    flags: CostFlags,
    cheaper: string = fewerFunctions,
    cost?: {readonly costUSD: number | null; readonly estimate: () => string},
  ): Promise<void> {
    if (this.signal.aborted) return
    const {scanEstimateText} = await import('./ui/scan-plan-text.ts')
    await this.#announce(plan)
    const {costUSD, estimate} = cost ?? {costUSD: plan.costUSD, estimate: () => scanEstimateText(plan)}
    try {
      await this.mayCost(costUSD, estimate, flags, cheaper)
    } catch (error) {
      // of a scan that was refused there is nothing to go on with
      this.#endScan()
      throw error
    }
  }

  async #openCache(all: readonly Aws[], {fresh}: FleetFlags): Promise<FleetCache | null> {
    // the embedded AWS answers at once
    if (all.every(({scope}) => scope.endpoint === 'sandbox')) return null
    const {openFleetCache} = await import('./services/fleet/fleet-cache.ts')
    const {cache, notices} = await openFleetCache({directory: this.places.fleetCache, now: this.clock.now, fresh})
    this.onCleanup(() => cache.flush())
    for (const notice of notices) await this.notice(notice)
    return cache
  }
}
