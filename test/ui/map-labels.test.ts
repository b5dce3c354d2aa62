import {expect, test} from 'vitest'
import {labelPlaces, wishesAlong} from '../../src/ui/map-labels.ts'

const box = {width: 100, height: 40}

test('labels cover neither each other nor a box', () => {
  const place = labelPlaces([{x: 100, y: 100}], box)
  const wishes = wishesAlong([
    {x: 150, y: 100},
    {x: 400, y: 180},
  ])
  const taken = Array.from({length: 4}, () => place('4.6/min 8 ms', wishes))
  for (const [i, one] of taken.entries())
    for (const other of taken.slice(i + 1))
      expect(Math.abs(one.x - other.x) >= 74 || Math.abs(one.y - other.y) >= 13).toBe(true)
})

test('the first stands in the middle of its curve, and where nothing is free, there too', () => {
  const wishes = wishesAlong([
    {x: 0, y: 0},
    {x: 200, y: 0},
  ])
  expect(labelPlaces([], box)('a', wishes)).toEqual({x: 100, y: -5})
  expect(labelPlaces([{x: 100, y: 0}], {width: 1_000, height: 1_000})('a', wishes)).toEqual({x: 100, y: -5})
})
