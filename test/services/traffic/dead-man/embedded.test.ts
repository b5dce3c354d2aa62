// A dead man's schedules at the embedded AWS, which lets them call UpdateAlias at their time.

import {expect, test} from 'vitest'
import type {AliasState} from '../../../../src/services/traffic/alias/alias-state.ts'
import {readAliasState} from '../../../../src/services/traffic/alias/read-alias-state.ts'
import {writeAlias} from '../../../../src/services/traffic/alias/write-alias.ts'
import {createDeadMan} from '../../../../src/services/traffic/dead-man/dead-man.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {emptyDirectory} from '../../tuning/tuned.ts'
import {embeddedAliases} from '../embedded-aliases.ts'
import {begun, headerOf} from '../traffic-runs.ts'

const minute = 60_000

/** checkout-api with half of its traffic on another version, and a dead man of a quarter of an hour. */
async function armed() {
  const {aws, refOf, clock} = await embeddedAliases()
  const ref = refOf('checkout-api')
  const read = async (): Promise<AliasState> => {
    const state = await readAliasState(aws, ref, ongoing())
    if (state === null) throw new Error('there is no alias live')
    return state
  }
  const before = await read()
  const header = headerOf(['checkout-api'])
  const journal = await begun(await emptyDirectory(), aws, {
    ...header,
    members: header.members.map(member => ({...member, ...ref, before})),
  })
  const deadMan = createDeadMan(aws, journal, {
    afterMs: 15 * minute,
    roleArn: 'arn:aws:iam::123456789012:role/slsops-dead-man',
  })
  await deadMan.prepare([ref], ongoing())
  const {version} = before
  const other = String(Number(version) - 1)
  const write = async (weight: number): Promise<AliasState> => {
    const to = {version, additional: {version: other, weight}, description: `lease ${weight}`}
    await writeAlias({aws, journal, signal: ongoing()}, ref, await read(), to)
    return read()
  }
  const push = async (state: AliasState): Promise<void> =>
    deadMan.push(ref, state, version, before.description, ongoing())
  return {clock, before, read, write, push, deadMan, journal}
}

test('takes the traffic back when nobody pushes it forward any more, and is gone then', async () => {
  const {clock, before, read, write, push, deadMan} = await armed()
  await push(await write(0.25))
  clock.at += 10 * minute
  await push(await write(0.5))
  clock.at += 10 * minute
  expect(await read()).toMatchObject({additional: {weight: 0.5}})
  clock.at += 6 * minute
  expect(await read()).toMatchObject({version: before.version, additional: null, description: before.description})
  expect(await deadMan.disarm(ongoing())).toEqual([])
})

test('case 21: leaves an alias alone that was written since', async () => {
  const {clock, read, write, push} = await armed()
  await push(await write(0.25))
  const theirs = await write(0.75)
  clock.at += 30 * minute
  expect(await read()).toEqual(theirs)
})

test('that was disarmed does nothing', async () => {
  const {clock, read, write, push, deadMan, journal} = await armed()
  const state = await write(0.25)
  await push(state)
  expect(await deadMan.disarm(ongoing())).toEqual([])
  expect(journal.record().left).toEqual([])
  clock.at += 30 * minute
  expect(await read()).toEqual(state)
})
