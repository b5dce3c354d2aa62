import {serviceName} from './service-name.ts'
import type {ListedTrace, TraceCause, TraceException} from './trace-summary.ts'

/** `handled` is what failed on the way, and did not make the request fail. */
export type FailedOutcome = 'fault' | 'throttle' | 'error' | 'handled'
export type TraceOutcome = FailedOutcome | 'ok'

/** The worst first. */
export const failedOutcomes: readonly FailedOutcome[] = ['fault', 'throttle', 'error', 'handled']

/** The cause that counts of those of a trace, as it is told. */
export type ToldCause = {
  readonly kind: TraceCause['kind']
  readonly service: string
  /** where it began: `orders-stream`, and what called it where that says more: `checkout-api → payments.example` */
  readonly place: string
  /** what it was: as its caller threw it, which is what its log tells of, else as it was first; null where nothing was thrown */
  readonly exception: TraceException | null
}

type Told = Pick<ListedTrace, 'fault' | 'error' | 'throttle' | 'causes' | 'entry'>

/** What became of a trace: of what it came in by, and of all in it where that went well. */
export function outcomeOf({fault, throttle, error, causes}: Omit<Told, 'entry'>): TraceOutcome {
  if (fault) return 'fault'
  if (throttle) return 'throttle'
  if (error) return 'error'
  return causes.some(isFailure) ? 'handled' : 'ok'
}

/**
 * What became of a trace in one of the services that it went through: it failed in those that X-Ray's causes lead through, and
 * went well in the others, whatever happened there before or after.
 */
export function outcomeIn(trace: Told, service: string): TraceOutcome {
  const {entry, fault, error, throttle} = trace
  if (service === entry && (fault || error)) return fault ? 'fault' : throttle ? 'throttle' : 'error'
  const outcomes = new Set(trace.causes.filter(isFailure).flatMap(cause => inChain(cause, trace, service)))
  return failedOutcomes.find(outcome => outcomes.has(outcome)) ?? 'ok'
}

function inChain({kind, chain, service: end}: TraceCause, trace: Told, service: string): readonly FailedOutcome[] {
  if (!chain.includes(service)) return []
  // a chain that does not begin where the trace does, or not as what the trace came to, begins where a failure was handled
  const isWhole = chain[0] === trace.entry && (kind === 'fault' ? trace.fault : trace.error)
  const isHandled = chain[0] === service && end !== service && !isWhole
  return [isHandled ? 'handled' : kind === 'fault' ? 'fault' : 'error']
}

const isFailure = ({kind}: TraceCause): boolean => kind !== 'slow'

/**
 * The cause that made a trace fail; of one that did not, what was handled in it, else where its time went. Null where X-Ray does not say.
 *
 * Several are what was tried again, or failed beside: the one that its caller threw in its turn counts, else the last.
 */
export function mainCause({fault, error, entry, causes}: Told): TraceCause | null {
  const failures = causes.filter(isFailure)
  if (failures.length === 0) return causes[0] ?? null
  const own = failures.filter(({kind}) => kind === (fault ? 'fault' : error ? 'error' : kind))
  const kind = (own.length > 0 ? own : failures)[0]?.kind
  const alike = failures.filter(cause => cause.kind === kind)
  const whole = alike.filter(({chain}) => chain[0] === entry)
  // the entry is a cause of what it answers, and says nothing of why
  const deep = whole.filter(({service, exception}) => service !== entry || exception !== null)
  const telling = deep.length > 0 ? deep : alike.filter(({exception, thrown}) => (thrown ?? exception) !== null)
  const candidates = telling.length > 0 ? telling : whole.length > 0 ? whole : alike
  return candidates.findLast(isPassedOn) ?? candidates.at(-1) ?? null
}

const isPassedOn = ({exception, thrown}: TraceCause): boolean =>
  thrown !== null && thrown.message !== '' && thrown.message === exception?.message

/** {@link mainCause}, as it is told. */
export function toldCause(trace: Told): ToldCause | null {
  const cause = mainCause(trace)
  if (cause === null) return null
  const {kind, service, thrown, exception} = cause
  return {kind, service, place: causePlace(cause), exception: thrown ?? exception}
}

function causePlace({service, type, entity, chain}: TraceCause): string {
  const isFunction = type?.startsWith('AWS::Lambda') === true
  const caller = isFunction ? undefined : chain.findLast(name => name !== service)
  // `DynamoDB` of a table says what the table is
  const part = entity === null || type?.split('::')[1] === entity ? null : entity
  const names = [caller, service].flatMap(name => (name ? serviceName({name}) : []))
  return [names.join(' → '), part].filter(Boolean).join(' · ')
}
