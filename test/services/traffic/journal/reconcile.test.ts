import {describe, expect, test} from 'vitest'
import {writeAlias} from '../../../../src/services/traffic/alias/write-alias.ts'
import {reconcile} from '../../../../src/services/traffic/journal/reconcile.ts'
import {readTrafficRecord} from '../../../../src/services/traffic/journal/traffic-journal.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {emptyDirectory} from '../../tuning/tuned.ts'
import {type FakeAliases, fakeAliases, refOf, stateIn} from '../fake-aliases.ts'
import {begun, continued, headerOf, intentOf, runId} from '../traffic-runs.ts'

/** A run that was killed while it gave a tenth to 42: its intent is on the disk, and nothing more. */
async function killed(fake: FakeAliases, names: readonly string[] = ['checkout-api']): Promise<string> {
  const directory = await emptyDirectory()
  const journal = await begun(directory, fake.aws, headerOf(names))
  for (const [place, name] of names.entries())
    void journal.aliasWrite(intentOf(name, `revision-${place + 1}`, 0.1), () => new Promise(() => {}), told)
  await journal.stage(-1)
  await journal.release()
  return directory
}

const told = (): {readonly revisionId: null} => ({revisionId: null})

async function reconciled(fake: FakeAliases, directory: string) {
  const journal = await continued(directory, fake.aws)
  const found = await reconcile(fake.aws, journal, ongoing())
  return {journal, found, record: await readTrafficRecord(directory, runId)}
}

const tenth = {weights: {'42': 0.1}, Description: 'lease at 0.1'}

describe('case 19: a run that was killed between intent and answer', () => {
  test('and whose write was made is acknowledged, and goes on from there: one step', async () => {
    const fake = fakeAliases()
    const directory = await killed(fake)
    fake.foreign('checkout-api:live', tenth)
    const {journal, found, record} = await reconciled(fake, directory)
    expect(found).toMatchObject([{kind: 'pending-applied', state: {revisionId: 'revision-2'}}])
    expect(record.members.get('checkout-api')).toEqual({state: stateIn(fake), pending: null})
    const site = {aws: fake.aws, journal, signal: ongoing()}
    const next = {version: '41', additional: {version: '42', weight: 0.25}, description: 'lease at 0.25'}
    const state = found[0]?.state ?? stateIn(fake)
    expect(await writeAlias(site, refOf('checkout-api'), state, next)).toMatchObject({
      kind: 'written',
      wasLost: false,
    })
    expect(fake.updates).toHaveLength(1)
  })

  test('and whose write was not made does it again: one step', async () => {
    const fake = fakeAliases()
    const directory = await killed(fake)
    const {journal, found, record} = await reconciled(fake, directory)
    expect(found).toMatchObject([{kind: 'pending-not-applied', state: {revisionId: 'revision-1'}}])
    expect(record.members.get('checkout-api')?.pending).toBeNull()
    const site = {aws: fake.aws, journal, signal: ongoing()}
    const again = intentOf('checkout-api', 'revision-1', 0.1).to
    const written = await writeAlias(site, refOf('checkout-api'), stateIn(fake), again)
    expect([written.kind, fake.updates.length]).toEqual(['written', 1])
    expect(journal.record().members.get('checkout-api')).toEqual({state: stateIn(fake), pending: null})
  })

  test('and whose alias somebody moved meanwhile is told apart, as is one that is gone', async () => {
    const names = ['a', 'b', 'c']
    const fake = fakeAliases(names)
    const directory = await killed(fake, names)
    fake.foreign('a:live', {FunctionVersion: '43'})
    fake.aliases.delete('b:live')
    fake.foreign('c:live', tenth)
    const {found, record} = await reconciled(fake, directory)
    expect(found.map(({kind}) => kind)).toEqual(['foreign', 'gone', 'pending-applied'])
    expect(found.map(({state}) => state?.version)).toEqual(['43', undefined, '41'])
    expect([...record.members.values()].map(({pending}) => pending)).toEqual([null, null, null])
  })
})

test('what is as AWS acknowledged it needs nothing, whatever revision it has by now', async () => {
  const fake = fakeAliases()
  const directory = await emptyDirectory()
  const journal = await begun(directory, fake.aws, headerOf(['checkout-api']))
  const site = {aws: fake.aws, journal, signal: ongoing()}
  const to = intentOf('checkout-api', '', 0.1).to
  await writeAlias(site, refOf('checkout-api'), stateIn(fake), to)
  fake.foreign('checkout-api:live', {})
  await journal.release()
  expect((await reconciled(fake, directory)).found).toMatchObject([
    {kind: 'as-acknowledged', state: {revisionId: 'revision-3'}},
  ])
})

test('case 8: an alias that Lambda is still moving, for its provisioned concurrency, is as it was written', async () => {
  const fake = fakeAliases()
  const directory = await emptyDirectory()
  const journal = await begun(directory, fake.aws, headerOf(['checkout-api']))
  const site = {aws: fake.aws, journal, signal: ongoing()}
  const commit = {version: '42', additional: null, description: 'what customers call'}
  await writeAlias(site, refOf('checkout-api'), stateIn(fake), commit)
  fake.foreign('checkout-api:live', {weights: {'41': 1}})
  await journal.release()
  expect((await reconciled(fake, directory)).found).toMatchObject([{kind: 'as-acknowledged'}])
})
