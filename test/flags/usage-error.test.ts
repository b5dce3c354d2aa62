import {expect, test} from 'vitest'
import {usageErrorOf} from '../../src/flags/usage-error.ts'

const saidByOclif = (message: string) => usageErrorOf(Object.assign(new Error(message), {oclif: {exit: 2}}), 'trace')

test('what oclif paints is said without its colours', () => {
  const painted =
    'The following error occurred:\n  \u001b[2m--diff=1-2 cannot also be provided when using --interactive\u001b[22m\nSee more help with --help'
  expect(saidByOclif(painted)).toMatchObject({
    message: '--diff=1-2 cannot also be provided when using --interactive',
    hint: 'see slsops trace --help',
    exitCode: 2,
  })
})

test('an error that is not oclif’s is somebody else’s to tell', () => {
  expect(usageErrorOf(new Error('x'), 'trace')).toBeNull()
})
