import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {openState} from '../src/sandbox/state.ts'
import {sandboxClock} from '../src/sandbox-clock.ts'
import {clockFrom} from '../src/services/clock.ts'

const noon = Date.parse('2026-11-20T12:00:00Z')

/** A machine whose time passes when a test says so, and that writes down how long it was to wait. */
function machine() {
  const waits: number[] = []
  let time = noon
  const clock = clockFrom(
    () => time,
    async (ms, signal) => {
      signal?.throwIfAborted()
      waits.push(ms)
    },
  )
  return {clock, waits, pass: (ms: number) => (time += ms)}
}

async function changedAt(at: number, firstUsedAt = noon): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'slsops-clock-'))
  onTestFinished(() => rm(home, {recursive: true}))
  const state = await openState({directory: join(home, 'slsops/sandbox'), now: () => firstUsedAt, seed: 20_260})
  state.record({kind: 'retention-put', at, logGroup: '/aws/lambda/a', days: 7})
  return home
}

test('time runs as fast as the machine’s where no speed is said', async () => {
  const {clock, waits, pass} = machine()
  const sandbox = await sandboxClock({}, clock)
  pass(1500)
  await sandbox.sleep(300)
  expect(sandbox.now()).toBe(noon + 1500)
  expect(waits).toEqual([300])
})

test('at sixty times the speed a minute passes in a second, for those who look and for those who wait', async () => {
  const {clock, waits, pass} = machine()
  const sandbox = await sandboxClock({SLSOPS_SANDBOX_SPEED: '60'}, clock)
  expect(sandbox.now()).toBe(noon)
  pass(1000)
  expect(sandbox.now()).toBe(noon + 60_000)
  await sandbox.sleep(60_000)
  expect(waits).toEqual([1000])
  await expect(sandbox.sleep(60_000, AbortSignal.abort())).rejects.toThrow()
})

test('it begins at the clock that is given', async () => {
  const {clock, pass} = machine()
  const sandbox = await sandboxClock({SLSOPS_SANDBOX_SPEED: '10', SLSOPS_SANDBOX_CLOCK: '2026-03-01T00:00:00Z'}, clock)
  pass(1000)
  expect(new Date(sandbox.now()).toISOString()).toBe('2026-03-01T00:00:10.000Z')
})

test('it never begins before what was changed last, also where that is ahead of the machine', async () => {
  const home = await changedAt(noon + 600_000)
  const {clock, pass} = machine()
  const sandbox = await sandboxClock({XDG_STATE_HOME: home, SLSOPS_SANDBOX_SPEED: '60'}, clock)
  expect(sandbox.now()).toBe(noon + 603_000)
  pass(1000)
  expect(sandbox.now()).toBe(noon + 663_000)
  expect((await sandboxClock({XDG_STATE_HOME: home}, clock)).now()).toBe(noon + 603_000)
  pass(3_600_000)
  expect((await sandboxClock({XDG_STATE_HOME: home}, clock)).now()).toBe(noon + 3_601_000)
})

test('a state of another time, which is started anew, does not set it', async () => {
  const day = 86_400_000
  const home = await changedAt(noon + day, noon + day)
  expect((await sandboxClock({XDG_STATE_HOME: home}, machine().clock)).now()).toBe(noon)
})

test.each(['0', '3601', '-1', '1.5', 'fast', '1e3', ' 60'])('%j is no speed', async SLSOPS_SANDBOX_SPEED => {
  await expect(sandboxClock({SLSOPS_SANDBOX_SPEED}, machine().clock)).rejects.toMatchObject({
    message: expect.stringContaining('SLSOPS_SANDBOX_SPEED'),
    exitCode: 2,
  })
})
