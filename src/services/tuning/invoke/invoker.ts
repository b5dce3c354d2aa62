import type {InvokeCommandOutput} from '@aws-sdk/client-lambda'
import type {Aws} from '../../aws/connect.ts'
import type {Stage} from '../arena/arena.ts'
import {checkPayloadSize} from '../payloads/payload-size.ts'
import type {Payload} from '../payloads/payloads.ts'
import type {Sample} from '../sample.ts'
import type {TunePlan} from '../tune-plan.ts'
import {breaksEnvironment, countEnvironments} from './environments.ts'
import {invokedOutcome} from './invoked-outcome.ts'
import {createReportLookup} from './look-up-report.ts'
import {looksLikeError} from './looks-like-error.ts'
import {type Sent, sendInvoke} from './send-invoke.ts'
import {type FoundReport, findReport, tailText} from './tail-report.ts'

/** What an invocation came to. */
export type Invoked =
  | {readonly kind: 'sample'; readonly sample: Omit<Sample, 'index'>; readonly answer: InvokedAnswer}
  /** the answer was lost, or another version answered: it may have run, and is not made again */
  | {readonly kind: 'unknown'; readonly why: string; readonly isForeignVersion: boolean}

/** What the function answered: untrusted, and never shown but for a short, printable excerpt. */
export type InvokedAnswer = {
  /** the first kilobytes of the payload */
  readonly excerpt: string
  /** what makes it look like an error of an API, in a few words, as `statusCode 500`; null where nothing does */
  readonly looksLikeError: string | null
}

export type Invoker = {
  /**
   * Makes one invocation. Waits and asks again only where Lambda says that it was throttled, which ran nothing.
   * @param onWait is told that it waits, how long, and why
   * @throws UserError where Lambda refuses (permission, payload too large, a function in a state that cannot be invoked), and
   *   where it throttles for three minutes; the signal's reason where nothing was sent yet
   */
  invoke(
    stage: Stage,
    payload: {readonly payload: Payload; readonly place: number},
    signal: AbortSignal,
    onWait: (ms: number, why: string) => void,
  ): Promise<Invoked>
}

const excerptBytes = 4 * 1024

/**
 * Makes what invokes the stages of a run. Nothing is invoked twice for one sample but after Lambda said that nothing ran.
 * @param random uniform in [0, 1), for jitter
 */
export function createInvoker(aws: Aws, plan: TunePlan, random: () => number): Invoker {
  const {source, tenantId} = plan
  const lookup = createReportLookup(aws)
  const environments = countEnvironments()

  const reportOf = async (
    {output, at}: Sent,
    stage: Stage,
    requestId: string | null,
    signal: AbortSignal,
  ): Promise<{readonly found: FoundReport | null; readonly measuredBy: Sample['measuredBy']}> => {
    const tail = tailText(output.LogResult ?? '')
    // servers that are like AWS may name a request otherwise than what it invoked; the tail is this invocation's all the same
    const inTail = findReport(tail, requestId) ?? (aws.scope.endpoint === 'aws' ? null : findReport(tail, null))
    if (inTail) return {found: inTail, measuredBy: 'tail'}
    const group = logGroupOf(plan, stage)
    if (group === null || requestId === null) return {found: null, measuredBy: 'clock'}
    const inLog = await lookup.find(group, requestId, at, signal)
    return {found: inLog, measuredBy: inLog ? 'log' : 'clock'}
  }

  return {
    async invoke(stage, {payload, place}, signal, onWait) {
      checkPayloadSize(payload.text, `payload ${place + 1}`)
      const isFirst = environments.enter(stage)
      let isBroken = false
      try {
        const request = {stage, payload: payload.text, tenantId, timeoutSeconds: source.timeoutSeconds, random, onWait}
        const sent = await sendInvoke(aws, request, signal)
        if ('lost' in sent) return {kind: 'unknown', why: sent.lost, isForeignVersion: false}
        const {output} = sent
        if (output.ExecutedVersion !== stage.version)
          return {
            kind: 'unknown',
            why: `version ${output.ExecutedVersion ?? 'nobody knows which'} answered, not ${stage.version}`,
            isForeignVersion: true,
          }
        const body = Buffer.from(output.Payload ?? [])
        const requestId = requestIdIn(output)
        const {found, measuredBy} = await reportOf(sent, stage, requestId, signal)
        const answer = body.toString('utf8')
        const {outcome, errorType} = invokedOutcome(output.FunctionError ?? null, answer, found)
        isBroken = breaksEnvironment(outcome, errorType)
        const sample = {
          memorySizeMB: stage.memorySizeMB,
          architecture: stage.architecture,
          at: sent.at,
          requestId: found?.requestId ?? requestId ?? '',
          payload: place,
          outcome,
          errorType,
          ...measured(found, sent.tookMs, isFirst),
          measuredBy,
        }
        const excerpt = body.subarray(0, excerptBytes).toString('utf8')
        return {
          kind: 'sample',
          sample,
          answer: {excerpt, looksLikeError: outcome === 'ok' ? looksLikeError(answer) : null},
        }
      } finally {
        environments.leave(stage, isBroken)
      }
    },
  }
}

/** Of a restored snapshot too, `Billed Duration` is all that is billed: it contains the restore. */
function measured(
  found: FoundReport | null,
  tookMs: number,
  isFirst: boolean,
): Pick<Sample, 'durationMs' | 'billedMs' | 'initMs' | 'restoreMs' | 'maxMemoryUsedMB' | 'isCold'> {
  if (!found)
    return {
      durationMs: tookMs,
      billedMs: Math.max(1, Math.ceil(tookMs)),
      initMs: null,
      restoreMs: null,
      maxMemoryUsedMB: null,
      isCold: isFirst,
    }
  const {durationMs, billedDurationMs, initDurationMs, restoreDurationMs, maxMemoryUsedMB} = found.report
  return {
    // Lambda Managed Instances and other servers may leave it out
    durationMs: durationMs > 0 ? durationMs : billedDurationMs,
    billedMs: billedDurationMs,
    initMs: initDurationMs ?? null,
    restoreMs: restoreDurationMs ?? null,
    maxMemoryUsedMB: maxMemoryUsedMB > 0 ? maxMemoryUsedMB : null,
    isCold: isFirst || initDurationMs !== undefined || restoreDurationMs !== undefined,
  }
}

/** Of a synchronous invocation, the request's id is the invocation's. */
const requestIdIn = ({$metadata}: InvokeCommandOutput): string | null => $metadata?.requestId || null

/** Where a stage's reports are; null where it writes none. A clone has a log group of its own, and writes reports. */
function logGroupOf({source}: TunePlan, {functionName}: Stage): string | null {
  if (functionName !== source.name) return `/aws/lambda/${functionName}`
  const {LogGroup, LogFormat, SystemLogLevel} = source.configuration.LoggingConfig ?? {}
  return LogFormat === 'JSON' && SystemLogLevel === 'WARN' ? null : LogGroup || `/aws/lambda/${functionName}`
}
