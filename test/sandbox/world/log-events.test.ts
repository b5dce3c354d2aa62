import {describe, expect, test} from 'vitest'
import {allEvents, day, firstUsed, hour, larder, minute, numbers} from './larder-world.ts'

const order = (x: {timestamp: number; ingestionTime: number; order: number}, y: typeof x) =>
  x.timestamp - y.timestamp || x.ingestionTime - y.ingestionTime || x.order - y.order

describe('log events', () => {
  test('are the same on every read, and in every process with the same seed', async () => {
    const {world} = await larder()
    const other = await larder()
    const first = allEvents(world, firstUsed - 5 * minute, firstUsed)
    expect(first.length).toBeGreaterThan(1200)
    expect(allEvents(world, firstUsed - 5 * minute, firstUsed)).toEqual(first)
    // whatever was read before
    other.world.logEvents('/aws/lambda/checkout-api', firstUsed - 3 * hour, firstUsed - 2 * hour)
    expect(allEvents(other.world, firstUsed - 5 * minute, firstUsed)).toEqual(first)
  })

  test('of [a, b] and of [b + 1, c] are those of [a, c]', async () => {
    const {world} = await larder()
    const next = numbers(3)
    for (const {name} of world.logGroups()) {
      for (let i = 0; i < 4; i++) {
        const from = Math.floor(firstUsed - next() * 6 * hour)
        const cut = from + Math.floor(next() * 4 * minute)
        const to = cut + 1 + Math.floor(next() * 4 * minute)
        const whole = world.logEvents(name, from, to)
        expect([...world.logEvents(name, from, cut), ...world.logEvents(name, cut + 1, to)]).toEqual(whole)
      }
    }
  })

  test('come in the order of AWS, within the window, with ids of their own', async () => {
    const {world} = await larder()
    const ids = new Set<string>()
    for (const {name} of world.logGroups()) {
      const events = world.logEvents(name, firstUsed - hour, firstUsed)
      expect([...events].sort(order)).toEqual(events)
      for (const event of events) {
        expect(event.timestamp >= firstUsed - hour && event.timestamp <= firstUsed).toBe(true)
        expect(event.eventId).toMatch(/^\d{56}$/)
        ids.add(event.eventId)
      }
    }
    expect(ids.size).toBe(allEvents(world, firstUsed - hour, firstUsed).length)
  })

  test('become visible after a lag: most under 3 s, about one in two hundred after 30 to 60 s', async () => {
    const {world} = await larder()
    const lags = allEvents(world, firstUsed - 2 * hour, firstUsed).map(each => each.ingestionTime - each.timestamp)
    expect(Math.min(...lags)).toBeGreaterThan(0)
    const late = lags.filter(lag => lag >= 3000)
    expect(late.every(lag => lag >= 30_000 && lag <= 60_000)).toBe(true)
    expect(late.length / lags.length).toBeGreaterThan(0.003)
    expect(late.length / lags.length).toBeLessThan(0.008)
  })

  test('of a second of ingestion are those that become visible in it, however late', async () => {
    const {world} = await larder()
    for (const name of ['/aws/lambda/checkout-api', '/aws/apigateway/larder-http-api', '/larder/fulfilment']) {
      const visible = world
        .logEvents(name, firstUsed - 5 * minute, firstUsed + hour)
        .filter(({ingestionTime}) => ingestionTime >= firstUsed - 2 * minute && ingestionTime < firstUsed)
      const seconds = Array.from({length: 120}, (_, i) => firstUsed - 2 * minute + i * 1000)
      const ingested = seconds.flatMap(from => world.ingestedEvents(name, from, from + 1000))
      expect(ingested.length).toBeGreaterThan(20)
      expect(ingested.sort(order)).toEqual(visible)
    }
  })

  test('have START, END and REPORT for every text invocation, with its numbers', async () => {
    const {world} = await larder()
    const from = firstUsed - 2 * hour
    for (const definition of world.functions().filter(each => each.logFormat === 'Text')) {
      if (!world.logGroup(definition.logGroup)) continue
      const byStream = Map.groupBy(
        world.logEvents(definition.logGroup, from - 30_000, firstUsed + minute),
        each => each.logStream,
      )
      for (const each of world.invocations(definition.name, from, firstUsed)) {
        const lines = (byStream.get(each.logStream) ?? [])
          .filter(({timestamp}) => timestamp >= each.at)
          .map(({message}) => message)
        expect(lines).toContain(`START RequestId: ${each.requestId} Version: ${each.version}\n`)
        expect(lines).toContain(`END RequestId: ${each.requestId}\n`)
        const report = lines.find(line => line.startsWith(`REPORT RequestId: ${each.requestId}\t`)) ?? ''
        expect(report).toContain(
          `\tDuration: ${each.durationMs.toFixed(2)} ms\tBilled Duration: ${each.billedDurationMs} ms\tMemory Size: ${each.memorySizeMB} MB\tMax Memory Used: ${each.maxMemoryUsedMB} MB\t`,
        )
        expect(report.includes('Init Duration: ')).toBe(each.initDurationMs !== null)
        expect(report.includes('\tRestore Duration: ')).toBe(each.restoreDurationMs !== null)
        expect(report.includes('Status: timeout')).toBe(each.outcome === 'timeout')
        expect(report.includes('Error Type: Runtime.OutOfMemory')).toBe(each.outcome === 'oom')
        expect(report.endsWith('\t\n')).toBe(true)
        expect(report.includes(`\nXRAY TraceId: ${each.traceId}\tSegmentId: `)).toBe(definition.tracing === 'Active')
      }
    }
  })

  test('have platform.start and platform.report for every JSON invocation, with its numbers', async () => {
    const {world} = await larder()
    const from = firstUsed - hour
    for (const definition of world.functions().filter(each => each.systemLogLevel === 'INFO')) {
      const events = world.logEvents(definition.logGroup, from - 30_000, firstUsed + minute)
      const reports = new Map(
        events
          .filter(({message}) => message.includes('"platform.report"'))
          .map(({message}) => JSON.parse(message))
          .map(({record}) => [`${record.requestId} ${record.metrics.durationMs}`, record]),
      )
      for (const each of world.invocations(definition.name, from, firstUsed)) {
        const record = reports.get(`${each.requestId} ${each.durationMs}`)
        expect(record?.metrics.billedDurationMs).toBe(each.billedDurationMs)
        expect(record?.metrics.initDurationMs ?? null).toBe(each.initDurationMs)
        expect(record?.status).toBe(
          each.outcome === 'ok' ? 'success' : each.outcome === 'timeout' ? 'timeout' : 'error',
        )
        expect(
          events.some(({message}) => message.includes(`"platform.start","record":{"requestId":"${each.requestId}"`)),
        ).toBe(true)
      }
    }
  })

  test('hide what went well with SystemLogLevel WARN: a failed invocation has its report, and nothing has a start', async () => {
    const {world} = await larder()
    const from = firstUsed - 2 * day
    const quiet = world.functions().filter(each => each.systemLogLevel === 'WARN')
    expect(quiet.map(({name}) => name)).toEqual(['price-labels'])
    const invocations = world.invocations('price-labels', from, firstUsed)
    const failedIn = (start: number, end: number) =>
      world
        .invocations('price-labels', start, end)
        .flatMap(({outcome, requestId}) => (outcome === 'ok' ? [] : [requestId]))
    const failed = failedIn(from, firstUsed)
    expect(failed.length).toBeGreaterThan(5)
    expect(invocations.some(({initDurationMs}) => initDurationMs !== null)).toBe(true)
    const records = world
      .logEvents('/aws/lambda/price-labels', from, firstUsed + minute)
      .map(({message}) => JSON.parse(message))
    const ofType = (type: string) => records.filter(each => each.type === type).map(({record}) => record.requestId)
    for (const type of ['platform.report', 'platform.runtimeDone']) {
      expect(ofType(type)).toEqual(expect.arrayContaining(failed))
      // those that began a little before or after are told of too
      expect(failedIn(from - minute, firstUsed + minute)).toEqual(expect.arrayContaining(ofType(type)))
    }
    expect(new Set(records.map(({type}) => type))).toEqual(
      new Set([undefined, 'platform.report', 'platform.runtimeDone']),
    )
    // what the function itself writes is there all the same
    expect(records.filter(({type}) => type === undefined).length).toBeGreaterThan(invocations.length - failed.length)
  })

  test('name no fact that does not exist', async () => {
    const {world} = await larder()
    for (const event of allEvents(world, firstUsed - 3 * hour, firstUsed))
      expect(event.message).not.toMatch(/\{(?!id\})[a-zA-Z][\w.:-]*\}/)
  })

  test('show every kind of failure within some days, in the words of its runtime', async () => {
    const {world} = await larder()
    const from = firstUsed - 2 * day
    const text = (group: string) => world.logEvents(group, from, firstUsed).map(each => each.message)
    expect(text('/aws/lambda/image-resize').find(line => line.includes('Task timed out'))).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f-]{36} Task timed out after 10\.00 seconds\n\n$/,
    )
    expect(text('/aws/lambda/image-resize').find(line => line.includes('killed'))).toMatch(
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed\nRuntime\.ExitError\n$/,
    )
    expect(text('/larder/fulfilment').find(line => line.includes('Traceback'))).toMatch(
      /^\[ERROR\] CourierUnavailable: \w+ has no capacity\nTraceback \(most recent call last\):\n\u00a0\u00a0File "\/var\/task\/courier\.py", line 33, in handler\n\u00a0\u00a0\u00a0\u00a0return/,
    )
    expect(text('/aws/lambda/report-java').find(line => line.includes('SQLTransient'))).toMatch(
      /\n\tat com\.zaxxer\.hikari.*\n\t\.\.\. 6 more\n$/s,
    )
    expect(text('/aws/lambda/pricing').find(line => line.includes('\tfail\t'))).toMatch(
      /\tfail\tSystem\.InvalidOperationException: Sequence.*\n {3}at System\.Linq/,
    )
    expect(text('/aws/lambda/clickstream-ingest').filter(line => line.startsWith('panic: runtime error'))[0]).toBe(
      'panic: runtime error: index out of range [3] with length 3 [recovered]\n',
    )
    expect(text('/aws/lambda/feature-flags').find(line => line.startsWith('INIT_REPORT'))).toMatch(
      /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime\.UserCodeSyntaxError\n$/,
    )
    expect(
      text('/aws/lambda/price-import').find(line => line.includes('initReport') && line.includes('timeout')),
    ).toContain('"status":"timeout","metrics":{"durationMs":100')
    expect(text('/aws/lambda/price-import').find(line => line.startsWith('LAMBDA_WARNING'))).toMatch(
      /runtimes-update\.html\r\{"timestamp": "[^"]+Z", "log_level": "ERROR", "errorMessage": "'utf-8' codec/,
    )
  })

  test('T26 stamp JSON lines of Python with whole seconds', async () => {
    const {world} = await larder()
    const lines = world
      .logEvents('/aws/lambda/catalog-api', firstUsed - 5 * minute, firstUsed)
      .filter(each => each.message.startsWith('{"timestamp": '))
    expect(lines.length).toBeGreaterThan(5)
    expect(lines.every(each => each.timestamp % 1000 === 0)).toBe(true)
  })

  test('have an INIT_START before the START of every cold invocation, a RESTORE pair with SnapStart', async () => {
    const {world} = await larder()
    const cold = world
      .invocations('billing-worker', firstUsed - 6 * hour, firstUsed)
      .filter(each => each.initDurationMs !== null)
    expect(cold.length).toBeGreaterThan(2)
    for (const each of cold) {
      const [init, start] = world.logEvents('/aws/lambda/billing-worker', each.at - 3000, each.at, {
        names: new Set([each.logStream]),
      })
      expect(init?.message).toMatch(
        /^INIT_START Runtime Version: nodejs:22\.v\d+\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:[0-9a-f]{64}\n$/,
      )
      expect(start?.message).toMatch(/^START/)
    }
    const [restored] = world
      .invocations('search', firstUsed - 12 * hour, firstUsed)
      .filter(each => each.restoreDurationMs !== null)
    const lines = world.logEvents('/aws/lambda/search', (restored?.at ?? 0) - 3000, restored?.at ?? 0, {
      names: new Set([restored?.logStream ?? '']),
    })
    expect(lines.map(each => each.message.split(' ')[0])).toEqual(['RESTORE_START', 'RESTORE_REPORT', 'START'])
  })

  test('T36 name the function in streams of a shared group', async () => {
    const {world} = await larder()
    const streams = new Set(
      world.logEvents('/larder/fulfilment', firstUsed - 10 * minute, firstUsed).map(each => each.logStream),
    )
    const names = new Set(
      [...streams].map(stream => /^\d{4}\/\d\d\/\d\d\/([\w-]+)\[\$LATEST\][0-9a-f]{32}$/.exec(stream)?.[1]),
    )
    expect(names).toEqual(new Set(['pick-plan', 'reserve-slot', 'book-courier']))
    const only = world.logEvents('/larder/fulfilment', firstUsed - 10 * minute, firstUsed, {
      prefix: '2026/11/20/pick-plan[',
    })
    expect(only.length).toBeGreaterThan(5)
    expect(only.every(each => each.logStream.includes('pick-plan'))).toBe(true)
  })

  test('name the version in streams of a function with an alias', async () => {
    const {world} = await larder()
    for (const each of world.logEvents('/aws/lambda/checkout-api', firstUsed - 5 * minute, firstUsed)) {
      expect(each.logStream).toMatch(/^2026\/11\/20\/\[42\][0-9a-f]{32}$/)
    }
  })

  test('of groups that are no function’s tell the same story as the functions', async () => {
    const {world} = await larder()
    const from = firstUsed - hour
    const orders = world
      .logEvents('/aws/apigateway/larder-http-api', from, firstUsed)
      .map(each => JSON.parse(each.message))
      .filter(each => each.routeKey === 'POST /orders')
    const failed = world.count('checkout-api', from, firstUsed, {outcome: 'error'})
    expect(orders.filter(each => each.status === '500').length).toBeLessThanOrEqual(failed)
    expect(orders.filter(each => each.status === '500').length).toBeGreaterThan(failed / 2)
    expect(world.logEvents('/ecs/payments', from, firstUsed)[0]?.logStream).toMatch(/^payments\/app\/[0-9a-f]{32}$/)
    expect(() =>
      world.logEvents('/aws/vendedlogs/states/fulfilment', from, firstUsed).map(each => JSON.parse(each.message)),
    ).not.toThrow()
  })

  test('older than the retention are gone', async () => {
    const {world} = await larder()
    expect(world.logGroup('/aws/lambda/clickstream-ingest')?.retentionInDays).toBe(7)
    expect(world.logEvents('/aws/lambda/clickstream-ingest', firstUsed - 9 * day, firstUsed - 8 * day)).toEqual([])
  })

  test('are listed by stream with their first and last times', async () => {
    const {world} = await larder()
    const streams = world.logStreams('/aws/lambda/billing-worker')
    const events = Map.groupBy(
      world.logEvents('/aws/lambda/billing-worker', firstUsed - 2 * hour, firstUsed),
      each => each.logStream,
    )
    for (const [name, ofStream] of events) {
      const listed = streams.find(each => each.name === name)
      expect(listed?.lastEventAt).toBeGreaterThanOrEqual(ofStream.at(-1)?.timestamp ?? 0)
      expect(listed?.firstEventAt).toBeLessThanOrEqual(ofStream[0]?.timestamp ?? 0)
    }
  })
})
