import {describe, expect, it, onTestFinished} from 'vitest'
import {beginTrafficJournal} from '../../../../src/services/traffic/journal/traffic-journal.ts'
import type {ShiftPlan} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {resumeShift} from '../../../../src/services/traffic/shift/resume-shift.ts'
import {shiftVerdicts} from '../../../../src/services/traffic/shift/verdicts.ts'
import {fakeAccount, ongoing} from '../../fleet/fake-account.ts'
import {emptyDirectory} from '../../tuning/tuned.ts'
import {headerOf} from '../traffic-runs.ts'
import {planOf} from './shift-plans.ts'

const other = '20261120-150000-abcdefgh'

/** Journals of runs, each of a plan; an outcome for those that are over. */
async function left(...runs: readonly (readonly [plan: ShiftPlan, outcome: string | null])[]) {
  const aws = fakeAccount({answers: {GetCallerIdentity: () => ({Account: '123456789012'})}})
  const journals = await emptyDirectory()
  for (const [plan, outcome] of runs) {
    const header = headerOf(['checkout'], {runId: plan.runId, plan})
    const journal = await beginTrafficJournal(journals, header, aws)
    onTestFinished(() => journal.release())
    if (outcome === null) await journal.release()
    else await journal.end(outcome, 'for a reason')
  }
  return (run: string | true) => resumeShift(aws, run, journals, ongoing())
}

describe('a shift that is gone on with', () => {
  it('is the only one that is under way, where none is named', async () => {
    const resume = await left([planOf(), null], [planOf({runId: other}), 'done'])
    const {plan} = await resume(true)
    expect(plan).toEqual({...planOf(), resumes: planOf().runId})
  })

  it('tells since when it stands where it does', async () => {
    const aws = fakeAccount({answers: {GetCallerIdentity: () => ({Account: '123456789012'})}})
    const journals = await emptyDirectory()
    const plan = planOf()
    const journal = await beginTrafficJournal(journals, headerOf(['checkout'], {runId: plan.runId, plan}), aws)
    await journal.stage(0)
    await journal.release()
    const {notices} = await resumeShift(aws, plan.runId, journals, ongoing())
    expect(notices).toEqual([expect.stringMatching(/^it stands at step 1 of \d since 2/)])
  })

  it('is refused before its plan is shown where a process is at it', async () => {
    const aws = fakeAccount({answers: {GetCallerIdentity: () => ({Account: '123456789012'})}})
    const journals = await emptyDirectory()
    const plan = planOf()
    const journal = await beginTrafficJournal(journals, headerOf(['checkout'], {runId: plan.runId, plan}), aws)
    onTestFinished(() => journal.release())
    await expect(resumeShift(aws, plan.runId, journals, ongoing())).rejects.toThrow(/is at work in another process/)
  })

  it.each<[string, readonly (readonly [ShiftPlan, string | null])[], string | true, RegExp]>([
    ['there is none', [[planOf(), 'done']], true, /there is no shift to go on with/],
    [
      'there are several',
      [
        [planOf(), null],
        [planOf({runId: other}), null],
      ],
      true,
      /there are 2 shifts to go on with/,
    ],
    ['it is over', [[planOf(), 'rolled-back']], planOf().runId, /is over: rolled-back/],
    ['it is CodeDeploy’s', [[planOf({wish: {handOver: {application: null, group: null}}}), null]], true, /handed over/],
  ])('is refused where %s', async (_, runs, run, message) => {
    const resume = await left(...runs)
    await expect(resume(run)).rejects.toThrow(message)
  })
})

describe('what a shift ends with', () => {
  it.each([
    ['done', false, []],
    ['rolled-back', true, [5]],
    ['rolled-back', false, [1]],
    ['held', false, [3]],
    ['foreign', false, [1]],
    ['foreign', true, [1]],
    ['failed', true, [1]],
  ] as const)('%s, by a gate: %s', (outcome, byGate, codes) => {
    expect(shiftVerdicts({outcome, byGate, members: [{state: outcome}]})).toEqual(codes)
  })
})
