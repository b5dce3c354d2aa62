import {describe, expect, it, test} from 'vitest'
import type {Applicable} from '../../src/services/tuning/apply/applicable.ts'
import {curveMs} from '../../src/services/tuning/race/curve.ts'
import {notBegun} from '../../src/services/tuning/report/not-begun.ts'
import type {TuneReport} from '../../src/services/tuning/tune-report.ts'
import {width} from '../../src/ui/columns.ts'
import type {Terminal} from '../../src/ui/terminal.ts'
import {tuneAppliedText, tuneChangeQuestion, tuneChangeText} from '../../src/ui/tune-apply-text.ts'
import {tuneCleanupScreen} from '../../src/ui/tune-cleanup-screen.ts'
import {tuneScreen} from '../../src/ui/tune-screen.ts'
import {tuneText} from '../../src/ui/tune-text.ts'
import {terminal} from './events.ts'
import {
  budgetReport,
  doubtfulReport,
  failingReport,
  hostileReport,
  interruptedReport,
  observedReport,
  runId,
  severalReports,
  startedAt,
  tieReport,
  tunePlan,
  tuneReport,
  twoArchitectures,
  winner,
} from './tune-report.ts'

const scope = {account: null, region: 'eu-west-1', profile: null, endpoint: 'aws'} as const
const applyCommand = `slsops tune --resume ${runId} --apply --region eu-west-1`
const visualizationUrl = 'https://lambda-power-tuning.show/#AAIABA==;AAA=;AAA='
const draw = (report = tuneReport(), {columns = 80, ...more}: Partial<Terminal> = {}): string =>
  tuneText(report, {terminal: terminal(columns, more), scope, visualizationUrl, applyCommand})
const caller = 'arn:aws:sts::123456789012:assumed-role/oncall/ada'
const about = {scope, caller, isApplied: false, leftOut: [], curveMs}
const screen = tuneScreen({
  json: false,
  ...about,
  visualizationUrl: () => visualizationUrl,
  applyCommand: () => applyCommand,
})
const cleaning = {leftAlone: [], scope, caller, startedAt, now: () => startedAt + 900}
const cleanup = tuneCleanupScreen({...cleaning, json: false})
function applicable(report: TuneReport): Applicable {
  if (report.recommendation === null) throw new Error('it recommends nothing')
  return {...report, recommendation: report.recommendation}
}
const window = {start: startedAt - 14 * 86_400_000, end: startedAt}
const reports = {
  winner: tuneReport(),
  tie: tieReport,
  'budget reached': budgetReport,
  failing: failingReport,
  interrupted: interruptedReport,
  observed: observedReport,
  'two architectures': twoArchitectures,
  doubtful: doubtfulReport,
  hostile: hostileReport,
}
/** What is to be copied is never broken. */
const isCopied = (row: string): boolean => /^(picture: |next: |slsops )/.test(row)

describe('a sweep as text', () => {
  it('warns of what makes the answer doubtful, once, and above what it took', () => {
    const warning = '3.2 × slower than its traffic of the last day at 512 MB'
    const text = draw({...tuneReport(), notes: ['a note', warning], warnings: [warning]})
    expect(text.split(warning)).toHaveLength(2)
    expect(text).toContain(`▲ ${warning}\nsettled · `)
    expect(text).toContain('\na note\n')
  })

  it('calls a size that was left out as too small not proposed', () => {
    const report = tuneReport()
    const [small, ...others] = report.plan.candidates
    if (!small) throw new Error('there are some')
    const plan = {...report.plan, candidates: others, tooSmall: [small]}
    expect(draw({...report, plan})).not.toContain('proposed')
  })

  it('is a table, a chart, the verdict, and what it took', () => {
    expect(draw()).toMatchInlineSnapshot(`
      "checkout-api:live · shadow clone · the cheapest, to 3 %
          memory  calls     p50    ~p95  $/1 M calls
          512 MB      9  1.89 s  2.12 s  $16.1 ±0.9   ▆▆▆▆▆     6 % dearer, slower
      = 1,024 MB     14  893 ms  1.00 s  $15.2 ±0.7   ▆▆▆▆▆     tied: as cheap, slower
      ✓ 1,769 MB     17  516 ms  579 ms  $15.2 ±0.6   ▆▆▆▆▆     winner
        3,008 MB      6  513 ms  576 ms  $25.6 ±1.7   ▆▆▆▆▆▆▆▆  68 % dearer
        ~p95 of fewer than 20 warm calls is the slowest of them

      ● mean billed duration   ◇ $/1 M calls   ★ to use
      2.00 s │ ●⣀⡀                                                             │ $30.0
             │   ⠈⠉⠒⠢⠤⣀⡀                                                  ⢀ ⠄◇ │
             │         ⠈⠉⠒⠢⠤⣀⡀                                  ⡀⢀ ⠄⠠ ⠂⠈ ⠁     │
             │ ◇⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄⠠⠈⠍⠲⠢⠤⣠⡀⠄⠠ ◇⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄◇⠐ ⠂⠈                │
             │                     ⠈⠉⠒⠢●⠤⢄⣀⣀⣀⣀⡀                                │
             │                                ⠈⠉⠉⠉⠉⠒⠒⠒⠒⠒⠤⠤★⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤● │
             │                                                                 │
        0 ms │                                                                 │ $0
             └─────────────────────────────────────────────────────────────────┘
              512                    1,024              1,769             3,008 MB

      → 1,769 MB: as cheap as any (within 3 %) and 42 % faster than 1,024 MB
        Against today's 512 MB: −6 % cost [−9, −3], −73 % time. 97 % sure.
      settled · 46 calls, $0.0021 of $0.050 · 1 min 12 s
      everything created was removed, read back from AWS
      list prices as bundled, of 2026-08-01 · 0.23 % of calls cold (by its metrics)
      picture: https://lambda-power-tuning.show/#AAIABA==;AAA=;AAA=
      next: slsops tune --resume 20261120-140711-k3f9x2ab --apply --region eu-west-1
      "
    `)
  })

  it('has plain twins for a dumb terminal', () => {
    expect(draw(tuneReport(), {unicode: false})).toMatchInlineSnapshot(`
      "checkout-api:live - shadow clone - the cheapest, to 3 %
          memory  calls     p50    ~p95  $/1 M calls
          512 MB      9  1.89 s  2.12 s  $16.1 +-0.9  ######    6 % dearer, slower
      = 1,024 MB     14  893 ms  1.00 s  $15.2 +-0.7  #####     tied: as cheap, slower
      * 1,769 MB     17  516 ms  579 ms  $15.2 +-0.6  #####     winner
        3,008 MB      6  513 ms  576 ms  $25.6 +-1.7  ########  68 % dearer
        ~p95 of fewer than 20 warm calls is the slowest of them

      * mean billed duration   o $/1 M calls   @ to use
      2.00 s | *                                                               | $30.0
             |                                                               o |
             |                                                                 |
             | o                       o                  o                    |
             |                         *                                       |
             |                                            @                  * |
             |                                                                 |
        0 ms |                                                                 | $0
             +-----------------------------------------------------------------+
              512                    1,024              1,769             3,008 MB

      -> 1,769 MB: as cheap as any (within 3 %) and 42 % faster than 1,024 MB
        Against today's 512 MB: -6 % cost [-9, -3], -73 % time. 97 % sure.
      settled - 46 calls, $0.0021 of $0.050 - 1 min 12 s
      everything created was removed, read back from AWS
      list prices as bundled, of 2026-08-01 - 0.23 % of calls cold (by its metrics)
      picture: https://lambda-power-tuning.show/#AAIABA==;AAA=;AAA=
      next: slsops tune --resume 20261120-140711-k3f9x2ab --apply --region eu-west-1
      "
    `)
    expect(draw(tuneReport(), {unicode: false})).toMatch(/^[\n -~]*$/)
  })

  it('tells failing sizes, doubtful figures and the latency objective', () => {
    expect(draw(doubtfulReport, {columns: 120})).toMatchInlineSnapshot(`
      "checkout-api:live · shadow clone · the fastest that costs at most 5 % more than the cheapest with p95 < 600 ms, to 3 %
          memory  calls     p50      p95  $/1 M calls
      ✗   128 MB      2                                                         infeasible: out of memory (2 of 2)
          256 MB      6  3.86 s  ~4.34 s   $16.5 ±1.1           ▆▆▆▆▆▆▆▆▆       dropped: misses p95 < 600 ms
          272 MB      7  112 ms  ~126 ms  $0.700 ±0.042         ▆               dropped: doubtful: 12 × faster than its neigh…
          512 MB      9  1.89 s  ~2.12 s   $16.1 ±0.9    today  ▆▆▆▆▆▆▆▆▆       dropped: misses p95 < 600 ms
        1,024 MB     14  893 ms  ~1.00 s   $15.2 ±0.7           ▆▆▆▆▆▆▆▆        dropped: misses p95 < 600 ms
      ✓ 1,769 MB     59  516 ms   579 ms   $15.2 ±0.3           ▆▆▆▆▆▆▆▆        winner
        3,008 MB      6  513 ms  ~576 ms   $25.6 ±1.7           ▆▆▆▆▆▆▆▆▆▆▆▆▆▆  dropped: 68 % dearer
        272 MB dropped: doubtful: 12 × faster than its neighbours
        ~p95 of fewer than 20 warm calls is the slowest of them

      ● mean billed duration (log scale)   ◇ $/1 M calls (log scale)   ★ to use
      5.00 s │ ●                                                                      │ $50.0
             │ ⢣                                                               ⢀ ⡀⠠ ◇ │
             │ ◇                 ⣠●⠤⢄⣄⣠⣀⣄⡠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄⠠◇⠠ ⠄⠠ ⠄⠠ ⠄⠠ ⠄⠠ ◇⠠ ⠂⠐ ⠁⠈ ⠁       │
             │ ⠘⡆            ⣀⡰⠔⠉        ⠈⠉⠉⠉⠉⠑⠒⠒⠒⠒⠢⠤⠤●⠤⣀⣀⣀⣀                          │
             │  ⡇       ⢀ ⣄⠬⠊⠁                              ⠉⠉⠉⠑⠒⠒⠒⠢⠤★⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤● │
             │  ⢸   ⡀⠠ ⡡⠔⠊                                                            │
             │  ⠸◇⠐⢀⠤⠒⠉                                                               │
      100 ms │   ●⠊⠁                                                                  │ $0.500
             └────────────────────────────────────────────────────────────────────────┘
              256                512                1,024          1,769         3,008 MB

      → 1,769 MB: as cheap as any (within 3 %) and 42 % faster than 1,024 MB
        Against today's 512 MB: −6 % cost [−9, −3], −73 % time [−75, −70], −72 % p95. 97 % sure.
      ▲ the account allows at most 3,008 MB: larger sizes were left out
      ▲ 256 MB: nearly all of its memory was used
      ▲ 272 MB: faster than a larger size, or slower than a smaller one, by more than memory explains: measure it again; its
        durations seem to fall into two clusters
      ▲ 1,024 MB: more of its invocations than usual took far longer than the rest; it got slower or faster while it was
        measured
        p95 < 600 ms: certified at 1,769 MB; met, by too few calls to be certified, at 3,008 MB; missed at 256 MB, 512 MB,
        1,024 MB
      settled · 103 calls, $0.0021 of $0.050 · 1 min 12 s
      everything created was removed, read back from AWS
      list prices as bundled, of 2026-08-01 · 0.23 % of calls cold (by its metrics)
      picture: https://lambda-power-tuning.show/#AAIABA==;AAA=;AAA=
      next: slsops tune --resume 20261120-140711-k3f9x2ab --apply --region eu-west-1
      "
    `)
  })

  it('has a column for the architecture where there are two', () => {
    expect(draw(twoArchitectures).split('\n').slice(1, 4)).toMatchInlineSnapshot(`
      [
        "    memory  arch    calls     p50    ~p95  $/1 M calls",
        "    512 MB  arm64       8  1.66 s  1.87 s  $11.4 ±0.6   3 % dearer, slower",
        "✓ 1,769 MB  arm64      18  467 ms  525 ms  $11.1 ±0.4   winner",
      ]
    `)
    expect(draw()).not.toContain('x86_64')
  })

  it('of a budget that was reached is the best so far, and how to go on', () => {
    expect(draw(budgetReport)).toContain(
      '→ 1,769 MB: the cheapest of what was seen\n  not settled: at most 8.3 % dearer than the best (95 % sure)\n',
    )
    expect(draw(budgetReport)).toContain('stopped at --max-cost, before it was settled')
    expect(draw(budgetReport)).toContain(`next:\nslsops tune --resume ${runId} --max-cost 0.1 --region eu-west-1\n`)
  })

  it('says exactly what is left in AWS, and which command removes it', () => {
    expect(draw(interruptedReport)).toContain(
      '✗ left in AWS:\n  slsops-tune-checkout-api-k3f9x2ab: AccessDenied, needs lambda:DeleteFunction\n',
    )
    expect(draw(interruptedReport)).toContain(`next: slsops tune --cleanup ${runId} --region eu-west-1\n`)
  })

  it('says what became of a function that was itself changed', () => {
    const answer = (done: readonly string[]): string =>
      draw(tuneReport({cleanup: {cleanedUp: true, left: [], done}}), {columns: 120})
    const restored = 'the memory of checkout-api is 512 MB again'
    expect(answer(['removed version 9 of checkout-api', restored])).toContain(
      `\neverything created was removed, read back from AWS; ${restored}\n`,
    )
    expect(answer([restored])).toContain(`\nnothing was created; ${restored}\n`)
    expect(answer([])).toContain('\nnothing was created\n')
  })

  it('is never surer than over 99 %', () => {
    expect(draw(tuneReport({recommendation: {...winner, confidence: 1}}))).toContain('time. Over 99 % sure.\n')
    expect(draw(tuneReport({recommendation: {...winner, confidence: 0.979}}))).toContain('time. 97 % sure.\n')
  })

  it('says that no size meets the latency objective, and which comes nearest', () => {
    const missed = draw(
      tuneReport({
        plan: tunePlan('checkout-api', {objective: {...tunePlan().objective, slo: {percentile: 95, limitMs: 1}}}),
        recommendation: null,
        samples: [],
      }),
    )
    expect(missed).toContain('→ no size has p95 < 1 ms: 3,008 MB comes nearest with 576 ms\n')
    expect(missed).not.toContain('too little is known')
  })

  it('of sizes that were not all measured recommends none, and says so of each', () => {
    const few = draw(
      tuneReport({
        ending: 'max-invocations',
        sizes: [
          {memorySizeMB: 512, ms: 1_910, calls: 3, status: 'racing'},
          {memorySizeMB: 1_024, calls: 0, status: 'waiting'},
        ],
        recommendation: null,
      }),
    )
    expect(few).toContain('→ too little is known to recommend a size: 1 of 2 sizes was measured\n')
    expect(few).toMatch(/512 MB .* undecided\n.*1,024 MB .* not measured\n/)
  })

  it('says of sizes that had but a cold call that they had', () => {
    const cold = [512, 1_024, 1_769].map(memorySizeMB => ({memorySizeMB, calls: 1}))
    const answer = (sizes: readonly object[]): string =>
      draw(tuneReport({ending: 'max-invocations', sizes: sizes as typeof cold, recommendation: null}), {columns: 120})
    const none = {memorySizeMB: 3_008, calls: 0, status: 'waiting'}
    expect(answer([...cold, none])).toContain('a size: none of 4 sizes has a warm call, 3 had cold ones only\n')
    expect(answer([...cold, {memorySizeMB: 3_008, ms: 518, calls: 3}])).toContain(
      'a size: 1 of 4 sizes has a warm call, 3 had cold ones only\n',
    )
  })

  it('tells of a size that it was proposed, and marks a p95 of few calls', () => {
    const plan = tunePlan('checkout-api', {candidates: [512, 1_769].map(size => ({...winner, memorySizeMB: size}))})
    const sizes = [
      {memorySizeMB: 512, ms: 1_910, calls: 9, status: 'dropped'},
      {memorySizeMB: 1_280, ms: 700, calls: 40, status: 'dropped'},
      {memorySizeMB: 1_769, ms: 521, calls: 17, status: 'winner'},
    ] as const
    const drawn = draw(tuneReport({plan, sizes}), {columns: 120})
    expect(drawn).toMatch(/1,280 MB +40 +693 ms +778 ms .* proposed /)
    expect(drawn).toContain('~579 ms')
    expect(drawn).toContain('  ~p95 of fewer than 20 warm calls is the slowest of them\n')
    expect(drawn).toContain('  1,280 MB was proposed by the fitted curve, and measured like the others\n')
  })

  it('of history is a hypothesis, with the command that measures it', () => {
    expect(draw(observedReport)).toContain('a hypothesis: nothing was measured\n')
    expect(draw(observedReport)).toContain('slsops tune checkout-api:live --memory 264..3008')
    expect(draw(observedReport)).not.toContain('removed')
  })

  it('recommends nothing where the first call failed', () => {
    expect(draw(failingReport)).toMatchInlineSnapshot(`
      "checkout-api:live · shadow clone · the cheapest, to 3 %
          memory  calls
      ✗   512 MB      1  today                  infeasible: TypeError
      · 1,024 MB                                not measured
      · 1,769 MB                                not measured
      · 3,008 MB                                not measured

      → no size to recommend: nothing could be measured
      ▲ the first invocation failed (TypeError): it would have measured the error path
      stopped: what was to be measured fails · 1 call, $0.000016 of $0.050
        1 min 12 s
      everything created was removed, read back from AWS
      list prices as bundled, of 2026-08-01 · 0.23 % of calls cold (by its metrics)
      picture: https://lambda-power-tuning.show/#AAIABA==;AAA=;AAA=
      next: slsops tune checkout-api:live --payload @payload.json --region eu-west-1
      "
    `)
  })

  it.each([
    ['init-error', 'Runtime.ImportModuleError'],
    ['error', 'Runtime.ExitError'],
    ['timeout', 'Sandbox.Timedout'],
  ] as const)('leads to the log of the function where no payload mends it: %s', (outcome, errorType) => {
    const sizes = [{memorySizeMB: 512, calls: 1, outcome, errorType, status: 'infeasible'}] as const
    const drawn = draw(tuneReport({ending: 'failing', sizes, recommendation: null, curves: []}))
    expect(drawn).toContain('next: slsops logs checkout-api --failed --region eu-west-1\n')
    expect(drawn).not.toContain('--payload')
  })

  it('says so where the size that the function has is the one to use', () => {
    const same = tuneReport({plan: tunePlan('checkout-api', {source: {memorySizeMB: 1_769}})})
    expect(draw(same)).toContain('\n  It is what the function has. 97 % sure.\n')
  })

  it('of several functions ends with a summary', () => {
    const several = screen.answer([...severalReports, failingReport], [], terminal(100))
    expect(several.split('\n\n').at(-1)).toMatchInlineSnapshot(`
      "checkout-api:live  512 → 1,769 MB     −6 % cost, −73 % time  97 % sure
      image-resize       1,024 → 1,769 MB                          97 % sure
      checkout-api:live  512 MB, not known                         stopped: what was to be measured fails
      3 functions, 93 calls, $0.0042
      "
    `)
  })

  it('names the functions that were not begun, and what tunes them', () => {
    const rest = ['image-resize', 'loyalty-points'].map(name =>
      notBegun(tunePlan(name, {isPayloadAssumed: true, source: {qualifier: null, memorySizeMB: 1_024}}), startedAt),
    )
    const several = screen.answer([tuneReport(), ...rest], [], terminal(100))
    expect(several.split('\n\n').at(-1)).toMatchInlineSnapshot(`
      "checkout-api:live  512 → 1,769 MB       −6 % cost, −73 % time  97 % sure
      image-resize       1,024 MB, not known                         not begun
      loyalty-points     1,024 MB, not known                         not begun
      3 functions, 46 calls, $0.0021
      next: slsops tune image-resize loyalty-points --region eu-west-1
      "
    `)
    expect(screen.answer(severalReports, [], terminal(100)).split('\n\n').at(-1)).not.toContain('next:')
    for (const format of ['md', 'html', 'svg', 'csv'] as const)
      expect([...screen.kept([tuneReport(), ...rest], [], format)].join('')).not.toMatch(/NaN|Infinity/)
  })

  test.each([40, 60, 80, 120, 200])('fits %i columns, but for what is to be copied', columns => {
    for (const report of Object.values(reports))
      for (const row of draw(report, {columns}).split('\n'))
        if (!isCopied(row)) expect(width(row), row).toBeLessThanOrEqual(columns)
  })

  it('keeps memory, cost and status at 40 columns', () => {
    expect(draw(tuneReport(), {columns: 40}).split('\n').slice(2, 7)).toMatchInlineSnapshot(`
      [
        "    memory  $/1 M calls",
        "    512 MB  $16.1 ±0.9   dropped",
        "= 1,024 MB  $15.2 ±0.7   tied",
        "✓ 1,769 MB  $15.2 ±0.6   winner",
        "  3,008 MB  $25.6 ±1.7   68 % dearer",
      ]
    `)
  })

  it('is as wide as it is, and without colours, where it is piped', () => {
    const piped = draw(doubtfulReport, {columns: 40, isTTY: false})
    expect(piped).toContain('dropped: doubtful: 12 × faster than its neighbours')
    expect(piped).not.toContain('\u001b')
    expect(draw(tuneReport(), {color: true})).toContain('\u001b[32m✓ ')
  })

  it('shows of hostile names and texts nothing that a terminal obeys', () => {
    for (const columns of [40, 80, 200]) {
      expect(draw(hostileReport, {columns})).not.toMatch(/[\u001b\u0007\u202e]/)
      const planned = screen.planned([hostileReport.plan], window, terminal(columns))
      expect(planned).not.toMatch(/[\u001b\u0007\u202e]|X-Amz-Signature/)
    }
    const lines = [
      screen.question([hostileReport.plan], terminal(200)),
      tuneChangeQuestion([applicable(hostileReport)]),
    ].join('')
    expect(lines).not.toMatch(/[\u001b\u0007\u202e\n]/)
    expect(tuneChangeText([applicable(hostileReport)], {terminal: terminal(80), caller, isDryRun: false})).not.toMatch(
      /[\u001b\u0007\u202e]/,
    )
  })
})

describe('what a sweep will do', () => {
  it('is said before it is done', () => {
    expect(screen.plan([tunePlan()], terminal(80))).toMatchInlineSnapshot(`
      "tune checkout-api:live in 123456789012 eu-west-1
        as        arn:aws:sts::123456789012:assumed-role/oncall/ada
        wanted    the cheapest, to 3 %
        sizes     512, 1,024, 1,769, 3,008 MB; today's is 512
        makes     slsops-tune-checkout-api-k3f9x2ab
                  a clone without triggers or destinations, and its log group
        removes   all of it at the end, also after Ctrl-C; checkout-api is never
                  touched
        payload   as given, 16 B
        invokes   up to 240 real executions in its role: they can write, charge, send
        at worst  $0.050 · 15 min, one at a time · about 20 s to make and remove
                  it stops once the answer is settled
        by        list prices as bundled, of 2026-08-01
                  0.23 % of calls cold (by its metrics)
      "
    `)
    expect(screen.question([tunePlan()], terminal(80))).toBe(
      'Invoke checkout-api:live up to 240 times, for at most $0.050?',
    )
    // with room for what is answered, and never within a word
    expect(screen.question([tunePlan()], terminal(40))).toBe(
      'Invoke checkout-api:live up to\n240 times, for at most $0.050?',
    )
  })

  it('names the run that it goes on with, what of it counts, and what is left of the limits', () => {
    const resumed = {runId: '20261119-090000-aaaa1111', invocations: 40, samples: 38, costUSD: 0.01}
    const plans = [tunePlan('checkout-api', {resumed})]
    const shown = screen.plan(plans, terminal(120))
    expect(shown).toContain(
      'goes on   with run 20261119-090000-aaaa1111: its 40 calls, 2 of them without an answer and $0.010 count already',
    )
    expect(shown).toContain('up to 200 more real executions')
    expect(screen.question(plans, terminal(120))).toBe('Invoke checkout-api:live up to 200 times, for at most $0.040?')
  })

  it('ends there with --dry-run, and is summed up for several functions', () => {
    const both = screen.planned([tunePlan(), tunePlan('image-resize')], window, terminal(80))
    expect(both).toContain(
      '  function            today              sizes  calls  at worst\n  checkout-api:live  512 MB  4 of 512–3,008 MB    240    $0.050\n',
    )
    expect(screen.question([tunePlan(), tunePlan('b')], terminal(80))).toBe(
      'Invoke 2 functions up to 480 times, for at most $0.10?',
    )
  })

  it('of several functions says which a note is about', () => {
    const plans = Array.from({length: 8}, (_, i) =>
      tunePlan(`f${i}`, {
        source: {qualifier: null},
        notes: ['nobody knows', ...(i < 7 ? ['most'] : []), ...(i < 2 ? ['some'] : [])],
      }),
    )
    const planned = screen.plan(plans, terminal(100))
    expect(planned).toContain('  note      each function: nobody knows\n')
    expect(planned).toContain('  note      f0, f1, f2, f3, f4 and 2 more: most\n')
    expect(planned).toContain('  note      f0, f1: some\n')
    expect(screen.plan(plans.slice(7), terminal(100))).toContain('  note      nobody knows\n')
  })

  it('says what --apply sets, and that it is not what is measured', () => {
    const applied = tuneScreen({
      ...about,
      isApplied: true,
      json: false,
      visualizationUrl: () => null,
      applyCommand: () => null,
    })
    const planned = applied.plan([tunePlan()], terminal(100))
    expect(planned).toContain("  applies   the winner to checkout-api's $LATEST, once it is settled\n")
    expect(planned).toContain('live (version 42) is measured and stays as it is; $LATEST may differ\n')
    expect(planned).not.toContain('never touched')
  })

  it('says so where one payload is for several functions', () => {
    const assumed = {isPayloadAssumed: true, payloads: [{text: '{}', weight: 1}]}
    expect(screen.plan([tunePlan('a', assumed), tunePlan('b', assumed)], terminal(100))).toContain(
      '  payload   {}, for none was given, to all 2: --payload-dir has one for each\n',
    )
    const own = tunePlan('b', {payloads: [{text: '{"b":1}', weight: 1}]})
    expect(screen.plan([tunePlan('a'), own], terminal(100))).toContain('  payload   one for each, 7 B to 16 B\n')
  })

  it('is another thing with versions, and nothing with history', () => {
    const versions = screen.plan([tunePlan('checkout-api', {mode: 'versions'})], terminal(200))
    expect(versions).toContain('restores  it before the first call; aliases are never touched')
    const observed = screen.plan([observedReport.plan], terminal(200))
    expect(observed).toContain('nothing is invoked, made or changed')
    expect(observed).not.toContain('executions')
  })

  it('names what is made, as it is made', () => {
    const one = 'slsops-tune-checkout-api-k3f9x2ab'
    const wide = terminal(250)
    expect(screen.plan([tunePlan()], wide)).toContain(`makes     ${one}\n            a clone without`)
    expect(screen.plan([twoArchitectures.plan], wide)).toContain(
      `makes     ${one} and ${one}-a\n            clones without`,
    )
  })

  it('says that it sends {} where no payload was given', () => {
    expect(screen.plan([doubtfulReport.plan], terminal(200))).toContain('payload   {}, for none was given')
  })
})

test('each step is a line, and a notice with --json', () => {
  const {plan, samples, sizes: standings, spent} = doubtfulReport
  const [sample] = samples
  const [standing] = standings
  if (!sample || !standing) throw new Error('there is none')
  const steps = [
    {kind: 'begun', plan},
    {kind: 'doing', what: 'publishes 1,024 MB (3 of 7)'},
    {kind: 'sampled', sample, standings, spent},
    {kind: 'moved', standing, standings, spent},
    {kind: 'note', text: 'a note\u001b[31m'},
    {kind: 'ended', report: doubtfulReport},
    {kind: 'ended', report: interruptedReport},
  ] as const
  expect(steps.map(step => screen.line(step, terminal(100))).join('')).toMatchInlineSnapshot(`
    "tuning checkout-api:live · shadow clone · up to 240 calls, $0.050 · run 20261120-140711-k3f9x2ab
    publishes 1,024 MB (3 of 7)
    call 1 · 128 MB · 1.25 s, 1.63 s billed · cold · oom · $0.0021 in all
    128 MB infeasible: out of memory (2 of 2)
    a note^[[31m
    settled · 1,769 MB · 103 calls · $0.0021 · 1 min 12 s
    interrupted · 1,769 MB · 46 calls · $0.0021 · 1 min 12 s · something is left in AWS
    "
  `)
  const json = tuneScreen({...about, json: true, visualizationUrl: () => null, applyCommand: () => null})
  expect(JSON.parse(json.line(steps[1], terminal(80)))).toEqual({
    schema: 'slsops/notice@1',
    message: 'publishes 1,024 MB (3 of 7)',
  })
})

describe('what is changed and cleaned up', () => {
  it('is shown before, with the patch of what manages the function', () => {
    const tags = {'aws:cloudformation:stack-name': 'shop-prod', 'aws:cloudformation:logical-id': 'CheckoutApi'}
    const report = tuneReport({plan: tunePlan('checkout-api', {source: {tags}})})
    expect(
      tuneChangeText([applicable(report)], {terminal: terminal(100), caller, isDryRun: false}),
    ).toMatchInlineSnapshot(`
      "change checkout-api in 123456789012 eu-west-1
        as      arn:aws:sts::123456789012:assumed-role/oncall/ada
        $LATEST 512 MB → 1,769 MB; no version is published, and no alias moves
        SAM, CloudFormation, stack shop-prod: set it there too, or the next deployment sets it back
           Resources:
             CheckoutApi:
               Properties:
          -      MemorySize: 512
          +      MemorySize: 1769
      "
    `)
    expect(tuneChangeQuestion([applicable(report)])).toBe('Set the memory of checkout-api to 1,769 MB?')
    const applied = tuneAppliedText({functionName: 'checkout-api', beforeMB: 512, memorySizeMB: 1_769}, terminal(80))
    expect(applied).toBe("✓ checkout-api's $LATEST has 1,769 MB, read back from AWS\n")
  })

  it('is shown before it is cleaned up', () => {
    const what = ['removes the function slsops-tune-checkout-api-k3f9x2ab', 'removes the log group x\u001b[2J']
    const found = [{runId, functionName: 'checkout-api', what, since: startedAt}]
    expect(cleanup.planned(found, terminal(200))).toBe(
      [
        'clean up 1 run in eu-west-1',
        '  as      arn:aws:sts::123456789012:assumed-role/oncall/ada',
        `  run ${runId} of checkout-api: removes the function slsops-tune-checkout-api-k3f9x2ab, removes the log group x^[[2J`,
        '--dry-run: nothing was removed\n',
      ].join('\n'),
    )
    expect(cleanup.planned([], terminal(80))).toBe('nothing to clean up\n')
    const leftAlone = [
      {runId, what: 'the function slsops-tune-a', why: 'may be at work', isHere: true},
      {runId, what: 'run 2 of b', why: 'it was made in eu-west-3 of AWS', isHere: false},
    ]
    const alone = tuneCleanupScreen({...cleaning, leftAlone, json: false})
    const left = [
      '2 things were left alone:',
      '  the function slsops-tune-a: may be at work',
      '  run 2 of b: it was made in eu-west-3 of AWS',
      `next: slsops tune --cleanup ${runId} --region eu-west-1\n`,
    ].join('\n')
    expect(alone.planned([], terminal(100))).toBe(`nothing was removed; ${left}`)
    expect(alone.cleaned([], terminal(100))).toBe(`nothing was removed; ${left}`)
    const done = {runId: 'r', functionName: 'c', cleanup: tuneReport().cleanup}
    expect(alone.cleaned([done], terminal(100))).toContain(left)
    const json = tuneCleanupScreen({...cleaning, leftAlone, json: true})
    for (const text of [json.planned([], terminal(80)), json.cleaned([], terminal(80))])
      expect(JSON.parse(text)).toMatchObject({
        complete: false,
        gaps: [{detail: 'left alone: may be at work'}, {what: 'run 2 of b'}],
      })
  })

  it('is told of each run that --cleanup found', () => {
    const runs = [
      {runId, functionName: 'checkout-api', cleanup: interruptedReport.cleanup},
      {runId: '20261119-090000-aaaaaaaa', functionName: null, cleanup: tuneReport().cleanup},
    ]
    expect(cleanup.cleaned(runs, terminal(100))).toMatchInlineSnapshot(`
      "✗ checkout-api, run 20261120-140711-k3f9x2ab: 1 thing left in AWS
        left: slsops-tune-checkout-api-k3f9x2ab: AccessDenied, needs lambda:DeleteFunction
        deleted the log group /aws/lambda/slsops-tune-checkout-api-k3f9x2ab
      ✓ a function that is not known, run 20261119-090000-aaaaaaaa: nothing of it is left, read back from
        AWS
        deleted slsops-tune-checkout-api-k3f9x2ab
        deleted its log group
      next: slsops tune --cleanup 20261120-140711-k3f9x2ab --region eu-west-1
      "
    `)
    expect(cleanup.cleaned([], terminal(100))).toBe('nothing to clean up\n')
    const json = tuneCleanupScreen({...cleaning, json: true})
    const left = {runId, functionName: 'checkout-api', what: ['removes the function f'], since: startedAt}
    expect(
      JSON.parse(json.planned([left, {...left, functionName: null, since: Number.NaN}], terminal(80))),
    ).toMatchObject({
      schema: 'slsops/tune-cleanup-plan@1',
      caller,
      found: [
        {runId, function: 'checkout-api', what: ['removes the function f'], since: '2026-11-20T14:07:11.000Z'},
        {runId, function: null, since: null},
      ],
    })
    const document = JSON.parse(json.cleaned(runs, terminal(80)))
    expect(document).toMatchObject({schema: 'slsops/tune-cleanup@1', complete: false, cleanedUp: false})
    expect(document.runs[0]).toMatchObject({function: 'checkout-api', cleanedUp: false, left: [expect.any(String)]})
    expect(screen.leftBehind(tunePlan(), terminal(40))).toBe(
      `not all of run ${runId} was cleaned up; this does it: slsops tune --cleanup ${runId} --region eu-west-1\n`,
    )
  })
})
