import {at, awsCall, inferredFrom, lambdaPair, type TestTrace, traceOf, work} from './documents.ts'

/** A function that puts events, and what they started: that segment's parent is not there. */
export function orphanTrace(): TestTrace {
  const put = awsCall('put1', 'Events', 'PutEvents', 60, 90, {retries: 1})
  return traceOf([
    ...lambdaPair('send', 'sender', {service: [0, 200], run: [20, 190]}, [
      work('send-v', 'Invocation', 21, 180, {subsegments: [put]}),
      work('send-o', 'Overhead', 180, 189),
    ]),
    inferredFrom('put1-i', put, 'AWS::Events'),
    ...lambdaPair('late', 'listener', {service: [350, 500], run: [360, 495]}, [], {parent: '7577700a7a59d778'}),
  ])
}

/** Two segments that are each below the other, beside one that is in order. */
export function cycleTrace(): TestTrace {
  return traceOf([
    work('root', 'api', 0, 100),
    work('a', 'one', 10, 40, {parent_id: 'b'}),
    work('b', 'other', 5, 50, {parent_id: 'a'}),
    work('self', 'itself', 60, 70, {parent_id: 'self'}),
  ])
}

/** A segment sent in progress and then complete, and two different ones that claim one id. */
export function resentTrace(): TestTrace {
  const step = work('step', 'step', 10, 20)
  return traceOf([
    work('root', 'api', 0, 100, {http: {response: {status: 200}}, subsegments: [step]}),
    work('root', 'api', 0, null, {subsegments: [work('step', 'step', 10, null)]}),
    work('same', 'first', 30, 40, {parent_id: 'root', subsegments: [work('below-first', 'in first', 31, 35)]}),
    work('same', 'second', 50, 60, {parent_id: 'root', subsegments: [work('below-second', 'in second', 51, 55)]}),
  ])
}

/** The least that X-Ray takes: no end, as it goes on. */
export function inProgressTrace(): TestTrace {
  return traceOf([work('root', 'example.com', 0, null)])
}

/** Below a segment in progress: what ended, what goes on, what lost its end, what ends before it starts. */
export function unfinishedTrace(): TestTrace {
  return traceOf([
    work('root', 'api', 0, null, {
      subsegments: [
        work('done', 'done', 10, 240_000),
        work('runs', 'running', 100_000, null),
        {id: 'lost', name: 'no end', start_time: at(50)},
        work('back', 'backwards', 500, 400),
      ],
    }),
  ])
}

const timeout = {
  id: 'abcdefghijklmnop',
  type: 'PaymentTimeout',
  message: 'upstream did not answer in 1500 ms',
  remote: false,
  stack: [{path: 'pay.js', line: 12, label: 'charge'}],
}

/** A failure that is told once and pointed at twice; and one pointer into nothing. */
export function exceptionTrace(): TestTrace {
  return traceOf([
    work('root', 'api', 0, 100, {
      fault: true,
      cause: 'abcdefghijklmnop',
      subsegments: [
        work('pay', 'payments', 10, 90, {fault: true, cause: {working_directory: '/var/task', exceptions: [timeout]}}),
        work('gone', 'elsewhere', 90, 95, {error: true, cause: 'abcdef0123456789'}),
        work('none', 'nothing', 95, 96, {cause: {}}),
      ],
    }),
  ])
}

/** The function's segment ends 315 ms after Lambda's own, which was done when it had handed over. */
export function skewedTrace(): TestTrace {
  return traceOf(
    lambdaPair('skew', 'sqs-handler', {service: [34, 198], run: [53.332, 513.453]}, [
      work('skew-v', 'Invocation', 53.4, 513.1, {subsegments: [awsCall('skew-d', 'DynamoDB', 'PutItem', 40, 60)]}),
    ]),
  )
}

/** X-Ray dropped what was too much for one trace. */
export function limitedTrace(): TestTrace {
  return traceOf([work('root', 'import', 0, 5_000)], {isLimitExceeded: true})
}

/** What a terminal would obey, and a token in a URL. */
export function hostileTrace(): TestTrace {
  const bad = '\u001b[2J\u001b]0;pwned\u0007\u202e\u0000\r\n\u009b31m'
  return traceOf([
    work('root', `api${bad}`, 0, 100, {
      origin: `AWS::${bad}`,
      user: bad,
      http: {
        request: {method: `GET${bad}`, url: `https://api.example.com/o?token=s3cr3t&a=1${bad}`, user_agent: bad},
        response: {status: 500},
      },
      fault: true,
      annotations: {[`key${bad}`]: bad, ['__proto__']: bad},
      metadata: {[bad]: [bad]},
      cause: {exceptions: [{id: bad, type: `Error${bad}`, message: bad, stack: [{path: bad, line: 1, label: bad}]}]},
      subsegments: [
        work(`id${bad}`, bad, 10, 20, {aws: {operation: bad, table_name: bad, cloudwatch_logs: [{log_group: bad}]}}),
      ],
    }),
  ])
}
