// The lines Lambda itself writes around an invocation, as text and as JSON.
import type {CompanyFunction} from './company.ts'
import {hex, mix, textKey} from './random.ts'
import type {Invocation} from './world.ts'

const iso = (at: number) => new Date(at).toISOString()
const twoDecimals = (ms: number) => ms.toFixed(2)

/** `nodejs22.x` → `nodejs:22.v31`, with its ARN; null for images, which bring their own. */
function runtimeVersion(
  definition: CompanyFunction,
  region: string,
): {readonly version: string; readonly arn: string} | null {
  if (definition.packageType === 'Image') return null
  const key = textKey(definition.runtime + definition.architecture)
  const name = definition.runtime
    .replace(/^([a-z]+)([\d.]+?)(\.x)?$/, '$1:$2')
    .replace('provided.al2023', 'provided:al2023')
  return {
    version: `${name}.v${18 + ((mix(key, 1) >>> 0) % 60)}`,
    arn: `arn:aws:lambda:${region}::runtime:${hex(8, mix(key, 2), mix(key, 3))}`,
  }
}

export type Boundary = {
  readonly invocation: Invocation
  readonly definition: CompanyFunction
  readonly segmentId: string
  /** for JSON: the error type in platform.report, and where text shows it too */
  readonly errorType: string | null
}

const statusOf = ({outcome}: Invocation) => (outcome === 'ok' ? 'success' : outcome === 'timeout' ? 'timeout' : 'error')

/**
 * How an environment was made, as Lambda says it of each: what a function with provisioned concurrency needs beyond it is
 * made on demand.
 */
function initType(definition: CompanyFunction, isPrepared: boolean): string {
  if (definition.snapStart) return 'snap-start'
  return isPrepared && definition.provisionedConcurrency ? 'provisioned-concurrency' : 'on-demand'
}

/** One init of an environment, with the moment of a line about it, epoch ms. */
type InitMoment = {readonly at: number /** nobody waited for it */; readonly isPrepared: boolean}

/**
 * The first line of an environment: INIT_START, RESTORE_START or platform.initStart; null for an image in text, whose
 * runtime Lambda does not know.
 */
export function initStartLine(
  definition: CompanyFunction,
  version: string,
  region: string,
  {at, isPrepared}: InitMoment,
): string | null {
  const runtime = runtimeVersion(definition, region)
  if (definition.logFormat === 'JSON') {
    const type = definition.snapStart ? 'platform.restoreStart' : 'platform.initStart'
    const record = {
      initializationType: initType(definition, isPrepared),
      phase: 'init',
      ...(runtime && {runtimeVersion: runtime.version, runtimeVersionArn: runtime.arn}),
      functionName: definition.name,
      functionVersion: version,
    }
    return `${JSON.stringify({time: iso(at), type, record})}\n`
  }
  if (!runtime) return null
  const word = definition.snapStart ? 'RESTORE_START' : 'INIT_START'
  return `${word} Runtime Version: ${runtime.version}\tRuntime Version ARN: ${runtime.arn}\n`
}

/** The end of an init that went well; text functions write one only for a restore. */
export function initEndLines(
  definition: CompanyFunction,
  initMs: number,
  {at, isPrepared}: InitMoment,
): readonly string[] {
  if (definition.logFormat === 'JSON') {
    const init = {initializationType: initType(definition, isPrepared), phase: 'init', status: 'success'}
    const [done, report] = definition.snapStart
      ? ['platform.restoreRuntimeDone', 'platform.restoreReport']
      : ['platform.initRuntimeDone', 'platform.initReport']
    return [
      `${JSON.stringify({time: iso(at), type: done, record: init})}\n`,
      `${JSON.stringify({time: iso(at), type: report, record: {...init, metrics: {durationMs: initMs}}})}\n`,
    ]
  }
  return definition.snapStart ? [`RESTORE_REPORT Restore Duration: ${twoDecimals(initMs)} ms\n`] : []
}

/** An init that failed or ran into its ten seconds. */
export function failedInitLine(
  definition: CompanyFunction,
  initMs: number,
  phase: 'init' | 'invoke',
  errorType: string | null,
  at: number,
): string {
  const status = errorType ? 'error' : 'timeout'
  if (definition.logFormat === 'JSON') {
    const record = {
      initializationType: initType(definition, false),
      phase,
      status,
      ...(errorType && {errorType}),
      metrics: {durationMs: initMs},
    }
    return `${JSON.stringify({time: iso(at), type: 'platform.initReport', record})}\n`
  }
  return `INIT_REPORT Init Duration: ${twoDecimals(initMs)} ms\tPhase: ${phase}\tStatus: ${status}${errorType ? `\tError Type: ${errorType}` : ''}\n`
}

export function startLine({invocation, definition, segmentId}: Boundary): string {
  const {requestId, version, at} = invocation
  if (definition.logFormat !== 'JSON') return `START RequestId: ${requestId} Version: ${version}\n`
  const record = {requestId, version, ...tracing(invocation, definition, segmentId)}
  return `${JSON.stringify({time: iso(at), type: 'platform.start', record})}\n`
}

function tracing({traceId, sampled}: Invocation, definition: CompanyFunction, segmentId: string) {
  if (definition.tracing !== 'Active') return {}
  return {
    tracing: {
      spanId: segmentId,
      type: 'X-Amzn-Trace-Id',
      value: `Root=${traceId};Parent=${segmentId};Sampled=${sampled ? 1 : 0}`,
    },
  }
}

/** What comes after the handler: END and REPORT, or platform.runtimeDone and platform.report. */
export function endLines(boundary: Boundary, at: number): readonly string[] {
  return boundary.definition.logFormat === 'JSON'
    ? jsonEnd(boundary, at)
    : [`END RequestId: ${boundary.invocation.requestId}\n`, reportLine(boundary)]
}

/** A text REPORT shows a status only where the runtime or its environment ended, not when a handler throws. */
function reportLine({invocation, definition, segmentId, errorType}: Boundary): string {
  const fields = [
    `REPORT RequestId: ${invocation.requestId}`,
    `Duration: ${twoDecimals(invocation.durationMs)} ms`,
    `Billed Duration: ${invocation.billedDurationMs} ms`,
    `Memory Size: ${invocation.memorySizeMB} MB`,
    `Max Memory Used: ${invocation.maxMemoryUsedMB} MB`,
  ]
  if (invocation.initDurationMs !== null) fields.push(`Init Duration: ${twoDecimals(invocation.initDurationMs)} ms`)
  if (invocation.restoreDurationMs !== null) {
    fields.push(
      `Restore Duration: ${twoDecimals(invocation.restoreDurationMs)} ms`,
      `Billed Restore Duration: ${billedRestoreMs(invocation.restoreDurationMs)} ms`,
    )
  }
  const status = statusOf(invocation)
  if (status === 'timeout') fields.push('Status: timeout')
  else if (status === 'error' && errorType?.startsWith('Runtime.'))
    fields.push('Status: error', `Error Type: ${errorType}`)
  const trace =
    definition.tracing === 'Active'
      ? `XRAY TraceId: ${invocation.traceId}\tSegmentId: ${segmentId}\tSampled: ${invocation.sampled}\t\n`
      : ''
  return `${fields.join('\t')}\t\n${trace}`
}

function jsonEnd({invocation, definition, segmentId, errorType}: Boundary, at: number): readonly string[] {
  const {requestId, durationMs} = invocation
  const status = statusOf(invocation)
  const failure = status === 'error' && errorType ? {errorType} : {}
  const runtimeMs = Math.max(0.1, Math.round((durationMs - 0.46) * 1000) / 1000)
  const done = {
    requestId,
    status,
    ...failure,
    ...(status === 'success' && {
      spans: [
        {name: 'responseLatency', start: iso(at), durationMs: Math.round(400 + ((durationMs * 370) % 2000)) / 1000},
        {name: 'responseDuration', start: iso(at), durationMs: Math.round(30 + ((durationMs * 37) % 60)) / 1000},
      ],
    }),
    ...tracing(invocation, definition, segmentId),
    metrics: {
      durationMs: runtimeMs,
      ...(status === 'success' && {producedBytes: 64 + (Math.floor(durationMs * 100) % 900)}),
    },
  }
  const metrics = {
    durationMs,
    billedDurationMs: invocation.billedDurationMs,
    memorySizeMB: invocation.memorySizeMB,
    maxMemoryUsedMB: invocation.maxMemoryUsedMB,
    ...(invocation.initDurationMs !== null && {initDurationMs: invocation.initDurationMs}),
    ...(invocation.restoreDurationMs !== null && {
      restoreDurationMs: invocation.restoreDurationMs,
      billedRestoreDurationMs: billedRestoreMs(invocation.restoreDurationMs),
    }),
  }
  const report = {requestId, metrics, ...tracing(invocation, definition, segmentId), status, ...failure}
  return [
    `${JSON.stringify({time: iso(at), type: 'platform.runtimeDone', record: done})}\n`,
    `${JSON.stringify({time: iso(at), type: 'platform.report', record: report})}\n`,
  ]
}

/** Only the part of a restore that runs the function's own hooks is billed: Billed Duration has it too. */
export function billedRestoreMs(restoreMs: number): number {
  return Math.ceil(restoreMs * 0.456)
}

/** The line of a run that Lambda stopped; with JSON logs only platform.report tells. */
export function stoppedLine(
  {requestId, outcome, durationMs}: Invocation,
  {logFormat}: CompanyFunction,
  at: number,
): string | null {
  if (logFormat === 'JSON') return null
  if (outcome === 'timeout')
    return `${iso(at)} ${requestId} Task timed out after ${(durationMs / 1000).toFixed(2)} seconds\n\n`
  if (outcome === 'oom')
    return `RequestId: ${requestId} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`
  return null
}
