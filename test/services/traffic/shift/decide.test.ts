import {describe, expect, it} from 'vitest'
import type {GateAlarm} from '../../../../src/services/traffic/evidence/evidence.ts'
import {decide, type Situation} from '../../../../src/services/traffic/shift/decide.ts'
import {minute} from './shift-plans.ts'

const healthy = {verdict: 'healthy', why: 'as well as 41'} as const
const unhealthy = {verdict: 'unhealthy', why: '20 of 100 failed'} as const
const open = {verdict: 'inconclusive', why: 'no traffic yet'} as const

const situation = (more: Partial<Situation>): Situation => ({
  now: 10 * minute,
  stageAt: 0,
  minMs: 5 * minute,
  deadline: 60 * minute,
  verdict: healthy,
  alarms: {fired: [], unknown: []},
  isPaused: false,
  onInconclusive: 'hold',
  ...more,
})

const late = {now: 61 * minute}
const early = {now: 4 * minute}
const red: GateAlarm = {
  name: 'checkout-5xx',
  kind: 'metric',
  state: 'ALARM',
  since: 0,
  reason: 'Threshold Crossed',
  isEvaluated: true,
}
const alarm = {alarms: {fired: [red], unknown: []}}
const noData = {alarms: {fired: [], unknown: [{name: 'checkout-5xx', why: 'it has too little data'}]}}

describe('decide', () => {
  it.each<[string, Partial<Situation>, object]>([
    ['goes on when its time is over and it is healthy', {}, {kind: 'go-on', why: null}],
    ['waits for its time although it is healthy', early, {kind: 'wait', why: null}],
    ['waits for evidence although its time is over', {verdict: open}, {kind: 'wait', why: 'no traffic yet'}],
    ['goes back before its time', {...early, verdict: unhealthy}, {kind: 'go-back', byGate: true}],
    ['goes back although it is paused', {isPaused: true, verdict: unhealthy}, {kind: 'go-back', byGate: true}],
    [
      'goes back for an alarm although it is healthy',
      alarm,
      {kind: 'go-back', why: 'checkout-5xx went off: Threshold Crossed'},
    ],
    ['goes back for an alarm where nobody judges', {...alarm, verdict: null}, {kind: 'go-back', byGate: true}],
    ['goes back for the judge whatever is unknown', {...noData, verdict: unhealthy}, {kind: 'go-back', byGate: true}],
    ['stays while it is paused', {isPaused: true}, {kind: 'wait', why: 'it is paused'}],
    ['stays while it is paused, however late', {...late, isPaused: true, verdict: open}, {kind: 'wait'}],
    ['goes on by time where nobody judges', {verdict: null}, {kind: 'go-on', why: null}],
    ['waits where an alarm has no data', noData, {kind: 'wait', why: 'alarm checkout-5xx: it has too little data'}],
    ['waits for an alarm where nobody judges', {...noData, verdict: null}, {kind: 'wait'}],
    ['holds what is inconclusive for too long', {...late, verdict: open}, {kind: 'hold', isStuck: false}],
    ['holds what no alarm tells of for too long', {...late, ...noData}, {kind: 'hold', isStuck: false}],
    [
      'takes it back where that was asked for',
      {...late, verdict: open, onInconclusive: 'rollback'},
      {kind: 'go-back', byGate: true},
    ],
    ['goes on where that was asked for', {...late, verdict: open, onInconclusive: 'promote'}, {kind: 'go-on'}],
    [
      'never goes on with what hurts',
      {...late, verdict: unhealthy, onInconclusive: 'promote'},
      {kind: 'go-back', byGate: true},
    ],
    ['goes on late where it is healthy', late, {kind: 'go-on', why: null}],
    [
      'gives a stage its time before it calls it inconclusive',
      {...late, stageAt: 58 * minute, verdict: open},
      {kind: 'wait', why: null},
    ],
  ])('%s', (_, more, expected) => {
    expect(decide(situation(more))).toMatchObject(expected)
  })
})
