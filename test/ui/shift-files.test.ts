import {describe, expect, it} from 'vitest'
import {shiftCourse} from '../../src/ui/shift-course.ts'
import {shiftMarkdown} from '../../src/ui/shift-markdown.ts'
import {shiftMinutes} from '../../src/ui/shift-minutes.ts'
import {shiftSvg} from '../../src/ui/shift-svg.ts'
import {memberOf, minute} from '../services/traffic/shift/shift-plans.ts'
import {
  clock,
  groupOf,
  hostileName,
  rolledBack,
  shiftPlan,
  shiftReport,
  shiftStanding,
  standingOf,
  startedAt,
} from './shift-report.ts'

/** To 10 %, and back seven minutes later. */
function course(plan = shiftPlan(), text = 'goes back: 20 of 100 failed') {
  const kept = shiftCourse(() => startedAt)
  const [stage] = plan.stages
  if (!stage) throw new Error('there is no stage')
  kept.take({kind: 'stage', stage, standing: shiftStanding(plan)})
  kept.take({kind: 'doing', what: 'brings back 1 alias'})
  kept.take({kind: 'event', at: startedAt + 7 * minute, severity: 'bad', text})
  return kept.course()
}

describe('the report of a shift in Markdown', () => {
  it('tells what happened, when, and what is next', () => {
    expect(shiftMarkdown(rolledBack(), course())).toMatchInlineSnapshot(`
      "# Shift of checkout-api:live 41 → 42

      **rolled back**: 20 of 100 failed; of version 41, 72 of 18,020

      | alias | from | to | serves | state | new version | old version | p95 | harm |
      | --- | --: | --: | --- | --- | --: | --: | --: | --: |
      | \`checkout-api:live\` | 41 | 42 | 41 | rolled-back | 20 of 100 \\(20 %, 13–29 %\\) | 72 of 18,020 \\(0.4 %, 0.3–0.5 %\\) | 1.95 s | 4,300 |

      - verdict: unhealthy, evidence of harm 4,300 of 100
      - alarm checkout-5xx: OK
      - note: pay-v42
      - 3 writes in 27 min from 2026-11-20T14:02:00.000Z, in 123456789012 eu-west-1 by arn:aws:sts::123456789012:assumed-role/oncall/ann, run 20261120-140000-k3f9x2ab

      ## What happened

      - 2026-11-20T14:02:02.000Z all at 10 %
      - 2026-11-20T14:09:00.000Z goes back: 20 of 100 failed

      ## Next

      \`\`\`
      slsops errors checkout-api:42 --since 2026-11-20T14:02Z --region eu-west-1  # errors
      slsops logs checkout-api:42 --failed --since 2026-11-20T14:02Z --region eu-west-1  # calls
      \`\`\`
      "
    `)
  })

  it('names the way back of what is done', () => {
    expect(shiftMarkdown(shiftReport(), {weights: [], moves: new Map(), events: []})).toContain(
      'slsops rollback checkout-api:live --to 41 --region eu-west-1  # back',
    )
  })

  it('is text only, whatever names hold', () => {
    const name = `${hostileName}|<b>`
    const report = rolledBack(shiftPlan({members: [memberOf(name)]}), {why: name})
    const text = shiftMarkdown(report, course(shiftPlan(), name))
    expect(text).not.toMatch(/[\u001b\u202e]|<b>:live\*\*/)
  })
})

describe('the picture of a shift', () => {
  const svg = (report = rolledBack()): string => shiftSvg(report, course(report.plan), clock)

  it('has weight, both error rates and evidence over time', () => {
    const picture = svg()
    expect(picture).toMatch(/^<svg [^>]+>\n<title>Shift of checkout-api:live 41 → 42<\/title>/)
    expect(picture.match(/<path class="new"/g)?.length).toBe(3)
    expect(picture).toContain('<title>goes back: 20 of 100 failed</title>')
    expect(picture).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('has a row for each of a group, with its own weight, the one to blame first', () => {
    const plan = shiftPlan({members: groupOf(8)})
    const kept = shiftCourse(() => startedAt + 3 * minute)
    const at = (basisPoints: (name: string) => number) =>
      shiftStanding(plan, {
        members: plan.members.map(member => standingOf(member, {basisPoints: basisPoints(member.functionName)})),
      })
    kept.take({kind: 'begun', plan, standing: at(() => 0)})
    kept.take({kind: 'standing', standing: at(name => (name === 'shop-worker-1' ? 10_000 : 1_000))})
    const report = rolledBack(plan, {
      each: member => standingOf(member, {state: 'rolled-back', basisPoints: 0}),
      standing: {blamed: ['shop-worker-3']},
    })
    kept.take({kind: 'ended', report})
    const picture = shiftSvg(report, kept.course(), clock)
    expect(picture).toContain(
      '<title>Shift of shop-worker-3:live 41 → 42, shop-worker-1:live 41 → 42 and 6 more</title>',
    )
    expect(picture.match(/<path class="blamed"/g)?.length).toBe(2)
    expect(picture).toContain('and 2 more functions, with less evidence of harm')
    const [first, second] = [...picture.matchAll(/<path class="(?:blamed|new)" d="M[\d.]+ ([\d.VH]+)"/g)].map(
      ([, d]) => d,
    )
    expect(first).not.toBe(second)
  })

  it('is drawn where nothing is known, and where evidence is beyond all bounds', () => {
    const unknown = shiftReport(shiftPlan(), {
      each: member => standingOf(member, {evidence: null, judgement: null}),
      standing: {harmByMinute: []},
      endedAt: startedAt,
    })
    expect(svg(unknown)).not.toMatch(/NaN|Infinity/)
    expect(
      svg(rolledBack(shiftPlan(), {standing: {harm: 1e300, harmByMinute: [1e300, Number.POSITIVE_INFINITY]}})),
    ).not.toMatch(/NaN|Infinity/)
  })

  it('holds nothing but text, whatever names hold', () => {
    const name = `${hostileName}<script>"`
    const picture = svg(rolledBack(shiftPlan({members: [memberOf(name)]}), {why: name}))
    expect(picture).not.toMatch(/<script>|[\u001b\u202e]/)
  })
})

describe('the minutes of a shift', () => {
  it('are summed over its members, without what is not known', () => {
    const [first, second] = groupOf(2).map(member => standingOf(member, {canary: [100, 20, 1]}))
    if (!first || !second) throw new Error('there are none')
    expect(shiftMinutes([first, second])).toMatchObject([{at: startedAt, canary: {calls: 50, bad: 10}}])
    const unknown = {calls: Number.NaN, bad: Number.NaN}
    const minutes = [{at: 1, canary: unknown, baseline: unknown, isFinal: false}]
    const evidence = first.evidence && {...first.evidence, metrics: [{metric: 'errors' as const, minutes}]}
    expect(shiftMinutes([{evidence}, {evidence: null}])).toEqual([
      {at: 1, canary: {calls: 0, bad: 0}, baseline: {calls: 0, bad: 0}},
    ])
  })
})
