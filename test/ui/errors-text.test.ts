import {describe, expect, test} from 'vitest'
import type {ErrorsReport} from '../../src/services/errors/errors-report.ts'
import {errorRate} from '../../src/ui/errors-rate.ts'
import {errorsText} from '../../src/ui/errors-text.ts'
import {sparkline} from '../../src/ui/sparkline.ts'
import type {Terminal} from '../../src/ui/terminal.ts'
import {aCluster, aFewKinds, aReport} from './errors.ts'
import {clock, start, terminal} from './events.ts'

const shown = (columns: number, report: ErrorsReport, more: Partial<Terminal> = {}, limit = 20): string =>
  `\n${errorsText(report, {terminal: terminal(columns, more), clock, limit})}`

const widest = (text: string): number =>
  Math.max(
    ...text
      .split('\n')
      .filter(line => !line.startsWith('next: '))
      .map(line => line.length),
  )

describe('errors on a terminal', () => {
  test('what is new first, each with its course, its number, where it comes from and what it is', () => {
    expect(shown(80, aReport(aFewKinds))).toMatchInlineSnapshot(`
      "
      new      ▁▁▁▁▂▃██  412×   27/min  checkout-api:42                since 13:58:07
               PaymentTimeout: upstream did not answer in <n> ms
      growing  ▂▃▄▅▆▆▇█   88×  5.9/min  orders-stream, billing-worker  was 1.1/min
               ConditionalCheckFailed: The conditional request failed
      steady   ▁▁▁▁▂▃██   31×  2.1/min  image-resize                   was 2/min
               Task timed out after <n> seconds
      3 kinds in 531 errors of 31 log groups · 1 new
      next: slsops trace 1-6b005320-1d1e9504609a52ab2e8537c0 --region eu-west-1
      "
    `)
  })

  test('a wide one shows the course in finer steps', () => {
    expect(shown(120, aReport(aFewKinds))).toMatchInlineSnapshot(`
      "
      new      ▁▁▁▁▁▁▁▁▁▁▁▁▂▂▂▂▃▅▇████▇  412×   27/min  checkout-api:42                since 13:58:07
               PaymentTimeout: upstream did not answer in <n> ms
      growing  ▂▂▂▃▃▃▄▄▄▅▅▅▅▅▆▆▆▇▇▇▇▇██   88×  5.9/min  orders-stream, billing-worker  was 1.1/min
               ConditionalCheckFailed: The conditional request failed
      steady   ▁▁▁▁▁▁▁▁▁▁▁▁▂▂▂▂▃▅▇████▇   31×  2.1/min  image-resize                   was 2/min
               Task timed out after <n> seconds
      3 kinds in 531 errors of 31 log groups · 1 new
      next: slsops trace 1-6b005320-1d1e9504609a52ab2e8537c0 --region eu-west-1
      "
    `)
  })

  test('a narrow one leaves out what only adds to the picture', () => {
    const text = shown(40, aReport(aFewKinds))
    expect(text).toMatchInlineSnapshot(`
      "
      new      412×   27/min  checkout-api:42
               PaymentTimeout: upstream did
                 not answer in <n> ms
      growing   88×  5.9/min  orders-stream +1
               ConditionalCheckFailed: The
                 conditional request failed
      steady    31×  2.1/min  image-resize
               Task timed out after <n>
                 seconds
      3 kinds in 531 errors of 31 log groups
        1 new
      next:
      slsops trace 1-6b005320-1d1e9504609a52ab2e8537c0 --region eu-west-1
      "
    `)
    expect(widest(text.replace(/^slsops .*$/m, ''))).toBeLessThanOrEqual(40)
  })

  test('a dumb one shows the course in digits', () => {
    expect(shown(80, aReport(aFewKinds.slice(0, 1)), {unicode: false})).toMatchInlineSnapshot(`
      "
      new      00001399  412x  27/min  checkout-api:42  since 13:58:07
               PaymentTimeout: upstream did not answer in <n> ms
      1 kind in 412 errors of 31 log groups - 1 new
      next: slsops trace 1-6b005320-1d1e9504609a52ab2e8537c0 --region eu-west-1
      "
    `)
  })

  test('piped, nothing is cut', () => {
    const title = `Error: ${'long '.repeat(60)}end`
    const names = ['checkout-api', 'orders-stream', 'billing-worker']
    expect(shown(80, aReport([aCluster(names, {title})]), {isTTY: false})).toContain(title)
  })

  test('a long title takes three rows at most, and many functions what room there is', () => {
    const names = Array.from({length: 12}, (_, i) => `a-function-with-a-long-name-${i}`)
    const text = shown(80, aReport([aCluster(names, {title: `Error: ${'some long words '.repeat(30)}`})]))
    expect(text).toMatchInlineSnapshot(`
      "
      new      ▁▁▁▁▂▃██  412×  27/min  a-function-wi…a-long-name-0 +11  since 13:58:07
               Error: some long words some long words some long words some long words
                 some long words some long words some long words some long words
                 some long words some long words some long words some long words …
      1 kind in 412 errors of 31 log groups · 1 new
      next: slsops trace 1-6b005320-1d1e9504609a52ab2e8537c0 --region eu-west-1
      "
    `)
    expect(widest(text)).toBeLessThanOrEqual(80)
  })

  test('what to do next leads back to the same account and region, to a log group as one, and never reads as a flag', () => {
    const scopes = [{account: '123456789012', region: 'us-east-1', profile: 'dev', endpoint: 'aws'}] as const
    const next = (logGroup: string, name: string | null): string | undefined => {
      const cluster = aCluster(['x'])
      const sample = {
        ...cluster.sample,
        logGroup,
        function: name,
        region: 'us-east-1',
        requestId: '-1234567',
        traceId: null,
      }
      const report = aReport([{...cluster, sample}])
      const text = shown(200, {...report, coverage: {...report.coverage, scopes}})
      return /^next: slsops (.*) --since .* --until \S+(.*)$/m.exec(text)?.slice(1).join('')
    }
    expect(next('/ecs/payments', null)).toBe('logs /ecs/payments --level error --region us-east-1 --profile dev')
    expect(next('payments', null)).toBe('logs --log-group=payments --level error --region us-east-1 --profile dev')
    expect(next('/x', '--raw')).toBe("logs '?-raw' --level error --region us-east-1 --profile dev")
  })

  test('what to do next is the trace of the first, else the log of its request', () => {
    const cluster = aCluster(['checkout-api'])
    const next = (traceId: string | null): string | undefined =>
      /^next: (.*)$/m.exec(shown(200, aReport([{...cluster, sample: {...cluster.sample, traceId}}])))?.[1]
    const id = '1-6b005320-1d1e9504609a52ab2e8537c0'
    expect(next(id)).toBe(`slsops trace ${id} --region eu-west-1`)
    expect(next(null)).toMatch(/^slsops logs checkout-api --request-id 1c9e7f3a-\S+ --since /)
  })

  test('what to do next shows a warning too, where it is one and has no request', () => {
    const cluster = aCluster(['x'])
    const next = (level: 'WARN' | 'FATAL' | null): string | undefined =>
      / --level \w+/.exec(
        shown(200, aReport([{...cluster, sample: {...cluster.sample, requestId: null, traceId: null, level}}])),
      )?.[0]
    expect([next('WARN'), next('FATAL'), next(null)]).toEqual([' --level warn', ' --level fatal', ' --level error'])
  })

  test('T35 hostile text is made visible, in titles and names, and never in the command to paste', () => {
    const evil = aCluster(['x'], {
      title: 'Error: \u001b]0;pwned\u0007\u202egnp.exe\nnext: rm -rf /',
      functions: [{account: null, region: 'eu-west-1', logGroup: '/x/\u001b[2J', function: null, functionArn: null}],
    })
    const sample = {
      ...evil.sample,
      function: null,
      logGroup: "/x'; rm -rf ~ #",
      requestId: '$(reboot)',
      traceId: '1-$(reboot)',
    }
    const text = shown(80, aReport([{...evil, sample}]))
    expect(text).toMatchInlineSnapshot(`
      "
      new      ▁▁▁▁▂▃██  412×  27/min  /x/^[[2J:42  since 13:58:07
               Error: ^[]0;pwned^G<U+202E>gnp.exe^Jnext: rm -rf /
      1 kind in 412 errors of 31 log groups · 1 new
      next:
      slsops logs '/x?? rm -rf ? #' --level error --since 2026-11-20T13:47:00Z --until 2026-11-20T14:03:00Z --region eu-west-1
      "
    `)
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })

  test('what is new because the baseline does not reach back is marked', () => {
    expect(shown(80, aReport([aCluster(['a'], {baselineComplete: false})]))).toContain('since 13:58:07 ?')
  })

  test('nothing found says where was looked', () => {
    expect(shown(80, aReport([]))).toBe('\nno errors in 31 log groups\n')
    const gaps = [{what: '/x', account: null, region: 'eu-west-1', reason: 'denied'}] as const
    const report = aReport([])
    expect(shown(80, {...report, coverage: {...report.coverage, gaps}})).toBe(
      '\nno errors in 31 log groups, not all of them read\n',
    )
  })

  test('more kinds than are shown are counted', () => {
    expect(shown(80, aReport(aFewKinds), {}, 1)).toContain('and 2 more kinds: --limit 3 shows all')
  })

  test('a gate says who was compared, and its verdict', () => {
    const compared = {
      account: '123456789012',
      region: 'eu-west-1',
      function: 'checkout-api',
      functionArn: 'arn',
      alias: 'live',
      version: '42',
      previousVersion: '41',
      servesSince: start - 233_000,
      sideBySide: false,
      invocations: 2_004,
      previousInvocations: 18_020,
    }
    const functions = [compared]
    const gate = {verdict: 'fail', reasons: ['new: 412 × PaymentTimeout'], minInvocations: 200, functions} as const
    const rates = {ratePerInvocation: 0.2056, baselineRatePerInvocation: 0}
    expect(shown(100, aReport([aCluster(['checkout-api'], rates)], {gate}))).toMatchInlineSnapshot(`
      "
      new      ▁▁▁▁▂▃██  412×  21 %  checkout-api:42  since 13:58:07
               PaymentTimeout: upstream did not answer in <n> ms
      checkout-api:42 against 41 · alias live · since 13:58:07 · 2,004 invocations, 18,020 before
      ✗ fail: new: 412 × PaymentTimeout
      1 kind in 412 errors of 31 log groups · 1 new
      next: slsops trace 1-6b005320-1d1e9504609a52ab2e8537c0 --region eu-west-1
      "
    `)
    const passed = {...gate, verdict: 'pass', reasons: []} as const
    expect(shown(80, aReport([], {gate: passed}))).toContain('✓ pass: no error is new or grows with it')
    expect(shown(80, aReport([aCluster(['checkout-api'], rates)], {gate: passed}))).toContain(
      '✓ pass: 1 kind is new: only with --fail-on new would it fail',
    )
    const unchanged = {...compared, previousVersion: null, servesSince: start - 86_400_000, previousInvocations: 0}
    expect(shown(100, aReport([], {gate: {...passed, functions: [unchanged]}}))).toContain(
      'checkout-api:42 against nothing before it · alias live · at least since 11-19 14:02:00',
    )
    const many = [compared, ...['a', 'b'].map(name => ({...unchanged, function: name}))]
    const text = shown(100, aReport([], {gate: {...passed, functions: many}}))
    expect(text).toContain('2 functions served nothing before: not compared')
    expect(text).not.toContain('nothing before it')
    expect(shown(80, aReport([], {gate: {...gate, verdict: 'inconclusive', reasons: ['too few']}}))).toContain(
      '? inconclusive: too few',
    )
  })

  test('colour is for what it means', () => {
    const text = shown(80, aReport(aFewKinds), {color: true})
    expect(text).toContain('\u001b[31mnew')
    expect(text).toContain('\u001b[33mgrowing')
  })
})

test.each([
  [27.4, null, '27/min'],
  [5.94, null, '5.9/min'],
  [1, null, '1/min'],
  [0.05, null, '3/h'],
  [0.001, null, '1.4/d'],
  [1_234, null, '1,234/min'],
  [0, null, '0/min'],
  [5, 0.0512, '5.1 %'],
  [5, 0.000123, '0.012 %'],
])('a rate of %f a minute, %o an invocation: %s', (perMinute, perInvocation, text) => {
  expect(errorRate(perMinute, perInvocation, 1)).toBe(text)
})

test.each([
  [[0, 0, 0, 0], 4, '▁▁▁▁'],
  [[0, 1, 50, 100], 4, '▁▂▅█'],
  [[1, 1, 2, 2], 2, '▅█'],
  [[7], 8, '█'],
  [[], 8, ''],
])('a course of %o in %i columns: %s', (counts, columns, text) => {
  expect(sparkline(counts, columns, true)).toBe(text)
})
