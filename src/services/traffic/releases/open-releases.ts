import {ExitCode} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Scope} from '../../aws/scope.ts'
import {type ReadFleetOptions, readFleet} from '../../fleet/fleet.ts'
import {fleetReceipt} from '../../fleet/fleet-receipt.ts'
import {newestMinutesNotes} from '../../fleet/metric-period.ts'
import {planScan, rateOf, type ScanPlan, stepsIn} from '../../fleet/scan-plan.ts'
import {wholeFunctions} from '../../fleet/whole-functions.ts'
import {verdictsOnNothing} from '../../nothing-read.ts'
import {pricesOf} from '../../pricing.ts'
import {distinctGaps, type Gap} from '../../receipt.ts'
import {parseSelection, type SelectionWords} from '../../targets/parse-target.ts'
import {withoutQualifiers} from '../../targets/qualifiers.ts'
import {readTrafficRecords} from '../journal/traffic-journal.ts'
import {type ListedAlias, type ListedAliases, listAliases} from './list-aliases.ts'
import {measuringUSD} from './measure-versions.ts'
import {type RegionToRead, readRegion} from './read-region.ts'
import type {OpenedReleases, ReleasesProgress, ReleasesReport} from './releases.ts'
import {inOrder} from './standing.ts'

export type OpenReleasesOptions = {
  readonly window: {readonly start: number; readonly end: number}
  readonly now: number
  /** null: every alias */
  readonly alias: string | null
  readonly listing: ReadFleetOptions
  /** where journals of shifts are; null: nowhere */
  readonly journals: string | null
}

/** three calls a function, at fifteen a second: a minute */
const provisionedUpTo = 300
/** GetMetricData takes 500 metrics: those of so many aliases, with twelve each */
const aliasesPerCall = 40
/** of each it takes calls of CodeDeploy's, which are few a second */
const pastUpTo = 10

/**
 * Lists the functions of which aliases are asked for.
 * @throws UserError as parseSelection and readFleet do
 */
export async function openReleases(
  given: readonly Aws[],
  words: SelectionWords,
  {window, now, alias, listing, journals}: OpenReleasesOptions,
  signal: AbortSignal,
): Promise<OpenedReleases> {
  const qualified = withoutQualifiers(parseSelection(words))
  const fleet = await readFleet(given, qualified.selection, listing, signal)
  const functions = wholeFunctions(fleet.functions)
  const byRegion = Map.groupBy(functions, ({aws}) => aws)
  const plan = planScan(
    Array.from(byRegion, ([aws, own]) =>
      stepsIn(aws, own[0]?.account ?? null).step(`aliases of ${own.length} functions`, 'ListAliases', own.length),
    ),
    rateOf(given),
  )
  let listed: ListedAliases = {aliases: [], without: 0, gaps: []}
  let progress: ReleasesProgress = {doing: 'listing', done: 0, total: functions.length, since: now}
  let report: ReleasesReport | null = null
  const clock = given[0]?.clock

  return {
    scopes: fleet.scopes,
    notices: fleet.notices,
    functions: functions.length,
    plan,
    get progress() {
      return progress
    },
    look,
    read,
    verdicts() {
      const gaps = report?.coverage.gaps ?? fleet.gaps
      return [...(gaps.length > 0 ? [ExitCode.partial] : []), ...verdictsOnNothing(gaps, listed.aliases.length)]
    },
    receipt(finishedAt) {
      if (report === null) return null
      const {coverage, known, notes, aliases} = report
      return fleetReceipt(given, {
        coverage,
        known,
        notes,
        shown: aliases.length,
        durationMs: finishedAt - now,
        use: null,
      })
    },
  }

  async function look(): Promise<ScanPlan> {
    progress = {...progress, since: clock?.now() ?? now}
    const onListed = (done: number): void => {
      progress = {...progress, done}
    }
    listed = await listAliases(functions, {qualified, alias}, onListed, signal)
    const steps = Array.from(
      Map.groupBy(listed.aliases, ({fn}) => fn.aws),
      ([aws, own]) => {
        const {step} = stepsIn(aws, own[0]?.fn.account ?? null)
        const withAlias = functionsOf(own)
        return [
          step(`versions of ${withAlias} functions`, 'ListVersionsByFunction', withAlias),
          ...(isProvisionedRead()
            ? [step('provisioned concurrency', 'ListProvisionedConcurrencyConfigs', withAlias)]
            : []),
          {
            ...step(
              `metrics of ${own.length} aliases`,
              'GetMetricData',
              Math.ceil(own.length / aliasesPerCall),
              measuringUSD(own.length),
            ),
            isAtMost: true as const,
          },
        ]
      },
    )
    return planScan(steps.flat(), rateOf(given))
  }

  function isProvisionedRead(): boolean {
    return functionsOf(listed.aliases) <= provisionedUpTo
  }

  async function read(): Promise<ReleasesReport> {
    const {aliases} = listed
    progress = {doing: 'reading', done: 0, total: functionsOf(aliases), since: clock?.now() ?? now}
    const {records, unreadable} = journals === null ? noJournals : await readTrafficRecords(journals)
    const regions = await Promise.all(
      Array.from(
        Map.groupBy(aliases, ({fn}) => fn.aws),
        ([aws, own]) => {
          const region: RegionToRead = {aws, scope: scopeOf(aws, own[0]?.fn.account ?? null), aliases: own}
          return readRegion(
            region,
            {
              window,
              now,
              records,
              provisioned: isProvisionedRead() ? 'all' : 'moving',
              isPastAsked: aliases.length <= pastUpTo,
              onFunction() {
                progress = {...progress, done: progress.done + 1}
              },
            },
            signal,
          )
        },
      ),
    )
    const gaps: readonly Gap[] = distinctGaps([...fleet.gaps, ...listed.gaps, ...regions.flatMap(one => one.gaps)])
    const total = progress.total + listed.gaps.length
    report = {
      coverage: {window, scopes: fleet.scopes, gaps},
      aliases: inOrder(regions.flatMap(one => one.aliases)),
      without: listed.without,
      known: {functions: total, known: progress.total - regions.reduce((sum, {unknown}) => sum + unknown.size, 0)},
      pricesAsOf: pricesOf('us-east-1').asOf,
      notes: [
        ...unreadable,
        ...newestMinutesNotes(window, now),
        ...(isProvisionedRead()
          ? []
          : ['provisioned concurrency was read of aliases in motion alone, for there are many']),
      ],
    }
    return report
  }

  /** A region's scope with its account, as the fleet or a function has told it. */
  function scopeOf({scope}: Aws, account: string | null): Scope {
    const told = fleet.scopes.find(({profile, region}) => profile === scope.profile && region === scope.region)
    return {...scope, account: scope.account ?? told?.account ?? account}
  }
}

const noJournals = {records: [], unreadable: []}

const functionsOf = (aliases: readonly ListedAlias[]): number => new Set(aliases.map(({fn}) => fn)).size
