import {describe, expect, test} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import type {ErrorsReport} from '../../../src/services/errors/errors-report.ts'
import {type OpenErrorsOptions, openErrors} from '../../../src/services/errors/open-errors.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'
import {embeddedAws, now} from './embedded-aws.ts'

const minute = 60_000

async function report(targets: readonly string[], more: Partial<OpenErrorsOptions> = {}, given?: Aws) {
  const aws = given ?? (await embeddedAws())
  const signal = new AbortController().signal
  const options = {
    start: now - 30 * minute,
    end: null,
    now,
    baselineMs: 120 * minute,
    level: 'ERROR' as const,
    refreshMs: null,
    maxUSDPerHour: null,
    random: () => 0.5,
    gate: null,
    failOn: null,
    ...more,
  }
  const errors = await openErrors([aws], {targets}, options, signal)
  const reports: ErrorsReport[] = []
  const notices: string[] = []
  for await (const step of errors.steps) {
    if ('report' in step) reports.push(step.report)
    else notices.push(step.notice)
  }
  return {
    report: reports.at(-1) as ErrorsReport,
    notices,
    verdicts: errors.verdicts(options.failOn),
    receipt: errors.receipt(now, signal),
    plan: errors.plan,
  }
}

const gate = {forMs: null, minInvocations: 50}

describe('errors of the embedded AWS', () => {
  test('the incident’s error is new, with its functions, versions, rates and a sample that can be followed', async () => {
    const {report: found, verdicts} = await report(['checkout-api'])
    const [first] = found.clusters
    expect(first).toMatchObject({
      kind: 'exception',
      type: 'PaymentTimeout',
      title: 'PaymentTimeout: upstream did not answer in <n> ms',
      trend: 'new',
      functions: [{function: 'checkout-api', account: '123456789012', region: 'eu-west-1'}],
      versions: ['42'],
    })
    expect(first?.sample.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(first?.sample.traceId).toMatch(/^1-/)
    expect(first?.histogram.reduce((sum, count) => sum + count, 0)).toBe(first?.count)
    expect(first?.ratePerMinute).toBeCloseTo((first?.count ?? 0) / 30)
    expect(verdicts).toEqual([])
  })

  test('a line that names no request is given the one its stream was serving', async () => {
    const {report: found} = await report(['receipts-mailer'], {start: now - 60 * minute})
    const thrown = found.clusters.find(({type}) => type === 'TooManyRequestsException')
    expect(thrown?.sample.message).not.toContain(thrown?.sample.requestId)
    expect(thrown?.sample.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('without a baseline nothing has a trend', async () => {
    const {report: found} = await report(['checkout-api'], {baselineMs: null})
    expect(found.clusters.map(({trend, baselineRatePerMinute}) => [trend, baselineRatePerMinute])[0]).toEqual([
      null,
      null,
    ])
  })

  test('--fail-on is a verdict', async () => {
    expect((await report(['checkout-api'], {failOn: 'new'})).verdicts).toEqual([5])
  })

  test('what cannot be read is a gap', async () => {
    const aws = await embeddedAws()
    const client = await aws.logs()
    const refusing = (command: {input: {logGroupName?: string}}, options: object) =>
      command.input.logGroupName === '/aws/lambda/billing-worker'
        ? Promise.reject(awsError('AccessDeniedException', 'no'))
        : client.send(command as never, options)
    const closed: Aws = {...aws, logs: async () => ({send: refusing}) as never}
    const {report: found, verdicts, receipt} = await report(['billing-worker', 'checkout-api'], {}, closed)
    expect(found.coverage.gaps.map(({what, reason}) => [what, reason])).toEqual([
      ['/aws/lambda/billing-worker', 'denied'],
    ])
    expect(verdicts).toEqual([3])
    expect(receipt?.complete).toBe(false)
  })

  test('an Infrequent Access group is read by Logs Insights', async () => {
    const {report: found, verdicts} = await report(['log-archiver'])
    expect(found.coverage.gaps).toEqual([])
    expect(verdicts).toEqual([])
  })

  test('what a gate’s queries of an Infrequent Access group cost is known before', async () => {
    const {plan, receipt} = await report(['log-archiver'], {start: now - 180 * minute, gate})
    expect(receipt?.insights?.queries).toBeGreaterThan(0)
    expect(plan?.estimate.costUSD).toBeGreaterThan(0)
  })

  test('the version that serves is compared with the one before, by invocation', async () => {
    const {report: found, verdicts} = await report(['checkout-api:live'], {
      start: now - 180 * minute,
      gate,
      failOn: 'growing',
    })
    expect(found.gate).toMatchObject({
      verdict: 'fail',
      functions: [{version: '42', previousVersion: '41', alias: 'live', sideBySide: false}],
    })
    const [compared] = found.gate?.functions ?? []
    expect(compared?.invocations).toBeGreaterThan(200)
    expect(found.clusters[0]).toMatchObject({type: 'PaymentTimeout', trend: 'new'})
    expect(found.clusters[0]?.ratePerInvocation).toBeGreaterThan(0.02)
    expect(verdicts).toEqual([5])
  })

  test('what it reads while it waits is what one reads who comes later', async () => {
    const aws = await embeddedAws()
    const start = now - 60 * minute
    const waiting = {forMs: 12 * minute, minInvocations: 50}
    const waited = await report(['checkout-api'], {start, gate: waiting}, aws)
    expect(waited.notices[0]).toMatch(/^checkout-api:42 had \d+ invocations; [45] min to go$/)
    const {window} = waited.report.coverage
    expect((window.end ?? 0) - window.start).toBe(12 * minute)
    const later = await report(['checkout-api'], {start, end: window.end, now: aws.clock.now(), gate}, aws)
    expect(waited.report.gate?.functions).toEqual(later.report.gate?.functions)
    expect(waited.report.clusters.map(({title, count}) => [title, count])).toEqual(
      later.report.clusters.map(({title, count}) => [title, count]),
    )
    expect(waited.report.gate?.verdict).toBe('pass')
  })

  test('what failed while it waits and is read in the end is no gap', async () => {
    const aws = await embeddedAws()
    const client = await aws.logs()
    let failed = 0
    const failing = (command: {input: {startTime?: number}}, options: object) =>
      (command.input.startTime ?? 0) > now - 2 * minute && failed++ === 0
        ? Promise.reject(awsError('AccessDeniedException', 'no'))
        : client.send(command as never, options)
    const once: Aws = {...aws, logs: async () => ({send: failing}) as never}
    const gate = {forMs: 12 * minute, minInvocations: 50}
    const {report: found} = await report(['checkout-api'], {start: now - 60 * minute, gate}, once)
    expect(failed).toBeGreaterThan(0)
    expect(found.coverage.gaps).toEqual([])
  })

  test('it does not wait for what is certain', async () => {
    const waiting = {forMs: 120 * minute, minInvocations: 50}
    const {report: found, verdicts} = await report(['checkout-api'], {
      start: now - 180 * minute,
      gate: waiting,
      failOn: 'growing',
    })
    expect(found.gate?.verdict).toBe('fail')
    expect(found.coverage.window.end).toBeLessThan(now + minute)
    expect(verdicts).toEqual([5])
  })

  test('a healthy deploy that nobody finds in the window cannot be judged', async () => {
    const {report: found, verdicts} = await report(['billing-worker'], {start: now - 60 * minute, gate, failOn: 'new'})
    expect(found.gate?.verdict).toBe('inconclusive')
    expect(verdicts).toEqual([3])
  })

  test('an alias that is not there is an error that names those that are', async () => {
    await expect(report(['checkout-api:prod'], {gate})).rejects.toMatchObject({
      code: 'NoMatch',
      hint: expect.stringContaining('live'),
    })
  })
})
