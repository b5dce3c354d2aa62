// Invocations that clients asked for: read back from the changes that record them, as runs with where they ran.

import type {Change} from '../changes.ts'
import type {InvocationChange, InvokedSettings, ThrottleChange} from '../invocation-changes.ts'
import {randomArrivals} from './arrivals.ts'
import type {CompanyFunction} from './company.ts'
import {type PlacedRun, streamName} from './environments.ts'
import type {Path, Run, Touch} from './history.ts'
import {endOf} from './invocations.ts'
import {hex, mix} from './random.ts'
import {ownStories, plainStory} from './work.ts'

/** An invocation that a client asked for. */
export type Executed = {
  readonly placed: PlacedRun
  /** the function as it was then, with the code of the company's that it ran */
  readonly definition: CompanyFunction
  readonly qualifier: string | null
  /** epoch ms of its last line */
  readonly endedAt: number
  readonly change: InvocationChange
}

export type Executions = {
  /** Takes over new changes. */
  add(changes: readonly Change[]): void
  /** of one function, by time of START */
  of(functionName: string): readonly Executed[]
  /** of all functions, by time of START */
  all(): readonly Executed[]
  /** which write to a log group, by time of START */
  in(group: string): readonly Executed[]
  /** where one of them ran; undefined for any other run */
  placed(run: Run): PlacedRun | undefined
  /** requests of a function that were refused */
  throttled(functionName: string): readonly ThrottleChange[]
  /** functions that were asked for, whether they were invoked or refused; the same set until there is another one */
  names(): ReadonlySet<string>
}

/** @param find the company's own functions */
export function createExecutions(find: (name: string) => CompanyFunction | undefined): Executions {
  const all: Executed[] = []
  const byFunction = new Map<string, Executed[]>()
  const byGroup = new Map<string, Executed[]>()
  const byTouch = new Map<Touch, Executed>()
  const refused = new Map<string, ThrottleChange[]>()
  let names: ReadonlySet<string> = new Set()

  return {
    add(changes) {
      for (const change of changes) {
        if (change.kind === 'throttle') listIn(refused, change.functionName).push(change)
        else if (change.kind === 'invocation') {
          const executed = readBack(change, find)
          insert(all, executed)
          insert(listIn(byFunction, change.functionName), executed)
          insert(listIn(byGroup, change.settings.logGroup), executed)
          byTouch.set(executed.placed.run.touch, executed)
        } else continue
        if (!names.has(change.functionName)) names = new Set([...names, change.functionName])
      }
    },
    of: functionName => byFunction.get(functionName) ?? [],
    all: () => all,
    in: group => byGroup.get(group) ?? [],
    placed: run => byTouch.get(run.touch)?.placed,
    throttled: functionName => refused.get(functionName) ?? [],
    names: () => names,
  }
}

function listIn<Item>(lists: Map<string, Item[]>, name: string): Item[] {
  const list = lists.get(name) ?? []
  lists.set(name, list)
  return list
}

/** Nearly always at the end: invocations become known as they begin. */
function insert(sorted: Executed[], executed: Executed): void {
  const {at, a} = executed.placed.run
  const isLater = ({placed: {run}}: Executed) => run.at > at || (run.at === at && run.a > a)
  sorted.splice(sorted.findLastIndex(each => !isLater(each)) + 1, 0, executed)
}

/** @param find the company's own functions */
export function readBack(change: InvocationChange, find: (name: string) => CompanyFunction | undefined): Executed {
  const {at, version, key, durationMs, sampled, qualifier} = change
  const definition = definitionOf(change, find)
  const {key: environmentKey, bornAt, initMs} = change.environment
  // a story of another release of slsops, or of nobody
  const story = Object.hasOwn(definition.stories, change.story) ? change.story : plainStory
  const run: Run = {touch: touchOf(change, story), at, version, requestAt: at, a: key, b: mix(key, 57)}
  const placed: PlacedRun = {
    run,
    durationMs,
    environment: {
      stream: streamName(definition, version, bornAt, hex(4, environmentKey, mix(environmentKey, 1))),
      key: environmentKey,
      initMs,
      preparedAt: null,
    },
    first: change.first,
    sampled,
  }
  return {placed, definition, qualifier, endedAt: endOf(run, durationMs), change}
}

/** A request of its own, with one place in it. */
function touchOf(
  {functionName, outcome, durationMs, sampled, key, asynchronous}: InvocationChange,
  story: string,
): Touch {
  const step = {in: functionName, story, ms: [1, 2] as const, outcome}
  const touches: Touch[] = []
  const nothing = randomArrivals(0, 'flat', key, key)
  const path: Path = {
    scenario: {name: 'invoked', share: 1, start: step},
    key,
    decidedBy: null,
    touches,
    isAsynchronous: asynchronous,
    arrivals: () => nothing,
  }
  const touch: Touch = {
    path,
    index: 0,
    step,
    via: 'start',
    delayMs: 0,
    above: null,
    caller: null,
    children: [],
    get requestIdFrom() {
      return touch
    },
    get traceFrom() {
      return touch
    },
    decided: {durationMs, sampled},
  }
  touches.push(touch)
  return touch
}

function definitionOf(change: InvocationChange, find: (name: string) => CompanyFunction | undefined): CompanyFunction {
  const {settings, functionName, maxMemoryUsedMB} = change
  const {logFormat, tracing, packageType, snapStart, systemLogLevel, logGroup, ...same} = settings
  const code = codeOf(change.code === null ? undefined : find(change.code))
  return {
    ...code,
    ...same,
    name: functionName,
    memoryUsedMB: [maxMemoryUsedMB, maxMemoryUsedMB],
    stories: storiesOf(change, code),
    ...(logFormat === 'JSON' && {logFormat}),
    ...(systemLogLevel === 'WARN' && {systemLogLevel}),
    ...(tracing === 'Active' && {tracing}),
    ...(packageType === 'Image' && {packageType}),
    ...(snapStart && {snapStart}),
    ...(logGroup !== `/aws/lambda/${functionName}` && {logGroup}),
  }
}

/** What is stopped does not come to the end of its story. */
function storiesOf({story, outcome, settings}: InvocationChange, code: Code): CompanyFunction['stories'] {
  const stories = {...code.stories, ...ownStories(settings.runtime)}
  const told = Object.hasOwn(stories, story) && stories[story]
  if (!told || outcome === 'ok' || outcome === 'error') return stories
  return {...stories, [story]: {...told, lines: told.lines.filter(([at]) => at < stoppedAt)}}
}

/** As a share of the story. */
const stoppedAt = 0.6

/** What of a function is its code, and not how it was configured. */
type Code = Omit<CompanyFunction, keyof InvokedSettings | 'name' | 'memoryUsedMB'>

/** Without a function of the company it is something that answers at once. */
function codeOf(definition: CompanyFunction | undefined): Code {
  if (!definition) return nobodysCode
  const {description, created, handler, codeSizeMB, initMs, logger, stories, environment} = definition
  return {description, created, handler, codeSizeMB, initMs, logger, stories, ...(environment && {environment})}
}

const nobodysCode = {
  description: '',
  created: '2026-01-01',
  handler: 'index.handler',
  codeSizeMB: 0.1,
  initMs: [140, 260],
  logger: 'console',
  stories: {},
} as const satisfies Code
