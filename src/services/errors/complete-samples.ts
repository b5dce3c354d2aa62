import {readClosedWindow} from '../logs/closed-window.ts'
import {readMeaning} from '../logs/message.ts'
import type {LogSource} from '../logs/source.ts'
import {createTally} from '../logs/tally.ts'
import type {ErrorCluster} from './cluster.ts'
import type {Sample} from './leaf.ts'

// most invocations are over within it; those that run longer keep what their line says
const aroundMs = 60_000
const boundaries = '?"START RequestId: " ?"REPORT RequestId: " ?"platform.start" ?"platform.report"'

/**
 * Finds the request and the trace of samples whose own line does not say them: by the START and REPORT around it in its log
 * stream, one look-up each. What cannot be read stays null; nothing is thrown but the reason of an abort.
 */
export async function completeSamples(
  clusters: readonly ErrorCluster[],
  sources: readonly LogSource[],
  most: number,
  signal: AbortSignal,
): Promise<readonly ErrorCluster[]> {
  let lookUps = 0
  return Promise.all(
    clusters.map(async cluster => {
      const {sample} = cluster
      if ((sample.requestId !== null && sample.traceId !== null) || sample.functionArn === null) return cluster
      const source = sources.find(
        ({logGroup, scope}) =>
          logGroup === sample.logGroup && scope.region === sample.region && scope.account === sample.account,
      )
      if (!source || lookUps >= most) return cluster
      lookUps++
      return {...cluster, sample: {...sample, ...(await idsOf(sample, source, signal))}}
    }),
  )
}

type Ids = Pick<Sample, 'requestId' | 'traceId'>

async function idsOf(sample: Sample, source: LogSource, signal: AbortSignal): Promise<Ids> {
  const {timestamp, logStream, requestId} = sample
  const window = {
    start: timestamp - aroundMs,
    end: timestamp + aroundMs,
    filterPattern: requestId === null ? boundaries : JSON.stringify(requestId),
    logStreamNames: [logStream],
  }
  try {
    const pages = await Array.fromAsync(readClosedWindow([source], window, createTally(1), signal))
    const lines = pages.flat().map(({timestamp, message}) => ({timestamp, ...readMeaning(message)}))
    const serving =
      requestId ?? lines.findLast(({kind, timestamp: at}) => kind === 'start' && at <= timestamp)?.requestId ?? null
    const trace = lines.find(line => line.requestId === serving && line.traceId !== null)?.traceId
    return {requestId: serving, traceId: sample.traceId ?? trace ?? null}
  } catch {
    signal.throwIfAborted()
    return {requestId, traceId: sample.traceId}
  }
}
