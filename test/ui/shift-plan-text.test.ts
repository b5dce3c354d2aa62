import {describe, expect, it} from 'vitest'
import {width} from '../../src/ui/columns.ts'
import {shiftPlanText} from '../../src/ui/shift-plan-text.ts'
import {shiftQuestion} from '../../src/ui/shift-words.ts'
import type {Terminal} from '../../src/ui/terminal.ts'
import {memberOf, minute, planOf} from '../services/traffic/shift/shift-plans.ts'
import {terminal} from './events.ts'
import {checkout, clock, groupOf, hostileName, shiftPlan, startedAt} from './shift-report.ts'

const shown = (plan = shiftPlan(), to: Terminal = terminal(80), isDryRun = false): string =>
  `\n${shiftPlanText(plan, {terminal: to, clock, now: startedAt, isDryRun})}`

describe('the plan of a shift', () => {
  it('tells what moves, how long it takes, what judges it and the way back', () => {
    expect(shown(shiftPlan({warnings: ['checkout-api:live answers API Gateway']}))).toMatchInlineSnapshot(`
      "
      shift checkout-api:live 41 → 42 in 123456789012 eu-west-1
        as        arn:aws:sts::123456789012:assumed-role/oncall/ann
        look      checkout-api:live answers API Gateway
        traffic   100/min · 0.5 % errors · p95 200 ms · over the last day
        differs   MemorySize 512 → 1024
                  Environment none → PAY_V42
        steps     10 %   ≥ 5 min  evidence ≈ 20 min  at 10/min   until ≈ 14:22
                  100 %  ≥ 2 min  evidence ≈ 2 min   at 100/min  until ≈ 14:24
                  then live is moved to 42 for good
        takes     about 22 min · 7 min at least
                  without enough evidence after 1 h it holds
        judge     the new version against the old in the same minutes: it goes back
                  where it fails, or is slow, more than 1.5 × as often plus 0.5 points
                  (without cause in 1 % of shifts at most), and on when it is not
                  worse by 2 points, in slow calls not by 7
        not seen  what is returned as an answer, such as an HTTP 500: --gate-filter
                  counts log lines
        alarms    checkout-5xx OK since 12:32:00
        sign-in   credentials end 15:32:00, 30 min after it is over at the latest
        dead man  AWS itself rolls back when nothing was heard of this machine for 15
                  min
        makes     3 writes · metrics of the gate $0.0072
        Ctrl-C    brings all back; twice leaves at once
        note      pay-v42
        undo      slsops rollback checkout-api:live --to 41 --region eu-west-1
      "
    `)
  })

  it('fits 40 columns, and breaks no command', () => {
    expect(shown(shiftPlan(), terminal(40))).toMatchInlineSnapshot(`
      "
      shift checkout-api:live 41 → 42 in
        123456789012 eu-west-1
        as        arn:aws:sts::123456789012:
                  assumed-role/oncall/ann
        traffic   100/min · 0.5 % errors
                  p95 200 ms
                  over the last day
        differs   MemorySize 512 → 1024
                  Environment none → PAY_V42
        steps     10 %   ≥ 5 min  ≈ 20 min
                  100 %  ≥ 2 min  ≈ 2 min
                  then live is moved to 42 for
                  good
        takes     about 22 min
                  7 min at least
                  without enough evidence
                  after 1 h it holds
        judge     the new version against the
                  old in the same minutes: it
                  goes back where it fails, or
                  is slow, more than 1.5 × as
                  often plus 0.5 points
                  (without cause in 1 % of
                  shifts at most), and on when
                  it is not worse by 2 points,
                  in slow calls not by 7
        not seen  what is returned as an
                  answer, such as an HTTP 500:
                  --gate-filter counts log
                  lines
        alarms    checkout-5xx OK since
                  12:32:00
        sign-in   credentials end 15:32:00, 30
                  min after it is over at the
                  latest
        dead man  AWS itself rolls back when
                  nothing was heard of this
                  machine for 15 min
        makes     3 writes · metrics of the
                  gate $0.0072
        Ctrl-C    brings all back; twice
                  leaves at once
        note      pay-v42
        undo
      slsops rollback checkout-api:live --to 41 --region eu-west-1
      "
    `)
  })

  it('has plain twins of its signs', () => {
    const plain = shown(shiftPlan(), terminal(80, {unicode: false}))
    expect(plain).not.toMatch(/[^ -~\n]/)
    expect(plain).toContain('10 %   >= 5 min  evidence ~ 20 min')
  })

  it('says of a group what each does, and that they may meet each other’s other release', () => {
    const members = [
      checkout(),
      memberOf('billing-worker', {
        from: '7',
        to: '9',
        evidenceMs: null,
        traffic: {value: {perMinute: 0, aliasShare: null, errorRate: null, p95Ms: null}},
      }),
      memberOf('ledger', {
        traffic: {unknown: 'denied', detail: 'cloudwatch:GetMetricData is missing'},
        notes: ['it writes to a table'],
      }),
    ]
    expect(
      shown(
        shiftPlan({
          members,
          waves: [['ledger'], ['checkout-api', 'billing-worker']],
          sameRelease: 0.25,
          expectedMs: null,
          wish: {},
        }),
        terminal(100),
      ),
    ).toMatchInlineSnapshot(`
      "
      shift 3 functions in 123456789012 eu-west-1
        as        arn:aws:sts::123456789012:assumed-role/oncall/ann
        look      ledger:live: it writes to a table
        function             version      calls  errors     p95  evidence  differs in
        checkout-api:live    41 → 42    100/min   0.5 %  200 ms    20 min  MemorySize, Environment
        billing-worker:live  7 → 9        0/min                     never
        ledger:live          41 → 42  not known
        steps     wave 1 · ledger
                  10 %   ≥ 5 min  evidence does not show at this traffic
                  100 %  ≥ 2 min  evidence does not show at this traffic
                  wave 2 · checkout-api, billing-worker
                  10 %   ≥ 5 min  evidence does not show at this traffic
                  100 %  ≥ 2 min  evidence does not show at this traffic
                  then the aliases are moved for good
        takes     evidence does not show at this traffic · 7 min at least
                  without enough evidence after 1 h it holds
        judge     the new version against the old in the same minutes: it goes back where it fails, or is
                  slow, more than 1.5 × as often plus 0.5 points (without cause in 1 % of shifts at most),
                  and on when it is not worse by 2 points, in slow calls not by 7
        not seen  what is returned as an answer, such as an HTTP 500: --gate-filter counts log lines
        alarms    checkout-5xx OK since 12:32:00
        sign-in   credentials end 15:32:00, 30 min after it is over at the latest
        makes     9 writes · up to 3 a step, 1 s · metrics of the gate $0.0072
        Ctrl-C    brings all back; twice leaves at once
        undo      slsops rollback checkout-api:live ledger:live --to 41 --region eu-west-1
                  slsops rollback billing-worker:live --to 7 --region eu-west-1
      "
    `)
  })

  it('folds a hundred members and a hundred steps', () => {
    const members = groupOf(100, at => (at === 77 ? {evidenceMs: null, notes: ['nobody has called it for a day']} : {}))
    const steps = Array.from({length: 100}, (_, at) => [(at + 1) * 100, minute] as const)
    const text = shown(planOf({members, steps, ladder: 'linear'}), terminal(80))
    expect(text).toMatchInlineSnapshot(`
      "
      shift 100 functions 41 → 42 in 123456789012 eu-west-1
        as        arn:aws:sts::123456789012:assumed-role/oncall/ann
        look      shop-worker-78:live: nobody has called it for a day
        function             version    calls  errors     p95  evidence
        shop-worker-78:live  41 → 42  100/min   0.5 %  200 ms     never
        shop-worker-1:live   41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-2:live   41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-3:live   41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-4:live   41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-5:live   41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-6:live   41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-7:live   41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-8:live   41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-9:live   41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-10:live  41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-11:live  41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-12:live  41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-13:live  41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-14:live  41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-15:live  41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-16:live  41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-17:live  41 → 42  100/min   0.5 %  200 ms    20 min
        shop-worker-18:live  41 → 42  100/min   0.5 %  200 ms    20 min
        and 81 more: 41 → 42, evidence in 20 min at most (--dry-run --json has all)
        steps     1 %    ≥ 1 min  evidence does not show at this traffic
                  2 %    ≥ 1 min  evidence does not show at this traffic
                  3 %    ≥ 1 min  evidence does not show at this traffic
                  4 %    ≥ 1 min  evidence does not show at this traffic
                  94 more steps like these
                  99 %   ≥ 1 min  evidence does not show at this traffic
                  100 %  ≥ 1 min  evidence does not show at this traffic
                  then the aliases are moved for good
        takes     about 20 min · 7 min at least
                  without enough evidence after 1 h it holds
        judge     the new version against the old in the same minutes: it goes back
                  where it fails, or is slow, more than 1.5 × as often plus 0.5 points
                  (without cause in 1 % of shifts at most), and on when it is not
                  worse by 2 points, in slow calls not by 7
        not seen  what is returned as an answer, such as an HTTP 500: --gate-filter
                  counts log lines
        makes     10,100 writes · up to 100 a step, 10 s
        Ctrl-C    brings all back; twice leaves at once
        undo      rollback of these 100 functions; --dry-run --json has the command
      "
    `)
    expect(text.split('\n').length).toBeLessThan(60)
    expect(
      shown(planOf({members}), terminal(80, {isTTY: false})).match(/shop-worker-/g)?.length,
    ).toBeGreaterThanOrEqual(100)
  })

  it.each([30, 40, 60, 80, 200])('is no wider than %i columns but for commands', columns => {
    for (const plan of [
      shiftPlan(),
      shiftPlan({members: groupOf(100)}),
      shiftPlan({members: [memberOf('x'.repeat(64))]}),
    ])
      for (const row of shown(plan, terminal(columns)).split('\n'))
        if (!row.includes('slsops ')) expect(width(row), row).toBeLessThanOrEqual(columns)
  })

  it('says what a move without watching, one without a judge and one by CodeDeploy do not have', () => {
    const weight = shown(planOf({steps: [[1_000, 0]], ladder: 'weight', commits: false, leastMs: 0, expectedMs: 0}))
    expect(weight).toContain('and stays there: nothing is watched')
    expect(weight).not.toMatch(/judge|Ctrl-C|takes/)
    expect(shown(planOf({wish: {gate: 'none'}}))).toContain('judge     nobody: only time')
    expect(shown(planOf({steps: [], wish: {gate: 'none'}, leastMs: 0}))).toContain(
      'live is moved to 42 for good, in one write',
    )
    expect(shown(planOf({steps: [], wish: {gate: 'none'}, leastMs: 0}))).not.toMatch(/judge|Ctrl-C/)
    const alone = shown(planOf({steps: [[10_000, 5 * minute]], ladder: 'all-at-once'}), terminal(200))
    expect(alone).toContain('judge     the new version by itself, for no old one serves beside it')
    const handed = shown(planOf({wish: {handOver: {application: 'shop', group: 'live'}}}))
    expect(handed).toContain('by        CodeDeploy, shop/live: it goes on without this machine')
    expect(handed).toContain('makes     a deployment, which writes the alias')
    expect(handed).not.toMatch(/judge|evidence|in the same minutes/)
  })

  it('tells of red alarms, of credentials that end before it does, and what goes on', () => {
    const text = shown(
      shiftPlan({
        resumes: '20261120-130000-aaaaaaaa',
        credentialsExpireAt: startedAt + 10 * minute,
        alarms: [
          {name: 'red', kind: 'composite', state: 'ALARM', since: null, reason: 'Threshold Crossed', isEvaluated: true},
          {name: 'unknown', kind: 'metric', state: 'OK', since: null, reason: '', isEvaluated: false},
        ],
        wish: {
          alarms: ['red', 'unknown'],
          allowAlarms: ['red'],
          gateFilter: '{ $.status >= 500 }',
          onInterrupt: 'hold',
        },
      }),
      terminal(120),
    )
    expect(text).toContain('go on with run 20261120-130000-aaaaaaaa, shift checkout-api:live 41 → 42')
    expect(text).toContain('red ALARM · composite · may be red · Threshold Crossed')
    expect(text).toContain('unknown OK, not evaluated')
    expect(text).toContain('sign-in   credentials end 14:12:00, before it is over at the latest')
    expect(text).toContain('counts    log lines that match { $.status >= 500 } as errors')
    expect(text).toContain('Ctrl-C    leaves all where it is')
  })

  it('shows nothing that a terminal obeys', () => {
    const text = shown(
      shiftPlan({
        members: [
          checkout({
            notes: [hostileName],
            differences: [{what: hostileName, from: hostileName, to: hostileName}],
            managers: [{kind: 'terraform', name: hostileName, detail: hostileName, isActive: false}],
          }),
        ],
        warnings: [hostileName],
        wish: {note: hostileName},
      }),
    )
    expect(text).not.toMatch(/[\u001b\u202e]/)
    expect(text).toContain('a^[[2J<U+202E>b')
  })

  it('says of a dry run that nothing was changed', () => {
    expect(shown(shiftPlan(), terminal(80), true)).toMatch(/\n--dry-run: nothing was changed\n$/)
  })
})

describe('the question before a shift', () => {
  it('names what moves', () => {
    const ask = (plan = shiftPlan()): string => shiftQuestion(plan, terminal(80))
    expect(ask()).toBe('Shift checkout-api:live 41 → 42?')
    expect(ask(planOf({members: groupOf(12)}))).toBe(
      'Shift 12 functions (shop-worker-1 41→42, shop-worker-2 41→42, shop-worker-3 41→42, …)?',
    )
    expect(ask(planOf({members: [memberOf('a'), memberOf('b', {to: '9'})]}))).toBe(
      'Shift 2 functions (a 41→42, b 41→9)?',
    )
    expect(ask(planOf({ladder: 'weight', steps: [[1_428, 0]]}))).toBe('Shift checkout:live 41 → 42 to 14.28 %?')
    expect(ask(shiftPlan({resumes: 'x'}))).toBe('Go on with checkout-api:live 41 → 42?')
  })
})
