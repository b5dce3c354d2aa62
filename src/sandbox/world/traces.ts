// Traces: requests of the company as X-Ray was sent them, and what clients sent.
import type {ClientSegments} from './client-segments.ts'
import type {CompanyStack} from './company.ts'
import {runKeys} from './durations.ts'
import type {Environments} from './environments.ts'
import type {Executions} from './executions.ts'
import type {History, Run, Touch} from './history.ts'
import {traceIdOf, traceTimeOf} from './invocations.ts'
import {draw, mix} from './random.ts'
import type {Sampling} from './sampling.ts'
import type {SegmentDocument, SubsegmentDocument} from './segment-document.ts'
import {stagePart, startOfStage} from './segments/api.ts'
import {invocationPart, startOfInvocation} from './segments/lambda.ts'
import {type CompanyTracing, placedAt, type Request, runOf, seconds} from './segments/request.ts'
import {executionPart} from './segments/states.ts'
import type {SandboxTrace} from './world.ts'

const hourMs = 3_600_000

/** X-Ray keeps traces for thirty days. */
const retentionMs = 30 * 24 * hourMs

/** A window answers with no more traces than this, the newest: about two days of the company's. */
const mostTraces = 100_000

/** How long after its first segment begins a trace's first entry can be logged: an init can come before it. */
const longestLeadMs = 12_000

/** After so long nothing is added to a trace any more. */
const settledAfterMs = 15 * 60_000

/** Documents of so many traces are kept for who looks at them again soon; more would cost more than making them anew. */
const mostMade = 200

export type Traces = {
  /** those that begin in [from, to), by time */
  between(from: number, to: number): readonly SandboxTrace[]
  byId(id: string): SandboxTrace | undefined
  /** to be called when an alias changes: forgets what was derived from it */
  forget(): void
}

export type TracesOptions = Pick<CompanyTracing, 'where' | 'find' | 'findGroup'> & {
  readonly stacks: readonly CompanyStack[]
  readonly history: History
  readonly environments: Environments
  readonly executions: Executions
  readonly sampling: Sampling
  /** everything the company's scenarios touch */
  readonly touches: readonly Touch[]
  readonly clientSegments: ClientSegments
  readonly now: () => number
}

export function createTraces(options: TracesOptions): Traces {
  const {history, environments, executions, sampling, touches, clientSegments, stacks, where, find, findGroup} = options
  const starts = new Set(touches.filter(touch => touch.traceFrom === touch && sampling.isTraced(touch)))
  const places = [...new Set([...starts].map(touch => touch.step.in))]
  const made = new Map<string, {readonly now: number; readonly documents: readonly SegmentDocument[]}>()

  /** The first runs of sampled traces, by the moment at which logs have them, in [from, to). */
  function firstRuns(from: number, to: number): Run[] {
    const asked = executions.all().flatMap(({placed: {run, sampled}}) => {
      return sampled && run.at >= from && run.at < to ? [run] : []
    })
    const own = places.flatMap(place =>
      history.runs(place, from, to).filter(run => starts.has(run.touch) && sampling.isTraceSampled(run)),
    )
    return [...own, ...asked]
  }

  const queues = new Map(stacks.flatMap(stack => stack.mappings ?? []).map(each => [each.functionName, each.source]))
  const tracing: CompanyTracing = {
    where,
    find,
    findGroup,
    place(run) {
      const executed = executions.placed(run)
      if (executed) return executed
      const definition = find(run.touch.step.in)
      const placed = definition ? environments.placed(definition, run.at, run.at + 1) : []
      return placed.find(each => each.run.touch === run.touch && each.run.a === run.a && each.run.b === run.b)
    },
    isSampled: sampling.isSampled,
    queueOf(functionName) {
      const source = queues.get(functionName)
      return source?.startsWith('sqs:') ? source.slice('sqs:'.length) : null
    },
  }
  const requestOf = (run: Run, now: number): Request => ({...tracing, run, traceId: traceIdOf(run), now})

  /** Segments begin at the first touch, or where that is not traced, below it. */
  function madeOf(request: Request, touch: Touch): readonly SegmentDocument[] {
    if (!sampling.isSampled(runOf(request, touch))) {
      return touch.children
        .filter(({traceFrom}) => traceFrom === touch.traceFrom)
        .flatMap(child => madeOf(request, child))
    }
    const traced = findGroup(touch.step.in)?.traced
    if (traced?.as === 'stage') return stagePart(request, touch, traced, invocationPart).documents
    if (traced?.as === 'state-machine') return executionPart(request, touch, null, invocationPart).documents
    const by = {
      parentId: null,
      earliest: Number.NEGATIVE_INFINITY,
      isAsync: isAsync(touch),
    }
    return invocationPart(request, touch, by).documents
  }

  function sent(run: Run, id: string, now: number): readonly SegmentDocument[] {
    const known = made.get(id)
    if (known && (known.now === now || run.at + settledAfterMs < Math.min(known.now, now))) return known.documents
    const documents = withoutLost(madeOf(requestOf(run, now), run.touch), run)
    if (made.size >= mostMade) made.clear()
    made.set(id, {now, documents})
    return documents
  }

  /** When a trace's first segment begins; found without making them where it can be. */
  function startOf(run: Run, id: string, now: number): number {
    const {touch} = run
    const request = requestOf(run, now)
    const [child] = touch.children
    const isStage = findGroup(touch.step.in)?.traced?.as === 'stage'
    const found = placedAt(request, isStage && child ? child : touch)
    if (!found || !sampling.isSampled(run)) return firstStart(sent(run, id, now))
    const invokedAt = startOfInvocation(found.placed, found.definition, !isStage && isAsync(touch))
    return seconds(isStage ? startOfStage(run.at, invokedAt) : invokedAt) * 1000
  }

  /** Documents are made when they are looked at: lists of many traces hold none. */
  function traceOf(run: Run, now: number): SandboxTrace {
    const id = traceIdOf(run)
    return {
      id,
      at: startOf(run, id, now),
      get documents() {
        return [...sent(run, id, now), ...clientSegments.of(id)]
      },
    }
  }

  function ofClients(id: string): SandboxTrace | undefined {
    const documents = clientSegments.of(id)
    return documents.length > 0 ? {id, at: firstStart(documents), documents} : undefined
  }

  function computed(id: string, now: number): SandboxTrace | undefined {
    const second = traceTimeOf(id)
    if (second === undefined || second < now - retentionMs || second > now + longestLeadMs) return undefined
    const run = firstRuns(second, second + 1000).find(each => traceIdOf(each) === id)
    const trace = run && traceOf(run, now)
    return trace && trace.at <= now ? trace : undefined
  }

  return {
    between(from, to) {
      const now = options.now()
      const start = Math.max(from, now - retentionMs)
      const isWithin = ({at}: SandboxTrace) => at >= start && at < to && at <= now
      const isInside = (id: string) => {
        const second = traceTimeOf(id) ?? 0
        return second >= start + longestLeadMs && second < Math.min(to, now) - longestLeadMs
      }
      const found: SandboxTrace[] = []
      for (let until = Math.min(to, now) + longestLeadMs; until > start && found.length < mostTraces; until -= hourMs) {
        for (const run of firstRuns(Math.max(start, until - hourMs), until)) {
          const trace = traceOf(run, now)
          if (isWithin(trace)) found.push(trace)
        }
      }
      const ids = new Set(found.map(({id}) => id))
      const written = clientSegments.traceIds().flatMap(id => {
        const trace = ids.has(id) ? undefined : ofClients(id)
        // the company's traces of the window are known, but not whether one of another time was written to
        return trace && isWithin(trace) && (isInside(id) || !computed(id, now)) ? [trace] : []
      })
      return [...found, ...written].sort((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1)).slice(-mostTraces)
    },
    byId: id => computed(id, options.now()) ?? ofClients(id),
    forget: () => made.clear(),
  }
}

const isAsync = ({via, path}: Touch) => via === 'event' || (via === 'start' && path.isAsynchronous)

const firstStart = (documents: readonly SegmentDocument[]) =>
  documents.reduce((first, {start_time}) => Math.min(first, start_time * 1000), Number.POSITIVE_INFINITY)

/** One trace in some hundreds misses a segment that others are below. */
function withoutLost(documents: readonly SegmentDocument[], run: Run): readonly SegmentDocument[] {
  if (draw(mix(runKeys(run).a, 49)) >= 1 / 350) return documents
  const parents = new Set(documents.map(({parent_id}) => parent_id))
  const lost = documents.find((document, i) => i > 0 && idsOf(document).some(id => parents.has(id)))
  return documents.filter(document => document !== lost)
}

function idsOf({id, subsegments = []}: SubsegmentDocument): readonly string[] {
  return [id, ...subsegments.flatMap(idsOf)]
}
