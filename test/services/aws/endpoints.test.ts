import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {configuredEndpoints, foreignOrigins, isLoopback} from '../../../src/services/aws/endpoints.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

function configured(environment: Readonly<Record<string, string>>, file = ''): void {
  const path = join(mkdtempSync(join(tmpdir(), 'slsops-config-')), 'config')
  writeFileSync(path, file)
  vi.stubEnv('AWS_CONFIG_FILE', path)
  vi.stubEnv('AWS_PROFILE', undefined)
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
}

describe('endpoint overrides', () => {
  test('are none by default', async () => {
    configured({})
    expect(await configuredEndpoints(null)).toEqual({})
  })

  test('of other services lead nothing of ours elsewhere', async () => {
    configured({AWS_ENDPOINT_URL_S3: 'http://localhost:9000'})
    expect(await configuredEndpoints(null)).toEqual({})
  })

  test('of a service go before the general one', async () => {
    configured({AWS_ENDPOINT_URL: 'http://localhost:1', AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://localhost:2'})
    expect(await configuredEndpoints(null)).toMatchObject({logs: 'http://localhost:2', lambda: 'http://localhost:1'})
  })

  test('are read from the profile and its services section', async () => {
    configured(
      {},
      '[profile local]\nendpoint_url = http://localhost:3\nservices = mine\n[services mine]\nlambda =\n  endpoint_url = http://localhost:4\n',
    )
    expect(await configuredEndpoints('local')).toMatchObject({logs: 'http://localhost:3', lambda: 'http://localhost:4'})
    expect(await configuredEndpoints(null)).toEqual({})
  })

  test('are ignored when the user says so', async () => {
    configured({AWS_ENDPOINT_URL: 'http://localhost:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true'})
    expect(await configuredEndpoints(null)).toEqual({})
  })
})

describe('foreign origins', () => {
  test('leave out AWS’s own VPC endpoints, and passwords', () => {
    expect(foreignOrigins({logs: 'https://vpce-1.logs.eu-west-1.vpce.amazonaws.com'})).toEqual([])
    expect(foreignOrigins({logs: 'http://user:hunter2@localhost:9/path', lambda: 'http://localhost:9'})).toEqual([
      'http://localhost:9',
    ])
  })

  test('know this machine, where no quota holds', () => {
    expect(['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1'].map(isLoopback)).toEqual([true, true, true])
    expect(['https://proxy.example', undefined].map(isLoopback)).toEqual([false, false])
  })
})
