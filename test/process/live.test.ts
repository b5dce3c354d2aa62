import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {jsonLines, run, start} from './run-slsops.ts'

const targets = ['checkout-api', 'billing-worker', 'inventory']
/** sweeps end ten seconds after a session has begun; from then on there are frames alone */
const framesForMs = 2_000
/** events are held back for two seconds at least, so what came in within one was known when its neighbours were shown */
const knownWithinMs = 1_000

type Line = Readonly<Record<string, unknown>>

/** What both frames and sweeps tell of an event: frames tell no event id. */
const identityOf = ({timestamp, ingestionTime, logGroup, logStream, message}: Line): string =>
  [timestamp, ingestionTime, logGroup, logStream, message].join(' ')

/** What is in the one and not in the other, counting how often. */
function missingIn(some: readonly string[], all: readonly string[]): string[] {
  const left = Map.groupBy(all, one => one)
  return some.filter(one => !left.get(one)?.pop())
}

test('T19 Live Tail shows what a closed read of the same time shows, on a clean stdout, and Ctrl-C ends it at once', async () => {
  // one company with one past, although the processes are two
  const sandbox = {SLSOPS_SANDBOX: '1', XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'slsops-state-'))}
  const following = start(['logs', ...targets, '--follow', '--engine', 'live', '--since', '20s', '--json'], sandbox)
  await following.seen('slsops/log@1')
  // what a frame brings has no event id: nothing else tells that sweeps have ended, however busy the machine is
  await following.seen('"eventId":null')
  await sleep(framesForMs)
  const stoppedAt = performance.now()
  following.child.kill('SIGINT')
  const {code, stdout, stderr} = await following.ended
  const tookMs = performance.now() - stoppedAt
  const shown = jsonLines(stdout)
  const said = jsonLines(stderr)
  const receipt = said.at(-1) as {window: {start: string}; live?: {sessions: number}} & Line

  expect(code).toBe(130)
  expect(tookMs).toBeLessThan(1_000)
  expect(stdout.endsWith('}\n')).toBe(true)
  expect(new Set(shown.map(({schema}) => schema))).toEqual(new Set(['slsops/log@1']))
  expect(new Set(said.slice(0, -1).map(({schema}) => schema))).toEqual(new Set(['slsops/notice@1']))
  expect(receipt).toMatchObject({schema: 'slsops/receipt@1', complete: true, events: shown.length})
  expect(receipt.live?.sessions).toBeGreaterThanOrEqual(1)
  expect(shown.some(({eventId}) => eventId === null)).toBe(true)

  const last =
    shown
      .map(({timestamp}) => String(timestamp))
      .toSorted()
      .at(-1) ?? ''
  const closed = await run(['logs', ...targets, '--since', receipt.window.start, '--until', last, '--json'], sandbox)
  const known = new Date(Date.parse(last) + knownWithinMs).toISOString()
  const due = jsonLines(closed.stdout).filter(
    ({timestamp, ingestionTime}) => String(timestamp) < last && String(ingestionTime) <= known,
  )
  expect(due.length).toBeGreaterThan(10)
  expect(missingIn(due.map(identityOf), shown.map(identityOf))).toEqual([])
  expect(missingIn(shown.map(identityOf), jsonLines(closed.stdout).map(identityOf))).toEqual([])
})
