import {describe, expect, it} from 'vitest'
import type {LogEvent} from '../../src/services/logs/log-event.ts'
import {messageLines} from '../../src/ui/message-lines.ts'
import {plainText} from '../../src/ui/spans.ts'
import {glyphsFor} from '../../src/ui/terminal.ts'
import {event, reader, request, shown, source, terminal} from './events.ts'

const api = source('checkout-api')

function said(message: string, more: Partial<LogEvent> = {}): string {
  return messageLines(event(api, 0, message, more), glyphsFor({unicode: true}), reader)
    .map(plainText)
    .join('\n')
}

describe('text', () => {
  it.each([
    ['Node', `2026-11-20T14:02:11.482Z\t${request}\tINFO\t a picture\n`, 'a picture'],
    ['Node before the first request', '2025-02-10T07:37:11.523Z\tundefined\tWARN\tno region set', 'no region set'],
    ['Python', `[INFO]\t2024-08-11T03:06:56.747Z\t${request}\tDisconnect timed out`, 'Disconnect timed out'],
    ['an unhandled exception of Python', "[ERROR] KeyError: 'sku'", "KeyError: 'sku'"],
    ['Java', `${request} DEBUG AbstractFlow:214 - SMARequest`, 'AbstractFlow:214 - SMARequest'],
    ['Spring', '2026-11-20T10:02:03.456Z  WARN 1 --- [pool-1] c.l.p.Pool : slow', '1 --- [pool-1] c.l.p.Pool : slow'],
    ['a logger in a container', '2026-11-20 10:02:03.456 ERROR no stock', 'no stock'],
    ['logfmt', 'time="2026-11-20T10:02:03Z" level=warning msg="no stock" sku=1', 'msg="no stock" sku=1'],
    [
      'T24 the platform',
      `2018-08-26T02:13:13.948Z ${request} Task timed out after 30.02 seconds\n\n`,
      'Task timed out after 30.02 seconds',
    ],
    [
      'a runtime that died',
      `RequestId: ${request} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`,
      'Runtime exited with error: signal: killed\nRuntime.ExitError',
    ],
  ])('of %s loses the prefix that columns show', (_, message, text) => {
    expect(said(message)).toBe(text)
  })

  it.each([
    ['a thread', '10:02:03 [main] ERROR c.x.Y - no stock', '[main] c.x.Y - no stock'],
    ['a logger', '2026-11-20 10:02:03,456 - shop.stock - ERROR - none left', 'shop.stock none left'],
  ])('keeps the name of %s that stands before its level', (_, message, text) => {
    expect(said(message)).toBe(text)
  })

  it('keeps a time that is no logger’s prefix', () => {
    expect(said('2026-11-20 10:02:03 doors open')).toBe('2026-11-20 10:02:03 doors open')
  })

  it('keeps a prefix that names another request', () => {
    const message = `2026-11-20T14:02:11.482Z\t${request}\tINFO\tretried`
    expect(said(message, {requestId: 'another'})).toBe(
      '2026-11-20T14:02:11.482Z  1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1  INFO  retried',
    )
  })

  it.each(['', '\n', '   \n\n'])('T33 may be empty: %j', message => {
    expect(said(message)).toBe('')
  })
})

describe('JSON', () => {
  it('is its message and what else it says, without what every line of Powertools repeats', () => {
    expect(
      said(
        '{"cold_start":true,"function_arn":"arn:aws:lambda:eu-west-1:561912387782:function:logger","function_memory_size":128,"function_name":"logger","function_request_id":"7f586697-238a-4c3b-9250-a5f057c1119c","level":"DEBUG","message":"placed","service":"orders","timestamp":"2022-01-27T16:04:39.323Z","xray_trace_id":"1-61f2d2e7-0123456789abcdef01234567","orderId":"7f3c","items":3,"note":"two words","empty":"","nested":{"a":[1,2]},"nothing":null}',
      ),
    ).toBe('placed orderId=7f3c items=3 note="two words" empty="" nested={"a":[1,2]} nothing=null')
  })

  it('keeps a request id that is not the one of the invocation', () => {
    expect(said('{"message":"called","requestId":"theirs"}', {requestId: request})).toBe('called requestId=theirs')
  })

  it.each([
    ['text', JSON.stringify('{"message":"settlement stored","payment":12345678901234567890,"retried":false}')],
    ['an object', '{"message":"settlement stored","payment":12345678901234567890,"retried":false}'],
  ])('whose message is JSON again, as %s, is what that says', (_, message) => {
    const line = `{"timestamp":"2026-11-20T14:02:11.482Z","level":"INFO","requestId":"${request}","message":${message}}`
    expect(said(line)).toBe('settlement stored payment=12345678901234567890 retried=false')
  })

  it('whose message is JSON without a message is all its fields', () => {
    expect(said('{"level":"INFO","message":"{\\"status\\":200,\\"level\\":\\"info\\"}","path":"/orders"}')).toBe(
      'path=/orders status=200',
    )
  })

  it('whose message is an error is that error', () => {
    const error = {
      name: 'TypeError',
      message: 'no card',
      stack: 'TypeError: no card\n    at card (/var/task/card.js:2:9)',
    }
    const wanted = 'TypeError: no card\n  at card (card.js:2:9)'
    expect(said(JSON.stringify({level: 'ERROR', message: error}))).toBe(wanted)
    expect(said(JSON.stringify({level: 'ERROR', message: JSON.stringify(error)}))).toBe(wanted)
  })

  it.each(['{cut', '{} and more', '{not JSON}', '[1,2]'])(
    'whose message only looks like JSON shows it: %s',
    message => {
      expect(said(JSON.stringify({message, a: 1}))).toBe(`${message} a=1`)
    },
  )

  it('without a message is its fields', () => {
    expect(said('{"status":200,"path":"/orders","ip":"10.0.0.1"}')).toBe('status=200 path=/orders ip=10.0.0.1')
  })

  it('T34 keeps every digit', () => {
    expect(said('{"msg":"paid","id":12345678901234567890,"share":1.0,"deep":{"big":1e400}}')).toBe(
      'paid id=12345678901234567890 share=1.0 deep={"big":1e400}',
    )
  })

  it.each([
    ['cut at the size limit', '{"a":1,"b":"cut he'],
    ['an array', '[1,2,3]'],
    ['braces around text', '{} is empty'],
  ])('T33 that is %s stays text', (_, message) => {
    expect(said(message)).toBe(message)
  })

  it.each([
    `{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`,
    '{"errorType":1,"errorMessage":null,"stack":[1]}',
    '{"message":null,"error":{"stack":[]},"cause":7}',
    '{"_aws":{"CloudWatchMetrics":[null,{"Metrics":[null,{"Name":5}]}]}}',
    '{"time":1,"type":"platform.initReport","record":null}',
    '{"message":{"toString":1},"__proto__":{"x":1},"constructor":"y"}',
    'LAMBDA_WARNING: \r{"errorType":[]}',
    '[ERROR]\t\t\t',
  ])('T33 of whatever shape never breaks the stream (%#)', message => {
    for (const kind of ['app', 'metric', 'report', 'init', 'runtime', 'extension'] as const) {
      expect(() => shown(terminal(40), [event(api, 0, message, {kind})])).not.toThrow()
    }
  })

  it('may follow a prefix of text', () => {
    expect(said(`2020-12-03T09:59:57.754Z\t${request}\tINFO\t\n{\n    "message": "foo",\n    "a": 1\n}`)).toBe(
      'foo a=1',
    )
  })

  it('T35 cannot smuggle control characters in keys or values', () => {
    expect(said('{"message":"\\u001b[2Jhi","\\u001b]0;k\\u0007":"\\u202ev","x":"a\\u001bb"}')).toBe(
      '^[[2Jhi ^[]0;k^G=<U+202E>v x=a^[b',
    )
  })

  it('T31 of the embedded metric format is its metrics', () => {
    expect(
      said(
        '{"_aws":{"Timestamp":1634299249318,"CloudWatchMetrics":[{"Namespace":"ApplicationMetrics","Dimensions":[["service"]],"Metrics":[{"Name":"SuccessfulMessageGeneration","Unit":"Count"},{"Name":"Latency"}]}]},"service":"exampleAPP","SuccessfulMessageGeneration":[1.0],"Latency":[12,14],"tenant":"a"}',
      ),
    ).toBe('◇ metric SuccessfulMessageGeneration=1.0 Latency=[12,14] tenant=a')
  })

  it('T31 of the embedded metric format that is an error is shown as one', () => {
    expect(said('{"_aws":{"CloudWatchMetrics":[]},"level":"ERROR","message":"no stock","Failures":1}')).toBe(
      'no stock Failures=1',
    )
  })

  it('of the platform is named by its type', () => {
    expect(said('{"time":"2026-11-20T14:02:00.000Z","type":"platform.foo","record":{"a":1,"b":"x y"}}')).toBe(
      'platform.foo a=1 b="x y"',
    )
  })

  it('tells that Lambda dropped logs', () => {
    expect(
      said(
        '{"time":"…","type":"platform.logsDropped","record":{"droppedBytes":12345,"droppedRecords":123,"reason":"Call backlog"}}',
      ),
    ).toBe(
      'Lambda dropped log records before they reached the log group droppedRecords=123 droppedBytes=12345 reason="Call backlog"',
    )
  })
})

describe('an error', () => {
  it('of Node is its type, message and frames', () => {
    expect(
      said(
        '2026-11-20T14:02:12.018Z\tundefined\tERROR\tUncaught Exception \t{"errorType":"Runtime.UserCodeSyntaxError","errorMessage":"SyntaxError: Unexpected end of input","stack":["Runtime.UserCodeSyntaxError: SyntaxError: Unexpected end of input","    at _loadUserApp (file:///var/runtime/index.mjs:1084:17)","    at handler (file:///var/task/index.mjs:3:1)"]}',
      ),
    ).toMatchInlineSnapshot(`
      "Runtime.UserCodeSyntaxError: SyntaxError: Unexpected end of input (Uncaught Exception)
        at _loadUserApp (file:///var/runtime/index.mjs:1084:17)
        at handler (index.mjs:3:1)"
    `)
  })

  it('shows its cause below', () => {
    expect(
      said(
        '{"level":"ERROR","message":"order failed","orderId":"7f","error":{"name":"OrderError","message":"cannot charge","stack":"OrderError: cannot charge\\n    at charge (/var/task/pay.js:8:1)","cause":{"name":"TypeError","message":"no card","stack":"TypeError: no card\\n    at card (/var/task/card.js:2:9)"}}}',
      ),
    ).toMatchInlineSnapshot(`
      "order failed orderId=7f
      OrderError: cannot charge
        at charge (pay.js:8:1)
      caused by TypeError: no card
        at card (card.js:2:9)"
    `)
  })

  it('T28 of Python comes with \\r and no-break spaces', () => {
    expect(
      said(
        '[ERROR] ValueError: bad price\rTraceback (most recent call last):\r\u00a0\u00a0File "/var/task/app.py", line 3, in handler\r\u00a0\u00a0\u00a0\u00a0raise ValueError(\'bad price\')',
      ),
    ).toMatchInlineSnapshot(`
      "ValueError: bad price
      Traceback (most recent call last):
        File "app.py", line 3, in handler
          raise ValueError('bad price')"
    `)
  })

  it('T27 of Python with LogFormat JSON comes behind a paragraph of advice', () => {
    expect(
      said(
        'LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in rare cases, a Lambda runtime update can cause unexpected function behavior. For more information, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html\r{"timestamp": "2024-06-17T17:23:55Z", "log_level": "ERROR", "errorMessage": "\'utf-8\' codec can\'t decode byte 0x80 in position 7: invalid start byte", "errorType": "UnicodeDecodeError", "requestId": "ca52c236-a38d-40fc-aa6b-7e3be2b7aa55", "stackTrace": ["  File \\"/var/lang/lib/python3.11/site-packages/awsgi.py\\", line 21, in on_event\\n    return cls.wsgi(event, context)\\n"]}\n',
      ),
    ).toMatchInlineSnapshot(`
      "UnicodeDecodeError: 'utf-8' codec can't decode byte 0x80 in position 7: invalid start byte (Unhandled exception)
        File "/var/lang/lib/python3.11/site-packages/awsgi.py", line 21, in on_event
          return cls.wsgi(event, context)"
    `)
  })

  it('of Powertools for Python has its traceback in a field', () => {
    expect(
      said(
        '{"level":"ERROR","message":"boom","exception_name":"ZeroDivisionError","exception":"Traceback (most recent call last):\\n  File \\"/var/task/app.py\\", line 9, in handler\\n    1/0\\nZeroDivisionError: division by zero"}',
      ),
    ).toMatchInlineSnapshot(`
      "boom exception_name=ZeroDivisionError
      Traceback (most recent call last):
        File "app.py", line 9, in handler
          1/0
      ZeroDivisionError: division by zero"
    `)
  })

  it('of Java has tabs before its frames', () => {
    expect(
      said(
        'java.lang.IllegalStateException: no price\n\tat com.larder.Report.total(Report.java:41)\n\tat java.base/java.util.Optional.get(Optional.java:143)\n',
      ),
    ).toMatchInlineSnapshot(`
      "java.lang.IllegalStateException: no price
        at com.larder.Report.total(Report.java:41)
        at java.base/java.util.Optional.get(Optional.java:143)"
    `)
  })
})
