import type {Change, SandboxState} from '../state.ts'
import {evaluateAlarms} from './alarms.ts'
import {createClientLogs} from './client-logs.ts'
import {createClientSegments} from './client-segments.ts'
import type {CompanyFunction, CompanyStack} from './company.ts'
import {describeFunction, routingOf} from './control-plane.ts'
import {createEnvironments} from './environments.ts'
import {createHistory, pathsOf, type Touch} from './history.ts'
import {toInvocation} from './invocations.ts'
import {describeRules, describeSchedules} from './invokers.ts'
import {homeRegion, larder} from './larder/company.ts'
import {createLogGroups} from './log-groups.ts'
import {createCompanyMetrics} from './metrics/company-metrics.ts'
import {createQueues, type Queues} from './queues.ts'
import {textKey} from './random.ts'
import {createRefusals} from './refusals.ts'
import {describeReplicas} from './replicas.ts'
import {type RoutingStep, unaliased} from './routing.ts'
import {createSampling} from './sampling.ts'
import {scaledEntry, scaledFunction, scaledIndex, scaledName, scaledStack} from './scale.ts'
import {createSpanGroup} from './span-group.ts'
import {describeMappings, describeStack} from './stacks.ts'
import {createTraces} from './traces.ts'
import type {SandboxFunction, World} from './world.ts'

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
  const {now, company, region = homeRegion, scale = 0, state} = options
  const where = {account, region}
  const isHome = region === homeRegion
  // What bears one name in two regions has a past of its own in each.
  const seed = isHome ? options.seed : textKey(region, options.seed)
  const stacks: readonly CompanyStack[] = company === 'larder' ? (larder[region] ?? []) : []
  const homes = new Map(
    stacks.flatMap(stack => stack.functions.map(definition => [definition.name, {definition, stack}] as const)),
  )
  const scaled = company === 'larder' && isHome ? Math.max(0, scale - homes.size) : 0
  const {firstUsedAt} = state

  function find(name: string): CompanyFunction | undefined {
    const own = homes.get(name)?.definition
    if (own) return own
    const index = scaledIndex(name, scaled)
    return index === null ? undefined : scaledFunction(index)
  }

  const hasAlias = (name: string) => find(name)?.releases !== undefined
  const touches = new Map<string, Touch[]>()
  for (const path of stacks.flatMap(stack => stack.entries ?? []).flatMap(entry => pathsOf(entry, seed, hasAlias))) {
    for (const touch of path.touches) touches.set(touch.step.in, [...(touches.get(touch.step.in) ?? []), touch])
  }
  const scaledTouches = new Map<string, readonly Touch[]>()
  function touchesIn(place: string): readonly Touch[] {
    const known = touches.get(place) ?? scaledTouches.get(place)
    if (known) return known
    const index = scaledIndex(place, scaled)
    if (index === null) return []
    const made = pathsOf(scaledEntry(index, seed), seed, () => false).flatMap(path => path.touches)
    // a hundred thousand of them with what they remember would be gigabytes
    if (scaledTouches.size > 2000) scaledTouches.clear()
    scaledTouches.set(place, made)
    return made
  }

  const routes = new Map<string, readonly RoutingStep[]>()
  let allChangesSeen = state.changes()
  let changesSeen = changesHere()
  function changesHere(): readonly Change[] {
    return allChangesSeen.filter(change => (change.region ?? homeRegion) === region)
  }
  function routing(name: string): readonly RoutingStep[] {
    let steps = routes.get(name)
    if (!steps) {
      const definition = homes.get(name)?.definition
      steps = definition ? routingOf(definition, changesSeen, seed, firstUsedAt) : unaliased
      routes.set(name, steps)
    }
    return steps
  }

  const history = createHistory({touchesIn, routing})
  const groups = new Map(stacks.flatMap(stack => stack.logGroups ?? []).map(group => [group.name, group] as const))
  const findGroup = (name: string) => groups.get(name)
  const sampling = createSampling({history, find, findGroup})
  const environments = createEnvironments({seed, history, find, routing, isSampled: sampling.isSampled})
  const clientLogs = createClientLogs(now)
  const clientSegments = createClientSegments()
  const traceDestination = company === 'larder' && region === transactionSearchIn ? 'CloudWatchLogs' : 'XRay'
  const traces = createTraces({
    stacks,
    where,
    find,
    findGroup,
    history,
    environments,
    sampling,
    touches: [...touches.values()].flat(),
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
    clientLogs,
    derivedGroups:
      traceDestination === 'CloudWatchLogs' ? [createSpanGroup(transactionSearchSince, traces.between)] : [],
    now,
    where,
    seed,
    firstUsedAt,
  })
  const refusals = createRefusals(stacks, seed)
  let queues: Queues | undefined

  const metrics = createCompanyMetrics({
    history,
    touchesIn,
    find,
    routing,
    environments,
    logs,
    queues: at => world.queues(at),
    rules: () => world.rules(),
    names: [...homes.keys()],
    scaled,
    throttles: refusals.count,
    isStreamConsumer: name =>
      stacks.some(({mappings = []}) =>
        mappings.some(({functionName, source}) => functionName === name && /^(kinesis|dynamodb):/.test(source)),
      ),
    firstUsedAt,
    now,
  })

  /** Takes over what was changed since, also by other processes; what came before a change does not depend on it. */
  function catchUp(): void {
    const changes = state.changes()
    if (changes === allChangesSeen) return
    allChangesSeen = changes
    changesSeen = changesHere()
    routes.clear()
    sampling.forget()
    environments.forget()
    traces.forget()
    metrics.forget()
    described = undefined
  }

  let described: readonly SandboxFunction[] | undefined
  function allFunctions(): readonly SandboxFunction[] {
    catchUp()
    described ??= [
      ...[...homes.values()]
        .map(({definition, stack}) => describeFunction(definition, stack, changesSeen, seed, firstUsedAt, where))
        .sort((x, y) => (x.name < y.name ? -1 : 1)),
      ...Array.from({length: scaled}, (_, index) => describeScaled(index)),
    ]
    return described
  }
  // described from one model: a hundred thousand of them share all but their names
  let model: SandboxFunction | undefined
  function describeScaled(index: number): SandboxFunction {
    model ??= describeFunction(scaledFunction(0), scaledStack, [], seed, firstUsedAt, where)
    const name = scaledName(index)
    return {...model, name, logGroup: `/aws/lambda/${name}`, logicalId: `Scaled${index}Function`}
  }

  let replicas: readonly SandboxFunction[] | undefined
  function allReplicas(): readonly SandboxFunction[] {
    replicas ??= company === 'larder' ? describeReplicas(larder, where, options.seed, firstUsedAt) : []
    return replicas
  }

  const world: World = {
    ...where,
    now,
    functions: allFunctions,
    function(name) {
      catchUp()
      const home = homes.get(name)
      if (home) return describeFunction(home.definition, home.stack, changesSeen, seed, firstUsedAt, where)
      const index = scaledIndex(name, scaled)
      return index === null ? allReplicas().find(each => each.name === name) : describeScaled(index)
    },
    replicas: allReplicas,
    stacks: () =>
      [...stacks, ...(scaled > 0 ? [scaledStack] : [])].map(stack =>
        describeStack(stack, stacks, logs.names, seed, firstUsedAt, where),
      ),
    eventSourceMappings: () => stacks.flatMap(stack => describeMappings(stack, where)),
    alarms() {
      catchUp()
      return company === 'larder' && isHome ? evaluateAlarms(now(), history.count) : []
    },
    queues(at = now()) {
      catchUp()
      queues ??= createQueues({stacks, history, touchesIn, find, where, firstUsedAt})
      return queues.at(at)
    },
    rules: () => stacks.flatMap(stack => describeRules(stack, where)).sort(byName),
    schedules: () => stacks.flatMap(stack => describeSchedules(stack, where)).sort(byName),
    metrics: {
      list(recentlyActive, of) {
        catchUp()
        return metrics.list(recentlyActive, of)
      },
      read(metric, statistic, periodSeconds, from, to) {
        catchUp()
        return metrics.read(metric, statistic, periodSeconds, from, to)
      },
    },
    logGroups: () => logs.groups(),
    logGroup: name => logs.group(name),
    logEvents(group, from, to, streams) {
      catchUp()
      return logs.events(group, from, to, streams)
    },
    ingestedEvents(group, from, to) {
      catchUp()
      return logs.ingested(group, from, to)
    },
    logStreams(group) {
      catchUp()
      return logs.streams(group)
    },
    invocations(functionName, from, to) {
      catchUp()
      const definition = find(functionName)
      return definition ? environments.placed(definition, from, to).map(placed => toInvocation(placed, definition)) : []
    },
    count(functionName, from, to, of) {
      catchUp()
      return find(functionName) ? history.count(functionName, from, to, of) : 0
    },
    throttles: (functionName, from, to) => refusals.count(functionName, from, to),
    traceDestination,
    traces(from, to) {
      catchUp()
      return traces.between(from, to)
    },
    trace(id) {
      catchUp()
      return traces.byId(id)
    },
    createLogGroup: (name, options) => clientLogs.createGroup(name, options),
    createLogStream: (group, name) => clientLogs.createStream(group, name),
    putLogEvents: (group, stream, events) => clientLogs.put(group, stream, events),
    putSegments: documents => clientSegments.put(documents),
    updateAlias(functionName, name, change) {
      catchUp()
      const alias = world.function(functionName)?.aliases.find(each => each.name === name)
      if (!alias) throw new Error(`${functionName} has no alias ${name}`)
      const {version, weights, description} = {...alias, ...change}
      const at = Math.max(now(), ...changesSeen.map(each => each.at))
      state.record({
        kind: 'alias',
        ...(!isHome && {region}),
        at,
        functionName,
        alias: name,
        version,
        weights,
        description,
      })
      catchUp()
      return world.function(functionName)?.aliases.find(each => each.name === name) ?? alias
    },
  }
  return world
}

const byName = (x: {readonly name: string}, y: {readonly name: string}) => (x.name < y.name ? -1 : 1)
