import {describe, expect, it} from 'vitest'
import type {Deployment} from '../../../../src/services/traffic/codedeploy/deployments.ts'
import type {ServedVersion} from '../../../../src/services/traffic/evidence/served-versions.ts'
import type {TrafficRecord} from '../../../../src/services/traffic/journal/shift-record.ts'
import {deployedPast} from '../../../../src/services/traffic/rollback/deployed-past.ts'
import {journaledPast} from '../../../../src/services/traffic/rollback/journaled-past.ts'
import {measuredPast} from '../../../../src/services/traffic/rollback/measured-past.ts'
import {nothing, type Past} from '../../../../src/services/traffic/rollback/past.ts'
import {choosePrevious} from '../../../../src/services/traffic/rollback/previous-version.ts'

const now = Date.UTC(2026, 10, 20, 14, 7, 11)
const hour = 3_600_000
const ref = {
  functionName: 'checkout-api',
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout-api',
  alias: 'live',
}

function record(
  operation: 'shift' | 'rollback',
  [from, to]: readonly [string, string],
  {serves = to, outcome = 'done', at = now - hour} = {},
): TrafficRecord {
  const state = (version: string) => ({version, additional: null, description: '', revisionId: 'r'})
  return {
    header: {
      schema: 'slsops/shift-journal@1',
      runId: '20261120-130711-k3f9x2ab',
      operation,
      at: at - 60_000,
      account: '123456789012',
      region: 'eu-west-1',
      endpoint: 'aws',
      origins: [],
      by: 'arn:aws:sts::123456789012:assumed-role/deploy/ci',
      note: null,
      members: [{...ref, from, to, before: state(from), description: ''}],
      plan: null,
    },
    members: new Map([['checkout-api', {state: state(serves), pending: null}]]),
    stage: 0,
    stageAt: null,
    muted: new Set(),
    left: [],
    writes: [
      {
        id: 1,
        at,
        intent: {
          functionName: 'checkout-api',
          alias: 'live',
          revisionId: 'q',
          to: {version: serves, additional: null, description: ''},
        },
        outcome: 'done',
        revisionId: 'r',
      },
    ],
    ended: {at, outcome, why: ''},
    unreadable: [],
  }
}

const deployment = (status: string, from: string, to: string, endedAt = now - hour): Deployment => ({
  deploymentId: `d-${from}${to}`,
  application: 'shop',
  group: 'live',
  status,
  functionName: 'checkout-api',
  alias: 'live',
  from,
  to,
  weight: null,
  createdAt: endedAt - 60_000,
  endedAt,
  description: '',
})

/** @param span hours ago of its first and its last invocation */
const ran = (version: string, [first, last]: readonly [number, number], calls = 1_000): ServedVersion => ({
  version,
  calls,
  errors: 0,
  p95Ms: 100,
  firstAt: now - first * hour,
  lastAt: now - last * hour,
})

describe('what served before', () => {
  it('is what the newest run in the journal moved the alias from', () => {
    const {served} = journaledPast([record('shift', ['41', '42']), record('shift', ['40', '41'])], ref, '42')
    expect(served).toMatchObject({source: 'journal', version: '41', at: now - hour})
  })

  it('is what the journal left it at, where somebody else has moved it since', () => {
    expect(journaledPast([record('shift', ['41', '42'])], ref, '43').served).toMatchObject({version: '42'})
  })

  it('is nothing where the journal has other functions and aliases only', () => {
    expect(journaledPast([record('shift', ['41', '42'])], {...ref, alias: 'beta'}, '42')).toEqual(nothing)
  })

  it('is nothing by a run that wrote nothing', () => {
    const idle = {...record('shift', ['41', '42']), writes: []}
    expect(journaledPast([idle, record('shift', ['39', '42'])], ref, '42').served).toMatchObject({version: '39'})
  })

  it('is not the version that a rollback, or a gate, has taken out', () => {
    expect(journaledPast([record('rollback', ['42', '41'])], ref, '41').goneBack).toMatchObject({left: '42'})
    const byGate = record('shift', ['41', '42'], {serves: '41', outcome: 'rolled-back'})
    expect(journaledPast([byGate], ref, '41').goneBack).toMatchObject({left: '42'})
  })

  it('is not a version that was tried, however that ended: the dead man or somebody elsewhere took it back', () => {
    for (const outcome of ['foreign', 'failed', 'done']) {
      const tried = record('shift', ['62', '63'], {serves: '62', outcome})
      expect(journaledPast([tried], ref, '62'), outcome).toMatchObject({served: null, goneBack: {left: '63'}})
      expect(journaledPast([{...tried, ended: null}], ref, '62')).toMatchObject({goneBack: {left: '63'}})
    }
  })

  it('is not the version that a run here moved it to and somebody elsewhere went back from', () => {
    expect(journaledPast([record('shift', ['41', '42'])], ref, '41')).toMatchObject({
      served: null,
      goneBack: {left: '42'},
      later: ['42'],
    })
  })

  it('knows what was tried and taken back, until it is brought in again', () => {
    const tried = record('shift', ['41', '42'], {serves: '41', outcome: 'rolled-back', at: now - 2 * hour})
    expect(journaledPast([tried], ref, '43').takenOut).toEqual(new Map([['42', now - 2 * hour]]))
    expect(journaledPast([record('shift', ['41', '42']), tried], ref, '43').takenOut).toEqual(new Map())
  })

  it('is the version that was gone back to, where that was undone', () => {
    const [there, back] = [record('rollback', ['42', '41']), record('rollback', ['41', '42'])]
    expect(journaledPast([back, there], ref, '42').served).toMatchObject({version: '41'})
    expect(journaledPast([there, back, there], ref, '41').goneBack).toMatchObject({left: '42'})
  })

  it('is what CodeDeploy deployed from, unless that deployment was taken back', () => {
    expect(deployedPast([deployment('Succeeded', '41', '42')], '42').served).toMatchObject({
      source: 'codedeploy',
      version: '41',
    })
    expect(deployedPast([deployment('Stopped', '41', '42')], '41').goneBack).toMatchObject({left: '42'})
    // its own rollback is a deployment too
    const back = [deployment('Succeeded', '42', '41'), deployment('Stopped', '41', '42')]
    expect(deployedPast(back, '41').goneBack).toMatchObject({left: '42'})
    expect(deployedPast([], '41')).toEqual(nothing)
  })

  it('is not what CodeDeploy deployed from, where what serves now had served before that', () => {
    const release = deployment('Succeeded', '41', '42', now - 2 * hour)
    const back = deployment('Succeeded', '42', '41')
    expect(deployedPast([back, release], '41')).toMatchObject({served: null, goneBack: {left: '42'}, later: ['42']})
    const again = deployment('Succeeded', '41', '42', now)
    expect(deployedPast([again, back, release], '42').served).toMatchObject({version: '41'})
  })

  it('is what ran last of those that began before, never the next lower number', () => {
    const versions = [ran('42', [1, 0]), ran('41', [3, 2.9], 3), ran('39', [100, 1])]
    expect(measuredPast(versions, '42').served).toMatchObject({version: '39'})
  })

  it('may have begun before there were metrics', () => {
    const before = {...ran('41', [100, 1]), firstAt: null}
    expect(measuredPast([ran('42', [1, 0]), before], '42').served).toMatchObject({version: '41'})
    const now = {...ran('41', [100, 0]), firstAt: null}
    expect(measuredPast([now, ran('42', [2, 1])], '41')).toMatchObject({served: null, goneBack: {left: '42'}})
  })

  it('is not a version that was tried while the one that serves now was there', () => {
    const versions = [ran('41', [100, 0]), ran('42', [2, 0.1]), ran('40', [300, 100])]
    expect(measuredPast(versions, '41')).toMatchObject({served: {version: '40'}, goneBack: {left: '42'}})
  })

  it('is not a release that somebody went back from a moment ago, whose metrics are late', () => {
    // 41 serves again, and the minutes that would show it are not there yet
    const released = [ran('42', [0.3, 0.05]), ran('41', [100, 0.3])]
    expect(measuredPast(released, '41')).toMatchObject({served: null, goneBack: {left: '42'}, later: ['42']})
    expect(measuredPast(released, '42')).toMatchObject({served: {version: '41'}, goneBack: null})
  })

  it('is none of two that began in the same minute, or before all that is read', () => {
    const first = {...ran('41', [1, 0]), firstAt: null}
    const second = {...ran('42', [1, 0.1]), firstAt: null}
    expect(measuredPast([first, second], '41')).toMatchObject({served: null, goneBack: {left: '42'}})
    expect(measuredPast([ran('41', [1, 0]), ran('42', [1, 0])], '41')).toMatchObject({served: null, later: ['42']})
  })

  it('is not one that ran on when what serves now did not: that may run again by now', () => {
    const versions = [ran('41', [20, 0.05]), ran('42', [10, 1])]
    expect(measuredPast(versions, '42')).toMatchObject({served: null, goneBack: {left: '41'}})
  })

  it('is none of two that ran until the same minute', () => {
    const versions = [ran('42', [1, 0]), ran('41', [2, 1]), ran('40', [100, 1])]
    expect(measuredPast(versions, '42')).toMatchObject({served: null, goneBack: {at: now - hour}})
  })

  it('is the lower number where what serves has no calls yet, and none where it is the higher one', () => {
    expect(measuredPast([ran('41', [100, 0])], '42').served).toMatchObject({version: '41'})
    expect(measuredPast([ran('42', [100, 0])], '30')).toMatchObject({served: null, goneBack: {left: '42'}})
  })

  it('is not $LATEST, nor one without a call', () => {
    expect(measuredPast([ran('42', [1, 0]), ran('$LATEST', [9, 1]), ran('41', [9, 1], 0)], '42').served).toBeNull()
  })
})

describe('choosing among what several sources tell', () => {
  const served = (source: 'journal' | 'metrics', version: string, hoursAgo: number): Past => ({
    ...nothing,
    served: {source, version, at: now - hoursAgo * hour, detail: ''},
  })
  const goneBack = (hoursAgo: number): Past => ({
    ...nothing,
    goneBack: {left: '42', at: now - hoursAgo * hour, detail: ''},
  })

  it('takes the latest, and shows what says otherwise', () => {
    expect(choosePrevious([served('journal', '40', 30), served('metrics', '41', 1)], now)).toEqual({
      kind: 'found',
      version: '41',
      evidence: [
        {source: 'metrics', version: '41', detail: ''},
        {source: 'journal', version: '40', detail: ''},
      ],
    })
  })

  it('refuses where nothing tells', () => {
    expect(choosePrevious([nothing], now)).toEqual({kind: 'none'})
  })

  it('never takes what any source knows to have come later, nor what was taken out within a day', () => {
    const later: Past = {...nothing, later: ['42']}
    expect(choosePrevious([served('journal', '42', 1), later], now)).toMatchObject({
      kind: 'gone-back',
      goneBack: {left: '42'},
    })
    expect(choosePrevious([served('journal', '42', 30), later, served('metrics', '40', 40)], now)).toMatchObject({
      version: '40',
    })
    const takenOut = (hoursAgo: number): Past => ({...nothing, takenOut: new Map([['41', now - hoursAgo * hour]])})
    expect(choosePrevious([served('metrics', '41', 1), takenOut(2)], now).kind).toBe('gone-back')
    expect(choosePrevious([served('metrics', '41', 1), takenOut(25)], now)).toMatchObject({version: '41'})
  })

  it('refuses to go back a second time, for a day', () => {
    expect(choosePrevious([goneBack(0.1), served('metrics', '40', 100)], now).kind).toBe('gone-back')
    expect(choosePrevious([goneBack(25), served('metrics', '40', 100)], now)).toMatchObject({version: '40'})
    expect(choosePrevious([goneBack(2), served('metrics', '43', 1)], now)).toMatchObject({version: '43'})
  })
})
