import {ServiceError} from '../wire/service-error.ts'
import {noMetrics} from '../world/metrics.ts'
import type {World} from '../world/world.ts'

/** The company's account as seen from a region it does not use: nothing is there, and nothing can be made there. */
export function emptyRegion(home: World, abroad: readonly World[]): World {
  const used = new Intl.ListFormat('en').format([home, ...abroad].map(({region}) => region))
  const refuse = (): never => {
    throw new ServiceError(
      'AccessDeniedException',
      `The embedded AWS keeps everything in ${used}; other regions are empty accounts.`,
    )
  }
  return {
    account: home.account,
    region: home.region,
    now: () => home.now(),
    functions: () => [],
    function: () => undefined,
    replicas: () => [],
    stacks: () => [],
    eventSourceMappings: () => [],
    alarms: () => [],
    queues: () => [],
    rules: () => [],
    schedules: () => [],
    metrics: noMetrics,
    logGroups: () => [],
    logGroup: () => undefined,
    logEvents: () => [],
    ingestedEvents: () => [],
    logStreams: () => [],
    invocations: () => [],
    count: () => 0,
    throttles: () => 0,
    traceDestination: 'XRay',
    traces: () => [],
    trace: () => undefined,
    createLogGroup: refuse,
    createLogStream: refuse,
    putLogEvents: refuse,
    putSegments: refuse,
    updateAlias: refuse,
  }
}
