import {describe, expect, test} from 'vitest'
import {weightOf} from '../../../../src/services/traffic/alias/alias-state.ts'
import type {Wanted} from '../../../../src/services/traffic/alias/send-update.ts'
import {type WriteSite, writeAlias} from '../../../../src/services/traffic/alias/write-alias.ts'
import {deniedTo, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {arnOf, type FakeAliases, fakeAliases, refOf, stateIn} from '../fake-aliases.ts'
import {unwrittenJournal} from '../unwritten-journal.ts'

const ref = refOf('checkout-api')
const lease = 'slsops:1 id=20261120-140711-k3f9x2ab …'
const tenPercent: Wanted = {version: '41', additional: {version: '42', weight: weightOf(1000)}, description: lease}
const back: Wanted = {version: '41', additional: null, description: 'what customers call'}
const reset = (): Error => Object.assign(new Error('socket hang up'), {code: 'ECONNRESET'})

function writing(fake: FakeAliases, more: Partial<WriteSite> = {}) {
  const journal = unwrittenJournal()
  const site: WriteSite = {aws: fake.aws, journal, signal: ongoing(), ...more}
  return {
    told: journal.told,
    write: (to: Wanted, from = stateIn(fake)) => fake.clock.outcome(writeAlias(site, ref, from, to)),
  }
}

describe('one write', () => {
  test('carries version, weights, description and revision together', async () => {
    const fake = fakeAliases()
    const before = stateIn(fake)
    const written = await writing(fake).write(tenPercent)
    expect(written).toEqual({kind: 'written', wasLost: false, state: {...tenPercent, revisionId: 'revision-2'}})
    expect(fake.updates.map(({input}) => input)).toEqual([
      {
        FunctionName: arnOf('checkout-api'),
        Name: 'live',
        FunctionVersion: '41',
        RoutingConfig: {AdditionalVersionWeights: {'42': 0.1}},
        Description: lease,
        RevisionId: before.revisionId,
      },
    ])
  })

  test('case 1: promotes in one step what is in the weights already, and says that there are none any more', async () => {
    const fake = fakeAliases()
    fake.foreign('checkout-api:live', {weights: {'42': 0.5}})
    const promoted = await writing(fake).write({version: '42', additional: null, description: ''})
    expect(promoted.kind).toBe('written')
    expect(fake.updates).toHaveLength(1)
    expect(fake.updates[0]?.input).toMatchObject({
      FunctionVersion: '42',
      RoutingConfig: {AdditionalVersionWeights: {}},
      RevisionId: 'revision-2',
    })
  })

  test('case 9: has weights of whole basis points, without the noise of sums', async () => {
    const fake = fakeAliases()
    const {write} = writing(fake)
    for (const basisPoints of [1428, 2857, 3000, 4285, 5714, 7142, 8571, 10_000])
      await write({...tenPercent, additional: {version: '42', weight: weightOf(basisPoints)}})
    const sent = fake.updates.map(({input}) => JSON.stringify(input['RoutingConfig']).replace(/.*"42":|}+$/g, ''))
    expect(sent).toEqual(['0.1428', '0.2857', '0.3', '0.4285', '0.5714', '0.7142', '0.8571', '1'])
  })
})

describe('an answer that was lost', () => {
  test('case 2: is read back, and taken for what it was: one step', async () => {
    const fake = fakeAliases()
    fake.onUpdate = phase => {
      if (phase === 'after') throw reset()
    }
    const {write, told} = writing(fake)
    expect(await write(tenPercent)).toMatchObject({kind: 'written', wasLost: true, state: tenPercent})
    expect(fake.updates).toHaveLength(1)
    expect(told).toEqual(['intent', 'Error', 'settled revision-2'])
  })

  test('case 2: that something below sent again meets its own revision: 412, and still ours', async () => {
    const fake = fakeAliases()
    fake.onUpdate = phase => {
      if (phase === 'after')
        throw awsError('PreconditionFailedException', 'The Revision Id provided does not match', 412)
    }
    expect(await writing(fake).write(tenPercent)).toMatchObject({kind: 'written', wasLost: true, state: tenPercent})
    expect(fake.updates).toHaveLength(1)
  })

  test.each([
    ['a cut connection', reset],
    ['silence', () => Object.assign(new Error('no answer'), {name: 'TimeoutError'})],
    ['a fault of AWS', () => awsError('ServiceException', 'try again', 500)],
    ['a web page', () => Object.assign(new SyntaxError('Unexpected token <'), {$metadata: {httpStatusCode: 502}})],
  ])('of a write that was not made is sent again: %s', async (_, failure) => {
    const fake = fakeAliases()
    fake.onUpdate = (phase, {nth}) => {
      if (phase === 'before' && nth < 3) throw failure()
    }
    expect(await writing(fake).write(tenPercent)).toMatchObject({kind: 'written', wasLost: false})
    expect(fake.updates).toHaveLength(3)
    expect(new Set(fake.updates.map(({input}) => input['RevisionId']))).toEqual(new Set(['revision-1']))
  })

  test('is made known where it cannot be settled: it may still arrive', async () => {
    const fake = fakeAliases()
    fake.onUpdate = () => {
      throw reset()
    }
    await expect(writing(fake).write(tenPercent)).rejects.toMatchObject({
      code: 'Unsettled',
      message: expect.stringContaining('nobody knows whether checkout-api:live was given 90 % of 41 and 10 % of 42'),
    })
    expect(fake.updates).toHaveLength(3)
  })

  test('arrives after all while it is sent again: one of the two is made, and it is ours', async () => {
    const fake = fakeAliases()
    fake.onUpdate = (phase, {nth}) => {
      if (phase === 'before' && nth === 1) {
        fake.clock.at(fake.clock.now() + 100, () =>
          fake.foreign('checkout-api:live', {weights: {'42': 0.1}, Description: lease}),
        )
        throw reset()
      }
    }
    expect(await writing(fake).write(tenPercent)).toMatchObject({kind: 'written', wasLost: true})
    expect(fake.updates).toHaveLength(2)
  })

  test('of an alias that was read from where the write had not arrived is looked up again', async () => {
    const fake = fakeAliases()
    let stale = 2
    const old = stateIn(fake)
    fake.onUpdate = phase => {
      if (phase === 'after') throw awsError('PreconditionFailedException', 'does not match', 412)
    }
    const aliases = fake.aliases
    const get = aliases.get.bind(aliases)
    aliases.get = name =>
      fake.updates.length > 0 && fake.aws.of('GetAlias').length > 0 && stale-- > 0
        ? {FunctionVersion: old.version, weights: {}, Description: old.description, RevisionId: old.revisionId}
        : get(name)
    expect(await writing(fake).write(tenPercent, old)).toMatchObject({kind: 'written', wasLost: true})
  })
})

describe('somebody else', () => {
  test('case 3: who moved the alias is not overwritten', async () => {
    const fake = fakeAliases()
    const from = stateIn(fake)
    fake.foreign('checkout-api:live', {FunctionVersion: '43'})
    const {write, told} = writing(fake)
    expect(await write(tenPercent, from)).toEqual({kind: 'foreign', state: stateIn(fake)})
    expect(stateIn(fake)).toMatchObject({version: '43', additional: null})
    expect(told.at(-1)).toBe('settled: not made')
  })

  test('case 32: who cleared the weights, as terraform apply does, is somebody else', async () => {
    const fake = fakeAliases()
    const {write} = writing(fake)
    await write(tenPercent)
    const from = stateIn(fake)
    fake.foreign('checkout-api:live', {weights: {}, Description: 'what customers call'})
    const more = {...tenPercent, additional: {version: '42', weight: 0.25}}
    expect(await write(more, from)).toMatchObject({kind: 'foreign', state: {version: '41', additional: null}})
  })

  test('who deleted the alias leaves nothing to write', async () => {
    const fake = fakeAliases()
    const from = stateIn(fake)
    fake.aliases.clear()
    expect(await writing(fake).write(tenPercent, from)).toEqual({kind: 'foreign', state: null})
  })

  test('case 30: who deleted the version is told of by its number, and the alias stays', async () => {
    const fake = fakeAliases()
    fake.versions.delete('42')
    await expect(writing(fake).write(tenPercent)).rejects.toMatchObject({
      code: 'VersionGone',
      message: 'version 42 of checkout-api does not exist any more: live was left as it is',
    })
    expect(stateIn(fake)).toMatchObject({version: '41', additional: null})
  })
})

test('case 8: weights that Lambda gives while provisioned concurrency is allocated are those of our own write', async () => {
  const fake = fakeAliases()
  const {write} = writing(fake)
  await write({version: '42', additional: null, description: ''})
  fake.onUpdate = phase => {
    if (phase === 'before') return undefined
    fake.foreign('checkout-api:live', {weights: {'42': 1}})
    throw reset()
  }
  expect(await write(back)).toMatchObject({
    kind: 'written',
    wasLost: true,
    state: {version: '41', additional: {version: '42', weight: 1}},
  })
})

describe('what AWS refuses', () => {
  test('case 4: is told in its words, with what would do', async () => {
    const fake = fakeAliases()
    fake.onUpdate = () => {
      throw awsError(
        'InvalidParameterValueException',
        'Specified versions must be associated with the same execution role',
      )
    }
    await expect(writing(fake).write(tenPercent)).rejects.toMatchObject({
      message:
        'AWS refused to give checkout-api:live 90 % of 41 and 10 % of 42: Specified versions must be associated with the same execution role',
      hint: expect.stringContaining('one execution role'),
    })
    expect(fake.updates).toHaveLength(1)
  })

  test('for want of a permission names it: exit 4', async () => {
    const fake = fakeAliases()
    fake.onUpdate = () => {
      throw deniedTo('lambda:UpdateAlias on resource: …')
    }
    await expect(writing(fake).write(tenPercent)).rejects.toMatchObject({
      exitCode: 4,
      hint: 'this needs lambda:UpdateAlias',
    })
  })

  test('because something else is under way is asked for again shortly', async () => {
    const fake = fakeAliases()
    fake.onUpdate = (phase, {nth}) => {
      if (phase === 'before' && nth < 4) throw awsError('ResourceConflictException', 'an update is in progress', 409)
    }
    expect(await writing(fake).write(tenPercent)).toMatchObject({kind: 'written', wasLost: false})
    fake.onUpdate = () => {
      throw awsError('ResourceConflictException', 'an update is in progress', 409)
    }
    await expect(writing(fake).write(back)).rejects.toThrow(
      'AWS refused to give checkout-api:live version 41: an update',
    )
  })
})

describe('Ctrl-C', () => {
  test('case 18: while a write is under way waits for its answer', async () => {
    const fake = fakeAliases()
    const stop = new AbortController()
    fake.onUpdate = phase => {
      if (phase === 'before') stop.abort(new Error('interrupted'))
    }
    const {write} = writing(fake, {signal: stop.signal})
    expect(await write(tenPercent)).toMatchObject({kind: 'written', state: tenPercent})
  })

  test('case 18: and finds out what became of it where the answer is lost', async () => {
    const fake = fakeAliases()
    const stop = new AbortController()
    fake.onUpdate = phase => {
      if (phase === 'before') return undefined
      stop.abort(new Error('interrupted'))
      throw reset()
    }
    const {write} = writing(fake, {signal: stop.signal})
    expect(await write(tenPercent)).toMatchObject({kind: 'written', wasLost: true})
  })

  test('is not answered by sending again what was lost, of which nobody knows then whether it comes yet', async () => {
    const fake = fakeAliases()
    const stop = new AbortController()
    fake.onUpdate = () => {
      stop.abort(new Error('interrupted'))
      throw reset()
    }
    await expect(writing(fake, {signal: stop.signal}).write(tenPercent)).rejects.toMatchObject({code: 'Unsettled'})
    expect(fake.updates).toHaveLength(1)
  })

  test('does not make sure what was lost by what AWS says to it the second time', async () => {
    const fake = fakeAliases()
    fake.onUpdate = (phase, {nth}) => {
      if (phase === 'after') return undefined
      throw nth === 1
        ? reset()
        : awsError('AccessDeniedException', 'not authorized to perform: lambda:UpdateAlias', 403)
    }
    await expect(writing(fake).write(tenPercent)).rejects.toMatchObject({code: 'Unsettled'})
  })

  test('while a throttled write waits to be made again ends the waiting, and nothing was made', async () => {
    const fake = fakeAliases()
    const stop = new AbortController()
    fake.onUpdate = () => {
      // as the timers of Node reject, whatever the signal's reason is
      const {sleep} = fake.aws.clock
      Object.assign(fake.aws.clock, {
        sleep: (ms: number, signal?: AbortSignal) =>
          sleep(ms, signal).catch(() => {
            throw Object.assign(new Error('The operation was aborted'), {name: 'AbortError'})
          }),
      })
      fake.clock.at(fake.clock.now() + 10, () => stop.abort(new Error('interrupted')))
      throw awsError('TooManyRequestsException', 'Rate exceeded', 429)
    }
    await expect(writing(fake, {signal: stop.signal}).write(tenPercent)).rejects.toThrow('interrupted')
    expect(fake.aws.calls.map(({operation}) => operation)).toEqual(['UpdateAlias'])
  })

  test('before its turn sends nothing', async () => {
    const fake = fakeAliases()
    const {write, told} = writing(fake, {signal: AbortSignal.abort(new Error('interrupted'))})
    await expect(write(tenPercent)).rejects.toThrow('interrupted')
    expect([fake.updates, told]).toEqual([[], []])
  })
})
