import {describe, expect, test} from 'vitest'
import {evidenceReader} from '../../../../src/services/traffic/evidence/evidence-reader.ts'
import {deniedTo, type FakeCall, fakeAccount, now, ongoing} from '../../fleet/fake-account.ts'
import {awsError, rateExceeded} from '../../logs/reader/fake-log-groups.ts'
import {linesOf, one, options, reported, start, started, streamOf, warmUp} from './fake-lines.ts'
import {type AskedMetric, askedMetrics, metricData} from './fake-metrics.ts'
import {watchedOf} from './shifted-company.ts'

const minute = 60_000

type Points = readonly (readonly [at: number, value: number])[]

/** Ten calls a minute of each version, of which one failed and two were slow, from so many minutes ago on. */
const usual = ({metricName, stat, version, periodMs}: AskedMetric): Points => {
  if (version === null) return [[start, 200]]
  if (stat === 'p95') return periodMs >= minute ? [[start, 240]] : []
  const value = metricName === 'Errors' ? 1 : stat.startsWith('TC') ? 8 : 10
  return Array.from({length: 8}, (_, i) => [start + i * minute, value] as const)
}

const refusing = (error: Error) => () => {
  throw error
}

describe('evidence where CloudWatch does not answer', () => {
  test('case 23: throttled for five minutes it is unknown, no error and no zero, and it is there again when CloudWatch is', async () => {
    const until = now + 5 * minute
    const aws = fakeAccount({
      answers: {
        GetMetricData: call => {
          if (aws.clock.now() < until) throw rateExceeded()
          return metricData(call, usual)
        },
      },
    })
    const reader = evidenceReader(aws, [one, one], options)
    const read = () => aws.fakeClock.outcome(reader.read(ongoing()))
    const throttled = {unknown: 'throttled', detail: 'AWS kept throttling the calls'}
    expect(await read()).toEqual([throttled, throttled])
    await aws.fakeClock.outcome(aws.clock.sleep(20_000))
    expect(await read()).toEqual([throttled, throttled])
    expect(aws.of('FilterLogEvents')).toHaveLength(0)
    await aws.fakeClock.outcome(aws.clock.sleep(5 * minute))
    expect(await read()).toMatchObject([{value: {source: 'metrics', canary: {calls: 80}}}, {value: {}}])
  })

  test('case 23: down it is unknown', async () => {
    const aws = fakeAccount({answers: {GetMetricData: refusing(awsError('InternalFailure', 'down', 500))}})
    const reader = evidenceReader(aws, [one], options)
    expect(await aws.fakeClock.outcome(reader.read(ongoing()))).toMatchObject([{unknown: 'failed'}])
  })

  test('an abort ends it with its reason, whatever it is at', async () => {
    const reason = new Error('Ctrl-C')
    const aborted = AbortSignal.abort(reason)
    const aws = fakeAccount({
      answers: {GetMetricData: refusing(deniedTo('cloudwatch:GetMetricData')), FilterLogEvents: linesOf([])},
    })
    await expect(evidenceReader(aws, [one], options).read(aborted)).rejects.toBe(reason)
    for (const at of [10, 30, 50]) {
      const controller = new AbortController()
      const begun = fakeAccount({
        answers: {GetMetricData: refusing(deniedTo('cloudwatch:GetMetricData')), FilterLogEvents: linesOf([])},
      })
      begun.fakeClock.at(now + at, () => controller.abort(reason))
      const reading = evidenceReader(begun, [one], {...options, gateFilter: 'ERROR'}).read(controller.signal)
      await expect(begun.fakeClock.outcome(reading), `${at} ms`).rejects.toBe(reason)
    }
  })

  test('what may not be read, of a function whose log is not known either, is unknown for both reasons', async () => {
    const aws = fakeAccount({
      answers: {
        GetMetricData: refusing(deniedTo('cloudwatch:GetMetricData')),
        FilterLogEvents: refusing(deniedTo('logs:FilterLogEvents')),
      },
    })
    const reader = evidenceReader(aws, [{...one, logGroup: null}, one], options)
    expect(await aws.fakeClock.outcome(reader.read(ongoing()))).toEqual([
      {unknown: 'missing', detail: 'needs cloudwatch:GetMetricData; its log: where it logs is not known'},
      {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData; its log: needs logs:FilterLogEvents'},
    ])
  })
})

describe('datapoints', () => {
  const read = async (points: (metric: AskedMetric) => Points, watched = one) => {
    const aws = fakeAccount({answers: {GetMetricData: call => metricData(call, points)}})
    const [known] = await aws.fakeClock.outcome(evidenceReader(aws, [watched], options).read(ongoing()))
    if (!known || !('value' in known)) throw new Error(`it is known: ${JSON.stringify(known)}`)
    return known.value
  }

  test('case 15b: of failures that are visible before their invocations count when those are there', async () => {
    const evidence = await read(metric => {
      if (metric.metricName !== 'Invocations' || metric.version !== '42') return usual(metric)
      return usual(metric).flatMap(([at, value], i) =>
        i === 2 ? [] : i === 4 ? [[at, 0] as const] : [[at, value] as const],
      )
    })
    const minutes = evidence.metrics[0]?.minutes ?? []
    expect(minutes.map(({at}) => (at - start) / minute)).toEqual([0, 1, 3, 5, 6, 7])
    expect(evidence.canary).toMatchObject({calls: 60, errors: 8})
  })

  test('of failures that are not there yet may be anything; a server that leaves out zeros is believed once nothing more can come', async () => {
    const evidence = await read(metric =>
      metric.metricName !== 'Errors' || metric.version !== '42' ? usual(metric) : usual(metric).slice(0, 3),
    )
    expect(evidence.metrics[0]?.minutes.map(({canary, isFinal}) => [canary.bad, isFinal])).toEqual([
      ...Array.from({length: 3}, () => [1, true]),
      ...Array.from({length: 4}, () => [0, true]),
    ])
  })

  test('that are no numbers, negative or broken are none', async () => {
    const evidence = await read(metric =>
      metric.stat === 'Sum' && metric.version === '42'
        ? [
            [start, -3],
            [start + minute, Number.POSITIVE_INFINITY],
            [start + 2 * minute, 2.0000001],
          ]
        : usual(metric),
    )
    expect(evidence.metrics[0]?.minutes.map(({canary}) => canary)).toEqual([
      {calls: 0, bad: 0},
      {calls: 0, bad: 0},
      {calls: 2, bad: 2},
      ...Array.from({length: 5}, () => ({calls: 0, bad: 0})),
    ])
  })

  test('of a version of which all is slow are slow, once it is warm and nothing more can be reported of their minute', async () => {
    const evidence = await read(metric =>
      metric.stat.startsWith('TC') && metric.version === '42' ? [] : usual(metric),
    )
    const slow = evidence.metrics.find(({metric}) => metric === 'slow')?.minutes ?? []
    expect(slow.map(({canary, isFinal}) => [canary.bad, isFinal])).toEqual(Array.from({length: 5}, () => [10, true]))
  })
})

describe('latency', () => {
  test.each([
    [awsError('InternalFailure', 'down', 500), [{metric: 'slow', minutes: []}], 'cannot be told now'],
    [deniedTo('logs:FilterLogEvents'), [], 'is not judged'],
  ] as const)(
    'that nobody tells for now is waited for, that nobody will tell is not: %s',
    async (error, slow, words) => {
      const aws = fakeAccount({
        answers: {
          GetMetricData: call => metricData(call, metric => (metric.stat.startsWith('TC') ? [] : usual(metric))),
          FilterLogEvents: refusing(error),
        },
      })
      const [known] = await aws.fakeClock.outcome(evidenceReader(aws, [one], options).read(ongoing()))
      if (!known || !('value' in known)) throw new Error('it is known')
      expect(known.value.metrics.filter(({metric}) => metric === 'slow')).toEqual(slow)
      expect(known.value.gaps?.[0]).toContain(`latency ${words}: `)
    },
  )
})

describe('the statistic that counts what is fast', () => {
  const asksFor = (call: FakeCall): boolean => askedMetrics(call).some(({stat}) => stat.startsWith('TC'))
  const lines = [
    ...warmUp,
    {at: start + 90_000, message: started(1)},
    {at: start + 91_000, message: reported(1, 900)},
    {at: start + 92_000, message: started(2, '41'), stream: streamOf('41')},
    {at: start + 92_100, message: reported(2, 100), stream: streamOf('41')},
  ]
  const without = (more: object = {}) =>
    fakeAccount({
      answers: {
        GetMetricData: call => {
          if (asksFor(call))
            throw awsError('ValidationError', 'The value TC(:250) for parameter Stat is not a valid statistic.', 400)
          return metricData(call, usual)
        },
        FilterLogEvents: linesOf(lines),
        ...more,
      },
    })

  test('where it is refused, is not asked for again: slow invocations are counted by the log, the others by metrics', async () => {
    const aws = without()
    const reader = evidenceReader(aws, [one], options)
    const [known] = await aws.fakeClock.outcome(reader.read(ongoing()))
    expect(known).toMatchObject({value: {source: 'metrics', canary: {calls: 80, errors: 8, p95Ms: 240}}})
    expect(known).toMatchObject({
      value: {
        metrics: [
          {metric: 'errors'},
          {metric: 'slow', minutes: [{canary: {calls: 1, bad: 1}, baseline: {calls: 1, bad: 0}}]},
        ],
      },
    })
    expect(known).not.toHaveProperty('value.gaps')
    const asked = aws.calls.filter(asksFor).length
    await aws.fakeClock.outcome(reader.read(ongoing()))
    expect(aws.calls.filter(asksFor)).toHaveLength(asked)
  })

  test('and where the log may not be read either, latency is left out and said to be', async () => {
    const aws = without({FilterLogEvents: refusing(deniedTo('logs:FilterLogEvents'))})
    const [known] = await aws.fakeClock.outcome(evidenceReader(aws, [one], options).read(ongoing()))
    expect(known).toMatchObject({
      value: {
        source: 'metrics',
        metrics: [{metric: 'errors'}],
        gaps: [
          'latency is not judged: CloudWatch does not count durations below a threshold (statistic TC); its log: needs logs:FilterLogEvents',
        ],
      },
    })
  })

  test('is asked for again where it was answered before: what failed was something else', async () => {
    let isDown = false
    const aws = fakeAccount({
      answers: {
        GetMetricData: call => {
          if (isDown && asksFor(call)) throw awsError('InvalidAction', 'not now', 400)
          return metricData(call, usual)
        },
      },
    })
    const reader = evidenceReader(aws, [one], options)
    const read = () => aws.fakeClock.outcome(reader.read(ongoing()))
    const before = await read()
    isDown = true
    expect(await read()).toMatchObject([{unknown: 'failed'}])
    isDown = false
    expect(await read()).toEqual(before)
    expect(before).toMatchObject([{value: {metrics: [{metric: 'errors'}, {metric: 'slow'}]}}])
  })

  test('is asked for in words that CloudWatch knows, and not where there is no threshold', async () => {
    const aws = fakeAccount({answers: {GetMetricData: call => metricData(call, usual)}})
    const all = [
      {...one, slowMs: 0.1 + 0.2},
      {...one, slowMs: null},
    ]
    await aws.fakeClock.outcome(evidenceReader(aws, all, options).read(ongoing()))
    expect(new Set(aws.calls.flatMap(askedMetrics).map(({stat}) => stat))).toEqual(
      new Set(['Sum', 'SampleCount', 'TC(:0.3)', 'p95']),
    )
  })
})

test('a hundred functions are read with a few calls', async () => {
  const aws = fakeAccount({answers: {GetMetricData: call => metricData(call, usual)}})
  const many = Array.from({length: 100}, (_, i) => watchedOf(`fn-${i}`, '1', '2', {slowMs: 100}))
  const all = await aws.fakeClock.outcome(evidenceReader(aws, many, options).read(ongoing()))
  expect(all).toHaveLength(100)
  // 800 metrics by the minute, and 200 percentiles
  expect(aws.calls.map(call => askedMetrics(call).length).sort()).toEqual([200, 300, 500])
})
