import {describe, expect, it} from 'vitest'
import type {AliasState} from '../../../../src/services/traffic/alias/alias-state.ts'
import {wayBack} from '../../../../src/services/traffic/rollback/way-back.ts'

const state = (version: string, additional: AliasState['additional'] = null): AliasState => ({
  version,
  additional,
  description: '',
  revisionId: 'r1',
})
const lease = {from: '41', to: '42', detail: 'run 1 moves it', isOver: false}
const never = async (): Promise<never> => {
  throw new Error('nobody is to be asked')
}
const allocating = async () => true

describe('the way back of an alias that is being moved', () => {
  it('is none for an alias that serves one version and holds no lease', async () => {
    expect(await wayBack(state('42'), null, [lease], never)).toBeNull()
  })

  it('is to the main version, whoever moves it', async () => {
    expect(await wayBack(state('41', {version: '42', weight: 0.25}), null, [], never)).toMatchObject({
      from: '42',
      to: '41',
      source: 'alias',
    })
  })

  it('is to the version a lease says the shift came from', async () => {
    expect(await wayBack(state('41', {version: '42', weight: 0.25}), lease, [], never)).toMatchObject({
      from: '42',
      to: '41',
      source: 'shift-under-way',
      detail: 'run 1 moves it',
    })
  })

  it('is told by the journal, not by a shift under way, where the run of the lease has ended', async () => {
    const ended = {...lease, isOver: true}
    expect(await wayBack(state('41', {version: '42', weight: 0.25}), ended, [], never)).toMatchObject({
      to: '41',
      source: 'journal',
    })
  })

  it('is from a soft promote to the main version, without asking for provisioned concurrency', async () => {
    expect(await wayBack(state('41', {version: '42', weight: 1}), lease, [], never)).toMatchObject({to: '41'})
    expect(await wayBack(state('41', {version: '42', weight: 1}), null, [lease], never)).toMatchObject({to: '41'})
  })

  it("case 8: is from Lambda's own transition to the version that serves until then", async () => {
    expect(await wayBack(state('42', {version: '41', weight: 1}), null, [], allocating)).toMatchObject({
      from: '42',
      to: '41',
    })
  })

  it('case 8: is from the transition after our own commit to what the journal says it came from', async () => {
    expect(await wayBack(state('42', {version: '41', weight: 1}), null, [lease], never)).toMatchObject({
      from: '42',
      to: '41',
      source: 'shift-under-way',
    })
  })

  it('is by a lease alone where the weight is 0 yet, and where the shift was killed at its end', async () => {
    expect(await wayBack(state('41'), lease, [], never)).toMatchObject({from: '42', to: '41'})
    expect(await wayBack(state('42', {version: '41', weight: 0}), lease, [], never)).toMatchObject({to: '41'})
  })

  it('takes no word of a lease for versions that the alias does not serve any more', async () => {
    expect(await wayBack(state('43'), lease, [], never)).toBeNull()
    expect(await wayBack(state('43', {version: '44', weight: 0.1}), lease, [lease], never)).toMatchObject({
      to: '43',
      source: 'alias',
    })
  })

  it('is not guessed where all traffic goes to the additional version and nobody says why', async () => {
    const way = await wayBack(state('42', {version: '41', weight: 1}), null, [], async () => null)
    expect(way).toHaveProperty('ambiguous')
    const served = await wayBack(state('41', {version: '42', weight: 1}), null, [], async () => false)
    expect(served).toMatchObject({from: '42', to: '41'})
  })
})
