import {describe, expect, test} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {reachOf} from '../../../src/services/errors/baseline-reach.ts'
import {source} from '../../ui/events.ts'
import {openBudget} from '../logs/reader/fake-log-groups.ts'

const day = 86_400_000
const now = Date.UTC(2026, 10, 20)

function reach(answer: object | Error, signal = new AbortController().signal): Promise<number | null> {
  const send = async (): Promise<object> => {
    if (answer instanceof Error) throw answer
    return answer
  }
  const one = source('checkout-api')
  const aws = {scope: one.scope, budget: openBudget(0), logs: async () => ({send})} as unknown as Aws
  return reachOf({...one, aws}, now, signal)
}

const group = (more: object) => ({logGroups: [{logGroupName: '/aws/lambda/checkout-api', ...more}]})

describe('how far back a log group reaches', () => {
  test('to when it was made, or as long as it keeps events, whichever is later', async () => {
    expect(await reach(group({creationTime: now - 90 * day}))).toBe(now - 90 * day)
    expect(await reach(group({creationTime: now - 90 * day, retentionInDays: 7}))).toBe(now - 7 * day)
    expect(await reach(group({creationTime: now - 2 * day, retentionInDays: 7}))).toBe(now - 2 * day)
  })

  test('nobody knows where AWS does not say, or may not be asked', async () => {
    expect(await reach({logGroups: [{logGroupName: '/aws/lambda/checkout-api-2'}]})).toBe(null)
    expect(await reach({})).toBe(null)
    expect(await reach(Object.assign(new Error('no'), {name: 'AccessDeniedException'}))).toBe(null)
  })

  test('an abort is told', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(reach(group({}), signal)).rejects.toThrow('stopped')
  })
})
