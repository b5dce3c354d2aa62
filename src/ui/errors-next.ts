import type {ErrorCluster} from '../services/errors/cluster.ts'
import type {ErrorsReport} from '../services/errors/errors-report.ts'
import {placeFlags, shellWord, wholeSecond} from './next-command.ts'

const aroundMs = 15 * 60_000

/**
 * The command that shows where the request of the first error's sample went; its log where no trace is known. Null where there is
 * no error. Nothing in it can be more than a word.
 */
export function nextCommand({clusters, coverage: {scopes}}: ErrorsReport): string | null {
  const [first] = clusters
  if (!first) return null
  const {sample} = first
  const shown = isTraceId(sample.traceId) ? [`slsops trace ${sample.traceId}`] : logOf(first)
  return [...shown, ...placeFlags(sample, scopes)].join(' ')
}

const isTraceId = (id: string | null): boolean => id !== null && /^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(id)

function logOf(cluster: ErrorCluster): readonly string[] {
  const {sample} = cluster
  return [
    'slsops logs',
    target(sample),
    ...(sample.requestId !== null && /^\w[\w-]{7,63}$/.test(sample.requestId)
      ? [`--request-id ${sample.requestId}`]
      : [`--level ${(sample.level ?? 'ERROR').toLowerCase()}`]),
    `--since ${nextSecond(sample.timestamp - aroundMs)}`,
    `--until ${nextSecond(Math.min(sample.timestamp + aroundMs, end(cluster, sample.timestamp)))}`,
  ]
}

/** A time that is still to come is none that can be asked for. */
function end({lastSeen}: ErrorCluster, at: number): number {
  return Math.max(lastSeen, at)
}

const nextSecond = (ms: number): string => wholeSecond(Math.ceil(ms / 1_000) * 1_000)

/** A log group without a / would be taken for a function, and a name may begin as a flag does. */
function target({function: name, logGroup}: ErrorCluster['sample']): string {
  if (name === null && !logGroup.includes('/')) return `--log-group=${shellWord(logGroup)}`
  return shellWord((name ?? logGroup).replace(/^-/, '?'))
}
