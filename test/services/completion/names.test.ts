import {mkdirSync, mkdtempSync, readdirSync, statSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {
  claimRefresh,
  forgetOldNames,
  isStale,
  readNames,
  writeNames,
} from '../../../src/services/completion/name-cache.ts'
import {type Names, namesText, noNames, parseNames} from '../../../src/services/completion/names.ts'
import {profileNames} from '../../../src/services/completion/profiles.ts'

const names: Names = {
  functions: ['checkout-api', '__proto__'],
  qualifiers: [['checkout-api', ['live', '42', '$LATEST']]],
  logGroups: ['/aws/lambda/checkout-api', '/a.b-c_d#e'],
  stacks: ['shop'],
  tagKeys: ['env', 'cost centre', 'größe', 'a;$(b)'],
}
const minuteMs = 60_000
const place = (): string => join(mkdtempSync(join(tmpdir(), 'slsops-names-')), 'below', 'names.json')

describe('names from anywhere', () => {
  test('come back as they were kept', () => {
    expect(parseNames(namesText(names))).toEqual(names)
  })

  test('are dropped where AWS cannot have given them, or a terminal would obey them', () => {
    const hostile = ['x y', 'a\nb', '$(touch x)', '`x`', "a'b", 'a;b', '', '\u001b[2J', 'a\u0000', 'é', 7, null, {}]
    const text = JSON.stringify({
      version: 1,
      functions: [...hostile, 'good'],
      qualifiers: [['good', [...hostile, 'live']], ['b d', ['live']], 'x', null, []],
      logGroups: [...hostile, '/good'],
      stacks: [...hostile, 'good'],
      tagKeys: ['\u001b]0;x\u0007', 'a\nb', 'a=b', '\u202egood', 'x'.repeat(129), '', 9, 'good key'],
    })
    expect(parseNames(text)).toEqual({
      functions: ['good'],
      qualifiers: [['good', ['live']]],
      logGroups: ['/good'],
      stacks: ['good'],
      tagKeys: ['good key'],
    })
  })

  test.each(['', '{', 'null', '[]', '7', '{"version":2}', '{}'])(
    'of a text that is none of ours, %j, are none',
    text => {
      expect(parseNames(text)).toBe(null)
    },
  )

  test('that are missing are none', () => {
    expect(parseNames('{"version":1,"functions":"x"}')).toEqual(noNames)
  })
})

describe('names kept on disk', () => {
  test('are read as they were written, with the time, for nobody else', () => {
    const path = place()
    writeNames(path, names)
    const kept = readNames(path)
    expect(kept.names).toEqual(names)
    expect(kept.listedAt).toBe(statSync(path).mtimeMs)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(path, '..'))).toEqual(['names.json'])
  })

  test('are none where there is no file, a folder, or something else in it', () => {
    const path = place()
    expect(readNames(path)).toEqual({names: noNames, listedAt: null})
    mkdirSync(path, {recursive: true})
    expect(readNames(path)).toEqual({names: noNames, listedAt: null})
    writeFileSync(`${path}.text`, '{"version":1,"functions":["a"')
    expect(readNames(`${path}.text`)).toEqual({names: noNames, listedAt: null})
  })

  test('are listed anew after ten minutes, and where the clock was set back', () => {
    expect([0, 9, 11, -9, -11].map(minutes => isStale({names, listedAt: 0}, minutes * minuteMs))).toEqual([
      false,
      false,
      true,
      false,
      true,
    ])
    expect(isStale({names: noNames, listedAt: null}, 0)).toBe(true)
  })

  test('are listed anew by one of many who ask, and by none again for a minute', () => {
    const path = place()
    const now = Date.now()
    expect(Array.from({length: 10}, () => claimRefresh(path, now)).filter(Boolean)).toHaveLength(1)
    expect(claimRefresh(path, now + 59_000)).toBe(false)
    expect(claimRefresh(path, now + 61_000)).toBe(true)
  })

  test('are left alone where nothing can be kept', () => {
    const path = place()
    mkdirSync(join(path, '..', '..'), {recursive: true})
    writeFileSync(join(path, '..'), 'a file where the folder should be')
    expect(claimRefresh(path, Date.now())).toBe(false)
  })

  test('are forgotten a week after nobody asked for them any more', () => {
    const path = place()
    writeNames(path, names)
    const [old, young] = [`${path}.old`, `${path}.young`]
    for (const [each, days] of [
      [old, 8],
      [young, 6],
    ] as const) {
      writeFileSync(each, '')
      const seconds = statSync(path).mtimeMs / 1000 - days * 86_400
      utimesSync(each, seconds, seconds)
    }
    forgetOldNames(path)
    expect(readdirSync(join(path, '..'))).toEqual(['names.json', 'names.json.young'])
    forgetOldNames(join(path, 'nowhere'))
  })
})

test('profiles are those of both files, without what else has sections there', () => {
  const config = '[default]\nregion=x\n[profile prod]\n [profile "two words"] # c\n[sso-session s]\n[services t]\n'
  expect(profileNames([config, '[default]\n[ci]\n[bad\u001b]\n'])).toEqual(['default', 'prod', 'two words', 'ci'])
  expect(profileNames(['', ''])).toEqual([])
})
