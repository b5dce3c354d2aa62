// Whole shifts from the words of a command line to the last answer, at the embedded AWS.
import {describe, expect, it} from 'vitest'
import {openShift} from '../../../../src/services/traffic/plan/open-shift.ts'
import type {ShiftWish} from '../../../../src/services/traffic/plan/shift-plan.ts'
import type {ShiftReport, ShiftStep} from '../../../../src/services/traffic/shift/shift-steps.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {hastyCompany} from '../hasty-company.ts'
import {minute, planOf} from './shift-plans.ts'

const {judge} = planOf().wish

const wishOf = (more: Partial<ShiftWish> = {}): ShiftWish => ({
  ...planOf().wish,
  to: {kind: 'version', version: '41'},
  ladder: {kind: 'canary', basisPoints: 1_000, everyMs: 5 * minute},
  judge,
  waves: [],
  ...more,
})

async function shifting(more: Partial<ShiftWish> = {}, functionName = 'checkout-api') {
  const company = await hastyCompany()
  const {aws, journals} = company
  const opened = await openShift(aws, {targets: [functionName]}, {...wishOf(more), journals}, ongoing())
  const steps: ShiftStep[] = []
  const run = async (onStep: (step: ShiftStep) => void = () => {}): Promise<ShiftReport> => {
    for await (const step of opened.run({undoSignal: ongoing, controls: () => []})) {
      steps.push(step)
      onStep(step)
    }
    const last = steps.at(-1)
    if (last?.kind !== 'ended') throw new Error('it has not ended')
    return last.report
  }
  return {...company, opened, run, steps}
}

describe('a shift at the embedded AWS', () => {
  it('goes by time, and ends with the new version alone', async () => {
    const {run, served, opened} = await shifting({gate: 'none'})
    const report = await run()
    expect(report).toMatchObject({outcome: 'done', writes: 3})
    expect(opened.verdicts(report)).toEqual([])
    expect(await served('checkout-api')).toBe('41')
    expect(report.members[0]?.serves?.description).toBe(opened.plan.members[0]?.description)
  })

  it('hands over to CodeDeploy, which deploys it', async () => {
    const to = {kind: 'latest'} as const
    const handOver = {application: null, group: null}
    const {run, served, steps} = await shifting({to, handOver}, 'search')
    expect(await run()).toMatchObject({outcome: 'done', writes: 0})
    expect(steps.flatMap(step => (step.kind === 'stage' ? [step.stage.basisPoints] : []))).toContain(1_000)
    expect(await served('search')).toBe('10')
  })
})
