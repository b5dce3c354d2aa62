import {existsSync, mkdtempSync, readFileSync, statSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {jsonLines, run} from './run-slsops.ts'

const sandbox = {SLSOPS_SANDBOX: '1', SLSOPS_SANDBOX_CLOCK: '2026-11-20T14:07:11Z'}
const fileIn = (name: string): string => join(mkdtempSync(join(tmpdir(), 'slsops-out-')), name)

describe('several regions', () => {
  test('come as one stream in order, each event with its region', async () => {
    const {code, stdout} = await run(
      ['logs', 'inventory', '--region', 'eu-west-1,eu-central-1', '--since', '5m', '--json', '--allow-partial'],
      sandbox,
    )
    const events = jsonLines(stdout)
    expect(code).toBe(0)
    expect(new Set(events.map(({region}) => region))).toEqual(new Set(['eu-west-1', 'eu-central-1']))
    const times = events.map(({timestamp}) => String(timestamp))
    expect(times).toEqual(times.toSorted())
  })

  test('all are every region that is enabled', async () => {
    const {code, stderr} = await run(['logs', 'us-tax', '--region', 'all', '--since', '5m', '--json'], sandbox)
    const receipt = jsonLines(stderr).find(({schema}) => schema === 'slsops/receipt@1')
    expect(code).toBe(0)
    expect(receipt?.['scope']).toHaveLength(17)
    expect(receipt?.['sources']).toMatchObject({total: 1})
  })

  test('several profiles are refused where there is one account', async () => {
    const {code, stderr} = await run(['logs', '--profile', 'a,b'], sandbox)
    expect(code).toBe(2)
    expect(stderr).toContain('the embedded AWS is one account')
  })

  test('all among others is a usage error', async () => {
    expect((await run(['logs', '--region', 'all,eu-west-1'], sandbox)).code).toBe(2)
  })
})

/** A recording is replayed on another day than it was made on, and its times then have their date. */
const undated = (text: string): string => text.replace(/^\d{4}-\d\d-\d\d /gm, '').replace(/^ +/gm, ' ')

describe('a recording', () => {
  const read = ['logs', 'checkout-api', '--since', '2m', '--utc']

  test('replays as what was shown, without any AWS', async () => {
    const file = fileIn('incident.ndjson')
    const shown = await run([...read, '--out', file], sandbox)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const again = await run(['logs', '--replay', file, '--utc'])
    expect(again.code).toBe(0)
    expect(undated(again.stdout)).toBe(undated(shown.stdout))
    expect(again.stderr).not.toContain('sandbox')
    const failed = await run(['logs', '--replay', file, '--failed', '--json'])
    expect(jsonLines(failed.stdout).every(({outcome}) => outcome !== 'ok')).toBe(true)
    expect(failed.stdout).not.toBe('')
  })

  test('holds what --json prints, and takes every filter', async () => {
    const file = fileIn('all.ndjson')
    const {stdout} = await run([...read, '--json', '--out', file], sandbox)
    expect(readFileSync(file, 'utf8').startsWith(stdout)).toBe(true)
    const some = await run(['logs', '--replay', file, '--filter', 'PaymentTimeout', '--json'])
    const messages = jsonLines(some.stdout).map(({message}) => String(message))
    expect(messages.length).toBeGreaterThan(0)
    expect(messages.every(message => message.includes('PaymentTimeout'))).toBe(true)
  })

  test.each([
    [['--out', 'x.txt'], 'logs are written as NDJSON'],
    [['--replay', 'nosuch.ndjson', '--follow'], '--follow'],
    [['--replay', 'nosuch.ndjson', '--stack', 'x'], '--stack'],
  ])('%j is a usage error', async (flags, words) => {
    const {code, stderr} = await run(['logs', ...flags], sandbox)
    expect(code).toBe(2)
    expect(stderr).toContain(words)
  })

  test('that cannot be written is an error before anything is read', async () => {
    const {code, stdout, stderr} = await run([...read, '--out', '/nosuch/x.ndjson'], sandbox)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('could not write /nosuch/x.ndjson: there is no such folder\n')
    expect(existsSync('/nosuch')).toBe(false)
  })
})
