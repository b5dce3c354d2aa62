import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {GetResourcesCommand, ResourceGroupsTaggingAPIClient} from '@aws-sdk/client-resource-groups-tagging-api'
import {expect, onTestFinished, test} from 'vitest'
import {serveAws} from '../../../src/sandbox/server.ts'
import type {World} from '../../../src/sandbox/world/world.ts'
import {makeWorld} from '../hand-made-world.ts'
import {refusal} from '../running.ts'
import {larderServer} from './larder-server.ts'

const logGroupName = '/aws/lambda/slsops-tune-x'
const resourceArn = `arn:aws:logs:eu-west-1:123456789012:log-group:${logGroupName}`

async function logs() {
  const server = await larderServer()
  const client = server.connect(CloudWatchLogsClient)
  const described = async () =>
    (await client.send(new DescribeLogGroupsCommand({logGroupNamePrefix: logGroupName}))).logGroups ?? []
  const tags = async () => (await client.send(new ListTagsForResourceCommand({resourceArn}))).tags
  return {...server, client, described, tags}
}

test('a log group is made with tags, kept for some days, and deleted', async () => {
  const {client, connect, described, tags} = await logs()
  await client.send(new CreateLogGroupCommand({logGroupName, tags: {'slsops:run': 'r1'}}))
  await client.send(new PutRetentionPolicyCommand({logGroupName, retentionInDays: 1}))
  expect(await described()).toMatchObject([{logGroupName, retentionInDays: 1, storedBytes: 0}])
  expect(await tags()).toEqual({'slsops:run': 'r1'})
  const {ResourceTagMappingList = []} = await connect(ResourceGroupsTaggingAPIClient).send(
    new GetResourcesCommand({TagFilters: [{Key: 'slsops:run'}]}),
  )
  expect(ResourceTagMappingList.map(({ResourceARN}) => ResourceARN)).toEqual([resourceArn])
  await client.send(new DeleteRetentionPolicyCommand({logGroupName}))
  expect((await described())[0]?.retentionInDays).toBeUndefined()
  await client.send(new DeleteLogGroupCommand({logGroupName}))
  expect(await described()).toEqual([])
  expect(await refusal(client.send(new DeleteLogGroupCommand({logGroupName})))).toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
    status: 400,
  })
})

test('tags of a log group are added, replaced and taken away, by its ARN', async () => {
  const {client, tags} = await logs()
  await client.send(new CreateLogGroupCommand({logGroupName, tags: {a: '1'}}))
  await client.send(new TagResourceCommand({resourceArn, tags: {a: '2', b: '3'}}))
  expect(await tags()).toEqual({a: '2', b: '3'})
  await client.send(new UntagResourceCommand({resourceArn, tagKeys: ['a', 'never']}))
  expect(await tags()).toEqual({b: '3'})
  for (const strange of [`${resourceArn}-not`, resourceArn.replace('eu-west-1', 'us-east-1'), 'nonsense'])
    expect(await refusal(client.send(new TagResourceCommand({resourceArn: strange, tags: {a: '1'}})))).toMatchObject({
      name: 'ResourceNotFoundException',
    })
  expect(await refusal(client.send(new TagResourceCommand({resourceArn, tags: {'aws:x': '1'}})))).toMatchObject({
    name: 'InvalidParameterException',
  })
})

test('a log group is kept for as many days as AWS has, and no others', async () => {
  const {client} = await logs()
  await client.send(new CreateLogGroupCommand({logGroupName}))
  expect(await refusal(client.send(new PutRetentionPolicyCommand({logGroupName, retentionInDays: 2})))).toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining("Value '2' at 'retentionInDays'"),
  })
})

test('a log group is written while no other process writes, and read whenever', async () => {
  let alone = 0
  const world: World = {
    ...makeWorld(),
    alone(act) {
      alone++
      return act()
    },
  }
  const server = await serveAws({world})
  onTestFinished(() => server.close())
  const client = new CloudWatchLogsClient({
    region: 'eu-west-1',
    endpoint: server.url,
    credentials: {accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret'},
  })
  onTestFinished(() => client.destroy())
  await client.send(new CreateLogGroupCommand({logGroupName}))
  expect(alone).toBe(1)
  await client.send(new DescribeLogGroupsCommand({}))
  expect(alone).toBe(1)
})
