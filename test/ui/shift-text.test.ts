import {describe, expect, it} from 'vitest'
import {width} from '../../src/ui/columns.ts'
import {shiftNext} from '../../src/ui/shift-next.ts'
import {shiftText} from '../../src/ui/shift-text.ts'
import {leftBehindText, undoCommands} from '../../src/ui/shift-undo.ts'
import {memberOf, minute, planOf, second} from '../services/traffic/shift/shift-plans.ts'
import {terminal} from './events.ts'
import {checkout, clock, groupOf, hostileName, rolledBack, shiftPlan, shiftReport, standingOf} from './shift-report.ts'

const shown = (report = shiftReport(), columns = 100): string =>
  `\n${shiftText(report, {terminal: terminal(columns), clock})}`

describe('the answer of a shift', () => {
  it('says what serves, as AWS says it, and on which counts', () => {
    expect(shown()).toMatchInlineSnapshot(`
      "
      done: the new version serves
        verdict   healthy · evidence of harm 1.9 of 100
                  42: 10 of 2,004 failed (0.5 %, 0.3–0.9 %), p95 214 ms
                  41: 72 of 18,020 (0.4 %, 0.3–0.5 %), p95 210 ms
        undo      slsops rollback checkout-api:live --to 41 --region eu-west-1
        errors    slsops errors checkout-api --since-deploy --region eu-west-1
      ✓ checkout-api:live serves 42 (read back 14:29:00) · 3 writes in 27 min
      "
    `)
  })

  it('says why it went back, and where to look', () => {
    expect(shown(rolledBack())).toMatchInlineSnapshot(`
      "
      rolled back: 20 of 100 failed; of version 41, 72 of 18,020
        verdict   unhealthy · evidence of harm 4,300 of 100
                  42: 20 of 100 failed (20 %, 13–29 %), p95 1.95 s
                  41: 72 of 18,020 (0.4 %, 0.3–0.5 %), p95 210 ms
        errors    slsops errors checkout-api:42 --since 2026-11-20T14:02Z --region eu-west-1
        calls     slsops logs checkout-api:42 --failed --since 2026-11-20T14:02Z --region eu-west-1
      ✓ checkout-api:live serves 41 (read back 14:29:00) · 3 writes in 27 min
      "
    `)
    expect(shown(rolledBack(), 40)).toMatchInlineSnapshot(`
      "
      rolled back: 20 of 100 failed; of
        version 41, 72 of 18,020
        verdict   unhealthy · evidence of harm
                  4,300 of 100
                  42: 20 of 100 failed (20 %,
                  13–29 %), p95 1.95 s
                  41: 72 of 18,020 (0.4 %,
                  0.3–0.5 %), p95 210 ms
        errors
      slsops errors checkout-api:42 --since 2026-11-20T14:02Z --region eu-west-1
        calls
      slsops logs checkout-api:42 --failed --since 2026-11-20T14:02Z --region eu-west-1
      ✓ checkout-api:live serves 41 (read back
        14:29:00) · 3 writes in 27 min
      "
    `)
  })

  it('says of a hold how to go on, to finish and to take back', () => {
    const steps = [1_000, 2_000, 3_000, 10_000].map(basisPoints => [basisPoints, minute] as const)
    const linear = {kind: 'linear', by: {basisPoints: 1_000}, everyMs: minute} as const
    const held = (more: object = {}) =>
      shiftReport(shiftPlan({ladder: 'linear', steps, wish: {ladder: linear, note: null, alarms: [], deadMan: null}}), {
        outcome: 'held',
        verdict: 'inconclusive',
        why: 'its time is over and it is inconclusive: no traffic yet',
        each: member => standingOf(member, {state: 'held'}),
        serves: () => '41',
        standing: {stage: 1},
        ...more,
      })
    expect(shown(held())).toMatchInlineSnapshot(`
      "
      held half-way: its time is over and it is inconclusive: no traffic yet
        verdict   inconclusive · evidence of harm 1.9 of 100
                  42: 10 of 2,004 failed (0.5 %, 0.3–0.9 %), p95 214 ms
                  41: 72 of 18,020 (0.4 %, 0.3–0.5 %), p95 210 ms
        go on     slsops shift checkout-api:live --to 42 --linear 10%/1m --region eu-west-1
        finish    slsops shift checkout-api:live --to 42 --all-at-once --region eu-west-1
        back      slsops rollback checkout-api:live --to 41 --region eu-west-1
      ▲ checkout-api:live serves 41 (read back 14:29:00) · 3 writes in 27 min
      "
    `)
    expect(shown(held({standing: {stage: 2}}))).toContain('go on')
    expect(shown(held({standing: {stage: 3}}))).not.toContain('go on')
    expect(shown(held({isOpen: true}))).toContain(
      'go on     slsops shift --resume 20261120-140000-k3f9x2ab --region eu-west-1',
    )
  })

  it('names what goes back where somebody else moved it, as long as the new version serves', () => {
    const plan = shiftPlan({members: groupOf(2)})
    const report = rolledBack(plan, {
      outcome: 'foreign',
      each: (member, at) => standingOf(member, {state: at === 0 ? 'foreign' : 'rolled-back'}),
      serves: (_, at) => (at === 0 ? '42' : '41'),
    })
    expect(shown(report)).toContain('slsops rollback shop-worker-1:live --to 41 --region eu-west-1')
    expect(shown(report)).toContain('slsops releases shop-worker-1:live shop-worker-2:live')
  })

  it('keeps in what goes on the ladder, and all that watched', () => {
    const steps = [3_000, 6_000, 10_000].map(basisPoints => [basisPoints, 90 * second] as const)
    const watch = {
      ladder: {kind: 'linear', by: {steps: 7}, everyMs: 90 * second},
      bakeMs: 0,
      gateFilter: '{ $.level = "ERROR" }',
      alarms: ['checkout-5xx'],
      allowAlarms: ['p95'],
      onInconclusive: 'rollback',
      maxTimeMs: 120 * minute,
      note: "it's `v42`",
      deadMan: {afterMs: 15 * minute, roleArn: 'arn:role'},
    } as const
    const members = [...groupOf(3), memberOf('b', {to: '43'})]
    const waves = [
      ['shop-worker-2', 'b'],
      ['shop-worker-1', 'shop-worker-3'],
    ]
    const report = shiftReport(shiftPlan({ladder: 'linear', steps, members, waves, wish: watch}), {
      outcome: 'held',
      each: (member, at) => standingOf(member, {state: at === 2 ? 'muted' : 'held'}),
      standing: {stage: 0},
    })
    const watched =
      "--bake 0s --gate-filter '{ $.level = \"ERROR\" }' --alarm checkout-5xx --allow-alarm p95 --on-inconclusive rollback --dead-man 15m --dead-man-role arn:role --note 'it'\\''s `v42`'"
    const of = (why: string): readonly string[] =>
      shiftNext(report).flatMap(next => (next.why === why ? next.command : []))
    expect(of('go on')).toEqual([
      `slsops shift shop-worker-1:live shop-worker-2:live --to 42 --linear 7x/90s --wave shop-worker-2 ${watched} --max-time 2h --region eu-west-1`,
      `slsops shift b:live --to 43 --linear 7x/90s ${watched} --max-time 2h --region eu-west-1`,
    ])
    expect(of('finish')).toEqual([
      `slsops shift shop-worker-1:live shop-worker-2:live --to 42 --all-at-once --wave shop-worker-2 ${watched} --region eu-west-1`,
      `slsops shift b:live --to 43 --all-at-once ${watched} --region eu-west-1`,
    ])
  })

  it('looks for what is wrong only where something moved', () => {
    const members = groupOf(2)
    const report = shiftReport(shiftPlan({members}), {
      each: (member, at) => standingOf(member, {state: at === 1 ? 'muted' : 'done'}),
      serves: (_, at) => (at === 1 ? '41' : '42'),
    })
    expect(shown(report)).toContain('slsops errors shop-worker-1 --since-deploy')
  })

  it('says of a group who is to blame, and what became of each', () => {
    const plan = shiftPlan({members: groupOf(4)})
    const report = rolledBack(plan, {
      outcome: 'failed',
      each: (member, at) =>
        at === 0
          ? standingOf(member, {
              state: 'rolled-back',
              canary: [100, 20, 1_950],
              judged: {verdict: 'unhealthy', harm: 4_300},
            })
          : at === 1
            ? standingOf(member, {
                state: 'foreign',
                detail: 'somebody else changed shop-worker-2:live from 41 to 40: it is left alone',
              })
            : at === 2
              ? standingOf(member, {state: 'failed', detail: 'it could not be brought back: AWS answers 500'})
              : standingOf(member, {state: 'rolled-back', basisPoints: 0}),
      serves: (_, at) => (at === 2 ? null : at === 1 ? '40' : '41'),
      standing: {blamed: ['shop-worker-1'], harm: 310},
    })
    expect(shown(report)).toMatchInlineSnapshot(`
      "
      failed: 20 of 100 failed; of version 41, 72 of 18,020
        verdict   unhealthy · evidence of harm 310 of 100
        to blame  shop-worker-1:live 42: 20 of 100 failed (20 %, 13–29 %), p95 1.95 s
                  41: 72 of 18,020 (0.4 %, 0.3–0.5 %), p95 210 ms
        foreign   somebody else changed shop-worker-2:live from 41 to 40: it is left alone
        failed    shop-worker-3:live: it could not be brought back: AWS answers 500
        back      slsops rollback shop-worker-3:live --to 41 --region eu-west-1
        see       slsops releases shop-worker-3:live --region eu-west-1
      ✓ shop-worker-1:live serves 41 (read back 14:29:00)
      ✗ shop-worker-2:live serves 40 (read back 14:29:00) · foreign
      ✗ shop-worker-3:live what it serves could not be read back · failed
      ✓ shop-worker-4:live serves 41 (read back 14:29:00)
      ✗ 2 of 4 serve 41 (read back 14:29:00) · 3 writes in 27 min · 1 left alone · 1 failed
      "
    `)
  })

  it('folds a hundred that went well to one line, and shows those that did not', () => {
    const text = shown(shiftReport(shiftPlan({members: groupOf(100)}), {writes: 300}))
    expect(text).toMatchInlineSnapshot(`
      "
      done: the new version serves
        verdict   healthy · evidence of harm 1.9 of 100
                  shop-worker-1:live 42: 10 of 2,004 failed (0.5 %, 0.3–0.9 %), p95 214 ms
                  41: 72 of 18,020 (0.4 %, 0.3–0.5 %), p95 210 ms
                  shop-worker-2:live 42: 10 of 2,004 failed (0.5 %, 0.3–0.9 %), p95 214 ms
                  41: 72 of 18,020 (0.4 %, 0.3–0.5 %), p95 210 ms
                  shop-worker-3:live 42: 10 of 2,004 failed (0.5 %, 0.3–0.9 %), p95 214 ms
                  41: 72 of 18,020 (0.4 %, 0.3–0.5 %), p95 210 ms
        errors
      slsops errors shop-worker-1 shop-worker-2 shop-worker-3 shop-worker-4 shop-worker-5 shop-worker-6 shop-worker-7 shop-worker-8 --since-deploy --region eu-west-1
      ✓ all 100 serve 42 (read back 14:29:00) · 300 writes in 27 min
      "
    `)
  })

  it('says of a weight that was asked for how to finish it', () => {
    const plan = planOf({members: [checkout()], ladder: 'weight', commits: false, steps: [[1_000, 0]]})
    expect(
      shown(shiftReport(plan, {why: 'it has the weight that was asked for', verdict: 'inconclusive'})),
    ).toMatchInlineSnapshot(`
      "
      done: it has the weight that was asked for
        finish    slsops shift checkout-api:live --to 42 --all-at-once --region eu-west-1
        back      slsops rollback checkout-api:live --to 41 --region eu-west-1
      ✓ checkout-api:live serves 42 (read back 14:29:00) · 3 writes in 27 min
      "
    `)
  })

  it.each([30, 40, 80, 200])('is no wider than %i columns but for commands', columns => {
    for (const report of [shiftReport(), rolledBack(), rolledBack(shiftPlan({members: groupOf(30)}))])
      for (const row of shown(report, columns).split('\n'))
        if (!row.includes('slsops ')) expect(width(row), row).toBeLessThanOrEqual(columns)
  })

  it('shows nothing that a terminal obeys', () => {
    const plan = shiftPlan({members: [memberOf(hostileName)]})
    const report = rolledBack(plan, {
      why: hostileName,
      each: member => standingOf(member, {state: 'failed', detail: hostileName}),
    })
    expect(shown(report)).not.toMatch(/[\u001b\u202e]/)
  })
})

describe('the last words of a shift', () => {
  it('are commands to be pasted', () => {
    expect(`\n${leftBehindText(shiftPlan(), null, false, terminal(40))}`).toMatchInlineSnapshot(`
      "
      left before it was done: whether all is back is not known, and this brings it back
      slsops rollback checkout-api:live --to 41 --region eu-west-1
      aws lambda update-alias --function-name checkout-api --name live --function-version 41 --routing-config '{"AdditionalVersionWeights":{}}' --description 'serves the shop' --region eu-west-1
      "
    `)
  })

  it('name of the calls only one that failed', () => {
    const calm = rolledBack(shiftPlan({members: groupOf(2)}), {
      each: member => standingOf(member, {canary: [100, member.functionName === 'shop-worker-2' ? 3 : 0, 200]}),
    })
    expect(shiftNext(calm).map(({command}) => command)).toContainEqual(
      expect.stringMatching(/^slsops logs shop-worker-2:42 --failed /),
    )
    const slow = rolledBack(shiftPlan(), {each: member => standingOf(member, {canary: [100, 0, 900]})})
    expect(shiftNext(slow).map(({why}) => why)).toEqual(['errors'])
  })

  it('name of many the one command, and of the embedded AWS no other client', () => {
    expect(leftBehindText(shiftPlan({members: groupOf(30)}), null, false, terminal(80))).not.toContain('aws lambda')
    const scope = {account: null, region: 'eu-west-1', profile: null, endpoint: 'sandbox'} as const
    expect(leftBehindText(shiftPlan({scope}), 'http://127.0.0.1:1', false, terminal(80))).not.toContain('aws lambda')
    expect(JSON.parse(leftBehindText(shiftPlan(), null, true, terminal(80))).message).toContain(
      '\'{"AdditionalVersionWeights":{}}\'',
    )
    const custom = {...scope, endpoint: 'custom', profile: 'dev'} as const
    expect(leftBehindText(shiftPlan({scope: custom}), 'http://127.0.0.1:4566', false, terminal(80))).toContain(
      '--region eu-west-1 --profile dev --endpoint-url http://127.0.0.1:4566',
    )
  })

  it('hold nothing that a shell obeys', () => {
    const member = memberOf("a'; rm -rf $(x)", {description: "it's `x` $(y)"})
    const words = leftBehindText(shiftPlan({members: [member]}), null, false, terminal(80))
    expect(words).toContain("--function-name 'a?? rm -rf ??x?'")
    expect(words).toContain("--description 'it'\\''s `x` $(y)'")
    expect(undoCommands(shiftPlan({members: [memberOf('a'), memberOf('b', {from: '7'})]}))).toEqual([
      'slsops rollback a:live --to 41 --region eu-west-1',
      'slsops rollback b:live --to 7 --region eu-west-1',
    ])
  })
})
