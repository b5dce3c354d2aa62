import {describe, expect, test} from 'vitest'
import {diffTraces} from '../../src/services/traces/diff-traces.ts'
import type {Trace} from '../../src/services/traces/trace.ts'
import {traceDiffText} from '../../src/ui/trace-diff-text.ts'
import type {TraceTextOptions} from '../../src/ui/trace-text.ts'
import {clock, reader, start, terminal} from './events.ts'
import {checkout, lambda, linkedId, part, traceOf} from './traces.ts'

/** A request as it usually goes: no cold start, one read, a quick payment, and a file that is stored. */
const usual = traceOf(
  lambda(
    'checkout-api',
    [0, 900],
    [3, 899],
    [
      part('Invocation', [4, 880], {
        subsegments: [
          part('DynamoDB', [20, 31], {namespace: 'aws', aws: {operation: 'GetItem', table_name: 'carts'}}),
          part('payments.example', [50, 700], {namespace: 'remote'}),
          part('S3', [700, 800], {namespace: 'aws', aws: {operation: 'PutObject'}}),
          part('SQS', [820, 833], {namespace: 'aws', aws: {operation: 'SendMessage'}}),
        ],
      }),
      part('Overhead', [880, 890]),
    ],
  ),
  {id: linkedId},
)
const slow = checkout()

const shown = (before: Trace, after: Trace, columns: number, more: Partial<TraceTextOptions> = {}): string => {
  const options = {terminal: terminal(columns), clock, reader, now: start, logs: false, unfolded: false, ...more}
  return `\n${traceDiffText(diffTraces(before, after), options)}`
}

describe('two traces side by side', () => {
  test('show what is slower, whose own code it is, what only one has, and leave out what is about the same', () => {
    expect(shown(usual, slow, 80)).toMatchInlineSnapshot(`
      "
      this   POST /orders → 500 · 2.41 s · 2026-11-20 14:02:10.040
        1-6b005320-1d1e9504609a52ab2e8537c0
      other  λ checkout-api · 900 ms · 2026-11-20 14:02:10.040
        1-6b005323-2d1e9504609a52ab2e8537c1
      1.51 s slower than the other (+168 %)
                           other    this        Δ
      λ checkout-api      900 ms  2.41 s  +1.51 s  ✗ fails     ███████████████████████
      ├ own code          112 ms  220 ms  +108 ms              █▋
      ├ init                   –  412 ms  +412 ms  only this   ██████▎
      ├ DynamoDB GetItem   11 ms  220 ms  +209 ms  ×1 → ×20    ███▏
      ├ payments.example  650 ms  1.52 s  +870 ms  ✗ fails     █████████████▎
      └ S3 PutObject      100 ms       –  −100 ms  only other  ░░
      2 paths about the same (less than 48 ms apart): --unfold shows them
      "
    `)
  })

  test('show at 40 columns names, what this one took, and the sign of what fails', () => {
    expect(shown(usual, slow, 40)).toMatchInlineSnapshot(`
      "
      this   POST /orders → 500 · 2.41 s
        2026-11-20 14:02:10.040
        1-6b005320-1d1e9504609a52ab2e8537c0
      other  λ checkout-api · 900 ms
        2026-11-20 14:02:10.040
        1-6b005323-2d1e9504609a52ab2e8537c1
      1.51 s slower than the other (+168 %)
                            this        Δ
      λ checkout-api      2.41 s  +1.51 s  ✗
      ├ own code          220 ms  +108 ms
      ├ init              412 ms  +412 ms
      ├ DynamoDB GetItem  220 ms  +209 ms
      ├ payments.example  1.52 s  +870 ms  ✗
      └ S3 PutObject           –  −100 ms
      2 paths about the same (less than 48 ms
        apart): --unfold shows them
      "
    `)
  })

  test('are plain ASCII on a dumb terminal', () => {
    const text = shown(usual, slow, 120, {terminal: terminal(120, {unicode: false})})
    expect(text).toMatch(/^[\n -~]*$/)
    expect(text).toContain('payments.example  650 ms  1.52 s  +870 ms  F fails')
  })

  test('that are the same have nothing to show, unless all is asked for', () => {
    expect(shown(slow, slow, 80)).toMatchInlineSnapshot(`
      "
      this   POST /orders → 500 · 2.41 s · 2026-11-20 14:02:10.040
        1-6b005320-1d1e9504609a52ab2e8537c0
      other  POST /orders → 500 · 2.41 s · 2026-11-20 14:02:10.040
        1-6b005320-1d1e9504609a52ab2e8537c0
      as long as the other
      6 paths about the same (less than 48 ms apart): --unfold shows them
      "
    `)
    expect(shown(slow, slow, 80, {unfolded: true})).toContain('├ init')
  })

  test('are told apart by how long the answer took where work went on after it', () => {
    const before = traceOf(lambda('api', [0, 100], [2, 415], []))
    const after = traceOf(lambda('api', [0, 200], [2, 199], []))
    expect(shown(before, after, 80)).toContain(
      '100 ms slower than the other (+100 %)\n  with all that went on after, 215 ms faster (−52 %)',
    )
  })

  test('of which one is made of log lines say so', () => {
    expect(shown({...usual, source: 'logs'}, slow, 120)).toMatch(/other .* ▲ from logs only/)
  })

  test('count what is below something that only one has as that, however short it is', () => {
    const other = traceOf(lambda('other', [0, 900], [3, 899], []), {id: linkedId})
    expect(shown(other, usual, 80)).toMatch(/\n\d paths? below what only one has: --unfold shows them/)
  })

  test('of which one is empty', () => {
    const text = shown(traceOf([]), slow, 80)
    expect(text).toContain('other  it holds no span · 1-6b005320')
    expect(text).toMatch(/λ checkout-api +– +2.41 s +\+2.41 s +✗ only this/)
  })

  test('show own time that differs where the whole took as long, and say whose it is', () => {
    const call = (from: number, to: number) => part('db.example', [from, to], {namespace: 'remote'})
    const invocation = (called: ReturnType<typeof call>) => [part('Invocation', [4, 900], {subsegments: [called]})]
    const [calling, thinking] = [call(10, 800), call(10, 400)].map(called =>
      traceOf(lambda('api', [0, 910], [3, 909], invocation(called))),
    )
    if (!calling || !thinking) throw new Error('there are two')
    const rows = shown(calling, thinking, 80).split('\n').slice(5)
    expect(rows.join('\n')).toMatchInlineSnapshot(`
      "as long as the other
                     other    this        Δ
      λ api         910 ms  910 ms     0 ms
      ├ own code    116 ms  516 ms  +400 ms    ████████████████████████
      └ db.example  790 ms  390 ms  −400 ms    ░░░░░░░░░░░░░░░░░░░░░░░░
      "
    `)
  })

  test('say of what only the other failed at that it did, whichever came first', () => {
    expect(shown(slow, usual, 80)).toMatch(/λ checkout-api .* ✗ in other {2}░+\n/)
    expect(shown(slow, usual, 40)).toMatch(/λ checkout-api .* ✓\n/)
  })

  test('tell more time from less without colours', () => {
    const bars = (before: Trace, after: Trace): string => shown(before, after, 80).replaceAll(/[^█░]/g, '')
    const [short, long] = [
      traceOf(lambda('api', [0, 100], [2, 99], [])),
      traceOf(lambda('api', [0, 500], [2, 499], [])),
    ]
    expect(bars(short, long)).toMatch(/^█+$/)
    expect(bars(long, short)).toMatch(/^░+$/)
  })
})

describe('the paths of two traces', () => {
  const lines = diffTraces(usual, slow).lines
  const at = (...path: readonly string[]) => lines.find(line => line.path.join('/') === path.join('/'))
  const inside = ['checkout-api', 'checkout-api (function)', 'Invocation'] as const

  test('take siblings of one name together', () => {
    const reads = at(...inside, 'DynamoDB GetItem')
    expect(reads).toMatchObject({before: {count: 1, durationMs: 11}, after: {count: 20, durationMs: 220}, deltaMs: 209})
  })

  test('hold what only one of them has where it was', () => {
    expect(at(...inside, 'S3 PutObject')).toMatchObject({after: null, deltaMs: -100, deltaSelfMs: -100})
    expect(lines.map(({path}) => path.at(-1)).slice(3)).toEqual([
      'Invocation',
      'DynamoDB GetItem',
      'payments.example',
      'S3 PutObject',
      'SQS SendMessage',
      'Overhead',
    ])
  })

  test('leave out an init that nobody waited for', () => {
    const early = traceOf(
      lambda(
        'api',
        [0, 120],
        [2, 118],
        [part('Initialization', [-10_921_900, -10_920_000]), part('Invocation', [3, 110])],
      ),
    )
    const init = diffTraces(early, early).lines.find(({path}) => path.at(-1) === 'Initialization')
    expect(init).toBeUndefined()
  })
})
