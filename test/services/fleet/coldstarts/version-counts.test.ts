import {describe, expect, it} from 'vitest'
import {isKnown} from '../../../../src/known.ts'
import {readByVersion, readOwnMetric} from '../../../../src/services/fleet/coldstarts/version-counts.ts'
import type {FleetFunction} from '../../../../src/services/fleet/fleet-function.ts'
import {fakeAccount, functionIn, now} from '../fake-account.ts'

const dayMs = 86_400_000

type Reported = {readonly dimensions: Readonly<Record<string, string>>; readonly sum: number; readonly status?: string}

const dimensionsOf = (dimensions: Readonly<Record<string, string>>) =>
  Object.entries(dimensions).map(([Name, Value]) => ({Name, Value}))

/** The invocations of a function by version, of which CloudWatch has so much. */
async function counted(
  {name = 'fn', total, days = 1, ...more}: Partial<FleetFunction> & {total: number; days?: number},
  reported: readonly Reported[],
) {
  const answerTo = (dimensions: unknown) =>
    reported.find(each => JSON.stringify(dimensionsOf(each.dimensions)) === JSON.stringify(dimensions))
  const aws = fakeAccount({
    answers: {
      ListMetrics: () => ({Metrics: reported.map(({dimensions}) => ({Dimensions: dimensionsOf(dimensions)}))}),
      GetMetricData: ({input}) => ({
        MetricDataResults: (
          input['MetricDataQueries'] as readonly {Id: string; MetricStat: {Metric: {Dimensions: unknown}}}[]
        ).map(({Id, MetricStat}) => {
          const {sum, status = 'Complete'} = answerTo(MetricStat.Metric.Dimensions) ?? {}
          const has = sum !== undefined && status === 'Complete'
          return {Id, StatusCode: status, Timestamps: has ? [new Date(now - 7_200_000)] : [], Values: has ? [sum] : []}
        }),
      }),
    },
  })
  const fn = functionIn(aws, name, more)
  const window = {start: now - days * dayMs, end: now}
  const metric = {metricName: 'Invocations', statistic: 'Sum'} as const
  const signal = new AbortController().signal
  const totals = new Map([[fn, {value: {times: [now - 7_200_000], values: [total]}}]])
  const answers = await aws.fakeClock.outcome(readByVersion([fn], totals, metric, 3_600, window, signal))
  const answer = answers.get(fn)
  if (!answer || !isKnown(answer)) return answer
  return Object.fromEntries([...answer.value].map(([version, {values}]) => [version, values.reduce((a, b) => a + b)]))
}

const own = (FunctionName: string, version: string) => ({FunctionName, Resource: `${FunctionName}:${version}`})
const led = (version: string) => ({...own('fn', 'live'), ExecutedVersion: version})

describe('invocations by version', () => {
  it('are those by name and by alias, where these add up', async () => {
    expect(
      await counted({total: 9}, [
        {dimensions: own('fn', '3'), sum: 2},
        {dimensions: led('3'), sum: 4},
        {dimensions: led('4'), sum: 3},
        {dimensions: own('fn', 'live'), sum: 7},
      ]),
    ).toEqual({3: 6, 4: 3})
  })

  it('are those of $LATEST, as far as no version was named', async () => {
    expect(await counted({total: 5}, [])).toEqual({$LATEST: 5})
    expect(await counted({total: 5}, [{dimensions: own('fn', '3'), sum: 2}])).toEqual({3: 2, $LATEST: 3})
    expect(await counted({total: 5}, [{dimensions: {FunctionName: 'fn', Resource: 'fn'}, sum: 5}])).toEqual({
      $LATEST: 5,
    })
  })

  it('of a function whose name is a number are not those of a version', async () => {
    const resource = {dimensions: {FunctionName: '1234', Resource: '1234'}, sum: 5}
    expect(await counted({name: '1234', total: 5}, [resource])).toEqual({$LATEST: 5})
  })

  it('are unknown where CloudWatch does not tell of one: it would be counted for another', async () => {
    expect(
      await counted({total: 5}, [
        {dimensions: own('fn', '3'), sum: 2},
        {dimensions: own('fn', '4'), sum: 2, status: 'InternalError'},
      ]),
    ).toMatchObject({unknown: 'failed'})
  })

  it('are unknown of what is longer ago than CloudWatch lists versions for', async () => {
    expect(await counted({total: 5, days: 15}, [{dimensions: own('fn', '3'), sum: 2}])).toMatchObject({
      unknown: 'missing',
    })
  })

  it('are unknown where an alias was called that led to one version only', async () => {
    expect(
      await counted({total: 9}, [
        {dimensions: own('fn', 'live'), sum: 7},
        {dimensions: led('4'), sum: 3},
      ]),
    ).toMatchObject({unknown: 'missing', detail: expect.stringContaining('alias')})
  })
})

describe('invocations of a version that was asked for', () => {
  const minute = 60_000
  const start = now - 60 * minute

  /** @param total by minutes ago, and so of each dimension */
  async function ofVersion(version: string, series: Readonly<Record<string, Readonly<Record<number, number>>>>) {
    const aws = fakeAccount({
      answers: {
        ListMetrics: () => ({
          Metrics: [
            {Dimensions: dimensionsOf(own('fn', 'live'))},
            {Dimensions: dimensionsOf(led('3'))},
            {Dimensions: dimensionsOf(led('4'))},
          ],
        }),
        GetMetricData: ({input}) => ({
          MetricDataResults: (
            input['MetricDataQueries'] as readonly {Id: string; MetricStat: {Metric: {Dimensions: {Value: string}[]}}}[]
          ).map(({Id, MetricStat}) => {
            const found = series[MetricStat.Metric.Dimensions.map(({Value}) => Value).join(' ')] ?? {}
            const minutes = Object.keys(found)
              .map(Number)
              .sort((a, b) => b - a)
            return {
              Id,
              StatusCode: 'Complete',
              Timestamps: minutes.map(ago => new Date(now - ago * minute)),
              Values: minutes.map(ago => found[ago]),
            }
          }),
        }),
      },
    })
    const fn = functionIn(aws, 'fn', {version})
    const options = {window: {start, end: now}, onProgress: () => undefined}
    const metric = {metricName: 'Invocations', statistic: 'Sum'} as const
    const read = readOwnMetric([fn], metric, 60, options, new AbortController().signal)
    return (await aws.fakeClock.outcome(read)).get(fn)
  }

  it('are those that an alias led to it', async () => {
    const series = {fn: {30: 9, 20: 5}, 'fn fn:live 3': {30: 9}, 'fn fn:live 4': {20: 5}}
    expect(await ofVersion('4', series)).toEqual({value: {times: [now - 20 * minute], values: [5]}})
    expect(await ofVersion('5', series)).toEqual({value: {times: [], values: []}})
  })

  it('are known while CloudWatch still counts the newest minutes', async () => {
    const series = {fn: {30: 9, 1: 2}, 'fn fn:live 3': {30: 9}, 'fn fn:live 4': {1: 4}}
    expect(await ofVersion('4', series)).toMatchObject({value: {values: [4]}})
  })

  it('are unknown, and not none, where calls are counted under no version', async () => {
    expect(await ofVersion('4', {fn: {30: 9}, 'fn fn:live': {30: 9}})).toMatchObject({unknown: 'missing'})
  })
})
