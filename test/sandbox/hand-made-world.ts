import type {SandboxAlarm} from '../../src/sandbox/world/alarms/alarm.ts'
import type {SandboxMetrics} from '../../src/sandbox/world/metrics/metric.ts'
import type {SandboxFunction, SandboxVersion} from '../../src/sandbox/world/sandbox-function.ts'
import type {
  SandboxEventSourceMapping,
  SandboxQueue,
  SandboxRule,
  SandboxStack,
} from '../../src/sandbox/world/sandbox-resources.ts'
import type {SandboxSchedule} from '../../src/sandbox/world/schedules/schedules.ts'
import type {SegmentDocument} from '../../src/sandbox/world/segment-document.ts'
import type {
  SandboxLogEvent,
  SandboxLogGroup,
  SandboxLogStream,
  SandboxTrace,
  World,
} from '../../src/sandbox/world/world.ts'

/** The moment at which hand-made worlds stand still. */
export const noon = Date.UTC(2026, 7, 10, 12)

const account = '123456789012'
export const homeRegion = 'eu-west-1'

type GroupParts = Partial<SandboxLogGroup> & {
  readonly name: string
  readonly events?: readonly SandboxLogEvent[]
  readonly streams?: readonly SandboxLogStream[]
}

export type WorldParts = {
  readonly region?: string
  readonly now?: () => number
  readonly groups?: readonly GroupParts[]
  readonly functions?: readonly SandboxFunction[]
  readonly replicas?: readonly SandboxFunction[]
  readonly stacks?: readonly SandboxStack[]
  readonly mappings?: readonly SandboxEventSourceMapping[]
  readonly alarms?: readonly SandboxAlarm[]
  readonly queues?: readonly SandboxQueue[]
  readonly rules?: readonly SandboxRule[]
  readonly schedules?: readonly SandboxSchedule[]
  readonly metrics?: SandboxMetrics
  readonly traceDestination?: World['traceDestination']
  /** what X-Ray was sent */
  readonly segments?: readonly SegmentDocument[]
}

const never = (): never => {
  throw new Error('not part of this world')
}

/** A world of a few things a test names, instead of a whole company. */
export function makeWorld(parts: WorldParts = {}): World {
  const now = parts.now ?? (() => noon)
  const groups = new Map<string, SandboxLogGroup>()
  const segments = [...(parts.segments ?? [])]
  const events = new Map<string, SandboxLogEvent[]>()
  const streams = new Map<string, SandboxLogStream[]>()
  for (const {events: own = [], streams: ownStreams, ...group} of parts.groups ?? []) {
    groups.set(group.name, makeGroup(group))
    events.set(group.name, own.toSorted(inAnswerOrder))
    streams.set(group.name, [
      ...(ownStreams ?? [...new Set(own.map(event => event.logStream))].map(name => makeStream({name}))),
    ])
  }
  return {
    account,
    region: parts.region ?? homeRegion,
    now,
    functions: () => parts.functions ?? [],
    function: name => [...(parts.functions ?? []), ...(parts.replicas ?? [])].find(fn => fn.name === name),
    servingFunction: name => parts.functions?.find(fn => fn.name === name),
    replicas: () => parts.replicas ?? [],
    alone: act => act(),
    stacks: () => parts.stacks ?? [],
    eventSourceMappings: () => parts.mappings ?? [],
    alarms: () => parts.alarms ?? [],
    compositeAlarms: () => [],
    codeDeploy: {groups: never, configs: never, deployments: never, create: never, stop: never},
    scheduleWrites: {create: never, update: never, remove: never},
    alarmWrites: {put: never, remove: never, setState: never},
    queues: () => parts.queues ?? [],
    rules: () => parts.rules ?? [],
    schedules: () => parts.schedules ?? [],
    durableExecutions: () => [],
    metrics: parts.metrics ?? {list: () => [], read: () => []},
    logGroups: () => [...groups.values()],
    logGroup: name => groups.get(name),
    logStreams: group => streams.get(group) ?? [],
    logEvents: (group, from, to, only) =>
      (events.get(group) ?? []).filter(
        ({timestamp, logStream}) =>
          timestamp >= from &&
          timestamp <= to &&
          (only?.names?.has(logStream) ?? true) &&
          logStream.startsWith(only?.prefix ?? ''),
      ),
    ingestedEvents: (group, from, to) =>
      (events.get(group) ?? []).filter(({ingestionTime}) => ingestionTime >= from && ingestionTime < to),
    createLogGroup: (name, {class: logClass = 'STANDARD', tags = {}}) => {
      groups.set(name, makeGroup({name, class: logClass, tags, createdAt: now()}))
    },
    createLogStream: (group, name) =>
      streams.set(group, [...(streams.get(group) ?? []), makeStream({name, createdAt: now()})]),
    putLogEvents: (group, logStream, written) => {
      const made = written.map((event, index) =>
        makeEvent({...event, logStream, ingestionTime: now(), order: 1e6 + index}),
      )
      events.set(group, [...(events.get(group) ?? []), ...made].sort(inAnswerOrder))
    },
    invocations: never,
    count: never,
    throttles: never,
    traceDestination: parts.traceDestination ?? 'XRay',
    traces: (from, to) =>
      [...Map.groupBy(segments, ({trace_id}) => trace_id)]
        .map(([id, documents]) => makeTrace(id, documents))
        .filter(({at}) => at >= from && at < to)
        .sort((a, b) => a.at - b.at),
    trace: id => {
      const documents = segments.filter(({trace_id}) => trace_id === id)
      return documents.length === 0 ? undefined : makeTrace(id, documents)
    },
    putSegments: documents => {
      segments.push(...documents)
    },
    createFunction: never,
    deleteFunction: never,
    deleteVersion: never,
    updateConfiguration: never,
    updateCode: never,
    publishVersion: never,
    putReservedConcurrency: never,
    putProvisionedConcurrency: never,
    tagFunction: never,
    untagFunction: never,
    functionCode: never,
    deleteLogGroup: never,
    putRetention: never,
    tagLogGroup: never,
    untagLogGroup: never,
    invoke: never,
    createAlias: never,
    updateAlias: never,
    deleteAlias: never,
  }
}

function makeTrace(id: string, documents: readonly SegmentDocument[]): SandboxTrace {
  return {id, at: Math.min(...documents.map(({start_time}) => start_time * 1000)), documents}
}

function makeGroup(group: Partial<SandboxLogGroup> & {readonly name: string}): SandboxLogGroup {
  return {
    class: 'STANDARD',
    createdAt: noon - 30 * 86_400_000,
    retentionInDays: null,
    storedBytes: 0,
    tags: {},
    ...group,
  }
}

export function makeStream(stream: Partial<SandboxLogStream> & {readonly name: string}): SandboxLogStream {
  return {createdAt: noon - 86_400_000, firstEventAt: null, lastEventAt: null, lastIngestedAt: null, ...stream}
}

export function makeEvent(event: Partial<SandboxLogEvent> & {readonly timestamp: number}): SandboxLogEvent {
  const {timestamp, order = 0, logStream = '2026/08/10/[$LATEST]aa'} = event
  const eventId = `${timestamp}${String(order).padStart(8, '0')}`
  return {logStream, ingestionTime: timestamp + 500, order, eventId, message: `event ${eventId}`, ...event}
}

/** `count` events, `everyMs` apart, the last one at `until`. */
export function makeEvents(count: number, everyMs: number, until = noon - 60_000): SandboxLogEvent[] {
  return Array.from({length: count}, (_, index) =>
    makeEvent({timestamp: until - (count - 1 - index) * everyMs, order: index}),
  )
}

export function makeVersion(version: Partial<SandboxVersion> = {}): SandboxVersion {
  return {
    version: '$LATEST',
    description: '',
    publishedAt: noon - 86_400_000,
    memorySizeMB: 256,
    timeoutSeconds: 5,
    runtime: 'nodejs24.x',
    codeSize: 12_345,
    codeSha256: 'n1sNdqPFyoBTnCQEBF7yLpjVW0yhuPGUvWwIHFOAgbY=',
    revisionId: '0d8c1c3e-7a63-4a6e-9f39-2d3a1f6f8e11',
    environment: {},
    imageUri: null,
    behavesAs: null,
    ...version,
  }
}

export function makeFunction(fn: Partial<SandboxFunction> & {readonly name: string}): SandboxFunction {
  return {
    handler: 'index.handler',
    description: '',
    architecture: 'x86_64',
    logFormat: 'Text',
    applicationLogLevel: null,
    systemLogLevel: null,
    masterArn: null,
    grants: [],
    urls: [],
    eventInvokeConfigs: [],
    logGroup: `/aws/lambda/${fn.name}`,
    tracing: 'PassThrough',
    snapStart: false,
    provisionedConcurrency: null,
    reservedConcurrency: null,
    packageType: 'Zip',
    roleArn: `arn:aws:iam::${account}:role/${fn.name}`,
    deadLetterArn: null,
    layers: [],
    vpc: null,
    tags: {},
    stack: 'shop',
    logicalId: 'Function',
    state: 'Active',
    lastUpdate: 'Successful',
    ephemeralStorageMB: 512,
    versions: [makeVersion()],
    aliases: [],
    ...fn,
  }
}

function inAnswerOrder(a: SandboxLogEvent, b: SandboxLogEvent): number {
  return a.timestamp - b.timestamp || a.ingestionTime - b.ingestionTime || a.order - b.order
}
