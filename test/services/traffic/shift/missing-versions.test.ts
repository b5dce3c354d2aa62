import {expect, it} from 'vitest'
import {missingVersions} from '../../../../src/services/traffic/shift/missing-versions.ts'
import {deniedTo, fakeAccount, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'

const looked = (answer: (version: unknown) => unknown): Promise<readonly string[]> => {
  const aws = fakeAccount({answers: {GetFunction: ({input}) => answer(input['Qualifier'])}})
  return aws.fakeClock.outcome(missingVersions(aws, 'checkout', ['41', '42'], ongoing()))
}

it('case 30: names the versions that somebody has deleted', async () => {
  const gone = (version: unknown): unknown => {
    if (version === '41') throw awsError('ResourceNotFoundException', 'Function not found', 404)
    return {}
  }
  expect(await looked(gone)).toEqual(['41'])
})

it('takes those for there that may not be looked at', async () => {
  const denied = (): never => {
    throw deniedTo('lambda:GetFunction')
  }
  expect(await looked(denied)).toEqual([])
})

it('says what could not be read', async () => {
  const broken = (): never => {
    throw awsError('ServiceException', 'oh', 500)
  }
  await expect(looked(broken)).rejects.toThrow(/could not read version 4[12] of checkout/)
})
