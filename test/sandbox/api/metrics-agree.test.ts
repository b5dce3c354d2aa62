import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch'
import {CloudWatchLogsClient, paginateFilterLogEvents} from '@aws-sdk/client-cloudwatch-logs'
import {
  type FunctionConfiguration,
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
  paginateListFunctions,
} from '@aws-sdk/client-lambda'
import {BatchGetTracesCommand, paginateGetTraceSummaries, XRayClient} from '@aws-sdk/client-xray'
import {describe, expect, test} from 'vitest'
import type {World} from '../../../src/sandbox/world/world.ts'
import {cloneOf} from '../world/clone.ts'
import {firstUsed, minute} from '../world/larder-world.ts'
import {larderServer} from './larder-server.ts'
import {onDemandStreams} from './on-demand-streams.ts'
import {type ReportedInvocation, reportedInvocations} from './reported-invocations.ts'

// Half an hour with the release of checkout-api in it, over when the clock says so.
const to = Math.floor(firstUsed / minute) * minute
const from = to - 30 * minute

type Window = {readonly from: number; readonly to: number}

async function company() {
  const {connect, clock, world} = await larderServer()
  invokeSome(world, clock)
  clock.at = to + 10 * minute
  const lambda = connect(LambdaClient)
  const functions: FunctionConfiguration[] = []
  for await (const page of paginateListFunctions({client: lambda}, {})) functions.push(...(page.Functions ?? []))
  const [logs, cloudwatch, xray] = [connect(CloudWatchLogsClient), connect(CloudWatchClient), connect(XRayClient)]
  return {functions, world, clock, lambda, logs, cloudwatch, xray}
}

/** Clients invoke in that half hour too, as the company itself does: by its alias where a function has one. */
function invokeSome(world: World, clock: {at: number}): void {
  clock.at = from - 20 * minute
  const clone = cloneOf(world, 'checkout-api', 'slsops-tune-checkout-api-x1')
  clock.at = from
  const names = [clone, ...world.functions().flatMap(({name, state}) => (state === 'Active' ? [name] : []))]
  for (let i = 0; clock.at < to - minute; i++) {
    const name = names[i % names.length] ?? clone
    const alias = world.function(name)?.aliases[0]
    const payload = i % 7 === 0 ? '{"simulate":"error"}' : i % 11 === 0 ? '{"simulate":"timeout"}' : '{}'
    const execution = world.invoke(name, alias?.version ?? '$LATEST', payload, {qualifier: alias?.name ?? null})
    clock.at += 'tookMs' in execution ? Math.min(execution.tookMs, 4000) : 0
  }
}

const groupOf = ({FunctionName, LoggingConfig}: FunctionConfiguration) =>
  LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`

/** System logs at WARN have no reports of what went well. */
const reportsAll = ({LoggingConfig}: FunctionConfiguration) => LoggingConfig?.SystemLogLevel !== 'WARN'

describe('metrics and logs', () => {
  test('tell the same of every function: invocations, errors and durations, by version too', async () => {
    const {functions, logs, cloudwatch} = await company()
    let compared = 0
    for (const each of functions.filter(reportsAll)) {
      const name = each.FunctionName ?? ''
      const reported = await reportedInvocations(logs, groupOf(each), name, {from, to})
      if (!reported) continue
      await expectToAgree(cloudwatch, {FunctionName: name}, reported)
      const versions = new Set(reported.map(({version}) => version))
      const resource = {FunctionName: name, Resource: versions.has('$LATEST') ? name : `${name}:live`}
      await expectToAgree(cloudwatch, resource, reported)
      for (const version of versions) {
        if (version === '$LATEST') continue
        const ofVersion = reported.filter(invocation => invocation.version === version)
        await expectToAgree(cloudwatch, {...resource, ExecutedVersion: version}, ofVersion)
      }
      compared += reported.length
    }
    expect(compared).toBeGreaterThan(2000)
  })

  test('tell what provisioned concurrency served, and what spilled over, by version too', async () => {
    const {functions, world, clock, lambda, logs, cloudwatch} = await company()
    // a version that an alias has only now has nothing provisioned yet
    world.updateAlias('inventory', 'live', {version: '17', weights: {16: 0.4}})
    const since = clock.at
    clock.at = since + 20 * minute
    world.updateAlias('inventory', 'live', {version: '15', weights: {}})
    clock.at = since + 160 * minute
    const window = {from: from - 60 * minute, to: since + 150 * minute}
    const seen = new Map<string, number>()
    for (const {FunctionName: name = '', ...each} of functions) {
      const configs = await lambda.send(new ListProvisionedConcurrencyConfigsCommand({FunctionName: name}))
      if (configs.ProvisionedConcurrencyConfigs?.length === 0) continue
      const reported = (await reportedInvocations(logs, groupOf({FunctionName: name, ...each}), name, window)) ?? []
      if (reported.length === 0) continue
      const waitedFor = await onDemandStreams(logs, groupOf({FunctionName: name, ...each}), window)
      for (const version of [undefined, ...new Set(reported.map(invocation => invocation.version))]) {
        const ran = reported.filter(invocation => version === undefined || invocation.version === version)
        const spilled = ran.filter(({stream}) => waitedFor.has(stream)).length
        const resource = {FunctionName: name, Resource: `${name}:live`}
        const dimensions = version === undefined ? resource : {...resource, ExecutedVersion: version}
        const of = (metric: string) => ({namespace: 'AWS/Lambda', name: metric, dimensions, stat: 'Sum'})
        const [served, beyond] = await sums(
          cloudwatch,
          [of('ProvisionedConcurrencyInvocations'), of('ProvisionedConcurrencySpilloverInvocations')],
          window,
        )
        expect({dimensions, served, beyond}).toEqual({dimensions, served: ran.length - spilled, beyond: spilled})
        seen.set(`${name} ${version ?? ''}`, spilled)
      }
    }
    expect([...seen.keys()]).toEqual([
      'img-thumb-v1 ',
      'img-thumb-v1 7',
      'inventory ',
      'inventory 17',
      'inventory 16',
      'inventory 15',
    ])
    expect(seen.get('inventory 15')).toBeGreaterThan(10)
    expect(seen.get('inventory 16')).toBeGreaterThan(10)
  })

  test('tell how much came in: every event, and its bytes', async () => {
    const {functions, logs, cloudwatch} = await company()
    for (const each of functions.filter(({FunctionName = ''}) => /^(checkout|inventory|stock)/.test(FunctionName))) {
      const group = groupOf(each)
      const window = {startTime: from - 2 * minute, endTime: to + 2 * minute}
      let events = 0
      let bytes = 0
      for await (const page of paginateFilterLogEvents({client: logs}, {logGroupName: group, ...window})) {
        for (const {ingestionTime = 0, message = ''} of page.events ?? []) {
          if (ingestionTime < from || ingestionTime >= to) continue
          events++
          bytes += Buffer.byteLength(message) + 26
        }
      }
      const [ofEvents, ofBytes] = await sums(
        cloudwatch,
        ['IncomingLogEvents', 'IncomingBytes'].map(name => ({
          namespace: 'AWS/Logs',
          name,
          dimensions: {LogGroupName: group},
          stat: 'Sum',
        })),
      )
      expect({group, ofEvents, ofBytes}).toEqual({group, ofEvents: events, ofBytes: bytes})
      expect(events).toBeGreaterThan(0)
    }
  })

  test('tell the same as alarms', async () => {
    const {cloudwatch} = await company()
    let judged = 0
    for await (const {MetricAlarms = []} of paginateDescribeAlarms({client: cloudwatch}, {})) {
      for (const {StateReason = '', Period = 0, MetricName = '', Dimensions = []} of MetricAlarms) {
        const [, value, day, month, year, time] =
          /\[([\d.]+) \((\d\d)\/(\d\d)\/(\d\d) ([\d:]+)\)\]/.exec(StateReason) ?? []
        // one without data
        if (value === undefined) continue
        const start = Date.parse(`20${year}-${month}-${day}T${time}Z`)
        const dimensions = Object.fromEntries(Dimensions.map(({Name = '', Value = ''}) => [Name, Value]))
        const [sum] = await sums(cloudwatch, [{namespace: 'AWS/Lambda', name: MetricName, dimensions, stat: 'Sum'}], {
          from: start,
          to: start + Period * 1000,
        })
        expect(sum).toBe(Number(value))
        judged++
      }
    }
    expect(judged).toBeGreaterThan(2)
  })
})

test('logs and traces tell of the same sampled invocations', async () => {
  const {functions, logs, xray} = await company()
  const window = {from: to - 6 * minute, to: to - 2 * minute}
  const traced = functions.filter(each => each.TracingConfig?.Mode === 'Active' && reportsAll(each))
  const segments = await functionSegments(xray, window)
  let compared = 0
  for (const each of traced) {
    const name = each.FunctionName ?? ''
    const reported = await reportedInvocations(logs, groupOf(each), name, window)
    const sampled = reported?.filter(invocation => invocation.sampled)
    if (!sampled) continue
    const starts = segments.filter(segment => segment.name === name)
    expect({name, sampled: sampled.length}).toEqual({name, sampled: starts.length})
    compared += sampled.length
  }
  expect(compared).toBeGreaterThan(50)
})

/** Compares metrics of a window with the invocations that logs tell of; durations as far as each REPORT is exact. */
async function expectToAgree(
  client: CloudWatchClient,
  dimensions: Readonly<Record<string, string>>,
  reported: readonly ReportedInvocation[],
): Promise<void> {
  const of = (name: string, stat: string) => ({namespace: 'AWS/Lambda', name, dimensions, stat})
  const [invocations, errors, samples, durations = 0] = await sums(client, [
    of('Invocations', 'Sum'),
    of('Errors', 'Sum'),
    of('Duration', 'SampleCount'),
    of('Duration', 'Sum'),
  ])
  const failed = reported.filter(invocation => invocation.failed).length
  const {length} = reported
  expect({dimensions, invocations, errors, samples}).toEqual({
    dimensions,
    invocations: length,
    errors: failed,
    samples: length,
  })
  const sum = reported.reduce((total, {durationMs}) => total + durationMs, 0)
  expect(Math.abs(durations - sum), JSON.stringify(dimensions)).toBeLessThanOrEqual(0.01 * length + 1e-6)
}

type Wanted = {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly stat: string
}

/** Each metric's values by the minute, added up. */
async function sums(client: CloudWatchClient, wanted: readonly Wanted[], window: Window = {from, to}) {
  const MetricDataQueries: MetricDataQuery[] = wanted.map(({namespace, name, dimensions, stat}, index) => ({
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({Name, Value})),
      },
      Period: 60,
      Stat: stat,
    },
  }))
  const answer = await client.send(
    new GetMetricDataCommand({MetricDataQueries, StartTime: new Date(window.from), EndTime: new Date(window.to)}),
  )
  return (answer.MetricDataResults ?? []).map(({Values = []}) => Values.reduce((sum, value) => sum + value, 0))
}

/** The segments that functions sent of invocations that start in the window. */
async function functionSegments(client: XRayClient, window: Window): Promise<readonly {readonly name: string}[]> {
  const ids: string[] = []
  // a trace may have begun some retries earlier
  const times = {StartTime: new Date(window.from - 20 * minute), EndTime: new Date(window.to)}
  for await (const page of paginateGetTraceSummaries({client}, times))
    for (const {Id = ''} of page.TraceSummaries ?? []) ids.push(Id)
  const found: {readonly name: string}[] = []
  for (let i = 0; i < ids.length; i += 5) {
    const {Traces = []} = await client.send(new BatchGetTracesCommand({TraceIds: ids.slice(i, i + 5)}))
    for (const {Document = ''} of Traces.flatMap(({Segments = []}) => Segments)) {
      const segment = JSON.parse(Document) as {name: string; origin?: string; start_time: number}
      const at = segment.start_time * 1000
      if (segment.origin === 'AWS::Lambda::Function' && at >= window.from && at < window.to) found.push(segment)
    }
  }
  return found
}
