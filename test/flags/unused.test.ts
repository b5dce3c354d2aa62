import {expect, test} from 'vitest'
import {unusedOptionsFrom} from '../../src/flags/unused.ts'

const none = {all: false}
const dayMs = 86_400_000

test('by default all verdicts are asked for, none fails, and a week is young', async () => {
  expect(await unusedOptionsFrom(none)).toEqual({only: null, newMs: 7 * dayMs, all: false, failOn: [], out: null})
})

test('verdicts are parted by commas, in any case', async () => {
  expect(
    await unusedOptionsFrom({...none, verdict: 'broken, Unused', 'fail-on': 'broken', new: '2d', out: 'a.CSV'}),
  ).toEqual({
    only: ['broken', 'unused'],
    newMs: 2 * dayMs,
    all: false,
    failOn: ['broken'],
    out: {file: 'a.CSV', format: 'csv'},
  })
})

test.each([
  [{verdict: 'borken'}, '--verdict borken: borken is no verdict'],
  [{verdict: 'broken,'}, '--verdict broken,: a verdict is empty'],
  [{'fail-on': ''}, '--fail-on : a verdict is empty'],
  [{out: 'a.svg'}, '--out a.svg: slsops does not know this kind of file'],
])('%o is refused', async (flags, message) => {
  await expect(unusedOptionsFrom({...none, ...flags})).rejects.toMatchObject({message, exitCode: 2})
})

test('an age that is none is refused', async () => {
  await expect(unusedOptionsFrom({...none, new: 'soon'})).rejects.toMatchObject({exitCode: 2})
})
