import {describe, expect, test} from 'vitest'
import {day, firstUsed, hour, larder} from './larder-world.ts'

describe('scale', () => {
  test('makes as many functions as asked for, by name, each with a log group of its own', async () => {
    const {world} = await larder({scale: 1000})
    const names = world.functions().map(each => each.name)
    expect(new Set(names).size).toBe(1000)
    expect(names).toEqual([...names].sort())
    expect(world.logGroups().length).toBeGreaterThan(990)
    const name = names.at(-1) ?? ''
    expect(world.function(name)?.logGroup).toBe(`/aws/lambda/${name}`)
    expect(world.logGroup(`/aws/lambda/${name}`)).toBeDefined()
    expect(world.function('zz-9999999-ads-api')).toBeUndefined()
  })

  test('gives them invocations whose counts and logs agree', async () => {
    const {world} = await larder({scale: 200})
    const {world: alone} = await larder()
    let total = 0
    for (const {name, logGroup} of world.functions().slice(-100)) {
      const invocations = world.invocations(name, firstUsed - 6 * hour, firstUsed)
      total += invocations.length
      expect(world.count(name, firstUsed - 6 * hour, firstUsed)).toBe(invocations.length)
      const starts = world
        .logEvents(logGroup, firstUsed - 6 * hour, firstUsed - 1)
        .filter(each => each.message.startsWith('START '))
      expect(starts).toHaveLength(invocations.length)
    }
    expect(total).toBeGreaterThan(100)
    expect(world.count('checkout-api', firstUsed - day, firstUsed)).toBe(
      alone.count('checkout-api', firstUsed - day, firstUsed),
    )
  })

  test('of fewer than the company has leaves the company as it is', async () => {
    const {world} = await larder({scale: 3})
    expect(world.functions().length).toBeGreaterThan(25)
  })
})
