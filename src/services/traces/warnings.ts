import type {Draft} from './draft.ts'
import type {FetchedTrace} from './span.ts'
import type {TraceWarning} from './trace.ts'

/** How far a child may reach beyond its parent before anything is said of it: what several services write is seldom more exact. */
const slackMs = 5
const listedProblems = 3

/** What was met while a trace was joined. */
type Met = {
  readonly orphans: number
  readonly cycles: number
  readonly repeated: number
  readonly missingExceptions: number
}

export function warningsOf(drafts: readonly Draft[], fetched: FetchedTrace, met: Met): readonly TraceWarning[] {
  const cutOff = drafts.filter(({isCutOff}) => isCutOff).length
  const inProgress = drafts.filter(({span}) => span.end === null).length - cutOff
  const backwards = drafts.filter(({span}) => span.end !== null && span.end < span.start).length
  const outside = drafts.filter(isOutsideParent).length
  const unreadable = fetched.problems.length
  const all: readonly TraceWarning[] = [
    {
      code: 'limit-exceeded',
      count: fetched.isLimitExceeded ? 1 : 0,
      message: 'trace truncated by X-Ray: it is larger than X-Ray keeps',
    },
    {
      code: 'orphan',
      count: met.orphans,
      message: `${spans(met.orphans)} below a parent that is not in the trace`,
    },
    {code: 'cycle', count: met.cycles, message: `${counted(met.cycles, 'circle')} of spans that are below each other`},
    {code: 'in-progress', count: inProgress, message: `${spans(inProgress)} still in progress, or the end never came`},
    {code: 'cut-off', count: cutOff, message: `${spans(cutOff)} cut off: what it ran in ended before it did`},
    {
      code: 'duplicate',
      count: met.repeated,
      message: `${spans(met.repeated)} sent more than once: the last complete one counts`,
    },
    {
      code: 'outside-parent',
      count: outside,
      message: `${spans(outside)} outside the time of the parent: clocks differ, or nobody waited`,
    },
    {code: 'ends-before-start', count: backwards, message: `${spans(backwards)} with an end before the start`},
    {
      code: 'missing-exception',
      count: met.missingExceptions,
      message: `${counted(met.missingExceptions, 'exception')} that no span of the trace has`,
    },
    {
      code: 'unreadable',
      count: unreadable,
      message: `not all could be read: ${listed(fetched.problems)}`,
    },
  ]
  return all.filter(({count}) => count > 0)
}

/** Init and restore are always outside; what another service does for a call may well outlast the call. */
function isOutsideParent({span, end, parent, role}: Draft): boolean {
  if (!parent || role === 'init' || role === 'restore') return false
  if (span.start < parent.span.start - slackMs) return true
  // of Lambda's two segments the outer one is to end last
  const isHandedOver = span.kind !== 'subsegment' && parent.role !== 'service'
  return !isHandedOver && span.end !== null && span.start <= parent.end && end > parent.end + slackMs
}

/** `a segment without a name (3 times)`: the first kinds that were met. */
function listed(problems: readonly string[]): string {
  const times = new Map<string, number>()
  for (const problem of problems) times.set(problem, (times.get(problem) ?? 0) + 1)
  const words = Array.from(times, ([problem, count]) => (count === 1 ? problem : `${problem} (${count} times)`))
  return `${words.slice(0, listedProblems).join('; ')}${words.length > listedProblems ? '; …' : ''}`
}

function spans(count: number): string {
  return counted(count, 'span')
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
