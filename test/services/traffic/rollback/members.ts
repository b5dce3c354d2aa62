import type {RollbackMember} from '../../../../src/services/traffic/rollback/rollback.ts'
import {type FakeAliases, refOf, stateIn} from '../fake-aliases.ts'

/** A function of the fake that goes back from 42 to 41. */
export const memberIn = (
  fake: FakeAliases,
  functionName = 'checkout-api',
  more: Partial<RollbackMember> = {},
): RollbackMember => ({
  ...refOf(functionName),
  before: stateIn(fake, `${functionName}:live`),
  description: 'what customers call',
  from: '42',
  to: '41',
  evidence: [{source: 'asked', version: '41', detail: '--to 41'}],
  serving: null,
  previous: null,
  deploymentId: null,
  aborts: null,
  isThere: false,
  isDurable: false,
  notes: [],
  ...more,
})
