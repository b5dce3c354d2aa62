import {expect, test} from 'vitest'
import type {Aws} from '../../../../src/services/aws/connect.ts'
import type {FleetFunction} from '../../../../src/services/fleet/fleet-function.ts'
import type {MemorySource} from '../../../../src/services/fleet/inventory/memory-sources.ts'
import {readMemory, whyNoReports} from '../../../../src/services/fleet/inventory/read-memory.ts'
import {createUse} from '../../../../src/services/insights/insights-use.ts'
import type {LogGroupClass} from '../../../../src/services/logs/source.ts'
import {type FakeInsightsOptions, fakeInsights} from '../../insights/fake-insights.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {fleetFunction} from './inventories.ts'

const end = Date.UTC(2026, 10, 20, 13)
const account = '123456789012'

function sourceOf(
  aws: Aws,
  logGroup: string,
  functions: readonly FleetFunction[],
  logGroupClass: LogGroupClass = 'STANDARD',
): MemorySource {
  return {
    source: {
      aws,
      scope: aws.scope,
      logGroup,
      logGroupClass,
      functions: functions.map(({name, arn}) => ({name, arn})),
      only: null,
      mayBeMissing: true,
    },
    size: {storedBytes: 1_000, createdAt: 0, retentionDays: null, logGroupClass},
    isMissing: false,
    functions,
  }
}

type Groups = Readonly<Record<string, readonly string[]>>

/** What is read of functions by their log groups. */
async function memoryOf(groups: Groups, fake: FakeInsightsOptions, signal = new AbortController().signal) {
  const aws = fakeInsights(Object.fromEntries(Object.keys(groups).map(name => [name, []])), fake)
  const sources = Object.entries(groups).map(([logGroup, names]) =>
    sourceOf(
      aws,
      logGroup,
      names.map(name => fleetFunction(name, {logGroup})),
    ),
  )
  const options = {
    start: end - 86_400_000,
    end,
    mostUSD: null,
    use: createUse(),
    onNotice: () => {},
    onSearched: () => {},
  }
  const read = await aws.fakeClock.outcome(readMemory(sources, options, signal))
  return {aws, of: new Map(Array.from(read, ([{name}, use]) => [name, use]))}
}

const row = (logGroup: string, more: Record<string, string>) => ({
  '@log': `${account}:${logGroup}`,
  reports: '9',
  ...more,
})

test('case 19: 1.28E8 bytes are 128 MB, 6.7E7 are 67 MB; JSON reports tell MB', async () => {
  const {of} = await memoryOf(
    {'/aws/lambda/full': ['full'], '/aws/lambda/half': ['half'], '/aws/lambda/json': ['json']},
    {
      answer: () => [
        row('/aws/lambda/full', {usedBytes: '1.28E8', textTimeouts: '2', jsonTimeouts: '0'}),
        row('/aws/lambda/half', {usedBytes: '6.7E7'}),
        row('/aws/lambda/json', {usedMB: '52', textTimeouts: '0', jsonTimeouts: '1'}),
      ],
    },
  )
  expect(of.get('full')).toEqual({memoryUsedMB: {value: 128}, timeouts: {value: 2}})
  expect(of.get('half')?.memoryUsedMB).toEqual({value: 67})
  expect(of.get('json')).toEqual({memoryUsedMB: {value: 52}, timeouts: {value: 1}})
})

test('case 20: reports that tell no memory, as of Managed Instances, leave it unknown', async () => {
  const {of} = await memoryOf({'/aws/lambda/lmi': ['lmi']}, {answer: () => [row('/aws/lambda/lmi', {})]})
  expect(of.get('lmi')?.memoryUsedMB).toEqual({unknown: 'missing', detail: 'its reports tell no memory'})
})

test('case 24: in a log group of several functions a report is of the function that its stream names', async () => {
  const shared = '/larder/fulfilment'
  const {of} = await memoryOf(
    {[shared]: ['pick-plan', 'reserve-slot', 'slot-janitor']},
    {
      answer: () => [
        row(shared, {owner: 'pick-plan', usedBytes: '9.0E7'}),
        row(shared, {owner: 'reserve-slot', usedMB: '103'}),
        row(shared, {owner: 'somebody-else', usedBytes: '1.0E9'}),
        row(shared, {owner: '', usedBytes: '2.0E9'}),
      ],
    },
  )
  expect(of.get('pick-plan')?.memoryUsedMB).toEqual({value: 90})
  expect(of.get('reserve-slot')?.memoryUsedMB).toEqual({value: 103})
  expect(of.get('slot-janitor')?.memoryUsedMB).toEqual({value: null})
})

test('case 25: what cannot be searched is unknown with its reason, and nothing else is', () => {
  const {size} = sourceOf({scope: {}} as Aws, '/x', [])
  const why = (more: Partial<FleetFunction>, its: Partial<Pick<MemorySource, 'size' | 'isMissing'>> = {}) =>
    whyNoReports(fleetFunction('one', more), {size, isMissing: false, ...its})?.unknown ?? null
  const of = (logGroupClass: 'DELIVERY' | 'INFREQUENT_ACCESS') => ({size: size && {...size, logGroupClass}})
  expect(why({logFormat: 'JSON', systemLogLevel: 'WARN'})).toBe('hidden')
  expect(why({}, of('DELIVERY'))).toBe('unsupported-class')
  expect(why({}, of('INFREQUENT_ACCESS'))).toBeNull()
  expect(why({}, {size: null, isMissing: true})).toBe('missing')
  expect(why({logFormat: 'JSON', systemLogLevel: 'INFO'})).toBeNull()
  expect(why({}, {size: null})).toBeNull()
})

test('a refusal makes the functions of these log groups unknown, with the permission, and none of the others', async () => {
  const names = Array.from({length: 51}, (_, i) => `fn-${String(i).padStart(2, '0')}`)
  const groups = Object.fromEntries(names.map(name => [`/aws/lambda/${name}`, [name]]))
  const {aws, of} = await memoryOf(groups, {
    quirk: ({operation, input}) =>
      operation === 'StartQuery' && (input['logGroupNames'] as string[]).includes('/aws/lambda/fn-00')
        ? awsError('AccessDeniedException', 'no', 403)
        : undefined,
    answer: ({logGroups}) => logGroups.map(name => row(name, {usedBytes: '5.0E7'})),
  })
  expect(of.get('fn-00')?.memoryUsedMB).toMatchObject({
    unknown: 'denied',
    detail: expect.stringContaining('logs:StartQuery'),
  })
  expect(of.get('fn-50')?.memoryUsedMB).toEqual({value: 50})
  expect(aws.queries.length).toBe(1)
})

test('what is stopped is interrupted, not unused', async () => {
  const stop = new AbortController()
  stop.abort()
  const {of} = await memoryOf({'/aws/lambda/one': ['one']}, {}, stop.signal)
  expect(of.get('one')?.memoryUsedMB).toMatchObject({unknown: 'interrupted'})
})

test('case 25: log groups of the class for infrequent access are searched too, by queries of their own', async () => {
  const logGroups = ['/aws/lambda/often', '/aws/lambda/rare']
  const aws = fakeInsights(Object.fromEntries(logGroups.map(name => [name, []])), {
    answer: asked => asked.logGroups.map(name => row(name, {usedBytes: '6.7E7'})),
  })
  const sources = logGroups.map(logGroup =>
    sourceOf(
      aws,
      logGroup,
      [fleetFunction(logGroup.slice(12), {logGroup})],
      logGroup.endsWith('rare') ? 'INFREQUENT_ACCESS' : 'STANDARD',
    ),
  )
  const options = {
    start: end - 86_400_000,
    end,
    mostUSD: null,
    use: createUse(),
    onNotice: () => {},
    onSearched: () => {},
  }
  const read = await aws.fakeClock.outcome(readMemory(sources, options, new AbortController().signal))
  expect(Array.from(read.values(), ({memoryUsedMB}) => memoryUsedMB)).toEqual([{value: 67}, {value: 67}])
  expect(aws.queries.map(({logGroups}) => logGroups)).toEqual(logGroups.map(name => [name]))
})
