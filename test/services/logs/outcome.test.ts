import {describe, expect, it, test} from 'vitest'
import type {Report} from '../../../src/services/logs/log-event.ts'
import {type Evidence, isUnhandledException, outcomeOf} from '../../../src/services/logs/outcome.ts'
import {first, nodeLine} from './events.ts'

const report: Report = {durationMs: 1, billedDurationMs: 1, memorySizeMB: 128, maxMemoryUsedMB: 67}
const full: Report = {...report, maxMemoryUsedMB: 128}

describe('outcomeOf', () => {
  it.each<[string, readonly Evidence[], Report | null, string]>([
    ['a report alone', [], report, 'ok'],
    ['success', [], {...report, status: 'success'}, 'ok'],
    ['success, whatever its lines looked like', ['exception'], {...report, status: 'success'}, 'ok'],
    ['a timeout', [], {...report, status: 'timeout'}, 'timeout'],
    ['T24 a timeout that only a line tells', ['timeout'], report, 'timeout'],
    ['a timeout without a report', ['timeout'], null, 'timeout'],
    ['an error', [], {...report, status: 'error', errorType: 'Runtime.ExitError'}, 'error'],
    ['T21 out of memory', [], {...report, status: 'error', errorType: 'Runtime.OutOfMemory'}, 'oom'],
    ['T21 killed with all its memory used', ['killed'], full, 'oom'],
    ['T21 killed with memory to spare', ['killed'], report, 'error'],
    ['all memory used, and no harm', [], full, 'ok'],
    ['an exception in a text log, whose report says nothing', ['exception'], report, 'error'],
    ['an environment that exited', ['exited'], report, 'error'],
    [
      'an init phase that failed',
      ['init-error'],
      {...report, status: 'error', errorType: 'Runtime.Unknown'},
      'init-error',
    ],
    [
      'an error type of the init phase',
      [],
      {...report, status: 'error', errorType: 'Runtime.InvalidEntrypoint'},
      'init-error',
    ],
    ['T23 an init phase that was run again and succeeded', ['init-error'], report, 'ok'],
    ['nothing', [], null, 'unknown'],
    ['an exception without a report', ['exception'], null, 'error'],
  ])('%s', (_, evidence, told, outcome) => {
    expect(outcomeOf(new Set(evidence), told)).toBe(outcome)
  })
})

describe('isUnhandledException', () => {
  test.each([
    ['Node', nodeLine(first, 'ERROR', 'Invoke Error \t{"errorType":"Error"}')],
    ['Node, while loading', nodeLine('undefined', 'ERROR', 'Uncaught Exception \t{"errorType":"Error"}')],
    [
      'Python',
      '[ERROR] CustomException: some error occurred\nTraceback (most recent call last):\n\u00a0\u00a0File "/var/task/handler.py", line 6, in handler\n',
    ],
    [
      'Python with carriage returns',
      '[ERROR] KeyError: 1\rTraceback (most recent call last):\r\u00a0\u00a0File "/var/task/app.py", line 6',
    ],
    ['Python, T27 in JSON', 'LAMBDA_WARNING: Unhandled exception. …\r{"log_level": "ERROR"}'],
    [
      'Java',
      'no stock: java.lang.IllegalStateException\njava.lang.IllegalStateException: no stock\n\tat shop.Stock.take(Stock.java:12)\n',
    ],
    [
      '.NET',
      `2024-08-11T03:06:56.747Z\t${first}\tfail\tShop.StockException: no stock\n   at Shop.Stock.Take() in /src/Stock.cs:line 12\n`,
    ],
    ['a Go panic', 'panic: no stock [recovered]\n'],
    ['Go', '{"errorMessage":"boom","errorType":"errorString"}'],
  ])('%s', (_, message) => {
    expect(isUnhandledException(message)).toBe(true)
  })

  test.each([
    ['console.error', nodeLine(first, 'ERROR', 'no stock')],
    [
      'a Python logger',
      `[ERROR]\t2024-08-11T03:06:56.747Z\t${first}\tDisconnect timed out\nTraceback (most recent call last):`,
    ],
    [
      'a .NET logger',
      `2024-08-11T03:06:56.747Z\t${first}\tfail\tcould not take stock: retrying\nShop.StockException: no stock\n   at Shop.Stock.Take()\n`,
    ],
    ['a JSON logger', '{"level":"ERROR","errorType":"Error","stackTrace":[]}'],
    ['text', 'java.lang.IllegalStateException: no stock, tried again\n'],
  ])('%s is the application’s own', (_, message) => {
    expect(isUnhandledException(message)).toBe(false)
  })
})
