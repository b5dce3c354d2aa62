import {describe, expect, test} from 'vitest'
import type {ErrorCluster} from '../../../src/services/errors/cluster.ts'
import type {Deploy} from '../../../src/services/errors/deploys.ts'
import {
  type ComparedVersions,
  type GateQuestion,
  invocationsCompared,
  judge,
} from '../../../src/services/errors/gate.ts'
import {served} from '../../../src/services/errors/served.ts'
import {event, source, start} from '../../ui/events.ts'

const compared = (more: Partial<ComparedVersions> = {}): ComparedVersions => ({
  account: '123456789012',
  region: 'eu-west-1',
  function: 'checkout-api',
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
  alias: 'live',
  version: '42',
  previousVersion: '41',
  servesSince: start,
  sideBySide: false,
  invocations: 300,
  previousInvocations: 30_000,
  ...more,
})

const cluster = (trend: ErrorCluster['trend'], count = 3) =>
  ({trend, count, title: 'NoCart', functions: [compared()]}) as unknown as ErrorCluster

const question: GateQuestion = {
  clusters: [],
  functions: [compared()],
  minInvocations: 200,
  failOn: 'new',
  hasGaps: false,
  isOver: true,
  isStopped: false,
}

const judged = (more: Partial<GateQuestion> = {}) => judge({...question, ...more})?.verdict ?? null

describe('the gate', () => {
  test('passes on enough traffic of both versions without what fails it', () => {
    expect(judged()).toBe('pass')
    expect(judged({clusters: [cluster('growing'), cluster('steady')]})).toBe('pass')
    expect(judged({clusters: [cluster('new')], failOn: null})).toBe('pass')
  })

  test('fails on what was asked; what grows includes what is new', () => {
    expect(judged({clusters: [cluster('new', 1)]})).toBe('fail')
    expect(judged({clusters: [cluster('growing')], failOn: 'growing'})).toBe('fail')
    expect(judged({clusters: [cluster('new', 1)], failOn: 'growing'})).toBe('fail')
  })

  test('functions that nothing can be compared with are counted, where they are many', () => {
    const first = ['a', 'b', 'c'].map(name => compared({function: name, previousVersion: null, previousInvocations: 0}))
    const unserved = ['d', 'e'].map(name => compared({function: name, servesSince: null}))
    const reasons = (functions: readonly ComparedVersions[]): readonly string[] | undefined =>
      judge({...question, functions})?.reasons
    expect(reasons([compared(), ...first, ...unserved])).toEqual([
      '2 functions have not served yet, as far as their logs tell',
      '3 functions served nothing before in this window, so there is nothing to compare them with',
    ])
    expect(reasons([compared(), ...first.slice(0, 1)])).toEqual([
      'a:42: nothing served before it in this window, so there is nothing to compare with',
    ])
  })

  test('never passes on too little traffic, of either version, nor on what it could not read', () => {
    expect(judged({functions: [compared({invocations: 199})]})).toBe('inconclusive')
    expect(judged({functions: [compared({previousInvocations: 12})]})).toBe('inconclusive')
    expect(judged({functions: [compared(), compared({function: 'other', invocations: 0})]})).toBe('inconclusive')
    expect(judged({functions: [compared({servesSince: null})]})).toBe('inconclusive')
    expect(judged({functions: [compared({previousVersion: null, previousInvocations: 0})]})).toBe('inconclusive')
    expect(judged({functions: []})).toBe('inconclusive')
    expect(judged({hasGaps: true})).toBe('inconclusive')
    expect(judged({isStopped: true})).toBe('inconclusive')
  })

  test('on too little traffic only what is certain fails it', () => {
    const little = [compared({invocations: 20, previousInvocations: 40})]
    // (20 / 60)³ = 0.037, (20 / 60)⁷ = 0.0005
    expect(judged({functions: little, clusters: [cluster('new', 3)]})).toBe('inconclusive')
    expect(judged({functions: little, clusters: [cluster('new', 7)]})).toBe('fail')
  })

  test('against nothing, nothing is new', () => {
    const functions = [compared({previousVersion: null, previousInvocations: 0})]
    expect(judged({functions, clusters: [cluster('new', 100)]})).toBe('inconclusive')
  })

  test('against nothing, nothing is new either where another function was deployed', () => {
    const unchanged = compared({functionArn: 'arn:other', previousVersion: null, previousInvocations: 0})
    const functions = [compared(), unchanged]
    const old = {...cluster('new', 100), functions: [unchanged]} as unknown as ErrorCluster
    expect(judged({functions, clusters: [old]})).toBe('inconclusive')
    expect(judged({functions, clusters: [old, cluster('new', 100)]})).toBe('fail')
    expect(invocationsCompared(functions, new Set([compared().functionArn]))).toEqual({now: 300, before: 30_000})
    expect(invocationsCompared(functions, new Set([compared().functionArn, 'arn:other'])).before).toBe(0)
  })

  test('while time is left it fails early when it is certain, and else waits', () => {
    expect(judged({isOver: false})).toBe(null)
    expect(judged({isOver: false, functions: [compared({invocations: 3_000})], clusters: [cluster('new', 1)]})).toBe(
      null,
    )
    expect(judged({isOver: false, clusters: [cluster('new', 2)]})).toBe('fail')
  })
})

describe('what served when, by the logs', () => {
  const checkout = source('checkout-api')
  const ref = {name: 'checkout-api', arn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api'}
  const deploy = (...serving: readonly string[]): Deploy => ({
    source: checkout,
    function: ref,
    alias: 'live',
    serving,
    publishedAt: new Map(),
  })
  const history = (...runs: readonly (readonly [version: string, fromMinute: number, toMinute: number])[]) => {
    const log = served()
    for (const [version, from, to] of runs)
      for (let minute = from; minute < to; minute++)
        log.add(
          event(checkout, minute * 60, `REPORT RequestId: x\tDuration: 1000.00 ms\tBilled Duration: 1 ms\t\n`, {
            version,
          }),
        )
    return log
  }

  test('a release serves since its first invocation began, and the version before it is who served until then', () => {
    const log = history(['41', 0, 60], ['42', 60, 70])
    expect(log.stint(deploy('42'), start)).toEqual({
      version: '42',
      previous: '41',
      since: start + 60 * 60_000 - 1_000,
      sideBySide: false,
    })
    expect(log.invocations(ref.arn, '42', start, start + 70 * 60_000)).toBe(10)
  })

  test('it is not guessed by number: after a rollback the version before is the later one', () => {
    const log = history(['41', 0, 60], ['42', 60, 70], ['41', 70, 90])
    expect(log.stint(deploy('41'), start)).toMatchObject({version: '41', previous: '42', since: start + 69 * 60_000})
  })

  test('a version that serves another alias all along is not the one before', () => {
    const log = history(['41', 0, 60], ['7', 0, 2], ['7', 30, 32], ['42', 60, 70])
    expect(log.stint(deploy('42'), start)).toMatchObject({previous: '41'})
  })

  test('while traffic is shifted the one that came later is on trial, beside the other', () => {
    const log = history(['41', 0, 90], ['42', 60, 90])
    expect(log.stint(deploy('41', '42'), start)).toMatchObject({version: '42', previous: '41', sideBySide: true})
    expect(log.stint(deploy('42', '41'), start)).toMatchObject({version: '42', previous: '41', sideBySide: true})
  })

  test('a version that has not served is said so', () => {
    expect(history(['41', 0, 60]).stint(deploy('42'), start)).toMatchObject({since: null, previous: '41'})
    expect(history().stint(deploy('42'), start)).toMatchObject({since: null, previous: null})
  })

  test('$LATEST is compared with itself before it was changed, where that is in sight', () => {
    const changed = (at: number) => ({...deploy('$LATEST'), alias: null, publishedAt: new Map([['$LATEST', at]])})
    expect(history().stint(changed(start + 5), start)).toEqual({
      version: '$LATEST',
      previous: '$LATEST',
      since: start + 5,
      sideBySide: false,
    })
    expect(history().stint(changed(start - 5), start)).toMatchObject({previous: null, since: start})
  })
})
