import {expect, test} from 'vitest'
import {explainedFailure} from '../../../src/services/targets/refusal.ts'
import {deniedTo} from '../traces/fake-xray.ts'

const purpose = {doing: 'get traces', permission: 'xray:BatchGetTraces'}

test('a refusal names the permission', () => {
  expect(explainedFailure(deniedTo('xray:BatchGetTraces'), purpose)).toMatchObject({
    exitCode: 4,
    hint: 'this needs xray:BatchGetTraces',
  })
})

test('what is no failure of AWS is a bug, and thrown as it is', () => {
  const bug = new TypeError('undefined is not a function')
  expect(() => explainedFailure(bug, purpose)).toThrow(bug)
})
