import {describe, expect, test} from 'vitest'
import type {Trace} from '../../src/services/traces/trace.ts'
import {type Folding, traceRows} from '../../src/ui/trace-rows.ts'
import {checkout, lambda, part, traceOf} from './traces.ts'

const rowsOf = (trace: Trace, more: Partial<Folding> = {}) =>
  traceRows(trace, {unfolded: false, mostRows: null, lambda: 'λ', ...more})

/** As names with their depths and numbers, and `+3` for what is below and not shown. */
const outline = (trace: Trace, more: Partial<Folding> = {}): readonly string[] =>
  rowsOf(trace, more).rows.map(
    ({name, depth, count, hidden}) =>
      '  '.repeat(depth) + name.text + (count > 1 ? ` ×${count}` : '') + (hidden > 0 ? ` +${hidden}` : ''),
  )

describe('the rows of a trace', () => {
  const trace = checkout()
  const {rows} = rowsOf(trace)
  const keyOf = (name: string): string => rows.find(row => row.name.text === name)?.key ?? ''

  test('take alike siblings together, and Lambda\u2019s two segments', () => {
    expect(outline(trace)).toEqual([
      'λ checkout-api',
      '  fetching code',
      '  init',
      '  invocation',
      '    DynamoDB GetItem ×20',
      '    payments.example',
      '    SQS SendMessage',
    ])
  })

  test('have no trifles among them: hardly any overhead, and an invocation beside nothing else, unless each is wanted', () => {
    const calls = [part('DynamoDB', [5, 9], {namespace: 'aws', aws: {operation: 'GetItem', table_name: 'carts'}})]
    const documents = (overheadMs: number) => [
      part('Invocation', [4, 90], {subsegments: calls}),
      part('Overhead', [90, 90 + overheadMs]),
    ]
    const short = traceOf(lambda('api', [0, 99], [3, 98], documents(0.9)))
    expect(outline(short)).toEqual(['λ api', '  DynamoDB GetItem'])
    expect(outline(short, {unfolded: true})).toEqual(['λ api', '  invocation', '    DynamoDB GetItem', '  overhead'])
    expect(rowsOf(short).rows[0]).toMatchObject({durationMs: 99, selfMs: 95, hidden: 0})
    expect(outline(traceOf(lambda('api', [0, 99], [3, 98], documents(5))))).toEqual([
      'λ api',
      '  invocation',
      '    DynamoDB GetItem',
      '  overhead',
    ])
  })

  test('keep an invocation whose end never came, though there is nothing else', () => {
    const cut = lambda('api', [0, 99], [3, 98], [part('Invocation', [4, null]), part('Overhead', [97.5, 98])])
    expect(outline(traceOf(cut))).toEqual(['λ api', '  invocation'])
  })

  test('open and close as somebody wants, and say what is hidden', () => {
    expect(outline(trace, {opened: new Map([[keyOf('invocation'), false]])})).toEqual([
      'λ checkout-api',
      '  fetching code',
      '  init',
      '  invocation +22',
    ])
    const opened = outline(trace, {opened: new Map([[keyOf('DynamoDB GetItem'), true]])})
    expect(opened.slice(4, 7)).toEqual(['    DynamoDB GetItem ×20', '      DynamoDB GetItem', '      DynamoDB GetItem'])
    expect(opened).toHaveLength(27)
  })

  test('each have a key of their own, which is the same however others are folded', () => {
    const all = rowsOf(trace, {opened: new Map([[keyOf('DynamoDB GetItem'), true]])}).rows.map(({key}) => key)
    expect(new Set(all).size).toBe(all.length)
    expect(all).toEqual(expect.arrayContaining(rows.map(({key}) => key)))
  })

  test('are no more than wanted: what is deep and healthy goes first, what failed stays', () => {
    const steps = Array.from({length: 30}, (_, i) =>
      part(`Step ${i}`, [i * 10, i * 10 + 9], {
        subsegments: [part('work', [i * 10, i * 10 + 8], {subsegments: [part('more', [i * 10, i * 10 + 5])]})],
      }),
    )
    const broken = part('Step 30', [300, 309], {
      fault: true,
      subsegments: [part('work', [300, 308], {fault: true, subsegments: [part('db', [300, 305], {fault: true})]})],
    })
    const shown = outline(traceOf([part('flow', [0, 310], {subsegments: [...steps, broken]})]), {mostRows: 70})
    expect(shown).toHaveLength(64)
    expect(shown.slice(1, 3)).toEqual(['  Step 0', '    work +1'])
    expect(shown.slice(-3)).toEqual(['  Step 30', '    work', '      db'])
  })

  test('are cut at their end where even that is too much, and say by how many', () => {
    const failing = Array.from({length: 50}, (_, i) => part(`call ${i}`, [i, i + 1], {fault: true}))
    const {rows, cut} = rowsOf(traceOf([part('api', [0, 60], {subsegments: failing})]), {mostRows: 20})
    expect([rows.length, cut]).toEqual([20, 31])
  })

  test('keep apart what is folded only where it says the same', () => {
    const call = part('Lambda', [0, 1_000], {namespace: 'aws', aws: {operation: 'Invoke'}})
    const documents = (from: number) => [
      part('api', [0, 1_000], {subsegments: [call]}),
      ...lambda('worker', [from, 995], [from + 2, 994], [part('Invocation', [from + 3, 990])], {
        parent: String(call['id']),
      }),
    ]
    expect(outline(traceOf(documents(5)))).toEqual(['api', '  λ worker', '    invocation'])
    expect(outline(traceOf(documents(600)))).toEqual(['api', '  Lambda Invoke', '    λ worker', '      invocation'])
  })
})
