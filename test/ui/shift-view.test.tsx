import {PassThrough} from 'node:stream'
import {render} from 'ink-testing-library'
import {describe, expect, it} from 'vitest'
import type {Member} from '../../src/services/traffic/plan/shift-plan.ts'
import type {Control} from '../../src/services/traffic/shift/shift-steps.ts'
import {width} from '../../src/ui/columns.ts'
import {ShiftView, startShiftView} from '../../src/ui/shift-view.tsx'
import {shiftFrame} from '../../src/ui/shift-view-frame.ts'
import {type ShiftProgress, shiftProgress} from '../../src/ui/shift-view-state.ts'
import {plainText} from '../../src/ui/spans.ts'
import {memberOf, minute} from '../services/traffic/shift/shift-plans.ts'
import {terminal} from './events.ts'
import {
  clock,
  effectOf,
  groupOf,
  hostileName,
  rolledBack,
  shiftPlan,
  shiftReport,
  shiftStanding,
  standingOf,
  startedAt,
} from './shift-report.ts'

/** Three minutes and seven seconds after the first stage began. */
function halfway(plan = shiftPlan(), standing = shiftStanding(plan)): ShiftProgress {
  const progress = shiftProgress(() => startedAt + 189_000)
  const [stage] = plan.stages
  if (!stage) throw new Error('there is no stage')
  progress.take({kind: 'begun', plan, standing})
  progress.take({kind: 'doing', what: 'moves checkout-api:live to 10 %'})
  progress.take({kind: 'stage', stage, standing})
  progress.take({kind: 'standing', standing})
  return progress
}

const group = (count: number) => shiftPlan({members: groupOf(count), alarms: [], wish: {}, credentialsExpireAt: null})

/** A group of which the third is to blame. */
function blaming(count: number): ShiftProgress {
  const plan = group(count)
  return halfway(
    plan,
    shiftStanding(plan, {
      verdict: 'unhealthy',
      harm: 310,
      harmByMinute: [1, 4, 20, 310],
      blamed: ['shop-worker-3'],
      members: plan.members.map((member, at) => {
        if (at === 2)
          return standingOf(member, {
            canary: [100, 20, 900],
            judged: {verdict: 'unhealthy', harm: 4_300, harmByMinute: [1, 40, 4_300]},
          })
        if (at === 1) return standingOf(member, {state: 'muted', basisPoints: 0, judgement: null})
        return standingOf(member, {
          judged: {harm: 1 / (at + 1), ...(at % 2 === 0 && {verdict: 'healthy' as const, callsToHealthy: null})},
        })
      }),
    }),
  )
}

const frame = (progress: ShiftProgress, columns = 80, more: object = {}, hasKeys = true): string =>
  `\n${shiftFrame(progress.state(), {terminal: terminal(columns, more), clock, hasKeys})
    .map(plainText)
    .join('\n')}`

describe('the live view of a shift', () => {
  it('shows the ladder, both versions, the evidence and what is to come', () => {
    expect(frame(halfway())).toMatchInlineSnapshot(`
      "
      checkout-api:live 41 → 42 · inconclusive · 3:09 · 123456789012 eu-west-1
      ▸ 10 % ▰▰▰▰▰▰▱▱▱▱ 3:07 of ≥ 5:00   100 %   for good
      version  weight   calls           errors     p95  evidence of harm
      41         90 %  18,020  0.4 % (0.3–0.5)  210 ms
      42         10 %   2,004  0.5 % (0.3–0.9)  214 ms  ▁▁▁▂▁ 1.9 of 100
      ▰▰▰▱▱▱▱▱▱▱ healthy needs ≈ 1,100 more calls (3 min)
      alarms checkout-5xx OK
      dead man 15 min armed: rolls back 14:19:00 unless pushed forward
      14:02:02 all at 10 %
      r roll back now  p pause  Ctrl-C rolls back"
    `)
    expect(frame(halfway(), 80, {unicode: false}, false)).toMatchInlineSnapshot(`
      "
      checkout-api:live 41 -> 42 - inconclusive - 3:09 - 123456789012 eu-west-1
      > 10 % ######.... 3:07 of >= 5:00   100 %   for good
      version  weight   calls           errors     p95  evidence of harm
      41         90 %  18,020  0.4 % (0.3-0.5)  210 ms
      42         10 %   2,004  0.5 % (0.3-0.9)  214 ms  00011 1.9 of 100
      ###....... healthy needs ~ 1,100 more calls (3 min)
      alarms checkout-5xx OK
      dead man 15 min armed: rolls back 14:19:00 unless pushed forward
      14:02:02 all at 10 %"
    `)
    expect(frame(halfway(), 40)).toMatchInlineSnapshot(`
      "
      checkout-api:live 41 → 42 · inconclusive
      ▸ 10 % ▰▰▰▰▰▰▱▱▱▱ 3:07 of ≥ 5:00
      version  errors  evidence of harm
      41        0.4 %
      42        0.5 %  ▁▁▁▂▁ 1.9 of 100
      ▰▰▰▱▱▱▱▱▱▱ healthy needs ≈ 1,100 more…
      alarms checkout-5xx OK
      dead man 15 min armed: rolls back…
      14:02:02 all at 10 %
      r roll back now  p pause"
    `)
  })

  it('shows slow calls at 80 columns where the harm is theirs, of one and of several', () => {
    const effects = [effectOf('errors', [346, 0], [350, 0], 0.9), effectOf('slow', [351, 74], [373, 17], 101)]
    const plan = shiftPlan({members: groupOf(2)})
    const [first, second] = plan.members.map((member, at) => standingOf(member, at === 0 ? {judged: {effects}} : {}))
    if (!first || !second) throw new Error('there are two')
    const one = shiftPlan()
    expect(frame(halfway(one, shiftStanding(one, {members: [first]})), 80)).toContain('21 % (17–26)')
    expect(frame(halfway(plan, shiftStanding(plan, {members: [first, second]})), 80)).toMatch(/slow.*\n.*21 %/)
    expect(frame(halfway(plan), 80)).not.toContain('slow')
  })

  it('says of what is over no more what it would need', () => {
    const outcome = {each: (member: Member) => standingOf(member, {state: 'rolled-back', basisPoints: 0})}
    for (const plan of [shiftPlan(), shiftPlan({members: groupOf(2)})]) {
      const progress = halfway(plan)
      expect(frame(progress, 200)).toContain('more calls')
      progress.take({kind: 'ended', report: rolledBack(plan, outcome)})
      expect(frame(progress, 200)).not.toContain('more calls')
    }
  })

  it('has a row for each of a group, the worst first, marked', () => {
    const progress = blaming(5)
    progress.press('down')
    expect(frame(progress, 100)).toMatchInlineSnapshot(`
      "
      5 functions 41 → 42 · unhealthy · 3:09 · 123456789012 eu-west-1 · run 20261120-140000-k3f9x2ab
      ▸ 10 % ▰▰▰▰▰▰▱▱▱▱ 3:07 of ≥ 5:00   100 %   for good
        function                      weight  calls  errors  before     p95  harm
      ▸ shop-worker-3:live  to blame    10 %    100    20 %   0.4 %  900 ms  ▁▆█ 4,300
        shop-worker-1:live  healthy     10 %  2,004   0.5 %   0.4 %  214 ms  ▁▁▁▂▁ 1.0
        shop-worker-4:live  watched     10 %  2,004   0.5 %   0.4 %  214 ms  ▁▁▁▂▁ 0.3
        shop-worker-5:live  healthy     10 %  2,004   0.5 %   0.4 %  214 ms  ▁▁▁▂▁ 0.2
        shop-worker-2:live  muted        0 %  2,004   0.5 %   0.4 %  214 ms
      harm of all ▁▃▅█ 310 of 100 · 2 of 4 healthy · 1 muted · shop-worker-3:live unhealthy
      14:02:02 all at 10 %
      r roll back now  p pause  ↑↓ choose  m mute  s solo  Ctrl-C rolls back"
    `)
    expect(frame(progress, 60)).toMatchInlineSnapshot(`
      "
      5 functions 41 → 42 · unhealthy · 3:09
      ▸ 10 % ▰▰▰▰▰▰▱▱▱▱ 3:07 of ≥ 5:00   100 %   for good
        function                      errors  before  harm
      ▸ shop-worker-3:live  to blame    20 %   0.4 %  ▁▆█ 4,300
        shop-worker-1:live  healthy    0.5 %   0.4 %  ▁▁▁▂▁ 1.0
        shop-worker-4:live  watched    0.5 %   0.4 %  ▁▁▁▂▁ 0.3
        shop-worker-5:live  healthy    0.5 %   0.4 %  ▁▁▁▂▁ 0.2
        shop-worker-2:live  muted      0.5 %   0.4 %
      harm of all ▁▃▅█ 310 of 100 · 2 of 4 healthy · 1 muted ·…
      14:02:02 all at 10 %
      r roll back now  p pause  ↑↓ choose  m mute  s solo"
    `)
  })

  it('folds a hundred to the height of the terminal, and keeps the chosen one in sight', () => {
    const progress = blaming(100)
    expect(frame(progress, 80, {rows: 24}).split('\n').length).toBeLessThanOrEqual(24)
    expect(frame(progress, 80, {rows: 24})).toMatch(/and \d+ more/)
    for (let i = 0; i < 40; i++) progress.press('down')
    expect(frame(progress, 80, {rows: 24})).toContain(`▸ ${progress.state().selected}:live`)
    expect(frame(blaming(100), 200, {rows: 50}).split('\n').length).toBeLessThanOrEqual(50)
  })

  it.each([
    [20, 10],
    [40, 24],
    [80, 24],
    [80, 8],
    [200, 50],
  ])('fits %i columns and %i rows', (columns, rows) => {
    const long = shiftPlan({members: [memberOf('x'.repeat(64))]})
    for (const progress of [halfway(), blaming(5), blaming(100), halfway(long)]) {
      progress.take({kind: 'event', at: startedAt, severity: 'bad', text: 'somebody else did something '.repeat(9)})
      const lines = frame(progress, columns, {rows}).slice(1).split('\n')
      expect(lines.length).toBeLessThan(rows)
      for (const line of lines) expect(width(line), line).toBeLessThanOrEqual(columns)
    }
  })

  it('shows of a long ladder what is near, and of waves which it is', () => {
    const steps = Array.from({length: 20}, (_, at) => [(at + 1) * 500, minute] as const)
    const plan = shiftPlan({steps, members: groupOf(2), waves: [['shop-worker-1'], ['shop-worker-2']]})
    const ladder = (stage: number): string | undefined =>
      frame(halfway(plan, shiftStanding(plan, {stage, stageAt: startedAt + 180_000}))).split('\n')[2]
    expect(ladder(0)).toMatchInlineSnapshot(`"wave 1 of 2   ▸ 5 % ▰▱▱▱▱▱▱▱▱▱ 0:09 of ≥ 1:00   10 %   19 more"`)
    expect(ladder(23)).toMatchInlineSnapshot(
      `"wave 2 of 2   ✓ 3 steps   ▸ 20 % ▰▱▱▱▱▱▱▱▱▱ 0:09 of ≥ 1:00   25 %   16 more"`,
    )
    expect(ladder(40)).toMatchInlineSnapshot(`"wave 2 of 2   ✓ 20 steps   ▸ for good"`)
  })

  it('keeps its last frame without keys, with how it ended', () => {
    const progress = halfway()
    progress.take({kind: 'event', at: startedAt + minute, severity: 'bad', text: 'goes back: 20 of 100 failed'})
    progress.take({kind: 'ended', report: rolledBack()})
    expect(frame(progress)).toMatchInlineSnapshot(`
      "
      checkout-api:live 41 → 42 · rolled back · 27:00 · 123456789012 eu-west-1
      ✗ 10 %   100 %   for good
      version  weight   calls           errors     p95  evidence of harm
      41        100 %  18,020  0.4 % (0.3–0.5)  210 ms
      42          0 %     100     20 % (13–29)  1.95 s  ▁▁▁▂▁ 4,300 of 100
      ▰▰▰▱▱▱▱▱▱▱ unhealthy
      alarms checkout-5xx OK
      14:02:02 all at 10 %
      14:03:00 goes back: 20 of 100 failed"
    `)
    const well = halfway()
    well.take({kind: 'ended', report: shiftReport()})
    expect(frame(well)).toContain('✓ 10 %   ✓ 100 %   ✓ for good')
  })

  it('says why it waits, and what was asked for until something tells of it', () => {
    const plan = shiftPlan()
    const progress = halfway(plan, shiftStanding(plan, {waitsFor: 'no traffic yet'}))
    expect(frame(progress)).toContain('waits: no traffic yet')
    expect(frame(progress)).not.toContain('left, then')
    const {now} = progress.state()
    const waits = shiftStanding(plan, {waitsFor: 'no traffic yet', waitsUntil: now + 34 * minute})
    progress.take({kind: 'standing', standing: waits})
    expect(frame(progress)).toContain('waits: no traffic yet · 34 min left, then it holds\n')
    expect(frame(progress, 40)).toContain('waits: no traffic yet\n       34 min left, then it holds\n')
    expect(progress.press('pause')).toEqual([{kind: 'pause'}])
    expect(frame(progress)).toContain('\npauses…\n')
    progress.take({kind: 'standing', standing: shiftStanding(plan, {isPaused: true})})
    expect(frame(progress)).not.toContain('pauses')
    expect(frame(progress)).toContain('41 → 42 · paused ·')
    expect(progress.press('pause')).toEqual([{kind: 'go-on'}])
  })

  it('tells of no verdict where nobody judges', () => {
    const text = frame(halfway(shiftPlan({wish: {gate: 'none'}})))
    expect(text).toContain('41 → 42 · under way ·')
    expect(text).not.toContain('healthy needs')
  })

  it('says once it is to end what Ctrl-C does then', () => {
    const progress = halfway()
    progress.stop()
    expect(frame(progress)).toMatch(/\nCtrl-C leaves at once, and says how to bring all back$/)
    const back = halfway()
    expect(back.press('rollback')).toEqual([{kind: 'rollback'}])
    expect(frame(back)).toMatch(/\nrolls back…\nCtrl-C leaves at once/)
  })

  it('begins with nothing known', () => {
    const progress = shiftProgress(() => startedAt)
    expect(frame(progress)).toBe('\nbegins')
    expect(progress.press('rollback')).toEqual([])
    const plan = shiftPlan()
    const standing = shiftStanding(plan, {
      members: plan.members.map(member => standingOf(member, {evidence: null, judgement: null, basisPoints: 0})),
    })
    expect(frame(halfway(plan, standing))).toContain('nothing is known of it yet')
    progress.take({kind: 'begun', plan, standing})
    expect(frame(progress)).toContain('\n▸ 10 %   100 %   for good\n')
  })

  it('shows nothing that a terminal obeys', () => {
    const plan = shiftPlan({members: [memberOf(hostileName)], wish: {note: hostileName}})
    const progress = halfway(plan)
    progress.take({kind: 'event', at: startedAt, severity: 'bad', text: hostileName})
    expect(frame(progress)).not.toMatch(/[\u001b\u202e]/)
  })
})

describe('the keys of the live view', () => {
  it('choose a member, mute and solo it', () => {
    const progress = blaming(4)
    expect(progress.press('mute')).toEqual([])
    progress.press('down')
    expect(progress.press('mute')).toEqual([{kind: 'mute', functionName: 'shop-worker-3'}])
    expect(progress.press('solo')).toEqual([{kind: 'solo', functionName: 'shop-worker-3'}])
    expect(progress.press('mute')).toEqual([{kind: 'unsolo'}, {kind: 'mute', functionName: 'shop-worker-3'}])
    expect(progress.press('solo')).toEqual([{kind: 'solo', functionName: 'shop-worker-3'}])
    expect(progress.press('solo')).toEqual([{kind: 'unsolo'}])
    for (let i = 0; i < 9; i++) progress.press('down')
    expect(progress.press('mute')).toEqual([{kind: 'unmute', functionName: 'shop-worker-2'}])
    expect(progress.press('solo')).toEqual([
      {kind: 'unmute', functionName: 'shop-worker-2'},
      {kind: 'solo', functionName: 'shop-worker-2'},
    ])
    progress.press('up')
    expect(progress.state().selected).not.toBe('shop-worker-2')
  })

  it('reach the shift, and Ctrl-C is one of them', async () => {
    const asked: (Control | 'interrupt')[] = []
    const {stdin, lastFrame, unmount} = render(
      <ShiftView
        progress={blaming(3)}
        terminal={terminal(100)}
        clock={clock}
        hasKeys
        onControl={control => asked.push(control)}
        onInterrupt={() => asked.push('interrupt')}
      />,
    )
    expect(lastFrame()).toContain('r roll back now')
    await new Promise(setImmediate)
    for (const key of ['\u001b[B', 'm', 'pr', 'x', '\u0003']) stdin.write(key)
    await new Promise(setImmediate)
    expect(asked).toEqual([
      {kind: 'mute', functionName: 'shop-worker-3'},
      {kind: 'pause'},
      {kind: 'rollback'},
      'interrupt',
    ])
    unmount()
  })
})

describe('the live view on a terminal', () => {
  const screen = () => {
    const written: string[] = []
    const stream = Object.assign(new PassThrough(), {columns: 80, rows: 24, isTTY: true})
    stream.on('data', data => written.push(String(data)))
    return {stream: stream as unknown as NodeJS.WriteStream, text: () => written.join('')}
  }
  const control = {clock, terminal: terminal(80), onControl: () => {}, onInterrupt: () => {}}

  it('leaves its last frame there, once, and the cursor', () => {
    const {stream, text} = screen()
    const progress = halfway()
    const view = startShiftView(stream, null, {...control, progress})
    progress.take({kind: 'ended', report: shiftReport()})
    view.stop()
    view.stop()
    const last = text().slice(text().lastIndexOf('\x1b[2K'))
    expect(last).toContain('✓ for good')
    expect(last.match(/checkout-api:live/g)?.length ?? 0).toBeLessThanOrEqual(1)
    expect(text().lastIndexOf('\x1b[?25h')).toBeGreaterThan(text().lastIndexOf('\x1b[?25l'))
  })

  it('has no keys where there is no keyboard', () => {
    const {stream, text} = screen()
    startShiftView(stream, null, {...control, progress: halfway()}).stop()
    expect(text()).not.toContain('roll back now')
  })
})
