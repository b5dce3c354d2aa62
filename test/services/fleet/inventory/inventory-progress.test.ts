import {expect, test} from 'vitest'
import {inventoryProgress} from '../../../../src/services/fleet/inventory/inventory-progress.ts'

test('regions are added up at the earliest stage that any of them is at, with the time since it began', () => {
  let now = 1_000
  const progress = inventoryProgress(() => now)
  expect(progress.current).toEqual({stage: 'metrics', done: 0, total: 0, since: 1_000})
  const [one, two] = [progress.ofRegion(), progress.ofRegion()]
  one({stage: 'metrics', done: 5, total: 10})
  two({stage: 'metrics', done: 1, total: 20})
  expect(progress.current).toEqual({stage: 'metrics', done: 6, total: 30, since: 1_000})
  now = 2_000
  one({stage: 'groups', done: 0, total: 3})
  expect(progress.current).toEqual({stage: 'metrics', done: 1, total: 20, since: 1_000})
  two({stage: 'functions', done: 2, total: 4})
  expect(progress.current).toEqual({stage: 'functions', done: 2, total: 4, since: 2_000})
})
