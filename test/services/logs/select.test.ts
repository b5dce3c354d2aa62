import {describe, expect, it} from 'vitest'
import {assembleInvocations} from '../../../src/services/logs/assemble-invocations.ts'
import type {LogEvent} from '../../../src/services/logs/log-event.ts'
import {eventFilter, invocationFilter, type Selection} from '../../../src/services/logs/select.ts'
import {
  endLine,
  first,
  interpretAll,
  line,
  nodeLine,
  otherStream,
  reportLine,
  second,
  startLine,
  trace,
} from './events.ts'

const everything: Selection = {level: null, include: [], exclude: [], requestId: null}

function shown(events: readonly LogEvent[], selection: Partial<Selection>): readonly string[] {
  return events.filter(eventFilter({...everything, ...selection})).map(({message}) => message)
}

const oneThatFailed = [
  startLine(first),
  'printed before\n',
  nodeLine(first, 'ERROR', 'no stock'),
  '    at take (stock.js:12)\n',
  nodeLine(first, 'INFO', 'cleaning up'),
  'printed after\n',
  endLine(first),
  reportLine(first),
]
const events = interpretAll(oneThatFailed.map((message, at) => line(at, message)))

describe('eventFilter', () => {
  it('shows everything where nothing was asked', () => {
    expect(shown(events, {})).toEqual(oneThatFailed)
  })

  it('shows the lines of a level with what belongs to them, and not how an invocation ended that only warned', () => {
    expect(shown(events, {level: 'WARN'})).toEqual([
      nodeLine(first, 'ERROR', 'no stock'),
      '    at take (stock.js:12)\n',
    ])
  })

  it('counts how an invocation ended as an error where it failed, though its report has no status', () => {
    const exception = nodeLine(first, 'ERROR', 'Invoke Error \t{"errorType":"Error"}')
    const failed = [startLine(first), exception, endLine(first), reportLine(first)]
    const inOrder = interpretAll(failed.map((message, at) => line(at, message)))
    expect(shown(inOrder, {level: 'ERROR'})).toEqual([exception, reportLine(first)])
    expect(shown(inOrder, {level: 'FATAL'})).toEqual([])
  })

  it('counts how an invocation ended as information where it went well', () => {
    const [report] = interpretAll([line(1, reportLine(first))])
    expect(shown(report ? [report] : [], {level: 'INFO'})).toEqual([reportLine(first)])
    expect(shown(report ? [report] : [], {level: 'WARN'})).toEqual([])
  })

  it('takes lines for INFO whose invocation has no level yet', () => {
    expect(shown(events, {level: 'INFO'})).toEqual(oneThatFailed)
    expect(shown(events.slice(0, 2), {level: 'WARN'})).toEqual([])
  })

  it('forgets an invocation’s level when it ends', () => {
    const next = interpretAll(
      [...oneThatFailed, startLine(second), 'printed\n', endLine(second), reportLine(second)].map((message, at) =>
        line(at, message),
      ),
    )
    expect(shown(next, {level: 'ERROR'})).toEqual(shown(events, {level: 'ERROR'}))
  })

  it('shows timeouts and out of memory as errors', () => {
    const timeout = `2018-08-26T02:13:13.948Z ${first} Task timed out after 30.02 seconds\n\n`
    const report = reportLine(second, 'Status: error\tError Type: Runtime.OutOfMemory')
    expect(shown(interpretAll([line(1, timeout), line(2, report)]), {level: 'ERROR'})).toEqual([timeout, report])
  })

  it('follows the stream where there are no requests', () => {
    const container = interpretAll(
      ['{"level":"error","message":"boom"}', '  at main.go:12', '{"level":"info","message":"on"}', 'text'].map(
        (message, at) => line(at, message, {logStream: 'ecs/app/1'}),
      ),
    )
    expect(shown(container, {level: 'ERROR'})).toEqual(['{"level":"error","message":"boom"}', '  at main.go:12'])
  })

  it('includes what any expression matches, and excludes what any matches', () => {
    expect(shown(events, {include: [/stock/, /cleaning/]})).toHaveLength(3)
    expect(shown(events, {include: [/stock/], exclude: [/ at /]})).toEqual([nodeLine(first, 'ERROR', 'no stock')])
  })

  it('matches each event anew with a global expression', () => {
    const twice = interpretAll([line(1, 'stock'), line(2, 'stock')])
    expect(shown(twice, {include: [/stock/g]})).toHaveLength(2)
  })

  it('remembers levels of events that other conditions leave out', () => {
    expect(shown(events, {level: 'WARN', exclude: [/no stock/], include: [/take/]})).toEqual([
      '    at take (stock.js:12)\n',
    ])
  })

  it('shows one request, also lines that do not name it', () => {
    const other = line(3, 'another’s', {logStream: otherStream})
    expect(
      shown(interpretAll([line(1, startLine(first)), line(2, 'printed'), other]), {requestId: first.toUpperCase()}),
    ).toEqual([startLine(first), 'printed'])
  })
})

describe('invocationFilter', () => {
  const assembler = assembleInvocations()
  for (const event of interpretAll([
    ...oneThatFailed.map((message, at) => line(at, message)),
    ...[startLine(second), 'fine\n', reportLine(second, `\nXRAY TraceId: ${trace}\t`)].map((message, at) =>
      line(at, message, {logStream: otherStream}),
    ),
  ])) {
    assembler.push(event)
  }
  const invocations = assembler.flush()
  const chosen = (selection: Partial<Selection & {traceId: string | null}>) =>
    invocations.filter(invocationFilter({...everything, traceId: null, ...selection})).map(({requestId}) => requestId)

  it('selects whole invocations', () => {
    expect(chosen({})).toEqual([first, second])
    expect(chosen({include: [/fine/]})).toEqual([second])
    expect(chosen({exclude: [/fine/]})).toEqual([first])
    expect(chosen({requestId: second})).toEqual([second])
    expect(chosen({traceId: `Root=${trace};Sampled=1`})).toEqual([second])
    expect(chosen({level: 'ERROR'})).toEqual([first])
  })
})
