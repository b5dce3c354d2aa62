import {describe, expect, it} from 'vitest'
import {ExitCode, UserError} from '../../../../src/errors.ts'
import {createInvoker, type Invoked} from '../../../../src/services/tuning/invoke/invoker.ts'
import type {TunePlan} from '../../../../src/services/tuning/tune-plan.ts'
import {deniedTo, type FakeAccount, type FakeCall, fakeAccount, now, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {planOf, requestId, stage} from '../invoked-plan.ts'

const line = (fields: string): string => `REPORT RequestId: ${requestId}\t${fields}\t\n`
const warm = line('Duration: 12.30 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 80 MB')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const half = () => 0.5

const answered = (more: object = {}) => ({
  StatusCode: 200,
  ExecutedVersion: '3',
  LogResult: base64(warm),
  Payload: Buffer.from('{"ok":true}'),
  $metadata: {httpStatusCode: 200, requestId},
  ...more,
})

const throttled = (Reason?: string, retryAfterSeconds?: string): Error =>
  Object.assign(awsError('TooManyRequestsException', 'Rate Exceeded.', 429), {Reason, retryAfterSeconds})

type Made = {readonly aws: FakeAccount; readonly waits: [number, string][]; readonly outcome: Promise<Invoked>}

/** One invocation where Invoke answers so; what is an error is thrown. */
function invoking(
  answer: (call: FakeCall) => unknown,
  {
    answers = {},
    plan = planOf(),
    text = '{"order":1}',
    signal = ongoing(),
    of = stage,
  }: {
    readonly answers?: Readonly<Record<string, (call: FakeCall) => unknown>>
    readonly plan?: TunePlan
    readonly text?: string
    readonly signal?: AbortSignal
    readonly of?: typeof stage
  } = {},
): Made {
  const Invoke = (call: FakeCall): unknown => {
    const told = answer(call)
    if (told instanceof Error) throw told
    return told
  }
  const aws = fakeAccount({answers: {Invoke, FilterLogEvents: () => ({events: []}), ...answers}})
  const waits: [number, string][] = []
  const onWait = (ms: number, why: string) => void waits.push([ms, why])
  const payload = {payload: {text, weight: 1}, place: 2}
  const invoked = createInvoker(aws, plan, half).invoke(of, payload, signal, onWait)
  return {aws, waits, outcome: aws.fakeClock.outcome(invoked)}
}

const sampleOf = async ({outcome}: Made) => {
  const invoked = await outcome
  if (invoked.kind !== 'sample') throw new Error(invoked.why)
  return invoked
}

describe('an invocation', () => {
  it('is sent to a version by number, synchronously, with its log’s tail and the payload as it was given', async () => {
    const made = invoking(() => answered(), {
      text: '{"a": 1.0,  "ü": 12345678901234567890}',
      plan: planOf({}, {tenantId: 'acme'}),
    })
    await made.outcome
    const input = made.aws.of('Invoke')[0]?.input
    expect(input).toMatchObject({
      FunctionName: stage.functionName,
      Qualifier: '3',
      InvocationType: 'RequestResponse',
      LogType: 'Tail',
      TenantId: 'acme',
    })
    expect(Buffer.from(input?.['Payload'] as Uint8Array).toString()).toBe('{"a": 1.0,  "ü": 12345678901234567890}')
  })

  it('becomes a sample by the report in the tail', async () => {
    const {sample, answer} = await sampleOf(invoking(() => answered()))
    expect(sample).toEqual({
      memorySizeMB: 512,
      architecture: 'arm64',
      at: now,
      requestId,
      payload: 2,
      outcome: 'ok',
      errorType: null,
      durationMs: 12.3,
      billedMs: 13,
      initMs: null,
      restoreMs: null,
      maxMemoryUsedMB: 80,
      isCold: true,
      measuredBy: 'tail',
    })
    expect(answer).toEqual({excerpt: '{"ok":true}', looksLikeError: null})
  })

  it('T17, T18: init and restore are as reported, and billed is billed', async () => {
    const cold = line(
      'Duration: 250.06 ms\tBilled Duration: 351 ms\tMemory Size: 512 MB\tMax Memory Used: 80 MB\tInit Duration: 100.77 ms',
    )
    expect((await sampleOf(invoking(() => answered({LogResult: base64(cold)})))).sample).toMatchObject({
      billedMs: 351,
      initMs: 100.77,
      isCold: true,
    })
    const restored = line(
      'Duration: 127.10 ms\tBilled Duration: 154 ms\tMemory Size: 512 MB\tMax Memory Used: 80 MB\tRestore Duration: 400.00 ms\tBilled Restore Duration: 26 ms',
    )
    expect((await sampleOf(invoking(() => answered({LogResult: base64(restored)})))).sample).toMatchObject({
      billedMs: 154,
      restoreMs: 400,
    })
  })

  it('shows the first kilobytes of its answer only, and says what looks like an error in all of it', async () => {
    const Payload = Buffer.from(JSON.stringify({filler: 'x'.repeat(9_000), statusCode: 500}))
    const {answer} = await sampleOf(invoking(() => answered({Payload})))
    expect(answer.excerpt).toHaveLength(4_096)
    expect(answer.looksLikeError).toBe('statusCode 500')
  })

  it('is not sent with more than Lambda takes', async () => {
    const {aws, outcome} = invoking(() => answered(), {text: `"${'x'.repeat(6 * 1024 * 1024)}"`})
    await expect(outcome).rejects.toMatchObject({
      exitCode: ExitCode.usage,
      message: 'payload 3 has 6,291,458 bytes: Lambda takes 6,291,456 (6 MB) in a request',
    })
    expect(aws.of('Invoke')).toHaveLength(0)
  })

  it('T22: is rejected where another version answered', async () => {
    const {outcome} = invoking(() => answered({ExecutedVersion: '$LATEST'}))
    expect(await outcome).toEqual({
      kind: 'unknown',
      why: 'version $LATEST answered, not 3',
      isForeignVersion: true,
    })
  })
})

describe('a failing invocation', () => {
  const failed = (body: object, log = warm) =>
    invoking(() =>
      answered({FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify(body)), LogResult: base64(log)}),
    )
  const full = (fields: string) =>
    line(`Duration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 512 MB\tMax Memory Used: 512 MB\t${fields}`)

  it.each<[string, object, string, string, string]>([
    ['an exception', {errorType: 'ValueError', errorMessage: 'no'}, warm, 'error', 'ValueError'],
    ['one without a type', {errorMessage: 'no'}, warm, 'error', 'Unhandled'],
    ['a timeout by its report', {errorMessage: 'x'}, full('Status: timeout'), 'timeout', 'Unhandled'],
    ['a timeout by its error', {errorType: 'Sandbox.Timedout', errorMessage: 'x'}, warm, 'timeout', 'Sandbox.Timedout'],
    [
      'a timeout by its message',
      {errorMessage: `2026-11-20T14:00:03.000Z ${requestId} Task timed out after 3.00 seconds`},
      warm,
      'timeout',
      'Unhandled',
    ],
    [
      'out of memory by its report',
      {errorType: 'Runtime.ExitError'},
      full('Status: error\tError Type: Runtime.OutOfMemory'),
      'oom',
      'Runtime.ExitError',
    ],
    [
      'out of memory of an older runtime',
      {errorMessage: `RequestId: ${requestId} Process exited before completing request`},
      `RequestId: ${requestId} Process exited before completing request\n${full('')}`,
      'oom',
      'Unhandled',
    ],
    [
      'out of memory in the language’s own words',
      {errorType: 'MemoryError', errorMessage: ''},
      warm,
      'oom',
      'MemoryError',
    ],
    [
      'a crash with memory left',
      {errorType: 'Runtime.ExitError', errorMessage: 'RequestId: 1 Error: Runtime exited with error: signal: killed'},
      warm,
      'error',
      'Runtime.ExitError',
    ],
    [
      'code that cannot be loaded',
      {errorType: 'Runtime.ImportModuleError', errorMessage: 'no module'},
      warm,
      'init-error',
      'Runtime.ImportModuleError',
    ],
  ])('%s', async (_, body, log, outcome, errorType) => {
    const {sample, answer} = await sampleOf(failed(body, log))
    expect(sample).toMatchObject({outcome, errorType})
    expect(answer.looksLikeError).toBeNull()
  })
})

describe('the first invocation of an environment is cold, whatever its report says', () => {
  it('those after it are not, until one breaks the environment', async () => {
    const outcomes = [undefined, undefined, 'Unhandled', undefined, undefined]
    const Invoke = ({nth}: FakeCall) =>
      answered({
        FunctionError: outcomes[nth - 1],
        ...(outcomes[nth - 1] && {Payload: Buffer.from('{"errorType":"Sandbox.Timedout"}')}),
      })
    const aws = fakeAccount({answers: {Invoke}})
    const invoker = createInvoker(aws, planOf(), half)
    const cold: boolean[] = []
    for (const _ of outcomes) {
      const made = await aws.fakeClock.outcome(
        invoker.invoke(stage, {payload: {text: '{}', weight: 1}, place: 0}, ongoing(), () => {}),
      )
      if (made.kind === 'sample') cold.push(made.sample.isCold)
    }
    expect(cold).toEqual([true, false, false, true, false])
  })

  it('each that runs beside others needs one of its own', async () => {
    const aws = fakeAccount({answers: {Invoke: () => answered()}})
    const invoker = createInvoker(aws, planOf(), half)
    const one = () => invoker.invoke(stage, {payload: {text: '{}', weight: 1}, place: 0}, ongoing(), () => {})
    const two = async () =>
      (await aws.fakeClock.outcome(Promise.all([one(), one()]))).map(
        made => made.kind === 'sample' && made.sample.isCold,
      )
    expect(await two()).toEqual([true, true])
    expect(await two()).toEqual([false, false])
  })
})

describe('a report that is not in the tail', () => {
  const silent = () => answered({LogResult: base64('START only\n')})
  const found = ({nth}: FakeCall) => ({
    events: nth < 3 ? [] : [{timestamp: now, message: warm, logStreamName: 's', eventId: '1'}],
  })

  it('is looked for in the log group of the clone, by the request’s id', async () => {
    const made = invoking(silent, {answers: {FilterLogEvents: found}})
    expect((await sampleOf(made)).sample).toMatchObject({billedMs: 13, measuredBy: 'log', at: now})
    expect(made.aws.of('FilterLogEvents')).toHaveLength(3)
    expect(made.aws.of('FilterLogEvents')[0]?.input).toMatchObject({
      logGroupName: `/aws/lambda/${stage.functionName}`,
      filterPattern: `"${requestId}"`,
    })
  })

  it('is looked for in the function’s own log group where its versions are invoked', async () => {
    const of = {...stage, functionName: 'checkout'}
    const made = invoking(silent, {
      of,
      plan: planOf({LoggingConfig: {LogGroup: '/shop/all'}}),
      answers: {FilterLogEvents: found},
    })
    await made.outcome
    expect(made.aws.of('FilterLogEvents')[0]?.input).toMatchObject({logGroupName: '/shop/all'})
  })

  it('is done without after some seconds, by this machine’s clock', async () => {
    const made = invoking(silent)
    expect((await sampleOf(made)).sample).toMatchObject({
      durationMs: 20,
      billedMs: 20,
      maxMemoryUsedMB: null,
      measuredBy: 'clock',
    })
    expect(made.aws.fakeClock.now() - now).toBeLessThan(8_000)
  })

  it('is not looked for where Lambda was told to write none, or gave no id', async () => {
    const of = {...stage, functionName: 'checkout'}
    const plan = planOf({LoggingConfig: {LogFormat: 'JSON', SystemLogLevel: 'WARN'}})
    for (const made of [
      invoking(silent, {of, plan}),
      invoking(() => answered({LogResult: undefined, $metadata: {}})),
    ]) {
      expect((await sampleOf(made)).sample.measuredBy).toBe('clock')
      expect(made.aws.of('FilterLogEvents')).toHaveLength(0)
    }
  })

  it('is not looked for any more where the log may not be read, or never shows it', async () => {
    const denied = () => {
      throw deniedTo('logs:FilterLogEvents')
    }
    for (const [FilterLogEvents, most] of [
      [denied, 1],
      [() => ({events: []}), 12],
    ] as const) {
      const aws = fakeAccount({answers: {Invoke: silent, FilterLogEvents}})
      const invoker = createInvoker(aws, planOf(), half)
      for (let i = 0; i < 5; i++) {
        const one = invoker.invoke(stage, {payload: {text: '{}', weight: 1}, place: 0}, ongoing(), () => {})
        expect(await aws.fakeClock.outcome(one)).toMatchObject({sample: {measuredBy: 'clock'}})
      }
      expect(aws.of('FilterLogEvents')).toHaveLength(most)
    }
  })

  it('an abort meanwhile keeps the sample: the invocation is over', async () => {
    const controller = new AbortController()
    const made = invoking(silent, {signal: controller.signal})
    made.aws.fakeClock.at(now + 700, () => controller.abort(new Error('stopped')))
    expect((await sampleOf(made)).sample.measuredBy).toBe('clock')
  })
})

describe('T22: an invocation whose answer is lost is never made again', () => {
  const network = (code: string) => Object.assign(new Error('socket hang up'), {code})
  it.each<[string, Error]>([
    ['a connection that is reset', network('ECONNRESET')],
    ['a broken pipe', network('EPIPE')],
    ['a name that is not found', network('ENOTFOUND')],
    ['no answer in time', Object.assign(new Error('timed out'), {name: 'TimeoutError', $metadata: {}})],
    ['a 500', awsError('ServiceException', 'internal', 500)],
    ['a 502 of nobody knows whom', awsError('BadGateway', 'x', 502)],
    ['a 503', awsError('ServiceUnavailableException', 'x', 503)],
    ['a proxy’s page', Object.assign(new SyntaxError('<html>'), {$metadata: {httpStatusCode: 504}, $response: {}})],
    ['a file system that failed', awsError('EFSIOException', 'x', 410)],
  ])('%s', async (_, error) => {
    const {aws, outcome, waits} = invoking(() => error)
    expect(await outcome).toMatchObject({kind: 'unknown', isForeignVersion: false, why: expect.stringMatching(/\w/)})
    expect(aws.of('Invoke')).toHaveLength(1)
    expect(waits).toEqual([])
  })

  it('an abort while it runs', async () => {
    const controller = new AbortController()
    const {aws, outcome} = invoking(() => answered(), {signal: controller.signal})
    aws.fakeClock.at(now + 10, () => controller.abort(new Error('stopped')))
    expect(await outcome).toEqual({kind: 'unknown', why: 'it was stopped before it answered', isForeignVersion: false})
    expect(aws.of('Invoke')).toHaveLength(1)
  })

  it('but an abort before it was sent is thrown: nothing ran', async () => {
    const {aws, outcome} = invoking(() => answered(), {signal: AbortSignal.abort(new Error('stopped'))})
    await expect(outcome).rejects.toThrow('stopped')
    expect(aws.of('Invoke')).toHaveLength(0)
  })
})

describe('T22: a throttle ran nothing, and is waited for', () => {
  const times =
    (count: number, error: () => Error) =>
    ({nth}: FakeCall) =>
      nth <= count ? error() : answered()

  it('as long as Lambda says, told with its Reason, and counted as no sample', async () => {
    const made = invoking(times(2, () => throttled('ConcurrentInvocationLimitExceeded', '7')))
    const {sample} = await sampleOf(made)
    expect(made.waits).toEqual([
      [7_000, '429 ConcurrentInvocationLimitExceeded: the account’s concurrency is used up'],
      [7_000, '429 ConcurrentInvocationLimitExceeded: the account’s concurrency is used up'],
    ])
    expect(sample.at).toBe(now + 14_040)
  })

  it('longer each time where Lambda does not say', async () => {
    const made = invoking(times(4, () => throttled()))
    await made.outcome
    expect(made.waits.map(([ms]) => ms)).toEqual([375, 750, 1_500, 3_000])
  })

  it.each([
    ['EC2ThrottledException', 502],
    ['ENILimitReachedException', 502],
    ['ENINotReadyException', 502],
    ['ResourceNotReadyException', 502],
    ['SnapStartNotReadyException', 409],
    ['CodeArtifactUserPendingException', 409],
    ['ResourceConflictException', 409],
  ])('so is %s', async (name, status) => {
    const made = invoking(times(1, () => awsError(name, 'not now', status)))
    expect((await made.outcome).kind).toBe('sample')
    expect(made.waits[0]?.[1]).toContain(name)
  })

  it('a request that was only dated wrong is signed anew, once', async () => {
    const off = () => {
      const error = awsError('InvalidSignatureException', 'Signature expired: 2026', 403)
      return Object.assign(error, {$metadata: {httpStatusCode: 403, clockSkewCorrected: true}})
    }
    expect((await invoking(times(1, off)).outcome).kind).toBe('sample')
    const {aws, outcome} = invoking(off)
    await expect(outcome).rejects.toMatchObject({exitCode: ExitCode.refused})
    expect(aws.of('Invoke')).toHaveLength(2)
  })

  it('for three minutes, and then given up with the Reason', async () => {
    const GetFunctionConcurrency = () => ({ReservedConcurrentExecutions: 5})
    const made = invoking(() => throttled('ReservedFunctionConcurrentInvocationLimitExceeded'), {
      answers: {GetFunctionConcurrency},
    })
    await expect(made.outcome).rejects.toMatchObject({
      message: `${stage.functionName} could not be invoked for 3 minutes: 429 ReservedFunctionConcurrentInvocationLimitExceeded: its reserved concurrency is used up, or 0`,
      exitCode: ExitCode.failed,
    })
    expect(made.aws.fakeClock.now() - now).toBeLessThanOrEqual(180_000)
    expect(made.aws.of('GetFunctionConcurrency')).toHaveLength(1)
  })

  it('not where its reserved concurrency is 0', async () => {
    const GetFunctionConcurrency = () => ({ReservedConcurrentExecutions: 0})
    const made = invoking(() => throttled('ReservedFunctionConcurrentInvocationLimitExceeded'), {
      answers: {GetFunctionConcurrency},
    })
    await expect(made.outcome).rejects.toThrow('its reserved concurrency is 0')
    expect(made.waits).toEqual([])
  })

  it('not beyond what it is asked to wait for at most', async () => {
    const made = invoking(() => throttled('CallerRateLimitExceeded', '86400'))
    await expect(made.outcome).rejects.toThrow('CallerRateLimitExceeded')
    expect(made.aws.of('Invoke')).toHaveLength(1)
  })

  it('an abort ends the wait: nothing ran', async () => {
    const controller = new AbortController()
    const {aws, outcome} = invoking(() => throttled(undefined, '60'), {signal: controller.signal})
    aws.fakeClock.at(now + 1_000, () => controller.abort(new Error('stopped')))
    await expect(outcome).rejects.toThrow('stopped')
  })
})

describe('what Lambda refuses ends it', () => {
  it('a function that could not be made', async () => {
    const message =
      'The operation cannot be performed at this time. The function is currently in the following state: Failed'
    const {waits, outcome} = invoking(() => awsError('ResourceConflictException', message, 409))
    await expect(outcome).rejects.toThrow('state: Failed')
    expect(waits).toEqual([])
  })

  it('a permission, with its name', async () => {
    const {outcome} = invoking(() => deniedTo('lambda:InvokeFunction'))
    await expect(outcome).rejects.toMatchObject({
      exitCode: ExitCode.refused,
      hint: expect.stringContaining('lambda:InvokeFunction'),
    })
  })

  it.each([
    ['ResourceNotFoundException', 404],
    ['KMSAccessDeniedException', 502],
    ['EFSMountTimeoutException', 408],
    ['InvalidRequestContentException', 400],
    ['RequestTooLargeException', 413],
    ['ExpiredTokenException', 403],
  ])('%s', async (name, status) => {
    const {aws, outcome} = invoking(() => awsError(name, 'no', status))
    await expect(outcome).rejects.toBeInstanceOf(UserError)
    expect(aws.of('Invoke')).toHaveLength(1)
  })

  it('a bug is thrown as it is', async () => {
    await expect(invoking(() => new TypeError('x is undefined')).outcome).rejects.toThrow(TypeError)
  })
})
