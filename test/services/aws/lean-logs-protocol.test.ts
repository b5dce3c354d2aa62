import {DescribeLogGroupsCommand, FilterLogEventsCommand} from '@aws-sdk/client-cloudwatch-logs'
import {describe, expect, test} from 'vitest'
import {isForeignAnswer, isPassingFault, isThrottle, requestIdOf} from '../../../src/services/aws/failures.ts'
import {readPage} from '../../../src/services/logs/page.ts'
import type {LogSource} from '../../../src/services/logs/source.ts'
import {type Answer, serving} from './loopback-server.ts'

const events = [
  {logStreamName: 's', timestamp: 5, message: '{"id":12345678901234567890}', ingestionTime: 9, eventId: 'e'},
]

async function failure(answer: Answer): Promise<Error> {
  await using server = await serving(() => answer)
  const logs = await server.aws.logs()
  return await logs.send(new FilterLogEventsCommand({logGroupName: 'g'})).then(
    () => {
      throw new Error('it did not fail')
    },
    error => error,
  )
}

describe('FilterLogEvents', () => {
  test('comes as the bytes that were sent, with the server’s time', async () => {
    const body = JSON.stringify({events, nextToken: 't'})
    await using server = await serving(() => ({body, headers: {date: 'Fri, 20 Nov 2026 12:00:00 GMT'}}))
    const logs = await server.aws.logs()
    const output = await logs.send(new FilterLogEventsCommand({logGroupName: 'g', startTime: 1, endTime: 9}))
    expect(Buffer.from((output as unknown as {rawPage: Uint8Array}).rawPage).toString()).toBe(body)
    expect(output).toMatchObject({
      serverDate: 'Fri, 20 Nov 2026 12:00:00 GMT',
      $metadata: {httpStatusCode: 200, requestId: 'request-of-loopback'},
    })
    expect(server.asked).toMatchObject([{target: 'Logs_20140328.FilterLogEvents'}])
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({logGroupName: 'g', startTime: 1, endTime: 9})
  })

  test('is read as a page from the wire, with every byte of the message', async () => {
    await using server = await serving(() => ({body: JSON.stringify({events, nextToken: 't'})}))
    const source: LogSource = {
      aws: server.aws,
      scope: server.aws.scope,
      logGroup: 'g',
      logGroupClass: null,
      functions: [],
      only: null,
      mayBeMissing: false,
    }
    const request = {startTime: 1, endTime: 9, newestFirst: true, logStreamNames: ['s']}
    const page = await readPage(source, request, {signal: AbortSignal.any([])})
    expect(page).toMatchObject({nextToken: 't', lastTimestamp: 5})
    expect(page.events()).toMatchObject([{message: '{"id":12345678901234567890}', eventId: 'e', logStream: 's'}])
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      logGroupName: 'g',
      startTime: 1,
      endTime: 9,
      startFromHead: false,
      // newer services ignore it; those that honour it would else answer stream after stream
      interleaved: true,
      logStreamNames: ['s'],
    })
  })

  test('fails with AWS’s own error', async () => {
    const body = '{"__type":"ResourceNotFoundException","message":"The specified log group does not exist."}'
    const error = await failure({status: 400, body})
    expect(error).toMatchObject({name: 'ResourceNotFoundException', message: 'The specified log group does not exist.'})
    expect(requestIdOf(error)).toBe('request-of-loopback')
  })

  test('fails once: the SDK does not try again by itself', async () => {
    await using server = await serving(() => ({
      status: 400,
      body: '{"__type":"ThrottlingException","message":"Rate exceeded"}',
    }))
    const logs = await server.aws.logs()
    const error = await logs.send(new FilterLogEventsCommand({logGroupName: 'g'})).catch(error => error)
    expect(isThrottle(error)).toBe(true)
    expect(server.asked).toHaveLength(1)
  })

  test('answered by a page of HTML is another server’s answer', async () => {
    expect(isForeignAnswer(await failure({type: 'text/html', body: '<html>Sign in to the Wi-Fi</html>'}))).toBe(true)
  })

  test('refused by a page of HTML is another server’s answer', async () => {
    expect(isForeignAnswer(await failure({status: 404, type: 'text/html', body: '<html>Not here</html>'}))).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['JSON', '{"__type":"ServiceUnavailableException","message":"later"}'],
    ['HTML, as load balancers do', '<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>'],
  ])('refused with 503 and %s is worth another try', async (_name, body) => {
    expect(isPassingFault(await failure({status: 503, body}))).toBe(true)
  })
})

test('every other operation is read by its schema', async () => {
  await using server = await serving(() => ({body: '{"logGroups":[{"logGroupName":"g","storedBytes":5}]}'}))
  const logs = await server.aws.logs()
  expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([{logGroupName: 'g', storedBytes: 5}])
})
