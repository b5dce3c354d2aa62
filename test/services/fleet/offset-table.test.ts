import {expect, test} from 'vitest'
import {createOffsetTable} from '../../../src/services/fleet/offset-table.ts'

test('a table holds what a map does, through growth, collisions and what is taken out', () => {
  const [table, map] = [createOffsetTable(8), new Map<number, number>()]
  let random = 7
  const next = (): number => {
    random = (random * 48_271) % 2_147_483_647
    return random
  }
  for (let i = 0; i < 20_000; i++) {
    const key = (next() % 3_000) * 8 + 1
    if (next() % 4 === 0) expect(table.delete(key)).toBe(map.delete(key))
    else {
      const value = next()
      table.set(key, value)
      map.set(key, value)
    }
    expect(table.get(key)).toBe(map.get(key))
  }
  for (const [key, value] of map) expect(table.get(key)).toBe(value)
  expect(table.get(5)).toBeUndefined()
})
