import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {bootSandbox, type Sandbox} from '../../../src/sandbox/boot.ts'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {parseSelection, type SelectionWords} from '../../../src/services/targets/parse-target.ts'
import {resolveFunctions} from '../../../src/services/targets/resolve-functions.ts'
import {resolveLogSources} from '../../../src/services/targets/resolve-log-sources.ts'
import {connectedTo} from '../connected.ts'

/** The same, through the SDK's clients and HTTP, against the embedded AWS. */
describe('targets through an endpoint', () => {
  let sandbox: Sandbox
  let aws: Aws

  beforeAll(async () => {
    sandbox = await bootSandbox({directory: null, now: () => Date.UTC(2026, 7, 10, 12)})
    aws = await connectedTo(sandbox)
  })

  afterAll(async () => {
    aws.close()
    await sandbox.close()
  })

  const functionsOf = (words: SelectionWords) => resolveFunctions(aws, parseSelection(words))
  const sourcesOf = (words: SelectionWords) => resolveLogSources(aws, parseSelection(words))

  it('reads every function by what its LoggingConfig says', async () => {
    const [{functions}, {sources, absent}] = await Promise.all([functionsOf({}), sourcesOf({})])
    expect(functions.length).toBeGreaterThan(24)
    expect(new Set([...sources, ...absent].map(({logGroup}) => logGroup))).toEqual(
      new Set(functions.map(({logGroup}) => logGroup)),
    )
    expect(sources.some(source => source.functions.length >= 3 && source.only === null)).toBe(true)
    expect(sources.some(({logGroupClass}) => logGroupClass === 'INFREQUENT_ACCESS')).toBe(true)
    expect(new Set(sources.map(({scope}) => scope.account))).toEqual(new Set([sandbox.account]))
  })

  it('finds the versions behind an alias, in a group that it reads only for them', async () => {
    const {functions} = await functionsOf({targets: ['checkout-api:live']})
    expect(functions.map(({alias}) => alias?.name)).toContain('live')
    const {sources} = await sourcesOf({targets: ['checkout-api:live']})
    expect(sources.map(({only}) => only)).toEqual([functions.map(({name, version}) => ({function: name, version}))])
  })

  it('narrows by stack and by tag', async () => {
    const stack = await functionsOf({stack: 'larder-orders'})
    expect(stack.functions.map(({name}) => name)).toContain('billing-worker')
    const tag = await functionsOf({tags: ['team=orders'], targets: ['billing-*']})
    expect(tag.functions.map(({name}) => name)).toEqual(['billing-worker'])
  })

  it('finds log groups of no function by glob', async () => {
    const {sources} = await sourcesOf({targets: ['/ecs/*']})
    expect(sources.length).toBeGreaterThan(0)
    expect(sources.every(({functions, mayBeMissing}) => functions.length === 0 && !mayBeMissing)).toBe(true)
  })

  it.each<[SelectionWords, string]>([
    [{targets: ['chekout-api']}, 'checkout-api'],
    [{targets: ['checkout-api:liv']}, 'live'],
    [{stack: 'larder-ordrs'}, 'larder-orders'],
    [{tags: ['team=order']}, 'team=orders'],
    [{targets: ['/ecs/paymnts*']}, '/ecs/payments'],
  ])('%j is an error that names the nearest', async (words, nearest) => {
    await expect(sourcesOf(words)).rejects.toMatchObject({exitCode: 1, hint: expect.stringContaining(nearest)})
  })
})
