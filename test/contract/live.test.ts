import {setTimeout as sleep} from 'node:timers/promises'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {jsonLines, type Running, start} from '../process/run-slsops.ts'
import {type AwsServer, ministackServer, motoServer} from './servers.ts'
import {environmentOf, messagesIn, receiptIn, type WrittenLogs, writtenLogs} from './written-logs.ts'

type Outcome = {
  readonly code: number | null
  /** what was written while it was followed */
  readonly written: readonly string[]
  readonly shown: readonly string[]
  readonly stdout: string
  /** of Live Tail */
  readonly notices: readonly string[]
  readonly receipt: unknown
}

/**
 * Follows log groups by Live Tail while they are written to, single lines and now and then the same line twice in a
 * millisecond, until something has happened; then until the last line was shown.
 */
async function follow(
  server: AwsServer,
  logs: WrittenLogs,
  logGroups: readonly string[],
  until: (following: Running) => Promise<unknown>,
): Promise<Outcome> {
  for (const logGroup of logGroups) await logs.create(logGroup, 's')
  const flags = ['--since', '1m', '--follow', '--engine', 'live', '--json']
  const following = start(['logs', ...logGroups, ...flags], environmentOf(server.url))
  await following.seen('slsops/notice@1')
  let isOver = false
  const happened = until(following).finally(() => {
    isOver = true
  })
  const written: string[] = []
  const put = async (logGroup: string, ...messages: readonly string[]): Promise<void> => {
    const now = Date.now()
    await logs.put(
      logGroup,
      's',
      messages.map(message => [now, message]),
    )
    written.push(...messages)
  }
  for (let i = 0; !isOver; i++) {
    for (const logGroup of logGroups)
      await put(
        logGroup,
        ...(i % 5 === 4 ? [`twin ${i} of ${logGroup}`, `twin ${i} of ${logGroup}`] : [`${i} of ${logGroup}`]),
      )
    await sleep(100)
  }
  await happened
  for (const logGroup of logGroups) await put(logGroup, `last of ${logGroup}`)
  for (const logGroup of logGroups) await following.seen(`last of ${logGroup}`)
  following.child.kill('SIGINT')
  const {code, stdout, stderr} = await following.ended
  const notices = jsonLines(stderr).map(({message}) => String(message))
  return {
    code,
    written,
    shown: messagesIn(stdout),
    stdout,
    notices: notices.filter(notice => /^⚠|FilterLogEvents reads/.test(notice)),
    receipt: receiptIn(stderr),
  }
}

function expectExactly({code, written, shown, stdout, receipt}: Outcome): void {
  expect(shown.toSorted()).toEqual(written.toSorted())
  const inTime = jsonLines(stdout).filter(({late}) => late === false)
  const times = inTime.map(({timestamp}) => String(timestamp))
  expect(times).toEqual(times.toSorted())
  expect(code).toBe(130)
  expect(receipt).toMatchObject({schema: 'slsops/receipt@1', complete: true, events: written.length})
}

describe.runIf(ministackServer.ready)('Live Tail of ministack, which sends what comes in', () => {
  let server: AwsServer
  let logs: WrittenLogs
  beforeAll(async () => {
    server = await ministackServer.start()
    logs = writtenLogs(server.url)
  })
  afterAll(async () => {
    logs?.close()
    await server?.stop()
  })

  test('brings every event once, also after sweeps have ended', async () => {
    // sweeps end ten seconds after the session has begun
    const outcome = await follow(server, logs, ['/live/one', '/live/two', '/live/three'], () => sleep(13_000))
    expectExactly(outcome)
    expect(outcome.notices).toEqual([])
    expect(outcome.receipt).toMatchObject({live: {sessions: 1, reconnects: 0, repairs: 0}})
    // only frames tell no event id
    const byFrames = jsonLines(outcome.stdout).filter(({eventId}) => eventId === null)
    expect(byFrames.length).toBeGreaterThan(outcome.written.length / 2)
  })
})

describe.runIf(motoServer.ready)('Live Tail of moto, which is none', () => {
  let server: AwsServer
  let logs: WrittenLogs
  beforeAll(async () => {
    server = await motoServer.start()
    logs = writtenLogs(server.url)
  })
  afterAll(async () => {
    logs?.close()
    await server?.stop()
  })

  // older versions know no Live Tail, newer ones open the session of another log group, or end it at once
  test.each([
    ['one log group', ['/live/one']],
    ['several', ['/live/two', '/live/three']],
  ])('of %s gives way to sweeps: it is said once, and every event comes once', async (_, logGroups) => {
    const words = 'FilterLogEvents reads'
    const outcome = await follow(server, logs, logGroups, following => following.seen(words))
    expectExactly(outcome)
    expect(outcome.notices).toEqual([expect.stringContaining(words)])
  })
})
