import {
  arnOf,
  at,
  awsCall,
  inferredFrom,
  lambdaPair,
  type TestDocument,
  type TestTrace,
  traceOf,
  work,
} from './documents.ts'

/**
 * A web application that calls a function, which publishes to a topic, and then writes to a table: five documents, two of them
 * inferred. 3.232 s. The init begins, and ends, before the segment it is in.
 */
export function scorekeepTrace(): TestTrace {
  const publish = awsCall('sns1', 'SNS', 'Publish', 1_550, 2_509, {
    topic_arn: 'arn:aws:sns:eu-west-1:111122223333:scores',
  })
  const update = awsCall('ddb1', 'DynamoDB', 'UpdateItem', 3_128, 3_207, {
    table_name: 'scorekeep-user',
    resource_names: ['scorekeep-user'],
  })
  const invoke = work('inv1', 'Lambda', 67, 3_010, {
    namespace: 'aws',
    http: {response: {status: 200, content_length: 14}},
    aws: {operation: 'Invoke', function_name: 'random-name', invocation_type: 'RequestResponse', request_id: 'ac08'},
  })
  const save = work('save', '## UserModel.saveUser', 3_019, 3_207, {
    metadata: {debug: {test: 'a string'}},
    subsegments: [update],
  })
  const called = lambdaPair(
    'name',
    'random-name',
    {service: [115, 3_010], run: [1_268, 3_008]},
    [
      work('ann1', 'annotations', 1_450, 1_507, {annotations: {UserID: '5M388M1E', Name: 'Ola'}}),
      publish,
      work('ini1', 'Initialization', 502, 1_257, {aws: {function_arn: arnOf('random-name')}}),
    ],
    {parent: 'inv1'},
  )
  return traceOf([
    ...called.slice(0, 1),
    work('root', 'Scorekeep', 0, 3_232, {
      origin: 'AWS::ElasticBeanstalk::Environment',
      user: '5M388M1E',
      service: {},
      aws: {elastic_beanstalk: {version_label: 'app-1'}, xray: {sdk: 'X-Ray for Java', sdk_version: '1.1.2'}},
      http: {
        request: {
          method: 'POST',
          url: 'http://scorekeep.example.com/api/user',
          user_agent: 'Mozilla/5.0 (Windows NT 6.1; Win64; x64)',
          client_ip: '192.0.2.183',
        },
        response: {status: 200},
      },
      subsegments: [invoke, save],
    }),
    ...called.slice(1),
    inferredFrom('ddb1-i', update, 'AWS::DynamoDB::Table'),
    inferredFrom('sns1-i', publish, 'AWS::SNS'),
  ])
}

/** Sends to a queue: the link leads to {@link receiverTrace}. Download 160 ms, init 355 ms, and its log group is told. */
export function linkedTrace(): TestTrace {
  return traceOf(
    lambdaPair(
      'prod',
      'producer',
      {service: [0, 781], run: [520.589, 777.836]},
      [
        work('prod-i', 'Initialization', 160.32, 515.034),
        work('prod-v', 'Invocation', 520.893, 777.29, {
          links: [
            {
              trace_id: receiverId,
              id: 'cons-s',
              attributes: {
                'aws.xray.reserved.names': ['consumer'],
                'aws.xray.reserved.type': 'AWS::Lambda',
                'aws.xray.reserved.reference_type': 'child',
                'aws.xray.reserved.dwell_end_time': at(792),
                'aws.xray.reserved.received_event_end_time': at(792),
              },
            },
          ],
        }),
        work('prod-o', 'Overhead', 777.391, 777.695),
      ],
      {logGroup: '/shops/orders'},
    ),
  )
}

export const receiverId = '1-691f05c3-0fedcba9876543210fedcba9'

/** What received the message of {@link linkedTrace}: its link leads back. */
export function receiverTrace(): TestTrace {
  return traceOf(
    lambdaPair(
      'cons',
      'consumer',
      {service: [792, 1_300], run: [800, 1_295]},
      [work('cons-v', 'Invocation', 801, 1_290), work('cons-o', 'Overhead', 1_290, 1_295)],
      {
        service: {
          links: [
            {
              trace_id: traceOf([]).id,
              id: 'prod-v',
              attributes: {'aws.xray.reserved.reference_type': 'parent', 'aws.xray.reserved.dwell_end_time': at(792)},
            },
          ],
        },
      },
    ),
    {id: receiverId},
  )
}

/** Provisioned concurrency: the init was three hours and two minutes before, and took 1.9 s. */
export function provisionedTrace(): TestTrace {
  const before = -(3 * 60 + 2) * 60_000
  return traceOf(
    lambdaPair('prov', 'checkout', {service: [0, 140], run: [10, 135]}, [
      work('prov-i', 'Initialization', before + 12 - 1_900, before + 12, {
        subsegments: [work('prov-l', 'loading', before - 1_000, before)],
      }),
      work('prov-v', 'Invocation', 12, 130),
      work('prov-o', 'Overhead', 130, 134),
    ]),
  )
}

/** SnapStart: the init was when the snapshot was taken, the restore is what was waited for. */
export function restoredTrace(): TestTrace {
  return traceOf(
    lambdaPair('snap', 'search', {service: [0, 900], run: [610, 890]}, [
      work('snap-i', 'Initialization', -40_000_000, -39_995_000),
      work('snap-r', 'Restore', 130, 605),
      work('snap-v', 'Invocation', 612, 880),
      work('snap-o', 'Overhead', 880, 889),
    ]),
  )
}

/** A batch of Kinesis that fails twelve times in thirteen minutes: one trace id, a pair of segments each. */
export function kinesisTrace(): TestTrace {
  return traceOf(
    Array.from({length: 12}, (_, i) => {
      const from = i * 65_000
      const failed = {fault: true, http: {response: {status: 500}}}
      return lambdaPair(
        `try${i}`,
        'kinesis-reader',
        {service: [from, from + 820], run: [from + 15, from + 810]},
        [
          work(`try${i}-v`, 'Invocation', from + 16, from + 800, {fault: true}),
          work(`try${i}-o`, 'Overhead', from + 800, from + 809),
        ],
        {service: failed, run: {fault: true}},
      )
    }).flat(),
  )
}

/** Handed over to Lambda's queue: it waited, failed, and ran again after a minute with an init of its own. */
export function retriedTrace(): TestTrace {
  const [service, first] = lambdaPair(
    'retr',
    'mailer',
    {service: [0, 62_000], run: [520, 900]},
    [work('retr-v', 'Invocation', 521, 890, {fault: true})],
    {
      service: {
        subsegments: [
          work('retr-q', 'Dwell Time', 5, 500),
          work('retr-1', 'Attempt #1', 500, 910, {fault: true}),
          work('retr-2', 'Attempt #2', 61_000, 61_990),
        ],
      },
      run: {parent_id: 'retr-1', fault: true},
    },
  )
  const [, second] = lambdaPair(
    'agai',
    'mailer',
    {service: [0, 0], run: [61_500, 61_980]},
    [work('agai-i', 'Initialization', 61_200, 61_490), work('agai-v', 'Invocation', 61_501, 61_970)],
    {run: {parent_id: 'retr-2'}},
  )
  return traceOf([service, first, second].filter(document => document !== undefined))
}

/** All at once, and nothing took any time. */
export function timelessTrace(): TestTrace {
  const below: readonly TestDocument[] = Array.from({length: 4}, (_, i) => work(`at${i}`, `step ${i}`, 0, 0))
  return traceOf([work('root', 'api', 0, 0, {subsegments: below})])
}

/** From a nanosecond to the quarter of an hour that a function may take. */
export function mixedTrace(): TestTrace {
  return traceOf([
    work('root', '注文サービス 🧾', 0, 900_000, {
      subsegments: [
        work('nano', '１ナノ秒', 10, 10.000_001),
        work('micro', 'µs 👩‍👩‍👧', 20, 20.001),
        work(
          'most',
          'a name that goes on and on, as names of steps in workflows do, and then goes on some more',
          30,
          899_999,
        ),
      ],
    }),
  ])
}
