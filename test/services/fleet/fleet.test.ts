import {mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setImmediate} from 'node:timers/promises'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import type {FunctionConfiguration} from '@aws-sdk/client-lambda'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {type ListingProgress, type ReadFleetOptions, readFleet} from '../../../src/services/fleet/fleet.ts'
import {openFleetCache} from '../../../src/services/fleet/fleet-cache.ts'
import {parseSelection} from '../../../src/services/targets/parse-target.ts'
import {awsError} from '../logs/reader/fake-log-groups.ts'
import {type Account, accountId, awsOf, functionArn, makeFunction, refusalOf} from '../targets/account.ts'

const never = new AbortController().signal

const read = (
  all: readonly Aws[],
  targets: readonly string[] = [],
  options: Partial<ReadFleetOptions> = {},
  signal = never,
) => readFleet(all, parseSelection({targets}), {cache: null, ...options}, signal)

const namesOf = ({functions}: {readonly functions: readonly {name: string; version: string | null}[]}) =>
  functions.map(({name, version}) => (version === null ? name : `${name}:${version}`))

/** What is held, garbage aside. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

const many = (count: number): readonly FunctionConfiguration[] =>
  Array.from({length: count}, (_, i) => makeFunction(`fn-${String(i).padStart(5, '0')}`))

describe('a function of the fleet', () => {
  const full: FunctionConfiguration = {
    FunctionName: 'a',
    FunctionArn: functionArn('a'),
    Runtime: 'nodejs24.x',
    PackageType: 'Zip',
    Architectures: ['arm64'],
    MemorySize: 512,
    Timeout: 29,
    EphemeralStorage: {Size: 1024},
    CodeSize: 1234,
    LastModified: '2026-11-01T09:14:00.000+0000',
    RevisionId: 'rev-1',
    LoggingConfig: {LogFormat: 'JSON', LogGroup: '/shared', SystemLogLevel: 'WARN'},
    SnapStart: {ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off'},
    DeadLetterConfig: {TargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead'},
    VpcConfig: {VpcId: 'vpc-1', SubnetIds: ['subnet-1']},
    Environment: {Variables: {TOKEN: 'secret'}},
  }

  test('is what AWS says of it', async () => {
    const {aws} = awsOf({functions: [full]})
    const {functions, scopes, gaps, notices} = await read([aws])
    expect(functions).toEqual([
      {
        aws,
        account: accountId,
        region: 'eu-west-1',
        name: 'a',
        arn: functionArn('a'),
        version: null,
        runtime: 'nodejs24.x',
        packageType: 'Zip',
        architecture: 'arm64',
        memorySizeMB: 512,
        timeoutSeconds: 29,
        ephemeralStorageMB: 1024,
        codeSizeBytes: 1234,
        lastModifiedAt: Date.UTC(2026, 10, 1, 9, 14),
        revisionId: 'rev-1',
        logGroup: '/shared',
        logFormat: 'JSON',
        systemLogLevel: 'WARN',
        snapStart: true,
        deadLetterArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
        inVpc: true,
        masterArn: null,
      },
    ])
    expect(scopes).toEqual([{account: accountId, region: 'eu-west-1', profile: null, endpoint: 'aws'}])
    expect([gaps, notices]).toEqual([[], []])
  })

  test('of which AWS says next to nothing has AWS’s defaults, and no time of change', async () => {
    const {aws} = awsOf({functions: [{FunctionName: 'a', FunctionArn: functionArn('a'), LastModified: 'yesterday'}]})
    expect((await read([aws])).functions[0]).toMatchObject({
      runtime: null,
      packageType: 'Zip',
      architecture: 'x86_64',
      memorySizeMB: 128,
      timeoutSeconds: 3,
      ephemeralStorageMB: 512,
      lastModifiedAt: null,
      logGroup: '/aws/lambda/a',
      logFormat: 'Text',
      systemLogLevel: null,
      snapStart: false,
      inVpc: false,
    })
  })

  test('is a version where one was asked for, or what an alias serves', async () => {
    const account: Account = {
      functions: [makeFunction('a')],
      aliases: {'a:live': {FunctionVersion: '42', RoutingConfig: {AdditionalVersionWeights: {'43': 0.1}}}},
      versions: Object.fromEntries(
        ['42', '43'].map(version => [
          `a:${version}`,
          {...makeFunction('a'), FunctionArn: `${functionArn('a')}:${version}`, Version: version},
        ]),
      ),
    }
    expect(namesOf(await read([awsOf(account).aws], ['a:42']))).toEqual(['a:42'])
    const live = await read([awsOf(account).aws], ['a:live', 'a:43'])
    expect(namesOf(live)).toEqual(['a:42', 'a:43'])
    expect(live.functions[0]?.arn).toBe(functionArn('a'))
    expect(namesOf(await read([awsOf(account).aws], ['a:42', 'a']))).toEqual(['a'])
  })

  test('is there once, whatever number of targets names it', async () => {
    const account = {functions: many(4)}
    expect(namesOf(await read([awsOf(account).aws], ['fn-00001', 'fn-0000*', '*1', '!fn-00003']))).toEqual([
      'fn-00000',
      'fn-00001',
      'fn-00002',
    ])
  })

  test('costs a hundred megabytes by the hundred thousand at most', {timeout: 60_000}, async () => {
    const bulk = {Environment: {Variables: {FILLER: 'x'.repeat(2_000)}}}
    // made when they are asked for: what is held afterwards is the fleet alone
    const {aws} = awsOf({
      instead: (api, _, {Marker}) => {
        if (api !== 'ListFunctions') return undefined
        const from = Number(Marker ?? 0)
        const functions = Array.from({length: 50}, (_, i) => {
          const name = `orders-service-function-${from + i}`
          return JSON.parse(JSON.stringify({...makeFunction(name), Runtime: 'nodejs24.x', ...bulk}))
        })
        return {Functions: functions, ...(from + 50 < 100_000 && {NextMarker: String(from + 50)})}
      },
    })
    const before = heapUsed()
    const {functions} = await read([aws])
    expect(functions).toHaveLength(100_000)
    expect(heapUsed() - before).toBeLessThan(100e6)
    expect(JSON.stringify({...functions[99_999], aws: null})).not.toContain('xxx')
  })
})

describe('several regions and profiles', () => {
  test('are one fleet, in the order they were given; what a region refuses is a gap', async () => {
    const ireland = awsOf({functions: [makeFunction('a')]}).aws
    const frankfurt = awsOf({region: 'eu-central-1', functions: [makeFunction('b')]}).aws
    const closed = awsOf({region: 'us-east-1', denied: ['ListFunctions']}).aws
    const {functions, gaps, scopes} = await read([closed, frankfurt, ireland])
    expect(functions.map(({name, region}) => [name, region])).toEqual([
      ['b', 'eu-central-1'],
      ['a', 'eu-west-1'],
    ])
    expect(gaps).toMatchObject([{what: 'everything in us-east-1', region: 'us-east-1', reason: 'denied'}])
    // one profile is one account, whatever the region
    expect(scopes.map(({account}) => account)).toEqual([accountId, accountId, accountId])
  })

  test('of two profiles that see the same account, it is read once', async () => {
    const first = awsOf({profile: 'one', functions: [makeFunction('a')]})
    const second = awsOf({profile: 'two', functions: [makeFunction('a')]})
    const {functions, scopes} = await read([first.aws, second.aws])
    expect(functions).toHaveLength(1)
    expect(second.count('ListFunctions')).toBe(0)
    expect(scopes.map(({profile, account}) => [profile, account])).toEqual([
      ['one', accountId],
      ['two', accountId],
    ])
  })

  test('without functions have a notice, and the account that STS tells', async () => {
    const {functions, notices, scopes} = await read([awsOf({}).aws])
    expect(functions).toEqual([])
    expect(notices).toEqual(['there are no functions in eu-west-1'])
    expect(scopes[0]?.account).toBe(accountId)
  })

  test('that refuse all end in what AWS said', async () => {
    expect(await refusalOf(read([awsOf({denied: ['ListFunctions']}).aws]))).toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('lambda:ListFunctions'),
    })
    expect(await refusalOf(read([awsOf({functions: many(2)}).aws], ['nothing']))).toMatchObject({code: 'NoMatch'})
  })
})

describe('a listing that takes long', () => {
  test('tells how far it is, and what the rest will take', async () => {
    let now = 0
    const {aws} = awsOf({
      functions: many(1_000),
      clock: {now: () => now, sleep: async () => {}},
      instead: api => {
        if (api === 'ListFunctions') now += 100
        return undefined
      },
    })
    const progress: ListingProgress[] = []
    const plans: unknown[] = []
    await read([aws], [], {onProgress: each => progress.push(each), onLongListing: plan => plans.push(plan)})
    expect(progress).toHaveLength(20)
    expect(progress.at(-1)).toEqual({functions: 1_000, pages: 20, expected: 1_000})
    expect(plans).toMatchObject([
      {steps: [{what: '1,000 functions of eu-west-1', api: 'ListFunctions'}], costUSD: 0, callsPerSecond: 10},
    ])
  })

  test('goes on where nobody may tell how many functions there are', async () => {
    const {aws} = awsOf({functions: many(200), denied: ['GetAccountSettings']})
    const plans: unknown[] = []
    expect((await read([aws], [], {onLongListing: plan => plans.push(plan)})).functions).toHaveLength(200)
    expect(plans).toEqual([])
  })

  test('gives what there is when it is stopped, and says that the rest is missing', async () => {
    const stop = new AbortController()
    const ireland = awsOf({functions: many(1_000)}).aws
    const frankfurt = awsOf({region: 'eu-central-1', functions: many(3)}).aws
    const onProgress = ({functions}: ListingProgress): void => {
      if (functions >= 300) stop.abort(new Error('interrupted'))
    }
    const {functions, gaps, scopes} = await read([ireland, frankfurt], [], {onProgress}, stop.signal)
    expect(functions.filter(({region}) => region === 'eu-central-1')).toHaveLength(3)
    expect(functions.length).toBeGreaterThanOrEqual(253)
    expect(functions.length).toBeLessThan(400)
    expect(gaps).toEqual([
      {
        what: 'the other functions in eu-west-1',
        account: accountId,
        region: 'eu-west-1',
        reason: 'interrupted',
        detail: `${functions.length - 3} were listed`,
      },
    ])
    expect(scopes.map(({account}) => account)).toEqual([accountId, accountId])
  })

  test('that is stopped before it began has nothing, and says so', async () => {
    const {functions, gaps} = await read([awsOf({functions: many(2)}).aws], [], {}, AbortSignal.abort(new Error('no')))
    expect(functions).toEqual([])
    expect(gaps).toMatchObject([{what: 'all functions in eu-west-1', reason: 'interrupted'}])
  })
})

describe('a listing that was killed', () => {
  const start = Date.UTC(2026, 10, 20, 14, 2)

  /** An account and a cache, for runs one after the other. */
  function anAccount(functions = many(1_000)) {
    const directory = mkdtempSync(join(tmpdir(), 'slsops-'))
    onTestFinished(() => rmSync(directory, {recursive: true, force: true}))
    const clock = {now: start}
    const run = async (
      {dies = 0, fresh = false, instead}: {dies?: number; fresh?: boolean; instead?: Account['instead']} = {},
      targets: readonly string[] = [],
    ) => {
      const {cache} = await openFleetCache({directory, now: () => clock.now, fresh})
      const {aws, count, calls} = awsOf({
        functions,
        clock: {now: () => clock.now, sleep: async () => {}},
        instead: async (api, nth, input) => {
          clock.now += 10
          await setImmediate()
          // as a process does that is killed: what it had not given to the disk is lost
          if (api === 'ListFunctions' && dies > 0 && nth > dies) throw awsError('Killed', '', 400)
          return instead?.(api, nth, input)
        },
      })
      const fleet = await read([aws], targets, {cache}).catch(() => null)
      if (dies === 0) await cache.flush()
      return {fleet, count: count('ListFunctions'), calls}
    }
    return {clock, run, directory}
  }

  test('is gone on with where it was, which is said', async () => {
    const {run, clock} = anAccount()
    expect((await run({dies: 12})).count).toBe(13)
    clock.now += 60_000
    const {fleet, count} = await run()
    expect(count).toBe(8)
    expect(fleet?.functions).toHaveLength(1_000)
    expect(fleet?.functions.map(({name}) => name)).toEqual(many(1_000).map(({FunctionName}) => FunctionName))
    expect(fleet?.notices).toEqual([
      'goes on with a listing of eu-west-1 that was interrupted at 14:02:00Z: 600 functions were read then; --fresh begins anew',
    ])
  })

  test('is gone on with twice', async () => {
    const {run} = anAccount()
    await run({dies: 5})
    await run({dies: 5})
    const {fleet, count} = await run()
    expect(count).toBe(10)
    expect(fleet?.functions).toHaveLength(1_000)
  })

  test('is the same whatever the functions are then asked for', async () => {
    const {run} = anAccount()
    await run({dies: 12})
    const {fleet, count} = await run({}, ['*9'])
    expect(count).toBe(8)
    expect(fleet?.functions).toHaveLength(100)
  })

  test('is begun anew a quarter of an hour later, and with --fresh', async () => {
    const {run, clock} = anAccount()
    await run({dies: 12})
    clock.now += 15 * 60_000
    expect(await run({dies: 12})).toMatchObject({count: 13})
    expect(await run({fresh: true})).toMatchObject({count: 20, fleet: {notices: []}})
  })

  test('is begun anew where AWS does not know its Marker any more', async () => {
    const {run} = anAccount()
    await run({dies: 12})
    const refusing: Account['instead'] = (api, nth) => {
      if (api === 'ListFunctions' && nth === 1) throw awsError('InvalidParameterValueException', 'Invalid Marker', 400)
      return undefined
    }
    const {fleet, count} = await run({instead: refusing})
    expect(count).toBe(21)
    expect(fleet).toMatchObject({notices: []})
    expect(fleet?.functions).toHaveLength(1_000)
  })

  test('has no hole where its pages grow too old, or are gone, while AWS answers to the Marker', async () => {
    const {run, clock, directory} = anAccount()
    await run({dies: 12})
    clock.now += 14 * 60_000
    const slow: Account['instead'] = (api, nth) => {
      if (api === 'ListFunctions' && nth === 1) clock.now += 2 * 60_000
    }
    expect((await run({instead: slow})).fleet?.functions).toHaveLength(1_000)
    await run({dies: 12})
    const losing: Account['instead'] = (api, nth) => {
      if (api === 'ListFunctions' && nth === 1)
        for (const name of readdirSync(directory)) truncateSync(join(directory, name), 1_000)
    }
    const {fleet} = await run({instead: losing})
    expect(fleet?.functions).toHaveLength(1_000)
    expect(fleet?.notices).toEqual([])
  })

  test('is never one that came to its end', async () => {
    const {run} = anAccount()
    expect((await run()).count).toBe(20)
    expect((await run()).count).toBe(20)
  })

  test('leaves no environment variables on disk', async () => {
    const secret = {...makeFunction('a'), Environment: {Variables: {TOKEN: 'hunter2'}}, Description: 'hunter2'}
    const {run, directory} = anAccount([secret, ...many(100)])
    await run({dies: 1})
    const kept = readdirSync(directory).map(name => readFileSync(join(directory, name), 'utf8'))
    expect(kept.join('')).toContain('fn-00048')
    expect(kept.join('')).not.toContain('hunter2')
  })
})
