import {describe, expect, test} from 'vitest'
import {customEndpoint, sandboxClockOffset, sandboxSettings, wantsSandbox} from '../src/environment.ts'

describe('an endpoint from the environment', () => {
  test.each([
    [{}, null],
    [{AWS_ENDPOINT_URL: ''}, null],
    [{AWS_ENDPOINT_URL: 'https://vpce-1.logs.eu-west-1.vpce.amazonaws.com'}, null],
    [{AWS_ENDPOINT_URL: 'http://localhost:4566', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true'}, null],
    [{AWS_ENDPOINT_URL: 'http://localhost:4566'}, {urls: ['http://localhost:4566'], onlyLoopback: true}],
    [
      {AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_LOGS: 'https://proxy.example'},
      {urls: ['http://127.0.0.1:1', 'https://proxy.example'], onlyLoopback: false},
    ],
  ])('%j', (environment, expected) => {
    expect(customEndpoint(environment)).toEqual(expected)
  })
})

describe('the sandbox', () => {
  test('is wanted by SLSOPS_SANDBOX, unless it says no', () => {
    expect(['1', 'true', 'yes'].map(SLSOPS_SANDBOX => wantsSandbox({SLSOPS_SANDBOX}))).toEqual([true, true, true])
    expect([undefined, '', '0', 'false'].map(SLSOPS_SANDBOX => wantsSandbox({SLSOPS_SANDBOX}))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  test('keeps its state in XDG’s state directory, or in memory where there is no home', () => {
    const now = () => 0
    expect(sandboxSettings({XDG_STATE_HOME: '/state', HOME: '/home/a'}, now).directory).toBe('/state/slsops/sandbox')
    expect(sandboxSettings({HOME: '/home/a'}, now).directory).toBe('/home/a/.local/state/slsops/sandbox')
    expect(sandboxSettings({}, now).directory).toBe(null)
    expect(sandboxSettings({SLSOPS_SANDBOX_SEED: '7'}, now).seed).toBe(7)
    expect(() => sandboxSettings({SLSOPS_SANDBOX_SEED: 'x'}, now)).toThrow('SLSOPS_SANDBOX_SEED')
  })

  test('has a clock of its own where one is given', () => {
    expect(sandboxClockOffset({}, 5)).toBe(0)
    expect(sandboxClockOffset({SLSOPS_SANDBOX_CLOCK: '1970-01-01T00:00:10Z'}, 4_000)).toBe(6_000)
    expect(() => sandboxClockOffset({SLSOPS_SANDBOX_CLOCK: 'noon'}, 0)).toThrow('SLSOPS_SANDBOX_CLOCK')
  })
})
