import type {Key} from 'ink'
import {render} from 'ink-testing-library'
import {expect, it} from 'vitest'
import type {TraceReport} from '../../src/services/traces/trace-report.ts'
import {width} from '../../src/ui/columns.ts'
import {actionsFor, TraceView} from '../../src/ui/trace-view.tsx'
import {viewFrame} from '../../src/ui/trace-view-frame.ts'
import {firstView, stepView, type ViewAction, type ViewState} from '../../src/ui/trace-view-state.ts'
import {clock, reader, start, terminal} from './events.ts'
import {billing, checkout, linked, linkedId, logsOf, part, reportOf, traceOf} from './traces.ts'

const options = {clock, reader, now: start, rows: 24, terminal: terminal(80)}

function incident(): TraceReport {
  const trace = checkout()
  return reportOf(trace, {linked: [linked(billing(true), trace)], logs: logsOf(trace, 'checkout-api')})
}

const after = (report: TraceReport, ...actions: readonly ViewAction[]): ViewState =>
  actions.reduce((state, action) => stepView(state, action, report, 'λ'), firstView(report))

const drawn = (report: TraceReport, ...actions: readonly ViewAction[]): string =>
  viewFrame(after(report, ...actions), report, options).lines.join('\n')

const move = (by: number): ViewAction => ({do: 'move', by})

it('shows the whole trace on one screen, and marks where one stands', () => {
  expect(drawn(incident())).toMatchInlineSnapshot(`
    "POST /orders → 500 · 2.41 s · 14:02:10.040 · 1 service
    1-6b005320-1d1e9504609a52ab2e8537c0             0            1             2 s
    ▸ λ checkout-api:42                 2.41 s ✗ •  ████████████████████████████████
      ├ fetching code                    18 ms      ┄
      ├ init                            412 ms   •  ░░░░░░
      └ invocation                      1.97 s ✗ •       ▕█████████████████████████▉
        ├ DynamoDB GetItem ×20 carts    220 ms   •       ▕▉▉▉▏
        ├ payments.example → 504        1.52 s ✗ •           ████████████████████▍
        │     PaymentTimeout: upstream did not answer in 1500 ms
        └ SQS SendMessage orders         11 ms                                     ▕
      ⤷ 1.90 s in queue → λ billing-worker 1.24 s ✗
        (1-6b005323-2d1e9504609a52ab2e8537c1)











    ↑↓ move · →← fold · enter detail · l log · e failed · t linked · ? keys · q quit"
  `)
})

it('opens what is known of a span below the tree', () => {
  expect(
    drawn(
      incident(),
      {do: 'find', what: 'failed', step: 1},
      {do: 'find', what: 'failed', step: 1},
      {do: 'pane', pane: 'detail'},
      // ids are counted on by all tests that share a worker
    ).replace(/^span {4}[0-9a-f]{16}$/m, 'span    <its id>'),
  ).toMatchInlineSnapshot(`
    "POST /orders → 500 · 2.41 s · 14:02:10.040 · 1 service
    1-6b005320-1d1e9504609a52ab2e8537c0             0            1             2 s
      λ checkout-api:42                 2.41 s ✗ •  ████████████████████████████████
      ├ fetching code                    18 ms      ┄
      ├ init                            412 ms   •  ░░░░░░
      └ invocation                      1.97 s ✗ •       ▕█████████████████████████▉
        ├ DynamoDB GetItem ×20 carts    220 ms   •       ▕▉▉▉▏
    ▸   ├ payments.example → 504        1.52 s ✗ •           ████████████████████▍
        │     PaymentTimeout: upstream did not answer in 1500 ms
        └ SQS SendMessage orders         11 ms                                     ▕
      ⤷ 1.90 s in queue → λ billing-worker 1.24 s ✗
        (1-6b005323-2d1e9504609a52ab2e8537c1)

    ── payments.example ────────────────────────────────────────────────────────────
    name    payments.example
    is      remote · subsegment
    status  fault
    began   14:02:10.730 · 690 ms after the trace did
    took    1.52 s · 1.52 s of it itself
    path    1.52 s of the critical path
    http    POST https://payments.example/charge?token=hunter2 → 504
    span    <its id>
    PaymentTimeout: upstream did not answer in 1500 ms
    ↑↓ move · →← fold · enter detail · l log · t linked · ? keys · esc close"
  `)
})

it('shows the log of the function that a span is part of, and says whose it is', () => {
  expect(drawn(incident(), move(2), {do: 'pane', pane: 'logs'})).toMatchInlineSnapshot(`
    "POST /orders → 500 · 2.41 s · 14:02:10.040 · 1 service
    1-6b005320-1d1e9504609a52ab2e8537c0             0            1             2 s
      λ checkout-api:42                 2.41 s ✗ •  ████████████████████████████████
      ├ fetching code                    18 ms      ┄
    ▸ ├ init                            412 ms   •  ░░░░░░
      └ invocation                      1.97 s ✗ •       ▕█████████████████████████▉
        ├ DynamoDB GetItem ×20 carts    220 ms   •       ▕▉▉▉▏
        ├ payments.example → 504        1.52 s ✗ •           ████████████████████▍
        │     PaymentTimeout: upstream did not answer in 1500 ms
        └ SQS SendMessage orders         11 ms                                     ▕
      ⤷ 1.90 s in queue → λ billing-worker 1.24 s ✗
        (1-6b005323-2d1e9504609a52ab2e8537c1)






    ── log of checkout-api, around init ────────────────────────────────────────────
      14:02:10.471 INFO  POST /orders
      14:02:12.250 WARN  payments: no answer yet, and this line is long enough to be
                         wrapped at eighty columns
      14:02:12.450 ✗ error PaymentTimeout · 1.98 s · 143/512 MB
    ↑↓ move · →← fold · enter detail · l log · t linked · ? keys · esc close"
  `)
})

it('folds and unfolds, and goes up to what called', () => {
  const report = incident()
  const folded = after(report, move(2), {do: 'close'})
  expect(folded.visits[0].opened.size).toBe(0)
  expect(drawn(report, {do: 'close'})).toContain('+')
  expect(drawn(report, {do: 'close'}, {do: 'open'})).toBe(drawn(report, {do: 'toggle'}, {do: 'toggle'}))
  expect(
    drawn(report, {do: 'close'})
      .split('\n')
      .filter(line => /DynamoDB|init/.test(line)),
  ).toEqual([])
})

it('unfolds identical siblings that stand in one row', () => {
  const report = incident()
  const at = drawn(report)
    .split('\n')
    .findIndex(line => line.includes('×20'))
  expect(at).toBeGreaterThan(0)
  const search: readonly ViewAction[] = [{do: 'search'}, {do: 'type', text: 'dynamodb'}, {do: 'accept'}, {do: 'open'}]
  const lines = viewFrame(after(report, ...search), report, {...options, rows: 60}).lines
  expect(lines.filter(line => line.includes('GetItem'))).toHaveLength(21)
})

it('goes along a link and back to where one stood', () => {
  const report = incident()
  const there = after(report, move(3), {do: 'jump'})
  expect(there.visits.map(({traceId}) => traceId)).toEqual([report.trace.id, linkedId])
  expect(viewFrame(there, report, options).lines[0]).toContain('billing-worker')
  expect(drawn(report, move(3), {do: 'jump'}, {do: 'back'})).toBe(drawn(report, move(3)))
  // a link is opened by enter, too
  expect(after(report, {do: 'last'}, {do: 'pane', pane: 'detail'}).visits).toHaveLength(2)
})

const footer = (report: TraceReport, ...actions: readonly ViewAction[]): string =>
  drawn(report, ...actions)
    .split('\n')
    .at(-1) ?? ''

it('stays where it is when there is nothing to go to, and says so until the next key', () => {
  const report = reportOf(billing())
  const said: readonly (readonly [ViewAction, string])[] = [
    [{do: 'jump'}, 'it is linked with no other trace'],
    [{do: 'back'}, 'nothing to go back to: q quits'],
    [{do: 'find', what: 'failed', step: 1}, 'nothing failed here'],
    [{do: 'find', what: 'search', step: 1}, 'nothing is looked for: / does'],
  ]
  for (const [action, words] of said) {
    expect(footer(report, action)).toBe(words)
    expect(drawn(report, action, {do: 'first'})).toBe(drawn(report))
  }
  expect(drawn(report, move(-5), {do: 'first'})).toBe(drawn(report))
})

it('says that nothing matches what is looked for, and keeps it for n', () => {
  const search: readonly ViewAction[] = [{do: 'search'}, {do: 'type', text: 'zzz\u001b[31m'}, {do: 'accept'}]
  expect(footer(incident(), ...search)).toMatch(/^nothing here matches \/zzz[^\u001b]*$/)
  expect(footer(incident(), ...search, move(1))).not.toContain('nothing here')
  expect(footer(incident(), ...search, {do: 'find', what: 'search', step: 1})).toContain('nothing here matches /zzz')
  expect(footer(incident(), {do: 'search'}, {do: 'accept'})).not.toContain('nothing')
})

it('says why a linked trace cannot be opened, and which key leads back from one without links', () => {
  const trace = checkout()
  const missing = linked(null, trace, {whyMissing: 'X-Ray does not have it'})
  expect(footer(reportOf(trace, {linked: [missing]}), {do: 'last'}, {do: 'jump'})).toBe(
    `${linkedId}: X-Ray does not have it`,
  )
  expect(footer(incident(), {do: 'jump'}, {do: 'jump'})).toBe('it is linked with nothing else: b goes back')
})

it('asks which where several are linked, and goes to each delivery of a message', () => {
  const trace = checkout()
  const earlier = {...billing(true), id: '1-6b005322-5cd59261cf9ce5432030d113'}
  const sent = trace.nodes.find(({span}) => span.name === 'SQS')?.id ?? ''
  const deliveries = [earlier, billing()].map((one, i) =>
    linked(one, trace, {fromNodeId: sent, delivery: {number: i + 1, of: 2}}),
  )
  const report = reportOf(trace, {linked: deliveries})
  expect(footer(report, {do: 'jump'})).toBe('which of 2 linked traces? go to its line, then t')
  const first = after(report, {do: 'last'}, move(-1), {do: 'jump'})
  expect(viewFrame(first, report, options).lines[1]).toContain(earlier.id)
})

it('has the keys that matter most at 40 columns, and the id in a line of its own', () => {
  const report = incident()
  const narrow = (...actions: readonly ViewAction[]) =>
    viewFrame(after(report, ...actions), report, {...options, terminal: terminal(40)}).lines
  expect(narrow().at(-1)).toBe('↑↓ move · enter detail · ? keys · q quit')
  expect(narrow()[1]).toBe(report.trace.id)
  expect(narrow({do: 'pane', pane: 'detail'}).at(-1)).toBe('enter detail · ? keys · esc close')
})

it('explains keys and marks', () => {
  const report = incident()
  const {lines} = viewFrame(after(report, {do: 'pane', pane: 'help'}), report, {...options, rows: 60})
  const title = lines.findIndex(line => line.includes('keys and marks'))
  expect(lines.slice(title, -1).join('\n')).toMatchInlineSnapshot(`
    "── keys and marks ──────────────────────────────────────────────────────────────
    ↑ ↓  j k      move; PgUp PgDn, g G further
    → ←  space    unfold and fold; ← again goes to what called it
    enter         all about the span, its log below with l
    l             the lines its function wrote
    J K           scroll what is open below
    e E           the next, the last one that failed
    c C           along the critical path
    t  b          to the trace it is linked with, and back
    /  n N        look for a name or message, the next, the last
    esc           close what is open, or go back
    q             quit

    █ ▏▐          work, to an eighth of a column; red where a failure begins
    ░  ▒          init, restore: a cold start that somebody waited for
    ┄             waiting, in a queue or while Lambda fetched the code
    ·             overhead: Lambda after the handler
    ▆             attempts at the same event
    ▶  ≥          it has not ended, or its end never came
    ✗  !  ‖       a fault; an error, which may have been handled; throttled
    •             on the critical path: what would have to be faster
    ×20  +6       so many alike in one row; so many below it without one
    ⤷  ⤴          the trace of who got what was sent here, and of who sent it"
  `)
})

it('finds rows by name and by what went wrong', () => {
  const search = (text: string): readonly ViewAction[] => [{do: 'search'}, {do: 'type', text}, {do: 'accept'}]
  const standing = (text: string): string =>
    drawn(incident(), ...search(text))
      .split('\n')
      .find(line => line.startsWith('▸')) ?? ''
  expect(standing('sqs')).toContain('SQS SendMessage')
  expect(standing('did not answer')).toContain('payments.example')
  expect(standing('nowhere to be found')).toContain('checkout-api')
})

it('never scrolls past the end of a pane, nor shows less of the tree than some rows', () => {
  const report = incident()
  const open = after(
    report,
    {do: 'pane', pane: 'detail'},
    ...Array.from({length: 50}, (): ViewAction => ({do: 'scroll', by: 10})),
  )
  const frame = viewFrame(open, report, options)
  expect(frame.paneRows).toBeGreaterThan(3)
  expect(frame.treeRows).toBeGreaterThanOrEqual(3)
  expect(frame.lines.at(-2)).not.toBe('')
})

it('fits any screen, with names that take two columns a character', () => {
  const trace = traceOf([
    part('支払い\u001b[31m🚀'.repeat(20), [0, 5], {
      trace_id: '1-6b005320-1d1e9504609a52ab2e8537c0',
      annotations: {'a\u202eb': 'c\nd'},
    }),
  ])
  const report = reportOf(trace)
  for (const columns of [10, 40, 80, 220])
    for (const rows of [4, 11, 24, 60]) {
      const frame = viewFrame(after(report, {do: 'pane', pane: 'detail'}), report, {
        ...options,
        rows,
        terminal: terminal(columns),
      })
      expect(frame.lines).toHaveLength(rows)
      expect(Math.max(...frame.lines.map(line => width(line)))).toBeLessThanOrEqual(columns)
      expect(frame.lines.join('')).not.toMatch(/[\u0000-\u001f\u202e]/)
    }
})

const key = (pressed: Partial<Key> = {}): Key => ({...({} as Key), ...pressed})

it('takes keys as letters only while something is looked for', () => {
  const typing = {...firstView(incident()), isTyping: true}
  const sizes = {treeRows: 10, paneRows: 0}
  expect(actionsFor('q', key(), typing, sizes)).toEqual([{do: 'type', text: 'q'}])
  expect(actionsFor('q', key(), firstView(incident()), sizes)).toEqual([{do: 'leave'}])
  expect(actionsFor('', key({pageDown: true}), firstView(incident()), sizes)).toEqual([{do: 'move', by: 9}])
  expect(actionsFor('x', key(), firstView(incident()), sizes)).toEqual([])
})

it('obeys keys, several at once too, and hands Ctrl-C on', async () => {
  let interrupted = 0
  const {stdin, lastFrame, unmount} = render(
    <TraceView report={incident()} options={options} onInterrupt={() => interrupted++} />,
  )
  await new Promise(setImmediate)
  stdin.write('jj')
  await new Promise(setImmediate)
  expect(
    lastFrame()
      ?.split('\n')
      .findIndex(line => line.startsWith('▸')),
  ).toBe(4)
  stdin.write('/paymemt\u007f\u007fnts.example\r')
  await new Promise(setImmediate)
  expect(lastFrame()).toContain('▸   ├ payments.example')
  stdin.write('/zzz\r')
  await new Promise(setImmediate)
  expect(lastFrame()).toContain('nothing here matches /zzz')
  stdin.write('\u0003')
  await new Promise(setImmediate)
  expect(interrupted).toBe(1)
  unmount()
})
