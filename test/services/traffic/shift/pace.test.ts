import {describe, expect, it} from 'vitest'
import type {Aws} from '../../../../src/services/aws/connect.ts'
import {quotaName} from '../../../../src/services/aws/quotas.ts'
import {createRateBudget} from '../../../../src/services/aws/rate-budget.ts'
import {shiftFunctions} from '../../../../src/services/traffic/shift/shift-functions.ts'
import {realParts} from '../../../../src/services/traffic/shift/shift-parts.ts'
import type {ShiftReport} from '../../../../src/services/traffic/shift/shift-steps.ts'
import {ongoing} from '../../fleet/fake-account.ts'
import {awsError} from '../../logs/reader/fake-log-groups.ts'
import {emptyDirectory} from '../../tuning/tuned.ts'
import {fakeAliases} from '../fake-aliases.ts'
import {memberOf, planOf} from './shift-plans.ts'
import {timedJournal, whileTimeStands} from './timed-journal.ts'

const names = Array.from({length: 100}, (_, at) => `f${at}`)

/** A hundred functions in an account that takes 15 calls of the control plane a second, and says so to the sixteenth. */
async function hundred(refuses: (functionName: string, weight: number | undefined) => boolean = () => false) {
  const calls: number[] = []
  let throttles = 0
  const fake = fakeAliases(names, {GetFunction: () => ({})})
  const {clock} = fake
  const counted = (): void => {
    const now = clock.now()
    calls.push(now)
    if (calls.filter(at => at > now - 1_000).length <= 15) return
    throttles++
    throw awsError('TooManyRequestsException', 'Rate exceeded', 429)
  }
  fake.onUpdate = (phase, {input}) => {
    if (phase === 'after') return
    counted()
    const weights = (input['RoutingConfig'] as {AdditionalVersionWeights: Record<string, number>})
      .AdditionalVersionWeights
    if (refuses(String(input['FunctionName']).split(':').at(-1) ?? '', weights['42']))
      throw awsError(
        'InvalidParameterValueException',
        'Specified versions must be associated with the same execution role',
      )
  }
  const budget = createRateBudget({
    clock,
    random: () => 0.5,
    nameOf: quotaName,
    quota: api => (api === 'LambdaControlPlane' || quotaName(api) === 'LambdaControlPlane' ? 15 : 100),
  })
  const seen: {readonly operation: string; readonly at: number}[] = []
  const lambda = async () => {
    const client = await fake.aws.lambda()
    const send = (command: never, options: never) => {
      seen.push({operation: (command as object).constructor.name, at: clock.now()})
      return client.send(command, options)
    }
    return {...client, send} as never
  }
  const aws: Aws = {...fake.aws, budget, lambda}
  const members = names.map((name, place) => {
    const {
      FunctionVersion: version,
      Description: description,
      RevisionId: revisionId,
    } = fake.aliases.get(`${name}:live`) ?? {
      FunctionVersion: '',
      Description: '',
      RevisionId: `${place}`,
    }
    return memberOf(name, {before: {version, additional: null, description, revisionId}, description})
  })
  const plan = planOf({members, wish: {gate: 'none'}, steps: [[1_000, 0]]})
  const run = async (signal: AbortSignal): Promise<ShiftReport> => {
    const options = {
      journals: await whileTimeStands(clock, emptyDirectory),
      undoSignal: ongoing,
      controls: () => [],
      parts: {
        ...realParts,
        beginTrafficJournal: async (...begin: Parameters<typeof realParts.beginTrafficJournal>) =>
          timedJournal(await whileTimeStands(clock, () => realParts.beginTrafficJournal(...begin)), clock),
      },
    }
    let report: ShiftReport | null = null
    for await (const step of shiftFunctions(aws, plan, options, signal)) if (step.kind === 'ended') report = step.report
    if (report === null) throw new Error('it has not ended')
    return report
  }
  const mostInASecond = (): number =>
    Math.max(...calls.map(at => calls.filter(each => each > at - 1_000 && each <= at).length))
  return {
    fake,
    seen,
    run: (signal = ongoing()) => clock.outcome(run(signal)),
    mostInASecond,
    throttled: () => throttles,
  }
}

describe('a hundred functions', () => {
  it('case 26: move within fifteen calls a second, without being refused one', async () => {
    const {run, mostInASecond, throttled} = await hundred()
    const report = await run()
    expect(report).toMatchObject({outcome: 'done', writes: 200})
    expect(mostInASecond()).toBeLessThanOrEqual(15)
    expect(throttled()).toBe(0)
  })

  it('case 26: go back in the middle of a stage at the whole quota, and no other call goes before', async () => {
    const stop = new AbortController()
    let stoppedAt = Number.NaN
    const {run, fake, seen, mostInASecond, throttled} = await hundred((name, weight) => {
      if (name === 'f50' && weight !== undefined) {
        stoppedAt = fake.clock.now()
        stop.abort()
      }
      return false
    })
    const report = await run(stop.signal)
    expect(report).toMatchObject({outcome: 'rolled-back', byGate: false})
    for (const alias of fake.aliases.values()) expect(alias).toMatchObject({FunctionVersion: '41', weights: {}})
    const later = seen.filter(({at}) => at > stoppedAt)
    const back = later.filter(({operation}) => operation === 'UpdateAliasCommand')
    const moved = report.members.filter(({detail}) => detail === null)
    expect(back).toHaveLength(moved.length)
    expect(moved.length).toBeGreaterThan(40)
    const others = later.slice(
      0,
      later.findLastIndex(({operation}) => operation === 'UpdateAliasCommand'),
    )
    expect(others.every(({operation}) => operation === 'UpdateAliasCommand')).toBe(true)
    // fifteen a second, and no more than a second before the first
    expect((back.at(-1)?.at ?? Number.NaN) - stoppedAt).toBeLessThan((moved.length / 15) * 1_000 + 1_000)
    expect(mostInASecond()).toBeLessThanOrEqual(15)
    expect(throttled()).toBe(0)
  })

  it('case 24: go back, all that moved, where AWS refuses the last', async () => {
    const {run, fake} = await hundred((name, weight) => name === 'f99' && weight !== undefined)
    const report = await run()
    expect(report).toMatchObject({outcome: 'rolled-back', byGate: false})
    expect(report.why).toContain('same execution role')
    for (const alias of fake.aliases.values())
      expect(alias).toMatchObject({FunctionVersion: '41', weights: {}, Description: 'what customers call'})
  })
})
