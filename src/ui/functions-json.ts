import {type Known, orNull} from '../known.ts'
import type {FunctionsReport} from '../services/fleet/inventory/functions-report.ts'
import type {FunctionGroup, Total, Totals} from '../services/fleet/inventory/group-functions.ts'
import type {InventoryFunction, Peak, RegionConcurrency} from '../services/fleet/inventory/inventory.ts'
import {findingCommand} from './functions-findings.ts'
import {isoClock} from './iso-clock.ts'
import {coverageFields, unknownFields, valueFields} from './known-fields.ts'
import {eachAs, functionFields, jsonLinesOf, reportPieces} from './report-json.ts'

type Iso = (ms: number) => string

/** The report as one `slsops/functions@1` document, piece by piece. */
export function functionsJson(report: FunctionsReport): Iterable<string> {
  const {coverage, known, functions, groups, totals, concurrency, findings, runtimes, memoryWindow, costUSD, notes} =
    report
  const iso = isoClock()
  return reportPieces('functions', coverage, {
    ...coverageFields(known),
    runtimeTable: {asOf: runtimes.asOf, file: runtimes.origin},
    memoryWindow: memoryWindow && {start: iso(memoryWindow.start), end: iso(memoryWindow.end)},
    costUSD,
    totals: totalsObject(totals),
    ...(groups && {by: groups.by, groups: eachAs(groups.groups, groupObject)}),
    functions: eachAs(functions, one => functionObject(one, iso)),
    concurrency: concurrency.map(region => concurrencyObject(region, iso)),
    findings: eachAs(findings, finding => ({
      kind: finding.kind,
      severity: finding.severity,
      functions: finding.functions.map(({fn}) => functionFields(fn)),
      region: finding.concurrency?.region ?? finding.functions[0]?.fn.region ?? null,
      next: findingCommand(finding, report),
    })),
    notes,
  })
}

/** A function a line. */
export function functionsNdjson({functions}: FunctionsReport): Iterable<string> {
  const iso = isoClock()
  return jsonLinesOf(
    'functions-item',
    eachAs(functions, one => functionObject(one, iso)),
  )
}

/** A function by AWS's words, units in the names; what is null and not in `unknown` is not there. */
export function functionObject(
  {fn, lifecycle, measures, headroom, deadLetterQueues, isFallingBehind}: InventoryFunction,
  iso: Iso,
) {
  const {tags, stack, ...numbers} = measures
  const {status, deprecated, createBlocked, updateBlocked, daysLeft, note} = lifecycle
  const {timeoutShare, memoryShare, concurrencyShare, errorRate} = headroom
  return {
    ...functionFields(fn),
    runtime: fn.runtime,
    runtimeStatus: status,
    runtimeEnds: {deprecated, createBlocked, updateBlocked, daysLeft, note},
    packageType: fn.packageType,
    masterArn: fn.masterArn,
    architecture: fn.architecture,
    memorySizeMB: fn.memorySizeMB,
    timeoutSeconds: fn.timeoutSeconds,
    ephemeralStorageMB: fn.ephemeralStorageMB,
    codeSizeBytes: fn.codeSizeBytes,
    lastModified: fn.lastModifiedAt === null ? null : iso(fn.lastModifiedAt),
    ...valueFields(numbers),
    timeoutShare,
    memoryShare,
    concurrencyShare,
    errorRate,
    isFallingBehind,
    deadLetterQueues,
    stack: orNull(stack),
    tags: orNull(tags),
    unknown: unknownFields(measures),
  }
}

/** A sum of 0 of which a part is not known is none. */
function totalsObject(totals: Totals) {
  const told = ({sum, unknown}: Total) => ({sum: sum === 0 && unknown > 0 ? null : sum, unknown})
  const {invocations, errors, throttles, asyncEventsDropped, deadLettersWaiting, nearLimit, failing} = totals
  const isWhole = [invocations, errors, throttles, asyncEventsDropped, deadLettersWaiting].every(
    ({unknown}) => unknown === 0,
  )
  return {
    ...totals,
    nearLimit: isWhole ? nearLimit : nearLimit || null,
    failing: isWhole ? failing : failing || null,
    invocations: told(invocations),
    errors: told(errors),
    throttles: told(throttles),
    asyncEventsDropped: told(asyncEventsDropped),
    deadLettersWaiting: told(deadLettersWaiting),
  }
}

function groupObject({name, isKnown, members, ...totals}: FunctionGroup) {
  return {name, isKnown, ...totalsObject(totals), functionArns: members.map(({fn}) => fn.arn)}
}

function concurrencyObject(
  {account, region, limit, unreservedLimit, peak, unreservedPeak, nextBurst}: RegionConcurrency,
  iso: Iso,
) {
  const told = (known: Known<Peak | null>) =>
    'value' in known && known.value ? {count: known.value.count, at: iso(known.value.at)} : null
  return {
    account,
    region,
    ...valueFields({limit, unreservedLimit}),
    peak: told(peak),
    unreservedPeak: told(unreservedPeak),
    nextBurst,
    unknown: unknownFields({limit, unreservedLimit, peak, unreservedPeak}),
  }
}
