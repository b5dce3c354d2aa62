import {setImmediate} from 'node:timers/promises'
import {describe, expect, it} from 'vitest'
import {atATime} from '../../src/services/at-a-time.ts'

describe('work that is done a few at a time', () => {
  it('never has more under way, and gives results in the order of the items', async () => {
    let [underWay, most] = [0, 0]
    const results = await atATime(3, ['a', 'b', 'c', 'd', 'e'], async (item, index) => {
      most = Math.max(most, ++underWay)
      // the first is the last to be done
      for (let turns = 5 - index; turns > 0; turns--) await setImmediate()
      underWay--
      return `${item}${index}`
    })
    expect(results).toEqual(['a0', 'b1', 'c2', 'd3', 'e4'])
    expect(most).toBe(3)
  })

  it('begins nothing more after a failure, and waits for what is under way', async () => {
    const [begun, done]: [number[], number[]] = [[], []]
    const work = atATime(2, [1, 2, 3, 4], async item => {
      begun.push(item)
      if (item === 2) throw new Error('no')
      await setImmediate()
      done.push(item)
    })
    await expect(work).rejects.toThrow('no')
    expect({begun, done}).toEqual({begun: [1, 2], done: [1]})
  })

  it('does nothing where there is nothing', async () => {
    expect(await atATime(2, [], () => Promise.reject(new Error('nobody asked')))).toEqual([])
  })
})
