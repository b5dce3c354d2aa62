import {appendFile, readFile, stat, truncate, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {movesOf, openRuns} from '../../../../src/services/traffic/journal/open-runs.ts'
import {
  continueTrafficJournal,
  readTrafficRecord,
  readTrafficRecords,
} from '../../../../src/services/traffic/journal/traffic-journal.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {emptyDirectory} from '../../tuning/tuned.ts'
import {fakeAliases, refOf} from '../fake-aliases.ts'
import {begun, continued, headerOf, intentOf, runId} from '../traffic-runs.ts'

const {aws} = fakeAliases()
const answered = (revisionId: string) => async (): Promise<string> => revisionId
const told = (revisionId: string): {readonly revisionId: string} => ({revisionId})
const failing = (error: unknown) => async (): Promise<string> => {
  throw error
}
const reset = (): Error => Object.assign(new Error('socket hang up'), {code: 'ECONNRESET'})
const at = (directory: string): string => join(directory, `${runId}.jsonl`)

describe('a journal', () => {
  test('tells from another process what was acknowledged, what is pending and how far it was', async () => {
    const directory = await emptyDirectory()
    const journal = await begun(directory, aws, headerOf(['a', 'b', 'c']))
    await journal.aliasWrite(intentOf('a', 'revision-1', 0.1), answered('revision-9'), told)
    await journal.stage(0)
    await journal.muted(['c'])
    await expect(journal.aliasWrite(intentOf('b', 'revision-2', 0.1), failing(reset()), told)).rejects.toThrow('socket')
    await journal.release()
    const record = (await continued(directory, aws)).record()
    expect(record.header).toEqual(headerOf(['a', 'b', 'c']))
    expect(Object.fromEntries(record.members)).toEqual({
      a: {state: {...intentOf('a', '', 0.1).to, revisionId: 'revision-9'}, pending: null},
      b: {state: headerOf(['a', 'b']).members[1]?.before, pending: intentOf('b', 'revision-2', 0.1)},
      c: {state: headerOf(['a', 'b', 'c']).members[2]?.before, pending: null},
    })
    expect(record).toMatchObject({stage: 0, muted: new Set(['c']), ended: null, unreadable: []})
    expect(record.stageAt).not.toBeNull()
  })

  test('has the intent on the disk before AWS is changed, and is nobody else’s to read', async () => {
    const directory = await emptyDirectory()
    const journal = await begun(directory, aws, headerOf(['a']))
    let seen = ''
    await journal.aliasWrite(
      intentOf('a', 'revision-1', 0.1),
      async () => {
        seen = await readFile(at(directory), 'utf8')
        return 'revision-2'
      },
      told,
    )
    expect(JSON.parse(seen.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'write',
      intent: intentOf('a', 'revision-1', 0.1),
    })
    expect((await stat(at(directory))).mode & 0o777).toBe(0o600)
  })

  test('a refusal leaves nothing pending; a stale revision may be of the same write', async () => {
    const journal = await begun(await emptyDirectory(), aws, headerOf(['a']))
    const intent = intentOf('a', 'revision-1', 0.1)
    const refuse = (name: string, status: number): Promise<void> =>
      expect(journal.aliasWrite(intent, failing(awsError(name, 'no', status)), told)).rejects.toThrow('no')
    await refuse('InvalidParameterValueException', 400)
    await refuse('TooManyRequestsException', 429)
    expect(journal.record().members.get('a')?.pending).toBeNull()
    await refuse('PreconditionFailedException', 412)
    expect(journal.record().members.get('a')?.pending).toEqual(intent)
    await journal.settled(intent, null)
    expect(journal.record().members.get('a')).toEqual({
      state: headerOf(['a']).members[0]?.before,
      pending: null,
    })
  })

  test('a lost answer that was looked up is as good as one that came', async () => {
    const journal = await begun(await emptyDirectory(), aws, headerOf(['a']))
    const intent = intentOf('a', 'revision-1', 0.1)
    for (let sent = 0; sent < 2; sent++)
      await expect(journal.aliasWrite(intent, failing(reset()), told)).rejects.toThrow('socket')
    await journal.settled(intent, {revisionId: 'revision-5'})
    expect(journal.record().members.get('a')).toEqual({state: {...intent.to, revisionId: 'revision-5'}, pending: null})
  })

  test('knows schedules and deployments that are left', async () => {
    const journal = await begun(await emptyDirectory(), aws, headerOf(['a']))
    const other = (operation: string, name: string, error?: Error, removes = false): Promise<unknown> =>
      journal
        .otherWrite({operation, name, ...(removes && {removes})}, error ? failing(error) : answered(''), () => ({}))
        .catch(() => {})
    await other('CreateSchedule', 'one')
    await other('UpdateSchedule', 'one', awsError('ConflictException', 'busy', 409))
    await other('CreateSchedule', 'two', reset())
    await other('CreateSchedule', 'three', awsError('AccessDeniedException', 'no', 403))
    await other('CreateSchedule', 'four')
    await other('DeleteSchedule', 'four', undefined, true)
    await other('DeleteSchedule', 'two', reset(), true)
    expect(journal.record().left).toEqual([
      {operation: 'CreateSchedule', name: 'one'},
      {operation: 'CreateSchedule', name: 'two'},
    ])
  })

  test('that is over lets another process know how it ended', async () => {
    const directory = await emptyDirectory()
    const journal = await begun(directory, aws, headerOf(['a']))
    await journal.end('rolled-back', 'the alarm checkout-5xx fired')
    await journal.end('done', 'said twice')
    expect((await readTrafficRecord(directory, runId)).ended).toEqual({
      at: expect.any(Number),
      outcome: 'rolled-back',
      why: 'the alarm checkout-5xx fired',
    })
  })
})

describe('where it cannot be written', () => {
  /** takes the journal's file away from under it */
  async function torn(): Promise<Awaited<ReturnType<typeof begun>>> {
    const directory = await emptyDirectory()
    const journal = await begun(directory, aws, headerOf(['a']))
    const {rm} = await import('node:fs/promises')
    await rm(at(directory))
    return journal
  }

  test('nothing is changed', async () => {
    const journal = await torn()
    let calls = 0
    const call = async (): Promise<string> => `revision-${++calls}`
    await expect(journal.aliasWrite(intentOf('a', 'revision-1', 0.1), call, told)).rejects.toMatchObject({
      code: 'NoJournal',
    })
    expect([calls, journal.record().members.get('a')?.pending]).toEqual([0, null])
  })

  test('a rollback goes on all the same', async () => {
    const journal = await torn()
    const intent = intentOf('a', 'revision-1', 0)
    expect(await journal.aliasWrite(intent, answered('revision-9'), told, false)).toBe('revision-9')
    expect(journal.record().members.get('a')?.state).toEqual({...intent.to, revisionId: 'revision-9'})
  })

  test('what was done is told all the same, and its end does not throw', async () => {
    const directory = await emptyDirectory()
    const journal = await begun(directory, aws, headerOf(['a']))
    const {rm} = await import('node:fs/promises')
    const intent = intentOf('a', 'revision-1', 0.1)
    const call = async (): Promise<string> => {
      await rm(at(directory))
      return 'revision-9'
    }
    expect(await journal.aliasWrite(intent, call, told)).toBe('revision-9')
    expect(journal.record().members.get('a')?.pending).toBeNull()
    await journal.end('failed', 'no disk')
  })
})

describe('what is read', () => {
  test('leaves out the line that a kill cut off, and numbers those that cannot be read', async () => {
    const directory = await emptyDirectory()
    const journal = await begun(directory, aws, headerOf(['a']))
    const intent = intentOf('a', 'revision-1', 0.1)
    await journal.aliasWrite(intent, answered('revision-9'), told)
    await journal.release()
    await appendFile(at(directory), 'no JSON\n[1]\n')
    const whole = await readFile(at(directory), 'utf8')
    for (let cut = 1; cut < 60; cut += 7) {
      await writeFile(at(directory), whole)
      await appendFile(at(directory), '{"kind":"write","id":2,"at":1,"intent":{"functionName":"a"'.slice(0, cut))
      const record = await readTrafficRecord(directory, runId)
      expect(record.members.get('a')).toEqual({state: {...intent.to, revisionId: 'revision-9'}, pending: null})
      expect(record.unreadable).toEqual([4, 5])
    }
  })

  test('after a kill at any byte is the state before or the state after, never anything else', async () => {
    const directory = await emptyDirectory()
    const journal = await begun(directory, aws, headerOf(['a']))
    const intent = intentOf('a', 'revision-1', 0.1)
    const header = (await stat(at(directory))).size
    await journal.aliasWrite(intent, answered('revision-9'), told)
    await journal.stage(0)
    await journal.end('done', 'well')
    const size = (await stat(at(directory))).size
    const kinds = new Set<string>()
    for (let bytes = size; bytes >= header; bytes--) {
      await truncate(at(directory), bytes)
      const {members, stage, ended} = await readTrafficRecord(directory, runId)
      const {state, pending} = members.get('a') ?? {}
      kinds.add([state?.revisionId, pending ? 'pending' : '', stage, ended?.outcome ?? ''].join(' '))
    }
    expect([...kinds]).toEqual([
      'revision-9  0 done',
      'revision-9  0 ',
      'revision-9  -1 ',
      'revision-1 pending -1 ',
      'revision-1  -1 ',
    ])
  })

  test('is of all runs, newest first; what is no run’s is named', async () => {
    const directory = await emptyDirectory()
    for (const id of ['20261119-140711-aaaaaaaa', '20261121-140711-bbbbbbbb'])
      await (await begun(directory, aws, headerOf(['a'], {runId: id}))).release()
    await writeFile(join(directory, 'notes.jsonl'), '{}\n')
    await writeFile(join(directory, '20261122-140711-cccccccc.jsonl'), '{"schema":"slsops/shift-journal@1"}\n')
    const {records, unreadable} = await readTrafficRecords(directory)
    expect(records.map(({header}) => header.runId)).toEqual(['20261121-140711-bbbbbbbb', '20261119-140711-aaaaaaaa'])
    expect(unreadable).toEqual([
      expect.stringMatching(/notes\.jsonl is no run’s$/),
      expect.stringContaining('20261122-140711-cccccccc.jsonl does not say which run it is of'),
    ])
    expect((await readTrafficRecords(join(directory, 'nowhere'))).records).toEqual([])
  })

  test('is refused for what is no run, or nobody’s', async () => {
    const directory = await emptyDirectory()
    await expect(readTrafficRecord(directory, '../../etc/passwd')).rejects.toMatchObject({exitCode: 2})
    await expect(continueTrafficJournal(directory, runId, aws)).rejects.toMatchObject({code: 'NoJournal'})
  })
})

describe('of several runs', () => {
  test('those are open that are not over and were made here', async () => {
    const directory = await emptyDirectory()
    const run = async (ending: string, more: object, isOver = false): Promise<void> => {
      const journal = await begun(directory, aws, headerOf(['a'], {runId: `20261120-140711-${ending}`, ...more}))
      if (isOver) await journal.end('done', '')
      else await journal.release()
    }
    await run('aaaaaaaa', {})
    await run('bbbbbbbb', {}, true)
    await run('cccccccc', {region: 'us-east-1'})
    await run('dddddddd', {endpoint: 'custom', origins: ['http://localhost:4566']})
    await run('eeeeeeee', {account: '999999999999'})
    await run('ffffffff', {endpoint: 'sandbox'})
    const here = {foreignOrigins: [], scope: {...aws.scope, account: '123456789012'}}
    const {runs} = await openRuns(here, directory)
    expect(runs.map(({record}) => record.header.runId)).toEqual(['20261120-140711-aaaaaaaa'])
    expect(runs.map(({isRunning}) => isRunning)).toEqual([false])
    const held = await continued(directory, aws, '20261120-140711-aaaaaaaa')
    expect((await openRuns(here, directory)).runs.map(({isRunning}) => isRunning)).toEqual([true])
    await held.release()
  })

  test('they say who moved an alias, why and how that ended; what moved nothing is no move', async () => {
    const directory = await emptyDirectory()
    const run = async (ending: string, moves: boolean, outcome: string | null): Promise<void> => {
      const journal = await begun(directory, aws, headerOf(['a', 'b'], {runId: `20261120-140711-${ending}`}))
      await aws.fakeClock.outcome(aws.clock.sleep(60_000))
      if (moves) await journal.aliasWrite(intentOf('a', 'revision-1', 0.1), answered(`revision-${ending}`), told)
      if (outcome) await journal.end(outcome, '')
      else await journal.release()
    }
    await run('aaaaaaaa', true, 'done')
    await run('bbbbbbbb', false, 'failed')
    await run('cccccccc', true, null)
    const {records} = await readTrafficRecords(directory)
    const moves = movesOf(aws, records, refOf('a'))
    expect(moves.map(({runId: id, outcome, revisionId}) => [id.slice(-8), outcome, revisionId])).toEqual([
      ['cccccccc', null, 'revision-cccccccc'],
      ['aaaaaaaa', 'done', 'revision-aaaaaaaa'],
    ])
    expect(moves[0]).toMatchObject({
      operation: 'shift',
      from: '41',
      to: '42',
      by: 'arn:aws:iam::123456789012:user/ana',
      note: 'the new checkout',
    })
    expect(movesOf(aws, records, refOf('b'))).toEqual([])
    expect(movesOf(aws, records, refOf('a', 'other'))).toEqual([])
  })
})
