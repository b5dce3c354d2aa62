import {
  AccountClient,
  ListRegionsCommand,
  type ListRegionsCommandInput,
  paginateListRegions,
} from '@aws-sdk/client-account'
import {expect, test} from 'vitest'
import {refusal, serve} from '../running.ts'

const connected = async () => (await serve({})).connect(AccountClient, {region: 'us-east-1'})

async function statuses(input: ListRegionsCommandInput = {}) {
  const {Regions = []} = await (await connected()).send(new ListRegionsCommand(input))
  return new Map(Regions.map(({RegionName, RegionOptStatus}) => [RegionName, RegionOptStatus]))
}

test('the regions of the aws partition are listed: 17 are enabled by default, the others are not', async () => {
  const found = await statuses()
  expect([...found.values()].filter(status => status === 'ENABLED_BY_DEFAULT')).toHaveLength(17)
  expect(found.get('eu-west-1')).toBe('ENABLED_BY_DEFAULT')
  expect(found.get('eu-south-1')).toBe('DISABLED')
  expect(new Set(found.values())).toEqual(new Set(['ENABLED_BY_DEFAULT', 'DISABLED']))
  for (const name of found.keys()) expect(name).not.toMatch(/^cn-|gov|iso|eusc/)
})

test('a status narrows the list', async () => {
  expect((await statuses({RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT']})).size).toBe(17)
  expect((await statuses({RegionOptStatusContains: ['ENABLED', 'ENABLING']})).size).toBe(0)
  expect((await statuses({RegionOptStatusContains: []})).size).toBeGreaterThan(30)
})

test('pages hold as many as asked for, and together all of them', async () => {
  const sizes: number[] = []
  const names = new Set<string | undefined>()
  for await (const {Regions = []} of paginateListRegions({client: await connected(), pageSize: 15}, {})) {
    sizes.push(Regions.length)
    for (const {RegionName} of Regions) names.add(RegionName)
  }
  expect(sizes.slice(0, 2)).toEqual([15, 15])
  expect(names).toEqual(new Set((await statuses()).keys()))
})

test('a page of more than 50, a token of nobody’s and another account are refused', async () => {
  const client = await connected()
  const refused = (input: ListRegionsCommandInput) => refusal(client.send(new ListRegionsCommand(input)))
  expect(await refused({MaxResults: 51})).toMatchObject({name: 'ValidationException', status: 400})
  expect(await refused({NextToken: 'nobody'})).toMatchObject({name: 'ValidationException', status: 400})
  expect(await refused({AccountId: '210987654321'})).toMatchObject({name: 'AccessDeniedException', status: 403})
})
