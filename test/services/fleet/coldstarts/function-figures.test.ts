import {describe, expect, test} from 'vitest'
import {coldSources} from '../../../../src/services/fleet/coldstarts/cold-sources.ts'
import {
  type ColdEvidence,
  countFunctions,
  figuresOfFunction,
} from '../../../../src/services/fleet/coldstarts/function-figures.ts'
import type {FleetFunction} from '../../../../src/services/fleet/fleet-function.ts'
import {gapAfter, gapByClass} from '../../../../src/services/logs/tally.ts'
import type {Gap} from '../../../../src/services/receipt.ts'
import {sourceOf} from '../../logs/events.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {at, event, fleetFn, joined, report, streamOf} from './cold-lines.ts'

const window = {start: at('12:00:00'), end: at('13:00:00')}
const cold = report(3, 114, 'Init Duration: 110.10 ms\t')

/** Functions with what was read of them. */
function evidenceOf(functions: readonly FleetFunction[], more: Partial<ColdEvidence> = {}): ColdEvidence {
  const {sources} = coldSources(functions, false, new Map())
  return {
    functions,
    sourceOf: new Map(
      functions.flatMap(fn => sources.filter(({logGroup}) => logGroup === fn.logGroup).map(s => [fn, s])),
    ),
    absent: new Set(),
    unread: new Set(),
    brokenOff: null,
    gaps: [],
    inits: {met: [], uncountable: new Map()},
    settled: {met: [], unused: [], undetermined: []},
    invocations: new Map(functions.map(fn => [fn, {value: {times: [at('12:10:00')], values: [7]}}])),
    provisioned: new Map(),
    readFrom: at('11:45:00'),
    window,
    ...more,
  }
}

const unknownOf = (functions: readonly FleetFunction[], more: Partial<ColdEvidence>) =>
  countFunctions(evidenceOf(functions, more)).counted.map(one => {
    const figures = figuresOfFunction(one, window)
    return 'unknown' in figures ? `${figures.unknown}: ${figures.detail}` : figures.value.felt
  })

describe('what nobody knows', () => {
  const [a, b] = [fleetFn('a'), fleetFn('b')]
  const sourceOfA = sourceOf(['a'])

  test('case 25: has its reason each, and leaves the others as they are', () => {
    const gapsOf = (gap: Gap | null) => ({gaps: gap ? [gap] : []})
    expect(unknownOf([a, b], gapsOf(gapByClass({...sourceOfA, logGroupClass: 'DELIVERY'})))).toEqual([
      'unsupported-class: Delivery, which no API can read',
      0,
    ])
    const refused = awsError('LimitExceededException', 'Account maximum query concurrency limit of [100] reached')
    expect(unknownOf([a, b], gapsOf(gapAfter(sourceOfA, refused)))).toEqual([
      'throttled: Account maximum query concurrency limit of [100] reached',
      0,
    ])
    expect(unknownOf([a, fleetFn('b', {logFormat: 'JSON', systemLogLevel: 'WARN'})], {})).toEqual([
      0,
      'hidden: SystemLogLevel=WARN keeps reports out of its log',
    ])
  })

  test('case 25: a missing log group is unknown where something was invoked, and empty where nothing was', () => {
    expect(unknownOf([a, b], {absent: new Set([a])})).toEqual([
      'missing: it was invoked 7 times, and its log group does not exist',
      0,
    ])
    const quiet = {value: {times: [], values: []}}
    expect(unknownOf([a, b], {absent: new Set([a]), invocations: new Map([[a, quiet]])})).toEqual([0, 0])
    const denied = {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'} as const
    expect(unknownOf([a], {absent: new Set([a]), invocations: new Map([[a, denied]])})).toEqual([
      'missing: its log group does not exist',
    ])
  })

  test('case 25: nothing is hidden of a function that nobody invoked', () => {
    const warn = fleetFn('a', {logFormat: 'JSON', systemLogLevel: 'WARN'})
    const quiet = {value: {times: [], values: []}}
    expect(unknownOf([warn], {invocations: new Map([[warn, quiet]])})).toEqual([0])
    const denied = {unknown: 'denied', detail: 'needs cloudwatch:GetMetricData'} as const
    expect(unknownOf([warn], {invocations: new Map([[warn, denied]])})).toEqual([
      'hidden: SystemLogLevel=WARN keeps reports out of its log',
    ])
  })

  test('is all of it where reading was stopped before the window began', () => {
    expect(unknownOf([a], {window: {start: window.start, end: at('11:50:00')}})).toEqual([
      'interrupted: it was stopped before this was read',
    ])
  })

  test('case 20: what cannot be counted is neither known nor unknown', () => {
    const {counted} = countFunctions(
      evidenceOf([a], {inits: {met: [], uncountable: new Map([[a.arn, 'managed-instances']])}}),
    )
    expect(counted[0]).toMatchObject({unknown: null, notApplicable: 'managed-instances'})
  })
})

describe('a shared log group', () => {
  const functions = ['a', 'b'].map(name => fleetFn(name, {logGroup: '/shared/lambda'}))

  test('case 24: gives each function its own, and tells how many are nobody’s', () => {
    const source = sourceOf(['a', 'b'], {logGroup: '/shared/lambda'})
    const {met} = joined([
      event('12:10:00', cold, {source, logStream: streamOf('$LATEST', 'a', 'a')}),
      event('12:11:00', cold, {source, logStream: streamOf('$LATEST', 'b', 'a')}),
      event('12:12:00', cold, {source, logStream: streamOf('$LATEST', 'c', 'b')}),
      event('12:13:00', cold, {source, logStream: 'made-by-somebody'}),
      event('13:13:00', cold, {source, logStream: 'made-by-somebody'}),
    ])
    const {counted, unattributed} = countFunctions(evidenceOf(functions, {inits: {met, uncountable: new Map()}}))
    expect(counted.map(({of, inits}) => [of.name, inits.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ])
    expect(unattributed).toBe(1)
  })

  test('case 24: is one source, of which only what was asked for is read', () => {
    const {sources} = coldSources(functions, true, new Map())
    expect(sources).toMatchObject([
      {
        logGroup: '/shared/lambda',
        functions: [{name: 'a'}, {name: 'b'}],
        only: [
          {function: 'a', version: null},
          {function: 'b', version: null},
        ],
      },
    ])
  })
})

test('the init that SnapStart makes its snapshot of is no environment', () => {
  const search = fleetFn('checkout-api', {snapStart: true, runtime: 'java21'})
  const {left} = joined([event('12:10:00', 'INIT_START Runtime Version: java:21.v3\n')])
  const settled = {met: [], unused: left, undetermined: []}
  expect(countFunctions(evidenceOf([search], {settled})).counted[0]?.inits).toEqual([])
  expect(countFunctions(evidenceOf([fleetFn()], {settled})).counted[0]?.inits).toHaveLength(1)
})
