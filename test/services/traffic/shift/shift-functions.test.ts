import {describe, expect, it} from 'vitest'
import {failing, fakeTraffic, type MinuteOf} from './fake-traffic.ts'
import {memberOf, minute, planOf} from './shift-plans.ts'

describe('shiftFunctions', () => {
  it('brings a version in by steps, moves the alias for good and gives it its description back', async () => {
    const traffic = await fakeTraffic({plan: planOf(), traffic: failing(0, 0)})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'done', verdict: 'healthy', byGate: false, writes: 3})
    expect(traffic.written()).toEqual(['checkout 41 42:0.1', 'checkout 41 42:1', 'checkout 42'])
    expect(traffic.aliases.get('checkout')).toMatchObject({version: '42', description: 'serves the shop'})
    expect(report.members).toMatchObject([{state: 'done', serves: {version: '42', additional: null}}])
  })

  it('says in the description who is at work, and until when at most', async () => {
    const traffic = await fakeTraffic({plan: planOf(), traffic: failing(0, 0)})
    await traffic.run()
    expect(traffic.writes.map(({to}) => to.description)).toEqual([
      'slsops:1 id=20261120-140000-k3f9x2ab by=ann step=1/2 w=0.1 41>42 until=2026-11-20T15:15:00Z',
      'slsops:1 id=20261120-140000-k3f9x2ab by=ann step=2/2 w=1 41>42 until=2026-11-20T15:15:00Z',
      'serves the shop',
    ])
  })

  it('case 1: moves for good in one write that names version and weights', async () => {
    const traffic = await fakeTraffic({plan: planOf(), traffic: failing(0, 0)})
    await traffic.run()
    expect(traffic.writes.at(-1)?.to).toEqual({version: '42', additional: null, description: 'serves the shop'})
  })

  it('case 13: goes back when the new version fails and the old one does not', async () => {
    const traffic = await fakeTraffic({plan: planOf(), traffic: failing(0.2, 0.005)})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', verdict: 'unhealthy', byGate: true})
    expect(traffic.written()).toEqual(['checkout 41 42:0.1', 'checkout 41'])
    expect(traffic.writes.at(-1)).toMatchObject({isUrgent: true, to: {description: 'serves the shop'}})
    expect(report.members).toMatchObject([{state: 'rolled-back', serves: {version: '41', additional: null}}])
  })

  it('case 12: a failure of both versions brings nothing back', async () => {
    const traffic = await fakeTraffic({plan: planOf(), traffic: failing(0.5, 0.5)})
    const report = await traffic.run()
    expect(report.outcome).not.toBe('rolled-back')
    expect(traffic.writes.some(({isUrgent}) => isUrgent)).toBe(false)
  })

  it('case 14: without traffic it neither goes on nor back, and is held in the end', async () => {
    const none: MinuteOf = () => ({canary: [0, 0], baseline: [0, 0]})
    const traffic = await fakeTraffic({plan: planOf(), traffic: () => none})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'held', verdict: 'inconclusive'})
    expect(traffic.served()).toBe('41 42:0.1')
    expect(traffic.aliases.get('checkout')?.description).toBe('serves the shop')
    expect(report.endedAt - report.startedAt).toBeGreaterThanOrEqual(60 * minute)
    const ends = traffic.steps.flatMap(step => (step.kind === 'standing' ? (step.standing.waitsUntil ?? []) : []))
    expect(new Set(ends)).toEqual(new Set([report.startedAt + 60 * minute]))
  })

  it('moves several by a barrier: none is at the next weight before all are at this one', async () => {
    const members = ['a', 'b', 'c'].map(name => memberOf(name))
    const traffic = await fakeTraffic({plan: planOf({members}), traffic: failing(0, 0)})
    await traffic.run()
    const weights = traffic.writes.map(({to}) => to.additional?.weight ?? 'alone')
    expect(weights).toEqual([0.1, 0.1, 0.1, 1, 1, 1, 'alone', 'alone', 'alone'])
  })
})
