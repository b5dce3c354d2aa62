import {describe, expect, test} from 'vitest'
import {type Applied, applySize, latestToSet} from '../../../../src/services/tuning/apply/apply-size.ts'
import type {SourceFunction} from '../../../../src/services/tuning/source/source-function.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import type {FakeLambda} from '../fake-lambda.ts'
import {lambdaWithCheckout, planFor} from '../tuned.ts'

const size = {memorySizeMB: 1024, architecture: 'x86_64'} as const

const applied = async ({aws}: FakeLambda, source: SourceFunction): Promise<Applied> =>
  applySize(aws, await latestToSet(aws, source, ongoing()), size, ongoing())

describe('applying a size', () => {
  test('sets it on $LATEST, and moves no alias', async () => {
    const fake = await lambdaWithCheckout()
    const {source} = planFor(fake, 'shadow')
    const {aliases} = structuredClone(fake.functions.get('checkout-api')) ?? {}
    expect(await applied(fake, source)).toEqual({
      functionName: 'checkout-api',
      beforeMB: 512,
      memorySizeMB: 1024,
    })
    const checkout = fake.functions.get('checkout-api')
    expect(checkout?.latest.MemorySize).toBe(1024)
    expect(checkout?.aliases).toEqual(aliases)
    expect(checkout?.versions).toHaveLength(2)
  })

  test.each([
    ['its code', {CodeSha256: 'deployed'}],
    ['its memory', {MemorySize: 2048}],
    ['its settings', {Timeout: 900}],
  ])('changes nothing where somebody deployed %s meanwhile', async (_, deployed) => {
    const fake = await lambdaWithCheckout()
    const {source} = planFor(fake, 'shadow')
    const checkout = fake.functions.get('checkout-api')
    if (checkout) checkout.latest = {...checkout.latest, ...deployed, RevisionId: 'deployed'}
    await expect(applied(fake, source)).rejects.toMatchObject({code: 'DeployedMeanwhile'})
    expect(fake.mutations()).toEqual([])
  })

  test('changes nothing where somebody deploys between the reading and the write', async () => {
    const fake = await lambdaWithCheckout()
    const {source} = planFor(fake, 'shadow')
    const checkout = fake.functions.get('checkout-api')
    fake.onChange = phase => {
      if (phase === 'before' && checkout)
        checkout.latest = {...checkout.latest, Environment: {Variables: {NEW: '1'}}, RevisionId: 'deployed'}
    }
    await expect(applied(fake, source)).rejects.toMatchObject({code: 'DeployedMeanwhile'})
    expect(checkout?.latest.MemorySize).toBe(512)
  })

  test('of a version that was measured is set where $LATEST is the same, from the size that $LATEST has', async () => {
    const fake = await lambdaWithCheckout()
    const {source} = planFor(fake, 'shadow')
    const [older] = fake.functions.get('checkout-api')?.versions ?? []
    if (!older) throw new Error('there is one')
    const measured = {...source, version: '7', qualifier: 'live', configuration: older, memorySizeMB: 256}
    expect(await applied(fake, measured)).toMatchObject({beforeMB: 512, memorySizeMB: 1024})
  })

  test('of a version that was measured is not set where $LATEST is something else', async () => {
    const fake = await lambdaWithCheckout()
    const {source} = planFor(fake, 'shadow')
    const checkout = fake.functions.get('checkout-api')
    const [older] = checkout?.versions ?? []
    if (!older || !checkout) throw new Error('there is one')
    checkout.latest = {...checkout.latest, CodeSha256: 'of next week'}
    const measured = {...source, version: '7', qualifier: 'live', configuration: older, memorySizeMB: 256}
    await expect(applied(fake, measured)).rejects.toMatchObject({code: 'OtherLatest'})
    expect(fake.mutations()).toEqual([])
  })
})
