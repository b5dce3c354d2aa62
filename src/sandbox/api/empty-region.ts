import {ServiceError} from '../wire/service-error.ts'
import {predefinedConfigs} from '../world/code-deploy/deployment-configs.ts'
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
    servingFunction: () => undefined,
    replicas: () => [],
    stacks: () => [],
    eventSourceMappings: () => [],
    alarms: () => [],
    compositeAlarms: () => [],
    codeDeploy: {
      groups: () => [],
      configs: () => predefinedConfigs,
      deployments: () => [],
      create: refuse,
      stop: refuse,
    },
    scheduleWrites: {create: refuse, update: refuse, remove: refuse},
    alarmWrites: {put: refuse, remove: refuse, setState: refuse},
    queues: () => [],
    rules: () => [],
    schedules: () => [],
    durableExecutions: () => [],
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
    alone: act => act(),
    createLogGroup: refuse,
    createLogStream: refuse,
    putLogEvents: refuse,
    putSegments: refuse,
    createFunction: refuse,
    deleteFunction: refuse,
    deleteVersion: refuse,
    updateConfiguration: refuse,
    updateCode: refuse,
    publishVersion: refuse,
    putReservedConcurrency: refuse,
    putProvisionedConcurrency: refuse,
    tagFunction: refuse,
    untagFunction: refuse,
    deleteLogGroup: refuse,
    putRetention: refuse,
    tagLogGroup: refuse,
    untagLogGroup: refuse,
    invoke: refuse,
    functionCode: () => undefined,
    createAlias: refuse,
    updateAlias: refuse,
    deleteAlias: refuse,
  }
}
