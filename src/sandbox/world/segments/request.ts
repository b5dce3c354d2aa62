// Whose segments are made, up to which moment, and what all of them have in common.
import type {CompanyFunction, CompanyLogGroup, Story} from '../company.ts'
import {durationOf, type FindFunction, runKeys} from '../durations.ts'
import type {PlacedRun} from '../environments.ts'
import {type FactContext, fill} from '../facts.ts'
import type {Run, Touch} from '../history.ts'
import {requestIdOf, traceIdOf} from '../invocations.ts'
import type {Account} from '../log-events.ts'
import {draw, hex, mix, textKey, uuid} from '../random.ts'
import type {SegmentDocument, SubsegmentDocument} from '../segment-document.ts'

export type CompanyTracing = {
  readonly where: Account
  readonly find: FindFunction
  readonly findGroup: (name: string) => CompanyLogGroup | undefined
  /** a function's run with where it ran */
  readonly place: (run: Run) => PlacedRun | undefined
  readonly isSampled: (run: Run) => boolean
  /** the name of the SQS queue that feeds a function */
  readonly queueOf: (functionName: string) => string | null
}

/** One request of the company, as much of it as has happened by `now`. */
export type Request = CompanyTracing & {
  /** the run with which the trace begins */
  readonly run: Run
  readonly traceId: string
  /** epoch ms */
  readonly now: number
}

/** Segments of one part of a request, and when the outermost of them begins and ends (epoch ms). */
export type Part = {readonly documents: readonly SegmentDocument[]; readonly start: number; readonly end: number}

export type InvokedBy = {
  /** the segment or subsegment that invokes it; null where that is not traced */
  readonly parentId: string | null
  /** the Lambda service cannot have it before this moment; -Infinity where nothing is known of that */
  readonly earliest: number
  readonly isAsync: boolean
}

/** Makes the segments of an invocation and of all that it calls. */
export type Invoke = (request: Request, touch: Touch, by: InvokedBy) => Part

/** Another run of the same request; its version is not known by this. */
export function runOf({run}: Request, touch: Touch): Run {
  return {...run, touch, at: run.requestAt + touch.delayMs}
}

/** A function of the company, and its run at a touch. */
export function placedAt(request: Request, touch: Touch): {definition: CompanyFunction; placed: PlacedRun} | null {
  const definition = request.find(touch.step.in)
  const placed = definition && request.place(runOf(request, touch))
  return definition && placed ? {definition, placed} : null
}

/** The id of a segment or subsegment of a run, by what it is called there: 16 hex digits. */
export function idOf(run: Run, what: string): string {
  const {a, b} = runKeys(run)
  const key = textKey(what)
  return hex(2, mix(a, key), mix(b, key))
}

/** A draw in [0, 1) for a run, by what it is for. */
export function drawOf(run: Run, what: string): number {
  return draw(mix(runKeys(run).a, textKey(what)))
}

/** The request id of a call that a run makes. */
export function callIdOf(run: Run, what: string): string {
  const {a, b} = runKeys(run)
  const key = textKey(what)
  return uuid(mix(a, key + 1), mix(b, key + 1))
}

/** Epoch seconds with whole microseconds, as X-Ray has times. */
export function seconds(ms: number): number {
  return Math.round(ms * 1000) / 1_000_000
}

/** What is known of something that ends at `end`: while it is in progress nothing of how it ended. */
export function closing<T extends object>(
  {now}: Request,
  end: number,
  known: T,
): {readonly in_progress: true} | ({readonly end_time: number} & T) {
  return end > now ? {in_progress: true} : {end_time: seconds(end), ...known}
}

/** The same facts as in the log lines of a run. */
export function factsOf(request: Request, run: Run): FactContext {
  return {
    a: run.a,
    b: run.b,
    runKey: runKeys(run).a,
    durationMs: durationOf(run, request.find),
    get requestId() {
      return requestIdOf(run)
    },
    get traceId() {
      return traceIdOf(run)
    },
    functionName: run.touch.step.in,
    version: run.version,
  }
}

const numeric = /^-?\d+(\.\d+)?$/

/** Annotations and metadata of a story, its numbers as numbers. */
export function notesOf(
  story: Story | undefined,
  facts: FactContext,
): Pick<SubsegmentDocument, 'annotations' | 'metadata'> {
  const filled = (templates: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(templates).map(([key, template]) => {
        const value = fill(template, facts)
        return [key, numeric.test(value) ? Number(value) : value] as const
      }),
    )
  return {
    ...(story?.annotations && {annotations: filled(story.annotations)}),
    ...(story?.metadata && {metadata: {larder: filled(story.metadata)}}),
  }
}

/** Error, throttle or fault, as X-Ray derives them from an HTTP status. */
export function flagsOf(status: number | undefined): {error?: true; throttle?: true; fault?: true} {
  if (status === undefined || status < 400) return {}
  if (status === 429) return {error: true, throttle: true}
  return status < 500 ? {error: true} : {fault: true}
}
