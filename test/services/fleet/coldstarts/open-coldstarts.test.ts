import {setImmediate} from 'node:timers/promises'
import {describe, expect, onTestFinished, test} from 'vitest'
import {isKnown, orNull} from '../../../../src/known.ts'
import type {Fault} from '../../../../src/sandbox/api/faults.ts'
import {serveAws} from '../../../../src/sandbox/server.ts'
import {openState} from '../../../../src/sandbox/state.ts'
import {createWorld} from '../../../../src/sandbox/world/create-world.ts'
import {type Aws, connect} from '../../../../src/services/aws/connect.ts'
import type {ColdStartsReport} from '../../../../src/services/fleet/coldstarts/coldstarts-report.ts'
import {type OpenColdStartsOptions, openColdStarts} from '../../../../src/services/fleet/coldstarts/open-coldstarts.ts'

const now = Date.parse('2026-11-20T14:07:11Z')
const hour = 3_600_000
const clock = {
  now: () => now,
  sleep: async (_: number, signal?: AbortSignal) => void signal?.throwIfAborted(),
}

async function company(faults: readonly Fault[] = []) {
  const state = await openState({directory: null, now: clock.now, seed: 20_260})
  const world = createWorld({seed: 20_260, now: clock.now, company: 'larder', state})
  const server = await serveAws({world, faults})
  onTestFinished(() => server.close())
  const aws = await connect({
    profile: null,
    region: world.region,
    sandboxUrl: server.url,
    userAgent: 'test',
    clock,
    random: () => 0.5,
  })
  onTestFinished(() => aws.close())
  return {aws, world}
}

const window = {start: now - 3 * hour, end: now - hour}
const asked: OpenColdStartsOptions = {
  ...window,
  now,
  by: 'function',
  sort: 'felt',
  engine: 'auto',
  spendableUSD: 0.25,
  sinceDeploy: false,
  listing: {cache: null},
}

async function read(
  aws: Aws,
  targets: readonly string[] = [],
  more: Partial<OpenColdStartsOptions> = {},
  stop = new AbortController(),
) {
  const opened = await openColdStarts([aws], {targets}, {...asked, ...more}, stop.signal)
  const report = await opened.read(() => undefined)
  return {opened, report}
}

const figuresOf = (report: ColdStartsReport, name: string) => {
  const found = report.functions.find(({of}) => of.name === name)
  if (!found) throw new Error(`no ${name}`)
  return found.figures
}

describe('cold starts of the embedded AWS', () => {
  test.each(['filter', 'insights'] as const)('agree by %s with what happened, to the count', async engine => {
    const {aws, world} = await company()
    const {report} = await read(aws, [], {engine})
    let compared = 0
    for (const {of, figures} of report.functions) {
      if (!isKnown(figures)) continue
      const runs = world.invocations(of.name, window.start - hour, window.end + hour)
      const ended = runs.filter(({at, durationMs}) => {
        const end = at + durationMs
        return end > window.start + 50 && end < window.end - 50
      })
      const initialized = ended.filter(({initDurationMs}) => initDurationMs !== null).length
      const restored = ended.filter(({restoreDurationMs}) => restoreDurationMs !== null).length
      const {onDemand, restore, proactive, provisioned} = figures.value.coldStarts
      expect(onDemand + proactive + provisioned - figures.value.unused, of.name).toBe(initialized)
      expect(restore, of.name).toBe(restored)
      compared += initialized + restored
    }
    expect(compared).toBeGreaterThan(100)
  })

  test('case 25: a function whose log hides reports is unknown, and the others are not', async () => {
    const {aws} = await company()
    const {report, opened} = await read(aws)
    expect(figuresOf(report, 'price-labels')).toEqual({
      unknown: 'hidden',
      detail: 'SystemLogLevel=WARN keeps reports out of its log',
    })
    const told = report.functions.find(({of}) => of.name === 'price-labels')
    expect(told && orNull(told.invocations)).toBeGreaterThan(0)
    expect(report.known).toEqual({functions: report.functions.length, known: report.functions.length - 1})
    expect(report.coverage.gaps).toMatchObject([{what: 'cold starts of price-labels', reason: 'hidden'}])
    expect(opened.verdicts()).toEqual([3])
    expect(opened.receipt(now)).toMatchObject({complete: false})
  })

  test('case 25: a log group that may not be read and one that is gone are each unknown', async () => {
    const {aws} = await company([
      {kind: 'access-denied', operation: 'FilterLogEvents', logGroup: '/aws/lambda/checkout-api'},
      {kind: 'missing-group', operation: 'FilterLogEvents', logGroup: '/aws/lambda/report-java'},
    ])
    const {report} = await read(aws, ['checkout-api', 'report-java', 'cart-api'], {engine: 'filter'})
    expect(figuresOf(report, 'checkout-api')).toMatchObject({unknown: 'denied', detail: 'needs logs:FilterLogEvents'})
    expect(figuresOf(report, 'report-java')).toMatchObject({unknown: 'missing'})
    expect(figuresOf(report, 'report-java')).toMatchObject({
      detail: expect.stringMatching(/^it was invoked \d+ times, /),
    })
    expect(isKnown(figuresOf(report, 'cart-api'))).toBe(true)
    expect(report.coverage.gaps.map(({what, reason}) => [what, reason])).toEqual([
      ['cold starts of checkout-api', 'denied'],
      ['cold starts of report-java', 'missing'],
    ])
  })

  test('case 25: where queries may not be started, FilterLogEvents reads instead', async () => {
    const {aws} = await company([{kind: 'access-denied', operation: 'StartQuery'}])
    const {report} = await read(aws, ['checkout-api', 'cart-api'], {engine: 'insights'})
    expect(report.coverage.gaps).toEqual([])
    expect(report.total.felt).toBeGreaterThan(0)
  })

  test('case 25: an Infrequent Access group is read by Logs Insights alone', async () => {
    const {aws, world} = await company()
    const [rare] = world.logGroups().filter(group => group.class === 'INFREQUENT_ACCESS')
    const name = rare?.name.replace('/aws/lambda/', '') ?? ''
    const {report} = await read(aws, [name])
    expect(isKnown(figuresOf(report, name))).toBe(true)
    const {report: filtered} = await read(aws, [name], {engine: 'filter'})
    expect(figuresOf(filtered, name)).toMatchObject({unknown: 'unsupported-class'})
  })

  test('without CloudWatch the cold starts are known, and their rates are not', async () => {
    const {aws} = await company([{kind: 'access-denied', operation: 'GetMetricData'}])
    const {report, opened} = await read(aws, ['checkout-api', 'cart-api'])
    const figures = figuresOf(report, 'checkout-api')
    expect(isKnown(figures) && figures.value.felt).toBeGreaterThan(0)
    expect(isKnown(figures) && figures.value.rate).toMatchObject({unknown: 'denied'})
    expect(report.total.rate).toMatchObject({unknown: 'denied'})
    expect(report.coverage.gaps).toMatchObject([
      {what: 'invocations of 2 functions', reason: 'denied', detail: 'needs cloudwatch:GetMetricData'},
    ])
    expect(opened.verdicts()).toEqual([3])
  })

  test('by version, runtime and hour the cold starts add up to the same', async () => {
    const {aws} = await company()
    const targets = ['checkout-api', 'inventory', 'search', 'cart-api']
    const {report} = await read(aws, targets)
    for (const by of ['version', 'runtime', 'hour'] as const) {
      const {report: grouped} = await read(aws, targets, {by})
      const groups = grouped.groups?.groups ?? []
      expect(
        groups.reduce((sum, {figures}) => sum + figures.felt, 0),
        by,
      ).toBe(report.total.felt)
      if (by === 'version') expect(groups.map(({key}) => key)).toContain('checkout-api:41')
      const felt = groups.map(({figures}) => figures.felt)
      if (by !== 'hour') expect(felt, by).toEqual(felt.toSorted((a, b) => b - a))
      if (by === 'hour') expect(groups).toHaveLength(3)
    }
  })

  test('calls are known by version up to now, whatever is being counted meanwhile', async () => {
    const {aws, world} = await company()
    const start = now - 24 * hour
    const {report} = await read(aws, ['checkout-api', 'billing-worker'], {by: 'version', start, end: now})
    expect(report.coverage.gaps).toEqual([])
    for (const {key, figures} of report.groups?.groups ?? []) {
      const [name = '', version] = key.split(':')
      const calls = world.invocations(name, start, now).filter(run => run.version === version).length
      expect(isKnown(figures.invocations) && figures.invocations.value, key).toBeGreaterThan(calls * 0.85)
    }
  })

  test('a named version is counted alone', async () => {
    const {aws} = await company()
    const {report} = await read(aws, ['checkout-api:41'])
    const {report: both} = await read(aws, ['checkout-api'], {by: 'version'})
    expect(report.notes).toContain(
      'the window is shorter than a day: what is said of a month takes its hours for all hours',
    )
    const version = both.groups?.groups.find(({key}) => key === 'checkout-api:41')
    expect(report.total.felt).toBe(version?.figures.felt)
    // most calls came by the alias that led to it
    expect(report.total.invocations).toEqual(version?.figures.invocations)
    expect(isKnown(report.total.invocations) && report.total.invocations.value).toBeGreaterThan(100)
  })

  test('the version that serves is compared with the one before, by all of their requests', async () => {
    const {aws, world} = await company()
    const {report} = await read(aws, ['checkout-api:live'], {sinceDeploy: true, start: now - 6 * hour, end: now})
    const [compared] = report.compared ?? []
    expect(compared).toMatchObject({alias: 'live', version: '42', previousVersion: '41', sideBySide: false})
    const since = compared?.servesSince ?? 0
    const runs = world.invocations('checkout-api', now - 6 * hour, now).filter(({version}) => version === '42')
    expect(runs[0]?.at).toBeCloseTo(since, -2)
    const invocations = compared?.now.invocations
    expect(invocations && isKnown(invocations) && invocations.value).toBeGreaterThan(runs.length - 5)
  })

  test('of a version that served all of what was read, nobody says since when, nor that nothing served before', async () => {
    const {aws} = await company()
    const targets = ['cart-api', 'image-resize']
    const {report} = await read(aws, targets, {sinceDeploy: true, start: now - 6 * hour, end: now - 5 * hour})
    expect(report.compared).toHaveLength(2)
    for (const compared of report.compared ?? []) {
      expect(compared).toMatchObject({
        previousVersion: null,
        servesSince: null,
        servedBefore: true,
        before: null,
        verdict: 'nothing-before',
      })
      expect(compared.publishedAt).toBeLessThan(now - 6 * hour)
    }
  })

  test('stopped in the middle, what was read is told, with what was not', async () => {
    const {aws} = await company()
    const stop = new AbortController()
    const opened = await openColdStarts([aws], {targets: []}, {...asked, engine: 'filter'}, stop.signal)
    stop.abort()
    const report = await opened.read(() => undefined)
    expect(report.known.known).toBe(0)
    expect(report.coverage.gaps.every(({reason}) => reason === 'interrupted' || reason === 'hidden')).toBe(true)
    expect(opened.verdicts()).toContain(3)
  })

  test('stopped while logs are read, the report ends where reading did', async () => {
    const {aws} = await company([{kind: 'latency', operation: 'FilterLogEvents', ms: 5}])
    const stop = new AbortController()
    const opened = await openColdStarts(
      [aws],
      {targets: ['checkout-api', 'cart-api']},
      {...asked, engine: 'filter'},
      stop.signal,
    )
    const reading = opened.read(() => undefined)
    while (opened.progress().doing === 'metrics') await setImmediate()
    stop.abort()
    const report = await reading
    expect(report.coverage.gaps.length).toBeGreaterThan(0)
    expect(report.coverage.gaps.every(({reason}) => reason === 'interrupted')).toBe(true)
    expect(report.coverage.window.end).toBeLessThan(window.end)
    expect(report.coverage.window.end).toBeGreaterThanOrEqual(window.start)
  })

  test('what it will take is known before: metrics by their price, logs by their size', async () => {
    const {aws} = await company()
    const {opened} = await read(aws, ['checkout-api'])
    expect(opened.plan.steps.map(({api}) => api)).toEqual(['GetMetricData', 'FilterLogEvents'])
    expect(opened.plan.costUSD).toBeCloseTo(0.00004, 6)
  })
})
