import {describe, expect, test} from 'vitest'
import {UserError} from '../../src/errors.ts'
import {errorOptionsFrom} from '../../src/flags/errors.ts'
import {logOptionsFrom} from '../../src/flags/logs.ts'

const ofErrors = async (level: string): Promise<string> =>
  (await errorOptionsFrom({level, watch: false, 'since-deploy': false})).level
const ofLogs = async (level: string): Promise<string | null> =>
  (
    await logOptionsFrom({
      level,
      json: false,
      raw: false,
      follow: false,
      failed: false,
      context: 0,
      'by-request': false,
      engine: 'auto',
      explain: false,
      yes: false,
    })
  ).view.level

describe('--level', () => {
  test.each([
    ['warn', 'WARN'],
    ['warning', 'WARN'],
    ['Warning ', 'WARN'],
    ['ERROR', 'ERROR'],
    ['fatal', 'FATAL'],
    ['critical', 'FATAL'],
  ])('%s means the same in logs and in errors', async (word, level) => {
    expect([await ofLogs(word), await ofErrors(word)]).toEqual([level, level])
  })

  test('what is no level is refused with those that there are', async () => {
    await expect(ofErrors('loud')).rejects.toMatchObject({exitCode: 2, hint: 'one of warn, error, fatal'})
    await expect(ofErrors('info')).rejects.toBeInstanceOf(UserError)
    await expect(ofLogs('loud')).rejects.toMatchObject({hint: 'one of trace, debug, info, warn, error, fatal'})
    expect(await ofLogs('info')).toBe('INFO')
  })
})
