import {describe, expect, it} from 'vitest'
import {UserError} from '../../../../src/errors.ts'
import {fakeTraffic, type Write} from './fake-traffic.ts'
import {memberOf, minute, planOf} from './shift-plans.ts'

const steps = (count: number, minMs = minute): readonly (readonly [number, number])[] =>
  Array.from({length: count}, (_, at) => [Math.floor((10_000 * (at + 1)) / count), minMs] as const)

const plain = {gate: 'none'} as const

describe('the weights of a shift', () => {
  it('case 9: seven equal steps come to AWS without the noise of sums', async () => {
    const traffic = await fakeTraffic({plan: planOf({steps: steps(7), wish: plain})})
    await traffic.run()
    expect(traffic.writes.map(({to}) => JSON.stringify(to.additional?.weight ?? null))).toEqual([
      '0.1428',
      '0.2857',
      '0.4285',
      '0.5714',
      '0.7142',
      '0.8571',
      '1',
      'null',
    ])
  })

  it.each([101, 200])('case 10: %i steps come to an end', async count => {
    const traffic = await fakeTraffic({plan: planOf({steps: steps(count, 0), wish: plain})})
    expect(await traffic.run()).toMatchObject({outcome: 'done', writes: count + 1})
  })

  it('moves at once where there is nothing to be watched', async () => {
    const traffic = await fakeTraffic({plan: planOf({steps: [], ladder: 'all-at-once', wish: plain})})
    expect(await traffic.run()).toMatchObject({outcome: 'done', writes: 1})
    expect(traffic.written()).toEqual(['checkout 42'])
  })

  it('sets a weight by one write, without a lease, and leaves it there', async () => {
    const plan = planOf({steps: [[1_000, 0]], ladder: 'weight', commits: false, wish: plain})
    const traffic = await fakeTraffic({plan})
    const report = await traffic.run()
    expect(report).toMatchObject({outcome: 'done', writes: 1, members: [{state: 'done', basisPoints: 1_000}]})
    expect(traffic.writes[0]?.to.description).toBe('serves the shop')
  })

  it('gives back the weight of before where a weight cannot be set for all', async () => {
    const before = {
      version: '41',
      additional: {version: '42', weight: 0.05},
      description: 'serves the shop',
      revisionId: 'a-1',
    }
    const members = [memberOf('a', {before, at: 500}), memberOf('b')]
    const onWrite = ({functionName}: Write): undefined => {
      if (functionName === 'b') throw new UserError('AWS stumbled')
    }
    const plan = planOf({members, steps: [[1_000, 0]], ladder: 'weight', commits: false, wish: plain})
    const traffic = await fakeTraffic({plan, onWrite})
    expect(await traffic.run()).toMatchObject({outcome: 'rolled-back', why: 'AWS stumbled'})
    expect(traffic.served('a')).toBe('41 42:0.05')
    expect(traffic.written()).toEqual(['a 41 42:0.1', 'b 41 42:0.1', 'a 41 42:0.05'])
  })

  it('case 2: takes a lost answer for what it was, and says so', async () => {
    const traffic = await fakeTraffic({
      plan: planOf({wish: plain}),
      onWrite({functionName, to, nth}) {
        return nth === 1 ? {kind: 'written', state: traffic.set(functionName, to), wasLost: true} : undefined
      },
    })
    expect(await traffic.run()).toMatchObject({outcome: 'done', writes: 3})
    expect(traffic.events()).toEqual(['checkout:live: the answer did not tell; read back, it is as it was to be'])
  })

  it('case 26: moves a hundred, ten at a time', async () => {
    const members = Array.from({length: 100}, (_, at) => memberOf(`f${at}`))
    let mostAtATime = 0
    let underWay = 0
    const traffic = await fakeTraffic({
      plan: planOf({members, wish: plain}),
      async onWrite() {
        mostAtATime = Math.max(mostAtATime, ++underWay)
        await traffic.clock.sleep(100)
        underWay--
        return undefined
      },
    })
    expect(await traffic.run()).toMatchObject({outcome: 'done', writes: 300})
    expect(mostAtATime).toBe(10)
  })
})
