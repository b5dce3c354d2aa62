import {afterAll, beforeAll, expect, test} from 'vitest'
import type {Known} from '../../../src/known.ts'
import {bootSandbox, type Sandbox} from '../../../src/sandbox/boot.ts'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {sweepRules} from '../../../src/services/fleet/facts/sweep-rules.ts'
import {type Facts, openFacts} from '../../../src/services/fleet/facts.ts'
import {type Fleet, readFleet} from '../../../src/services/fleet/fleet.ts'
import type {FleetFunction} from '../../../src/services/fleet/fleet-function.ts'
import {type MetricSeries, readListedActivity, readMetrics} from '../../../src/services/fleet/metric-reader.ts'
import {parseSelection} from '../../../src/services/targets/parse-target.ts'
import {connectedTo} from '../connected.ts'
import {ongoing} from './fake-account.ts'

const hour = 3_600_000

/** The same, through the SDK's clients and HTTP, against the embedded AWS. */
let sandbox: Sandbox
let aws: Aws
let facts: Facts
let fleet: Fleet

beforeAll(async () => {
  sandbox = await bootSandbox({directory: null, now: Date.now})
  aws = await connectedTo(sandbox)
  facts = openFacts(aws, null, ongoing())
  fleet = await readFleet([aws], parseSelection({}), {cache: null}, ongoing())
})

afterAll(async () => {
  aws.close()
  await sandbox.close()
})

function value<T>(known: Known<T>): T {
  if ('unknown' in known) throw new Error(`${known.unknown}: ${known.detail}`)
  return known.value
}

const sumOf = (known: Known<MetricSeries> | undefined): number =>
  known ? value(known).values.reduce((sum, each) => sum + each, 0) : Number.NaN

const ofEach = <T>(read: (fn: FleetFunction) => Promise<Known<T>>): Promise<readonly (readonly [FleetFunction, T])[]> =>
  Promise.all(fleet.functions.map(async fn => [fn, value(await read(fn))] as const))

async function aliasesOfEach(): Promise<ReadonlyMap<FleetFunction, readonly string[]>> {
  const versions = await ofEach(facts.versions)
  return new Map(versions.map(([fn, all]) => [fn, [...new Set(all.flatMap(version => version.aliases))]]))
}

test('a rule that starts a function is granted to, by the function’s own policy or that of an alias', async () => {
  const aliases = await aliasesOfEach()
  const rules = await ofEach(fn => facts.rules(fn, aliases.get(fn)))
  expect(rules.filter(([, all]) => all.length > 0).length).toBeGreaterThan(3)
  const grants = new Map(await ofEach(fn => facts.policy(fn, aliases.get(fn))))
  for (const [fn, all] of rules)
    for (const {name} of all)
      expect(grants.get(fn)?.filter(({principal}) => principal === 'events.amazonaws.com')).toContainEqual(
        expect.objectContaining({sourceArn: `arn:aws:events:${sandbox.region}:${sandbox.account}:rule/${name}`}),
      )
})

test('rules are the same, listed by what they start or all together', async () => {
  const swept = await sweepRules(aws, ['default'], ongoing())
  const aliases = await aliasesOfEach()
  for (const [{arn}, rules] of await ofEach(fn => facts.rules(fn, aliases.get(fn))))
    expect(new Set(swept?.get(arn))).toEqual(rules.length === 0 ? new Set() : new Set(rules))
})

test('queues behind event sources and dead letters are read, and other sources are said not to be', async () => {
  const sources = [...value(await facts.eventSources()).values()].flat()
  expect(sources.length).toBeGreaterThan(3)
  for (const {sourceArn, functionName} of sources) {
    expect(fleet.functions.map(({name}) => name)).toContain(functionName)
    const queue = await facts.queue(sourceArn ?? '')
    if (!sourceArn?.includes(':sqs:')) expect(queue).toMatchObject({unknown: 'not-read'})
    else expect(queue).toMatchObject({value: {arn: sourceArn, visible: expect.any(Number)}})
  }
  for (const {deadLetterArn} of fleet.functions)
    if (deadLetterArn?.includes(':sqs:')) expect(value(await facts.queue(deadLetterArn))?.arn).toBe(deadLetterArn)
  expect(await facts.queue(`arn:aws:sqs:${sandbox.region}:${sandbox.account}:nowhere`)).toEqual({value: null})
})

test('what is said of a function twice is said alike', async () => {
  const groups = value(await facts.logGroups())
  const named = value(await facts.logGroups(fleet.functions.map(({logGroup}) => logGroup)))
  for (const [name, group] of named) expect(groups.get(name)).toEqual(group)
  for (const [fn, at] of await ofEach(facts.lastLogEvent)) {
    expect(at ?? 0).toBeLessThanOrEqual(Date.now())
    if (!groups.has(fn.logGroup)) expect(at).toBeNull()
  }
  for (const [fn, versions] of await ofEach(facts.versions)) {
    expect(versions[0]).toMatchObject({
      version: '$LATEST',
      memorySizeMB: fn.memorySizeMB,
      codeSizeBytes: fn.codeSizeBytes,
    })
    const names = versions.flatMap(({version, aliases}) => [version, ...aliases])
    for (const {qualifier} of value(await facts.provisioned(fn))) expect(names).toContain(qualifier)
    for (const {qualifier} of value(await facts.urls(fn))) expect(['$LATEST', null, ...names]).toContain(qualifier)
  }
  expect(value(await facts.accountLimits()).functionCount).toBe(fleet.functions.length)
  expect(value(await facts.tags()).size).toBeGreaterThan(0)
  for (const name of value(await facts.schedules()).keys()) expect(fleet.functions.map(fn => fn.name)).toContain(name)
  for (const [, {state}] of await ofEach(facts.details))
    expect(['Active', 'Inactive', 'Pending', 'Failed']).toContain(state)
})

test('a function that was called is listed as active, with its aliases', async () => {
  const window = {start: Date.now() - 6 * hour, end: Date.now()}
  const invocations = (dimensions: Readonly<Record<string, string>>) => ({
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions,
    statistic: 'Sum',
    periodSeconds: 300,
  })
  const byName = fleet.functions.map(({name}) => invocations({FunctionName: name}))
  const series = await readMetrics(aws, byName, window, ongoing())
  const {byFunction} = value(await readListedActivity(aws, 'Invocations', ongoing()))
  const called = new Map(fleet.functions.map(({name}, at) => [name, sumOf(series[at])]))
  expect([...called.values()].filter(sum => sum > 0).length).toBeGreaterThan(10)
  for (const [name, sum] of called) if (sum > 0) expect([...byFunction.keys()]).toContain(name)
  const listed = [...byFunction].flatMap(([name, {resources}]) => [...resources].map(resource => ({name, resource})))
  const ofAliases = await readMetrics(
    aws,
    listed.map(({name, resource}) => invocations({FunctionName: name, Resource: resource})),
    window,
    ongoing(),
  )
  expect(listed.length).toBeGreaterThan(0)
  ofAliases.forEach((known, at) => {
    expect(sumOf(known)).toBeLessThanOrEqual(called.get(listed[at]?.name ?? '') ?? Number.POSITIVE_INFINITY)
  })
})
