import {mkdtempSync, readdirSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {type Ended, jsonLines, run, start} from './run-slsops.ts'

const answersOf = ({stderr}: Ended): number => {
  const {calls, throttles} = jsonLines(stderr).at(-1) as {calls: number; throttles: number}
  return calls - throttles
}
const endOf = ({stdout}: Ended): number => {
  const {window} = JSON.parse(stdout) as {window: {end: string}}
  return Date.parse(window.end)
}

const keptIn = (directory: string): string =>
  readdirSync(directory)
    .map(name => readFileSync(join(directory, name), 'utf8'))
    .join('\n')

test('a scan that was killed is gone on with in its window, by what it had read; --fresh and the end of it begin anew', async () => {
  const serving = start(['sandbox', 'serve', '--port', '0', '--quotas', '--json'])
  await serving.seen('slsops/sandbox@1')
  const [{environment}] = jsonLines(serving.stdout()) as [{environment: Record<string, string>}]
  const cache = mkdtempSync(join(tmpdir(), 'slsops-cache-'))
  const own = {...environment, XDG_CACHE_HOME: cache}
  const unused = ['unused', 'orders-*', 'img-*', 'legacy-*', '--json', '--allow-partial']

  const killed = start(unused, own)
  // listed and measured, and asking each
  await killed.seen('functions')
  await expect
    .poll(() => keptIn(join(cache, 'slsops', 'fleet')), {interval: 10, timeout: 10_000})
    .toContain(' urls of ')
  killed.child.kill('SIGKILL')
  await killed.ended
  const killedAt = Date.now()

  const resumed = await run(unused, own)
  expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining('goes on with the scan that began at')])
  expect(endOf(resumed)).toBeLessThan(killedAt)

  const next = await run(unused, own)
  expect(next.stderr).not.toContain('goes on with')
  expect(endOf(next)).toBeGreaterThan(killedAt)

  const fresh = await run([...unused, '--fresh'], own)
  serving.child.kill('SIGINT')
  expect(answersOf(resumed)).toBeLessThan(answersOf(fresh))
  await serving.ended
})
