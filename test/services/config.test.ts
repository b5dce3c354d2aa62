import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {configPath} from '../../src/environment.ts'
import {loadConfig, parseConfig} from '../../src/services/config.ts'
import {namedQueries, queryNamed} from '../../src/services/insights/saved-query.ts'

const parse = (config: unknown) => parseConfig(JSON.stringify(config), 'config.json')

describe('the config file', () => {
  test('holds queries, short or with all that belongs to them, scopes and defaults', () => {
    const {config, warnings} = parse({
      queries: {
        slow: 'stats max(@duration)',
        x: {query: 'fields y', targets: ['checkout-*'], since: '1h', description: 'd'},
      },
      scopes: {prod: {profiles: ['prod'], regions: ['eu-west-1', 'us-east-1'], targets: ['!*-dev']}, empty: {}},
      defaults: {alias: 'live'},
    })
    expect(Object.fromEntries(config.queries)).toEqual({
      slow: {query: 'stats max(@duration)', description: null, targets: [], since: null},
      x: {query: 'fields y', description: 'd', targets: ['checkout-*'], since: '1h'},
    })
    expect(config.scopes.get('prod')).toEqual({
      profiles: ['prod'],
      regions: ['eu-west-1', 'us-east-1'],
      targets: ['!*-dev'],
    })
    expect(config.scopes.get('empty')).toEqual({profiles: [], regions: [], targets: []})
    expect(config.defaults.get('alias')).toBe('live')
    expect(warnings).toEqual([])
  })

  test.each([
    [{queries: []}, 'queries must be an object'],
    [{queries: {a: 5}}, 'queries.a must be an object'],
    [{queries: {a: ''}}, 'queries.a must be text'],
    [{queries: {a: {}}}, 'queries.a.query must be text'],
    [{queries: {a: {query: 'x', targets: 'y'}}}, 'queries.a.targets must be a list of texts'],
    [{queries: {'a b': 'x'}}, "'a b' is no name"],
    [{scopes: {p: {regions: [1]}}}, 'scopes.p.regions must be a list of texts'],
    [[], 'the whole of it must be an object'],
    [null, 'the whole of it must be an object'],
  ])('%j is refused, with where', (config, words) => {
    expect(() => parse(config)).toThrow(words)
  })

  test('unknown keys are warned about, and the rest is used', () => {
    const {config, warnings} = parse({queris: {}, queries: {a: {query: 'x', sinc: '1h'}}})
    expect(config.queries.has('a')).toBe(true)
    expect(warnings).toEqual([expect.stringContaining('queris'), expect.stringContaining('queries.a.sinc')])
  })

  test('broken JSON is pointed at', () => {
    expect(() => parseConfig('{\n  "queries": {\n    "a": "x",\n  }\n}', 'c.json')).toThrow(
      /^c\.json is not JSON: line 4, column 3: .*\n {4}}\n {4}\^$/,
    )
    expect(() => parseConfig('{"queries": ', 'c.json')).toThrow(/c\.json is not JSON: line 1, column \d+/)
    expect(parseConfig('\uFEFF  ', 'c.json').config.queries.size).toBe(0)
    expect(() => parseConfig(`{"a": "${'x'.repeat(500)}" oops}`, 'c.json')).toThrow(
      /^c\.json is not JSON.{0,160}\n.{0,100}\n *\^$/s,
    )
  })

  test('that is not there is empty; one that cannot be read is an error that names it', async () => {
    const home = mkdtempSync(join(tmpdir(), 'slsops-config-'))
    expect((await loadConfig(null)).config.queries.size).toBe(0)
    expect((await loadConfig(join(home, 'none.json'))).config.queries.size).toBe(0)
    writeFileSync(join(home, 'config.json'), '{"queries": {"a": "x"}}')
    expect((await loadConfig(join(home, 'config.json'))).config.queries.has('a')).toBe(true)
    await expect(loadConfig(home)).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining(home)})
  })

  test('lies in the user’s configuration, never in the working directory', () => {
    expect(configPath({XDG_CONFIG_HOME: '/x', HOME: '/home/me'})).toBe('/x/slsops/config.json')
    expect(configPath({HOME: '/home/me'})).toBe('/home/me/.config/slsops/config.json')
    expect(configPath({})).toBeNull()
  })
})

describe('a query by name', () => {
  const {config} = parse({queries: {slowest: 'fields mine', own: 'fields own'}})

  test('is the user’s own before one that comes with slsops', () => {
    expect(queryNamed('slowest', config).query).toBe('fields mine')
    expect(queryNamed('cold-starts', config).query).toContain('@initDuration')
    expect(namedQueries(config).get('slowest')?.isBuiltIn).toBe(false)
  })

  test('that nobody saved is an error with the nearest; anything of several words is a query', () => {
    expect(() => queryNamed('slowst', config)).toThrow('no query named slowst')
    expect(() => queryNamed(' ', config)).toThrow('empty')
    expect(queryNamed('stats count(*)', config).query).toBe('stats count(*)')
    expect(queryNamed('filter a|limit 1', config).query).toBe('filter a|limit 1')
  })
})
