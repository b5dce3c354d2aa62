import {InvokeCommand} from '@aws-sdk/client-lambda'
import {describe, expect, test} from 'vitest'
import {refusal} from '../../running.ts'
import {cloneOf} from '../../world/clone.ts'
import {larder, minute} from '../../world/larder-world.ts'
import {invoking, reported} from './invoking.ts'

const order = JSON.stringify({orderId: 'ord_1', articles: [], zip: '10115'})

describe('an invocation', () => {
  test('is answered with what the function returned, the version that ran and the end of its log', async () => {
    const {invoke} = await invoking()
    const answer = await invoke('inventory')
    expect(answer).toMatchObject({status: 200, version: '$LATEST', error: undefined, payload: {ok: true}})
    const [start = '', ...lines] = answer.log?.trimEnd().split('\n') ?? []
    expect(start).toBe(`START RequestId: ${answer.requestId} Version: $LATEST`)
    expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(lines.some(line => line.startsWith('REPORT RequestId: '))).toBe(true)
    expect(answer.log).not.toContain('INIT_START')
  })

  test('answers as API Gateway wants it where the function is behind one', async () => {
    const {invoke} = await invoking()
    expect((await invoke('checkout-api', {Payload: order})).payload).toEqual({
      statusCode: 200,
      headers: {'content-type': 'application/json'},
      body: '{"ok":true}',
    })
  })

  test('has no log in its answer unless it is asked for', async () => {
    const {invoke} = await invoking()
    expect((await invoke('inventory', {LogType: 'None'})).log).toBeUndefined()
  })

  test('takes as long as it says', async () => {
    const {invoke, clock} = await invoking()
    await invoke('slack-alerts')
    const begun = clock.at
    const ms = reported((await invoke('slack-alerts')).log, 'Duration') ?? 0
    expect(clock.at - begun).toBeGreaterThan(ms)
    expect(clock.at - begun).toBeLessThan(ms + 20)
  })

  test('of a version or an alias runs it', async () => {
    const {invoke, world} = await invoking()
    expect((await invoke('checkout-api', {Qualifier: '40'})).version).toBe('40')
    expect((await invoke('checkout-api:41')).version).toBe('41')
    const serving = world.function('checkout-api')?.aliases[0]?.version
    expect((await invoke('checkout-api', {Qualifier: 'live'})).version).toBe(serving)
  })

  test('of an alias with two versions runs both, by their shares', async () => {
    const {invoke, world} = await invoking()
    world.updateAlias('inventory', 'live', {version: '17', weights: {16: 0.5}})
    const ran = new Set<string | undefined>()
    for (let i = 0; i < 20; i++) ran.add((await invoke('inventory', {Qualifier: 'live'})).version)
    expect([...ran].sort()).toEqual(['16', '17'])
  })

  test('goes on when its caller has gone', async () => {
    const {lambda, world, clock} = await invoking({
      liveTick: (_, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('gone')))),
    })
    const leaving = new AbortController()
    const since = clock.at
    const call = lambda.send(new InvokeCommand({FunctionName: 'log-archiver'}), {abortSignal: leaving.signal})
    await expect.poll(() => world.invocations('log-archiver', since, since + minute).length).toBe(1)
    leaving.abort()
    await expect(call).rejects.toThrow()
    expect(world.invocations('log-archiver', since, since + minute).length).toBe(1)
  })
})

describe('environments', () => {
  test('are made by the first invocation, which is billed for the init, and serve the next ones', async () => {
    const {invoke} = await invoking()
    const [cold, warm] = [await invoke('inventory'), await invoke('inventory')]
    const [init = 0, duration = 0] = [reported(cold.log, 'Init Duration'), reported(cold.log, 'Duration')]
    expect(init).toBeGreaterThan(150)
    expect(reported(cold.log, 'Billed Duration')).toBe(Math.ceil(init + duration))
    expect(reported(warm.log, 'Init Duration')).toBeUndefined()
    expect(reported(warm.log, 'Billed Duration')).toBe(Math.ceil(reported(warm.log, 'Duration') ?? 0))
  })

  test('belong to a version', async () => {
    const {invoke} = await invoking()
    await invoke('checkout-api', {Qualifier: '41'})
    expect(reported((await invoke('checkout-api', {Qualifier: '40'})).log, 'Init Duration')).toBeGreaterThan(100)
    expect(reported((await invoke('checkout-api', {Qualifier: '41'})).log, 'Init Duration')).toBeUndefined()
  })

  test('come from a snapshot where a version has one', async () => {
    const {invoke} = await invoking()
    const {log} = await invoke('search', {Qualifier: 'live'})
    const [duration = 0, restored = 0] = [reported(log, 'Duration'), reported(log, 'Billed Restore Duration')]
    expect(restored).toBeGreaterThan(50)
    expect(reported(log, 'Restore Duration')).toBeGreaterThan(restored)
    expect(reported(log, 'Billed Duration')).toBe(Math.ceil(duration) + restored)
    expect(reported((await invoke('search')).log, 'Restore Duration')).toBeUndefined()
  })

  test('are made anew when all are busy, and some minutes after their last use', async () => {
    const {world, clock, invoke} = await invoking()
    const streams = () => {
      const execution = world.invoke('slack-alerts', '$LATEST', '')
      return 'throttled' in execution ? '' : execution.invocation.logStream
    }
    const [first, second] = [streams(), streams()]
    expect(first).not.toBe(second)
    clock.at += minute
    expect([first, second]).toContain(streams())
    clock.at += 20 * minute
    expect(reported((await invoke('slack-alerts')).log, 'Init Duration')).toBeGreaterThan(100)
  })

  test('end with what ran out of time', async () => {
    const {invoke} = await invoking()
    await invoke('inventory')
    await invoke('inventory', {Payload: '{"simulate":"timeout"}'})
    expect(reported((await invoke('inventory')).log, 'Init Duration')).toBeGreaterThan(100)
  })

  test('start anew when the configuration was changed', async () => {
    const {invoke, world, clock} = await invoking()
    await invoke('slack-alerts')
    clock.at += 1000
    world.updateConfiguration('slack-alerts', {memorySizeMB: 512})
    clock.at += 10_000
    const {log} = await invoke('slack-alerts')
    expect(reported(log, 'Init Duration')).toBeGreaterThan(100)
    expect(reported(log, 'Memory Size')).toBe(512)
  })
})

describe('a log in an answer', () => {
  test('is its last 4 KB, cut wherever that is', async () => {
    const {invoke} = await invoking()
    for (const [name, report] of [
      ['slack-alerts', 'REPORT RequestId: '],
      ['payments-webhook', '"type":"platform.report"'],
    ] as const) {
      const {log = ''} = await invoke(name, {Payload: '{"simulate":"longLog"}'})
      expect(Buffer.byteLength(log)).toBe(4096)
      expect(log).not.toContain('START')
      expect(log).not.toContain('platform.start')
      expect(log).toContain('step 60 of 60')
      expect(log).toContain(report)
      expect(log.endsWith('\n')).toBe(true)
    }
  })

  test('is JSON where the function logs so', async () => {
    const {invoke} = await invoking()
    const {log = ''} = await invoke('payments-webhook')
    const lines = log
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.at(0)).toMatchObject({type: 'platform.start'})
    expect(lines.at(-1)).toMatchObject({
      type: 'platform.report',
      record: {status: 'success', metrics: {memorySizeMB: 128, initDurationMs: expect.any(Number)}},
    })
  })
})

describe('an error', () => {
  test('of the function is told in the words of its runtime', async () => {
    const {invoke} = await invoking()
    const failing = {Payload: '{"simulate":"error"}'}
    expect(await invoke('checkout-api', failing)).toMatchObject({
      status: 200,
      error: 'Unhandled',
      payload: {errorType: 'Error', errorMessage: 'simulated', trace: expect.any(Array)},
    })
    expect((await invoke('inventory', failing)).payload).toEqual({
      errorType: 'ValueError',
      errorMessage: 'simulated',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      stackTrace: [expect.stringMatching(/^ {2}File "/)],
    })
    expect((await invoke('search', failing)).payload).toMatchObject({stackTrace: expect.any(Array)})
  })

  test('of time and of memory is Lambda’s', async () => {
    const {invoke, world, clock} = await invoking()
    const late = await invoke('inventory', {Payload: '{"simulate":"timeout"}'})
    expect(late.error).toBe('Unhandled')
    expect(late.payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 5\.00 seconds$/),
    })
    expect(late.log).toContain('\tStatus: timeout')
    world.updateConfiguration('image-resize', {memorySizeMB: 256})
    clock.at += 10_000
    const killed = await invoke('image-resize')
    expect(killed.payload).toEqual({
      errorType: 'Runtime.OutOfMemory',
      errorMessage: expect.stringMatching(/ Error: Runtime exited with error: signal: killed$/),
    })
    expect(killed.log).toContain('Max Memory Used: 256 MB')
    const stopped = await invoke('checkout-api', {Payload: '{"simulate":"timeout"}'})
    expect(stopped.log).toContain('POST /orders')
    expect(stopped.log).not.toContain('payment accepted')
  })

  test('comes of a payload that a function does not understand', async () => {
    const {invoke} = await invoking()
    expect(await invoke('invoice-pdf', {Payload: '{}'})).toMatchObject({error: 'Unhandled'})
    expect(await invoke('invoice-pdf', {Payload: order})).toMatchObject({error: undefined})
    const {error, payload} = await invoke('pricing', {Payload: '{}'})
    expect([error, payload.statusCode]).toEqual([undefined, 400])
    expect((await invoke('pricing', {Payload: '{"simulate":"statusCode500"}'})).payload.statusCode).toBe(500)
  })
})

describe('what is not waited for', () => {
  test('is checked alone with DryRun', async () => {
    const {invoke, world, clock} = await invoking()
    const since = clock.at
    expect(await invoke('slack-alerts', {InvocationType: 'DryRun', LogType: 'None'})).toMatchObject({status: 204})
    expect(world.invocations('slack-alerts', since, since + minute).length).toBe(0)
  })

  test('runs with Event', async () => {
    const {invoke, world, clock} = await invoking()
    const since = clock.at
    expect(await invoke('slack-alerts', {InvocationType: 'Event', LogType: 'None'})).toMatchObject({
      status: 202,
      payload: undefined,
    })
    expect(world.invocations('slack-alerts', since, since + minute).length).toBe(1)
  })
})

describe('a request is refused', () => {
  test('for a function, a version or an alias that is not there', async () => {
    const {invoke} = await invoking()
    expect(await refusal(invoke('nobody'))).toMatchObject({name: 'ResourceNotFoundException', status: 404})
    expect(await refusal(invoke('inventory', {Qualifier: '999'}))).toMatchObject({
      message: 'Function not found: arn:aws:lambda:eu-west-1:123456789012:function:inventory:999',
    })
  })

  test('for a payload that is no JSON, or too large', async () => {
    const {invoke} = await invoking()
    expect(await refusal(invoke('inventory', {Payload: 'hello'}))).toMatchObject({
      name: 'InvalidRequestContentException',
      status: 400,
      message: expect.stringMatching(
        /^Could not parse request body into json: Could not parse payload into json: Unrecognized token 'hello'/,
      ),
    })
    expect(await refusal(invoke('inventory', {Payload: new Uint8Array([0x87])}))).toMatchObject({
      message: expect.stringContaining('Invalid UTF-8 start byte 0x87'),
    })
    expect(await refusal(invoke('inventory', {Payload: `"${'x'.repeat(6 * 1024 * 1024)}"`}))).toMatchObject({
      name: 'RequestTooLargeException',
      status: 413,
      message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    })
  })

  test('for a function that is not ready', async () => {
    const {invoke, world, clock} = await invoking()
    const clone = cloneOf(world, 'checkout-api', 'copy')
    expect(await refusal(invoke(clone))).toMatchObject({
      name: 'ResourceConflictException',
      status: 409,
      message: expect.stringContaining('The function is currently in the following state: Pending'),
    })
    clock.at += minute
    expect(await invoke(clone)).toMatchObject({status: 200, version: '$LATEST'})
    const inactive = world.functions().find(({state}) => state === 'Inactive')?.name ?? ''
    expect(await refusal(invoke(inactive))).toMatchObject({name: 'CodeArtifactUserPendingException', status: 409})
  })

  test('when the function’s concurrency is reserved to others, or taken away', async () => {
    const {invoke, world, clock} = await invoking()
    expect(await refusal(invoke('partner-stock'))).toMatchObject({
      name: 'TooManyRequestsException',
      status: 429,
      message: 'Rate Exceeded.',
    })
    world.putReservedConcurrency('slack-alerts', 1)
    clock.at += 1000
    world.invoke('slack-alerts', '$LATEST', '')
    const again = await invoke('slack-alerts').catch(error => error)
    expect(again).toMatchObject({Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User'})
    clock.at += minute
    expect(await invoke('slack-alerts')).toMatchObject({status: 200})
  })

  test('when as much runs in the account as may', async () => {
    const {invoke, world} = await invoking({accountConcurrency: 2 + (await reservedInAll())})
    world.invoke('slack-alerts', '$LATEST', '')
    world.invoke('log-archiver', '$LATEST', '')
    expect(await invoke('inventory').catch(error => error)).toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ConcurrentInvocationLimitExceeded',
    })
  })
})

/** How much functions of the company have reserved: it is not there for the others. */
async function reservedInAll(): Promise<number> {
  const {world} = await larder()
  return world.functions().reduce((sum, {reservedConcurrency}) => sum + (reservedConcurrency ?? 0), 0)
}
