import {describe, expect, it} from 'vitest'
import type {Evidence} from '../../../../src/services/fleet/unused/evidence.ts'
import {nothingAsked} from '../../../../src/services/fleet/unused/evidence.ts'
import {type JudgedFunction, type JudgedWindow, judge} from '../../../../src/services/fleet/unused/judge.ts'
import {
  dayMs,
  details,
  fn,
  grant,
  idle,
  known,
  logGroup,
  now,
  queue,
  rule,
  schedule,
  source,
  unknown,
  used,
  window,
} from './evidences.ts'

type Case = {
  readonly evidence?: Partial<Evidence>
  readonly fn?: Partial<JudgedFunction>
  readonly window?: Partial<JudgedWindow>
}

const judged = ({evidence, fn: of, window: at}: Case) => {
  const {verdict, reasons} = judge({...fn, ...of}, {...idle, ...evidence}, {...window, ...at})
  return `${verdict}: ${reasons.join(' ')}`
}

const listedAs = (...resources: string[]) => ({
  listed: known({resources: new Set(resources), versions: new Set<string>()}),
})
const sources = (...all: Parameters<typeof source>[]) => ({eventSources: known(all.map(args => source(...args)))})
const stream = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'
const events = known([grant('events.amazonaws.com')])

describe('the verdict', () => {
  const table: readonly (readonly [string, Case, string])[] = [
    ['what was called is active', {evidence: used(3, now - 2 * dayMs)}, 'active: invoked'],
    ['what was also refused is active', {evidence: used(3, now - dayMs, 9)}, 'active: invoked throttles'],
    [
      'case 28: what is called by an alias only is active',
      {evidence: {...used(3, now - dayMs), ...listedAs('orders-retry:live')}},
      'active: invoked alias-only',
    ],
    [
      'what CloudWatch lists is active, without its invocations',
      {evidence: {usage: unknown('not-read'), ...listedAs('orders-retry')}},
      'active: listed-in-last-two-weeks',
    ],
    [
      'what CloudWatch lists may have been called before a window of a week',
      {evidence: {usage: unknown('not-read'), ...listedAs('orders-retry')}, window: {start: now - 7 * dayMs}},
      'unknown: metrics-not-read',
    ],
    [
      'what CloudWatch lists may have been called after a window that ended',
      {evidence: {usage: unknown('failed'), ...listedAs('orders-retry')}, window: {end: now - 3 * dayMs}},
      'unknown: metrics-failed',
    ],
    [
      'case 27: partial data is unknown, and no zero',
      {evidence: {usage: unknown('partial-data')}},
      'unknown: metrics-partial',
    ],
    ['case 27: InternalError is unknown', {evidence: {usage: unknown('failed')}}, 'unknown: metrics-failed'],
    ['refused metrics are unknown', {evidence: {usage: unknown('denied')}}, 'unknown: metrics-denied'],
    ['what was stopped before is unknown', {evidence: {usage: unknown('interrupted')}}, 'unknown: interrupted'],
    [
      'partial data of what CloudWatch lists is active',
      {evidence: {usage: unknown('partial-data'), ...listedAs('orders-retry')}},
      'active: listed-in-last-two-weeks',
    ],
    ['what nothing calls is unused', {}, 'unused: no-invocation no-trigger'],
    [
      'an API that nobody calls is unused, and not broken',
      {evidence: {policy: known([grant('apigateway.amazonaws.com')])}},
      'unused: no-invocation permission-granted',
    ],
    [
      'a URL that nobody calls is unused',
      {evidence: {urls: known([{qualifier: null, url: 'https://x.lambda-url.eu-west-1.on.aws/', authType: 'NONE'}])}},
      'unused: no-invocation function-url',
    ],
    [
      'case 32: without its policy, this one is unknown',
      {evidence: {policy: unknown('denied')}},
      'unknown: policy-denied no-invocation',
    ],
    [
      'without its URLs it is unknown',
      {evidence: {urls: unknown('throttled')}},
      'unknown: urls-throttled no-invocation',
    ],
    [
      'without event sources it is unknown',
      {evidence: {eventSources: unknown('denied')}},
      'unknown: event-sources-denied no-invocation',
    ],
    [
      'without schedules it is unknown',
      {evidence: {schedules: unknown('denied'), policy: known([grant('s3.amazonaws.com')])}},
      'unknown: schedules-denied no-invocation permission-granted',
    ],
    [
      'without its rules it is unknown where its policy lets rules in',
      {evidence: {rules: unknown('denied'), policy: events}},
      'unknown: rules-denied no-invocation',
    ],
    [
      'without its rules it is unknown also where its policy lets none in: they may have a role',
      {evidence: {rules: unknown('denied')}},
      'unknown: rules-denied no-invocation',
    ],
    [
      'without its state it is unknown',
      {evidence: {details: unknown('failed')}},
      'unknown: details-failed no-invocation',
    ],
    [
      'a log that nobody may read dates nothing, and decides nothing',
      {evidence: {lastLogEvent: unknown('denied'), logGroup: unknown('denied'), provisioned: unknown('denied')}},
      'unused: no-invocation no-trigger',
    ],
    // event sources
    [
      'messages that wait are broken',
      {evidence: sources([{}, queue(1204)])},
      'broken: queue-grows event-source-enabled no-invocation',
    ],
    [
      'messages that wait for a trigger that is off are broken',
      {evidence: sources([{state: 'Disabled'}, queue(3)])},
      'broken: queue-grows event-source-disabled no-invocation',
    ],
    [
      'messages that were sent and are gone are broken',
      {evidence: sources([{}, queue(0, {sent: known(12)})])},
      'broken: queue-received event-source-enabled no-invocation',
    ],
    [
      'a queue that nothing was sent to leaves its function dormant',
      {evidence: sources([{}, queue(0)])},
      'dormant: event-source-enabled queue-empty no-invocation',
    ],
    [
      'a queue that is gone is broken',
      {evidence: sources([{}, queue(0, {state: known(null)})])},
      'broken: queue-missing event-source-enabled no-invocation',
    ],
    [
      'a live trigger whose queue nobody may see is broken',
      {evidence: sources([{}, queue(0, {state: unknown('denied'), sent: unknown('denied')})])},
      'broken: event-source-enabled queue-denied no-invocation',
    ],
    [
      'a queue that nobody came to is no sign that anything is broken',
      {evidence: sources([{}, queue(0, {state: unknown('interrupted'), sent: unknown('interrupted')})])},
      'unknown: interrupted no-invocation',
    ],
    [
      'messages that wait now say nothing of a window that ended',
      {evidence: sources([{}, queue(9)]), window: {start: now - 60 * dayMs, end: now - 30 * dayMs}},
      'dormant: event-source-enabled no-invocation',
    ],
    [
      'messages that were sent in a window that ended, and called nothing, are broken',
      {evidence: sources([{}, queue(9, {sent: known(4)})]), window: {start: now - 60 * dayMs, end: now - 30 * dayMs}},
      'broken: queue-received event-source-enabled no-invocation',
    ],
    [
      'messages that wait are broken also where a scan goes on with the window of another',
      {evidence: sources([{}, queue(9)]), window: {end: now - 60 * 60_000}},
      'broken: queue-grows event-source-enabled no-invocation',
    ],
    [
      'an event source with a problem is broken',
      {evidence: sources([{sourceArn: stream, lastProcessingResult: 'PROBLEM: Function call failed'}])},
      'broken: event-source-problem event-source-enabled no-invocation',
    ],
    [
      'messages that wait for a poller with a problem are broken, with both',
      {evidence: sources([{lastProcessingResult: 'PROBLEM: Function call failed'}, queue(8)])},
      'broken: queue-grows event-source-problem event-source-enabled no-invocation',
    ],
    [
      'a live stream that calls nothing is broken',
      {evidence: sources([{sourceArn: stream, lastProcessingResult: 'OK'}])},
      'broken: event-source-enabled no-invocation',
    ],
    [
      'a stream without records leaves its function dormant',
      {evidence: sources([{sourceArn: stream, lastProcessingResult: 'No records processed'}])},
      'dormant: event-source-enabled no-records no-invocation',
    ],
    [
      'a trigger that is off is none',
      {evidence: sources([{state: 'Disabled'}, queue(0)])},
      'unused: no-invocation event-source-disabled',
    ],
    [
      'a broken trigger decides among several',
      {evidence: {...sources([{}, queue(0)], [{}, queue(7)]), policy: unknown('denied')}},
      'broken: queue-grows event-source-enabled no-invocation',
    ],
    [
      'what stopped days ago while its queue fills is broken',
      {evidence: {...used(40, now - 3 * dayMs), ...sources([{state: 'Disabled'}, queue(90)])}},
      'broken: queue-grows stopped event-source-disabled',
    ],
    [
      'what ran today works on its queue',
      {evidence: {...used(40, now - dayMs / 2), ...sources([{}, queue(90)])}},
      'active: invoked',
    ],
    // schedules and rules
    [
      'case 28: a yearly job is dormant in a month without it',
      {evidence: {rules: known([rule('cron(0 3 1 1 ? *)')]), policy: events}},
      'dormant: schedule-rarer-than-window no-invocation',
    ],
    [
      'a schedule of Scheduler needs no permission',
      {evidence: {schedules: known([schedule('cron(0 3 1 1 ? *)')])}},
      'dormant: schedule-rarer-than-window no-invocation',
    ],
    [
      'a schedule that should have come through is broken',
      {evidence: {schedules: known([schedule('rate(1 hour)')])}},
      'broken: schedule-missed no-invocation',
    ],
    [
      'a rule that was matched and is not let in is broken, with the likely reason',
      {evidence: {rules: known([rule(null, {}, known(1))])}},
      'broken: rule-matched event-rule-enabled no-invocation permission-missing',
    ],
    [
      'a schedule that should have come through and is not let in is broken, with the likely reason',
      {evidence: {rules: known([rule('rate(1 day)')])}},
      'broken: schedule-missed no-invocation permission-missing',
    ],
    [
      'a rule that was matched is broken',
      {evidence: {rules: known([rule(null, {}, known(4))]), policy: events}},
      'broken: rule-matched event-rule-enabled no-invocation',
    ],
    [
      'a rule that nothing matched is unused',
      {evidence: {rules: known([rule(null, {}, known(0))]), policy: events}},
      'unused: no-invocation event-rule-enabled',
    ],
    [
      'a rule of which nobody knows whether anything matched it leaves its function unknown',
      {evidence: {rules: known([rule(null, {}, unknown('denied'))]), policy: events}},
      'unknown: metrics-denied no-invocation event-rule-enabled',
    ],
    [
      'a rule that was matched decides, whatever is not known of another',
      {evidence: {rules: known([rule(null, {}, unknown('failed')), rule(null, {}, known(1))]), policy: events}},
      'broken: rule-matched event-rule-enabled no-invocation',
    ],
    [
      'a schedule that is off is none',
      {evidence: {schedules: known([schedule('rate(1 hour)', {isEnabled: false})])}},
      'unused: no-invocation schedule-disabled',
    ],
    [
      'a time that is over is none',
      {evidence: {schedules: known([schedule('at(2026-01-01T00:00:00)')])}},
      'unused: no-invocation schedule-over',
    ],
    [
      'a time that is to come is dormant',
      {evidence: {schedules: known([schedule('at(2027-01-01T00:00:00)')])}},
      'dormant: schedule-rarer-than-window no-invocation',
    ],
    [
      'a schedule that nobody can read is unknown',
      {evidence: {schedules: known([schedule('every full moon')])}},
      'unknown: schedule-unreadable no-invocation',
    ],
    [
      'a schedule that fired before the last change may not have been there',
      {evidence: {schedules: known([schedule('cron(0 3 1 * ? *)')])}, fn: {lastModifiedAt: now - 10 * dayMs}},
      'dormant: schedule-not-due no-invocation',
    ],
    [
      'a schedule that fired since its log began is broken',
      {
        evidence: {schedules: known([schedule('cron(0 3 1 * ? *)')]), logGroup: known(logGroup())},
        fn: {lastModifiedAt: now - 10 * dayMs},
      },
      'broken: schedule-missed no-invocation',
    ],
    [
      'a schedule that was made an hour ago need not have fired in the month before',
      {evidence: {schedules: known([schedule('rate(1 day)', {activeFrom: now - 3_600_000})])}},
      'dormant: schedule-not-due no-invocation',
    ],
    [
      'a schedule that was made a week ago should have fired since',
      {evidence: {schedules: known([schedule('rate(1 day)', {activeFrom: now - 7 * dayMs})])}},
      'broken: schedule-missed no-invocation',
    ],
    [
      'a schedule that is to begin next month is dormant',
      {evidence: {schedules: known([schedule('cron(0 3 * * ? *)', {activeFrom: now + 30 * dayMs})])}},
      'dormant: schedule-not-due no-invocation',
    ],
    [
      'a schedule that ended before the window is none',
      {evidence: {schedules: known([schedule('rate(1 hour)', {activeUntil: now - 40 * dayMs})])}},
      'unused: no-invocation schedule-over',
    ],
    [
      'a schedule that ended within the window should have fired before',
      {evidence: {schedules: known([schedule('rate(1 hour)', {activeUntil: now - 4 * dayMs})])}},
      'broken: schedule-missed no-invocation',
    ],
    [
      'a schedule that may start within four hours of its time is not missed after one',
      {evidence: {schedules: known([schedule('cron(0 13 20 11 ? *)', {spreadMs: 4 * 3_600_000})])}},
      'dormant: schedule-rarer-than-window no-invocation',
    ],
    [
      'a schedule that fired a minute ago may not be in the metrics yet',
      {evidence: {schedules: known([schedule('cron(59 13 20 11 ? *)')])}},
      'dormant: schedule-rarer-than-window no-invocation',
    ],
    // what stands in the way
    [
      'what Lambda reclaimed is inactive',
      {evidence: {details: known(details({state: 'Inactive', stateReasonCode: 'Idle'}))}},
      'inactive: state-inactive no-invocation',
    ],
    [
      'what failed is inactive, also without its policy',
      {evidence: {details: known(details({state: 'Failed'})), policy: unknown('denied')}},
      'inactive: state-failed no-invocation',
    ],
    [
      'what is reclaimed while messages wait is broken',
      {evidence: {details: known(details({state: 'Inactive'})), ...sources([{}, queue(5)])}},
      'broken: queue-grows event-source-enabled state-inactive no-invocation',
    ],
    [
      'what is reclaimed between yearly runs is inactive: the next will fail',
      {evidence: {details: known(details({state: 'Inactive'})), schedules: known([schedule('cron(0 3 1 1 ? *)')])}},
      'inactive: state-inactive no-invocation',
    ],
    [
      'case 28: what is throttled off while calls come is broken',
      {
        evidence: {
          details: known(details({reservedConcurrency: 0})),
          usage: known({invocations: 0, throttles: 31, lastPeriod: null}),
        },
      },
      'broken: throttles throttled-off no-invocation',
    ],
    [
      'case 28: what is throttled off and not called is inactive: the next call fails',
      {evidence: {details: known(details({reservedConcurrency: 0}))}},
      'inactive: throttled-off no-invocation',
    ],
    [
      'calls that are all refused are broken',
      {evidence: {usage: known({invocations: 0, throttles: 31, lastPeriod: null})}},
      'broken: throttles no-invocation',
    ],
    [
      'case 28: a replica of Lambda@Edge is judged elsewhere',
      {fn: {masterArn: 'arn:aws:lambda:us-east-1:1:function:x'}},
      'unknown: edge-replica',
    ],
    [
      'what CloudFront replicates is judged elsewhere too',
      {evidence: {policy: known([grant('replicator.lambda.amazonaws.com')])}},
      'unknown: edge-original',
    ],
    // youth
    ['case 28: what was made yesterday is new', {fn: {lastModifiedAt: now - dayMs}}, 'new: too-young no-invocation'],
    [
      'what is new with an empty queue is new',
      {fn: {lastModifiedAt: now - dayMs}, evidence: sources([{}, queue(0)])},
      'new: too-young event-source-enabled no-invocation',
    ],
    [
      'what is new with messages waiting is broken',
      {fn: {lastModifiedAt: now - dayMs}, evidence: sources([{}, queue(2)])},
      'broken: queue-grows event-source-enabled no-invocation',
    ],
    [
      'what is new and was called before is not new',
      {fn: {lastModifiedAt: now - dayMs}, evidence: {lastLogEvent: known(now - 90 * dayMs)}},
      'unused: no-invocation no-trigger',
    ],
    [
      'what is changed but has an old log is not new',
      {fn: {lastModifiedAt: now - dayMs}, evidence: {logGroup: known(logGroup())}},
      'unused: no-invocation no-trigger',
    ],
    [
      'an old log that others share says nothing of its age',
      {
        fn: {lastModifiedAt: now - dayMs, logGroup: '/shared'},
        evidence: {logGroup: known(logGroup({name: '/shared'}))},
      },
      'new: too-young no-invocation',
    ],
    ['what nobody can date is not new', {fn: {lastModifiedAt: null}}, 'unused: no-invocation no-trigger'],
    // the log
    [
      'what logged within the window ran, though no metric tells',
      {evidence: {lastLogEvent: known(now - 60_000)}},
      'active: log-event',
    ],
    [
      'provisioned concurrency logs without calls',
      {
        evidence: {
          lastLogEvent: known(now - 60_000),
          provisioned: known([{qualifier: 'live', requested: 4, allocated: 4, status: 'READY'}]),
        },
      },
      'unused: no-invocation no-trigger',
    ],
    [
      'what logged since the window that was taken over ended ran',
      {evidence: {lastLogEvent: known(now - 10 * 60_000)}, window: {end: now - 55 * 60_000}},
      'active: log-event',
    ],
    [
      'what logged long after a window that ended did not run in it',
      {evidence: {lastLogEvent: known(now - dayMs)}, window: {end: now - 3 * dayMs}},
      'unused: no-invocation no-trigger',
    ],
    [
      'what CloudWatch lists was called since its metrics were read',
      {evidence: listedAs('orders-retry:live')},
      'active: listed-in-last-two-weeks alias-only',
    ],
    [
      'what CloudWatch lists was not called in a window that ended, and is in use all the same',
      {evidence: listedAs('orders-retry'), window: {end: now - 3 * dayMs}},
      'dormant: listed-in-last-two-weeks no-invocation',
    ],
    [
      'what was not called for five minutes and was in the last two weeks is not unused',
      {evidence: {...listedAs('orders-retry'), policy: unknown('denied')}, window: {start: now - 300_000}},
      'dormant: listed-in-last-two-weeks no-invocation',
    ],
    [
      'a live trigger that may have had nothing to do for five minutes is no sign that it is broken',
      {
        evidence: {...listedAs('orders-retry'), eventSources: known([source({sourceArn: stream})])},
        window: {start: now - 300_000},
      },
      'dormant: listed-in-last-two-weeks event-source-enabled no-invocation',
    ],
    [
      'for a week it is',
      {
        evidence: {...listedAs('orders-retry'), eventSources: known([source({sourceArn: stream})])},
        window: {start: now - 7 * dayMs},
      },
      'broken: event-source-enabled no-invocation',
    ],
    [
      'what CloudWatch lists is broken all the same where messages wait',
      {evidence: {...listedAs('orders-retry'), ...sources([{}, queue(5)])}},
      'broken: queue-grows event-source-enabled no-invocation',
    ],
    [
      'what logged within the window is unknown where nobody knows of provisioned concurrency',
      {evidence: {lastLogEvent: known(now - dayMs), provisioned: unknown('denied')}},
      'unknown: provisioned-denied no-invocation',
    ],
    [
      'what logged before the window rests on nothing that is not known of provisioned concurrency',
      {evidence: {lastLogEvent: known(now - 90 * dayMs), provisioned: unknown('denied')}},
      'unused: no-invocation no-trigger',
    ],
    [
      'dead letters are told',
      {evidence: {deadLetters: known({arn: 'a', visible: 4, inFlight: 0, delayed: 0, deadLetterArn: null})}},
      'unused: no-invocation no-trigger dead-letters-waiting',
    ],
  ]
  it.each(table)('%s', (_, given, expected) => {
    expect(judged(given)).toBe(expected)
  })

  it('is unknown of what nobody asked about', () => {
    expect(judge(fn, nothingAsked, window)).toMatchObject({verdict: 'unknown', reasons: ['metrics-not-read']})
  })

  it('is never unused while any part of what it rests on is missing', () => {
    const restsOn = ['usage', 'eventSources', 'schedules', 'rules', 'policy', 'urls', 'details'] as const
    for (const part of restsOn)
      for (const why of [
        'denied',
        'throttled',
        'failed',
        'interrupted',
        'partial-data',
        'missing',
        'not-read',
      ] as const)
        expect(judge(fn, {...idle, [part]: unknown(why)}, window).verdict).toBe('unknown')
  })
})

describe('when it last ran', () => {
  const last = (evidence: Partial<Evidence>, of: Partial<JudgedFunction> = {}) =>
    judge({...fn, ...of}, {...idle, ...evidence}, window).lastInvoked

  it('is known from metrics within the window, and from its log before', () => {
    expect(last(used(1, now - 3 * dayMs))).toEqual({at: now - 3 * dayMs, from: 'metrics'})
    expect(last(used(1, now - 31 * dayMs))).toEqual({at: window.start, from: 'metrics'})
    expect(last({lastLogEvent: known(now - 500 * dayMs)})).toEqual({at: now - 500 * dayMs, from: 'log'})
    expect(last({})).toBeNull()
  })

  it('is not known from a log that others write to', () => {
    expect(last({lastLogEvent: known(now - 500 * dayMs)}, {logGroup: '/shared'})).toBeNull()
    expect(last({lastLogEvent: known(now - 500 * dayMs)}, {snapStart: true})).toBeNull()
  })
})

it('tells the times of the schedule that decides', () => {
  const {schedule: decided} = judge(
    fn,
    {...idle, schedules: known([schedule('cron(0 3 1 1 ? *)', {timezone: 'Europe/Berlin'}), schedule('rate(1 day)')])},
    window,
  )
  expect(decided).toMatchObject({expression: 'rate(1 day)', lastFireAt: null, nextFireAt: null})
  const {schedule: yearly} = judge(
    fn,
    {...idle, schedules: known([schedule('cron(0 3 1 1 ? *)', {timezone: 'Europe/Berlin'})])},
    window,
  )
  expect(yearly).toMatchObject({
    name: 'yearly',
    lastFireAt: Date.parse('2026-01-01T02:00:00Z'),
    nextFireAt: Date.parse('2027-01-01T02:00:00Z'),
  })
})
