import {describe, expect, it} from 'vitest'
import type {Deployment} from '../../../../src/services/traffic/codedeploy/deployments.ts'
import type {Move} from '../../../../src/services/traffic/journal/open-runs.ts'
import {type Traces, whoMoved} from '../../../../src/services/traffic/releases/who-moved.ts'
import {moving, now} from '../../../ui/releases.ts'

const state = {version: '42', additional: null, description: '', revisionId: 'r2'}
const move: Move = {
  runId: '20261120-135800-k3f9x2ab',
  operation: 'shift',
  at: now - 60_000,
  from: '41',
  to: '42',
  left: '42',
  by: 'arn:aws:iam::123456789012:user/ci',
  note: 'pay-v42',
  outcome: 'done',
  why: 'the new version serves',
  revisionId: 'r2',
  deadManAt: null,
}
const deployment: Deployment = {
  deploymentId: 'd-A1',
  application: 'shop',
  group: 'live',
  status: 'Succeeded',
  functionName: 'checkout-api',
  alias: 'live',
  from: '41',
  to: '42',
  weight: null,
  createdAt: now - 120_000,
  endedAt: now - 90_000,
  description: 'build 778',
}
const traces = (more: Partial<Traces> = {}): Traces => ({
  lease: null,
  moves: [],
  deployments: [],
  served: null,
  now,
  ...more,
})

describe('who moved an alias last', () => {
  it('is told by the journal, as long as nobody has written the alias since', () => {
    expect(whoMoved(state, traces({moves: [move], deployments: [deployment]}))).toMatchObject({
      mover: {source: 'journal', by: move.by, note: 'pay-v42', operation: 'shift'},
      since: now - 60_000,
    })
    expect(whoMoved({...state, revisionId: 'r3'}, traces({moves: [move]})).mover).toBeNull()
  })

  it('is a way back where a shift did not stay: from what it tried to what serves again, and why', () => {
    const tried = {...move, outcome: 'rolled-back', why: '42 fails more often'}
    const {mover} = whoMoved({...state, version: '41'}, traces({moves: [tried]}))
    expect(mover).toMatchObject({operation: 'rollback', from: '42', to: '41', why: '42 fails more often'})
    const held = {...state, version: '41', additional: {version: '42', weight: 0.1}}
    expect(whoMoved(held, traces({moves: [{...move, outcome: 'held'}]})).mover).toMatchObject({
      operation: 'shift',
      to: '42',
      why: null,
    })
  })

  it('is the dead man of a run that was killed, once his time is over and the alias is back', () => {
    const killed: Move = {...move, left: '41', outcome: null, why: null, deadManAt: now - 5_000}
    const back = {...state, version: '41', revisionId: 'r9'}
    expect(whoMoved(back, traces({moves: [killed]}))).toMatchObject({
      mover: {operation: 'rollback', from: '42', to: '41', by: null, why: 'its dead man fired, as it seems'},
      since: now - 5_000,
    })
    expect(whoMoved(back, traces({moves: [{...killed, deadManAt: now + 5_000}]})).mover).toBeNull()
    const why = 'the dead man rolled checkout-api:live back at 13:58: nobody pushed him forward'
    const closed = {...killed, deadManAt: null, outcome: 'rolled-back', why}
    expect(whoMoved(back, traces({moves: [closed]})).mover).toMatchObject({operation: 'rollback', why})
  })

  it('is told by a lease that somebody holds', () => {
    const {lease} = moving()
    expect(whoMoved(state, traces({lease})).mover).toMatchObject({source: 'lease', by: 'oncall'})
    expect(whoMoved(state, traces({lease, now: (lease?.until ?? 0) + 1})).mover).toBeNull()
  })

  it('is told by the deployment that brought what serves, and by none that failed', () => {
    expect(whoMoved(state, traces({deployments: [deployment]}))).toMatchObject({
      mover: {source: 'codedeploy', note: 'build 778', runId: 'd-A1'},
      since: now - 90_000,
    })
    expect(whoMoved(state, traces({deployments: [{...deployment, status: 'Failed'}]})).mover).toBeNull()
  })

  it('is nobody known, but since when is told by the first call of what serves alone', () => {
    const served = {version: '42', calls: 1, errors: 0, p95Ms: 1, firstAt: now - 5_000, lastAt: now}
    expect(whoMoved(state, traces({served}))).toEqual({mover: null, since: now - 5_000})
    const additional = {version: '43', weight: 0.1}
    expect(whoMoved({...state, additional}, traces({served}))).toEqual({mover: null, since: null})
  })
})
