import {describe, expect, test} from 'vitest'
import {awaitServing, type Waiting} from '../../../../src/services/traffic/alias/await-serving.ts'
import {deniedTo, type FakeCall, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {type FakeAliases, fakeAliases, refOf} from '../fake-aliases.ts'

const minute = 60_000
const back = {version: '41', additional: null}

/** checkout-api after a rollback from 42 to 41 with provisioned concurrency, which takes so long to be allocated. */
function allocating(readyAfterMs: number, provisioned: (call: FakeCall) => unknown = () => ({Status: 'IN_PROGRESS'})) {
  const fake = fakeAliases(['checkout-api'], {GetProvisionedConcurrencyConfig: provisioned})
  fake.foreign('checkout-api:live', {FunctionVersion: '41', weights: {'42': 1}})
  fake.clock.at(fake.clock.now() + readyAfterMs, () => fake.foreign('checkout-api:live', {weights: {}}))
  return fake
}

function awaiting(fake: FakeAliases, more: Partial<Waiting> = {}) {
  const told: string[] = []
  const began = fake.clock.now()
  const waiting = {signal: ongoing(), doing: (what: string) => void told.push(what), ...more}
  const work = awaitServing(fake.aws, refOf('checkout-api'), back, waiting)
  return {told, began, served: () => fake.clock.outcome(work)}
}

test('an alias that serves as it was written is done at once, without a look at provisioned concurrency', async () => {
  const fake = fakeAliases()
  const {served, told} = awaiting(fake)
  expect(await served()).toMatchObject({kind: 'serving', state: {version: '41', additional: null}})
  expect([told, fake.aws.calls.map(({operation}) => operation)]).toEqual([[], ['GetAlias']])
})

describe('case 8: an alias with provisioned concurrency', () => {
  test('is not done while Lambda still sends traffic to the version before, and is nobody else’s', async () => {
    const fake = allocating(3 * minute)
    const {served, told, began} = awaiting(fake)
    expect(await served()).toMatchObject({kind: 'serving', state: {revisionId: 'revision-3'}})
    expect(fake.clock.now() - began).toBeGreaterThan(3 * minute)
    expect(told).toEqual([
      'checkout-api:live: 42 serves on until provisioned concurrency is allocated for 41, which usually takes some minutes',
      expect.stringContaining('1 min so far'),
      expect.stringContaining('2 min so far'),
    ])
    // pauses grow: three minutes are not asked away
    expect(fake.aws.of('GetAlias').length).toBeLessThan(25)
  })

  test('that is never ready is said to be pending, with what serves meanwhile', async () => {
    const fake = allocating(60 * minute)
    const {served, began} = awaiting(fake)
    expect(await served()).toMatchObject({
      kind: 'pending',
      state: {version: '41', additional: {version: '42', weight: 1}},
      detail: 'all traffic still goes to 42: provisioned concurrency for 41 is not allocated after 15 min',
    })
    expect(fake.clock.now() - began).toBeLessThanOrEqual(15 * minute)
  })

  test('that cannot be allocated is said to be so at once, with AWS’s reason', async () => {
    const fake = allocating(60 * minute, () => ({Status: 'FAILED', StatusReason: 'FUNCTION_ERROR_INIT_FAILURE'}))
    const {served, began} = awaiting(fake)
    expect(await served()).toMatchObject({
      kind: 'pending',
      detail: expect.stringContaining('FUNCTION_ERROR_INIT_FAILURE'),
    })
    expect(fake.clock.now() - began).toBeLessThan(minute)
  })

  test('is waited for also where provisioned concurrency may not be read', async () => {
    const fake = allocating(2 * minute, () => {
      throw deniedTo('lambda:GetProvisionedConcurrencyConfig on resource: …')
    })
    expect(await awaiting(fake).served()).toMatchObject({kind: 'serving'})
  })

  test('is stopped waiting for by a signal', async () => {
    const fake = allocating(10 * minute)
    const stop = new AbortController()
    fake.clock.at(fake.clock.now() + minute, () => stop.abort(new Error('interrupted')))
    await expect(awaiting(fake, {signal: stop.signal}).served()).rejects.toThrow('interrupted')
  })
})

describe('somebody else', () => {
  test('gave the version before all traffic: there is no provisioned concurrency that would explain it', async () => {
    const fake = allocating(60 * minute, () => {
      throw awsError('ProvisionedConcurrencyConfigNotFoundException', 'No Provisioned Concurrency Config found', 404)
    })
    expect(await awaiting(fake).served()).toMatchObject({kind: 'foreign', state: {additional: {version: '42'}}})
  })

  test('gave it a part only: Lambda never does', async () => {
    const fake = fakeAliases()
    fake.foreign('checkout-api:live', {weights: {'42': 0.5}})
    expect(await awaiting(fake).served()).toMatchObject({kind: 'foreign'})
  })

  test('moved it to another version, or deleted it', async () => {
    const fake = fakeAliases()
    fake.foreign('checkout-api:live', {FunctionVersion: '43'})
    expect(await awaiting(fake).served()).toMatchObject({kind: 'foreign', state: {version: '43'}})
    fake.aliases.clear()
    expect(await awaiting(fake).served()).toEqual({kind: 'foreign', state: null})
  })
})

test('an alias that is read as it was before is read again: a write is not everywhere at once', async () => {
  const fake = fakeAliases()
  fake.foreign('checkout-api:live', {weights: {'42': 0.5}})
  fake.clock.at(fake.clock.now() + 900, () => fake.foreign('checkout-api:live', {weights: {}}))
  expect(await awaiting(fake).served()).toMatchObject({kind: 'serving'})
})

test('weights may outlast the provisioned concurrency that was waited for, by a while', async () => {
  const fake = allocating(20_000, () => ({Status: 'READY'}))
  expect(await awaiting(fake).served()).toMatchObject({kind: 'serving'})
  expect(await awaiting(allocating(10 * minute, () => ({Status: 'READY'}))).served()).toMatchObject({kind: 'foreign'})
})
