// From runs to log events: what a log group holds of them, and when it became visible.
import {type WriteContext, type Written, writeFailure, writeLine} from './app-lines.ts'
import type {CompanyFunction, CompanyLogGroup, Story} from './company.ts'
import {durationOf, runKeys} from './durations.ts'
import type {Environment, PlacedRun} from './environments.ts'
import type {FactContext} from './facts.ts'
import type {Run} from './history.ts'
import {endOf, requestIdOf, segmentIdOf, toInvocation, traceIdOf} from './invocations.ts'
import {endLines, failedInitLine, initEndLines, initStartLine, startLine, stoppedLine} from './lambda-lines.ts'
import {draw, hex, mix, textKey} from './random.ts'
import type {Invocation, SandboxLogEvent} from './world.ts'

export type Account = {readonly account: string; readonly region: string}

export function functionArn({account, region}: Account, name: string, qualifier: string | null): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}${qualifier ? `:${qualifier}` : ''}`
}

/** Init that reached its limit of ten seconds, a little over as AWS reports it. */
const initLimitMs = 10_000

/** All events of one run, in the order of writing. */
export function eventsOfRun(placed: PlacedRun, definition: CompanyFunction, where: Account): SandboxLogEvent[] {
  const invocation = toInvocation(placed, definition)
  const {a, b} = runKeys(placed.run)
  return stamp(linesOfRun(placed, definition, invocation, where), invocation.logStream, a, b)
}

function linesOfRun(placed: PlacedRun, definition: CompanyFunction, invocation: Invocation, where: Account): Written[] {
  const {run, environment, first, durationMs} = placed
  const story = definition.stories[run.touch.step.story]
  const segmentId = segmentIdOf(run)
  const boundary = {
    invocation,
    definition,
    segmentId,
    errorType: errorTypeOf(run, definition, story),
  }
  const context: WriteContext = {
    ...factsOfInvocation(run, invocation),
    definition,
    functionArn: functionArn(where, definition.name, run.version),
    memorySizeMB: invocation.memorySizeMB,
    cold: first,
  }
  const end = endOf(run, durationMs)
  const lines: Written[] = []

  if (invocation.outcome === 'init-error' && story?.failure)
    lines.push(...failedInit(run, definition, environment, story, where, boundary.errorType))
  else if (run.touch.step.suppressedInit) lines.push(...slowInit(run, definition, where))
  else if (first && environment.preparedAt === null)
    lines.push(...initLines(definition, environment, run.version, run.at - 1, where))

  if (tellsGoodNews(definition)) lines.push({timestamp: run.at, message: startLine(boundary)})
  for (const [i, line] of (story?.lines ?? []).entries()) {
    const at = Math.min(end, run.at + Math.max(1, Math.round(line[0] * durationMs)))
    const written = writeLine(line, at, context, i)
    if (written) lines.push(written)
  }
  if (story?.failure && invocation.outcome === 'error') lines.push(...writeFailure(story.failure, end, context))
  const stopped = stoppedLine(invocation, definition, end)
  if (stopped) lines.push({timestamp: end, message: stopped})
  if (tellsGoodNews(definition) || invocation.outcome !== 'ok')
    for (const message of endLines(boundary, end)) lines.push({timestamp: end, message})
  return lines
}

/** The facts of an invocation, in its log lines and in what it answers. */
export function factsOfInvocation(run: Run, invocation: Invocation): FactContext {
  const {requestId, traceId, functionName, version, durationMs} = invocation
  return {a: run.a, b: run.b, runKey: runKeys(run).a, durationMs, requestId, traceId, functionName, version}
}

/** Whether Lambda's own lines about what went well are in the log; those about what did not always are. */
const tellsGoodNews = ({systemLogLevel}: CompanyFunction) => systemLogLevel !== 'WARN'

/** The type in platform.report; the text REPORT shows those that begin with `Runtime.` */
function errorTypeOf(run: Run, definition: CompanyFunction, story: Story | undefined): string | null {
  const outcome = run.touch.step.outcome ?? 'ok'
  if (outcome === 'oom') return 'Runtime.OutOfMemory'
  if (outcome === 'ok' || outcome === 'timeout') return null
  // a Go panic ends the process
  if (outcome === 'error' && definition.runtime.startsWith('provided')) return 'Runtime.ExitError'
  return story?.failure?.type ?? 'Error'
}

function initStart(
  definition: CompanyFunction,
  version: string,
  at: number,
  where: Account,
  isPrepared = false,
): Written[] {
  const message = tellsGoodNews(definition) ? initStartLine(definition, version, where.region, {at, isPrepared}) : null
  return message === null ? [] : [{timestamp: at, message}]
}

/** An init that went well and ended at `endedAt`. */
function initLines(
  definition: CompanyFunction,
  environment: Environment,
  version: string,
  endedAt: number,
  where: Account,
): Written[] {
  if (!tellsGoodNews(definition)) return []
  const startedAt = endedAt - Math.ceil(environment.initMs)
  const isPrepared = environment.preparedAt !== null
  const ended = initEndLines(definition, environment.initMs, {at: endedAt, isPrepared})
  return [
    ...initStart(definition, version, startedAt, where, isPrepared),
    ...ended.map(message => ({timestamp: endedAt, message})),
  ]
}

/** Failed once on its own and once more inside the invocation. */
function failedInit(
  run: Run,
  definition: CompanyFunction,
  environment: Environment,
  story: Story,
  where: Account,
  errorType: string | null,
): Written[] {
  const startedAt = run.at - Math.ceil(2 * environment.initMs) - 9
  const failedAt = startedAt + Math.ceil(environment.initMs)
  const again = run.at - 1
  const stack = JSON.stringify({
    errorType,
    errorMessage: story.failure?.message,
    stack: [`${errorType}: ${story.failure?.message}`, ...(story.failure?.stack ?? []).map(frame => `    at ${frame}`)],
  })
  const uncaught = (at: number) =>
    definition.runtime.startsWith('nodejs')
      ? `${new Date(at).toISOString()}\tundefined\tERROR\tUncaught Exception \t${stack}\n`
      : `[ERROR] ${errorType}: ${story.failure?.message}\nTraceback (most recent call last):\n`
  return [
    ...initStart(definition, run.version, startedAt, where),
    {timestamp: failedAt, message: uncaught(failedAt)},
    {timestamp: failedAt, message: failedInitLine(definition, environment.initMs, 'init', errorType, failedAt)},
    {timestamp: again, message: uncaught(again)},
    {timestamp: again, message: failedInitLine(definition, environment.initMs + 3.4, 'invoke', errorType, again)},
  ]
}

/** Ran into the limit; Lambda runs the init again inside the invocation, which has its time in its duration. */
function slowInit(run: Run, definition: CompanyFunction, where: Account): Written[] {
  const initMs = initLimitMs + Math.round(1500 * draw(mix(runKeys(run).a, 51))) / 100
  const startedAt = run.at - Math.ceil(initMs) - 3
  return [
    ...initStart(definition, run.version, startedAt, where),
    {timestamp: run.at - 3, message: failedInitLine(definition, initMs, 'init', null, run.at - 3)},
  ]
}

/** When the first and the last event of a run are stamped. */
export function spanOf({run, durationMs, environment, first}: PlacedRun): {readonly from: number; readonly to: number} {
  let lead = 0
  if (run.touch.step.suppressedInit) lead = initLimitMs + 20
  else if (run.touch.step.outcome === 'init-error') lead = Math.ceil(2 * environment.initMs) + 9
  else if (first && environment.preparedAt === null) lead = Math.ceil(environment.initMs) + 1
  return {from: run.at - lead, to: endOf(run, durationMs)}
}

/** The init of an environment that nobody waited for. */
export function eventsOfPrepared(
  environment: Environment,
  version: string,
  definition: CompanyFunction,
  where: Account,
): SandboxLogEvent[] {
  const lines = initLines(definition, environment, version, environment.preparedAt ?? 0, where)
  return stamp(lines, environment.stream, mix(environment.key, 52), mix(environment.key, 53))
}

/** Entries of a log group that is no function's. */
export function eventsOfEntry(
  run: Run,
  group: CompanyLogGroup,
  find: (name: string) => CompanyFunction | undefined,
  where: Account,
): SandboxLogEvent[] {
  const {a, b} = runKeys(run)
  const durationMs = durationOf(run, find)
  const carrier: CompanyFunction = {...bareWriter, name: group.name}
  const context: WriteContext = {
    a: run.a,
    b: run.b,
    runKey: a,
    durationMs,
    requestId: requestIdOf(run),
    traceId: traceIdOf(run),
    functionName: group.name,
    version: '',
    definition: carrier,
    functionArn: `arn:aws:states:${where.region}:${where.account}`,
    memorySizeMB: 0,
    cold: false,
  }
  const lines = (group.stories[run.touch.step.story]?.lines ?? []).map((line, i) => {
    const at = run.at + Math.round(line[0] * durationMs)
    return {
      timestamp: at,
      message: (writeLine(line, at, context, i)?.message ?? '')
        .replaceAll('{time}', new Date(at).toISOString())
        .replaceAll('{epochMs}', String(at))
        .trimEnd(),
    }
  })
  return stamp(lines, streamOfEntry(run, group), a, b)
}

const bareWriter: Omit<CompanyFunction, 'name'> = {
  description: '',
  created: '',
  runtime: '',
  handler: '',
  architecture: 'x86_64',
  memorySizeMB: 0,
  memoryUsedMB: [0, 0],
  timeoutSeconds: 60,
  codeSizeMB: 0,
  initMs: [1, 2],
  logger: 'console',
  stories: {},
}

/** API Gateway spreads its requests over some streams; a container has one as long as it lives; a state machine one an hour. */
function streamOfEntry(run: Run, group: CompanyLogGroup): string {
  const key = textKey(group.name)
  const {a} = runKeys(run)
  const hour = new Date(run.at).toISOString().slice(0, 13).replace('T', '-')
  switch (group.streams) {
    case 'api-gateway': {
      const shard = mix(key, (a >>> 0) % 4)
      return hex(4, shard, mix(shard, 1))
    }
    case 'ecs': {
      // a task is replaced about once a day
      const task = mix(mix(key, Math.floor(run.at / 86_400_000)), (a >>> 0) % 2)
      return `${group.name.split('/').at(-1)}/app/${hex(4, task, mix(task, 1))}`
    }
    case 'step-functions':
      return `states/${group.name.split('/').at(-1)}/${hour}-00/${hex(1, mix(key, 7), 0)}`
  }
}

/** The longest that passes from an event's timestamp to the moment at which readers see it. */
export const longestLagMs = 60_000

/** How long events of a stream wait until readers see them: collected for up to a second, then mostly below two more. */
function ingestionLagMs(batchKey: number): number {
  if (draw(mix(batchKey, 61)) < 0.005) return 30_000 + Math.floor(29_000 * draw(mix(batchKey, 62)))
  return 120 + Math.floor(1600 * draw(mix(batchKey, 63)) ** 2)
}

/**
 * AWS's event ids are decimal numbers of 56 digits: the timestamp × 2 ^ 144, and something unique that grows within a batch.
 * Written by digits, for there are many: fourteen from the timestamp (2 ^ 144 / 10 ^ 42 = 22.3…), ten of the batch, five of
 * the place in it, and 27 more.
 */
function eventIdOf(timestamp: number, batchKey: number, a: number, b: number, i: number): string {
  const word = (key: number) => String(key >>> 0).padStart(10, '0')
  const first = Math.floor(timestamp * 22.3007451985306)
  const place = String(i).padStart(5, '0')
  return `${first}${word(batchKey)}${place}${word(mix(a, i))}${word(mix(b, i))}${word(mix(mix(a, 64), i)).slice(3)}`
}

/** Most events are only looked at: an id is written when it is asked for, and a copy by spread has none. */
class StampedEvent implements SandboxLogEvent {
  readonly logStream: string
  readonly timestamp: number
  readonly ingestionTime: number
  readonly order: number
  readonly message: string
  readonly #place: number
  readonly #a: number
  readonly #b: number

  constructor({timestamp, message}: Written, logStream: string, place: number, a: number, b: number) {
    const slot = Math.floor(timestamp / 1000)
    const batchKey = mix(a, slot)
    this.logStream = logStream
    this.timestamp = timestamp
    this.ingestionTime = (slot + 1) * 1000 + ingestionLagMs(batchKey)
    this.order = (batchKey >>> 0) * 4096 + place
    this.message = message
    this.#place = place
    this.#a = a
    this.#b = b
  }

  get eventId(): string {
    const batchKey = mix(this.#a, Math.floor(this.timestamp / 1000))
    return eventIdOf(this.timestamp, batchKey, this.#a, this.#b, this.#place)
  }
}

/** Puts lines into a stream: batches of a second become visible together. */
export function stamp(lines: readonly Written[], logStream: string, a: number, b: number): SandboxLogEvent[] {
  return lines.map((line, place) => new StampedEvent(line, logStream, place, a, b))
}

/** AWS's order within a group. */
export function inAnswerOrder(x: SandboxLogEvent, y: SandboxLogEvent): number {
  return x.timestamp - y.timestamp || x.ingestionTime - y.ingestionTime || x.order - y.order
}
