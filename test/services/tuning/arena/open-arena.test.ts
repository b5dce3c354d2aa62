import {rmSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openArena} from '../../../../src/services/tuning/arena/open-arena.ts'
import {beginJournal} from '../../../../src/services/tuning/journal/run-journal.ts'
import type {Mode, TunePlan} from '../../../../src/services/tuning/tune-plan.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {type FakeLambda, functionOf} from '../fake-lambda.ts'
import {contentOf, emptyDirectory, lambdaWithCheckout, planFor, runId} from '../tuned.ts'

const clone = 'slsops-tune-checkout-api-k3f9x2ab'

async function opened(fake: FakeLambda, mode: Mode, differing: Partial<TunePlan> = {}) {
  const directory = await emptyDirectory()
  const plan = planFor(fake, mode, differing)
  const journal = await beginJournal(directory, plan, fake.aws)
  onTestFinished(() => journal.release())
  const told: string[] = []
  const left: string[] = []
  const open = () =>
    openArena(
      fake.aws,
      plan,
      journal,
      ongoing(),
      what => told.push(what),
      ongoing,
      undone => left.push(...undone.left),
    )
  return {directory, plan, journal, told, left, open, text: () => readFile(join(directory, `${runId}.jsonl`), 'utf8')}
}

describe('shadow', () => {
  test('makes a clone with a version for each size, and leaves the function as it is', async () => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const {open, told} = await opened(fake, 'shadow')
    const arena = await open()
    expect(arena.refused).toEqual([])
    expect(arena.stages).toEqual([
      {memorySizeMB: 128, architecture: 'x86_64', functionName: clone, version: '2'},
      {memorySizeMB: 512, architecture: 'x86_64', functionName: clone, version: '1'},
      {memorySizeMB: 1024, architecture: 'x86_64', functionName: clone, version: '3'},
    ])
    const made = fake.functions.get(clone)
    expect(made?.tags).toEqual({
      'slsops:run': runId,
      'slsops:source': 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
      'slsops:expires': expect.stringMatching(/^2026-11-20T15:2/),
    })
    expect(made?.versions.map(({Description, MemorySize}) => [Description, MemorySize])).toEqual([
      [`slsops-tune/${runId}/512`, 512],
      [`slsops-tune/${runId}/128`, 128],
      [`slsops-tune/${runId}/1024`, 1024],
    ])
    expect(fake.logGroups.get(`/aws/lambda/${clone}`)).toMatchObject({retention: 1, tags: {'slsops:run': runId}})
    expect(told).toContain('publishes 1,024 MB (3 of 3)')

    expect(await arena.close(ongoing())).toEqual({
      cleanedUp: true,
      left: [],
      done: [`removed the function ${clone}`, `removed the log group /aws/lambda/${clone}`],
    })
    expect(contentOf(fake)).toEqual(before)
  })

  test('takes one more size in later', async () => {
    const fake = await lambdaWithCheckout()
    const {open} = await opened(fake, 'shadow')
    const arena = await open()
    const more = await arena.add({memorySizeMB: 700, architecture: 'x86_64'}, ongoing())
    expect(more).toMatchObject({memorySizeMB: 700, version: '4'})
  })

  test('writes no secret into the journal', async () => {
    const fake = await lambdaWithCheckout()
    const {open, text} = await opened(fake, 'shadow')
    const arena = await open()
    await arena.close(ongoing())
    expect(await text()).not.toMatch(/secret|TOKEN|4111|127\.0\.0\.1:\d+\/code/)
    expect(await text()).toMatch(/"kind":"end"/)
  })

  test('T21: a size above the account’s quota is refused, with all larger ones, and the others go on', async () => {
    const fake = await lambdaWithCheckout()
    fake.quotaMB = 3008
    const candidates = [512, 3008, 4096, 8192].map(memorySizeMB => ({memorySizeMB, architecture: 'x86_64' as const}))
    const {open} = await opened(fake, 'shadow', {candidates})
    const arena = await open()
    expect(arena.stages.map(({memorySizeMB}) => memorySizeMB)).toEqual([512, 3008])
    const why = 'the account’s quota is 3,008 MB'
    expect(arena.refused.map(({memorySizeMB, why}) => [memorySizeMB, why])).toEqual([
      [4096, why],
      [8192, why],
    ])
    expect(fake.mutations().filter(({input}) => input['MemorySize'] === 8192)).toEqual([])
  })

  test('makes a twin of another architecture, and does without where AWS will not have it', async () => {
    const candidates = (['x86_64', 'arm64'] as const).map(architecture => ({memorySizeMB: 512, architecture}))
    const fake = await lambdaWithCheckout()
    const both = await opened(fake, 'shadow', {candidates})
    const arena = await both.open()
    expect(arena.stages.map(({functionName}) => functionName)).toEqual([clone, `${clone}-a`])
    expect(fake.functions.get(`${clone}-a`)?.latest.Architectures).toEqual(['arm64'])
    expect(await arena.close(ongoing())).toMatchObject({cleanedUp: true})

    const before = contentOf(fake)
    fake.onChange = (_, {operation, input}) => {
      if (operation === 'CreateFunction' && String(input['FunctionName']).endsWith('-a'))
        throw awsError('InvalidParameterValueException', 'The runtime does not support arm64')
    }
    const one = await opened(fake, 'shadow', {candidates})
    const without = await one.open()
    expect(without.stages.map(({architecture}) => architecture)).toEqual(['x86_64'])
    expect(without.refused).toMatchObject([
      {architecture: 'arm64', why: expect.stringContaining('does not support arm64')},
    ])
    expect(await without.close(ongoing())).toMatchObject({cleanedUp: true})
    expect(contentOf(fake)).toEqual(before)
  })

  test('makes nothing where it could not read back that it is its own', async () => {
    const fake = await lambdaWithCheckout()
    const {open} = await opened(fake, 'shadow')
    fake.refuse('ListTags')
    await expect(open()).rejects.toMatchObject({exitCode: 4, hint: expect.stringContaining('lambda:ListTags')})
    expect(fake.mutations()).toEqual([])
  })

  test('a clone whose upload was lost after minutes, and arrives late, is removed', async () => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const late = functionOf(clone)
    const get = fake.functions.get.bind(fake.functions)
    fake.onChange = (phase, {operation, input}) => {
      if (phase !== 'before' || operation !== 'CreateFunction') return
      late.tags = input['Tags'] as Record<string, string>
      fake.clock.suspend(300_000)
      fake.functions.get = name => {
        fake.functions.get = get
        void fake.clock.sleep(3_000).then(() => fake.functions.set(clone, late))
        return get(name)
      }
      throw Object.assign(new Error('no answer'), {name: 'TimeoutError'})
    }
    const {open} = await opened(fake, 'shadow')
    await expect(open()).rejects.toThrow()
    expect([...fake.functions.keys()]).toEqual(['checkout-api'])
    expect(contentOf(fake)).toEqual(before)
  })

  test('code that is not what CodeSha256 says is not used', async () => {
    const fake = await lambdaWithCheckout(Buffer.from('something else'))
    const {open} = await opened(fake, 'shadow')
    await expect(open()).rejects.toThrow('what its link gives is not what CodeSha256 says')
    expect(fake.mutations()).toEqual([])
  })
})

describe('versions', () => {
  test('publishes a version for each size, and restores $LATEST before anything is invoked', async () => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const {open} = await opened(fake, 'versions')
    const arena = await open()
    expect(arena.stages.map(({memorySizeMB, version}) => [memorySizeMB, version])).toEqual([
      [128, '9'],
      [512, '8'],
      [1024, '10'],
    ])
    expect(fake.functions.get('checkout-api')?.latest.MemorySize).toBe(512)
    expect(await arena.add({memorySizeMB: 700, architecture: 'x86_64'}, ongoing())).toBeNull()
    expect(await arena.close(ongoing())).toMatchObject({cleanedUp: true, left: []})
    expect(contentOf(fake)).toEqual(before)
  })

  test('T22: the version that PublishVersion answers with where nothing changed is used, and never deleted', async () => {
    const fake = await lambdaWithCheckout()
    const {open} = await opened(fake, 'versions')
    const arena = await open()
    expect(arena.stages.find(({memorySizeMB}) => memorySizeMB === 512)?.version).toBe('8')
    await arena.close(ongoing())
    const deleted = fake.mutations().filter(({operation}) => operation === 'DeleteFunction')
    expect(deleted.map(({input}) => input['Qualifier'])).toEqual(['9', '10'])
  })

  test('T22: a RevisionId that changes when an update settles (aws/aws-sdk#377) stops nothing', async () => {
    const fake = await lambdaWithCheckout()
    let moved = 0
    fake.onChange = (phase, {operation}) => {
      const checkout = fake.functions.get('checkout-api')
      // once more between the reading and the write
      if (phase === 'before' && operation === 'UpdateFunctionConfiguration' && checkout && moved++ < 2)
        checkout.latest = {...checkout.latest, RevisionId: `moved-${moved}`}
    }
    const {open} = await opened(fake, 'versions')
    expect((await open()).stages).toHaveLength(3)
  })

  test('a function that another run is at work with is not begun with', async () => {
    const fake = await lambdaWithCheckout()
    const checkout = fake.functions.get('checkout-api')
    const other = '20261119-000000-aaaaaaaa'
    if (checkout) checkout.versions.push({...checkout.latest, Version: '9', Description: `slsops-tune/${other}/128`})
    const {open} = await opened(fake, 'versions')
    await expect(open()).rejects.toMatchObject({code: 'OtherRun', hint: expect.stringContaining(`--cleanup ${other}`)})
    expect(fake.mutations()).toEqual([])
  })

  test('T22: a deployment meanwhile stops it, and what was deployed is not overwritten', async () => {
    const fake = await lambdaWithCheckout()
    const checkout = fake.functions.get('checkout-api')
    fake.onChange = (phase, {operation}, place) => {
      if (phase !== 'after' || operation !== 'PublishVersion' || place < 3 || !checkout) return
      fake.onChange = () => {}
      checkout.latest = {...checkout.latest, CodeSha256: 'deployed', MemorySize: 2048, RevisionId: 'deployed'}
    }
    const {open} = await opened(fake, 'versions')
    await expect(open()).rejects.toMatchObject({
      code: 'DeployedMeanwhile',
      message: expect.stringContaining('its code changed'),
    })
    expect(checkout?.latest).toMatchObject({CodeSha256: 'deployed', MemorySize: 2048})
    expect(checkout?.versions.map(({Version}) => Version)).toEqual(['7', '8'])
  })

  test('a deployment of other code while the memory is ours is left alone, and said', async () => {
    const fake = await lambdaWithCheckout()
    const checkout = fake.functions.get('checkout-api')
    fake.onChange = (phase, {operation}, place) => {
      if (phase === 'after' && operation === 'PublishVersion' && place === 3 && checkout)
        checkout.latest = {...checkout.latest, CodeSha256: 'deployed', RevisionId: 'deployed'}
    }
    const {open, left} = await opened(fake, 'versions')
    await expect(open()).rejects.toMatchObject({code: 'DeployedMeanwhile'})
    expect(left).toEqual([expect.stringContaining('checkout-api has 128 MB, which this run set, and had 512 MB')])
    expect(checkout?.latest.MemorySize).toBe(128)
  })

  test('a size that AWS would not have back ends it before anything is invoked, and is told', async () => {
    const fake = await lambdaWithCheckout()
    fake.onChange = (phase, {operation, input}) => {
      const isRestore = operation === 'UpdateFunctionConfiguration' && input['MemorySize'] === 512
      if (phase === 'before' && isRestore) fake.quotaMB = 500
    }
    const {open, left} = await opened(fake, 'versions')
    await expect(open()).rejects.toThrow('512')
    expect(left).toEqual([expect.stringMatching(/set the memory of checkout-api back to 512 MB/)])
  })

  test('a size that AWS could not bring about is undone all the same', async () => {
    const fake = await lambdaWithCheckout()
    let failed = 0
    fake.onChange = (phase, {operation}) => {
      const checkout = fake.functions.get('checkout-api')
      if (phase !== 'after' || operation !== 'UpdateFunctionConfiguration' || !checkout || failed++ > 0) return
      checkout.settlesAt = null
      checkout.latest = {...checkout.latest, LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no ENI is left'}
    }
    const {open} = await opened(fake, 'versions')
    await expect(open()).rejects.toMatchObject({
      code: 'NotReady',
      message: expect.stringMatching(/^(?!.*left in AWS).*no ENI is left/),
    })
    expect(fake.functions.get('checkout-api')?.latest).toMatchObject({MemorySize: 512, LastUpdateStatus: 'Successful'})
    expect(fake.functions.get('checkout-api')?.versions.map(({Version}) => Version)).toEqual(['7', '8'])
  })

  test('a memory size that somebody else set meanwhile is not overwritten', async () => {
    const fake = await lambdaWithCheckout()
    const checkout = fake.functions.get('checkout-api')
    fake.onChange = (phase, {operation}, place) => {
      if (phase === 'after' && operation === 'PublishVersion' && place === 3 && checkout)
        checkout.latest = {...checkout.latest, MemorySize: 2048, RevisionId: 'set by hand'}
    }
    const {open} = await opened(fake, 'versions')
    await expect(open()).rejects.toMatchObject({code: 'DeployedMeanwhile'})
    expect(checkout?.latest.MemorySize).toBe(2048)
  })
})

describe.each(['shadow', 'versions'] as const)('%s', mode => {
  test('a journal that cannot be written any more ends it, and what was made is removed all the same', async () => {
    const fake = await lambdaWithCheckout()
    const before = contentOf(fake)
    const {open, journal} = await opened(fake, mode)
    fake.onChange = (_, _call, place) => {
      if (place === 3) rmSync(journal.path, {force: true})
    }
    await expect(open()).rejects.toMatchObject({code: 'NoJournal', message: expect.not.stringContaining('left in AWS')})
    expect(contentOf(fake)).toEqual(before)
  })

  test('settings that changed since the cost was reckoned end it before anything is changed', async () => {
    for (const change of [{Timeout: 900}, {EphemeralStorage: {Size: 10_240}}, {Role: 'arn:aws:iam::1:role/other'}]) {
      const fake = await lambdaWithCheckout()
      const {open} = await opened(fake, mode)
      const checkout = fake.functions.get('checkout-api')
      if (checkout) checkout.latest = {...checkout.latest, ...change}
      await expect(open()).rejects.toMatchObject({
        code: 'DeployedMeanwhile',
        message: expect.stringContaining('its configuration changed'),
      })
      expect(fake.mutations()).toEqual([])
    }
  })

  test('a change whose answer is lost is found in AWS, and not made again', async () => {
    const whole = await lambdaWithCheckout()
    await (await opened(whole, mode)).open()
    const fake = await lambdaWithCheckout()
    fake.onChange = phase => {
      if (phase === 'after') throw awsError('ServiceException', 'An error occurred', 500)
    }
    const {open} = await opened(fake, mode)
    expect((await open()).stages).toHaveLength(3)
    const names = ({operation}: {readonly operation: string}): string => operation
    expect(fake.mutations().map(names)).toEqual(whole.mutations().map(names))
  })

  test('a throttle is waited for, and nothing is made twice', async () => {
    const fake = await lambdaWithCheckout()
    const thrown = new Set<number>()
    fake.onChange = (phase, _, place) => {
      if (phase !== 'before' || place % 3 !== 1) return
      thrown.add(place)
      throw awsError('TooManyRequestsException', 'Rate Exceeded.', 429)
    }
    const {open} = await opened(fake, mode)
    const arena = await open()
    expect(arena.stages).toHaveLength(3)
    expect(thrown.size).toBeGreaterThan(2)
    await arena.close(ongoing())
    expect([...fake.functions.keys()]).toEqual(['checkout-api'])
  })

  test('a refusal names the permission, and what would do without', async () => {
    const fake = await lambdaWithCheckout()
    const operation = mode === 'shadow' ? 'CreateFunction' : 'UpdateFunctionConfiguration'
    fake.onChange = (_, call) => {
      if (call.operation === operation)
        throw awsError('AccessDeniedException', `User: x is not authorized to perform: lambda:${operation}`, 403)
    }
    const before = contentOf(fake)
    const {open} = await opened(fake, mode)
    await expect(open()).rejects.toMatchObject({exitCode: 4, hint: expect.stringContaining(`lambda:${operation}`)})
    expect(contentOf(fake)).toEqual(before)
  })
})
