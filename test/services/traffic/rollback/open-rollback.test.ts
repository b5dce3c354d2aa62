import {readdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {
  CreateAliasCommand,
  GetAliasCommand,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from '@aws-sdk/client-lambda'
import {describe, expect, it} from 'vitest'
import {UserError} from '../../../../src/errors.ts'
import type {Aws} from '../../../../src/services/aws/connect.ts'
import {leaseText} from '../../../../src/services/traffic/alias/lease.ts'
import {readAliasState} from '../../../../src/services/traffic/alias/read-alias-state.ts'
import {writeAlias} from '../../../../src/services/traffic/alias/write-alias.ts'
import {beginTrafficJournal, readTrafficRecords} from '../../../../src/services/traffic/journal/traffic-journal.ts'
import {openRollback, type RollbackWish} from '../../../../src/services/traffic/rollback/open-rollback.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {larder, region, withoutMetrics} from '../company.ts'
import {refOf} from '../fake-aliases.ts'

const checkout = refOf('checkout-api')
const killedRun = '20261120-140711-k3f9x2ab'
const lease = leaseText({
  runId: killedRun,
  by: 'ci',
  stage: 2,
  stages: 6,
  basisPoints: 2_500,
  from: '41',
  to: '42',
  until: Date.now() + 3_600_000,
})

async function company() {
  const {aws, client, journals} = await larder()
  const open = (targets: readonly string[], wish: Partial<RollbackWish> = {}, through: Aws = aws) =>
    openRollback(
      through,
      {targets},
      {alias: null, to: null, force: false, note: null, journals, patience: ongoing, ...wish},
      ongoing(),
    )
  const run = async (opened: Awaited<ReturnType<typeof open>>) => {
    const outcomes = await Array.fromAsync(opened.run({undoSignal: ongoing, doing() {}}))
    return {outcomes, verdicts: opened.verdicts(), closing: opened.closing()}
  }
  const write = (input: Partial<UpdateAliasCommandInput>) =>
    client.send(new UpdateAliasCommand({FunctionName: 'checkout-api', Name: 'live', ...input}))
  const read = () => client.send(new GetAliasCommand({FunctionName: 'checkout-api', Name: 'live'}))
  return {aws, client, journals, open, run, write, read}
}

/** A shift of checkout-api from 42 to 43 that has not written anything, or a rollback from 42. */
async function begunShift(aws: Aws, journals: string, {operation, to}: Begun = {operation: 'shift', to: '43'}) {
  const before = await readAliasState(aws, checkout, ongoing())
  if (before === null) throw new Error('there is no alias')
  const journal = await beginTrafficJournal(
    journals,
    {
      schema: 'slsops/shift-journal@1',
      runId: killedRun,
      operation,
      at: Date.now(),
      account: '123456789012',
      region,
      endpoint: 'sandbox',
      origins: aws.foreignOrigins,
      by: 'arn:aws:sts::123456789012:assumed-role/deploy/ci',
      note: null,
      members: [{...checkout, from: '42', to, before, description: 'what it was'}],
      plan: null,
    },
    aws,
  )
  return {before, journal}
}

type Begun = {readonly operation: 'shift' | 'rollback'; readonly to: string}

const refusal = (work: Promise<unknown>): Promise<UserError> =>
  work.then(
    () => {
      throw new Error('it was not refused')
    },
    error => {
      if (!(error instanceof UserError)) throw error
      return error
    },
  )

describe('a rollback without --to', () => {
  it('goes back to what ran before on the evidence of metrics, and shows both versions with their numbers', async () => {
    const {open, run, read, journals} = await company()
    const opened = await open(['checkout-api'])
    const [member] = opened.plan.members
    expect(member).toMatchObject({from: '42', to: '41', isThere: false, evidence: [{source: 'metrics', version: '41'}]})
    expect(member?.serving?.calls).toBeGreaterThan(0)
    expect((member?.serving?.errors ?? 0) / (member?.serving?.calls ?? 1)).toBeGreaterThan(0.01)
    expect(member?.previous?.calls).toBeGreaterThan(1_000)
    expect(await readdir(journals)).toEqual([])

    const before = await read()
    const {outcomes, verdicts} = await run(opened)
    expect(outcomes).toMatchObject([{state: 'done', writes: 1, serves: {version: '41', additional: null}}])
    expect(verdicts).toEqual([0])
    expect(await read()).toMatchObject({FunctionVersion: '41', Description: before.Description})
    const {records} = await readTrafficRecords(journals)
    expect(records).toMatchObject([
      {header: {operation: 'rollback', runId: opened.plan.runId}, ended: {outcome: 'done'}},
    ])
  })

  it('doubts what metrics tell of a version that has served for days: a newer one may have been taken out just now', async () => {
    const {open} = await company()
    const notesOf = async (name: string) => (await open([name])).plan.members[0]?.notes
    expect(await notesOf('cart-api')).toEqual([expect.stringContaining('this goes a version too far')])
    expect(await notesOf('checkout-api')).toEqual([])
  })

  it('waits for metrics by a person’s time, not by a clock of the sandbox that runs fast', async () => {
    const {aws, open} = await company()
    const fast: Aws = {...aws, clock: {now: aws.clock.now, sleep: async () => {}}}
    const opened = await open(['checkout-api'], {}, fast)
    expect(opened.plan.members).toMatchObject([{to: '41', evidence: [{source: 'metrics'}]}])
    const error = await refusal(open(['checkout-api'], {patience: () => AbortSignal.abort()}))
    expect(error.message).toContain('the metrics of versions could not be read: no answer within 10 s')
  })

  it('is not made a second time: that would bring the bad version in again', async () => {
    const {open, run} = await company()
    await run(await open(['checkout-api']))
    const error = await refusal(open(['checkout-api']))
    expect(error).toMatchObject({code: 'GoneBack', exitCode: 1})
    expect(error.hint).toMatch(/--to: 42 \(ran until/)
  })

  it('is not made a second time on another machine either, whose journals know nothing of the first', async () => {
    const {open, run, journals, read} = await company()
    await run(await open(['checkout-api']))
    const error = await refusal(open(['checkout-api'], {journals: join(journals, 'of-bob')}))
    expect(error).toMatchObject({code: 'GoneBack', exitCode: 1})
    expect(error.message).toMatch(/42 ran until .* and began after 41/)
    expect(await read()).toMatchObject({FunctionVersion: '41'})
  })

  it('goes by a lease alone back to where the shift came from, without asking for a metric', async () => {
    const {aws, open, run, write, read} = await company()
    await write({
      FunctionVersion: '41',
      RoutingConfig: {AdditionalVersionWeights: {'42': 0.25}},
      Description: lease,
    })
    const opened = await open(['checkout-api:live'], {}, withoutMetrics(aws))
    expect(opened.plan.members).toMatchObject([
      {from: '42', to: '41', description: '', aborts: {runId: killedRun, isAlive: null}, serving: null},
    ])
    expect(opened.plan.members[0]?.notes).toContain(
      `what its description was before run ${killedRun} is not known here: it will be empty`,
    )
    const {outcomes} = await run(opened)
    expect(outcomes).toMatchObject([{state: 'done'}])
    const after = await read()
    expect(after).toMatchObject({FunctionVersion: '41', Description: ''})
    expect(after.RoutingConfig).toBeUndefined()
  })

  it('doubts a member without a lease where a run of another machine moves others', async () => {
    const {open, write} = await company()
    await write({FunctionVersion: '41', RoutingConfig: {AdditionalVersionWeights: {'42': 0.25}}, Description: lease})
    const {members} = (await open(['checkout-api', 'cart-api'])).plan
    const notes = members.find(({functionName}) => functionName === 'cart-api')?.notes
    expect(notes?.[0]).toMatch(/^run 20261120-140711-k3f9x2ab moves others of these: .* a version too far$/)
  })

  it('case 19: takes back a shift that was killed, gives back its description and closes its journal', async () => {
    const {aws, open, run, read, journals} = await company()
    const {before, journal} = await begunShift(aws, journals)
    await writeAlias({aws, journal, signal: ongoing()}, checkout, before, {
      version: '42',
      additional: {version: '40', weight: 0.1},
      description: lease,
    })
    await journal.release()

    const opened = await open(['checkout-api:live'], {}, withoutMetrics(aws))
    expect(opened.plan.members).toMatchObject([{to: '42', description: 'what it was', aborts: {isAlive: false}}])
    const {outcomes, closing} = await run(opened)
    expect(outcomes).toMatchObject([{state: 'done'}])
    expect(closing).toEqual([`shift ${killedRun}, which was killed, is closed`])
    expect(await read()).toMatchObject({FunctionVersion: '42', Description: 'what it was'})
    const {records} = await readTrafficRecords(journals)
    expect(records.map(({ended}) => ended?.outcome)).toEqual(['done', 'rolled-back'])
  })

  it('case 19: goes back no further where a shift was killed before its first write, and closes its journal', async () => {
    const {aws, open, run, read, journals} = await company()
    const {journal} = await begunShift(aws, journals)
    await journal.release()
    const before = await read()
    const opened = await open(['checkout-api'], {}, withoutMetrics(aws))
    expect(opened.plan.members).toMatchObject([{to: '42', isThere: true, evidence: [{source: 'shift-under-way'}]}])
    const {outcomes, closing} = await run(opened)
    expect(outcomes).toMatchObject([{state: 'done', writes: 0}])
    expect(closing).toEqual([`shift ${killedRun}, which was killed, is closed`])
    expect((await read()).RevisionId).toBe(before.RevisionId)
  })

  it('ends the journal of a rollback that was killed, whose write it finds made', async () => {
    const {aws, open, write, journals} = await company()
    const {before, journal} = await begunShift(aws, journals, {operation: 'rollback', to: '41'})
    const {revisionId, description} = before
    const to = {version: '41', additional: null, description}
    const intent = {functionName: 'checkout-api', alias: 'live', revisionId, to}
    const answered = async () => {
      await write({FunctionVersion: '41'})
      throw new Error('its answer was lost')
    }
    await expect(journal.aliasWrite(intent, answered, () => ({revisionId: null}))).rejects.toThrow('lost')
    await journal.release()
    const error = await refusal(open(['checkout-api']))
    expect(error).toMatchObject({code: 'GoneBack'})
    expect(error.message).toContain(`rollback ${killedRun}`)
    const {records} = await readTrafficRecords(journals)
    expect(records).toMatchObject([{ended: {outcome: 'done', why: 'it was killed'}}])
  })

  it('writes an alias all the same that a shift may move any moment, so that its write comes to nothing', async () => {
    const {aws, open, run, read, journals} = await company()
    const {journal} = await begunShift(aws, journals)
    const before = await read()
    const opened = await open(['checkout-api'], {}, withoutMetrics(aws))
    expect(opened.plan.members).toMatchObject([{to: '42', isThere: false, aborts: {isAlive: true}}])
    const {outcomes} = await run(opened)
    expect(outcomes).toMatchObject([{state: 'done', writes: 1}])
    const {RevisionId, ...after} = await read()
    expect(RevisionId).not.toBe(before.RevisionId)
    expect(after).toMatchObject({FunctionVersion: '42', Description: before.Description})
    await journal.release()
  })

  it('case 27: stops the deployment of CodeDeploy that moves an alias, and writes nothing itself', async () => {
    const {aws, open, run, journals} = await company()
    const opened = await open(['stock-sync'])
    const [member] = opened.plan.members
    expect(member).toMatchObject({deploymentId: expect.stringMatching(/^d-/), evidence: [{source: 'codedeploy'}]})
    const {outcomes} = await run(opened)
    expect(outcomes).toMatchObject([{state: 'done', writes: 0, serves: {version: member?.to, additional: null}}])
    const {records} = await readTrafficRecords(journals)
    expect(records).toMatchObject([{writes: [], left: [], ended: {outcome: 'done'}}])
    expect(await readAliasState(aws, refOf('stock-sync'), ongoing())).toMatchObject({version: member?.to})
    // CodeDeploy's rollback is no release that one could go back from
    expect(await refusal(open(['stock-sync']))).toMatchObject({code: 'GoneBack'})
  })

  it('goes back to the main version of two that nobody has a lease for', async () => {
    const {aws, open, write} = await company()
    await write({RoutingConfig: {AdditionalVersionWeights: {'40': 0.5}}})
    const opened = await open(['checkout-api'], {}, withoutMetrics(aws))
    expect(opened.plan.members).toMatchObject([{from: '40', to: '42', evidence: [{source: 'alias'}]}])
  })
})

describe('a rollback with --to', () => {
  it('asks for no metrics', async () => {
    const {aws, open, run, read} = await company()
    const opened = await open(['checkout-api'], {to: '39'}, withoutMetrics(aws))
    await run(opened)
    expect(await read()).toMatchObject({FunctionVersion: '39'})
  })

  it('case 8: says beforehand that the bad version serves on until provisioned concurrency is allocated', async () => {
    const {open} = await company()
    const inventory = (await open(['inventory'], {to: '16'})).plan.members[0]
    expect(inventory?.notes).toEqual([
      `it has provisioned concurrency: ${inventory?.before.version} goes on serving all calls until that is allocated for 16, which usually takes some minutes`,
    ])
    expect((await open(['checkout-api'], {to: '41'})).plan.members[0]?.notes).toEqual([])
  })

  it('case 30: names a version that is not there, and those that are', async () => {
    const {open} = await company()
    const error = await refusal(open(['checkout-api'], {to: '7777'}))
    expect(error).toMatchObject({exitCode: 1, hint: expect.stringContaining('42, 41, 40')})
  })

  it('writes nothing where it is there already, not even a journal', async () => {
    const {open, run, journals} = await company()
    const opened = await open(['checkout-api'], {to: '42'})
    expect(opened.plan.members).toMatchObject([{isThere: true}])
    expect(await run(opened)).toMatchObject({outcomes: [{state: 'done', writes: 0}], verdicts: [0]})
    expect(await readdir(journals)).toEqual([])
  })

  it('changes nothing where no journal can be written, unless it is forced', async () => {
    const {open, run, read, journals} = await company()
    const wish = {to: '41', journals: join(journals, 'shift')}
    const [bound, forced] = [await open(['checkout-api'], wish), await open(['checkout-api'], {...wish, force: true})]
    // where a directory was to be made there is a file
    await writeFile(wish.journals, '')
    expect((await refusal(run(bound))).message).toContain('journal')
    expect(await read()).toMatchObject({FunctionVersion: '42'})
    const {outcomes, closing} = await run(forced)
    expect(outcomes).toMatchObject([{state: 'done', serves: {version: '41'}}])
    expect(closing).toEqual([expect.stringContaining('nothing of this was written down')])
  })

  it('leaves out of several functions those that cannot be gone back with, and ends with 1', async () => {
    const {open, run, write, client} = await company()
    await client.send(new CreateAliasCommand({FunctionName: 'pricing', Name: 'live', FunctionVersion: '$LATEST'}))
    await write({RoutingConfig: {AdditionalVersionWeights: {'41': 0.5}}})
    const opened = await open(['checkout-api', 'pricing'])
    expect(opened.plan.members.map(({functionName}) => functionName)).toEqual(['checkout-api'])
    expect(opened.plan.leftOut).toMatchObject([{what: 'pricing:live', reason: 'failed'}])
    expect((await run(opened)).verdicts).toContain(1)
  })

  it('is exit 2 for a member without the alias, and changes nothing', async () => {
    const {open} = await company()
    expect(await refusal(open(['checkout-api', 'pricing'], {to: '41', alias: 'live'}))).toMatchObject({exitCode: 2})
  })
})
