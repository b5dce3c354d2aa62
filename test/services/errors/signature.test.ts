import {describe, expect, test} from 'vitest'
import {signatureOf} from '../../../src/services/errors/signature.ts'

const of = (message: string) => {
  const {kind, type, template, place} = signatureOf({message})
  return {kind, type, template, frames: place?.split('\n').slice(2) ?? null, cause: place?.split('\n')[1] || null}
}
const at = '2026-11-20T14:02:12.018Z\t1c9e7f3a-58d2-4b0e-9a41-6f2d0c3b88a1'

const nodeStack = (line: number) => [
  'PaymentTimeout: upstream did not answer in 1500 ms',
  `    at charge (file:///var/task/payments.ts:${line}:13)`,
  '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
  '    at async Client.send (/var/task/node_modules/@smithy/client/index.js:9:1)',
  '    at async Runtime.handler (/var/task/index-9f86d0818.mjs:31:5)',
  `    at new Order (/var/task/order.js:${line}:1)`,
]

describe('an error is known by its type and the first frames that are not a framework’s', () => {
  test('Node: an unhandled exception, and the same that was logged by pino or as text', () => {
    const unhandled = `${at}\tERROR\tInvoke Error \t${JSON.stringify({errorType: 'PaymentTimeout', errorMessage: 'upstream did not answer in 1500 ms', stack: nodeStack(88)})}\n`
    const expected = {
      kind: 'exception',
      type: 'PaymentTimeout',
      template: 'upstream did not answer in <n> ms',
      frames: ['charge@payments.ts', 'handler@index.mjs', 'Order@order.js'],
      cause: null,
    }
    const pino = {
      level: 50,
      msg: 'failed',
      err: {type: 'PaymentTimeout', message: 'upstream did not answer in 7 ms', stack: nodeStack(9).join('\n')},
    }
    expect(of(unhandled)).toEqual(expected)
    expect(of(`${at}\tERROR\t${nodeStack(12).join('\n')}\n`)).toEqual(expected)
    expect(of(JSON.stringify(pino))).toEqual(expected)
  })

  test('Python: innermost first, site-packages left out, in text, JSON and behind a logger’s words', () => {
    const frames = [
      '  File "/var/task/app.py", line 41, in handler\n    return rows(1)',
      '  File "/var/task/prices.py", line 9, in rows\n    parse(x)',
      '  File "/opt/python/lib/python3.13/site-packages/x.py", line 1, in parse\n    raise',
    ]
    const expected = {type: 'ValueError', frames: ['rows@prices.py', 'handler@app.py'], cause: null}
    expect(
      of(`[ERROR] ValueError: row 17 has no price\nTraceback (most recent call last):\n${frames.join('\n')}\n`),
    ).toMatchObject(expected)
    expect(
      of(
        `[ERROR] ValueError: row 17 has no price\rTraceback (most recent call last):\r${frames.join('\r').replaceAll('  ', '\u00a0\u00a0')}`,
      ),
    ).toMatchObject(expected)
    expect(
      of(
        `LAMBDA_WARNING: Unhandled exception.\r${JSON.stringify({log_level: 'ERROR', errorMessage: 'row 17 has no price', errorType: 'ValueError', stackTrace: frames})}\n`,
      ),
    ).toMatchObject(expected)
    expect(
      of(
        `[ERROR]\t2026-11-20T14:02:12.018Z\tid-1\tcould not import\nTraceback (most recent call last):\n${frames.join('\n')}\nValueError: row 17 has no price\n`,
      ),
    ).toMatchObject({...expected, template: 'row <n> has no price'})
  })

  test('Java: by its root cause, without java.* and libraries', () => {
    const message =
      'no report: com.larder.ReportFailed\ncom.larder.ReportFailed: no report\n\tat com.larder.Report.make(Report.java:12)\n\tat java.base/java.util.List.forEach(Unknown Source)\nCaused by: java.sql.SQLTimeout: pool-1 timed out after 30000ms\n\tat com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:163)\n\tat com.larder.Db$$EnhancerBySpring$$1f2.find(Db.java:44)\n\t... 3 more\n'
    expect(of(message)).toEqual({
      kind: 'exception',
      type: 'com.larder.ReportFailed',
      template: 'no report',
      frames: ['com.larder.Db.find', 'com.larder.Report.make'],
      cause: 'java.sql.SQLTimeout',
    })
  })

  test('Go: the panic with its goroutine, and one line of it alone', () => {
    const stack =
      'panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nruntime.gopanic(0x1)\n\t/usr/local/go/src/runtime/panic.go:770 +0x132\nmain.(*Cart).total(0xc000)\n\t/var/task/cart.go:31 +0x1d\nmain.handler.func1(...)\n\t/var/task/main.go:12 +0x9'
    expect(of(stack)).toMatchObject({frames: ['main.(*Cart).total@cart.go', 'main.handler.func@main.go']})
    expect(of('panic: runtime error: index out of range [5] with length 3')).toMatchObject({
      template: 'panic: runtime error: index out of range [<n>] with length <n>',
      frames: null,
    })
  })

  test('.NET: without System.* and Amazon.*', () => {
    const message = `${at}\tfail\tLarder.StockMissing: sku KIWI-1\n   at Larder.Stock.Take(String sku) in /src/Stock.cs:line 12\n   at System.Threading.Tasks.Task.Run()\n   at Larder.Function.Handler(Order order)\n`
    expect(of(message)).toMatchObject({
      type: 'Larder.StockMissing',
      template: 'sku KIWI-<n>',
      frames: ['Larder.Stock.Take', 'Larder.Function.Handler'],
    })
  })

  test('Ruby', () => {
    const message = JSON.stringify({
      errorMessage: 'no cart 7',
      errorType: 'Function<KeyError>',
      stackTrace: [
        "/var/task/app.rb:12:in 'find'",
        "/var/lang/lib/ruby/x.rb:1:in 'call'",
        '/var/task/app.rb:3:in `handler`',
      ],
    })
    expect(of(message)).toMatchObject({type: 'Function<KeyError>', frames: ['find@app.rb', 'handler@app.rb']})
  })

  test('line numbers, ids and builds make no other error', () => {
    expect(signatureOf({message: nodeStack(1).join('\n')}).place).toBe(
      signatureOf({message: nodeStack(999).join('\n')}).place,
    )
  })
})

describe('an error without a stack is known by what it says', () => {
  test.each([
    [`${at}\tERROR\tmail to bob@x.example failed\n`, null, 'mail to <addr> failed'],
    ['{"level":"ERROR","message":"mail service is throttling","attempt":3}', null, 'mail service is throttling'],
    ['{"level":"ERROR","requestId":"x","message":{"message":"no stock","sku":"K-1"}}', null, 'no stock'],
    ['{"severity":"ERROR","error":"db down after 3 s"}', null, 'db down after <n> s'],
    ['{"level":"error","error":{"name":"DbError","message":"down"}}', 'DbError', 'down'],
    ['{"level":"error","code":7,"sku":"x"}', null, '{level, code, sku}'],
    ['ERROR: ValidationException: 2 fields are missing', 'ValidationException', '<n> fields are missing'],
    [
      "[ERROR] Runtime.ImportModuleError: Unable to import module 'app'",
      'Runtime.ImportModuleError',
      'Unable to import module <str>',
    ],
    ['{"a":1,"b":"…', null, '{<str>:<n>,<str>:"…'],
    ['', null, ''],
  ])('%s', (message, type, template) => {
    expect(signatureOf({message})).toMatchObject({type, template, place: null})
  })

  test('a message of a megabyte costs no more than its beginning', () => {
    expect(signatureOf({message: `ERROR: ${'x1 '.repeat(400_000)}`}).template.length).toBeLessThan(3_000)
  })
})
