import * as cloudformation from '@aws-sdk/client-cloudformation'
import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as lambda from '@aws-sdk/client-lambda'
import * as xray from '@aws-sdk/client-xray'
import {AwsQueryProtocol, AwsSmithyRpcV2CborProtocol} from '@aws-sdk/core/protocols'
import {Uint8ArrayBlobAdapter} from '@smithy/core/serde'
import {describe, expect, onTestFinished, test} from 'vitest'
import {defineService} from '../../../src/sandbox/wire/define-service.ts'
import {jsonRpc} from '../../../src/sandbox/wire/json-rpc.ts'
import {queryXml} from '../../../src/sandbox/wire/query-xml.ts'
import {restJson} from '../../../src/sandbox/wire/rest-json.ts'
import {rpcCbor} from '../../../src/sandbox/wire/rpc-cbor.ts'
import {ServiceError} from '../../../src/sandbox/wire/service-error.ts'
import {serveOne} from './mini-server.ts'

const names = {
  signingName: 'x',
  iamPrefix: 'x',
  validationError: 'ValidationException',
  throttleError: 'ThrottlingException',
}
const settings = (endpoint: string) => ({
  region: 'eu-west-1',
  endpoint,
  credentials: {accessKeyId: 'a', secretAccessKey: 'b'},
  maxAttempts: 1,
})

function closing<C extends {destroy: () => void}>(client: C): C {
  onTestFinished(() => client.destroy())
  return client
}

describe('REST-JSON', () => {
  async function lambdaWith(handlers: Parameters<typeof defineService<typeof lambda, null>>[2]) {
    return closing(
      new lambda.LambdaClient(
        settings(
          await serveOne(defineService<typeof lambda, null>(lambda, {...names, protocols: [restJson()]}, handlers)),
        ),
      ),
    )
  }

  test('labels, query, headers and a raw payload travel both ways', async () => {
    const payload = new Uint8Array([0, 255, 195, 188])
    const client = await lambdaWith({
      Invoke: input => ({
        StatusCode: 202,
        FunctionError: `${input.FunctionName}|${input.Qualifier}|${input.InvocationType}`,
        ExecutedVersion: input.LogType ?? 'none',
        Payload: Uint8ArrayBlobAdapter.mutate(input.Payload ?? new Uint8Array()),
      }),
    })
    const answer = await client.send(
      new lambda.InvokeCommand({
        FunctionName: 'arn:aws:lambda:eu-west-1:1:function:f',
        Qualifier: 'a/ü',
        InvocationType: 'Event',
        Payload: payload,
      }),
    )
    expect(answer.StatusCode).toBe(202)
    expect(answer.ExecutedVersion).toBe('none')
    expect(answer.FunctionError?.startsWith('arn:aws:lambda:eu-west-1:1:function:f|a/')).toBe(true)
    expect([...(answer.Payload ?? [])]).toEqual([...payload])
    expect(answer.$metadata.requestId).toBe('request-1')
  })

  test('a blob in a JSON body is base64, a timestamp in an answer is a date', async () => {
    const client = await lambdaWith({
      UpdateFunctionCode: input => ({
        CodeSha256: Buffer.from(input.ZipFile ?? []).toString('hex'),
        FunctionName: input.FunctionName,
      }),
      ListEventSourceMappings: () => ({EventSourceMappings: [{LastModified: new Date(1_786_363_195_250)}]}),
    })
    const updated = await client.send(
      new lambda.UpdateFunctionCodeCommand({FunctionName: 'f', ZipFile: new Uint8Array([1, 2, 255])}),
    )
    expect(updated).toMatchObject({CodeSha256: '0102ff', FunctionName: 'f'})
    const listed = await client.send(new lambda.ListEventSourceMappingsCommand({}))
    expect(listed.EventSourceMappings?.[0]?.LastModified).toEqual(new Date(1_786_363_195_250))
  })

  test('two operations of one path are told apart by their literal query', async () => {
    const client = await lambdaWith({
      GetProvisionedConcurrencyConfig: input => ({StatusReason: `one of ${input.FunctionName}`}),
      ListProvisionedConcurrencyConfigs: () => ({NextMarker: 'many'}),
    })
    const [one, many] = await Promise.all([
      client.send(new lambda.GetProvisionedConcurrencyConfigCommand({FunctionName: 'f', Qualifier: '1'})),
      client.send(new lambda.ListProvisionedConcurrencyConfigsCommand({FunctionName: 'f'})),
    ])
    expect([one.StatusReason, many.NextMarker]).toEqual(['one of f', 'many'])
  })

  test('an answer without a body is empty', async () => {
    const client = await lambdaWith({DeleteAlias: () => ({})})
    expect(
      (await client.send(new lambda.DeleteAliasCommand({FunctionName: 'f', Name: 'live'}))).$metadata.httpStatusCode,
    ).toBe(204)
  })

  test("an error takes status, members and headers from the service's model", async () => {
    const client = await lambdaWith({
      ListFunctions: () => {
        throw new ServiceError('TooManyRequestsException', 'Rate exceeded', {
          members: {retryAfterSeconds: '1', Type: 'User', Reason: 'CallerRateLimitExceeded'},
        })
      },
    })
    const call = client.send(new lambda.ListFunctionsCommand({}))
    await expect(call).rejects.toBeInstanceOf(lambda.TooManyRequestsException)
    await expect(call).rejects.toMatchObject({
      message: 'Rate exceeded',
      retryAfterSeconds: '1',
      Reason: 'CallerRateLimitExceeded',
      $metadata: {httpStatusCode: 429, requestId: 'request-1'},
    })
  })

  test('xray sends and gets epoch seconds', async () => {
    const service = defineService<typeof xray, null>(
      xray,
      {...names, protocols: [restJson()]},
      {GetTraceSummaries: input => ({ApproximateTime: input.EndTime, TracesProcessedCount: input.StartTime.getTime()})},
    )
    const client = closing(new xray.XRayClient(settings(await serveOne(service))))
    const [StartTime, EndTime] = [new Date(1_786_363_195_000), new Date(1_786_363_200_000)]
    const answer = await client.send(new xray.GetTraceSummariesCommand({StartTime, EndTime}))
    expect(answer).toMatchObject({ApproximateTime: EndTime, TracesProcessedCount: StartTime.getTime()})
  })
})

describe('CloudWatch in its three protocols', () => {
  const target = 'GraniteServiceVersion20100801'
  const xmlNamespace = 'http://monitoring.amazonaws.com/doc/2010-08-01/'
  const protocols = [jsonRpc('1.0', target), rpcCbor(target), queryXml(xmlNamespace)]
  const service = defineService<typeof cloudwatch, null>(
    cloudwatch,
    {...names, protocols},
    {
      GetMetricData: input => ({
        MetricDataResults: input.MetricDataQueries.map(query => ({
          Id: query.Id,
          Label: `${query.MetricStat?.Metric.Dimensions?.map(each => each.Value).join('+')} ü & <b>`,
          Timestamps: [input.StartTime, input.EndTime],
          Values: [0.1, 1e21],
        })),
        Messages: [],
      }),
      SetAlarmState: () => {
        throw new ServiceError('InvalidFormatFault', 'Not JSON')
      },
    },
  )
  const base = {defaultNamespace: 'com.amazonaws.cloudwatch'}
  const speaking = {
    'JSON 1.0': {},
    CBOR: {protocol: new AwsSmithyRpcV2CborProtocol({...base, serviceTarget: target} as never)},
    query: {protocol: new AwsQueryProtocol({...base, xmlNamespace, version: '2010-08-01'} as never)},
  }

  test.each(Object.entries(speaking))(
    '%s carries nested lists, dates, doubles and unicode',
    async (_name, protocol) => {
      const client = closing(new cloudwatch.CloudWatchClient({...settings(await serveOne(service)), ...protocol}))
      const [StartTime, EndTime] = [new Date(1_786_363_195_000), new Date(1_786_363_255_000)]
      const Dimensions = [
        {Name: 'FunctionName', Value: 'checkout'},
        {Name: 'Resource', Value: 'checkout:live'},
      ]
      const answer = await client.send(
        new cloudwatch.GetMetricDataCommand({
          StartTime,
          EndTime,
          MetricDataQueries: [
            {
              Id: 'a',
              MetricStat: {
                Metric: {Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions},
                Period: 60,
                Stat: 'Sum',
              },
            },
            {Id: 'b', Expression: 'a * 2'},
          ],
        }),
      )
      expect(answer.MetricDataResults).toMatchObject([
        {Id: 'a', Label: 'checkout+checkout:live ü & <b>', Timestamps: [StartTime, EndTime], Values: [0.1, 1e21]},
        {Id: 'b'},
      ])
      expect(answer.$metadata.requestId).toBe('request-1')
    },
  )

  test.each(Object.entries(speaking))('%s carries an error as its class', async (_name, protocol) => {
    const client = closing(new cloudwatch.CloudWatchClient({...settings(await serveOne(service)), ...protocol}))
    const call = client.send(new cloudwatch.SetAlarmStateCommand({AlarmName: 'a', StateReason: '', StateValue: 'OK'}))
    await expect(call).rejects.toBeInstanceOf(cloudwatch.InvalidFormatFault)
    await expect(call).rejects.toMatchObject({
      message: 'Not JSON',
      $metadata: {httpStatusCode: 400, requestId: 'request-1'},
    })
  })

  test('JSON 1.0 also says the code that query clients know', async () => {
    const client = closing(new cloudwatch.CloudWatchClient(settings(await serveOne(service))))
    const call = client.send(new cloudwatch.SetAlarmStateCommand({AlarmName: 'a', StateReason: '', StateValue: 'OK'}))
    await expect(call).rejects.toMatchObject({Code: 'InvalidFormat', Type: 'Sender'})
  })
})

test('query reads lists of structures and plain lists from a form', async () => {
  const service = defineService<typeof cloudformation, null>(
    cloudformation,
    {...names, protocols: [queryXml('http://cloudformation.amazonaws.com/doc/2010-05-15/')]},
    {
      CreateStack: input => ({
        StackId: JSON.stringify([
          input.StackName,
          input.Parameters,
          input.Capabilities,
          input.DisableRollback,
          input.TimeoutInMinutes,
        ]),
      }),
    },
  )
  const client = closing(new cloudformation.CloudFormationClient(settings(await serveOne(service))))
  const answer = await client.send(
    new cloudformation.CreateStackCommand({
      StackName: 's',
      Parameters: [{ParameterKey: 'k&=', ParameterValue: 'ü +'}, {ParameterKey: 'l'}],
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      DisableRollback: true,
      TimeoutInMinutes: 7,
    }),
  )
  expect(JSON.parse(answer.StackId ?? '')).toEqual([
    's',
    [{ParameterKey: 'k&=', ParameterValue: 'ü +'}, {ParameterKey: 'l'}],
    ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    true,
    7,
  ])
})
