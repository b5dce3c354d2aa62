import {type Known, orNull} from '../known.ts'
import type {Evidence, WatchedSource} from '../services/fleet/unused/evidence.ts'
import type {FunctionVerdict, UnusedReport} from '../services/fleet/unused/unused-report.ts'
import type {Waste} from '../services/fleet/unused/waste.ts'
import {isoClock} from './iso-clock.ts'
import {coverageFields, unknownFields} from './known-fields.ts'
import {eachAs, functionFields, jsonLinesOf, reportPieces} from './report-json.ts'
import {totalUSD} from './unused-waste.ts'

type Iso = (ms: number) => string

/** The report as one `slsops/unused@1` document, piece by piece. */
export function unusedJson(report: UnusedReport): Iterable<string> {
  const {
    coverage,
    known,
    measuredSince,
    functions,
    counts,
    waste,
    wasteShare,
    codeStorage,
    pricesAsOf,
    costUSD,
    notes,
  } = report
  const iso = isoClock()
  return reportPieces('unused', coverage, {
    ...coverageFields(known),
    measuredSince: iso(measuredSince),
    counts,
    functions: eachAs(functions, one => functionObject(one, iso)),
    waste: eachAs(waste, wasteObject),
    wasteCoverage: wasteShare,
    monthlyWasteUSD: report.wasteUnread > 0 && waste.length === 0 ? null : totalUSD(waste),
    codeStorage,
    pricesAsOf,
    costUSD,
    notes,
  })
}

/** A function a line. */
export function unusedNdjson({functions}: UnusedReport): Iterable<string> {
  const iso = isoClock()
  return jsonLinesOf(
    'unused-item',
    eachAs(functions, one => functionObject(one, iso)),
  )
}

/** A function by AWS's words; what was not asked, for the verdict does not rest on it, is not there. */
function functionObject(one: FunctionVerdict, iso: Iso) {
  const {fn, verdict, reasons, lastInvoked, schedule, evidence, missing, monthlyWasteUSD} = one
  return {
    ...functionFields(fn),
    verdict,
    reasons,
    lastInvoked: lastInvoked && iso(lastInvoked.at),
    lastInvokedFrom: lastInvoked?.from ?? null,
    lastModified: fn.lastModifiedAt === null ? null : iso(fn.lastModifiedAt),
    schedule: schedule && {
      name: schedule.name,
      kind: schedule.kind,
      expression: schedule.expression,
      timezone: schedule.timezone,
      lastFire: schedule.lastFireAt === null ? null : iso(schedule.lastFireAt),
      nextFire: schedule.nextFireAt === null ? null : iso(schedule.nextFireAt),
    },
    evidence: evidenceObject(evidence, iso),
    monthlyWasteUSD: orNull(monthlyWasteUSD),
    unknown: {
      ...unknownFields(Object.fromEntries(missing.map(({name, why}) => [name, why]))),
      ...unknownFields({monthlyWasteUSD}),
    },
  }
}

function evidenceObject(evidence: Evidence, iso: Iso) {
  const {usage, listed, eventSources, schedules, rules, policy, urls, details} = evidence
  const {provisioned, versions, lastLogEvent, logGroup, deadLetters} = evidence
  return {
    ...told(usage, ({invocations, throttles}) => ({invocations, throttles}), {invocations: null, throttles: null}),
    ...told(listed, value => ({listedResources: value === null ? [] : [...value.resources].sort()})),
    ...told(eventSources, all => ({eventSources: all.map(sourceObject)})),
    ...told(schedules, all => ({schedules: all})),
    ...told(rules, all => ({
      rules: all.map(({rule, matched}) => ({...rule, matched: matched && orNull(matched)})),
    })),
    ...told(policy, all => ({policy: all})),
    ...told(urls, all => ({urls: all})),
    ...told(details, ({state, stateReasonCode, reservedConcurrency}) => ({
      state,
      stateReasonCode,
      reservedConcurrency,
    })),
    ...told(provisioned, all => ({
      provisionedConcurrency: all.map(({qualifier, requested, allocated, status}) => ({
        qualifier,
        requested,
        allocated,
        status,
      })),
    })),
    ...told(versions, all => ({
      publishedVersions: all.filter(({version}) => version !== '$LATEST').length,
      aliases: [...new Set(all.flatMap(({aliases}) => aliases))].sort(),
    })),
    ...told(lastLogEvent, at => ({lastLogEvent: at === null ? null : iso(at)})),
    ...told(logGroup, group => ({
      logGroup: group && {
        name: group.name,
        storedBytes: group.storedBytes,
        retentionInDays: group.retentionInDays,
        created: group.createdAt === null ? null : iso(group.createdAt),
      },
    })),
    ...told(deadLetters, queue => (queue === null ? {} : {deadLettersWaiting: queue.visible})),
  }
}

/** What is known, as the document has it; else nothing, or what says that it is not. */
const told = <T>(known: Known<T>, draw: (value: T) => object, otherwise: object = {}): object =>
  'value' in known ? draw(known.value) : otherwise

function sourceObject({source, queue}: WatchedSource) {
  const {uuid, qualifier, sourceArn, state, lastProcessingResult} = source
  return {
    uuid,
    qualifier,
    sourceArn,
    state,
    lastProcessingResult,
    queue: queue && {
      ...told(
        queue.state,
        now => ({exists: now !== null, visible: now?.visible ?? null, inFlight: now?.inFlight ?? null}),
        {exists: null, visible: null, inFlight: null},
      ),
      sent: orNull(queue.sent),
      oldestAgeSeconds: orNull(queue.oldestAgeSeconds),
    },
  }
}

function wasteObject({functionName, functionArn, kind, what, account, region, ...told}: Waste) {
  return {kind, what, account, region, function: functionName, functionArn, ...told}
}
