import {mkdtempSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {lifecycleOf, staleTableNotice} from '../../../../src/services/fleet/inventory/runtime-lifecycle.ts'
import {
  builtInRuntimes,
  readRuntimeTable,
  runtimeTableFrom,
} from '../../../../src/services/fleet/inventory/runtime-table.ts'

const now = Date.UTC(2026, 10, 20, 14)
const day = 86_400_000
const table = builtInRuntimes()
const lifecycle = (runtime: string | null, at = now) => lifecycleOf(runtime, table, at)

describe('case 30', () => {
  test('a container image has no runtime, and gets no notice', () => {
    expect(lifecycle(null)).toMatchObject({status: 'container', deprecated: null, note: 'container: no notice'})
  })

  test('a runtime that the table does not have is unknown, with the day of the table, and nothing is guessed', () => {
    expect(lifecycle('nodejs28.x')).toEqual({
      status: 'unknown',
      deprecated: null,
      createBlocked: null,
      updateBlocked: null,
      daysLeft: null,
      note: `unknown (not in table as of ${table.asOf})`,
    })
  })

  test('a table of 120 days ago is said to be old; one of 90 is not', () => {
    const read = Date.parse(table.asOf)
    expect(staleTableNotice(table, read + 90 * day)).toBeNull()
    expect(staleTableNotice(table, read + 120 * day)).toBe(
      `the table of runtimes is 120 days old (as of ${table.asOf}): AWS may have moved the days since; a newer slsops, or --runtime-table FILE, brings others`,
    )
    expect(staleTableNotice({...table, origin: 'mine.json'}, read + 120 * day)).toContain('mine.json')
  })
})

describe('a runtime', () => {
  test.each([
    ['nodejs24.x', 'supported', 527],
    ['nodejs22.x', 'ending', 161],
    ['java17', 'supported', 222],
    ['dotnet8', 'deprecated', -10],
    ['nodejs20.x', 'deprecated', -204],
    ['nodejs12.x', 'update-blocked', -1330],
    ['nodejs26.x', 'preview', null],
  ] as const)('%s is %s on 2026-11-20', (runtime, status, daysLeft) => {
    expect(lifecycle(runtime)).toMatchObject({status, daysLeft})
  })

  test('is deprecated on its day, and warned of from 180 days before', () => {
    const end = Date.UTC(2027, 3, 30)
    const statusAt = (at: number) => lifecycle('nodejs22.x', at).status
    expect(statusAt(end - 181 * day)).toBe('supported')
    expect(statusAt(end - 180 * day)).toBe('ending')
    expect(statusAt(end - 1)).toBe('ending')
    expect(statusAt(end)).toBe('deprecated')
    expect(statusAt(Date.UTC(2027, 6, 1))).toBe('update-blocked')
  })

  test('of which AWS’s readings disagree has the earlier days, and says so', () => {
    expect(lifecycle('nodejs20.x')).toMatchObject({
      createBlocked: '2027-02-01',
      updateBlocked: '2027-03-03',
      note: expect.stringContaining('2027-08-31'),
    })
  })
})

test('the built-in table has every family, and its days are in order', () => {
  const names = [...table.runtimes.keys()]
  for (const name of 'nodejs16.x python3.8 python3.10 python3.11 python3.13 python3.14 java8 java8.al2 java11 java11.al2023 java21 java25 dotnetcore3.1 dotnet6 dotnet9 dotnet10 ruby2.5 ruby2.7 ruby3.2 ruby3.3 ruby3.4 ruby4.0 go1.x provided provided.al2 provided.al2023 python3.15'.split(
    ' ',
  ))
    expect(names).toContain(name)
  for (const {deprecated, createBlocked, updateBlocked} of table.runtimes.values())
    if (createBlocked !== null && updateBlocked !== null)
      expect([deprecated, createBlocked, updateBlocked].toSorted()).toEqual([deprecated, createBlocked, updateBlocked])
})

describe('a table of one’s own', () => {
  const fileWith = (text: string): string => {
    const file = join(mkdtempSync(join(tmpdir(), 'slsops-')), 'runtimes.json')
    writeFileSync(file, text)
    return file
  }

  test('takes the place of the built-in one', async () => {
    const file = fileWith(
      '\ufeff{"asOf": "2026-11-01", "runtimes": {"nodejs28.x": {"deprecated": "2030-04-30", "createBlocked": null}}}',
    )
    const own = await readRuntimeTable(file)
    expect(own).toMatchObject({asOf: '2026-11-01', origin: file})
    expect(lifecycleOf('nodejs28.x', own, now)).toMatchObject({status: 'supported', updateBlocked: null})
    expect(lifecycleOf('nodejs22.x', own, now).status).toBe('unknown')
  })

  test.each([
    ['[]', 'it must be an object'],
    ['{"runtimes": {}}', 'asOf must be the day it was read'],
    ['{"asOf": "2026-13-01", "runtimes": {"a": {}}}', 'asOf must be the day it was read'],
    ['{"asOf": "2026-11-01"}', 'runtimes must be an object'],
    ['{"asOf": "2026-11-01", "runtimes": {}}', 'runtimes must be of one runtime at least'],
    ['{"asOf": "2026-11-01", "runtimes": {"a": null}}', 'runtimes["a"] must be an object'],
    [
      '{"asOf": "2026-11-01", "runtimes": {"a": {"deprecated": "2027-02-30"}}}',
      'deprecated of runtimes["a"] must be a day',
    ],
    ['{"asOf": "2026-11-01", "runtimes": {"a": {"eol": "2027-02-28"}}}', '"eol" of runtimes["a"] must be left out'],
    ['{"asOf": "2026-11-01", "runtimes": {"a": {"preview": 1}}}', 'preview of runtimes["a"] must be true or false'],
  ])('is refused with where it is wrong: %s', (text, message) => {
    expect(() => runtimeTableFrom(JSON.parse(text), 'mine.json')).toThrow(message)
  })

  test('that is no JSON or is not there is wrong usage, with what it looks like', async () => {
    await expect(readRuntimeTable(fileWith('{'))).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('asOf'),
    })
    await expect(readRuntimeTable('/nowhere/runtimes.json')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('there is no such file'),
    })
  })
})
