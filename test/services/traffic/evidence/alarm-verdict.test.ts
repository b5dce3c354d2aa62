import {describe, expect, test} from 'vitest'
import {alarmVerdict} from '../../../../src/services/traffic/evidence/alarm-verdict.ts'
import type {GateAlarm} from '../../../../src/services/traffic/evidence/evidence.ts'
import {now} from '../../fleet/fake-account.ts'

const startedAt = now
const minute = 60_000

const alarm = (state: GateAlarm['state'], since: number | null, more: Partial<GateAlarm> = {}): GateAlarm => ({
  name: 'errors',
  kind: 'metric',
  state,
  since,
  reason: '',
  isEvaluated: true,
  ...more,
})

const verdict = (
  planned: GateAlarm,
  read: GateAlarm,
  allowed: readonly string[] = [],
): {readonly fired: readonly string[]; readonly unknown: readonly string[]} => {
  const {fired, unknown} = alarmVerdict({planned: [planned], now: {value: [read]}, startedAt, allowed})
  return {fired: fired.map(({name}) => name), unknown: unknown.map(({why}) => why)}
}

const ok = alarm('OK', now - 60 * minute)
const redBefore = alarm('ALARM', now - 60 * minute)
const nothing = {fired: [], unknown: []}

describe('case 22: an alarm', () => {
  test('that is as it should be says nothing', () => {
    expect(verdict(ok, ok)).toEqual(nothing)
  })

  test('that went red after the start has fired, whatever kind it is', () => {
    for (const kind of ['metric', 'composite', 'log'] as const)
      expect(verdict(ok, alarm('ALARM', now + minute, {kind}))).toEqual({fired: ['errors'], unknown: []})
  })

  test('that went red between plan and start has fired, and one whose change this machine’s clock dates before the start', () => {
    expect(verdict(ok, alarm('ALARM', now - minute)).fired).toEqual(['errors'])
    expect(verdict(ok, alarm('ALARM', null)).fired).toEqual(['errors'])
  })

  test('that was red before has not, where it may be', () => {
    expect(verdict(redBefore, redBefore, ['errors'])).toEqual(nothing)
    expect(verdict(redBefore, redBefore, ['arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors'])).toEqual(nothing)
    const undated = alarm('ALARM', null)
    expect(verdict(undated, undated, ['errors'])).toEqual(nothing)
    // AWS's clock is ahead of this machine's
    const ahead = alarm('ALARM', now + minute)
    expect(verdict(ahead, ahead, ['errors'])).toEqual(nothing)
  })

  test('that may be red fires where it recovered and went red again', () => {
    expect(verdict(redBefore, alarm('ALARM', now + 5 * minute), ['errors']).fired).toEqual(['errors'])
    expect(verdict(ok, alarm('ALARM', null), ['errors']).fired).toEqual(['errors'])
  })

  test('that was red before without leave, as where a shift is gone on with, has fired', () => {
    expect(verdict(redBefore, redBefore, ['another']).fired).toEqual(['errors'])
  })

  test('that recovered says nothing', () => {
    expect(verdict(redBefore, alarm('OK', now + minute), ['errors'])).toEqual(nothing)
  })

  test('without data, or that could not be evaluated, is not known: neither on nor back', () => {
    expect(verdict(ok, alarm('INSUFFICIENT_DATA', now + minute))).toEqual({
      fired: [],
      unknown: ['it has too little data'],
    })
    for (const state of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const)
      expect(verdict(ok, alarm(state, now + minute, {isEvaluated: false}))).toEqual({
        fired: [],
        unknown: ['CloudWatch could not evaluate it'],
      })
  })

  test('that is gone is not known', () => {
    expect(alarmVerdict({planned: [ok], now: {value: []}, startedAt, allowed: []})).toEqual({
      fired: [],
      unknown: [{name: 'errors', why: 'it is no longer there'}],
    })
  })

  test('case 23: none is known where CloudWatch does not answer', () => {
    const read = {unknown: 'throttled', detail: 'AWS kept throttling the calls'} as const
    expect(alarmVerdict({planned: [ok, redBefore], now: read, startedAt, allowed: []})).toEqual({
      fired: [],
      unknown: [
        {name: 'errors', why: 'AWS kept throttling the calls'},
        {name: 'errors', why: 'AWS kept throttling the calls'},
      ],
    })
  })
})
