import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {bootSandbox, type Sandbox} from '../../../src/sandbox/boot.ts'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {openQuery} from '../../../src/services/insights/open-query.ts'
import {type InsightsWindow, readByInsights} from '../../../src/services/insights/read-insights.ts'
import {readClosedWindow} from '../../../src/services/logs/closed-window.ts'
import type {SourcedEvent} from '../../../src/services/logs/log-event.ts'
import {createTally, gapByClass} from '../../../src/services/logs/tally.ts'
import {resolveLogSources} from '../../../src/services/targets/resolve-log-sources.ts'
import {connectedTo} from '../connected.ts'

const now = Date.UTC(2026, 10, 20, 14)
const minute = 60_000
const never = new AbortController().signal

/** The same, through the SDK's clients and HTTP, against the embedded AWS. */
describe('Logs Insights through an endpoint', () => {
  let sandbox: Sandbox
  let aws: Aws

  beforeAll(async () => {
    sandbox = await bootSandbox({directory: null, now: () => now})
    aws = await connectedTo(sandbox)
  })

  afterAll(async () => {
    aws.close()
    await sandbox.close()
  })

  const told = (events: readonly SourcedEvent[]) =>
    events.map(({timestamp, ingestionTime, source, logStream, message}) =>
      [timestamp, ingestionTime, source.logGroup, logStream, message].join(' '),
    )
  // events of one stream and millisecond have no order without their ids
  const inOrder = (lines: readonly string[]): readonly string[] => lines.toSorted()

  test.each([
    ['everything', {}],
    ['a filter pattern', {filterPattern: 'reserved -KIWI'}],
    ['a JSON filter pattern, evaluated here', {filterPattern: '{ $.level = "INFO" }'}],
  ] satisfies [string, Partial<InsightsWindow>][])('reads what FilterLogEvents reads: %s', async (_, differing) => {
    const {sources} = await resolveLogSources(aws, {targets: [], logGroups: [], stack: null, tags: []})
    const readable = sources.filter(source => gapByClass(source) === null)
    const window = {start: now - 20 * minute + 345, end: now - 10 * minute + 678, ...differing}
    const tally = createTally(readable.length)
    const [byInsights, byFilter] = await Promise.all([
      Array.fromAsync(readByInsights(readable, window, tally, never)),
      Array.fromAsync(readClosedWindow(readable, window, createTally(readable.length), never)),
    ])
    const events = told(byInsights.flat())
    expect(events.length).toBeGreaterThan(4)
    expect(inOrder(events)).toEqual(inOrder(told(byFilter.flat())))
    expect(byInsights.flat().map(({timestamp}) => timestamp)).toEqual(byFilter.flat().map(({timestamp}) => timestamp))
    expect(tally).toMatchObject({gaps: [], complete: readable.length})
    expect(tally.insights?.bytesScanned).toBeGreaterThan(0)
  })

  test('reads an Infrequent Access group, which FilterLogEvents cannot', async () => {
    const {sources} = await resolveLogSources(aws, {targets: [], logGroups: [], stack: null, tags: []})
    const infrequent = sources.filter(({logGroupClass}) => logGroupClass === 'INFREQUENT_ACCESS')
    const tally = createTally(infrequent.length)
    const day = {start: now - 24 * 60 * minute, end: now - minute}
    expect((await Array.fromAsync(readByInsights(infrequent, day, tally, never))).flat().length).toBeGreaterThan(0)
    expect(tally.gaps).toEqual([])
  })

  test('queries only the streams of what was asked for', async () => {
    const query = 'parse @logStream /\\[(?<version>[^\\]]+)\\]/ | stats count(*) as n by version'
    const options = {
      query,
      start: now - 60 * minute,
      end: now - minute,
      now,
      limit: null,
      maxCostUSD: null,
      onNotice: () => {},
    }
    const opened = await openQuery([aws], {targets: ['checkout-api:live']}, options, never)
    const all = await openQuery([aws], {targets: ['checkout-api']}, options, never)
    const [{rows}, {rows: allRows}] = await Promise.all([opened.run(), all.run()])
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.length).toBeLessThan(allRows.length)
    expect(allRows).toEqual(expect.arrayContaining([...rows]))
  })
})
