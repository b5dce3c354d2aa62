import {describe, expect, it} from 'vitest'
import {UserError} from '../../../../src/errors.ts'
import {failing, fakeTraffic, type Write} from './fake-traffic.ts'
import {memberOf, minute, planOf} from './shift-plans.ts'

const five = ['a', 'b', 'c', 'd', 'e'].map(name => memberOf(name))
const byHand = {version: '43', additional: null, description: 'terraform'}
const byHandState = {...byHand, revisionId: 'theirs'}

const states = (report: {readonly members: readonly {readonly state: string}[]}): readonly string[] =>
  report.members.map(({state}) => state)

describe('shiftFunctions, where it goes wrong', () => {
  it('case 3: stops where somebody else has moved an alias, and does not overwrite that', async () => {
    const traffic = await fakeTraffic({plan: planOf()})
    traffic.clock.at(traffic.clock.now() + 90_000, () => traffic.set('checkout', byHand))
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'foreign', byGate: false, writes: 1})
    expect(report.why).toContain('somebody else changed checkout:live')
    expect(traffic.written()).toEqual(['checkout 41 42:0.1'])
    expect(traffic.served()).toBe('43')
    expect(traffic.events()).toEqual([report.why])
  })

  it('case 3: brings the others of a group back where somebody else has moved one', async () => {
    const traffic = await fakeTraffic({plan: planOf({members: five})})
    traffic.clock.at(traffic.clock.now() + 90_000, () => traffic.set('c', byHand))
    const report = await traffic.run()
    expect(report.outcome).toBe('foreign')
    expect(states(report)).toEqual(['rolled-back', 'rolled-back', 'foreign', 'rolled-back', 'rolled-back'])
    expect(traffic.served('c')).toBe('43')
    expect(traffic.served('e')).toBe('41')
    expect(traffic.events()).toEqual([report.why, 'the others go back'])
  })

  it('case 32: takes weights that somebody wiped for a foreign change, and not for health', async () => {
    const traffic = await fakeTraffic({plan: planOf()})
    const wiped = {version: '41', additional: null, description: ''}
    traffic.clock.at(traffic.clock.now() + 90_000, () => traffic.set('checkout', wiped))
    expect(await traffic.run()).toMatchObject({outcome: 'foreign'})
    expect(traffic.served()).toBe('41')
    expect(traffic.aliases.get('checkout')?.description).toBe('')
  })

  it('goes on where the same was written again under another revision', async () => {
    const traffic = await fakeTraffic({plan: planOf()})
    traffic.clock.at(traffic.clock.now() + 90_000, () => {
      const state = traffic.aliases.get('checkout')
      if (state) traffic.set('checkout', state)
    })
    expect(await traffic.run()).toMatchObject({outcome: 'done'})
  })

  it('case 24: brings back those that moved, the last first, where one cannot be moved', async () => {
    const onWrite = ({functionName, isUrgent}: Write): undefined => {
      if (functionName === 'd' && !isUrgent)
        throw new UserError('could not give d:live 10 % of 42', {code: 'Unsettled'})
    }
    const traffic = await fakeTraffic({plan: planOf({members: five}), onWrite})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', byGate: false, why: 'could not give d:live 10 % of 42'})
    expect(states(report)).toEqual(five.map(() => 'rolled-back'))
    const back = traffic.writes.filter(({isUrgent}) => isUrgent).map(({functionName}) => functionName)
    // of d nobody knew whether it had moved: it was read before it was written
    expect(back).toEqual(['e', 'c', 'b', 'a', 'd'])
    for (const {functionName} of five) expect(traffic.served(functionName)).toBe('41')
  })

  it('case 25: leaves alone who was moved by somebody else while all go back, and brings the others back', async () => {
    const traffic = await fakeTraffic({
      plan: planOf({members: five}),
      traffic: failing(0.3, 0.005),
      onWrite({functionName, isUrgent}) {
        if (functionName === 'b' && isUrgent) traffic.set('b', byHand)
        return undefined
      },
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'foreign', byGate: true})
    expect(states(report)).toEqual(['rolled-back', 'foreign', 'rolled-back', 'rolled-back', 'rolled-back'])
    expect(traffic.served('b')).toBe('43')
  })

  it('brings those back first that have most of the new version, and reads all back ahead of other calls', async () => {
    const waves = [
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]
    const priorities: (string | undefined)[] = []
    const traffic = await fakeTraffic({
      plan: planOf({members: five, waves}),
      traffic: name => (share, at) => failing(name === 'd' ? 0.3 : 0, 0)(name)(share, at),
      onRead: (_, __, priority) => priorities.push(priority),
    })
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back', byGate: true})
    const back = traffic.writes.filter(({isUrgent}) => isUrgent).map(({functionName}) => functionName)
    expect(back).toEqual(['b', 'a', 'e', 'd', 'c'])
    expect(priorities.slice(-5)).toEqual(five.map(() => 'urgent'))
  })

  it('tries again to bring one back, and tells of one that cannot be', async () => {
    let refused = 0
    const traffic = await fakeTraffic({
      plan: planOf({members: five}),
      traffic: failing(0.3, 0.005),
      onWrite({functionName, isUrgent}) {
        if (!isUrgent || (functionName !== 'a' && functionName !== 'b')) return undefined
        if (functionName === 'b' && ++refused > 2) return undefined
        throw new UserError('AWS stumbled', {code: 'ServiceException'})
      },
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'failed'})
    expect(states(report)).toEqual(['failed', 'rolled-back', 'rolled-back', 'rolled-back', 'rolled-back'])
    expect(report.members[0]?.detail).toBe('it could not be brought back: AWS stumbled')
    expect(traffic.served('a')).toBe('41 42:0.1')
  })

  it('goes back with those that were moved for good already, too', async () => {
    const traffic = await fakeTraffic({
      plan: planOf({
        members: five,
        waves: [
          ['a', 'b'],
          ['c', 'd', 'e'],
        ],
      }),
      onWrite({functionName, to, isUrgent}) {
        if (functionName === 'd' && to.version === '42' && !isUrgent) throw new UserError('AWS stumbled')
        return undefined
      },
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', why: 'AWS stumbled'})
    expect(traffic.written()).toContain('a 42')
    for (const {functionName} of five) expect(traffic.served(functionName)).toBe('41')
  })

  it('goes back where provisioned concurrency is not there in time for the new version', async () => {
    const provisioned = {count: 4, isReady: true}
    const members = [memberOf('a'), memberOf('b', {provisioned})]
    const traffic = await fakeTraffic({
      plan: planOf({members, wish: {gate: 'none'}}),
      parts: {
        async awaitServing(_, {functionName}, written) {
          const state = traffic.aliases.get(functionName) ?? byHandState
          const isBack = written.version === '41'
          return isBack ? {kind: 'serving', state} : {kind: 'pending', state, detail: 'all traffic still goes to 41'}
        },
      },
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', why: 'b:live: all traffic still goes to 41'})
    expect(['a', 'b'].map(traffic.served)).toEqual(['41', '41'])
  })

  it('case 8: does not say that it is back while Lambda still sends everything to the new version', async () => {
    const members = [memberOf('a', {provisioned: {count: 4, isReady: true}}), memberOf('b')]
    const traffic = await fakeTraffic({
      plan: planOf({members, wish: {gate: 'none'}}),
      onWrite({functionName, to, isUrgent}) {
        if (functionName === 'b' && to.version === '42' && !isUrgent) throw new UserError('AWS stumbled')
        if (functionName !== 'a' || !isUrgent) return undefined
        const onItsWay = {...to, additional: {version: '42', weight: 1}}
        return {kind: 'written', state: traffic.set('a', onItsWay), wasLost: false}
      },
      parts: {
        async awaitServing(_, {functionName}, written) {
          const state = traffic.aliases.get(functionName) ?? byHandState
          const isBack = written.version === '41'
          return isBack ? {kind: 'pending', state, detail: 'all traffic still goes to 42'} : {kind: 'serving', state}
        },
      },
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'failed', members: [{state: 'failed'}, {state: 'rolled-back'}]})
    expect(report.members[0]?.detail).toBe('all traffic still goes to 42')
  })

  it('case 18: waits for the write that is under way when it is interrupted, then goes back', async () => {
    const traffic = await fakeTraffic({
      plan: planOf(),
      async onWrite({nth}) {
        if (nth === 1) {
          traffic.interrupt()
          await traffic.clock.sleep(2_000)
        }
        return undefined
      },
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', why: 'it was interrupted', writes: 2})
    expect(traffic.written()).toEqual(['checkout 41 42:0.1', 'checkout 41'])
    expect(report.members).toMatchObject([{serves: {version: '41', additional: null, description: 'serves the shop'}}])
  })

  it('case 18: stays where it is when it is interrupted, where that was asked for', async () => {
    const traffic = await fakeTraffic({plan: planOf({wish: {onInterrupt: 'hold'}})})
    traffic.clock.at(traffic.clock.now() + 2 * minute, traffic.interrupt)
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'held', why: 'it was interrupted'})
    expect(traffic.served()).toBe('41 42:0.1')
    expect(traffic.aliases.get('checkout')?.description).toBe('serves the shop')
  })

  it('changes nothing when it is interrupted before the first write', async () => {
    const traffic = await fakeTraffic({plan: planOf(), onRead: () => traffic.interrupt()})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', writes: 0, members: [{detail: 'it had not been moved'}]})
    expect(traffic.writes).toEqual([])
  })

  it('goes back where nobody takes its steps any more', async () => {
    const traffic = await fakeTraffic({plan: planOf()})
    await traffic.clock.outcome(traffic.until(({kind}) => kind === 'stage'))
    expect(traffic.served()).toBe('41')
  })

  it('case 29: refuses a plan that is older than an alias, and writes nothing', async () => {
    const traffic = await fakeTraffic({plan: planOf({members: five})})
    traffic.set('b', byHand)
    await expect(traffic.run()).rejects.toThrow(/somebody else has changed what was planned with: b:live/)
    expect(traffic.writes).toEqual([])
  })

  it('case 30: freezes, loudly, where somebody has deleted the version that it would go back to', async () => {
    let isGone = false
    const traffic = await fakeTraffic({
      plan: planOf(),
      parts: {missingVersions: async () => (isGone ? ['41'] : [])},
    })
    traffic.clock.at(traffic.clock.now() + minute, () => {
      isGone = true
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'held'})
    expect(report.why).toBe('version 41 of checkout was deleted by somebody else: it can be moved neither on nor back')
    expect(traffic.served()).toBe('41 42:0.1')
  })

  it('shows a bug, after all has been brought back', async () => {
    const parts = {
      judge: () => {
        throw new TypeError('a bug')
      },
    }
    const traffic = await fakeTraffic({plan: planOf(), parts})
    await expect(traffic.run()).rejects.toThrow('a bug')
    expect(traffic.steps.at(-1)).toMatchObject({kind: 'ended', report: {outcome: 'rolled-back'}})
    expect(traffic.served()).toBe('41')
  })
})
