import {describe, expect, test} from 'vitest'
import {evidenceReader} from '../../../../src/services/traffic/evidence/evidence-reader.ts'
import {deniedTo, fakeAccount, ongoing} from '../../fleet/fake-account.ts'
import {createFakeClock} from '../../logs/reader/fake-clock.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {idOf, type Line, linesOf, one, options, reported, start, started, streamOf, warmUp} from './fake-lines.ts'

const minute = 60_000
const refusing = (error: Error) => () => {
  throw error
}

describe('a log', () => {
  const read = async (lines: readonly Line[], more: object = {}, gateFilter: string | null = null) => {
    const aws = fakeAccount({
      answers: {
        GetMetricData: refusing(deniedTo('cloudwatch:GetMetricData')),
        FilterLogEvents: linesOf(lines.toSorted((a, b) => a.at - b.at)),
      },
    })
    const reader = evidenceReader(aws, [{...one, ...more}], {...options, gateFilter})
    const [known] = await aws.fakeClock.outcome(reader.read(ongoing()))
    return known
  }
  const at = start + 2 * minute

  test('tells failures by status, by what a runtime writes, and by timeouts; those of other versions are none', async () => {
    const lines = [
      ...warmUp,
      {at, message: started(1)},
      {
        at: at + 10,
        message:
          '[ERROR] ZeroDivisionError: division by zero\nTraceback (most recent call last):\n  File "/var/task/a.py"',
      },
      {at: at + 20, message: reported(1, 20)},
      {at: at + 30, message: started(2)},
      {at: at + 40, message: reported(2, 10, 'Status: timeout')},
      {at: at + 50, message: started(3)},
      {at: at + 60, message: reported(3, 300)},
      {at: at + 70, message: started(4, '7'), stream: streamOf('7')},
      {at: at + 80, message: reported(4, 10, 'Status: error'), stream: streamOf('7')},
      {
        at: at + 90,
        message: JSON.stringify({
          time: '2026-11-20T14:00:00Z',
          type: 'platform.report',
          record: {requestId: idOf(5), status: 'error', metrics: {durationMs: 12}},
        }),
        stream: streamOf('41'),
      },
    ]
    expect(await read(lines)).toMatchObject({
      value: {
        source: 'log',
        canary: {calls: 23, errors: 2, p95Ms: expect.closeTo(20, 0)},
        baseline: {calls: 1, errors: 1},
        metrics: [
          {minutes: [{at: start}, {at, canary: {calls: 3, bad: 2}, baseline: {calls: 1, bad: 1}}]},
          {minutes: [{at, canary: {calls: 3, bad: 1}, baseline: {calls: 1, bad: 0}}]},
        ],
      },
    })
  })

  test('whose streams are not named by Lambda tells the version where an invocation begins', async () => {
    const lines = [
      {at, message: started(1), stream: 'mine'},
      {at: at + 20, message: reported(1, 20), stream: 'mine'},
      {
        at: at + 30,
        message: JSON.stringify({type: 'platform.start', record: {requestId: idOf(2), version: '41'}}),
        stream: 'mine',
      },
      {at: at + 40, message: reported(2, 10), stream: 'mine'},
      {at: at + 50, message: reported(3, 10), stream: 'mine'},
    ]
    expect(await read(lines)).toMatchObject({value: {canary: {calls: 1}, baseline: {calls: 1}}})
    expect(await read(lines, {logGroup: 'shared'})).toMatchObject({value: {canary: {calls: 0}, baseline: {calls: 0}}})
  })

  test('that several functions share is read for its own streams only', async () => {
    const stream = (fn: string, version: string): string => streamOf(version).replace('[', `${fn}[`)
    const lines = [
      {at, message: reported(1, 20), stream: stream('fn', '42')},
      {at, message: reported(2, 20), stream: stream('other', '42')},
      {at, message: reported(3, 20), stream: stream('fn', '41')},
    ]
    expect(await read(lines, {logGroup: 'shared'})).toMatchObject({value: {canary: {calls: 1}, baseline: {calls: 1}}})
  })

  test('dates an invocation by when it began, and leaves out what began before the shift', async () => {
    const lines = [
      {at: start + 4_000, message: reported(1, 5_000)},
      {at: at + 1_000, message: reported(2, 5_000)},
    ]
    expect(await read(lines)).toMatchObject({
      value: {canary: {calls: 1}, metrics: [{minutes: [{at: at - minute}]}, {}]},
    })
  })

  test('with more lines than can be read in time is not known', async () => {
    const aws = fakeAccount({
      answers: {
        GetMetricData: refusing(deniedTo('cloudwatch:GetMetricData')),
        FilterLogEvents: ({nth}) => ({events: [], nextToken: `page ${nth}`}),
      },
    })
    const [known] = await aws.fakeClock.outcome(evidenceReader(aws, [one], options).read(ongoing()))
    expect(known).toEqual({
      unknown: 'partial-data',
      detail: 'needs cloudwatch:GetMetricData; its log: /aws/lambda/fn has more lines than can be read in time',
    })
    expect(aws.of('FilterLogEvents')).toHaveLength(40)
  })

  test('of a class that cannot be searched, or that is not there, is unknown', async () => {
    const failures = [
      [awsError('InvalidOperationException', 'The Infrequent Access class is not supported', 400), 'unsupported-class'],
      [awsError('ResourceNotFoundException', 'The specified log group does not exist.', 400), 'missing'],
    ] as const
    for (const [failure, unknown] of failures) {
      const aws = fakeAccount({
        answers: {
          GetMetricData: refusing(deniedTo('cloudwatch:GetMetricData')),
          FilterLogEvents: refusing(failure),
        },
      })
      const [known] = await aws.fakeClock.outcome(evidenceReader(aws, [one], options).read(ongoing()))
      expect(known).toMatchObject({unknown, detail: expect.stringContaining('/aws/lambda/fn is')})
    }
  })

  test('has lines of the gate’s filter that name no request, or that of another service: they are of the invocation that ran', async () => {
    const calls = [1, 2, 3].flatMap(n => [
      {at: at + n * 1_000, message: started(n)},
      {at: at + n * 1_000 + 500, message: reported(n, 500)},
    ])
    const lines = [
      ...calls,
      {at: at + 1_100, message: 'payment FAILED'},
      {at: at + 1_200, message: 'payment FAILED again'},
      {at: at + 3_100, message: JSON.stringify({level: 'INFO', requestId: 'of-the-gateway', text: 'FAILED'})},
    ]
    expect(await read(lines, {}, 'FAILED')).toMatchObject({
      value: {
        metrics: [{}, {}, {metric: 'logged', minutes: [{canary: {calls: 3, bad: 2}, baseline: {calls: 0, bad: 0}}]}],
      },
    })
  })

  test('has lines of an environment that came to no invocation: it counts once', async () => {
    const lines = [
      {at, message: reported(1, 500)},
      {at, message: reported(2, 500)},
      {at: at + 100, message: 'FAILED to start', stream: streamOf('42', 9)},
      {at: at + 200, message: 'FAILED to start, really', stream: streamOf('42', 9)},
      {at: at + 200, message: 'FAILED', stream: streamOf('7')},
    ]
    expect(await read(lines, {}, 'FAILED')).toMatchObject({
      value: {metrics: [{}, {}, {metric: 'logged', minutes: [{canary: {bad: 1}}]}]},
    })
  })

  test('that is read on counts an invocation once, by what stands before and behind the line up to which it was read', async () => {
    const lines: Line[] = [
      {at, message: started(1)},
      {at: at + 900, message: '[ERROR] KeyError: FAILED\nTraceback (most recent call last):\n  File "/var/task/a.py"'},
      {at: at + 1_100, message: 'FAILED once more'},
      {at: at + 1_200, message: reported(1, 1_200)},
    ]
    const aws = fakeAccount({
      clock: createFakeClock(at + 70_000),
      answers: {
        GetMetricData: refusing(deniedTo('cloudwatch:GetMetricData')),
        FilterLogEvents: linesOf(lines),
      },
    })
    const reader = evidenceReader(aws, [one], {...options, gateFilter: 'FAILED'})
    // what is older than five minutes is settled: up to the line in the middle, then all
    for (const time of [at + 70_000, at + 5 * minute + 1_000, at + 6 * minute, at + 7 * minute]) {
      await aws.fakeClock.outcome(aws.clock.sleep(Math.max(0, time - aws.clock.now())))
      const [known] = await aws.fakeClock.outcome(reader.read(ongoing()))
      const counts = {canary: {calls: 1, bad: 1}, baseline: {calls: 0, bad: 0}}
      expect(known).toMatchObject({
        value: {canary: {calls: 1, errors: 1}, metrics: [{minutes: [counts]}, {}, {minutes: [counts]}]},
      })
    }
  })

  test('of an environment that serves several at a time: lines are of the invocation that they name', async () => {
    const lines = [
      {at, message: started(1)},
      {at: at + 10, message: started(2)},
      {at: at + 20, message: `2026-11-20T14:00:00.000Z\t${idOf(1)}\tINFO\tFAILED`},
      {at: at + 30, message: `2026-11-20T14:00:00.000Z\t${idOf(2)}\tINFO\tFAILED`},
      {at: at + 100, message: reported(1, 100)},
      {at: at + 110, message: reported(2, 100)},
    ]
    expect(await read(lines, {}, 'FAILED')).toMatchObject({
      value: {metrics: [{}, {}, {minutes: [{canary: {calls: 2, bad: 2}}]}]},
    })
  })
})
