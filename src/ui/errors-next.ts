import type {ErrorCluster} from '../services/errors/cluster.ts'
import type {ErrorsReport} from '../services/errors/errors-report.ts'

const aroundMs = 15 * 60_000

/** The command that shows the first error's sample with all its log; null where there is none. Nothing in it can be more than a word. */
export function nextCommand({clusters, coverage: {scopes}}: ErrorsReport): string | null {
  const [first] = clusters
  if (!first) return null
  const {sample} = first
  const scope = scopes.find(({account, region}) => account === sample.account && region === sample.region)
  const words = [
    'slsops logs',
    target(sample),
    ...(sample.requestId !== null && /^\w[\w-]{7,63}$/.test(sample.requestId)
      ? [`--request-id ${sample.requestId}`]
      : [`--level ${(sample.level ?? 'ERROR').toLowerCase()}`]),
    `--since ${wholeSecond(sample.timestamp - aroundMs)}`,
    `--until ${wholeSecond(Math.min(sample.timestamp + aroundMs, end(first, sample.timestamp)))}`,
    // also of one: it may have been named by a flag, or by an environment that is not where this is pasted
    `--region ${word(sample.region)}`,
    ...(scope?.profile ? [`--profile ${word(scope.profile)}`] : []),
    ...(scope?.endpoint === 'sandbox' ? ['--sandbox'] : []),
  ]
  return words.join(' ')
}

/** A time that is still to come is none that can be asked for. */
function end({lastSeen}: ErrorCluster, at: number): number {
  return Math.max(lastSeen, at)
}

const wholeSecond = (ms: number): string => new Date(Math.ceil(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z')

/** A log group without a / would be taken for a function, and a name may begin as a flag does. */
function target({function: name, logGroup}: ErrorCluster['sample']): string {
  if (name === null && !logGroup.includes('/')) return `--log-group=${word(logGroup)}`
  return word((name ?? logGroup).replace(/^-/, '?'))
}

function word(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll(/[^\w./:@# ?-]/g, '?')}'`
}
