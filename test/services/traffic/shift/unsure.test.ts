import {describe, expect, it} from 'vitest'
import {UserError} from '../../../../src/errors.ts'
import type {AliasState} from '../../../../src/services/traffic/alias/alias-state.ts'
import type {Serving} from '../../../../src/services/traffic/alias/await-serving.ts'
import type {Target} from '../../../../src/services/traffic/shift/shift-run.ts'
import {failing, fakeTraffic, type Write} from './fake-traffic.ts'
import {memberOf, minute, planOf} from './shift-plans.ts'

const unsettled = (): UserError => new UserError('nobody knows whether it was made', {code: 'Unsettled'})
const provisioned = {count: 5, isReady: true}

describe('a shift of which nobody is sure what AWS has made', () => {
  it('takes its own write that comes late for its own, and brings that back', async () => {
    let late: Target | null = null
    const traffic = await fakeTraffic({
      plan: planOf(),
      onWrite({functionName, to, isUrgent}: Write) {
        if (!isUrgent) {
          late = to
          throw unsettled()
        }
        // it arrives after it was looked for, and before it is written back
        if (late !== null) traffic.set(functionName, late)
        late = null
        return undefined
      },
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', members: [{state: 'rolled-back'}]})
    expect(traffic.served()).toBe('41')
    expect(traffic.aliases.get('checkout')?.description).toBe('serves the shop')
  })

  it('writes an alias back of which nobody knows whether it was moved, so that a late write comes to nothing', async () => {
    const traffic = await fakeTraffic({
      plan: planOf(),
      onWrite({isUrgent}: Write) {
        if (isUrgent) return undefined
        traffic.interrupt()
        throw unsettled()
      },
    })
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back', why: 'it was interrupted'})
    expect(traffic.aliases.get('checkout')?.revisionId).not.toBe('checkout-1')
  })

  it('tries for minutes to bring one back where AWS fails, and does not let the others wait', async () => {
    const plan = planOf({members: Array.from({length: 12}, (_, at) => memberOf(`f${at}`))})
    let begun = 0
    const traffic = await fakeTraffic({
      plan,
      traffic: failing(0.3, 0.005),
      onWrite({functionName, isUrgent, at}: Write) {
        if (!isUrgent) return undefined
        begun ||= at
        if (functionName !== 'f0' && at < begun + 5 * minute) throw unsettled()
        return undefined
      },
    })
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'rolled-back', byGate: true})
    for (const {functionName} of plan.members) expect(traffic.served(functionName)).toBe('41')
    expect(traffic.writes.find(({functionName, isUrgent}) => functionName === 'f0' && isUrgent)?.at).toBeLessThan(
      begun + minute,
    )
  })

  it('is not taken for somebody else’s where it is read back from where the last write has not arrived', async () => {
    const older = new Map<string, AliasState>()
    const traffic = await fakeTraffic({
      plan: planOf(),
      traffic: failing(0.3, 0.005),
      onWrite({functionName, isUrgent}: Write) {
        const state = traffic.aliases.get(functionName)
        if (isUrgent && state) older.set(functionName, state)
        return undefined
      },
      parts: {
        async readAliasState(_aws, {functionName}) {
          const state = older.get(functionName) ?? traffic.aliases.get(functionName) ?? null
          older.delete(functionName)
          return state
        },
      },
    })
    expect(await traffic.run()).toMatchObject({
      outcome: 'rolled-back',
      members: [{serves: {version: '41', additional: null}}],
    })
  })

  it('goes back where somebody has deleted the version that comes in', async () => {
    let isGone = false
    const traffic = await fakeTraffic({
      plan: planOf(),
      parts: {missingVersions: async () => (isGone ? ['42'] : [])},
    })
    traffic.clock.at(traffic.clock.now() + minute, () => {
      isGone = true
    })
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back'})
    expect(traffic.served()).toBe('41')
  })
})

describe('case 8: a shift of aliases with provisioned concurrency', () => {
  const dozen = Array.from({length: 12}, (_, at) => memberOf(`f${at}`, {provisioned}))
  const waves = [dozen.slice(0, 11).map(({functionName}) => functionName), ['f11']]
  const lastFails = ({functionName, to, isUrgent}: Write): undefined => {
    if (functionName === 'f11' && to.version === '42' && !isUrgent) throw new UserError('AWS stumbled')
  }

  it('writes all back before it waits for any', async () => {
    const arrived: number[] = []
    const traffic = await fakeTraffic({
      plan: planOf({members: dozen, waves}),
      onWrite: lastFails,
      parts: {
        async awaitServing(_aws, {functionName}, written, {isUrgent}): Promise<Serving> {
          await traffic.clock.sleep(5 * minute)
          if (isUrgent) arrived.push(traffic.clock.now())
          const state = traffic.aliases.get(functionName)
          if (!state || state.version !== written.version) throw new Error('it was not written')
          return {kind: 'serving', state}
        },
      },
    })
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back'})
    const back = traffic.writes.filter(({isUrgent}) => isUrgent).map(({at}) => at)
    expect(back).toHaveLength(12)
    expect(Math.max(...back)).toBeLessThan(Math.min(...arrived))
  })

  it('leaves alone what somebody has written again before its first write, without any change', async () => {
    const traffic = await fakeTraffic({
      plan: planOf({members: [memberOf('checkout', {provisioned})]}),
      onWrite() {
        const state = traffic.aliases.get('checkout')
        if (state) traffic.set('checkout', state)
        return undefined
      },
    })
    expect(await traffic.run()).toMatchObject({outcome: 'foreign', writes: 0})
    expect(traffic.written()).toHaveLength(1)
    expect(traffic.served()).toBe('41')
  })

  it('does not say that it is back while Lambda sends all to the version that failed', async () => {
    const one = [memberOf('checkout', {provisioned})]
    const stays: Serving[] = []
    const traffic = await fakeTraffic({
      plan: planOf({members: one}),
      onWrite({functionName, to, isUrgent}: Write) {
        if (to.version === '42' && !isUrgent) {
          // it is made, and nobody learns of it
          traffic.set(functionName, {...to, additional: {version: '41', weight: 1}})
          throw unsettled()
        }
        if (!isUrgent) return undefined
        return {
          kind: 'written',
          state: traffic.set(functionName, {...to, additional: {version: '42', weight: 1}}),
          wasLost: false,
        }
      },
      parts: {
        async awaitServing(_aws, {functionName}): Promise<Serving> {
          const state = traffic.aliases.get(functionName)
          if (!state) throw new Error('it is gone')
          stays.push({kind: 'pending', state, detail: 'all traffic still goes to 42'})
          return {kind: 'pending', state, detail: 'all traffic still goes to 42'}
        },
      },
    })
    expect(await traffic.run()).toMatchObject({outcome: 'failed', members: [{state: 'failed'}]})
    expect(stays).toHaveLength(1)
  })

  it('does not take it for somebody else’s that Lambda is ready, also under another revision', async () => {
    const one = [memberOf('checkout', {provisioned})]
    const traffic = await fakeTraffic({
      plan: planOf({members: one}),
      onWrite({functionName, to, isUrgent}: Write) {
        if (to.version !== '42' || isUrgent) return undefined
        const state = traffic.set(functionName, {...to, additional: {version: '41', weight: 1}})
        return {kind: 'written', state, wasLost: false}
      },
      parts: {
        async awaitServing(_aws, {functionName}, written): Promise<Serving> {
          if (written.version === '42') {
            traffic.set(functionName, {...written, description: 'serves the shop'})
            throw new UserError('it cannot be read')
          }
          return {kind: 'serving', state: traffic.set(functionName, {...written, description: 'serves the shop'})}
        },
      },
    })
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back', why: 'it cannot be read'})
    expect(traffic.served()).toBe('41')
  })
})
