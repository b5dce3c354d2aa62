import {describe, expect, test} from 'vitest'
import {completionPlace, sandboxClockOffset, sandboxSettings, userPlaces, wantsSandbox} from '../src/environment.ts'

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

  test('keeps the state of a clock that is given apart: of each moment its own, however it is written', () => {
    const directory = (SLSOPS_SANDBOX_CLOCK: string) =>
      sandboxSettings({XDG_STATE_HOME: '/state', SLSOPS_SANDBOX_CLOCK}, () => 0).directory
    expect(directory('')).toBe('/state/slsops/sandbox')
    expect(directory('2026-11-20T14:00:00Z')).toBe('/state/slsops/sandbox/clock-2026-11-20T14-00-00.000Z')
    expect(directory('2026-11-20T15:00:00+01:00')).toBe(directory('2026-11-20T14:00:00Z'))
    expect(directory('2026-11-20T14:00:00-01:00')).not.toBe(directory('2026-11-20T14:00:00+01:00'))
    // V8 reads past words in parentheses
    expect(directory('2026-11-20 14:00 UTC (../../etc)')).toBe(directory('2026-11-20T14:00:00Z'))
    expect(() => directory('noon')).toThrow('SLSOPS_SANDBOX_CLOCK')
    expect(sandboxSettings({SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:00:00Z'}, () => 0).directory).toBe(null)
  })

  test('has a clock of its own where one is given', () => {
    expect(sandboxClockOffset({}, 5)).toBe(0)
    expect(sandboxClockOffset({SLSOPS_SANDBOX_CLOCK: '1970-01-01T00:00:10Z'}, 4_000)).toBe(6_000)
    expect(() => sandboxClockOffset({SLSOPS_SANDBOX_CLOCK: 'noon'}, 0)).toThrow('SLSOPS_SANDBOX_CLOCK')
  })
})

describe('completion', () => {
  test('keeps names in XDG’s cache directory, or nowhere without a home', () => {
    expect(completionPlace({XDG_CACHE_HOME: '/cache', HOME: '/home/a'}).directory).toBe('/cache/slsops/names')
    expect(completionPlace({HOME: '/home/a'}).directory).toBe('/home/a/.cache/slsops/names')
    expect(completionPlace({})).toEqual({
      directory: null,
      configFiles: [],
      journals: null,
      sandbox: false,
      account: [],
    })
  })

  test('finds profiles where the SDK does', () => {
    expect(completionPlace({HOME: '/a'}).configFiles).toEqual(['/a/.aws/config', '/a/.aws/credentials'])
    expect(completionPlace({HOME: '/a', AWS_CONFIG_FILE: '/c'}).configFiles).toEqual(['/c', '/a/.aws/credentials'])
  })

  test('tells accounts apart by what decides them, and by no secret', () => {
    const {account} = completionPlace({
      AWS_REGION: 'eu-west-1',
      AWS_PROFILE: 'prod',
      AWS_ACCESS_KEY_ID: 'AKID',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'secret',
      AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:1',
      AWS_PAGER: 'less',
    })
    expect(account).toEqual([
      'AWS_ACCESS_KEY_ID=AKID',
      'AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:1',
      'AWS_PROFILE=prod',
      'AWS_REGION=eu-west-1',
    ])
  })
})

describe('what is the user’s', () => {
  test('is below XDG’s directories, or nowhere without a home', () => {
    expect(userPlaces({XDG_CONFIG_HOME: '/config', XDG_CACHE_HOME: '/cache', HOME: '/home/a'})).toEqual({
      config: '/config/slsops/config.json',
      fleetCache: '/cache/slsops/fleet',
      journals: '/home/a/.local/state/slsops/journals',
    })
    expect(userPlaces({HOME: '/home/a'}).fleetCache).toBe('/home/a/.cache/slsops/fleet')
    expect(userPlaces({XDG_STATE_HOME: '/state'}).journals).toBe('/state/slsops/journals')
    expect(userPlaces({})).toEqual({config: null, fleetCache: null, journals: null})
  })
})
