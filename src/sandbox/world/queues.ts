// The queues of a company: how deep they are follows from what is taken from them, and from what nobody could work on.
import type {CompanyFunction, CompanyMapping, CompanyStack} from './company.ts'
import {durationOf, type FindFunction, longestRunMs} from './durations.ts'
import {firstAttemptOf, type History, type Run, type Touch} from './history.ts'
import type {Account} from './log-events.ts'
import {draw, mix} from './random.ts'
import type {SandboxQueue} from './sandbox-resources.ts'

const dayMs = 86_400_000
const daySeconds = 86_400

/** A queue as it is set up. */
type Queue = {
  readonly name: string
  readonly visibilitySeconds: number
  readonly retentionSeconds: number
  readonly redrive: CompanyMapping['redrive']
  /** what takes messages from it; null for one that only keeps what failed */
  readonly mapping: CompanyMapping | null
}

/** The queues of a stack: those that its functions are started from, and those where messages and events go that failed. */
export function queuesIn(stack: CompanyStack): readonly Queue[] {
  const queues = new Map<string, Queue>()
  for (const mapping of stack.mappings ?? []) {
    if (!mapping.source.startsWith('sqs:')) continue
    const name = mapping.source.slice('sqs:'.length)
    const timeoutSeconds = stack.functions.find(each => each.name === mapping.functionName)?.timeoutSeconds ?? 5
    queues.set(name, {
      name,
      visibilitySeconds: mapping.visibilitySeconds ?? 6 * timeoutSeconds,
      retentionSeconds: 4 * daySeconds,
      redrive: mapping.redrive,
      mapping,
    })
  }
  const forFailed = [
    ...(stack.mappings ?? []).map(({redrive}) => redrive?.to),
    ...stack.functions.flatMap(definition => [...failureQueuesOf(definition)]),
  ]
  for (const name of forFailed) {
    if (name === undefined || queues.has(name)) continue
    const kept = {visibilitySeconds: 30, retentionSeconds: 14 * daySeconds}
    queues.set(name, {name, ...kept, redrive: undefined, mapping: null})
  }
  return [...queues.values()]
}

/** Where an event goes that a function failed to work on. */
function failureQueuesOf({deadLetterQueue, waitingEvents}: CompanyFunction): ReadonlySet<string> {
  return new Set([deadLetterQueue, waitingEvents?.onFailure].filter(name => name !== undefined))
}

export type Queues = {
  /** as they stand at a moment, by name */
  at(time: number): readonly SandboxQueue[]
}

export type QueuesOptions = {
  readonly stacks: readonly CompanyStack[]
  readonly history: History
  readonly touchesIn: (place: string) => readonly Touch[]
  readonly find: FindFunction
  readonly where: Account
  readonly firstUsedAt: number
}

type Depth = Pick<SandboxQueue, 'visible' | 'inFlight' | 'oldestSentAt'>

export function createQueues({stacks, history, touchesIn, find, where, firstUsedAt}: QueuesOptions): Queues {
  const queues = stacks
    .flatMap(stack => queuesIn(stack).map(queue => ({...queue, createdAt: Date.parse(stack.created) + 60_000})))
    .sort((x, y) => (x.name < y.name ? -1 : 1))
  const mappings = stacks.flatMap(stack => stack.mappings ?? [])

  const lost = new Map<string, Touch[]>()
  for (const {name} of stacks.flatMap(stack => stack.functions))
    for (const touch of touchesIn(name).filter(isGivenUp))
      for (const queue of queuesAfter(touch)) lost.set(queue, [...(lost.get(queue) ?? []), touch])

  /** Where a message or an event goes after its last attempt. */
  function queuesAfter(touch: Touch): Iterable<string> {
    const first = firstAttemptOf(touch)
    const definition = find(first.step.in)
    const mapping = mappings.find(
      ({functionName, source}) => functionName === first.step.in && source.startsWith('sqs:'),
    )
    if (mapping && (first.via === 'queue' || first.via === 'start')) return mapping.redrive ? [mapping.redrive.to] : []
    const isAsynchronous = first.via === 'event' || (first.via === 'start' && first.path.isAsynchronous)
    return isAsynchronous && definition ? failureQueuesOf(definition) : []
  }

  /** What waits a moment for its turn, and what is worked on. */
  function depthOfConsumed({functionName}: CompanyMapping, visibilitySeconds: number, time: number): Depth {
    const hiddenMs = visibilitySeconds * 1000
    let [visible, inFlight] = [0, 0]
    let oldestSentAt: number | null = null
    for (const run of history.runs(functionName, time - Math.max(hiddenMs, longestRunMs), time + longestWaitMs)) {
      const sentAt = run.at - waitOf(run)
      if (run.at > time && sentAt <= time) {
        visible++
        oldestSentAt = Math.min(oldestSentAt ?? sentAt, sentAt)
      }
      // one that failed stays hidden until its time is over
      const takenMs = (run.touch.step.outcome ?? 'ok') === 'ok' ? durationOf(run, find) : hiddenMs
      if (run.at <= time && time < run.at + takenMs) inFlight++
    }
    return {visible, inFlight, oldestSentAt}
  }

  function depthOfBacklog({messages, days}: NonNullable<CompanyMapping['backlog']>, retainedMs: number, time: number) {
    const since = firstUsedAt - days * dayMs
    const everyMs = (days * dayMs) / messages
    const sentBy = (moment: number) => Math.max(0, Math.floor((moment - since) / everyMs + 1e-6))
    const visible = sentBy(time) - sentBy(time - retainedMs)
    const oldestSentAt = visible > 0 ? Math.max(since, time - retainedMs) : null
    return {visible, inFlight: 0, oldestSentAt}
  }

  const oldest = new Map<string, {readonly from: number; readonly at: number}>()
  /** What failed for good in the days that a dead-letter queue keeps. */
  function depthOfFailed(name: string, retainedMs: number, time: number): Depth {
    const touches = lost.get(name) ?? []
    // a run is over by then
    const [from, to] = [time - retainedMs, time - longestRunMs]
    const countIn = (start: number, end: number) =>
      touches.reduce((count, touch) => count + history.countAt(touch, start, end), 0)
    const visible = countIn(from, to)
    if (visible === 0) return {visible, inFlight: 0, oldestSentAt: null}
    let known = oldest.get(name)
    if (!known || known.from > from || known.at < from) {
      let day = from
      while (countIn(day, day + dayMs) === 0) day += dayMs
      const runs = [...new Set(touches.map(({step}) => step.in))].flatMap(place =>
        history.runs(place, day, day + dayMs).filter(({touch}) => touches.includes(touch)),
      )
      known = {from, at: Math.min(...runs.map(({at}) => at))}
      oldest.set(name, known)
    }
    return {visible, inFlight: 0, oldestSentAt: known.at}
  }

  function depthOf({name, mapping, visibilitySeconds, retentionSeconds}: Queue, time: number): Depth {
    if (mapping?.backlog) return depthOfBacklog(mapping.backlog, retentionSeconds * 1000, time)
    if (mapping) return depthOfConsumed(mapping, visibilitySeconds, time)
    return depthOfFailed(name, retentionSeconds * 1000, time)
  }

  const arnOf = (name: string) => `arn:aws:sqs:${where.region}:${where.account}:${name}`
  return {
    at: time =>
      queues.map(queue => ({
        name: queue.name,
        arn: arnOf(queue.name),
        ...depthOf(queue, time),
        delayed: 0,
        visibilityTimeoutSeconds: queue.visibilitySeconds,
        retentionSeconds: queue.retentionSeconds,
        redrive: queue.redrive
          ? {deadLetterArn: arnOf(queue.redrive.to), maxReceiveCount: queue.redrive.maxReceiveCount}
          : null,
        createdAt: queue.createdAt,
      })),
  }
}

/** Failed, and nobody tries again. */
function isGivenUp({step, children}: Touch): boolean {
  return (step.outcome ?? 'ok') !== 'ok' && !children.some(({via}) => via === 'retry' || via === 'redelivery')
}

const longestWaitMs = 1000
/** How long a message waits until Lambda's pollers have it. */
const waitOf = (run: Run) => 20 + (longestWaitMs - 20) * draw(mix(run.a, 95)) ** 3
