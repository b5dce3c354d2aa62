import {describe, expect, test} from 'vitest'
import {provisionedBefore, provisionedCharge} from '../../../../src/services/fleet/cost/provisioned-charge.ts'

const noCalls = {value: {times: [], values: []}}
const callsFrom = (at: number) => ({
  value: {times: [0, 10, 20, 30, 40], values: [0, 10, 20, 30, 40].map(time => (time >= at ? 5 : 0))},
})
const window = {start: 20, end: 40}

describe('environments that are kept ready', () => {
  test('are charged for all of a window in which they were not changed', () => {
    expect(provisionedCharge([{count: 4, since: 3}], noCalls, window)).toEqual({
      count: 4,
      from: 'unchanged',
      changedAt: null,
      since: null,
    })
  })

  test('are charged from when they were changed on: AWS does not tell what was before', () => {
    expect(provisionedCharge([{count: 4, since: 35}], noCalls, window)).toEqual({
      count: 1,
      from: 'configured',
      changedAt: 35,
      since: 35,
    })
  })

  test('are charged from the first call that ran on them, where that was before they were changed', () => {
    expect(provisionedCharge([{count: 4, since: 35}], callsFrom(30), window)).toEqual({
      count: 2,
      from: 'configured',
      changedAt: 35,
      since: 30,
    })
    expect(provisionedCharge([{count: 4, since: 35}], callsFrom(0), window)).toEqual({
      count: 4,
      from: 'configured',
      changedAt: 35,
      since: null,
    })
  })

  test('are taken to be as they are now where nobody tells since when', () => {
    expect(provisionedCharge([{count: 4, since: null}], noCalls, window)).toEqual({
      count: 4,
      from: 'configured',
      changedAt: null,
      since: null,
    })
  })

  test('that were changed after a window are not charged for it', () => {
    expect(provisionedCharge([{count: 4, since: 50}], noCalls, window).count).toBe(0)
  })

  test('of several aliases are added up', () => {
    const all = [
      {count: 4, since: 35},
      {count: 1, since: 3},
    ]
    expect(provisionedCharge(all, noCalls, window)).toEqual({count: 2, from: 'configured', changedAt: 35, since: null})
  })

  test('are unknown of a window before that they may not have been in, and so not compared', () => {
    expect(provisionedBefore([{count: 4, since: 30}], noCalls, {start: 0, end: 20})).toMatchObject({unknown: 'missing'})
    expect(provisionedBefore([{count: 4, since: 10}], noCalls, {start: 0, end: 20})).toMatchObject({unknown: 'missing'})
    expect(provisionedBefore([{count: 4, since: 10}], callsFrom(0), {start: 0, end: 20})).toEqual({value: 4})
    expect(provisionedBefore([], noCalls, {start: 0, end: 20})).toEqual({value: 0})
  })
})
