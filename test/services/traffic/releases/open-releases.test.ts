import {UpdateAliasCommand} from '@aws-sdk/client-lambda'
import {describe, expect, it} from 'vitest'
import {UserError} from '../../../../src/errors.ts'
import type {Aws} from '../../../../src/services/aws/connect.ts'
import {openReleases} from '../../../../src/services/traffic/releases/open-releases.ts'
import {openRollback} from '../../../../src/services/traffic/rollback/open-rollback.ts'
import {deniedTo, fakeAccount, now as noon, ongoing} from '../../fleet/fake-account.ts'
import {larder} from '../company.ts'

const dayMs = 86_400_000

async function read(
  aws: Aws,
  targets: readonly string[],
  more: {journals?: string; alias?: string; now?: number; windowMs?: number} = {},
) {
  const now = more.now ?? Date.now()
  const {windowMs = dayMs} = more
  const options = {window: {start: now - windowMs, end: now}, now, listing: {cache: null}}
  const {alias = null, journals = null} = more
  const opened = await openReleases([aws], {targets}, {...options, alias, journals}, ongoing())
  const plan = await opened.look()
  return {opened, plan, report: await opened.read()}
}

describe('releases', () => {
  it('tell of each alias which versions served in the window, and put what is in motion or in trouble first', async () => {
    const {aws} = await larder()
    const {report, opened} = await read(aws, [])
    expect(opened.functions).toBeGreaterThan(30)
    expect(opened.plan.calls).toBe(opened.functions)
    expect(report.without + report.aliases.length).toBe(opened.functions)
    const names = report.aliases.map(({functionName, standing}) => [functionName, standing])
    // CodeDeploy is at work with the first
    expect(names.slice(0, 2)).toEqual([
      ['stock-sync', 'moving'],
      ['checkout-api', 'troubled'],
    ])
    const first = report.aliases[1]
    expect(first?.versions.map(({version, weight}) => [version, weight])).toEqual([
      ['42', 1],
      ['41', 0],
    ])
    for (const {figures, costUSD} of first?.versions ?? []) {
      expect(figures?.calls).toBeGreaterThan(0)
      expect(costUSD).toBeGreaterThan(0)
    }
    expect(first?.since).toBeGreaterThan(0)
    const provisioned = report.aliases.find(({functionName}) => functionName === 'inventory')?.provisioned
    expect(provisioned).toMatchObject({requested: 4, status: 'READY'})
  })

  it('tell who rolled back, as long as nobody has written the alias since', async () => {
    const {aws, client, journals} = await larder()
    const wish = {alias: null, to: '41', force: false, note: 'pay is down', journals, patience: ongoing}
    const rollback = await openRollback(aws, {targets: ['checkout-api']}, wish, ongoing())
    await Array.fromAsync(rollback.run({undoSignal: ongoing, doing() {}}))
    const told = (await read(aws, ['checkout-api'], {journals})).report.aliases[0]
    expect(told?.mover).toMatchObject({source: 'journal', operation: 'rollback', note: 'pay is down'})
    // 42 has served: it does not wait, also where that was before the window
    expect(told?.waiting).toBeNull()
    const since = await read(aws, ['checkout-api'], {journals, windowMs: 60_000})
    expect(since.report.aliases[0]?.waiting).toBeNull()

    await client.send(new UpdateAliasCommand({FunctionName: 'checkout-api', Name: 'live', Description: 'other'}))
    expect((await read(aws, ['checkout-api'], {journals})).report.aliases[0]?.mover).toBeNull()
  })

  it('are of an alias or a version that is named', async () => {
    const {aws} = await larder()
    const {report} = await read(aws, ['checkout-api:live', 'search'])
    expect(report.aliases.map(({functionName}) => functionName).sort()).toEqual(['checkout-api', 'search'])
    expect((await read(aws, ['checkout-api:42'])).report.aliases).toHaveLength(1)
    const error = await read(aws, ['checkout-api:beta']).catch(thrown => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({exitCode: 1, hint: 'they have live'})
    await expect(read(aws, ['*'], {alias: 'beta'})).rejects.toThrow('no function has an alias')
  })

  it('have a gap for what AWS refuses, and show the rest', async () => {
    const names = ['a', 'b', 'c']
    const arn = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`
    const aws = fakeAccount({
      answers: {
        ListFunctions: () => ({Functions: names.map(name => ({FunctionName: name, FunctionArn: arn(name)}))}),
        GetAccountSettings: () => ({}),
        GetCallerIdentity: () => ({Account: '123456789012'}),
        ListAliases: ({input}) => {
          if (input['FunctionName'] === 'c') throw deniedTo('lambda:ListAliases')
          if (input['FunctionName'] === 'b') return {Aliases: []}
          return {Aliases: [{Name: 'live', FunctionVersion: '7', RevisionId: 'r', Description: ''}]}
        },
        ListVersionsByFunction: () => ({Versions: [{Version: '$LATEST'}, {Version: '7'}, {Version: '8'}]}),
        ListProvisionedConcurrencyConfigs: () => ({ProvisionedConcurrencyConfigs: []}),
        ListDeployments: () => ({deployments: []}),
        GetResources: () => ({ResourceTagMappingList: []}),
        GetMetricData: () => {
          throw deniedTo('cloudwatch:GetMetricData')
        },
      },
    })
    const {report, opened} = await aws.fakeClock.outcome(read(aws, [], {now: noon}))
    expect(report.without).toBe(1)
    expect(report.aliases).toMatchObject([
      {functionName: 'a', waiting: '8', measured: {unknown: 'denied'}, versions: [{version: '7', figures: null}]},
    ])
    expect(report.coverage.gaps.map(({what, reason}) => [what, reason])).toEqual([
      ['c', 'denied'],
      ['metrics of a', 'denied'],
    ])
    expect(opened.verdicts()).toContain(3)
  })

  it('of a thousand functions are asked for within the quota, and planned before', async () => {
    const names = Array.from({length: 1_000}, (_, at) => `f${at}`)
    const aws = fakeAccount({
      answers: {
        ListFunctions: () => ({
          Functions: names.map(name => ({
            FunctionName: name,
            FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
          })),
        }),
        GetAccountSettings: () => ({}),
        GetCallerIdentity: () => ({Account: '123456789012'}),
        ListAliases: () => ({Aliases: []}),
      },
    })
    const {opened, plan, report} = await aws.fakeClock.outcome(read(aws, [], {now: noon}))
    expect(opened.plan).toMatchObject({calls: 1_000, costUSD: 0})
    expect(plan.calls).toBe(0)
    expect(report).toMatchObject({without: 1_000, aliases: []})
    expect(aws.mostInFlight).toBeLessThanOrEqual(25)
  })

  it('are what was listed until it was stopped', async () => {
    const stop = new AbortController()
    const aws = fakeAccount({
      answers: {
        ListFunctions: () => ({
          Functions: Array.from({length: 100}, (_, at) => ({
            FunctionName: `f${at}`,
            FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:f${at}`,
          })),
        }),
        GetAccountSettings: () => ({}),
        GetCallerIdentity: () => ({Account: '123456789012'}),
        ListAliases: ({nth}) => {
          if (nth === 30) stop.abort(new Error('interrupted'))
          return {Aliases: [{Name: 'live', FunctionVersion: '7', RevisionId: 'r'}]}
        },
      },
    })
    const options = {window: {start: noon - dayMs, end: noon}, now: noon, listing: {cache: null}}
    const opened = await aws.fakeClock.outcome(
      openReleases([aws], {targets: []}, {...options, alias: null, journals: null}, stop.signal),
    )
    await aws.fakeClock.outcome(opened.look())
    const report = await aws.fakeClock.outcome(opened.read())
    expect(report.aliases.length).toBeGreaterThan(0)
    expect(report.aliases.length).toBeLessThan(100)
    expect(report.coverage.gaps.some(({reason}) => reason === 'interrupted')).toBe(true)
  })
})
