import {describe, expect, test} from 'vitest'
import {readJournalFile} from '../../../../src/services/journal.ts'
import {createDeadMan, firesFor} from '../../../../src/services/traffic/dead-man/dead-man.ts'
import type {OtherIntent} from '../../../../src/services/traffic/journal/shift-record.ts'
import {deniedTo, type FakeCall, ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {emptyDirectory} from '../../tuning/tuned.ts'
import {type FakeAliases, fakeAliases, refOf, stateIn} from '../fake-aliases.ts'
import {begun, continued, headerOf, runId} from '../traffic-runs.ts'

const roleArn = 'arn:aws:iam::123456789012:role/dead-man'
const ref = refOf('checkout-api')
const reset = (): Error => Object.assign(new Error('socket hang up'), {code: 'ECONNRESET'})

type Stored = {ScheduleExpression: string; State: string; Target: {Arn: string; Input: string}}

async function scheduler(functionNames: readonly string[] = ['checkout-api']) {
  const stored = new Map<string, Stored>()
  const noSuch = (name: string): Error => awsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404)
  const nameOf = ({input}: FakeCall): string => String(input['Name'])
  const answers: Record<string, (call: FakeCall) => unknown> = {
    CreateSchedule(call) {
      if (stored.has(nameOf(call))) throw awsError('ConflictException', 'Schedule already exists.', 409)
      stored.set(nameOf(call), call.input as unknown as Stored)
      return {}
    },
    UpdateSchedule(call) {
      if (!stored.has(nameOf(call))) throw noSuch(nameOf(call))
      stored.set(nameOf(call), call.input as unknown as Stored)
      return {}
    },
    GetSchedule(call) {
      const found = stored.get(nameOf(call))
      if (!found) throw noSuch(nameOf(call))
      return found
    },
    DeleteSchedule(call) {
      if (!stored.delete(nameOf(call))) throw noSuch(nameOf(call))
      return {}
    },
  }
  /** is asked before and after each call; what it throws is the answer */
  const faults: {on: (phase: 'before' | 'after', call: FakeCall) => void} = {on: () => {}}
  const fake = fakeAliases(
    functionNames,
    Object.fromEntries(
      Object.entries(answers).map(([operation, answer]) => [
        operation,
        (call: FakeCall) => {
          faults.on('before', call)
          const told = answer(call)
          faults.on('after', call)
          return told
        },
      ]),
    ),
  )
  const directory = await emptyDirectory()
  const journal = await begun(directory, fake.aws, headerOf(functionNames))
  const intents = async (): Promise<string[]> =>
    (await readJournalFile(directory, runId)).entries.flatMap(
      ({intent}) => (intent as OtherIntent | undefined)?.operation ?? [],
    )
  const deadMan = createDeadMan(fake.aws, journal, {afterMs: 15 * 60_000, roleArn})
  return {fake, stored, faults, intents, directory, journal, deadMan, name: (n: number) => `slsops-${runId}-${n}`}
}

/** EventBridge Scheduler calls what it was told to. */
function fires(fake: FakeAliases, {Target}: Stored): Promise<unknown> {
  return fake.clock.outcome(
    fake.aws.lambda().then(client => {
      class UpdateAliasCommand {
        readonly input = JSON.parse(Target.Input)
      }
      return client.send(new UpdateAliasCommand() as never)
    }),
  )
}

describe('a dead man', () => {
  test('is tried out disabled, armed with the revision of the write, and pushed forward with all fields', async () => {
    const {fake, stored, deadMan, name, intents, journal} = await scheduler()
    const {clock} = fake
    await deadMan.prepare([ref], ongoing())
    expect(stored.get(name(1))).toMatchObject({State: 'DISABLED'})
    expect(deadMan.firesAt()).toBeNull()
    expect(firesFor(journal.record(), ref)).toBeNull()
    await deadMan.push(ref, stateIn(fake), '41', 'what customers call', ongoing())
    expect(stored.get(name(1))).toEqual({
      Name: name(1),
      ScheduleExpression: expect.stringMatching(/^at\(2026-11-20T14:15:0\d\)$/),
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      FlexibleTimeWindow: {Mode: 'OFF'},
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:lambda:updateAlias',
        RoleArn: roleArn,
        Input:
          '{"FunctionName":"arn:aws:lambda:eu-west-1:123456789012:function:checkout-api","Name":"live","FunctionVersion":"41","RoutingConfig":{"AdditionalVersionWeights":{}},"Description":"what customers call","RevisionId":"revision-1"}',
        RetryPolicy: {MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 300},
      },
    })
    const first = deadMan.firesAt() ?? 0
    await clock.outcome(clock.sleep(60_000))
    await deadMan.push(ref, stateIn(fake), '41', '', ongoing())
    expect((deadMan.firesAt() ?? 0) - first).toBeGreaterThanOrEqual(60_000)
    expect(firesFor(journal.record(), ref)).toBe(deadMan.firesAt())
    expect(await intents()).toEqual(['CreateSchedule', 'UpdateSchedule', 'UpdateSchedule'])
  })

  test('is of the function’s own partition', async () => {
    const china = {...ref, functionArn: 'arn:aws-cn:lambda:cn-north-1:123456789012:function:checkout-api'}
    const {fake, stored, name, journal} = await scheduler()
    const record = journal.record()
    const members = record.header.members.map(member => ({...member, ...china}))
    const chinese = {...journal, record: () => ({...record, header: {...record.header, members}})}
    const deadMan = createDeadMan(fake.aws, chinese, {afterMs: 60_000, roleArn})
    await deadMan.push(china, stateIn(fake), '41', '', ongoing())
    expect(stored.get(name(1))?.Target.Arn).toBe('arn:aws-cn:scheduler:::aws-sdk:lambda:updateAlias')
  })

  test('rolls back when nobody pushes it any more', async () => {
    const {fake, stored, deadMan, name} = await scheduler()
    fake.foreign('checkout-api:live', {weights: {'42': 0.5}, Description: 'slsops:1 …'})
    await deadMan.push(ref, stateIn(fake), '41', 'what customers call', ongoing())
    await fires(fake, stored.get(name(1)) as Stored)
    expect(stateIn(fake)).toMatchObject({version: '41', additional: null, description: 'what customers call'})
  })

  test('case 21: does nothing after somebody else wrote the alias', async () => {
    const {fake, stored, deadMan, name} = await scheduler()
    fake.foreign('checkout-api:live', {weights: {'42': 0.5}})
    await deadMan.push(ref, stateIn(fake), '41', '', ongoing())
    fake.foreign('checkout-api:live', {FunctionVersion: '43', weights: {}})
    await expect(fires(fake, stored.get(name(1)) as Stored)).rejects.toMatchObject({
      name: 'PreconditionFailedException',
    })
    expect(stateIn(fake)).toMatchObject({version: '43', additional: null})
  })

  test('is taken away for all, and read back that it is', async () => {
    const {fake, stored, deadMan, intents} = await scheduler(['a', 'b', 'c'])
    const refs = ['a', 'b', 'c'].map(name => refOf(name))
    await deadMan.prepare(refs, ongoing())
    for (const each of refs) await deadMan.push(each, stateIn(fake, 'a:live'), '41', '', ongoing())
    expect(stored.size).toBe(3)
    expect(await deadMan.disarm(ongoing())).toEqual([])
    expect([stored.size, deadMan.firesAt()]).toEqual([0, null])
    expect((await intents()).filter(operation => operation === 'DeleteSchedule')).toHaveLength(3)
  })

  test('that could not be taken away is named', async () => {
    const {fake, faults, deadMan, name} = await scheduler()
    await deadMan.push(ref, stateIn(fake), '41', '', ongoing())
    faults.on = (_, {operation}) => {
      if (operation === 'DeleteSchedule') throw deniedTo('scheduler:DeleteSchedule on resource: …')
    }
    expect(await deadMan.disarm(ongoing())).toEqual([name(1)])
    expect(deadMan.firesAt()).not.toBeNull()
  })
})

describe('a lost answer of Scheduler', () => {
  test.each(['CreateSchedule', 'UpdateSchedule', 'DeleteSchedule'])('is settled by reading it back: %s', async lost => {
    const {fake, stored, faults, deadMan, name} = await scheduler()
    let left = 1
    faults.on = (phase, {operation}) => {
      if (phase === 'after' && operation === lost && left-- > 0) throw reset()
    }
    await deadMan.prepare([ref], ongoing())
    await deadMan.push(ref, stateIn(fake), '41', '', ongoing())
    expect(stored.get(name(1))).toMatchObject({State: 'ENABLED'})
    expect(await deadMan.disarm(ongoing())).toEqual([])
    expect(stored.size).toBe(0)
  })

  test('of a schedule that was not made is sent again', async () => {
    const {fake, stored, faults, deadMan} = await scheduler()
    faults.on = (phase, {operation, nth}) => {
      if (phase === 'before' && operation === 'CreateSchedule' && nth < 3) throw reset()
    }
    await deadMan.push(ref, stateIn(fake), '41', '', ongoing())
    expect(stored.size).toBe(1)
  })
})

describe('what is there already', () => {
  test('of the same run before it was killed stays armed while it is made ready', async () => {
    const {fake, stored, journal, deadMan, name} = await scheduler()
    await deadMan.push(ref, stateIn(fake), '41', '', ongoing())
    const again = createDeadMan(fake.aws, journal, {afterMs: 60_000, roleArn})
    await again.prepare([ref], ongoing())
    expect(stored.get(name(1))).toMatchObject({State: 'ENABLED'})
    await again.push(ref, stateIn(fake), '41', '', ongoing())
    expect(stored.size).toBe(1)
  })

  test('of a run that was killed is taken away by who closes it, as its journal tells', async () => {
    const {fake, stored, directory, journal, deadMan} = await scheduler(['a', 'b'])
    await deadMan.prepare([refOf('a'), refOf('b')], ongoing())
    await deadMan.push(refOf('a'), stateIn(fake, 'a:live'), '41', '', ongoing())
    await journal.release()
    const later = await continued(directory, fake.aws)
    expect(await createDeadMan(fake.aws, later, {afterMs: 60_000, roleArn}).disarm(ongoing())).toEqual([])
    expect([stored.size, later.record().left]).toEqual([0, []])
  })

  test('is made anew where it fired or was deleted meanwhile', async () => {
    const {fake, stored, deadMan, name} = await scheduler()
    await deadMan.push(ref, stateIn(fake), '41', '', ongoing())
    stored.clear()
    await deadMan.push(ref, stateIn(fake), '41', '', ongoing())
    expect(stored.has(name(1))).toBe(true)
  })
})

describe('what is missing', () => {
  test.each([
    ['scheduler:CreateSchedule', () => deniedTo('scheduler:CreateSchedule on resource: …')],
    ['iam:PassRole', () => deniedTo('iam:PassRole on resource: …')],
  ])('is named: %s', async (permission, failure) => {
    const {fake, faults, deadMan} = await scheduler(['a', 'b'])
    faults.on = (_, {operation}) => {
      if (operation === 'CreateSchedule') throw failure()
    }
    await expect(deadMan.prepare([refOf('a'), refOf('b')], ongoing())).rejects.toMatchObject({
      exitCode: 4,
      hint: `this needs ${permission}; without it, leave --dead-man out`,
    })
    expect(fake.aws.of('CreateSchedule')).toHaveLength(1)
  })

  test('is the role’s trust: told in AWS’s words, and what was made is taken away', async () => {
    const {stored, faults, deadMan} = await scheduler(['a', 'b'])
    faults.on = (phase, {operation, nth}) => {
      if (phase === 'before' && operation === 'CreateSchedule' && nth === 2)
        throw awsError(
          'ValidationException',
          'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
        )
    }
    await expect(deadMan.prepare([refOf('a'), refOf('b')], ongoing())).rejects.toMatchObject({
      exitCode: 4,
      hint: `${roleArn} has to trust scheduler.amazonaws.com, and to allow lambda:UpdateAlias`,
    })
    expect(stored.size).toBe(0)
  })
})
