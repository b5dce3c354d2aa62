import {describe, expect, test} from 'vitest'
import {cloneRequest} from '../../../../src/services/tuning/arena/clone-request.ts'
import {cloneName} from '../../../../src/services/tuning/arena/our-names.ts'
import {functionOf} from '../fake-lambda.ts'
import {runId} from '../tuned.ts'

const options = {
  name: 'slsops-tune-checkout-api-k3f9x2ab',
  code: {ZipFile: Buffer.from('code')},
  architecture: 'x86_64',
  description: 'A copy',
  logGroup: '/aws/lambda/slsops-tune-checkout-api-k3f9x2ab',
  tags: {'slsops:run': runId},
  codeSigningConfigArn: null,
} as const
const source = (differing: Record<string, unknown> = {}) => functionOf('checkout-api', differing).latest
const vpc = {SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'], VpcId: 'vpc-1', Ipv6AllowedForDualStack: false}

describe('a clone', () => {
  test('is as the function is in all that an invocation meets', () => {
    const request = cloneRequest(
      source({
        VpcConfig: vpc,
        Layers: [{Arn: 'arn:layer:1', CodeSize: 5}],
        FileSystemConfigs: [{Arn: 'arn:efs', LocalMountPath: '/mnt/a'}],
        KMSKeyArn: 'arn:key',
        TracingConfig: {Mode: 'Active'},
        EphemeralStorage: {Size: 2048},
        SnapStart: {ApplyOn: 'PublishedVersions', OptimizationStatus: 'On'},
        TenancyConfig: {TenantIsolationMode: 'PER_TENANT'},
      }),
      {...options, codeSigningConfigArn: 'arn:signing'},
    )
    expect(request).toEqual({
      FunctionName: options.name,
      Description: 'A copy',
      Code: options.code,
      Tags: {'slsops:run': runId},
      Architectures: ['x86_64'],
      LoggingConfig: {LogFormat: 'Text', LogGroup: options.logGroup},
      Role: 'arn:aws:iam::123456789012:role/checkout',
      PackageType: 'Zip',
      MemorySize: 512,
      Timeout: 10,
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Layers: ['arn:layer:1'],
      Environment: {Variables: {TOKEN: 'a-secret'}},
      VpcConfig: {SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'], Ipv6AllowedForDualStack: false},
      FileSystemConfigs: [{Arn: 'arn:efs', LocalMountPath: '/mnt/a'}],
      KMSKeyArn: 'arn:key',
      TracingConfig: {Mode: 'Active'},
      EphemeralStorage: {Size: 2048},
      SnapStart: {ApplyOn: 'PublishedVersions'},
      TenancyConfig: {TenantIsolationMode: 'PER_TENANT'},
      CodeSigningConfigArn: 'arn:signing',
    })
  })

  test('has no dead-letter queue: what fails in it is nobody’s business', () => {
    const request = cloneRequest(source({DeadLetterConfig: {TargetArn: 'arn:queue'}}), options)
    expect(request).not.toHaveProperty('DeadLetterConfig')
  })

  test('is in no network where the function left one', () => {
    const left = {SubnetIds: [], SecurityGroupIds: [], VpcId: ''}
    expect(cloneRequest(source({VpcConfig: left}), options)).not.toHaveProperty('VpcConfig')
  })

  test('of an image has its entry point, and neither handler nor layers', () => {
    const ImageConfig = {Command: ['app.handler'], WorkingDirectory: '/app'}
    const image = source({
      PackageType: 'Image',
      Handler: undefined,
      Runtime: undefined,
      ImageConfigResponse: {ImageConfig},
    })
    const request = cloneRequest(image, {...options, code: {ImageUri: 'repo@sha256:1'}, architecture: 'arm64'})
    expect(request).toMatchObject({
      PackageType: 'Image',
      ImageConfig,
      Code: {ImageUri: 'repo@sha256:1'},
      Architectures: ['arm64'],
    })
    for (const key of ['Handler', 'Runtime', 'Layers']) expect(request).not.toHaveProperty(key)
  })

  test.each([
    [{LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'ERROR'}, 'INFO'],
    [{LogFormat: 'JSON', SystemLogLevel: 'DEBUG', ApplicationLogLevel: 'ERROR'}, 'DEBUG'],
  ] as const)('reports its invocations: %o', (LoggingConfig, SystemLogLevel) => {
    const request = cloneRequest(source({LoggingConfig}), options)
    expect(request.LoggingConfig).toEqual({
      LogFormat: 'JSON',
      LogGroup: options.logGroup,
      ApplicationLogLevel: 'ERROR',
      SystemLogLevel,
    })
  })

  test('is not made of an environment that may not be read', () => {
    const Environment = {Error: {ErrorCode: 'AccessDeniedException', Message: 'not authorized to perform kms:Decrypt'}}
    expect(() => cloneRequest(source({Environment}), options)).toThrowError(
      expect.objectContaining({exitCode: 4, hint: expect.stringContaining('--mode versions')}),
    )
  })

  test('has a name that Lambda takes, however long the function’s is', () => {
    expect(cloneName('f'.repeat(64), runId, true)).toBe(`slsops-tune-${'f'.repeat(40)}-k3f9x2ab-a`)
    expect(cloneName('f'.repeat(64), runId, true).length).toBeLessThanOrEqual(64)
  })
})
