import {describe, expect, it} from 'vitest'
import {ExitCode, UserError} from '../../../../src/errors.ts'
import {now} from '../../fleet/fake-account.ts'
import {fakeDeadMan} from './fake-dead-man.ts'
import {fakeTraffic, type MinuteOf} from './fake-traffic.ts'
import {minute, planOf} from './shift-plans.ts'

const deadMan = {afterMs: 15 * minute, roleArn: 'arn:aws:iam::123456789012:role/rollback'}
const guarded = planOf({wish: {deadMan}})
const silence: MinuteOf = () => ({canary: [0, 0], baseline: [0, 0]})

const expired = (): UserError =>
  new UserError('could not read checkout:live: the credentials have expired', {
    code: 'ExpiredTokenException',
    hint: 'sign in again, for example with aws sso login',
    exitCode: ExitCode.refused,
    cause: Object.assign(new Error('expired'), {name: 'ExpiredTokenException'}),
  })

describe('the dead man of a shift', () => {
  it('is armed with the revision of each write, and taken away at the end', async () => {
    const man = fakeDeadMan(() => traffic.clock)
    const traffic = await fakeTraffic({plan: guarded, parts: {createDeadMan: man.createDeadMan}})
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
    expect(man.prepared).toBe(1)
    expect(man.pushes.slice(0, 1)).toEqual(['checkout checkout-2'])
    expect(man.pushes).toContain('checkout checkout-3')
    expect(man.armed.size).toBe(0)
  })

  it('is pushed forward for as long as a stage lasts', async () => {
    const man = fakeDeadMan(() => traffic.clock)
    const parts = {createDeadMan: man.createDeadMan}
    const traffic = await fakeTraffic({plan: guarded, traffic: () => silence, parts})
    const fires: number[] = []
    const report = await traffic.run()
    for (const step of traffic.steps)
      if (step.kind === 'standing' && step.standing.deadManAt !== null) fires.push(step.standing.deadManAt)
    expect(report.outcome).toBe('held')
    expect(man.pushes.length).toBeGreaterThanOrEqual(7)
    expect(Math.max(...fires)).toBeGreaterThan(now + 60 * minute)
    expect(man.armed.size).toBe(0)
  })

  it('is armed later where he could not be at first, and knows a revision that is new for no reason', async () => {
    const man = fakeDeadMan(() => traffic.clock)
    let refusals = 2
    const traffic = await fakeTraffic({
      plan: guarded,
      traffic: () => silence,
      parts: {
        createDeadMan(...made) {
          const deadMan = man.createDeadMan(...made)
          return {
            ...deadMan,
            async push(...pushed) {
              if (refusals-- > 0) throw new UserError('Scheduler stumbled')
              return deadMan.push(...pushed)
            },
          }
        },
      },
    })
    const revisions: (string | undefined)[] = []
    const look = (): void => {
      revisions.push(man.armed.get('checkout')?.revisionId, traffic.aliases.get('checkout')?.revisionId)
    }
    traffic.clock.at(now + 2 * minute, () => {
      look()
      const state = traffic.aliases.get('checkout')
      if (state) traffic.set('checkout', state)
    })
    traffic.clock.at(now + 5 * minute, look)
    await traffic.run()
    expect(revisions).toEqual(['checkout-2', 'checkout-2', 'checkout-3', 'checkout-3'])
    expect(traffic.events().filter(text => text.includes('could not be pushed'))).toHaveLength(1)
  })

  it('does not stop a shift by not being there, which is said', async () => {
    const man = fakeDeadMan(() => traffic.clock, {push: true})
    const traffic = await fakeTraffic({plan: guarded, parts: {createDeadMan: man.createDeadMan}})
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
    expect(traffic.events()).toContain('checkout:live: the dead man could not be pushed forward: Scheduler stumbled')
  })

  it('names the schedules that could not be taken away', async () => {
    const man = fakeDeadMan(() => traffic.clock, {disarm: true})
    const traffic = await fakeTraffic({plan: guarded, parts: {createDeadMan: man.createDeadMan}})
    await traffic.run()
    expect(traffic.events().at(-1)).toBe(
      'these schedules could not be taken away, and would roll back: slsops-checkout',
    )
  })

  it('is told from somebody else where he has rolled back himself', async () => {
    const man = fakeDeadMan(() => traffic.clock)
    const parts = {createDeadMan: man.createDeadMan}
    const traffic = await fakeTraffic({plan: guarded, traffic: () => silence, parts})
    traffic.clock.at(now + 5 * minute, () => {
      // the lid was closed for an hour
      traffic.clock.suspend(60 * minute)
      traffic.set('checkout', {version: '41', additional: null, description: 'serves the shop'})
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', byGate: false})
    expect(report.why).toBe('the dead man rolled checkout:live back: he was not pushed forward in time')
  })

  it('case 20: credentials that expire leave it where it is, with words and with the time of the dead man', async () => {
    const man = fakeDeadMan(() => traffic.clock)
    const traffic = await fakeTraffic({
      plan: guarded,
      parts: {createDeadMan: man.createDeadMan},
      onRead(_, at) {
        if (at > now + 3 * minute) throw expired()
      },
    })
    const report = await traffic.run()
    const at = new Date(Math.min(...[...man.armed.values()].map(each => each.at))).toISOString()
    expect(report).toMatchObject({outcome: 'held', members: [{state: 'held', serves: null}]})
    expect(report.why).toBe(
      `could not read checkout:live: the credentials have expired (sign in again, for example with aws sso login): it can be moved neither on nor back by this process, and the dead man rolls it back at ${at}`,
    )
    expect(man.armed.size).toBe(1)
    expect(traffic.aliases.get('checkout')?.description).toContain('slsops:1')
  })
})
