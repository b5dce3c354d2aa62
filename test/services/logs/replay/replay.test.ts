import {execFileSync} from 'node:child_process'
import {mkdtempSync, writeFileSync} from 'node:fs'
import {writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {ExitCode} from '../../../../src/errors.ts'
import type {Invocation} from '../../../../src/services/logs/invocations.ts'
import type {LogViewOptions} from '../../../../src/services/logs/opened-logs.ts'
import {openReplay} from '../../../../src/services/logs/replay/open-replay.ts'
import {openRecording} from '../../../../src/services/logs/replay/recording.ts'
import type {PickedEvent} from '../../../../src/services/logs/view.ts'
import type {SelectionWords} from '../../../../src/services/targets/parse-target.ts'
import {everything} from '../views.ts'

const signal = new AbortController().signal
const minute = 60_000
const begin = Date.UTC(2026, 10, 20, 14)
const requestId = '1c9e0000-0000-4000-8000-0000000088a1'

const line = (atMs: number, message: string, differing: Readonly<Record<string, unknown>> = {}) => ({
  schema: 'slsops/log@1',
  timestamp: new Date(begin + atMs).toISOString(),
  ingestionTime: new Date(begin + atMs + 500).toISOString(),
  account: '123456789012',
  region: 'eu-west-1',
  logGroup: '/aws/lambda/checkout-api',
  logStream: '2026/11/20/[42]0123456789abcdef0123456789abcdef',
  function: 'checkout-api',
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
  version: '42',
  requestId: null,
  traceId: null,
  level: null,
  kind: 'app',
  message,
  eventId: `e${atMs}`,
  late: false,
  ...differing,
})

const inventory = {
  logGroup: '/aws/lambda/inventory',
  function: 'inventory',
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:inventory',
}
const receipt = {schema: 'slsops/receipt@1', scope: [{endpoint: 'sandbox'}], gaps: []}

function fileOf(...lines: readonly unknown[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'slsops-replay-')), 'incident.ndjson')
  writeFileSync(file, lines.map(each => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join(''))
  return file
}

const whole: LogViewOptions = {...everything, start: begin, end: begin + 60 * minute, now: begin + 61 * minute}

async function replay(file: string, options: Partial<LogViewOptions> = {}, words: SelectionWords = {}) {
  const recording = await openRecording(file, signal)
  const logs = openReplay(recording, words, {...whole, ...options}, signal)
  const items = (await Array.fromAsync(logs.steps)).flatMap(step => [...step.items])
  return {items, receipt: logs.receipt(begin + 61 * minute, signal), verdicts: logs.verdicts(), recording}
}

const messages = (items: readonly unknown[]): string[] => (items as PickedEvent[]).map(({message}) => message)

describe('a recording', () => {
  test('is shown again, its lines understood anew', async () => {
    const file = fileOf(line(0, 'one'), line(1, `2026-11-20T14:00:00.001Z\t${requestId}\tERROR\ttwo`), receipt)
    const {items, receipt: told} = await replay(file)
    expect(items).toMatchObject([
      {message: 'one', function: {name: 'checkout-api'}, version: '42'},
      {level: 'ERROR', requestId},
    ])
    expect(told).toMatchObject({complete: true, events: 2, notes: [], sources: {total: 1, complete: 1}})
  })

  test('takes every filter', async () => {
    const file = fileOf(line(0, 'keep'), line(1, 'drop'), line(minute, 'keep later'), receipt)
    const view = {...everything.view, include: [/keep/]}
    expect(messages((await replay(file, {view})).items)).toEqual(['keep', 'keep later'])
    expect(messages((await replay(file, {view, end: begin + 1000})).items)).toEqual(['keep'])
    expect(messages((await replay(file, {view, tail: 1})).items)).toEqual(['keep later'])
  })

  test('shows whole invocations', async () => {
    const file = fileOf(
      line(0, `START RequestId: ${requestId} Version: 42`),
      line(
        5,
        `REPORT RequestId: ${requestId}\tDuration: 5.00 ms\tBilled Duration: 5 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\tStatus: timeout`,
      ),
      receipt,
    )
    const {items} = await replay(file, {byRequest: true, failed: true})
    expect((items as Invocation[]).map(({outcome, events}) => [outcome, events.length])).toEqual([['timeout', 2]])
  })

  test('out of order, as of invocations, is put in order', async () => {
    const invocation = {schema: 'slsops/invocation@1', events: [line(5, 'b'), line(9, 'c')]}
    expect(messages((await replay(fileOf(invocation, line(1, 'a'), receipt))).items)).toEqual(['a', 'b', 'c'])
  })

  test.skipIf(process.platform === 'win32')('through a pipe, which can be read but once, is shown whole', async () => {
    const pipe = join(mkdtempSync(join(tmpdir(), 'slsops-replay-')), 'pipe')
    execFileSync('sh', ['-c', 'exec mkfifo "$0"', pipe])
    const text = [line(5, 'b'), line(9, 'c'), receipt].map(each => `${JSON.stringify(each)}\n`).join('')
    const [{items}] = await Promise.all([replay(pipe), writeFile(pipe, text)])
    expect(messages(items)).toEqual(['b', 'c'])
  })

  test('says what was missing when it was written', async () => {
    const gap = {what: '/aws/lambda/x', account: '123456789012', region: 'eu-west-1', reason: 'denied'}
    const {receipt: told, verdicts} = await replay(fileOf(line(0, 'a'), {...receipt, gaps: [gap]}))
    expect(told).toMatchObject({complete: false, gaps: [gap]})
    expect(verdicts).toEqual([ExitCode.partial])
  })

  test('without a receipt may be cut, which is said', async () => {
    const file = fileOf(line(0, 'a'))
    expect((await replay(file)).receipt?.notes).toEqual([
      `${file} ends without a receipt: whether it holds everything is not known`,
    ])
  })

  test('with lines that are none is read without them, which is a gap', async () => {
    const {items, receipt: told} = await replay(fileOf(line(0, 'a'), 'not JSON', '{"half":', line(1, 'b'), receipt))
    expect(messages(items)).toEqual(['a', 'b'])
    expect(told?.gaps).toMatchObject([{reason: 'failed', detail: 'no slsops/log@1 line, the first is line 2'}])
  })

  test('without events is an error', async () => {
    await expect(openRecording(fileOf(receipt), signal)).rejects.toMatchObject({code: 'NoEvents'})
    await expect(openRecording('/nowhere/x.ndjson', signal)).rejects.toMatchObject({
      message: 'could not read /nowhere/x.ndjson: there is no such file',
    })
    await expect(openRecording(tmpdir(), signal)).rejects.toMatchObject({code: 'EISDIR'})
  })
})

describe('targets', () => {
  const file = fileOf(line(0, 'a'), line(1, 'b', inventory), receipt)
  const shown = async (...targets: readonly string[]) => messages((await replay(file, {}, {targets})).items)

  test('select functions, versions and log groups of a recording', async () => {
    expect(await shown('checkout-api')).toEqual(['a'])
    expect(await shown('checkout-api:42')).toEqual(['a'])
    expect(await shown('checkout-api:41')).toEqual([])
    expect(await shown('/aws/lambda/inv*')).toEqual(['b'])
    expect(await shown('!checkout-*')).toEqual(['b'])
    expect(await shown('*', '!inventory')).toEqual(['a'])
  })

  test('that match nothing are an error with the nearest names', async () => {
    await expect(shown('inventroy')).rejects.toMatchObject({
      message: 'nothing in the recording matches inventroy',
      hint: expect.stringContaining('inventory'),
    })
  })

  test.each([['checkout-api:live'], ['arn:aws:sqs:eu-west-1:123456789012:orders']])(
    '%s only AWS could tell',
    async word => {
      await expect(shown(word)).rejects.toMatchObject({exitCode: 2})
    },
  )
})
