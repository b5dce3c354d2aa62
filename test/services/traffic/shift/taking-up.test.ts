import {copyFile, readFile} from 'node:fs/promises'
import {describe, expect, it} from 'vitest'
import type {AliasState} from '../../../../src/services/traffic/alias/alias-state.ts'
import {parseLease} from '../../../../src/services/traffic/alias/lease.ts'
import type {ShiftPlan} from '../../../../src/services/traffic/plan/shift-plan.ts'
import {fakeDeadMan} from './fake-dead-man.ts'
import {failing, fakeTraffic, type MinuteOf, type Write} from './fake-traffic.ts'
import {memberOf, minute, planOf} from './shift-plans.ts'
import {whileTimeStands} from './timed-journal.ts'

type Killed = {
  readonly plan: ShiftPlan
  /** the write that is under way when the process is killed, from 1 */
  readonly during: number
  /** whether AWS has made it by then */
  readonly isApplied: boolean
  readonly canaryFails?: number
  /** of the run that is gone on with */
  readonly trafficAfter?: (functionName: string) => MinuteOf
}

/** A run that is killed during a write, and what can take it up: its journal and the aliases, as they were then. */
async function killed({plan, during, isApplied, canaryFails = 0, trafficAfter}: Killed) {
  const man = fakeDeadMan(() => traffic.clock)
  const parts = {createDeadMan: man.createDeadMan}
  const path = (directory: string): string => `${directory}/${plan.runId}.jsonl`
  let aliases: readonly (readonly [string, AliasState])[] = []
  const first = await fakeTraffic({
    plan,
    parts: {createDeadMan: fakeDeadMan(() => first.clock).createDeadMan},
    traffic: failing(canaryFails, 0),
    async onWrite({nth, functionName, to}: Write) {
      if (nth !== during) return undefined
      if (isApplied) first.set(functionName, to)
      aliases = [...first.aliases]
      await whileTimeStands(first.clock, () => copyFile(path(first.journals), `${first.journals}/killed`))
      return undefined
    },
  })
  await first.run()
  const traffic = await fakeTraffic({plan, aliases, parts, ...(trafficAfter && {traffic: trafficAfter})})
  traffic.clock.suspend(first.clock.now() - traffic.clock.now())
  await copyFile(`${first.journals}/killed`, path(traffic.journals))
  const kinds = async (): Promise<readonly string[]> =>
    (await readFile(path(traffic.journals), 'utf8'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).kind)
  return {traffic, man, kinds, resume: () => traffic.run({...plan, resumes: plan.runId})}
}

const trio = ['a', 'b', 'c'].map(name => memberOf(name))

describe('a shift that was killed', () => {
  it('case 19: goes on after a write that AWS has made, and says its lease anew', async () => {
    const {traffic, resume, kinds} = await killed({plan: planOf(), during: 2, isApplied: true})
    expect(await resume()).toMatchObject({outcome: 'done', members: [{serves: {version: '42'}}]})
    expect(traffic.written()).toEqual(['checkout 41 42:1', 'checkout 42'])
    expect(await kinds()).toContain('settled')
  })

  it('case 19: makes a write again that AWS has not made', async () => {
    const {traffic, resume} = await killed({plan: planOf(), during: 2, isApplied: false})
    expect(await resume()).toMatchObject({outcome: 'done'})
    expect(traffic.written()).toEqual(['checkout 41 42:1', 'checkout 42'])
  })

  it('has to show at the stage that it is gone on with, too, that it is well', async () => {
    const silence = (): MinuteOf => () => ({canary: [0, 0], baseline: [0, 0]})
    const {traffic, resume} = await killed({plan: planOf(), during: 2, isApplied: true, trafficAfter: silence})
    expect(await resume()).toMatchObject({outcome: 'held'})
    expect(traffic.served()).toBe('41 42:1')
  })

  it('brings the others of a stage to where one is', async () => {
    const {traffic, resume} = await killed({plan: planOf({members: trio}), during: 5, isApplied: true})
    expect(await resume()).toMatchObject({outcome: 'done'})
    expect(traffic.written().toSorted().slice(0, 2)).toEqual(['a 41 42:1', 'a 42'])
    expect(traffic.written()).toHaveLength(6)
    for (const {functionName} of trio) expect(traffic.served(functionName)).toBe('42')
  })

  it('moves the others for good where one was moved for good', async () => {
    const {traffic, resume} = await killed({plan: planOf({members: trio}), during: 7, isApplied: true})
    expect(await resume()).toMatchObject({outcome: 'done'})
    expect(traffic.written().every(each => each.endsWith(' 42'))).toBe(true)
    for (const {functionName} of trio) expect(traffic.served(functionName)).toBe('42')
  })

  it('goes back where it was going back', async () => {
    const plan = planOf({members: trio})
    const {traffic, resume} = await killed({plan, during: 5, isApplied: true, canaryFails: 0.3})
    expect(await resume()).toMatchObject({outcome: 'rolled-back', byGate: false})
    for (const {functionName} of trio) expect(traffic.served(functionName)).toBe('41')
  })

  it('goes back with the others where somebody has moved one meanwhile', async () => {
    const {traffic, resume} = await killed({plan: planOf({members: trio}), during: 5, isApplied: true})
    traffic.set('b', {version: '43', additional: null, description: 'terraform'})
    const report = await resume()
    expect(report).toMatchObject({outcome: 'foreign'})
    expect(report.why).toMatch(/changed b:live from 90 % of 41 and 10 % of 42 to version 43/)
    expect(['a', 'b', 'c'].map(traffic.served)).toEqual(['41', '43', '41'])
  })

  it('arms the dead man anew before anything else, with the revision that is there', async () => {
    const deadMan = {afterMs: 15 * minute, roleArn: 'arn:aws:iam::123456789012:role/rollback'}
    const {traffic, man, resume} = await killed({plan: planOf({wish: {deadMan}}), during: 2, isApplied: true})
    const {revisionId} = traffic.aliases.get('checkout') ?? {}
    expect(await resume()).toMatchObject({outcome: 'done'})
    expect(man.pushes[0]).toBe(`checkout ${revisionId}`)
    expect(man.armed.size).toBe(0)
  })

  it('tells that the dead man rolled it back meanwhile, and brings back the others', async () => {
    const plan = planOf({
      members: trio,
      wish: {deadMan: {afterMs: 900_000, roleArn: 'arn:aws:iam::123456789012:role/r'}},
    })
    const {traffic, resume} = await killed({plan, during: 5, isApplied: true})
    traffic.set('b', {version: '41', additional: null, description: 'serves the shop'})
    const report = await resume()
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      why: expect.stringContaining('the dead man rolled b:live back'),
    })
    expect(['a', 'b', 'c'].map(traffic.served)).toEqual(['41', '41', '41'])
  })

  it('ends as it was begun where it is interrupted while it is taken up', async () => {
    const {traffic, resume} = await killed({plan: planOf(), during: 2, isApplied: true})
    traffic.interrupt()
    expect(await resume()).toMatchObject({outcome: 'rolled-back', why: 'it was interrupted'})
    expect(traffic.served()).toBe('41')
  })

  it('says anew until when it holds its aliases, and counts what it has seen at their weight all the same', async () => {
    const plan = planOf({members: trio, waves: [['a'], ['b', 'c']]})
    const {traffic, resume} = await killed({plan, during: 4, isApplied: true})
    traffic.clock.suspend(3 * 60 * minute)
    const leases: (string | undefined)[] = []
    traffic.clock.at(traffic.clock.now() + minute, () => {
      for (const name of ['a', 'b', 'c']) leases.push(traffic.aliases.get(name)?.description)
    })
    const at = traffic.clock.now()
    expect(await resume()).toMatchObject({outcome: 'done'})
    for (const lease of leases) expect(parseLease(lease ?? '')?.until).toBeGreaterThan(at + 60 * minute)
  })

  it('stays muted what was muted', async () => {
    const plan = planOf({members: trio, wish: {muted: ['b']}})
    const {traffic, resume} = await killed({plan, during: 3, isApplied: true})
    expect(await resume()).toMatchObject({outcome: 'done'})
    expect(['a', 'b', 'c'].map(traffic.served)).toEqual(['42', '41', '42'])
  })
})
