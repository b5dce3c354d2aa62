import {describe, expect, it} from 'vitest'
import {leaseText, parseLease} from '../../../../src/services/traffic/alias/lease.ts'
import type {TrafficRecord} from '../../../../src/services/traffic/journal/shift-record.ts'
import {whereItStands} from '../../../../src/services/traffic/plan/where-it-stands.ts'
import {abortedBy} from '../../../../src/services/traffic/rollback/claims.ts'
import {refOf} from '../fake-aliases.ts'

const now = Date.UTC(2026, 10, 20, 14, 7, 11)
const runId = '20261120-140000-k3f9x2ab'
const ref = refOf('checkout-api')
const description = leaseText({
  runId,
  by: 'oncall',
  stage: 1,
  stages: 2,
  basisPoints: 1_000,
  from: '41',
  to: '42',
  until: now + 3_600_000,
})
const state = {version: '41', additional: {version: '42', weight: 0.3}, description, revisionId: 'r5'}
const found = {...ref, state, configuration: {FunctionName: 'checkout-api'}}
const before = {version: '41', additional: null, description: 'what it was', revisionId: 'r1'}

const record = (ended: TrafficRecord['ended']): TrafficRecord => ({
  header: {
    schema: 'slsops/shift-journal@1',
    runId,
    operation: 'shift',
    at: now - 600_000,
    account: '123456789012',
    region: 'eu-west-1',
    endpoint: 'aws',
    origins: [],
    by: 'arn:aws:iam::123456789012:user/oncall',
    note: null,
    members: [{...ref, from: '41', to: '42', before, description: 'what it was'}],
    plan: null,
  },
  members: new Map(),
  stage: 0,
  stageAt: now - 600_000,
  muted: new Set(),
  left: [],
  writes: [],
  ended,
  unreadable: [],
})
const foreign = record({at: now - 60_000, outcome: 'foreign', why: 'somebody else changed it'})

describe('a lease that a run left behind, since somebody else moved the alias', () => {
  const circumstances = {takeOver: false, force: false, now}

  it('holds nobody up where the journal says that the run is over, and the description comes back', () => {
    expect(whereItStands(found, '42', {...circumstances, records: [foreign]})).toMatchObject({
      kind: 'movable',
      at: 3_000,
      description: 'what it was',
    })
    expect(whereItStands(found, '42', {...circumstances, records: [record(null)]})).toMatchObject({kind: 'refused'})
    expect(whereItStands(found, '42', {...circumstances, records: []})).toMatchObject({kind: 'refused'})
  })

  it('is no run at work elsewhere for a rollback', () => {
    const isAlive = () => false
    expect(abortedBy(parseLease(description), found, {records: [foreign], isAlive})).toBeNull()
    expect(abortedBy(parseLease(description), found, {records: [], isAlive})).toMatchObject({runId, isAlive: null})
  })
})
