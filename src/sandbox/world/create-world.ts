import {type Change, isWrite} from '../changes.ts'
import type {SandboxState} from '../state.ts'
import {createClientFunctions} from './client-functions.ts'
import {createClientLogGroups} from './client-log-groups.ts'
import {createClientLogs} from './client-logs.ts'
import {createClientSegments} from './client-segments.ts'
import {larderDeployments, noDeployments} from './code-deploy/larder-deployments.ts'
import type {CompanyStack} from './company.ts'
import {routingOf} from './control-plane.ts'
import {durableExecutionsOf} from './durable-executions.ts'
import {createEnvironments} from './environments.ts'
import {createExecutions} from './executions.ts'
import {createFunctions} from './functions.ts'
import {createHistory} from './history.ts'
import {toInvocation} from './invocations.ts'
import {nameOf, releaseAlias, withExecutions} from './invoked-history.ts'
import {describeRules} from './invokers.ts'
import {createInvoking} from './invoking.ts'
import {homeRegion, larder} from './larder/company.ts'
import {createLogGroups} from './log-groups.ts'
import {createCompanyMetrics} from './metrics/company-metrics.ts'
import {createTouches, functionFinder, homesIn} from './places.ts'
import {createQueues, type Queues} from './queues.ts'
import {textKey} from './random.ts'
import {createRefusals} from './refusals.ts'
import {createRegionChanges} from './region-changes.ts'
import {describeReplicas} from './replicas.ts'
import {type RoutingStep, unaliased} from './routing.ts'
import {createSampling} from './sampling.ts'
import type {SandboxFunction} from './sandbox-function.ts'
import {scaledIndex, scaledStack} from './scale.ts'
import {createSelfActing} from './self-acting.ts'
import {createSpanGroup} from './span-group.ts'
import {describeMappings, describeStack} from './stacks.ts'
import {createTraces} from './traces.ts'
import type {World} from './world.ts'

export type WorldOptions = {
  readonly seed: number
  /** epoch ms */
  readonly now: () => number
  /** `empty` holds nothing but what clients create */
  readonly company: 'larder' | 'empty'
  /** which of the company's regions it is; the home region when absent */
  readonly region?: string
  /** how many functions there are in the home region in all: the company's own and generated ones */
  readonly scale?: number
  /** how long an update of a function takes to settle, in ms of the clock (default 800) */
  readonly settlingMs?: number
  /** how long provisioned concurrency takes to be allocated for another version, in ms of the clock (default 90 s) */
  readonly allocationMs?: number
  readonly state: SandboxState
}

const account = '123456789012'

/** Where the company has turned on Transaction Search, and when. */
const transactionSearchIn = 'us-east-1'
const transactionSearchSince = Date.UTC(2025, 4, 6, 9, 14)

/** The worlds of the company's other regions. */
export function createWorldsAbroad(options: Pick<WorldOptions, 'seed' | 'now' | 'state'>): readonly World[] {
  return Object.keys(larder)
    .filter(region => region !== homeRegion)
    .map(region => createWorld({...options, company: 'larder', region}))
}

/**
 * The world of one region: everything in it follows from the seed, the time and the changes in `state`.
 * Reading is pure: the same question about a closed window has the same answer, before and after a change.
 */
export function createWorld(options: WorldOptions): World {
  const {now, company, region = homeRegion, scale = 0, settlingMs = 800, allocationMs = 90_000, state} = options
  const where = {account, region}
  const isHome = region === homeRegion
  // What bears one name in two regions has a past of its own in each.
  const seed = isHome ? options.seed : textKey(region, options.seed)
  const stacks: readonly CompanyStack[] = company === 'larder' ? (larder[region] ?? []) : []
  const homes = homesIn(stacks)
  const scaled = company === 'larder' && isHome ? Math.max(0, scale - homes.size) : 0
  const {firstUsedAt} = state
  const functions = createFunctions({homes, scaled, seed, firstUsedAt, now, where, settlingMs, allocationMs})

  const findOwn = functionFinder(homes, scaled, functions.resized)
  const executions = createExecutions(findOwn)
  /** One of the company's, or one that a client made and invoked. */
  const find = (name: string) => findOwn(name) ?? executions.of(name).at(-1)?.definition

  const hasAlias = (name: string) => find(name)?.releases !== undefined
  const touches = createTouches(stacks, scaled, seed, {hasAlias, builtAs: functions.builtAs})
  const touchesIn = touches.in

  const deployed =
    company === 'larder' && isHome
      ? larderDeployments(name => homes.get(name)?.definition, seed, firstUsedAt)
      : noDeployments
  const routes = new Map<string, readonly RoutingStep[]>()
  const changes = createRegionChanges(state, region, now, takeOver, deployed.writes)
  executions.add(changes.all())
  functions.changed(changes.writes())
  function routing(name: string): readonly RoutingStep[] {
    let steps = routes.get(name)
    if (!steps) {
      const definition = homes.get(name)?.definition
      steps = definition ? routingOf(definition, functions.rerouted(name), seed, firstUsedAt) : unaliased
      routes.set(name, steps)
    }
    return steps
  }

  const acting = createSelfActing({
    stacks,
    hasAlarms: company === 'larder' && isHome,
    where,
    functions,
    changes,
    deployed,
    read: (...asked) => metrics.read(...asked),
    seed,
    firstUsedAt,
    now,
  })
  const {settled} = acting

  const history = createHistory({touchesIn, routing})
  const invoked = withExecutions({history, touchesIn, executions, hasAlias})
  const groups = new Map(stacks.flatMap(stack => stack.logGroups ?? []).map(group => [group.name, group] as const))
  const findGroup = (name: string) => groups.get(name)
  const sampling = createSampling({history, find, findGroup})
  const environments = createEnvironments({seed, history, find, routing, isSampled: sampling.isSampled})
  const clientLogs = createClientLogs(now)
  const clientLogGroups = createClientLogGroups(settled.record)
  clientLogGroups.changed(changes.writes())
  const clientSegments = createClientSegments()
  const traceDestination = company === 'larder' && region === transactionSearchIn ? 'CloudWatchLogs' : 'XRay'
  const traces = createTraces({
    stacks,
    where,
    find,
    findGroup,
    history,
    environments,
    executions,
    sampling,
    touches: touches.all,
    clientSegments,
    now,
  })
  const logs = createLogGroups({
    stacks,
    scaled,
    touchesIn,
    find,
    history,
    environments,
    executions,
    clientLogs,
    clientLogGroups,
    derivedGroups:
      traceDestination === 'CloudWatchLogs' ? [createSpanGroup(transactionSearchSince, traces.between)] : [],
    now,
    where,
    seed,
    firstUsedAt,
  })
  const refusals = createRefusals(stacks, seed)
  let queues: Queues | undefined
  const throttles = (place: string, from: number, to: number) =>
    (invoked.isCompanys(place) ? refusals.count(nameOf(place), from, to) : 0) + invoked.throttles(place, from, to)
  /** The company's own functions and those that clients asked for, in order; the same array as long as there are no others. */
  let named: {readonly asked: ReadonlySet<string>; readonly all: readonly string[]} | undefined
  function functionNames(): readonly string[] {
    const asked = executions.names()
    if (named?.asked !== asked) {
      const others = [...asked].filter(name => !homes.has(name) && scaledIndex(name, scaled) === null)
      named = {asked, all: [...homes.keys(), ...others].sort()}
    }
    return named.all
  }

  const metrics = createCompanyMetrics({
    invoked,
    find,
    routing,
    environments,
    logs,
    queues: at => world.queues(at),
    rules: () => world.rules(),
    names: functionNames,
    askedFor: invoked.askedFor,
    scaled,
    throttles,
    isStreamConsumer: name =>
      stacks.some(({mappings = []}) =>
        mappings.some(({functionName, source}) => functionName === name && /^(kinesis|dynamodb):/.test(source)),
      ),
    firstUsedAt,
    now,
  })

  function takeOver(fresh: readonly Change[]): void {
    executions.add(fresh)
    if (!fresh.some(isWrite)) return
    functions.changed(changes.writes())
    clientLogGroups.changed(changes.writes())
    acting.changed()
    for (const change of fresh) if (change.kind === 'log-group-deleted') clientLogs.drop(change.logGroup)
    if (fresh.some(change => 'alias' in change && change.alias === releaseAlias)) forgetRouting()
    // a minute that is not over yet may have been looked at
    if (fresh.some(({kind}) => kind === 'configuration-changed')) environments.forget()
  }

  function forgetRouting(): void {
    routes.clear()
    sampling.forget()
    environments.forget()
    traces.forget()
    metrics.forget()
  }

  let replicas: readonly SandboxFunction[] | undefined
  function allReplicas(): readonly SandboxFunction[] {
    replicas ??= company === 'larder' ? describeReplicas(larder, where, options.seed, firstUsedAt) : []
    return replicas
  }

  const invoke = createInvoking({
    where,
    seed,
    now,
    executions,
    environments,
    find: findOwn,
    touchesIn,
    perDay: touch => history.countAt(touch, firstUsedAt - 86_400_000, firstUsedAt),
    describe: name => world.servingFunction(name) ?? world.function(name),
    requireLogGroup(name) {
      if (!logs.group(name)) world.createLogGroup(name, {})
    },
    record: change => changes.record(change, change.at),
  })

  /** Reads what is asked for as the changes of all processes have left it. */
  const latest =
    <Asked extends readonly unknown[], Answer>(read: (...asked: Asked) => Answer) =>
    (...asked: Asked): Answer => {
      settled.catchUp()
      return read(...asked)
    }

  const world: World = {
    ...where,
    now,
    functions: latest(functions.all),
    function: latest(name => functions.one(name) ?? allReplicas().find(each => each.name === name)),
    servingFunction: latest(functions.serving),
    replicas: allReplicas,
    stacks: () =>
      [...stacks, ...(scaled > 0 ? [scaledStack] : [])].map(stack =>
        describeStack(stack, stacks, logs.names, seed, firstUsedAt, where),
      ),
    eventSourceMappings: () => stacks.flatMap(stack => describeMappings(stack, where)),
    alarms: latest(acting.seen.alarms),
    compositeAlarms: latest(acting.seen.compositeAlarms),
    schedules: latest(acting.seen.schedules),
    queues: latest((at = now()) => {
      queues ??= createQueues({stacks, history, touchesIn, find, where, firstUsedAt})
      return queues.at(at)
    }),
    rules: () => stacks.flatMap(stack => describeRules(stack, where)).sort(byName),
    durableExecutions: latest(name => {
      const definition = findOwn(name)
      return definition ? durableExecutionsOf(definition, history, now()) : []
    }),
    metrics: {list: latest(metrics.list), read: latest(metrics.read)},
    logGroups: latest(logs.groups),
    logGroup: latest(logs.group),
    logEvents: latest(logs.events),
    ingestedEvents: latest(logs.ingested),
    logStreams: latest(logs.streams),
    invocations: latest((functionName, from, to) => {
      const definition = findOwn(functionName)
      const own = definition ? environments.placed(definition, from, to) : []
      const asked = invoked.executed(functionName, undefined, from, to)
      return [
        ...own.flatMap(placed => (definition ? [toInvocation(placed, definition)] : [])),
        ...asked.map(each => toInvocation(each.placed, each.definition)),
      ].sort((x, y) => x.at - y.at)
    }),
    count: latest((functionName, from, to, of) =>
      find(functionName) ? invoked.history.count(functionName, from, to, of) : 0,
    ),
    throttles: latest(throttles),
    traceDestination,
    traces: latest(traces.between),
    trace: latest(traces.byId),
    createLogStream: (group, name) => clientLogs.createStream(group, name),
    putLogEvents: (group, stream, events) => clientLogs.put(group, stream, events),
    putSegments: documents => clientSegments.put(documents),
    alone: settled.alone,
    ...acting.writing,
    ...clientLogGroups.writing,
    ...createClientFunctions(functions, settled),
    // what runs already, in other processes too, decides what becomes of it
    invoke: (...asked) => settled.alone(() => invoke(...asked)),
  }
  return world
}

const byName = (x: {readonly name: string}, y: {readonly name: string}) => (x.name < y.name ? -1 : 1)
