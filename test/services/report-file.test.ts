import {mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {mayWriteReport, writeReport} from '../../src/services/report-file.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'slsops-report-'))

test('a report replaces what was there, whole, and only its owner may read it', async () => {
  const path = join(folder(), 'errors.md')
  writeFileSync(path, 'of yesterday', {mode: 0o644})
  await mayWriteReport(path)
  await writeReport(path, 'of today')
  expect(readFileSync(path, 'utf8')).toBe('of today')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(path, '..'))).toEqual(['errors.md'])
})

test('what is no plain file is written to, and not replaced', async () => {
  const [kept, link] = ['kept.md', 'link.md'].map(name => join(folder(), name)) as [string, string]
  writeFileSync(kept, '')
  symlinkSync(kept, link)
  await mayWriteReport(link)
  await writeReport(link, 'a report')
  expect(readFileSync(kept, 'utf8')).toBe('a report')
})

test('that it cannot be written is said before anything is read', async () => {
  const path = join(folder(), 'none', 'errors.md')
  await expect(mayWriteReport(path)).rejects.toMatchObject({
    name: 'UserError',
    code: 'ENOENT',
    message: `could not write ${path}: there is no such folder`,
  })
})

test('a report that is made as it is written is there whole, or not at all', async () => {
  const path = join(folder(), 'fleet.ndjson')
  const line = `${'x'.repeat(999)}\n`
  function* lines(end: () => void): Generator<string> {
    for (let i = 0; i < 1_000; i++) yield line
    end()
  }
  await writeReport(
    path,
    lines(() => {}),
  )
  expect(readFileSync(path, 'utf8')).toBe(line.repeat(1_000))
  const broken = lines(() => {
    throw new Error('no more')
  })
  await expect(writeReport(path, broken)).rejects.toThrow()
  expect(readFileSync(path, 'utf8')).toHaveLength(1_000_000)
  expect(readdirSync(join(path, '..'))).toEqual(['fleet.ndjson'])
})
