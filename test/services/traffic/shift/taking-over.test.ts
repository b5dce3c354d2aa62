import {describe, expect, it} from 'vitest'
import {leaseText} from '../../../../src/services/traffic/alias/lease.ts'
import {beginTrafficJournal, readTrafficRecord} from '../../../../src/services/traffic/journal/traffic-journal.ts'
import {now} from '../../fleet/fake-account.ts'
import {headerOf} from '../traffic-runs.ts'
import {fakeTraffic} from './fake-traffic.ts'
import {memberOf, planOf} from './shift-plans.ts'
import {whileTimeStands} from './timed-journal.ts'

const dead = '20261120-130000-abcdefgh'
const lease = {runId: dead, by: 'bob', stage: 1, stages: 2, basisPoints: 1_000, from: '41', to: '42', until: now}
const leased = (name: string) =>
  memberOf(name, {
    at: 1_000,
    before: {
      version: '41',
      additional: {version: '42', weight: 0.1},
      description: leaseText(lease),
      revisionId: `${name}-1`,
    },
  })

/** A shift of `checkout`, whose lease a run of others has that was killed. */
async function takingOver(members: readonly string[]) {
  const traffic = await fakeTraffic({plan: planOf({members: [leased('checkout')]})})
  await whileTimeStands(traffic.clock, async () => {
    const journal = await beginTrafficJournal(traffic.journals, headerOf(members, {runId: dead}), traffic.aws)
    await journal.release()
  })
  return {...traffic, dead: () => readTrafficRecord(traffic.journals, dead)}
}

describe('a shift that takes over from a run that was killed', () => {
  it('closes its journal, with which nobody can go on any more', async () => {
    const {run, dead: record, events} = await takingOver(['checkout'])
    expect(await run()).toMatchObject({outcome: 'done'})
    expect((await record()).ended).toMatchObject({outcome: 'taken-over', why: `by run ${planOf().runId}`})
    expect(events().filter(text => text.includes('taken over'))).toHaveLength(1)
  })

  it('leaves it open where others took part in it', async () => {
    const {run, dead: record} = await takingOver(['checkout', 'ledger'])
    expect(await run()).toMatchObject({outcome: 'done'})
    expect((await record()).ended).toBeNull()
  })

  it('watches the weight that is there, with its own lease, before it goes up', async () => {
    const {run, writes} = await takingOver(['checkout'])
    await run()
    expect(writes[0]?.to).toMatchObject({additional: {version: '42', weight: 0.1}})
    expect(writes[0]?.to.description).toContain(planOf().runId)
    expect(writes[1]?.at).toBeGreaterThanOrEqual(now + 5 * 60_000)
  })
})
