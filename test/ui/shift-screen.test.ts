import {describe, expect, it} from 'vitest'
import type {ShiftStep} from '../../src/services/traffic/shift/shift-steps.ts'
import {shiftScreen} from '../../src/ui/shift-screen.ts'
import {minute, planOf, second} from '../services/traffic/shift/shift-plans.ts'
import {terminal} from './events.ts'
import {
  checkout,
  clock,
  effectOf,
  groupOf,
  rolledBack,
  shiftPlan,
  shiftReport,
  shiftStanding,
  standingOf,
  startedAt,
} from './shift-report.ts'

function screenOf(json = false) {
  let now = startedAt
  const screen = shiftScreen({json, leftOut: [], clock, now: () => now, endpoint: null})
  return {
    ...screen,
    after(ms: number) {
      now += ms
    },
    lines: (...steps: readonly ShiftStep[]): string =>
      `\n${steps.map(step => screen.line(step, terminal(200))).join('')}`,
  }
}

const plan = shiftPlan()
const standing = shiftStanding(plan)
const [stage] = plan.stages
if (!stage) throw new Error('there is no stage')

describe('the lines of a shift', () => {
  it('tell each step once', () => {
    const {lines} = screenOf()
    expect(
      lines(
        {kind: 'begun', plan, standing},
        {kind: 'doing', what: 'moves checkout-api:live to 10 %'},
        {kind: 'doing', what: 'moves checkout-api:live to 10 %'},
        {kind: 'stage', stage, standing},
        {kind: 'standing', standing},
        {kind: 'event', at: startedAt + minute, severity: 'bad', text: 'goes back: 20 of 100 failed'},
        {kind: 'ended', report: rolledBack()},
      ),
    ).toMatchInlineSnapshot(`
      "
      14:02:00 shifting checkout-api:live 41 → 42 · run 20261120-140000-k3f9x2ab
      14:02:00 moves checkout-api:live to 10 %
      14:02:00 at 10 % for ≥ 5 min · step 1 of 2
      14:02:00 inconclusive · harm 1.9 of 100 · 42: 10 of 2,004 failed (0.5 %, 0.3–0.9 %), 41: 72 of 18,020 (0.4 %, 0.3–0.5 %) · healthy needs ≈ 1,100 more calls (3 min)
      14:03:00 goes back: 20 of 100 failed
      14:02:00 rolled back: 20 of 100 failed; of version 41, 72 of 18,020 · 3 writes
      "
    `)
  })

  it('tell where it stands once a minute, and at once when that changes', () => {
    const screen = screenOf()
    const told = (more: object = {}, after = 20 * second): boolean => {
      screen.after(after)
      return screen.line({kind: 'standing', standing: {...standing, ...more}}, terminal(80)) !== ''
    }
    expect([told(), told(), told(), told()]).toEqual([true, false, false, true])
    expect([told({harm: 2.5}), told({verdict: 'healthy'}), told({verdict: 'healthy'})]).toEqual([false, true, false])
    expect(told({verdict: 'healthy', isPaused: true})).toBe(true)
    expect(told({verdict: 'healthy', isPaused: true, waitsFor: '1 of 100 failed'})).toBe(true)
    expect(told({verdict: 'healthy', isPaused: true, waitsFor: '2 of 120 failed'})).toBe(false)
  })

  it('tell of a group the worst and how many are healthy', () => {
    const group = shiftPlan({members: groupOf(12)})
    const members = group.members.map((member, at) =>
      standingOf(member, {judged: {harm: at, ...(at < 9 && {verdict: 'healthy' as const})}}),
    )
    expect(screenOf().lines({kind: 'standing', standing: shiftStanding(group, {members})})).toMatchInlineSnapshot(`
      "
      14:02:00 inconclusive · harm 1.9 of 100 · shop-worker-12:live 42: 10 of 2,004 failed (0.5 %, 0.3–0.9 %), 41: 72 of 18,020 (0.4 %, 0.3–0.5 %) · shop-worker-11:live 42: 10 of 2,004 failed (0.5 %,
        0.3–0.9 %), 41: 72 of 18,020 (0.4 %, 0.3–0.5 %) · 9 of 12 healthy
      "
    `)
  })

  it('tell of waves which it is, and of its members only how many are healthy', () => {
    const members = groupOf(3)
    const waves = [['shop-worker-1', 'shop-worker-2'], ['shop-worker-3']]
    const group = shiftPlan({members, waves})
    const healthy = {verdict: 'healthy'} as const
    const standings = members.map((member, at) =>
      at === 2
        ? standingOf(member, {state: 'waiting', basisPoints: 0, canary: [0, 0, 0], judgement: null})
        : standingOf(member, {judged: healthy}),
    )
    const first = shiftStanding(group, {members: standings, ...healthy})
    const second = shiftStanding(group, {stage: 3, members: members.map(member => standingOf(member)), ...healthy})
    const [one, , , four] = group.stages
    if (!one || !four) throw new Error('there are no stages')
    const {lines} = screenOf()
    lines({kind: 'begun', plan: group, standing: first})
    expect(lines({kind: 'stage', stage: one, standing: first})).toBe(
      '\n14:02:00 wave 1 of 2: all at 10 % for ≥ 5 min · step 1 of 4\n',
    )
    const told = lines({kind: 'standing', standing: first})
    expect(told).toContain('· 2 of 2 healthy')
    expect(told).not.toContain('shop-worker-3')
    expect(lines({kind: 'stage', stage: four, standing: second})).toContain('wave 2 of 2: all at 100 %')
    expect(lines({kind: 'standing', standing: second})).toContain('· 0 of 1 healthy')
    const muted = members.map((member, at) => standingOf(member, at === 2 ? {state: 'muted'} : {}))
    expect(lines({kind: 'standing', standing: {...second, members: muted}})).not.toContain('of 0')
  })

  it('tell of what was handed over what CodeDeploy says of it', () => {
    const handed = shiftPlan({wish: {alarms: [], handOver: {application: 'shop', group: 'live'}}})
    const standing = shiftStanding(handed, {
      alarms: [],
      members: [standingOf(checkout(), {judgement: null, evidence: null, detail: 'InProgress'})],
    })
    const {lines} = screenOf()
    lines({kind: 'begun', plan: handed, standing})
    expect(lines({kind: 'standing', standing})).toBe('\n14:02:00 CodeDeploy: InProgress · 42 has 10 %\n')
    const report = shiftReport(handed, {why: 'CodeDeploy has deployed it', writes: 0})
    expect(lines({kind: 'ended', report})).toBe('\n14:02:00 done: CodeDeploy has deployed it\n')
  })

  it('tell slow calls where the evidence of harm comes from them', () => {
    const effects = [effectOf('errors', [346, 1], [350, 2], 0.9), effectOf('slow', [351, 74], [373, 17], 101)]
    const slower = standingOf(checkout(), {judged: {harm: 51, health: 20, callsToHealthy: null, effects}})
    expect(
      screenOf().lines({kind: 'standing', standing: {...standing, harm: 51, members: [slower]}}),
    ).toMatchInlineSnapshot(`
      "
      14:02:00 inconclusive · harm 51 of 100 · 42: 1 of 346 failed (0.3 %, 0.05–1.6 %), 41: 2 of 350 (0.6 %, 0.2–2.1 %) · 42: 74 of 351 were slow (21 %, 17–26 %), 41: 17 of 373 (4.6 %, 2.9–7.2 %) · healthy
        once its harm is below 10
      "
    `)
  })

  it('tell the interval alone of what never failed', () => {
    const effects = [effectOf('errors', [8, 0], [90, 1], 0.9)]
    const few = standingOf(checkout(), {judged: {effects}})
    expect(screenOf().lines({kind: 'standing', standing: {...standing, members: [few]}})).toContain(
      ' 42: 0 of 8 failed (0–32 %), 41: 1 of 90 (1.1 %, 0.2–6 %) ',
    )
  })

  it('tell of no verdict where nobody judges', () => {
    const unjudged = shiftPlan({wish: {...plan.wish, gate: 'none'}})
    const quiet = {...standing, alarms: [], members: [standingOf(checkout(), {judgement: null, evidence: null})]}
    const counted = {...quiet, members: [standingOf(checkout(), {judgement: null})]}
    const {lines} = screenOf()
    const told = lines(
      {kind: 'begun', plan: unjudged, standing: quiet},
      {kind: 'standing', standing: quiet},
      {kind: 'standing', standing: {...counted, stage: 1}},
    )
    expect(told).not.toMatch(/inconclusive|harm/)
    expect(told).toMatch(/k3f9x2ab\n14:02:00 42: 10 of 2,004 failed/)
  })

  it('are notices with --json, in UTC', () => {
    expect(screenOf(true).lines({kind: 'stage', stage, standing})).toBe(
      '\n{"schema":"slsops/notice@1","message":"2026-11-20T14:02:00Z at 10 % for ≥ 5 min"}\n',
    )
  })
})

describe('the documents of a shift', () => {
  it('tell no verdict where nobody judged', () => {
    const weight = planOf({members: [checkout()], ladder: 'weight', commits: false, steps: [[1_000, 0]]})
    const report = shiftReport(weight, {
      verdict: 'inconclusive',
      each: member => standingOf(member, {state: 'done', evidence: null, judgement: null}),
    })
    expect(JSON.parse(screenOf(true).answer(report, terminal(80)))).toMatchObject({
      verdict: null,
      harm: null,
      harmAt: null,
      evidence: [],
    })
    expect(screenOf().kept(report, 'md')).not.toContain('verdict')
  })

  it('say once that somebody else moved it', () => {
    const detail = 'somebody else changed checkout-api:live from 41 to 40: it is left alone'
    const foreign = shiftReport(plan, {
      outcome: 'foreign',
      why: detail,
      each: member => standingOf(member, {state: 'foreign', detail}),
    })
    expect(screenOf().answer(foreign, terminal(200))).toMatch(/^stopped: somebody else changed checkout-api:live/)
  })

  it('tell what was done', () => {
    const screen = screenOf(true)
    screen.take({kind: 'stage', stage, standing})
    screen.take({kind: 'event', at: startedAt + minute, severity: 'bad', text: 'goes back: 20 of 100 failed'})
    expect(JSON.parse(screen.answer(rolledBack(), terminal(80)))).toMatchInlineSnapshot(`
      {
        "alarms": [
          {
            "evaluated": true,
            "kind": "metric",
            "name": "checkout-5xx",
            "reason": "",
            "since": "2026-11-20T12:32:00.000Z",
            "state": "OK",
          },
        ],
        "blamed": [
          "checkout-api",
        ],
        "byGate": true,
        "caller": "arn:aws:sts::123456789012:assumed-role/oncall/ann",
        "complete": true,
        "durationMs": 1620000,
        "events": [
          {
            "at": "2026-11-20T14:03:00.000Z",
            "severity": "bad",
            "text": "goes back: 20 of 100 failed",
          },
        ],
        "evidence": [
          {
            "alias": "live",
            "baseline": {
              "calls": 18020,
              "errors": 72,
              "p95Ms": 210,
              "version": "41",
            },
            "canary": {
              "calls": 100,
              "errors": 20,
              "p95Ms": 1950,
              "version": "42",
            },
            "effects": [
              {
                "baseline": {
                  "bad": 72,
                  "calls": 18020,
                  "high": 0.005028289032779729,
                  "low": 0.0031742608597317783,
                  "rate": 0.004023084179568282,
                },
                "canary": {
                  "bad": 20,
                  "calls": 100,
                  "high": 0.28882916559315885,
                  "low": 0.13336693333103253,
                  "rate": 0.20297029702970298,
                },
                "harm": 1.9,
                "metric": "errors",
              },
            ],
            "function": "checkout-api",
            "gaps": [],
            "harm": 4300,
            "harmAt": 100,
            "harmByMinute": [
              1,
              0.9,
              0.8,
              2.4,
              1.9,
            ],
            "health": 3.2,
            "healthAt": 20,
            "source": "metrics",
            "verdict": "unhealthy",
            "why": "20 of 100 failed; of version 41, 72 of 18020",
          },
        ],
        "functions": [
          {
            "account": "123456789012",
            "alias": "live",
            "detail": null,
            "from": "41",
            "function": "checkout-api",
            "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:checkout-api",
            "region": "eu-west-1",
            "revisionId": "checkout-api-7",
            "serves": {
              "additionalVersion": null,
              "additionalWeightPercent": null,
              "description": "serves the shop",
              "version": "41",
            },
            "state": "rolled-back",
            "to": "42",
            "verdict": "unhealthy",
            "weightPercent": 0,
          },
        ],
        "gaps": [],
        "harm": 4300,
        "harmAt": 100,
        "note": "pay-v42",
        "resumable": false,
        "runId": "20261120-140000-k3f9x2ab",
        "schema": "slsops/shift@1",
        "scope": [
          {
            "account": "123456789012",
            "endpoint": "aws",
            "profile": null,
            "region": "eu-west-1",
          },
        ],
        "stages": [
          {
            "functions": [
              "checkout-api",
            ],
            "minMs": 300000,
            "weightPercent": 10,
          },
          {
            "functions": [
              "checkout-api",
            ],
            "minMs": 120000,
            "weightPercent": 100,
          },
        ],
        "state": "rolled-back",
        "undo": null,
        "verdict": "unhealthy",
        "weights": [
          {
            "at": "2026-11-20T14:02:02.000Z",
            "functions": [
              "checkout-api",
            ],
            "weightPercent": 10,
          },
        ],
        "why": "20 of 100 failed; of version 41, 72 of 18,020",
        "window": {
          "end": "2026-11-20T14:29:00.000Z",
          "start": "2026-11-20T14:02:00.000Z",
        },
        "writes": 3,
      }
    `)
  })

  it('have what the contract promises', () => {
    const document = JSON.parse(screenOf(true).answer(shiftReport(), terminal(80)))
    expect(document).toMatchObject({
      schema: 'slsops/shift@1',
      complete: true,
      gaps: [],
      state: 'done',
      undo: 'slsops rollback checkout-api:live --to 41 --region eu-west-1',
      functions: [
        {
          alias: 'live',
          from: '41',
          to: '42',
          weightPercent: 100,
          verdict: 'healthy',
          state: 'done',
          revisionId: 'checkout-api-7',
        },
      ],
    })
  })

  it('are incomplete where AWS would not say what is served, and hold no infinity', () => {
    const report = rolledBack(plan, {
      serves: () => null,
      each: member =>
        standingOf(member, {state: 'failed', detail: 'AWS answers 500', judged: {harm: Number.POSITIVE_INFINITY}}),
    })
    const text = screenOf(true).answer(report, terminal(80))
    expect(JSON.parse(text)).toMatchObject({
      complete: false,
      gaps: [{what: 'checkout-api:live', reason: 'failed', detail: 'AWS answers 500'}],
      evidence: [{harm: Number.MAX_VALUE}],
    })
  })

  it('tell what would be done', () => {
    expect(JSON.parse(screenOf(true).planned(plan, terminal(80)))).toMatchInlineSnapshot(`
      {
        "alarms": [
          {
            "evaluated": true,
            "kind": "metric",
            "name": "checkout-5xx",
            "reason": "",
            "since": "2026-11-20T12:32:00.000Z",
            "state": "OK",
          },
        ],
        "caller": "arn:aws:sts::123456789012:assumed-role/oncall/ann",
        "commits": true,
        "complete": true,
        "credentialsExpire": "2026-11-20T15:32:00.000Z",
        "deadManMs": 900000,
        "expectedMs": 1320000,
        "functions": [
          {
            "account": "123456789012",
            "alias": "live",
            "differences": [
              {
                "from": "512",
                "to": "1024",
                "what": "MemorySize",
              },
              {
                "from": "",
                "to": "PAY_V42",
                "what": "Environment",
              },
            ],
            "evidenceMs": 1200000,
            "from": "41",
            "function": "checkout-api",
            "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:checkout-api",
            "managers": [],
            "muted": false,
            "notes": [],
            "provisioned": null,
            "region": "eu-west-1",
            "revisionId": "checkout-api-1",
            "to": "42",
            "traffic": {
              "aliasShare": 1,
              "errorRate": 0.005,
              "p95Ms": 200,
              "perMinute": 100,
            },
            "weightPercent": 0,
          },
        ],
        "gaps": [],
        "gate": "auto",
        "gateCostUSD": 0.0072,
        "gateFilter": null,
        "handOver": null,
        "judge": {
          "alpha": 0.01,
          "beta": 0.05,
          "margin": 0.005,
          "times": 1.5,
          "worseBy": 0.02,
        },
        "ladder": "canary",
        "leastMs": 420000,
        "maxTimeMs": 3600000,
        "note": "pay-v42",
        "onInconclusive": "hold",
        "onInterrupt": "rollback",
        "runId": "20261120-140000-k3f9x2ab",
        "sameReleaseShare": null,
        "schema": "slsops/shift-plan@1",
        "scope": [
          {
            "account": "123456789012",
            "endpoint": "aws",
            "profile": null,
            "region": "eu-west-1",
          },
        ],
        "stages": [
          {
            "functions": [
              "checkout-api",
            ],
            "minMs": 300000,
            "weightPercent": 10,
          },
          {
            "functions": [
              "checkout-api",
            ],
            "minMs": 120000,
            "weightPercent": 100,
          },
        ],
        "undo": "slsops rollback checkout-api:live --to 41 --region eu-west-1",
        "warnings": [],
        "window": {
          "end": "2026-11-20T14:02:00.000Z",
          "start": "2026-11-20T14:02:00.000Z",
        },
        "writesPerStage": 1,
      }
    `)
    expect(screenOf().planned(plan, terminal(80))).toContain('--dry-run: nothing was changed')
  })
})
