import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {type Fault, serveAws} from '../../../src/sandbox/server.ts'
import {openState} from '../../../src/sandbox/state.ts'
import {createWorld} from '../../../src/sandbox/world/create-world.ts'
import {type Aws, connect} from '../../../src/services/aws/connect.ts'
import {type ListingProgress, readFleet} from '../../../src/services/fleet/fleet.ts'
import {openFleetCache} from '../../../src/services/fleet/fleet-cache.ts'
import {parseSelection} from '../../../src/services/targets/parse-target.ts'
import {createFakeClock, type FakeClock} from '../logs/reader/fake-clock.ts'

const start = Date.UTC(2026, 10, 20, 14)
const pages = 200
const callsPerSecond = 15
const floorMs = (pages / callsPerSecond) * 1_000

/** The embedded AWS with so many pages of functions and its quotas kept, on a clock of its own; each call takes 40 ms. */
async function anAccount(faults: readonly Fault[] = []) {
  const clock = createFakeClock(start)
  const state = await openState({directory: null, now: clock.now, seed: 1})
  const world = createWorld({seed: 1, now: clock.now, company: 'larder', scale: pages * 50, state})
  let listed = 0
  const counted = {
    ...world,
    functions() {
      listed++
      return world.functions()
    },
  }
  const server = await serveAws({world: counted, quotas: true, clock: clock.now, faults})
  const aws = await connect({
    profile: null,
    region: world.region,
    sandboxUrl: server.url,
    publishedQuotas: true,
    userAgent: 'slsops/test',
    clock,
    random: () => 0.5,
  })
  const directory = mkdtempSync(join(tmpdir(), 'slsops-'))
  onTestFinished(async () => {
    aws.close()
    await server.close()
    rmSync(directory, {recursive: true, force: true})
  })
  const run = async (
    signal = new AbortController().signal,
    onProgress: (progress: ListingProgress) => void = () => {},
  ) => {
    const {cache} = await openFleetCache({directory, now: clock.now, fresh: false})
    const before = {listed, at: clock.now(), throttles: aws.budget.total().throttles}
    const fleet = await clock.outcome(readFleet([onClock(aws, clock)], parseSelection({}), {cache, onProgress}, signal))
    await cache.flush()
    const {throttles} = aws.budget.total()
    return {fleet, calls: listed - before.listed, ms: clock.now() - before.at, throttles: throttles - before.throttles}
  }
  return {run}
}

/** Time stands still while a call is really under way, and passes by its latency. */
function onClock(aws: Aws, clock: FakeClock): Aws {
  return {
    ...aws,
    // as an account's: nothing is kept of the embedded AWS
    scope: {...aws.scope, endpoint: 'custom'},
    foreignOrigins: ['http://aws.test'],
    budget: {
      ...aws.budget,
      read: (api, call, options) =>
        aws.budget.read(
          api,
          async signal => {
            await clock.sleep(40, signal)
            const done = clock.begin()
            return call(signal).finally(done)
          },
          options,
        ),
    },
  }
}

test('case 29: a fleet is listed at the pace of the quota, without being refused', async () => {
  const {run} = await anAccount()
  const {fleet, calls, ms, throttles} = await run()
  expect(fleet.functions).toHaveLength(pages * 50)
  expect({calls, throttles}).toEqual({calls: pages, throttles: 0})
  expect(ms / floorMs).toBeLessThan(1.02)
})

test('case 29: and not much slower where others use the quota too', async () => {
  const {run} = await anAccount([
    {kind: 'throttle', operation: 'ListFunctions', after: 60, times: 2},
    {kind: 'throttle', operation: 'ListFunctions', after: 140, times: 1},
  ])
  const {fleet, calls, ms, throttles} = await run()
  expect(fleet.functions).toHaveLength(pages * 50)
  expect({calls, throttles}).toEqual({calls: pages, throttles: 3})
  expect(ms / floorMs).toBeLessThan(1.2)
})

test('case 29: stopped half way it has half of them, and the next run reads the other half', async () => {
  const {run} = await anAccount()
  const stop = new AbortController()
  const half = await run(stop.signal, ({pages: read}) => {
    if (read === pages / 2) stop.abort(new Error('interrupted'))
  })
  expect(half.fleet.gaps).toMatchObject([{reason: 'interrupted'}])
  expect(half.fleet.functions).toHaveLength((pages / 2) * 50)
  const rest = await run()
  expect(rest.fleet.functions).toHaveLength(pages * 50)
  expect(new Set(rest.fleet.functions.map(({name}) => name)).size).toBe(pages * 50)
  expect(rest.fleet.notices).toMatchObject([expect.stringMatching(/^goes on with a listing/)])
  expect(half.calls + rest.calls).toBeLessThanOrEqual(pages * 1.05)
})
