import type {
  ErrorRootCause,
  FaultRootCause,
  ResponseTimeRootCause,
  RootCauseException,
  ServiceId,
  TraceSummary,
  ValueWithServiceIds,
} from '@aws-sdk/client-xray'
import {withoutSecrets} from './redact.ts'
import {servedBy} from './served-by.ts'
import {serviceName} from './service-name.ts'
import {outcomeOf, type ToldCause, type TraceOutcome, toldCause} from './trace-outcome.ts'

/** A node that a trace went through, by X-Ray's name and type of it. */
type TraceService = ServiceNames & {readonly type: string | null; readonly account: string | null}

type ServiceNames = {
  readonly name: string
  /** as people say it */
  readonly readableName: string
}

/** Where a failure began, or where the time went, as X-Ray works it out: the end of a chain of services. */
export type TraceCause = {
  readonly kind: 'fault' | 'error' | 'slow'
  readonly service: string
  readonly type: string | null
  /** the part of the service: a subsegment, a call downstream; null where it is the service as a whole */
  readonly entity: string | null
  readonly exception: TraceException | null
  /** what the one that called the service threw in its turn; null where it threw nothing */
  readonly thrown: TraceException | null
  /** from the entry to the service */
  readonly chain: readonly string[]
}

export type TraceException = {readonly name: string; readonly message: string}

/** A trace as it is listed: what GetTraceSummaries tells of it. Strings are AWS's and untrusted; secrets in URLs are gone. */
export type ListedTrace = {
  /** X-Ray form, `1-8-24` */
  readonly id: string
  /** epoch ms; null where neither the summary nor the id tells */
  readonly start: number | null
  /** from the first start to the last end of all its segments; null where it is not known */
  readonly durationMs: number | null
  /** what the caller waited for: of the root segment; null while that is not complete */
  readonly responseTimeMs: number | null
  /** of the root segment */
  readonly fault: boolean
  readonly error: boolean
  /** of any segment */
  readonly throttle: boolean
  /** of what it came in by, and of all in it where that went well */
  readonly outcome: TraceOutcome
  readonly method: string | null
  readonly url: string | null
  readonly status: number | null
  /** the service it came in by */
  readonly entry: string | null
  /** the function that served it, where it is known; else what it came in by */
  readonly server: ServiceNames | null
  /** segments of it are missing or in progress */
  readonly partial: boolean
  readonly services: readonly TraceService[]
  readonly causes: readonly TraceCause[]
  /** of the causes the one that made it fail; of one that did not, what was handled in it, else where its time went; null where X-Ray does not say */
  readonly cause: ToldCause | null
  readonly annotations: Readonly<Record<string, readonly (string | number | boolean)[]>>
  readonly users: readonly string[]
  /** of the service it came in by */
  readonly account: string | null
  readonly region: string
  /** how often X-Ray has seen it change */
  readonly revision: number
}

/** A summary as it came; null without an id, which nothing could be done with. */
export function listedTrace(summary: TraceSummary, region: string): ListedTrace | null {
  const {Id: id, Http: http = {}, EntryPoint: entry} = summary
  if (typeof id !== 'string' || id === '') return null
  const services = (summary.ServiceIds ?? []).map(serviceOf)
  const told = {
    fault: summary.HasFault === true,
    error: summary.HasError === true,
    throttle: summary.HasThrottle === true,
    entry: nameOf(entry) || null,
    causes: [
      ...(summary.FaultRootCauses ?? []).map(cause => causeOf('fault', cause)),
      ...(summary.ErrorRootCauses ?? []).map(cause => causeOf('error', cause)),
      ...(summary.ResponseTimeRootCauses ?? []).map(slowCause),
    ].filter(cause => cause !== null),
  }
  const server = servedBy({...told, services})
  return {
    id,
    start: timeOf(summary.StartTime) ?? timeInId(id) ?? timeOf(summary.MatchedEventTime),
    durationMs: milliseconds(summary.Duration),
    responseTimeMs: milliseconds(summary.ResponseTime),
    fault: told.fault,
    error: told.error,
    throttle: told.throttle,
    outcome: outcomeOf(told),
    method: http.HttpMethod || null,
    url: http.HttpURL ? withoutSecrets(http.HttpURL, 'secrets') : null,
    status: finite(http.HttpStatus),
    entry: told.entry,
    server: server === null ? null : namesOf(server),
    partial: summary.IsPartial === true,
    services,
    causes: told.causes,
    cause: toldCause(told),
    annotations: annotationsOf(summary.Annotations ?? {}),
    users: [...new Set((summary.Users ?? []).map(({UserName}) => UserName ?? '').filter(Boolean))],
    account: entry?.AccountId ?? services.find(({account}) => account !== null)?.account ?? null,
    region,
    revision: summary.Revision ?? 0,
  }
}

const finite = (value: number | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

function milliseconds(seconds: number | undefined): number | null {
  const value = finite(seconds)
  // microseconds are all that X-Ray keeps
  return value === null ? null : Math.max(0, Math.round(value * 1_000_000) / 1_000)
}

function timeOf(date: Date | undefined): number | null {
  const time = date?.getTime()
  return time === undefined || Number.isNaN(time) ? null : time
}

/** The start that an id names, in whole seconds; ids that others than X-Ray made name none, and look like any time. */
function timeInId(id: string): number | null {
  const [, seconds] = /^1-([0-9a-f]{8})-/i.exec(id) ?? []
  return seconds === undefined ? null : Number.parseInt(seconds, 16) * 1_000
}

/** What is called downstream may be named by its URL. */
const nameOf = (service: ServiceId | undefined): string =>
  withoutSecrets(service?.Name ?? service?.Names?.[0] ?? '', 'secrets')

const namesOf = (name: string): ServiceNames => ({name, readableName: serviceName({name})})

const serviceOf = (service: ServiceId): TraceService => ({
  ...namesOf(nameOf(service)),
  type: service.Type ?? null,
  account: service.AccountId ?? null,
})

type Failure = FaultRootCause | ErrorRootCause

function causeOf(kind: 'fault' | 'error', {Services: services = []}: Failure): TraceCause | null {
  const last = services.at(-1)
  if (!last) return null
  const path = last.EntityPath ?? []
  const deepest = path.findLast(({Exceptions}) => (Exceptions ?? []).length > 0) ?? path.at(-1)
  const caller = services.findLast(service => nameOf(service) !== nameOf(last))
  // the first is the service as a whole, the last its call
  const outermost = (caller?.EntityPath ?? []).find(({Exceptions}) => (Exceptions ?? []).length > 0)
  return {
    kind,
    service: nameOf(last),
    type: last.Type ?? null,
    entity: entityOf(deepest?.Name, last),
    exception: exceptionOf(deepest?.Exceptions?.[0]),
    thrown: exceptionOf(outermost?.Exceptions?.[0]),
    chain: services.map(nameOf),
  }
}

/** A function's own code is no part of it, but what it is. */
const entityOf = (name: string | undefined, service: ServiceId): string | null =>
  !name || name === nameOf(service) || (name === 'Invocation' && service.Type?.startsWith('AWS::Lambda')) ? null : name

function exceptionOf(told: RootCauseException | undefined): TraceException | null {
  const {Name = '', Message = ''} = told ?? {}
  return Name || Message ? {name: Name, message: withoutSecrets(Message, 'secrets')} : null
}

function slowCause({Services: services = []}: ResponseTimeRootCause): TraceCause | null {
  const last = services.at(-1)
  if (!last) return null
  return {
    kind: 'slow',
    service: nameOf(last),
    type: last.Type ?? null,
    entity: entityOf(last.EntityPath?.at(-1)?.Name, last),
    exception: null,
    thrown: null,
    chain: services.map(nameOf),
  }
}

function annotationsOf(given: Readonly<Record<string, ValueWithServiceIds[]>>): ListedTrace['annotations'] {
  return Object.fromEntries(
    Object.entries(given).map(([key, values]) => [
      key,
      values.flatMap(({AnnotationValue: value}) => {
        const {StringValue, NumberValue, BooleanValue} = (value ?? {}) as {
          StringValue?: string
          NumberValue?: number
          BooleanValue?: boolean
        }
        return StringValue ?? NumberValue ?? BooleanValue ?? []
      }),
    ]),
  )
}
