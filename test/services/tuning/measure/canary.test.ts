import {expect, test} from 'vitest'
import {canaryFailure} from '../../../../src/services/tuning/measure/canary.ts'

const answered = {outcome: 'ok', errorType: null, memorySizeMB: 512} as const

test('a first answer that looks like an error says how to go on', () => {
  const answer = {excerpt: '{"statusCode":400}', looksLikeError: 'statusCode 400'}
  expect(canaryFailure(answered, answer, [])).toBe(
    `the first invocation, at the 512 MB that the function has, answered what looks like an error (statusCode 400): {"statusCode":400}; give it what it works on with --payload, or measure that with --allow-error 'statusCode 400'`,
  )
  expect(canaryFailure(answered, answer, ['statusCode 400'])).toBeNull()
})

test('an error does so too, and what no payload changes does not', () => {
  const nothing = {excerpt: '', looksLikeError: null}
  expect(canaryFailure({...answered, outcome: 'error', errorType: "Type'Error"}, nothing, [])).toMatch(
    / failed with Type'Error; give it .*--payload, or measure that with --allow-error 'TypeError'$/,
  )
  const exited = {...answered, outcome: 'error', errorType: 'Runtime.ExitError'} as const
  expect(canaryFailure(exited, {...nothing, excerpt: '{"errorMessage":"exit status 2"}'}, [])).toMatch(
    / failed with Runtime\.ExitError: \{"errorMessage":"exit status 2"\}$/,
  )
  expect(canaryFailure({...answered, outcome: 'oom'}, nothing, [])).toMatch(/ran out of memory$/)
})
