import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {withScope} from '../../src/flags/scope.ts'

const path = join(mkdtempSync(join(tmpdir(), 'slsops-config-')), 'config.json')
const prod = {profiles: ['prod-eu', 'prod-us'], regions: ['eu-west-1', 'us-east-1'], targets: ['checkout-*']}
writeFileSync(path, JSON.stringify({scopes: {prod, here: {targets: ['inventory']}}}))

describe('a saved scope', () => {
  test('stands for profiles, regions and targets', async () => {
    expect(await withScope({scope: 'prod'}, [], path)).toEqual({
      flags: {scope: 'prod', profile: prod.profiles, region: prod.regions},
      targets: prod.targets,
      warnings: [],
    })
  })

  test('gives way to what the command line says, each for itself', async () => {
    const {flags, targets} = await withScope({scope: 'prod', region: ['sa-east-1']}, ['orders'], path)
    expect(flags).toMatchObject({profile: prod.profiles, region: ['sa-east-1']})
    expect(targets).toEqual(['orders'])
  })

  test('that says nothing of regions leaves them to the configuration', async () => {
    const {flags} = await withScope<{scope: string; region?: string[]}>({scope: 'here'}, [], path)
    expect(flags.region).toBeUndefined()
  })

  test('that is not there is an error, with the nearest', async () => {
    await expect(withScope({scope: 'prd'}, [], path)).rejects.toMatchObject({exitCode: 2, hint: 'nearest: prod'})
    await expect(withScope({scope: 'prod'}, [], '/nowhere/config.json')).rejects.toMatchObject({
      message: 'there is no scope prod in /nowhere/config.json',
      hint: expect.stringContaining('"scopes"'),
    })
  })

  test('is not looked for where none is named', async () => {
    expect(await withScope({}, ['a'], null)).toEqual({flags: {}, targets: ['a'], warnings: []})
  })
})
