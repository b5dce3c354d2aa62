// Decides what becomes of an invocation that a client asks for, when it begins.
import type {InvocationChange, InvokedSettings, ThrottleChange} from '../invocation-changes.ts'
import type {Execution, InvokeOptions, ThrottleReason} from './client-requests.ts'
import type {CompanyFunction} from './company.ts'
import {durationsAt, type FindFunction, longestRunMs} from './durations.ts'
import {freeEnvironment, newEnvironment} from './environment-pool.ts'
import type {Environments} from './environments.ts'
import {type Executed, type Executions, readBack} from './executions.ts'
import type {Touch} from './history.ts'
import {toInvocation} from './invocations.ts'
import {type Account, eventsOfRun} from './log-events.ts'
import {draw, mix, textKey} from './random.ts'
import {answerTo, type Response, understand} from './responses.ts'
import type {SandboxFunction, SandboxVersion} from './sandbox-function.ts'
import {firstExtraMs, perform, plainStory, type Work, workFromPast} from './work.ts'

export type InvokingOptions = {
  readonly where: Account
  readonly seed: number
  readonly now: () => number
  readonly executions: Executions
  readonly environments: Environments
  /** the company's own functions */
  readonly find: FindFunction
  readonly touchesIn: (functionName: string) => readonly Touch[]
  /** how many requests of the company come to a touch in an ordinary day */
  readonly perDay: (touch: Touch) => number
  /** as it serves invocations now */
  readonly describe: (functionName: string) => SandboxFunction | undefined
  /** makes a log group where there is none of that name */
  readonly requireLogGroup: (name: string) => void
  readonly record: (change: InvocationChange | ThrottleChange) => void
}

export type Invoke = (
  functionName: string,
  version: string,
  payload: string,
  options?: InvokeOptions,
) => Execution | {readonly throttled: ThrottleReason}

/** An event waits for so long before Lambda takes it up. */
const queuedMs = 80

/** Of requests beyond the first of a second, X-Ray samples so many. */
const sampledShare = 0.05

export function createInvoking(options: InvokingOptions): Invoke {
  const {where, seed, now, executions, environments, find, touchesIn, perDay, describe, requireLogGroup, record} =
    options
  const usual = new Map<string, Work>()

  /** What a function does when it is invoked, of its own data or as its past shows. */
  function workOf(owner: string | null): Work {
    const definition = owner === null ? undefined : find(owner)
    if (owner === null || !definition) return {story: plainStory, waitMs: 1.4, cpuMs: 0.6}
    let known = usual.get(owner)
    if (!known) {
      const touch = usualTouch(owner, definition.work?.story)
      const story = touch?.step.story ?? Object.keys(definition.stories)[0] ?? plainStory
      known = definition.work
        ? {...definition.work, story}
        : workFromPast(story, touch ? medianOfPast(touch) : 40, definition.memorySizeMB)
      usual.set(owner, known)
    }
    return known
  }

  /** Where a function goes most often when all is well. */
  function usualTouch(functionName: string, story: string | undefined): Touch | undefined {
    return touchesIn(functionName)
      .filter(({step}) => (step.outcome ?? 'ok') === 'ok' && (story === undefined || step.story === story))
      .sort((x, y) => perDay(y) - perDay(x))[0]
  }

  function medianOfPast(touch: Touch): number {
    const durations = durationsAt(touch, find)
    const sample = Array.from({length: 101}, (_, i) => durations(mix(i, 58), Number.NEGATIVE_INFINITY)).sort(
      (x, y) => x - y,
    )
    return sample[50] ?? 1
  }

  /** Why a function cannot take one more now. */
  function refusal(fn: SandboxFunction, at: number, unreservedConcurrency: number): ThrottleReason | null {
    const running = (name: string) => executions.of(name).filter(({endedAt}) => endedAt > at).length
    if (fn.reservedConcurrency !== null) {
      const busy = running(fn.name) + runningOfCompany(fn.name, at)
      return busy >= fn.reservedConcurrency ? 'ReservedFunctionConcurrentInvocationLimitExceeded' : null
    }
    const busy = executions.all().filter(({endedAt, definition}) => {
      return endedAt > at && (describe(definition.name)?.reservedConcurrency ?? null) === null
    })
    return busy.length >= unreservedConcurrency ? 'ConcurrentInvocationLimitExceeded' : null
  }

  function runningOfCompany(functionName: string, at: number): number {
    const definition = find(functionName)
    if (!definition) return 0
    const begun = environments.placed(definition, at - longestRunMs, at + 1)
    return begun.filter(({run, durationMs}) => run.at + durationMs > at).length
  }

  return (
    functionName,
    versionName,
    payload,
    {qualifier = null, asynchronous = false, unreservedConcurrency = 1000} = {},
  ) => {
    const fn = describe(functionName)
    const version = fn?.versions.find(each => each.version === versionName)
    if (!fn || !version) throw new Error(`${functionName} has no version ${versionName}`)
    const requestedAt = Math.floor(now())
    const throttled = refusal(fn, requestedAt, unreservedConcurrency)
    if (throttled) {
      record({kind: 'throttle', at: requestedAt, functionName, qualifier})
      return {throttled}
    }

    const code = version.behavesAs
    const own = code === null ? undefined : find(code)
    const work = workOf(code)
    const settings = settingsOf(fn, version)
    const before = executions.all().length
    const key = mix(mix(textKey(`${functionName} ${versionName}`, seed), requestedAt), before)
    const free = freeEnvironment(executions.of(fn.name), version, requestedAt)
    const takenAt = requestedAt + (asynchronous ? queuedMs : 0) + 6 + Math.floor(4 * draw(mix(key, 60)))
    const environment = free ?? newEnvironment(own, key, takenAt)
    const at = free ? takenAt : environment.bornAt + Math.ceil(environment.initMs) + 1
    const extraMs = free ? 0 : firstExtraMs(settings, environment.initMs)
    const {durationMs, ...response} = respond(payload, own, work, {settings, at, key, extraMs})
    const change: InvocationChange = {
      kind: 'invocation',
      at,
      functionName,
      version: versionName,
      qualifier,
      key,
      code,
      settings,
      story: response.story,
      outcome: response.outcome,
      durationMs,
      maxMemoryUsedMB: memoryUsed(own, settings.memorySizeMB, environment.key, key, response.outcome),
      asynchronous,
      sampled: settings.tracing === 'Active' && isSampled(functionName, at, key),
      first: !free,
      environment,
    }
    // Lambda makes the group on the first invocation
    requireLogGroup(settings.logGroup)
    record(change)
    return executionOf(readBack(change, find), requestedAt, response)
  }

  function isSampled(functionName: string, at: number, key: number): boolean {
    const second = Math.floor(at / 1000)
    const isOnly = !executions.of(functionName).some(({placed: {run}}) => Math.floor(run.at / 1000) === second)
    return isOnly || draw(mix(key, 61)) < sampledShare
  }

  function executionOf(executed: Executed, requestedAt: number, response: Response): Execution {
    const {placed, definition, endedAt} = executed
    const invocation = toInvocation(placed, definition)
    return {
      invocation,
      tookMs: endedAt - requestedAt + 1,
      ...answerTo(response, definition, placed.run, invocation),
      log: eventsOfRun(placed, definition, where)
        .map(({message}) => message)
        .filter(message => !ofInit.test(message)),
    }
  }

  function respond(
    payload: string,
    own: CompanyFunction | undefined,
    work: Work,
    {settings, at, key, extraMs}: {settings: InvokedSettings; at: number; key: number; extraMs: number},
  ): Response & {readonly durationMs: number} {
    const isApi = own !== undefined && isBehindApi(usualTouch(own.name, work.story))
    const asked = understand(payload, own, work, isApi)
    const limitMs = settings.timeoutSeconds * 1000
    // its own architecture is the one it was measured on
    const onArm = own && settings.architecture !== own.architecture ? armTimes[settings.architecture] : 1
    const done = perform(work, settings.memorySizeMB, at, key)
    const workMs = done.durationMs * onArm + extraMs
    const neededMs = asked.isQuick ? Math.min(workMs, 1 + 3 * draw(mix(key, 62))) : workMs
    if (asked.outcome === 'timeout' || neededMs >= limitMs) return {...asked, outcome: 'timeout', durationMs: limitMs}
    const durationMs = Math.round(neededMs * 100) / 100
    if (done.isKilled) return {...asked, outcome: 'oom', durationMs}
    return {...asked, durationMs}
  }
}

/** Lines about the environment: they are in the log group, and not in what a caller is sent. */
const ofInit = /^(INIT_START|RESTORE_START|RESTORE_REPORT) |^\{"time":"[^"]+","type":"platform\.(init|restore)/

/** How long the same code takes on the other architecture. */
const armTimes = {arm64: 0.94, x86_64: 1.06} as const

const isBehindApi = (touch: Touch | undefined) => touch?.above?.step.in.startsWith('/aws/apigateway') ?? false

/** A function uses about as much memory whatever it has; what needs more than there is has all of it. */
function memoryUsed(
  definition: CompanyFunction | undefined,
  memorySizeMB: number,
  environmentKey: number,
  key: number,
  outcome: InvocationChange['outcome'],
): number {
  if (outcome === 'oom') return memorySizeMB
  const [low, high] = definition?.memoryUsedMB ?? [38, 44]
  const used = Math.round(low + (high - low) * (0.8 * draw(mix(environmentKey, 46)) + 0.2 * draw(mix(key, 47))))
  return Math.min(used, memorySizeMB - 1)
}

function settingsOf(fn: SandboxFunction, version: SandboxVersion): InvokedSettings {
  const {architecture, packageType, snapStart, logFormat, systemLogLevel, logGroup, tracing} = {
    ...fn,
    ...version.settings,
  }
  return {
    memorySizeMB: version.memorySizeMB,
    timeoutSeconds: version.timeoutSeconds,
    runtime: version.runtime,
    architecture,
    packageType,
    // a snapshot is made of what is published
    snapStart: snapStart && version.version !== '$LATEST',
    logFormat,
    systemLogLevel,
    logGroup,
    tracing,
  }
}
