import {describe, expect, test} from 'vitest'
import {unwritten} from '../../../../src/services/tuning/arena/change-aws.ts'
import {findLeftovers, mayBeInUse, removeLeftovers} from '../../../../src/services/tuning/undo/leftovers.ts'
import {
  deleteOurFunction,
  deleteOurVersion,
  type OurFunction,
  type OurVersion,
  readOurFunction,
  readOurVersions,
} from '../../../../src/services/tuning/undo/remove-ours.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {type FakeLambda, functionOf} from '../fake-lambda.ts'
import {lambdaWithCheckout, runId, start} from '../tuned.ts'

const clone = 'slsops-tune-checkout-api-k3f9x2ab'
const tags = {
  'slsops:run': runId,
  'slsops:source': 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
  'slsops:expires': '2026-11-20T15:00:00.000Z',
}
const site = (fake: FakeLambda) => ({aws: fake.aws, journal: unwritten(runId), signal: ongoing(), doing() {}})
const withClone = async (tagged: Record<string, string> = tags): Promise<FakeLambda> => {
  const fake = await lambdaWithCheckout()
  fake.functions.set(clone, {...functionOf(clone), tags: tagged})
  return fake
}

describe('a function is ours', () => {
  test('by its name and its tags, read from AWS', async () => {
    const fake = await withClone()
    expect(await readOurFunction(fake.aws, clone, runId, ongoing())).toMatchObject({
      kind: 'function',
      name: clone,
      runId,
    })
  })

  test.each([
    ['it has no tag', {}, runId],
    ['it is tagged as of another run', {...tags, 'slsops:run': '20261119-000000-aaaaaaaa'}, runId],
  ])('not where %s', async (_, tagged, run) => {
    const fake = await withClone(tagged)
    expect(await readOurFunction(fake.aws, clone, run, ongoing())).toMatchObject({kind: 'foreign'})
  })

  test('not by its tags alone', async () => {
    const fake = await lambdaWithCheckout()
    const checkout = fake.functions.get('checkout-api')
    if (checkout) checkout.tags = tags
    const found = await readOurFunction(fake.aws, 'checkout-api', runId, ongoing())
    expect(found).toEqual({kind: 'foreign', why: 'checkout-api is not called as what slsops makes'})
  })
})

describe('nothing is deleted but what was read back from AWS right before', () => {
  test('a function of somebody else’s cannot be named', async () => {
    const fake = await lambdaWithCheckout()
    const made = {kind: 'function', name: 'checkout-api', arn: '', runId, source: null, expiresAt: null} as const
    // @ts-expect-error only a reading makes one
    const made2: OurFunction = made
    await expect(deleteOurFunction(site(fake), made2)).rejects.toThrow('read back')
    expect(fake.mutations()).toEqual([])
  })

  test('what was read cannot be changed, or used twice', async () => {
    const fake = await withClone()
    const our = await readOurFunction(fake.aws, clone, runId, ongoing())
    if (our?.kind !== 'function') throw new Error('it is ours')
    await expect(deleteOurFunction(site(fake), {...our, name: 'checkout-api'})).rejects.toThrow('read back')
    await deleteOurFunction(site(fake), our)
    await expect(deleteOurFunction(site(fake), our)).rejects.toThrow('read back')
    expect([...fake.functions.keys()]).toEqual(['checkout-api'])
  })

  test('a version without a number would be the whole function', async () => {
    const fake = await lambdaWithCheckout()
    const version = {
      kind: 'version',
      functionName: 'checkout-api',
      version: '',
      memorySizeMB: 128,
    } as unknown as OurVersion
    await expect(deleteOurVersion(site(fake), version)).rejects.toThrow('read back')
    expect(fake.mutations()).toEqual([])
  })
})

describe('a version is ours', () => {
  const versions = async (versionsBefore: readonly string[], live = '8') => {
    const fake = await lambdaWithCheckout()
    const checkout = fake.functions.get('checkout-api')
    if (!checkout) throw new Error('it is there')
    const {latest} = checkout
    checkout.versions.push(
      {...latest, Version: '9', Description: `slsops-tune/${runId}/128`},
      {...latest, Version: '10', Description: 'slsops-tune/20261119-000000-aaaaaaaa/128'},
      {...latest, Version: '11', Description: `slsops-tune/${runId}/128 by hand`},
    )
    checkout.aliases = [{Name: 'live', FunctionVersion: live, RoutingConfig: {AdditionalVersionWeights: {'7': 0.1}}}]
    const functionArn = latest.FunctionArn ?? ''
    const run = {runId, functionName: 'checkout-api', functionArn, versionsBefore}
    return readOurVersions(fake.aws, run, ongoing())
  }

  test('by its Description, and because it was not there before', async () => {
    expect((await versions(['7', '8'])).ours.map(({version}) => version)).toEqual(['9'])
    expect((await versions(['7', '8', '9'])).ours).toEqual([])
  })

  test('not any more once an alias serves it', async () => {
    expect(await versions(['7', '8'], '9')).toEqual({ours: [], served: [{version: '9', alias: 'live'}]})
  })
})

describe('what runs have left is found where their journals are gone', () => {
  test('by name and tag, functions and log groups; what is only called so is said', async () => {
    const fake = await withClone()
    fake.functions.set('slsops-tune-mine', functionOf('slsops-tune-mine'))
    fake.logGroups.set(`/aws/lambda/${clone}`, {tags, retention: 1})
    const {found, gaps} = await findLeftovers(fake.aws, ongoing())
    expect(found.map(({kind, name}) => [kind, name])).toEqual([
      ['function', clone],
      ['log-group', `/aws/lambda/${clone}`],
    ])
    expect(gaps).toEqual(['slsops-tune-mine has no tag slsops:run'])
    const [first] = found
    expect(first && mayBeInUse(first, start)).toBe(true)
    expect(first && mayBeInUse(first, start + 3_600_000)).toBe(false)

    expect(await removeLeftovers(fake.aws, found, ongoing())).toMatchObject({cleanedUp: true, left: []})
    expect([...fake.functions.keys()]).toEqual(['checkout-api', 'slsops-tune-mine'])
    expect(fake.logGroups.size).toBe(0)
  })
})
