import {describe, expect, it, onTestFinished} from 'vitest'
import {bootSandbox} from '../../../../src/sandbox/boot.ts'
import {readPastReports} from '../../../../src/services/tuning/plan/past-reports.ts'
import {connectedTo} from '../../connected.ts'
import {deniedTo, type FakeAccountOptions, type FakeCall, fakeAccount, now, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {planOf} from '../tune-runs.ts'

const hour = 3_600_000
const window = {start: now - 7 * 24 * hour, end: now}
const assumed = {value: 0.01, source: 'assumed'}
const {source} = planOf()

const report = (more: string) =>
  `REPORT RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c\tDuration: 2.00 ms\tBilled Duration: 3 ms\tMemory Size: 512 MB\tMax Memory Used: 89 MB\t${more}\n`
const logged = (message: string, logStream = `2026/11/20/[7]${'a'.repeat(32)}`) => ({
  logStreamName: logStream,
  timestamp: now - hour,
  eventId: message.length.toString(),
  message,
})
const cold = logged(report('Init Duration: 120.00 ms\t'))
const invocations = (sum: number) => (call: FakeCall) => {
  const queries = call.input['MetricDataQueries'] as readonly {readonly Id: string}[]
  return {
    MetricDataResults: queries.map(({Id}) => ({
      Id,
      StatusCode: 'Complete',
      Timestamps: [new Date(now - hour)],
      Values: [sum],
    })),
  }
}
type Answers = FakeAccountOptions['answers']
const read = async (answers: Answers, fn = source) => readPastReports(fakeAccount({answers}), fn, window, ongoing())
const ratio = async (answers: Answers, fn = source) => (await read(answers, fn)).coldRatio

describe('the share of cold invocations', () => {
  it('is reports with an init or a restore over what CloudWatch counted in the same time', async () => {
    const events = [
      cold,
      logged(report('Restore Duration: 511.25 ms\tBilled Restore Duration: 303 ms\t')),
      logged(
        JSON.stringify({
          type: 'platform.report',
          record: {requestId: 'a', metrics: {durationMs: 1, billedDurationMs: 1, initDurationMs: 90}},
        }),
      ),
      logged('our own words: Init Duration: 7 ms'),
      logged('INIT_REPORT Init Duration: 10007.33 ms\tPhase: init\tStatus: timeout'),
    ]
    const aws = fakeAccount({answers: {FilterLogEvents: () => ({events}), GetMetricData: invocations(600)}})

    expect((await readPastReports(aws, source, window, ongoing())).coldRatio).toEqual({value: 0.005, source: 'log'})
    const [{input: asked} = {input: {}}] = aws.of('FilterLogEvents')
    const [{input: counted} = {input: {}}] = aws.of('GetMetricData')
    expect(asked).toMatchObject({startTime: window.start, endTime: now - 5 * 60_000 - 1})
    expect(counted).toMatchObject({StartTime: new Date(window.start), EndTime: new Date(now - 5 * 60_000)})
  })

  it('is never nothing: of none in a thousand, half of one is told', async () => {
    expect(await ratio({FilterLogEvents: () => ({events: []}), GetMetricData: invocations(1000)})).toEqual({
      value: 0.0005,
      source: 'log',
    })
  })

  it("is of the function's own streams where a log group is of several", async () => {
    const fn = {...source, configuration: {LoggingConfig: {LogGroup: '/shared'}}}
    const stream = (name: string) => `2026/11/20/${name}[7]${'a'.repeat(32)}`
    const events = [
      {...cold, logStreamName: stream('resize')},
      {...cold, logStreamName: stream('other')},
    ]
    expect(await ratio({FilterLogEvents: () => ({events}), GetMetricData: invocations(100)}, fn)).toEqual({
      value: 0.01,
      source: 'log',
    })
  })

  it('is of the newest day, or hour, where all of the window has more than a few pages', async () => {
    const aws = fakeAccount({
      answers: {
        FilterLogEvents: ({input, nth}) =>
          now - Number(input['startTime']) > 2 * hour ? {events: [cold], nextToken: `page ${nth}`} : {events: [cold]},
        GetMetricData: invocations(200),
      },
    })
    expect((await readPastReports(aws, source, window, ongoing())).coldRatio).toEqual({value: 0.005, source: 'log'})
    expect(aws.of('FilterLogEvents')).toHaveLength(22)
    expect(aws.of('GetMetricData')).toHaveLength(1)
  })

  it.each<[string, Answers]>([
    ['there are too many reports', {FilterLogEvents: ({nth}) => ({events: [cold], nextToken: `page ${nth}`})}],
    ['reports may not be read', {FilterLogEvents: () => Promise.reject(deniedTo('logs:FilterLogEvents'))}],
    ['there is no log group', {FilterLogEvents: () => Promise.reject(awsError('ResourceNotFoundException', 'no'))}],
    ['metrics may not be read', {GetMetricData: () => Promise.reject(deniedTo('cloudwatch:GetMetricData'))}],
    ['there were few invocations', {GetMetricData: invocations(99)}],
    ['there were none', {GetMetricData: () => ({MetricDataResults: []})}],
  ])('is assumed where %s', async (_, answers) => {
    const usual = {FilterLogEvents: () => ({events: [cold]}), GetMetricData: invocations(1000)}
    expect(await ratio({...usual, ...answers})).toEqual(assumed)
  })

  it('is assumed where a setting keeps reports out of the log, and nothing is asked', async () => {
    expect(await ratio({}, {...source, configuration: {LoggingConfig: {SystemLogLevel: 'WARN'}}})).toEqual(assumed)
  })

  it('is left when the run is stopped', async () => {
    const stop = new AbortController()
    const aws = fakeAccount({
      answers: {
        FilterLogEvents: () => {
          stop.abort()
          return {}
        },
      },
    })
    await expect(readPastReports(aws, source, window, stop.signal)).rejects.toMatchObject({name: 'AbortError'})
  })

  it('is read of the embedded AWS', async () => {
    const sandbox = await bootSandbox({directory: null, now: Date.now})
    onTestFinished(() => sandbox.close())
    const aws = await connectedTo(sandbox, 100)
    onTestFinished(() => aws.close())
    const fn = {...source, name: 'checkout-api', arn: source.arn.replace('resize', 'checkout-api')}
    const lastHours = {start: Date.now() - 6 * hour, end: Date.now()}
    const {value, source: from} = (await readPastReports(aws, fn, lastHours, ongoing())).coldRatio
    expect(from).toBe('log')
    expect(value).toBeGreaterThan(0.0001)
    expect(value).toBeLessThan(0.1)
  })
})

const reportOf = (memoryMB: number, more = '', billedMs = 3) =>
  `REPORT RequestId: 76269889-7d50-4d6d-a3f1-9b4f5322f47c\tDuration: 2.00 ms\tBilled Duration: ${billedMs} ms\tMemory Size: 512 MB\tMax Memory Used: ${memoryMB} MB\t${more}\n`

describe('the memory that its traffic uses', () => {
  const isOfCold = ({input}: FakeCall) => String(input['filterPattern']).includes('Init Duration')
  it('is the most of the cold ones of the window, and of all of the last hour', async () => {
    const events = (call: FakeCall) =>
      isOfCold(call)
        ? [logged(reportOf(180, 'Init Duration: 120.00 ms\t')), logged(reportOf(301, 'Init Duration: 99.00 ms\t'))]
        : [logged(reportOf(240))]
    const FilterLogEvents = (call: FakeCall) => ({events: events(call)})
    const {used} = await read({FilterLogEvents, GetMetricData: invocations(600)})
    expect(used).toEqual({mostMB: 301, reports: 3, spanMs: 7 * 24 * hour - 5 * 60_000})
  })

  it('is told by a warm one where that used more', async () => {
    const FilterLogEvents = (call: FakeCall) => ({events: isOfCold(call) ? [cold] : [logged(reportOf(240))]})
    expect((await read({FilterLogEvents, GetMetricData: invocations(5)})).used?.mostMB).toBe(240)
  })

  it.each<[string, Answers]>([
    ['reports may not be read', {FilterLogEvents: () => Promise.reject(deniedTo('logs:FilterLogEvents'))}],
    ['there are none', {FilterLogEvents: () => ({events: []})}],
  ])('is not known where %s', async (_, answers) => {
    const {used, usualInit} = await read({GetMetricData: invocations(600), ...answers})
    expect([used, usualInit]).toEqual([null, null])
  })
})

describe('the usual init', () => {
  const inits = [100, 110, 120, 130, 140].map(ms => logged(reportOf(90, `Init Duration: ${ms}.00 ms\t`, ms + 2)))
  const failed = logged(reportOf(90, 'Init Duration: 9000.00 ms\tStatus: error\tError Type: Runtime.ExitError', 9002))

  it('is the mean of those of the traffic, failed ones apart, with its standard error as a share', async () => {
    const {usualInit} = await read({
      FilterLogEvents: () => ({events: [...inits, failed]}),
      GetMetricData: invocations(600),
    })
    expect(usualInit).toEqual({architecture: 'x86_64', billedMs: 120, waitedMs: 120, error: expect.closeTo(0.0589, 4)})
  })

  it('is not that of restores where there is no snapshot, nor of a few', async () => {
    const GetMetricData = invocations(600)
    const few = await read({FilterLogEvents: () => ({events: inits.slice(1)}), GetMetricData})
    const other = await read({FilterLogEvents: () => ({events: inits}), GetMetricData}, {...source, snapStart: true})
    expect([few.usualInit, other.usualInit]).toEqual([null, null])
  })
})
