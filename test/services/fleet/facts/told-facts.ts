import {openFacts} from '../../../../src/services/fleet/facts.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {type FakeAccountOptions, fakeAccount, functionIn, ongoing} from '../fake-account.ts'

export const account = '123456789012'
export const functionArn = (rest: string): string => `arn:aws:lambda:eu-west-1:${account}:function:${rest}`
export const notFound = (message: string): Error => awsError('ResourceNotFoundException', message, 404)

/** An answer that is a failure. */
export const refusing = (failure: () => Error) => (): never => {
  throw failure()
}

/** Facts of an account that answers so, and a function of it. */
export function facts(answers: FakeAccountOptions['answers'], more: Partial<FakeAccountOptions> = {}) {
  const aws = fakeAccount({answers: {GetCallerIdentity: () => ({Account: account}), ...answers}, ...more})
  return {aws, facts: openFacts(aws, null, ongoing()), fn: functionIn(aws, 'fn'), told: aws.fakeClock.outcome}
}
