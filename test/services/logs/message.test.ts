import {describe, expect, it, test} from 'vitest'
import {readMeaning} from '../../../src/services/logs/message.ts'
import {first, otherTrace, second, trace} from './events.ts'

const id = first

describe('lines of the Lambda platform', () => {
  it('reads START and END', () => {
    expect(readMeaning('START RequestId: c16b0a58-61af-4b5e-ae57-b5dad549e389 Version: $LATEST\n')).toEqual({
      kind: 'start',
      level: null,
      requestId: 'c16b0a58-61af-4b5e-ae57-b5dad549e389',
      traceId: null,
    })
    expect(readMeaning(`END RequestId: ${id}\n`)).toMatchObject({kind: 'end', requestId: id})
    expect(readMeaning('END RequestId: req-5')).toMatchObject({kind: 'end', requestId: 'req-5'})
  })

  it('reads a REPORT of a warm and of a cold start', () => {
    const report = `REPORT RequestId: ${id}\tDuration: 14.97 ms\tBilled Duration: 15 ms\tMemory Size: 128 MB\tMax Memory Used: 67 MB\t`
    const numbers = {durationMs: 14.97, billedDurationMs: 15, memorySizeMB: 128, maxMemoryUsedMB: 67}
    expect(readMeaning(`${report}\n`)).toEqual({
      kind: 'report',
      level: null,
      requestId: id,
      traceId: null,
      report: numbers,
    })
    expect(readMeaning(`${report}Init Duration: 110.10 ms\t\n`).report).toEqual({...numbers, initDurationMs: 110.1})
  })

  it('reads the X-Ray trace id below a REPORT', () => {
    const message = `REPORT RequestId: ${id}\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t\nXRAY TraceId: ${trace}\tSegmentId: 29c3839e6ecb5895\tSampled: true\t\n`
    expect(readMeaning(message)).toMatchObject({kind: 'report', traceId: trace, report: {maxMemoryUsedMB: 36}})
  })

  it('reads fields in any order, and with spaces where tabs were lost', () => {
    const sam = `REPORT RequestId: ${id}\tInit Duration: 0.05 ms\tDuration: 350.40 ms\tBilled Duration: 351 ms\tMemory Size: 128 MB\tMax Memory Used: 128 MB`
    expect(readMeaning(sam).report).toMatchObject({durationMs: 350.4, billedDurationMs: 351, initDurationMs: 0.05})
    expect(readMeaning(sam.replaceAll('\t', ' '))).toEqual(readMeaning(sam))
  })

  it('reads a number without an end as none', () => {
    const text = `REPORT RequestId: ${id}\tDuration: 1e999 ms\tMemory Size: Infinity MB\tInit Duration: 1e999 ms\n`
    expect(readMeaning(text).report).toMatchObject({durationMs: 0, memorySizeMB: 0, initDurationMs: 0})
    const json = `{"type":"platform.report","record":{"requestId":"${id}","metrics":{"durationMs":1e999,"initDurationMs":-1e999}}}`
    expect(readMeaning(json).report).toEqual({durationMs: 0, billedDurationMs: 0, memorySizeMB: 0, maxMemoryUsedMB: 0})
  })

  test('T20 a timeout in the report is an error, though no word says so', () => {
    const message = `REPORT RequestId: ${second}\tDuration: 5000.00 ms\tBilled Duration: 5579 ms\tMemory Size: 3008 MB\tMax Memory Used: 113 MB\tInit Duration: 578.07 ms\tStatus: timeout`
    const meaning = {
      kind: 'report',
      level: 'ERROR',
      requestId: second,
      traceId: null,
      report: {
        durationMs: 5000,
        billedDurationMs: 5579,
        memorySizeMB: 3008,
        maxMemoryUsedMB: 113,
        initDurationMs: 578.07,
        status: 'timeout',
      },
    }
    expect(readMeaning(message)).toEqual(meaning)
    expect(readMeaning(message.replace(/\t(?!Status)/g, ' '))).toEqual(meaning)
  })

  test('T21 out of memory and other crashes are errors; an environment that is recycled is not', () => {
    const report =
      'REPORT RequestId: fa4e6a1f-083b-573d-ace2-090d2b00a3ac\tDuration: 6954.19 ms\tBilled Duration: 6955 ms\tMemory Size: 1024 MB\tMax Memory Used: 1023 MB\tStatus: error\tError Type: Runtime.OutOfMemory'
    expect(readMeaning(report)).toMatchObject({
      level: 'ERROR',
      report: {status: 'error', errorType: 'Runtime.OutOfMemory'},
    })
    expect(
      readMeaning(`RequestId: ${id} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`),
    ).toMatchObject({
      kind: 'runtime',
      level: 'ERROR',
      requestId: id,
    })
    expect(
      readMeaning('RequestId: req-5 Error: Runtime exited with error: signal: killed Runtime.ExitError'),
    ).toMatchObject({
      kind: 'runtime',
      requestId: 'req-5',
    })
    expect(
      readMeaning(`RequestId: ${id} Error: Runtime exited without providing a reason\nRuntime.ExitError\n`),
    ).toMatchObject({
      kind: 'runtime',
      level: 'INFO',
    })
    expect(readMeaning(`RequestId: ${id} Process exited before completing request\n`)).toMatchObject({
      kind: 'runtime',
      level: 'ERROR',
      requestId: id,
    })
    expect(readMeaning('Unknown application error occurred\nRuntime.Unknown\n')).toMatchObject({
      kind: 'runtime',
      level: 'ERROR',
    })
  })

  test('T22 SnapStart restores', () => {
    const report =
      'REPORT RequestId: 8c360c87-d4b7-4423-b5f3-af02be3c1763\tDuration: 2338.66 ms\tBilled Duration: 2521 ms\tMemory Size: 3009 MB\tMax Memory Used: 173 MB\tRestore Duration: 398.97 ms\tBilled Restore Duration: 182 ms\t\n'
    const numbers = {
      durationMs: 2338.66,
      billedDurationMs: 2521,
      memorySizeMB: 3009,
      maxMemoryUsedMB: 173,
      restoreDurationMs: 398.97,
      billedRestoreDurationMs: 182,
    }
    expect(readMeaning(report).report).toEqual(numbers)
    expect(readMeaning(report.replaceAll('\t', ' ')).report).toEqual(numbers)
    expect(
      readMeaning(
        'RESTORE_START Runtime Version: java:11.v20\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:0\n',
      ),
    ).toMatchObject({kind: 'restore', level: null})
    expect(readMeaning('RESTORE_REPORT Restore Duration: 398.97 ms\n')).toMatchObject({kind: 'restore', level: null})
    const failed = 'RESTORE_REPORT Restore Duration: 1236.04 ms\tStatus: error\tError Type: Runtime.ExitError'
    expect(readMeaning(failed)).toMatchObject({kind: 'restore', level: 'ERROR'})
    expect(readMeaning(failed.replaceAll('\t', ' '))).toMatchObject({kind: 'restore', level: 'ERROR'})
  })

  test('T23 init lines name no request; one that failed is an error', () => {
    const start =
      'INIT_START Runtime Version: python:3.11.v39\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:93e1685a\n'
    expect(readMeaning(start)).toEqual({kind: 'init', level: null, requestId: null, traceId: null})
    expect(readMeaning('INIT_REPORT Init Duration: 10007.33 ms\tPhase: init\tStatus: timeout\n')).toMatchObject({
      kind: 'init',
      level: 'ERROR',
    })
    const invoke = 'INIT_REPORT Init Duration: 1712.41 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown'
    expect(readMeaning(invoke)).toMatchObject({kind: 'init', level: 'ERROR'})
    expect(readMeaning('INIT_REPORT Init Duration: 412.40 ms\tPhase: init\n')).toMatchObject({
      kind: 'init',
      level: null,
    })
  })

  test('T24 a timeout line is an error of its request', () => {
    expect(
      readMeaning(
        '2018-08-26T02:13:13.948Z 3364d63a-b18c-5ed6-97c7-85c6bf57800e Task timed out after 30.02 seconds\n\n',
      ),
    ).toEqual({
      kind: 'runtime',
      level: 'ERROR',
      requestId: '3364d63a-b18c-5ed6-97c7-85c6bf57800e',
      traceId: null,
    })
    expect(readMeaning(`2018-08-26T02:13:13.948Z\t${id}\tINFO\tTask timed out after 3 tries`)).toMatchObject({
      kind: 'app',
      level: 'INFO',
    })
  })

  it('reads what extensions say of themselves', () => {
    expect(
      readMeaning('EXTENSION\tName: cloudwatch_lambda_agent\tState: Ready\tEvents: [INVOKE,SHUTDOWN]\n'),
    ).toMatchObject({kind: 'extension', level: null})
    expect(readMeaning('TELEMETRY\tName: collector\tState: Subscribed\tTypes: [Platform,Function]\n')).toMatchObject({
      kind: 'extension',
    })
    expect(readMeaning('LOGS\tName: otel\tState: Subscribed\tTypes: [Platform]\n')).toMatchObject({kind: 'extension'})
    expect(
      readMeaning('EXTENSION\tName: agent\tState: LaunchError\tEvents: []\tError Type: PermissionDenied\n'),
    ).toMatchObject({level: 'ERROR'})
    expect(readMeaning('EXTENSION of the contract by two years\n')).toMatchObject({kind: 'app'})
  })
})

describe('lines of runtimes and loggers', () => {
  it.each([
    ['Node', `2023-12-05T22:14:43.862Z\t${id}\tINFO\t a picture just got uploaded…\n`, 'INFO', id],
    [
      'Python',
      '[ERROR]\t2024-08-11T03:06:56.747Z\ta719c94f-0532-4394-b47d-28595a7b3105\tDisconnect timed out',
      'ERROR',
      'a719c94f-0532-4394-b47d-28595a7b3105',
    ],
    ['Python', `[WARNING]\t2024-08-11T03:06:56.747Z\t${id}\tno ERROR here`, 'WARN', id],
    ['Python in its init phase', '[INFO]\t2024-08-11T03:06:56.747Z\t\tloading', 'INFO', null],
    [
      'an unhandled Python exception',
      "[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named 'daily'\nTraceback (most recent call last):",
      'ERROR',
      null,
    ],
    [
      'Java with log4j2',
      'b771fecc-1b53-4faf-922d-1d74357b1676 DEBUG AbstractFlow:214 - SMARequest…',
      'DEBUG',
      'b771fecc-1b53-4faf-922d-1d74357b1676',
    ],
    ['Java with a date', `2024-08-11 03:06:56 ${id} WARN  Handler:41 - slow`, 'WARN', id],
    ['.NET', `2024-08-11T03:06:56.747Z\t${id}\tfail\tSystem.Exception: no`, 'ERROR', id],
  ])('reads level and request id of %s', (_, message, level, requestId) => {
    expect(readMeaning(message)).toEqual({kind: 'app', level, requestId, traceId: null})
  })

  it('takes a Java exception that left the handler for an error', () => {
    const message =
      'Division by zero: java.lang.ArithmeticException\njava.lang.ArithmeticException: Division by zero\n\tat example.Handler.handleRequest(Handler.java:12)\n'
    expect(readMeaning(message)).toMatchObject({kind: 'app', level: 'ERROR'})
  })

  it('takes the first line of a Go panic for an error', () => {
    expect(readMeaning('panic: no stock [recovered]\n')).toMatchObject({kind: 'app', level: 'ERROR'})
  })

  it.each([
    ['plain text with a level in it', 'an ERROR that is only a word\n'],
    ['brackets that hold no level', '[order-7] packed'],
    ['a list', '["ERROR"]'],
    ['a stack frame', '\tat example.Handler.handleRequest(Handler.java:12)'],
    ['words like the platform’s', 'START of the month\n'],
  ])('finds no level in %s', (_, message) => {
    expect(readMeaning(message)).toEqual({kind: 'app', level: null, requestId: null, traceId: null})
  })

  it.each([
    ['2026-11-20T10:02:03.456Z  WARN 1 --- [pool-1] c.l.p.Pool : no ERROR here', 'WARN'],
    ['2026-11-20 10:02:03.456 ERROR no stock', 'ERROR'],
    ['2026-11-20 10:02:03,456 INFO  [io.quarkus] (main) started', 'INFO'],
    ['2026-11-20 10:02:03,456 - shop.stock - ERROR - none left', 'ERROR'],
    ['2026-11-20 10:02:03.456 | WARNING  | shop:take:12 - none left', 'WARN'],
    ['2026-11-20 10:02:03.456 +01:00 [WRN] none left', 'WARN'],
    ['2026-11-20T10:02:03.456+0100\tINFO\tmain.go:12\tstarted', 'INFO'],
    ['2026-11-20T10:02:03.456Z info: started', 'INFO'],
    ['2026-11-20T10:02:03.456Z [info]: started', 'INFO'],
    ['2026/11/20 10:02:03 [error] 31#31: *1 open() failed', 'ERROR'],
    ['[2026-11-20T10:02:03.456] [WARN] default - slow', 'WARN'],
    ['[10:02:03 INF] started', 'INFO'],
    ['10:02:03 [main] ERROR c.x.Y - no stock', 'ERROR'],
    ['10:02:03.456 [http worker 1] DEBUG c.x.Y - an INFO and an ERROR', 'DEBUG'],
    ['[WARN] slow', 'WARN'],
    ['[warn]: slow', 'WARN'],
    ['WARN: slow', 'WARN'],
    ['SEVERE: no stock', 'ERROR'],
    ['WARNING:root:slow', 'WARN'],
    ['fail: Shop.Stock[0]', 'ERROR'],
    ['level=warn msg="no ERROR here"', 'WARN'],
    ['time="2026-11-20T10:02:03Z" level=warning msg=slow', 'WARN'],
    ['ts=2026-11-20T10:02:03.456Z level=debug msg=started', 'DEBUG'],
  ])('T30 reads the level that a logger writes at the head of a line: %s', (message, level) => {
    expect(readMeaning(message)).toEqual({kind: 'app', level, requestId: null, traceId: null})
  })

  it.each([
    'Error while reading the order',
    'Error: no stock',
    'ERROR while reading the order',
    'Warning: this is deprecated',
    'error while reading',
    'fine: 20 EUR',
    'info:here',
    'trace: 1-66d978e5-56c7378e556e94b5461da07c',
    'GET: 200',
    '2026-11-20 10:02:03 Error while reading',
    '2026-11-20 10:02:03 error while reading',
    '2026-11-20 10:02:03 GET /orders ERROR',
    '2026-11-20 10:02:03 read the order - ERROR - no stock',
    '2026-11-20 10:02:03',
    '10:02 ERROR no stock',
    '10:02:03 [main] c.x.Y ERROR no stock',
    'msg="no stock" level=warn',
    'level=5 of 7',
    'level=warn',
    'levels=warn msg=x',
  ])('T30 takes no word of a sentence for a level: %s', message => {
    expect(readMeaning(message)).toEqual({kind: 'app', level: null, requestId: null, traceId: null})
  })

  it('reads JSON behind the prefix of a logger', () => {
    expect(
      readMeaning('2026-11-20 10:02:03 INFO {"level":"error","trace_id":"5759e988bd862e3fe1be46a994272793"}'),
    ).toEqual({kind: 'app', level: 'ERROR', requestId: null, traceId: otherTrace})
  })

  test('T28 Python’s carriage returns and no-break spaces change nothing', () => {
    const message =
      '[ERROR] KeyError: \'a\'\rTraceback (most recent call last):\r\u00a0\u00a0File "/var/task/app.py", line 6, in handler\r\u00a0\u00a0\u00a0\u00a0return event["a"]'
    expect(readMeaning(message)).toMatchObject({kind: 'app', level: 'ERROR', requestId: null})
  })

  test('T29 "undefined" in Node’s init phase is no request', () => {
    const message =
      '2025-02-10T07:37:11.523Z\tundefined\tERROR\tUncaught Exception \t{"errorType":"Runtime.UserCodeSyntaxError","errorMessage":"SyntaxError: Unexpected end of input","stack":["…"]}'
    expect(readMeaning(message)).toEqual({kind: 'app', level: 'ERROR', requestId: null, traceId: null})
  })
})

describe('JSON', () => {
  test('T25 the records of an invocation', () => {
    const records = [
      '{"time":"2024-05-20T16:29:44.833Z","type":"platform.initStart","record":{"initializationType":"on-demand","phase":"init","runtimeVersion":"nodejs:18.v28"}}',
      '{"time":"2024-05-20T16:29:45.007Z","type":"platform.initReport","record":{"initializationType":"on-demand","phase":"init","status":"success","metrics":{"durationMs":173.778}}}',
      '{"time":"2024-05-20T16:29:45.008Z","type":"platform.start","record":{"requestId":"4b142fc3-17b8-4cdb-a46b-a8dbe7918715","version":"$LATEST"}}',
      '{"timestamp":"2024-05-20T16:29:45.009Z","level":"INFO","requestId":"4b142fc3-17b8-4cdb-a46b-a8dbe7918715","message":"ENV 2024-05-20T16:29:42.891Z"}',
      '{"time":"2024-05-20T16:29:45.019Z","type":"platform.runtimeDone","record":{"requestId":"4b142fc3-17b8-4cdb-a46b-a8dbe7918715","status":"success"}}',
      '{"time":"2024-05-20T16:29:45.022Z","type":"platform.report","record":{"requestId":"4b142fc3-17b8-4cdb-a46b-a8dbe7918715","status":"success","metrics":{"durationMs":11.642,"billedDurationMs":12,"memorySizeMB":128,"maxMemoryUsedMB":67,"initDurationMs":174.055}}}',
    ].map(readMeaning)
    expect(records.map(({kind}) => kind)).toEqual(['init', 'init', 'start', 'app', 'end', 'report'])
    expect(records.map(({level}) => level)).toEqual([null, null, null, 'INFO', null, null])
    expect(records.slice(2).every(({requestId}) => requestId === '4b142fc3-17b8-4cdb-a46b-a8dbe7918715')).toBe(true)
    expect(records.at(-1)?.report).toEqual({
      durationMs: 11.642,
      billedDurationMs: 12,
      memorySizeMB: 128,
      maxMemoryUsedMB: 67,
      initDurationMs: 174.055,
      status: 'success',
    })
  })

  test('T25 keys come in any order, records may be unknown, and Managed Instances report only a duration', () => {
    const report =
      '{"time":"2026-07-09T06:05:50.581Z","type":"platform.report","record":{"requestId":"aec7a529-47f9-4090-be01-c9ed91bf83cf","metrics":{"durationMs":5000.0,"billedDurationMs":5000,"memorySizeMB":128,"maxMemoryUsedMB":94},"status":"timeout"}}'
    expect(readMeaning(report)).toMatchObject({
      kind: 'report',
      level: 'ERROR',
      report: {durationMs: 5000, status: 'timeout'},
    })
    expect(readMeaning(`{"type":"platform.foo","record":{"requestId":"${id}"}}`)).toMatchObject({
      kind: 'app',
      level: null,
      requestId: id,
    })
    expect(
      readMeaning(`{"type":"platform.report","record":{"requestId":"${id}","metrics":{"durationMs":3.2}}}`).report,
    ).toEqual({durationMs: 3.2, billedDurationMs: 0, memorySizeMB: 0, maxMemoryUsedMB: 0})
    expect(
      readMeaning(
        '{"type":"platform.initReport","record":{"phase":"init","status":"timeout","metrics":{"durationMs":10000.487}}}',
      ),
    ).toMatchObject({kind: 'init', level: 'ERROR'})
    expect(
      readMeaning('{"type":"platform.logsDropped","record":{"droppedBytes":12,"droppedRecords":1,"reason":"slow"}}'),
    ).toMatchObject({kind: 'extension', level: 'WARN'})
    expect(
      readMeaning('{"type":"platform.restoreReport","record":{"status":"success","metrics":{"durationMs":398.97}}}'),
    ).toMatchObject({kind: 'restore', level: null})
  })

  test('T27 Python’s unhandled exception: text, a carriage return, and JSON with log_level', () => {
    const message =
      'LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. … For more information, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r{"timestamp": "2024-06-17T17:23:55Z", "log_level": "ERROR", "errorMessage": "\'utf-8\' codec can\'t decode byte 0x80 in position 7: invalid start byte", "errorType": "UnicodeDecodeError", "requestId": "ca52c236-a38d-40fc-aa6b-7e3be2b7aa55", "stackTrace": ["  File \\"/var/lang/x.py\\", line 21, in on_event\\n    return cls.wsgi(event, context)\\n"]}\n'
    expect(readMeaning(message)).toEqual({
      kind: 'app',
      level: 'ERROR',
      requestId: 'ca52c236-a38d-40fc-aa6b-7e3be2b7aa55',
      traceId: null,
    })
  })

  test('T30 the level is what the field says, whatever words the text holds', () => {
    const powertools =
      '{"cold_start":true,"function_memory_size":128,"function_request_id":"7f586697-238a-4c3b-9250-a5f057c1119c","level":"DEBUG","message":"This is a DEBUG log but contains the word INFO","service":"logger-e2e-testing","xray_trace_id":"1-66d978e5-56c7378e556e94b5461da07c"}'
    expect(readMeaning(powertools)).toEqual({
      kind: 'app',
      level: 'DEBUG',
      requestId: '7f586697-238a-4c3b-9250-a5f057c1119c',
      traceId: trace,
    })
  })

  test.each([
    ['{"level":30,"msg":"pino"}', 'INFO'],
    ['{"level":10}', 'TRACE'],
    ['{"level":60}', 'FATAL'],
    ['{"level":35}', 'INFO'],
    ['{"level":3,"severity":"WARNING"}', 'WARN'],
    ['{"severity":"CRITICAL"}', 'FATAL'],
    ['{"lvl":"warn"}', 'WARN'],
    ['{"log_level":"ERROR"}', 'ERROR'],
    ['{"levelname":"DEBUG"}', 'DEBUG'],
    ['{"level":"Information"}', 'INFO'],
    ['{"level":null,"message":"ERROR"}', null],
    ['{"level":{"name":"ERROR"}}', null],
    ['{"errorMessage":"boom","errorType":"errorString"}', 'ERROR'],
  ])('T30 %s is %s', (message, level) => {
    expect(readMeaning(message).level).toBe(level)
  })

  test('T31 embedded metrics are metrics, unless they tell of an error', () => {
    const emf =
      '{"_aws":{"Timestamp":1634299249318,"CloudWatchMetrics":[{"Namespace":"ApplicationMetrics","Dimensions":[["service"]],"Metrics":[{"Name":"SuccessfulMessageGeneration","Unit":"Count"}]}]},"service":"exampleAPP","SuccessfulMessageGeneration":[1.0]}'
    expect(readMeaning(emf)).toMatchObject({kind: 'metric', level: null})
    expect(readMeaning(emf.replace('{"_aws"', '{"level":"ERROR","_aws"'))).toMatchObject({
      kind: 'app',
      level: 'ERROR',
    })
    expect(readMeaning(emf.replace('{"_aws"', '{"level":"INFO","_aws"'))).toMatchObject({kind: 'metric', level: 'INFO'})
    expect(readMeaning(`2024-08-11T03:06:56.747Z\t${id}\tINFO\t${emf}`)).toMatchObject({kind: 'metric', requestId: id})
  })

  it('reads JSON behind a text prefix, whose level goes before the prefix’s', () => {
    const prefix = '2020-12-03T09:59:57.754Z\t4220ab3e-0559-4a5f-a318-d7b33be19925\tINFO\t'
    expect(readMeaning(`${prefix}\n{\n    "message": "foo",\n    "b": 1\n}\n`)).toMatchObject({
      level: 'INFO',
      requestId: '4220ab3e-0559-4a5f-a318-d7b33be19925',
    })
    expect(readMeaning(`${prefix}{"level":"error","message":"foo","requestId":"x"}`)).toMatchObject({
      level: 'ERROR',
      requestId: '4220ab3e-0559-4a5f-a318-d7b33be19925',
    })
  })

  it.each([
    [`{"xray_trace_id":"${trace}"}`, trace],
    [`{"traceId":"Root=${trace};Parent=29c3839e6ecb5895;Sampled=1"}`, trace],
    ['{"trace_id":"5759e988bd862e3fe1be46a994272793"}', otherTrace],
    ['{"traceId":"00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"}', otherTrace],
    ['{"traceId":"an id of their own"}', null],
    [
      `{"type":"platform.start","record":{"requestId":"${id}","tracing":{"type":"X-Amzn-Trace-Id","value":"Root=${trace};Parent=53995c3f42cd8ad8;Sampled=1"}}}`,
      trace,
    ],
  ])('finds the trace id of %s', (message, traceId) => {
    expect(readMeaning(message).traceId).toBe(traceId)
  })
})

describe('T33 whatever a message holds', () => {
  test.each([
    ['cut JSON', '{"a":1,"level":"ERROR","b":"…'],
    ['an array', '[{"level":"ERROR"}]'],
    ['text like JSON', '{} is what it said'],
    ['nothing', ''],
    ['a line break', '\n'],
    ['spaces', '   '],
    ['a lone surrogate', '\ud800 half'],
    ['emoji and right-to-left text', '🦄 שלום 猫'],
    ['a cut prefix', '2023-12-05T22:14:43.862Z\t'],
    ['a bracket', '['],
    ['a warning without JSON', 'LAMBDA_WARNING: Unhandled exception.\r{"log_level'],
  ])('%s is an application’s line', (_, message) => {
    expect(readMeaning(message)).toEqual({kind: 'app', level: null, requestId: null, traceId: null})
  })

  test.each([
    'START RequestId: ',
    'END RequestId: ',
    'REPORT RequestId: ',
    'REPORT RequestId: x\tDuration: ',
    'RequestId: ',
    'INIT_REPORT ',
    'RESTORE_REPORT ',
  ])('%s and no more does no harm', message => {
    expect(readMeaning(message)).toMatchObject({level: null})
  })

  test.each([
    ['text', 'x'],
    ['spaces', ' '],
    ['braces', '{'],
    ['brackets', '['],
    ['hex digits and dashes', 'a-'],
    ['capitals', 'E'],
    ['digits', '1'],
    ['times', '2026-11-20 10:02:03 '],
    ['times in brackets', '[10:02:03 '],
    ['fields', 'time='],
  ])('1 MB of %s is read', (_, piece) => {
    expect(readMeaning(piece.repeat(1_000_000 / piece.length))).toMatchObject({kind: 'app', level: null})
  })

  test('1 MB of JSON is read', () => {
    expect(readMeaning(`{"message":"${'x'.repeat(1_000_000)}","level":"WARN"}`)).toMatchObject({level: 'WARN'})
  })
})
