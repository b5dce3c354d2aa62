import {describe, expect, it} from 'vitest'
import {zoneClock} from '../../src/services/time/zone-clock.ts'
import {rollbackPlanText, rollbackQuestion} from '../../src/ui/rollback-plan-text.ts'
import {rollbackScreen} from '../../src/ui/rollback-screen.ts'
import {rollbackText} from '../../src/ui/rollback-text.ts'
import type {Terminal} from '../../src/ui/terminal.ts'
import {member, now, outcome, plan, report} from './rollbacks.ts'

const clock = zoneClock('UTC')
const terminal = (columns: number): Terminal => ({columns, color: false, unicode: true, isTTY: true})
const piped: Terminal = {columns: 80, color: false, unicode: false, isTTY: false}
const planned = (of = plan(), columns = 80): string =>
  rollbackPlanText(of, {terminal: terminal(columns), clock, now, isDryRun: false})
const told = (of = report(), columns = 80): string => rollbackText(of, {terminal: terminal(columns), clock})

const hostile = 'pay\u001b[31m\u202e\n'

describe('the plan of a rollback', () => {
  it('shows both versions with their numbers, how it is known, the change and its undo', () => {
    expect(planned()).toMatchInlineSnapshot(`
      "rollback checkout-api:live in 123456789012 eu-west-1 (profile prod)
        as        arn:aws:sts::123456789012:assumed-role/engineer/oncall
        serves    42 (100 %) since 13:58:12 · 8,581 calls · 4.8 % errors · p95 2.10 s
        before    41 for 4 d until 13:58:12 · 1.20 M calls · 0.4 % errors · p95 210 ms
        evidence  journal: shift 20261120-135800-k3f9x2ab of ci moved it from 41
                  metrics: the last to run before it
        change    live 42 → 41
        undo
      slsops rollback checkout-api:live --to 42 --region eu-west-1 --profile prod
      "
    `)
  })

  it('fits 40 columns, but for what is to be pasted', () => {
    const text = planned(plan(), 40)
    expect(text).toMatchInlineSnapshot(`
      "rollback checkout-api:live in
        123456789012 eu-west-1 (profile prod)
        as        arn:aws:sts::123456789012:
                  assumed-role/engineer/oncall
        serves    42 (100 %) since 13:58:12
                  8,581 calls · 4.8 % errors
                  p95 2.10 s
        before    41 for 4 d until 13:58:12
                  1.20 M calls · 0.4 % errors
                  p95 210 ms
        evidence  journal: shift
                  20261120-135800-k3f9x2ab of
                  ci moved it from 41
                  metrics: the last to run
                  before it
        change    live 42 → 41
        undo
      slsops rollback checkout-api:live --to 42 --region eu-west-1 --profile prod
      "
    `)
    for (const line of text.split('\n')) if (!line.includes('slsops ')) expect(line.length).toBeLessThanOrEqual(40)
  })

  it('shows what says otherwise, what a shift under way serves, and who is at it', () => {
    const conflicting = member('checkout-api', {
      before: {version: '41', additional: {version: '42', weight: 0.25}, description: '', revisionId: 'r'},
      evidence: [
        {source: 'shift-under-way', version: '41', detail: 'run 1 of ci moves it from 41 to 42, step 2 of 6'},
        {source: 'journal', version: '40', detail: 'shift 0 moved it from 40'},
      ],
      serving: null,
      previous: null,
      notes: ['run 1 is at work in another process: it will see the change, and stop'],
    })
    expect(planned(plan([conflicting], {note: 'pay is down'}))).toMatchInlineSnapshot(`
      "rollback checkout-api:live in 123456789012 eu-west-1 (profile prod)
        as        arn:aws:sts::123456789012:assumed-role/engineer/oncall
        serves    41 (75 %) and 42 (25 %)
        evidence  under way: run 1 of ci moves it from 41 to 42, step 2 of 6
                  journal: 40, shift 0 moved it from 40
        change    live 42 → 41
        why       pay is down
        note      run 1 is at work in another process: it will see the change, and
                  stop
        undo
      slsops shift checkout-api:live --to 42 --weight 25% --region eu-west-1 --profile prod
      "
    `)
  })

  it('has a row for each of several functions, and names those that are left out', () => {
    const members = [
      member('checkout-api'),
      member('billing-worker', {isThere: true, before: {...member().before, version: '41'}}),
      member('orders-stream', {deploymentId: 'd-A1B2C3'}),
    ]
    const gap = {
      what: 'legacy:live',
      account: null,
      region: 'eu-west-1',
      reason: 'failed' as const,
      detail: 'nothing tells',
    }
    const several = plan(members, {leftOut: [gap]})
    expect(planned(several)).toMatchInlineSnapshot(`
      "rollback 3 functions in 123456789012 eu-west-1 (profile prod)
        as        arn:aws:sts::123456789012:assumed-role/engineer/oncall
        checkout-api:live    42 → 41  journal, metrics
          42 · 8,581 calls · 4.8 % errors; before it 41 · 1.20 M calls · 0.4 % errors
        billing-worker:live  41 → 41  already there
          42 · 8,581 calls · 4.8 % errors; before it 41 · 1.20 M calls · 0.4 % errors
        orders-stream:live   42 → 41  stops d-A1B2C3
          42 · 8,581 calls · 4.8 % errors; before it 41 · 1.20 M calls · 0.4 % errors
        ✗ legacy:live: nothing tells
        undo
      slsops rollback checkout-api:live orders-stream:live --to 42 --region eu-west-1 --profile prod
      "
    `)
    expect(rollbackQuestion(several)).toBe('Go back with 2 functions to 41?')
    expect(rollbackQuestion(plan())).toBe('Go back to 41?')
  })

  it('passes nothing on that a terminal obeys', () => {
    const all = [
      member(hostile, {notes: [hostile], evidence: [{source: 'journal', version: '41', detail: hostile}]}),
      member('other'),
    ]
    for (const of of [plan(all), plan(all.slice(0, 1), {note: hostile, caller: hostile})])
      expect(planned(of)).not.toMatch(/[\u001b\u202e]/)
  })
})

describe('what became of a rollback', () => {
  it('ends with what AWS says', () => {
    expect(told()).toBe('✓ checkout-api:live serves 41 (read back 14:09:31) · 1 write\n')
    const there = outcome(member('checkout-api', {isThere: true}), {writes: 0})
    expect(told(report([there]))).toBe(
      '✓ checkout-api:live serves 41 already (read back 14:09:31) · nothing to change\n',
    )
  })

  it('lists durable executions that go on on the version that was left', () => {
    const arns = Array.from({length: 7}, (_, at) => `arn:aws:lambda:…:function:checkout-api:42/durable-execution/${at}`)
    expect(
      told(report([outcome(member(), {durableExecutions: arns, notes: ['more may run']})])),
    ).toMatchInlineSnapshot(`
      "  7 durable executions of 42 go on, whatever the alias serves:
          arn:aws:lambda:…:function:checkout-api:42/durable-execution/0
          arn:aws:lambda:…:function:checkout-api:42/durable-execution/1
          arn:aws:lambda:…:function:checkout-api:42/durable-execution/2
          arn:aws:lambda:…:function:checkout-api:42/durable-execution/3
          arn:aws:lambda:…:function:checkout-api:42/durable-execution/4
          and 2 more (--json has all)
        more may run
      ✓ checkout-api:live serves 41 (read back 14:09:31) · 1 write
      "
    `)
  })

  it('shows of several how both versions do, and which would go back although it hardly fails', () => {
    const {serving, previous} = member()
    const well = previous && serving && {...serving, errors: (serving.calls * previous.errors) / previous.calls}
    const text = planned(plan([member(), member('cart-api', {serving: well})]))
    expect(text.split('\n').filter(line => /before it|hardly/.test(line))).toEqual([
      '    42 · 8,581 calls · 4.8 % errors; before it 41 · 1.20 M calls · 0.4 % errors',
      '    42 · 8,581 calls · 0.4 % errors; before it 41 · 1.20 M calls · 0.4 % errors',
      '    42 fails hardly more often',
    ])
  })

  it('says of several what was done, left alone and failed', () => {
    const foreign = {version: '43', additional: null, description: '', revisionId: 'r9'}
    const several = report([
      outcome(),
      outcome(member('billing'), {
        state: 'foreign',
        serves: foreign,
        writes: 0,
        exitCode: 1,
        detail: 'somebody else moved it meanwhile, and it was left alone',
      }),
      outcome(member('orders'), {
        state: 'failed',
        serves: null,
        readAt: null,
        writes: 0,
        exitCode: 4,
        detail: 'AWS refused; this needs lambda:UpdateAlias',
      }),
    ])
    expect(told(several)).toMatchInlineSnapshot(`
      "✓ checkout-api:live serves 41 (read back 14:09:31)
      ✗ billing:live serves 43 (read back 14:09:31): somebody else moved it meanwhile,
        and it was left alone
      ✗ orders:live: AWS refused; this needs lambda:UpdateAlias
      ✗ 1 of 3 serve what they should (read back 14:09:31) · 1 write · 1 left alone ·
        1 failed
      "
    `)
    expect(rollbackText(several, {terminal: piped, clock})).toMatchInlineSnapshot(`
      "ok checkout-api:live serves 41 (read back 14:09:31)
      FAIL billing:live serves 43 (read back 14:09:31): somebody else moved it meanwhile, and it was left alone
      FAIL orders:live: AWS refused; this needs lambda:UpdateAlias
      FAIL 1 of 3 serve what they should (read back 14:09:31) - 1 write - 1 left alone - 1 failed
      "
    `)
  })

  it('passes nothing on that a terminal obeys', () => {
    const bad = outcome(member(hostile), {
      state: 'failed',
      detail: hostile,
      notes: [hostile],
      durableExecutions: [hostile],
    })
    expect(told(report([bad, outcome()]))).not.toMatch(/[\u001b\u202e]/)
  })
})

describe('the screen', () => {
  const screen = (json: boolean, of = plan()) => rollbackScreen({plan: of, json, clock, now: () => now, endpoint: null})

  it('leaves who does not wait with what does it by hand, exactly', () => {
    const shifted = member("it's", {description: "customers' own", deploymentId: null})
    const deploying = member('orders', {deploymentId: 'd-A1'})
    expect(
      screen(false, plan([shifted, deploying])).leftUndone([shifted, deploying], terminal(40)),
    ).toMatchInlineSnapshot(`
      "left before it was done: whether these are back is not known, and this does it by hand
      aws lambda update-alias --function-name 'it?s' --name live --function-version 41 --routing-config '{"AdditionalVersionWeights":{}}' --description 'customers'\\'' own' --region eu-west-1 --profile prod
      aws deploy stop-deployment --deployment-id d-A1 --auto-rollback-enabled --region eu-west-1 --profile prod
      "
    `)
  })

  it('case 31: gives documents without colours, one JSON each', () => {
    const answer = JSON.parse(screen(true).answer(report(), {...terminal(80), color: true}))
    expect(answer).toMatchObject({
      schema: 'slsops/rollback@1',
      complete: true,
      runId: '20261120-140912-a1b2c3d4',
      undo: 'slsops rollback checkout-api:live --to 42 --region eu-west-1 --profile prod',
      evidence: [{source: 'journal', version: '41'}, {source: 'metrics'}],
      functions: [
        {
          account: '123456789012',
          region: 'eu-west-1',
          function: 'checkout-api',
          functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
          alias: 'live',
          from: '42',
          to: '41',
          weightPercent: 100,
          verdict: null,
          state: 'done',
          revisionId: 'r2',
        },
      ],
    })
    expect(JSON.parse(screen(true).planned(terminal(80)))).toMatchObject({
      schema: 'slsops/rollback-plan@1',
      functions: [{change: 'update-alias', weightPercent: 0}],
    })
  })

  it('undoes the abort of a shift by shifting again', () => {
    const before = {version: '41', additional: {version: '42', weight: 0.1428}, description: '', revisionId: 'r'}
    const document = JSON.parse(screen(true, plan([member('a', {before}), member('b')])).planned(terminal(80)))
    expect(document.undo).toBe(
      'slsops shift a:live --to 42 --weight 14.28% --region eu-west-1 --profile prod && slsops rollback b:live --to 42 --region eu-west-1 --profile prod',
    )
  })
})
