import {describe, expect, it} from 'vitest'
import {inOrder, standingOf} from '../../../../src/services/traffic/releases/standing.ts'
import {moving, now, release, steady, version} from '../../../ui/releases.ts'

const still = {
  state: {version: '42', additional: null, description: '', revisionId: 'r'},
  lease: null,
  provisioned: null,
  managers: [],
}
const failing = (number: string, calls: number, errors: number, weight = 0) =>
  version(number, {weight, figures: {version: number, calls, errors, p95Ms: 1, firstAt: null, lastAt: now}})

describe('how an alias stands', () => {
  it('is in trouble where what serves fails twice as often as what served before', () => {
    expect(standingOf(still, [failing('42', 1_000, 48, 1), failing('41', 1_000, 4)])).toBe('troubled')
    expect(standingOf(still, [failing('42', 1_000, 48, 1), failing('41', 1_000, 40)])).toBe('steady')
  })

  it('is not for what fails as it always did, nor by a handful of calls', () => {
    expect(standingOf(still, [failing('42', 1_000, 480, 1)])).toBe('steady')
    expect(standingOf(still, [failing('42', 10, 10, 1), failing('41', 1_000, 4)])).toBe('steady')
    expect(standingOf(still, [failing('42', 1_000, 5, 1), failing('41', 1_000, 0)])).toBe('steady')
  })

  it('is in motion with two versions, a lease, provisioned concurrency under way or a deployment', () => {
    const {lease, managers, provisioned, state} = moving()
    for (const more of [{lease}, {managers}, {provisioned}, {state}])
      expect(standingOf({...still, ...more}, [])).toBe('moving')
    const ready = {requested: 1, available: 1, status: 'READY'}
    expect(standingOf({...still, provisioned: ready}, [])).toBe('steady')
  })

  it('decides the order: in motion, in trouble, then what is called most', () => {
    const busy = steady('busy', {versions: [failing('1', 9_999_999, 0, 1)]})
    const names = inOrder([steady('b'), steady('a'), busy, release('bad'), moving('on')]).map(one => one.functionName)
    expect(names).toEqual(['on', 'bad', 'busy', 'a', 'b'])
  })
})
