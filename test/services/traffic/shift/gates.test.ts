import {describe, expect, it} from 'vitest'
import type {GateAlarm} from '../../../../src/services/traffic/evidence/evidence.ts'
import type {ShiftParts} from '../../../../src/services/traffic/shift/shift-parts.ts'
import {now} from '../../fleet/fake-account.ts'
import {failing, fakeTraffic, type MinuteOf} from './fake-traffic.ts'
import {memberOf, minute, planOf} from './shift-plans.ts'

const alarm = (state: GateAlarm['state'], since: number, more: Partial<GateAlarm> = {}): GateAlarm => ({
  name: 'checkout-5xx',
  kind: 'metric',
  state,
  since,
  reason: 'Threshold Crossed',
  isEvaluated: true,
  ...more,
})
const gated = planOf({wish: {alarms: ['checkout-5xx']}})
const yesterday = now - 1_440 * minute

describe('what a shift goes by', () => {
  it('case 15: takes failures into account that CloudWatch reports late', async () => {
    const late: MinuteOf = (share, at) => {
      const isVisible = traffic.clock.now() - at > 4 * minute
      const calls = Math.round(100 * share)
      return {canary: [calls, isVisible ? Math.round(calls * 0.4) : 0], baseline: [100 - calls, 0]}
    }
    const traffic = await fakeTraffic({plan: planOf(), traffic: () => late})
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back', verdict: 'unhealthy', byGate: true})
  })

  it('goes back from what hurts while the aliases are still being read', async () => {
    const readAliasState: ShiftParts['readAliasState'] = async (_aws, {functionName}, signal) => {
      const state = traffic.aliases.get(functionName) ?? null
      if (state?.additional && traffic.clock.now() > now + 1.5 * minute) await traffic.clock.sleep(30 * minute, signal)
      return state
    }
    const traffic = await fakeTraffic({plan: planOf(), traffic: failing(0.4, 0), parts: {readAliasState}})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', byGate: true})
    expect(report.endedAt - report.startedAt).toBeLessThan(6 * minute)
  })

  it('case 16: one failure does not bring it back', async () => {
    const once: MinuteOf = (share, at) => {
      const calls = Math.round(100 * share)
      return {canary: [calls, at - now < 2 * minute && calls > 0 ? 1 : 0], baseline: [100 - calls, 0]}
    }
    const traffic = await fakeTraffic({plan: planOf(), traffic: () => once})
    const report = await traffic.run()
    expect(report.byGate).toBe(false)
    expect(report.outcome).toBe('done')
  })

  it('case 22: goes back when an alarm goes off after it began', async () => {
    const alarms = (at: number) => [at < now + 3 * minute ? alarm('OK', yesterday) : alarm('ALARM', now + 3 * minute)]
    const traffic = await fakeTraffic({plan: gated, alarms})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', byGate: true})
    expect(report.why).toBe('checkout-5xx went off: Threshold Crossed')
  })

  it('case 22: refuses where an alarm is red before the first write', async () => {
    const traffic = await fakeTraffic({plan: gated, alarms: () => [alarm('ALARM', yesterday)]})
    await expect(traffic.run()).rejects.toThrow('checkout-5xx went off since it was planned')
    expect(traffic.writes).toEqual([])
  })

  it('case 22: goes on beside an alarm that may be red and has been', async () => {
    const plan = planOf({wish: {alarms: ['checkout-5xx'], allowAlarms: ['checkout-5xx']}})
    const traffic = await fakeTraffic({plan, alarms: () => [alarm('ALARM', yesterday)]})
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
  })

  it('case 22: an alarm without data neither lets it on nor brings it back', async () => {
    const alarms = (at: number) => [
      at < now + minute ? alarm('OK', yesterday) : alarm('INSUFFICIENT_DATA', now + minute),
    ]
    const traffic = await fakeTraffic({plan: gated, alarms})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'held', byGate: false})
    expect(report.why).toContain('alarm checkout-5xx: it has too little data')
  })

  it('case 22: tells once of an alarm that was red between two looks, and does not go on with that look', async () => {
    // right before the first step's time is over
    const at = now + 5 * minute - 5_000
    const alarms = (time: number) => [alarm('OK', time < at ? yesterday : at)]
    const traffic = await fakeTraffic({plan: gated, alarms})
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
    expect(traffic.events().filter(text => text.includes('was not OK between two looks'))).toEqual([
      `alarm checkout-5xx was not OK between two looks, and is again since ${new Date(at).toISOString()}: its history tells why`,
    ])
    const waits = traffic.steps.flatMap(step => (step.kind === 'standing' ? (step.standing.waitsFor ?? []) : []))
    expect(waits).toContain('alarm checkout-5xx: it was not OK for a while')
  })

  it('case 23: while CloudWatch is down it neither goes on nor back, and goes on afterwards', async () => {
    const isDown = (at: number): boolean => at > now + 3 * minute && at < now + 9 * minute
    const traffic = await fakeTraffic({
      plan: gated,
      alarms: () => [alarm('OK', yesterday)],
      evidence: (_, at) => (isDown(at) ? {unknown: 'throttled', detail: 'AWS kept throttling the calls'} : undefined),
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'done'})
    expect(traffic.writes.map(({at}) => Math.floor((at - now) / minute))).toEqual([0, 9, expect.any(Number)])
    expect(traffic.events()).toContain('checkout:live: its evidence cannot be read: AWS kept throttling the calls')
  })

  it('case 23: is held where CloudWatch stays down, and says why', async () => {
    const traffic = await fakeTraffic({
      plan: planOf(),
      evidence: () => ({unknown: 'throttled', detail: 'AWS kept throttling the calls'}),
    })
    expect(await traffic.run()).toMatchObject({outcome: 'held', verdict: 'inconclusive'})
  })

  it('case 23: brings back by Ctrl-C while CloudWatch does not answer', async () => {
    const traffic = await fakeTraffic({
      plan: planOf(),
      parts: {
        evidenceReader: () => ({
          read: signal =>
            new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), {once: true})),
        }),
      },
    })
    traffic.clock.at(now + 2 * minute, traffic.interrupt)
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back', why: 'it was interrupted'})
    expect(traffic.served()).toBe('41')
  })

  it('tells once what of the evidence could not be read', async () => {
    const gap = 'latency is not judged: needs logs:FilterLogEvents'
    const figures = {calls: 0, errors: 0, p95Ms: null}
    const evidence = {
      metrics: [{metric: 'errors' as const, minutes: []}],
      canary: figures,
      baseline: figures,
      source: 'metrics' as const,
    }
    const traffic = await fakeTraffic({
      plan: planOf(),
      evidence: (_name, at) => ({value: at < now + 3 * minute ? evidence : {...evidence, gaps: [gap]}}),
    })
    expect(await traffic.run()).toMatchObject({outcome: 'held'})
    expect(traffic.events().filter(text => text.includes('latency'))).toEqual([`checkout:live: ${gap}`])
  })

  it('goes by time alone with --gate none', async () => {
    const plan = planOf({wish: {gate: 'none'}})
    const traffic = await fakeTraffic({plan, traffic: failing(0.9, 0)})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'done'})
    expect(Math.round((report.endedAt - report.startedAt) / minute)).toBe(7)
  })

  it('goes on with what is inconclusive where that was asked for, and says so', async () => {
    const none: MinuteOf = () => ({canary: [0, 0], baseline: [0, 0]})
    const plan = planOf({wish: {onInconclusive: 'promote'}})
    const traffic = await fakeTraffic({plan, traffic: () => none})
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
    expect(traffic.events().join('\n')).toContain('its time is over and it is inconclusive')
  })

  it('judges the last stage, in which nothing serves beside it, too', async () => {
    const breaksAlone: MinuteOf = share =>
      share === 1 ? {canary: [1_000, 200], baseline: [0, 0]} : failing(0, 0)('')(share, 0)
    const traffic = await fakeTraffic({plan: planOf(), traffic: () => breaksAlone})
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back', byGate: true})
    expect(traffic.written()).toEqual(['checkout 41 42:0.1', 'checkout 41 42:1', 'checkout 41'])
  })

  it('brings a wave back that was well, when it hurts while the next one moves', async () => {
    const members = ['leaf', 'root'].map(name => memberOf(name))
    const breaks: MinuteOf = (share, at) => failing(at > now + 10 * minute ? 0.3 : 0, 0)('')(share, at)
    const traffic = await fakeTraffic({
      plan: planOf({members, waves: [['leaf'], ['root']], maxTimeMs: 300 * minute}),
      traffic: name => (name === 'leaf' ? breaks : failing(0, 0)('')),
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', byGate: true})
    expect(traffic.served('leaf')).toBe('41')
    expect(traffic.served('root')).toBe('41')
  })
})
