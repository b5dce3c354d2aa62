import {type Counted, edgeKey, type Graph, type GraphService, renamed} from './service-graph.ts'

/**
 * Makes one service of the two that X-Ray has for a Lambda function: `AWS::Lambda`, which takes requests, and
 * `AWS::Lambda::Function`, which runs them. What leads to either leads to the function; the edge between them goes.
 */
export function foldFunctions(graph: Graph): Graph {
  const runs = new Map(
    graph.services
      .values()
      .filter(({type}) => type === 'AWS::Lambda::Function')
      .map(service => [placeOf(service), service]),
  )
  const takes = graph.services.values().filter(({type, ...rest}) => type === 'AWS::Lambda' && runs.has(placeOf(rest)))
  const pairs = [...takes].map(service => ({service, run: runs.get(placeOf(service)) as GraphService}))
  if (pairs.length === 0) return graph

  const keys = new Map(pairs.map(({service, run}) => [service.key, run.key]))
  const folded = new Map(pairs.map(({service, run}) => [run.key, foldedService(service, run)]))
  const services = graph.services
    .values()
    .filter(({key}) => !keys.has(key))
    .map(service => folded.get(service.key) ?? service)
  const between = new Set(
    pairs.flatMap(({service, run}) => [true, false].map(isAsync => edgeKey({from: service.key, to: run.key, isAsync}))),
  )
  const edges = new Map(graph.edges.entries().filter(([key]) => !between.has(key)))
  return renamed({...graph, edges}, services, keys)
}

const placeOf = ({region, account, name}: Omit<GraphService, 'type'>): string => JSON.stringify([region, account, name])

function foldedService(service: GraphService, run: GraphService): GraphService {
  const counted = service.counted && run.counted ? foldedCounts(service.counted, run.counted) : null
  return {...run, isRoot: service.isRoot || run.isRoot, counted: counted ?? run.counted ?? service.counted}
}

/**
 * No call and no failure is counted twice. Calls are the requests, or what ran and what was throttled, whichever is more: a
 * throttled request never ran, and an asynchronous one that was tried again ran more than once. Failures are what running met, and of what Lambda answered only
 * those beyond it, as which Lambda itself failed. Throttles are Lambda's; times are the function's own.
 */
function foldedCounts(service: Counted, run: Counted): Counted {
  const throttles = Math.max(service.throttles, run.throttles)
  const [answered, ran] = [service, run].map(({errors, throttles, faults}) => ({errors: errors - throttles, faults}))
  const beyond = Math.max(0, total(answered) - total(ran))
  const moreFaults = Math.min(beyond, Math.max(0, (answered?.faults ?? 0) - run.faults))
  return {
    calls: Math.max(service.calls, run.calls + throttles),
    throttles,
    faults: run.faults + moreFaults,
    errors: throttles + (ran?.errors ?? 0) + beyond - moreFaults,
    times: run.times.size > 0 ? run.times : service.times,
  }
}

const total = ({errors, faults} = {errors: 0, faults: 0}): number => errors + faults
