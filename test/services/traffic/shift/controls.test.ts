import {describe, expect, it} from 'vitest'
import type {Control} from '../../../../src/services/traffic/shift/shift-steps.ts'
import {shiftVerdicts} from '../../../../src/services/traffic/shift/verdicts.ts'
import {now} from '../../fleet/fake-account.ts'
import {failing, fakeTraffic} from './fake-traffic.ts'
import {memberOf, minute, planOf} from './shift-plans.ts'

const trio = ['a', 'b', 'c'].map(name => memberOf(name))
const plan = planOf({members: trio})

/** Keys that are pressed at times, each once. */
function keys(...presses: readonly (readonly [atMs: number, control: Control])[]) {
  const left = [...presses]
  return (at: number): readonly Control[] => {
    const now = left.filter(([press]) => press <= at)
    for (const each of now) left.splice(left.indexOf(each), 1)
    return now.map(([, control]) => control)
  }
}

const minuteOf = (minutes: number): number => now + minutes * minute

describe('what a person does to a shift', () => {
  it('mutes a member by one write, and leaves it on the old version at the end', async () => {
    const controls = keys([minuteOf(2), {kind: 'mute', functionName: 'b'}])
    const traffic = await fakeTraffic({plan, controls})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'done'})
    expect(report.members.map(({state}) => state)).toEqual(['done', 'muted', 'done'])
    expect(report.members[1]?.detail).toBe('muted, left at 41')
    expect(shiftVerdicts(report)).toEqual([3])
    expect(traffic.events()).toContain('b:live is muted: all of its traffic goes to the old version')
    expect(traffic.served('b')).toBe('41')
    expect(traffic.aliases.get('b')?.description).toBe('serves the shop')
    expect(traffic.written().filter(each => each.startsWith('b'))).toEqual(['b 41 42:0.1', 'b 41', 'b 41'])
  })

  it('gives a member that is unmuted the weight of the stage, where it has to show anew that it is well', async () => {
    const controls = keys(
      [minuteOf(2), {kind: 'mute', functionName: 'b'}],
      [minuteOf(4), {kind: 'unmute', functionName: 'b'}],
    )
    const traffic = await fakeTraffic({plan, controls})
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
    expect(traffic.written().filter(each => each.startsWith('b'))).toEqual([
      'b 41 42:0.1',
      'b 41',
      'b 41 42:0.1',
      'b 41 42:1',
      'b 42',
    ])
    const next = traffic.writes.find(({to}) => to.additional?.weight === 1)
    expect(next?.at).toBeGreaterThanOrEqual(minuteOf(9))
  })

  it('lets one alone have traffic while it is soloed', async () => {
    const controls = keys([minuteOf(2), {kind: 'solo', functionName: 'c'}], [minuteOf(3), {kind: 'unsolo'}])
    const traffic = await fakeTraffic({plan, controls})
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
    expect(traffic.written().slice(3, 7).toSorted()).toEqual(['a 41', 'a 41 42:0.1', 'b 41', 'b 41 42:0.1'])
    expect(traffic.written().filter(each => each.startsWith('c'))).toEqual(['c 41 42:0.1', 'c 41 42:1', 'c 42'])
  })

  it('does not touch who is muted from the beginning', async () => {
    const traffic = await fakeTraffic({plan: planOf({members: trio, wish: {muted: ['a']}})})
    const report = await traffic.run()
    expect(report.members.map(({state}) => state)).toEqual(['muted', 'done', 'done'])
    expect(traffic.writes.every(({functionName}) => functionName !== 'a')).toBe(true)
  })

  it('does not judge who is muted', async () => {
    const traffic = await fakeTraffic({
      plan: planOf({members: trio, wish: {muted: ['a']}}),
      traffic: name => failing(name === 'a' ? 0.9 : 0, 0)(name),
    })
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
  })

  it('does not go on while it is paused, and does afterwards', async () => {
    const controls = keys([minuteOf(1), {kind: 'pause'}], [minuteOf(90), {kind: 'go-on'}])
    const traffic = await fakeTraffic({plan, controls})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'done'})
    expect(traffic.writes[3]?.at).toBeGreaterThanOrEqual(minuteOf(90))
  })

  it('goes back when it hurts while it is paused', async () => {
    const controls = keys([minuteOf(1), {kind: 'pause'}])
    const traffic = await fakeTraffic({plan, controls, traffic: failing(0.3, 0)})
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back', byGate: true})
  })

  it('goes back within a second when it is asked to', async () => {
    const controls = keys([minuteOf(2), {kind: 'rollback'}])
    const traffic = await fakeTraffic({plan, controls})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', byGate: false, why: 'it was asked to go back'})
    expect((traffic.writes[3]?.at ?? 0) - minuteOf(2)).toBeLessThanOrEqual(1_000)
  })

  it('takes a key while AWS throttles everything', async () => {
    const controls = keys([minuteOf(2), {kind: 'rollback'}])
    const traffic = await fakeTraffic({
      plan,
      controls,
      parts: {
        evidenceReader: () => ({
          read: signal =>
            new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), {once: true})),
        }),
      },
    })
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back', why: 'it was asked to go back'})
  })

  it.each(['auto', 'none'] as const)('does not climb while nobody moves, with gate %s', async gate => {
    const controls = keys(...trio.map(({functionName}) => [minuteOf(2), {kind: 'mute', functionName}] as const))
    const traffic = await fakeTraffic({plan: planOf({members: trio, wish: {gate}}), controls})
    expect(await traffic.run()).toMatchObject({
      outcome: 'held',
      why: 'its time is over and it is inconclusive: all that this step moves is muted',
    })
    expect(traffic.steps.filter(({kind}) => kind === 'stage')).toHaveLength(1)
    expect(['a', 'b', 'c'].map(traffic.served)).toEqual(['41', '41', '41'])
  })

  it('waits for a wave of which all are muted meanwhile, though another one is well', async () => {
    const controls = keys(
      [minuteOf(11), {kind: 'mute', functionName: 'b'}],
      [minuteOf(30), {kind: 'unmute', functionName: 'b'}],
    )
    const traffic = await fakeTraffic({plan: planOf({members: trio, waves: [['a'], ['b'], ['c']]}), controls})
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
    const next = traffic.writes.find(({functionName, to}) => functionName === 'b' && to.additional?.weight === 1)
    expect(next?.at).toBeGreaterThanOrEqual(minuteOf(35))
  })

  it('leaves out a wave that is muted from the beginning, which cannot come to all traffic at once then', async () => {
    const controls = keys([minuteOf(8), {kind: 'unmute', functionName: 'a'}])
    const plan = planOf({members: trio, waves: [['a'], ['b', 'c']], wish: {muted: ['a']}})
    const traffic = await fakeTraffic({plan, controls})
    const report = await traffic.run()
    expect(report.members.map(({state}) => state)).toEqual(['muted', 'done', 'done'])
    expect(traffic.events()).toEqual([
      'a:live is muted: the steps of it are left out',
      'a:live keeps the old version: its steps are over',
    ])
    expect(traffic.writes[0]?.at).toBeLessThan(minuteOf(1))
    expect(traffic.writes.every(({functionName}) => functionName !== 'a')).toBe(true)
  })

  it('has nothing to do where all are muted', async () => {
    const traffic = await fakeTraffic({plan: planOf({wish: {muted: ['checkout']}})})
    expect(await traffic.run()).toMatchObject({outcome: 'held', writes: 0})
  })
})
