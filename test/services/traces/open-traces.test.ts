import {describe, expect, test} from 'vitest'
import type {Aws} from '../../../src/services/aws/connect.ts'
import {type OpenTracesOptions, openTraces} from '../../../src/services/traces/open-traces.ts'
import {type Answer, aSummary, failure, fakeXray, idOf, now} from './fake-summaries.ts'

const hour = 3_600_000

const opened = (all: readonly Aws[], options: Partial<OpenTracesOptions> = {}, signal = new AbortController().signal) =>
  openTraces(
    all,
    {},
    {
      start: now - hour,
      end: now,
      now,
      errors: false,
      slowMs: null,
      filter: null,
      limit: 100,
      by: null,
      ...options,
    },
    signal,
  )

/** So many traces in pages of two, a second apart, newest first, as X-Ray has them in a window. */
function inPages(
  traces: number,
  processed = 10,
): (input: {StartTime?: Date | undefined; EndTime?: Date | undefined; NextToken?: string | undefined}) => Answer {
  return ({StartTime, EndTime, NextToken}) => {
    const [from = 0, to = 0] = [StartTime?.getTime(), EndTime?.getTime()]
    const all = Array.from({length: traces}, (_, i) => i + 1).filter(
      i => now - i * 1_000 >= from && now - i * 1_000 < to,
    )
    const at = Number(NextToken ?? 0)
    const page = all.slice(at, at + 2)
    const last = page.at(-1)
    return {
      TraceSummaries: page.map(i => aSummary(i)),
      TracesProcessedCount: processed,
      ApproximateTime: new Date(last === undefined ? from : now - last * 1_000),
      ...(at + 2 < all.length && {NextToken: String(at + 2)}),
    }
  }
}

describe('listing', () => {
  test('case 12: a range of 13 h is asked for in three parts, newest first; empty pages with a token are not the end', async () => {
    const answers: Answer[] = [
      ...[1, 2, 3].map(page => ({
        TraceSummaries: [],
        TracesProcessedCount: 100,
        ApproximateTime: new Date(now - page * hour),
        NextToken: `page ${page}`,
      })),
      {TraceSummaries: [aSummary(4 * 3_600)], TracesProcessedCount: 60, ApproximateTime: new Date(now - 6 * hour)},
      {TraceSummaries: [], TracesProcessedCount: 100, ApproximateTime: new Date(now - 12 * hour)},
      {TraceSummaries: [], TracesProcessedCount: 5, ApproximateTime: new Date(now - 13 * hour)},
    ]
    const shares: number[] = []
    let shareNow = (): number => 0
    const {aws, asked} = fakeXray((_, call) => {
      shares.push(shareNow())
      return answers[call - 1] ?? {}
    })
    const traces = await opened([aws], {start: now - 13 * hour})
    shareNow = () => traces.progress.share
    const report = await traces.read(null)

    expect(report.traces.map(({id}) => id)).toEqual([idOf(4 * 3_600)])
    expect([report.scanned, report.matched, report.hasMore]).toEqual([465, 1, false])
    const windows = asked.map(({StartTime, EndTime}) => [Number(EndTime) - now, Number(EndTime) - Number(StartTime)])
    expect(windows.slice(0, 4).every(([end]) => end === 0)).toBe(true)
    expect(new Set(windows.map(([end]) => end)).size).toBe(3)
    expect(windows.every(([, length = 0]) => length <= 6 * hour)).toBe(true)
    expect(windows.map(([end = 0]) => end)).toEqual(windows.map(([end = 0]) => end).sort((a, b) => b - a))
    expect(asked.map(({NextToken}) => NextToken)).toEqual([
      undefined,
      'page 1',
      'page 2',
      'page 3',
      undefined,
      undefined,
    ])
    // progress goes by how far back each page reaches
    expect(shares.map(share => Math.round(share * 13))).toEqual([0, 1, 2, 3, 6, 12])
    expect(traces.progress.share).toBe(1)
  })

  test('case 12: it stops when the newest are known, and says that there are more', async () => {
    const {aws, asked} = fakeXray(inPages(20))
    const traces = await opened([aws], {limit: 3})
    const report = await traces.read(null)
    expect(report.traces.map(({id}) => id)).toEqual([1, 2, 3].map(idOf))
    expect(asked.length).toBe(2)
    expect([report.hasMore, report.scanned]).toEqual([true, 20])
    expect(report.notes.join()).toContain('these are the newest 3: --limit shows more')
    expect(report.coverage.gaps).toEqual([])
    expect(traces.verdicts()).toEqual([])
  })

  test('a trace that two pages tell of is one: the later of its summaries', async () => {
    const answers = [
      {
        TraceSummaries: [aSummary(1, {Duration: 1, IsPartial: true, Revision: 3})],
        TracesProcessedCount: 1,
        NextToken: 'x',
      },
      {TraceSummaries: [aSummary(1, {Duration: 2, Revision: 5}), aSummary(2)], TracesProcessedCount: 2, NextToken: 'y'},
      {TraceSummaries: [aSummary(1, {Duration: 1.5, Revision: 4})], TracesProcessedCount: 1},
    ]
    const {aws} = fakeXray((_, call) => answers[call - 1] ?? {})
    const {traces} = await (await opened([aws])).read(null)
    expect(traces.map(({id, durationMs, partial}) => [id, durationMs, partial])).toEqual([
      [idOf(1), 2_000, false],
      [idOf(2), 250, false],
    ])
  })

  test.each([
    ['each page’s own', [500, 500, 500, 500, 500, 500, 500], 3_500],
    ['each page’s own, as they come', [1, 2, 3, 2, 9], 17],
    ['those since the first page', [10, 20, 30, 40, 50, 60, 70], 70],
  ])('counts of scanned traces are taken for %s', async (_, counts, total) => {
    const {aws} = fakeXray((_, call) => ({
      TraceSummaries: [],
      TracesProcessedCount: counts[call - 1],
      ...(call < counts.length && {NextToken: `page ${call}`}),
    }))
    expect((await (await opened([aws])).read(null)).scanned).toBe(total)
  })

  test('several regions are one list, newest first; a trace that both tell of is one', async () => {
    const [west, east] = [
      fakeXray(() => ({TraceSummaries: [aSummary(1), aSummary(3)], TracesProcessedCount: 2})),
      fakeXray(() => ({TraceSummaries: [aSummary(2), aSummary(3)], TracesProcessedCount: 2}), {region: 'us-east-1'}),
    ]
    const {traces} = await (await opened([west.aws, east.aws])).read(null)
    expect(traces.map(({id, region}) => [id, region])).toEqual([
      [idOf(1), 'eu-west-1'],
      [idOf(2), 'us-east-1'],
      [idOf(3), 'eu-west-1'],
    ])
  })

  test('the account is asked for once for each profile, where no trace tells it', async () => {
    const told = aSummary(1)
    const silent = aSummary(2, {ServiceIds: [], EntryPoint: {Name: 'a'}})
    const {aws} = fakeXray(() => ({TraceSummaries: [told, silent]}), {account: null})
    const report = await (await opened([aws])).read(null)
    expect(report.traces.map(({account}) => account)).toEqual(['123456789012', '123456789012'])
    expect(report.coverage.scopes).toMatchObject([{account: '123456789012'}])
  })

  test('of several profiles, whose traces are told apart by their accounts, each is asked for once too', async () => {
    const asked: string[] = []
    const seenBy = (profile: string, account: string): Aws => {
      const {aws} = fakeXray(() => ({TraceSummaries: []}), {account: null})
      const send = async () => {
        asked.push(profile)
        return {Account: account}
      }
      return {...aws, scope: {...aws.scope, profile}, sts: async () => ({send})} as unknown as Aws
    }
    const all = [seenBy('one', '111111111111'), seenBy('two', '222222222222')]
    const {coverage} = await (await opened(all)).read(null)
    expect(coverage.scopes.map(({account}) => account)).toEqual(['111111111111', '222222222222'])
    expect(asked).toEqual(['one', 'two'])
  })

  test('case 13: a trace that is partial says so', async () => {
    const {aws} = fakeXray(() => ({TraceSummaries: [aSummary(1, {IsPartial: true, ResponseTime: undefined})]}))
    const {traces} = await (await opened([aws])).read(null)
    expect(traces).toMatchObject([{partial: true, responseTimeMs: null, durationMs: 250}])
  })

  test('an empty answer says what there was to find', async () => {
    const none = fakeXray(() => ({TraceSummaries: [], TracesProcessedCount: 0}))
    expect((await (await opened([none.aws], {errors: true})).read(null)).notes.join()).toContain(
      'X-Ray has no traces of this window',
    )
    const others = fakeXray(() => ({TraceSummaries: [], TracesProcessedCount: 12}))
    const {notes} = await (await opened([others.aws], {errors: true})).read(null)
    expect(notes.join()).toContain('there are traces in this window, and none of them matches')
    expect(others.asked[0]?.FilterExpression).toBe('service(){fault OR error OR throttle}')
  })

  test('of a filter that nothing matches, a service that was not seen is named, with what is called like it', async () => {
    const nothing = () => ({TraceSummaries: [], TracesProcessedCount: 12})
    const Services = ['checkout-api', 'payments.example'].map((Name, ReferenceId) => ({Name, ReferenceId, Edges: []}))
    const {aws} = fakeXray(nothing, {others: {GetServiceGraphCommand: () => ({Services})}})
    const notesOf = async (region: Aws, filter: string) => (await (await opened([region], {filter})).read(null)).notes
    expect(await notesOf(aws, 'service("chekout-api"){fault} OR edge("checkout-api", "quux")')).toEqual(
      expect.arrayContaining([
        'no service of this window is called chekout-api; nearest: checkout-api',
        'no service of this window is called quux',
      ]),
    )
    expect((await notesOf(aws, 'service("checkout-api") AND !http.status = 500')).join()).not.toContain('is called')
    // who may not ask is told nothing of it
    expect((await notesOf(fakeXray(nothing).aws, 'service("chekout-api")')).join()).not.toContain('is called')
  })

  test('what is longer ago than X-Ray keeps traces is not asked for', async () => {
    const {aws, asked} = fakeXray(() => ({}))
    const old = await (await opened([aws], {start: now - 90 * 24 * hour, end: now - 60 * 24 * hour})).read(null)
    expect([asked.length, old.traces.length, old.coverage.gaps]).toEqual([0, 0, []])
    // to look further back would find no more
    expect(old.notes).toEqual(['X-Ray keeps traces for 30 days: those of before are gone'])
    const none = await (await opened([aws], {start: now - 90 * 24 * hour})).read(null)
    expect(none.notes.join()).toMatch(/X-Ray has no traces of this window.*requests come(?!; a longer)/)
  })

  test('Transaction Search is told of, with the share of spans that is indexed', async () => {
    const others = {
      GetTraceSegmentDestinationCommand: () => ({Destination: 'CloudWatchLogs', Status: 'ACTIVE'}),
      GetIndexingRulesCommand: () => ({
        IndexingRules: [
          {Name: 'Default', Rule: {Probabilistic: {DesiredSamplingPercentage: 2, ActualSamplingPercentage: 5}}},
        ],
      }),
    }
    const {aws} = fakeXray(() => ({TraceSummaries: [aSummary(1)]}), {others})
    const {notes} = await (await opened([aws])).read(null)
    expect(notes.join()).toContain(
      'Transaction Search is on in eu-west-1: only traces of spans that are indexed are listed, 5 % of them',
    )
    // how Lambda samples is of no matter there
    expect(notes.join()).not.toContain('Lambda records')
    const elsewhere = fakeXray(() => ({TraceSummaries: [aSummary(1)]}), {region: 'us-east-1'}).aws
    expect((await (await opened([aws, elsewhere])).read(null)).notes.join()).toContain('Lambda records')
  })
})

describe('cost', () => {
  test('of a wide window is estimated from its first pages, which are not read again', async () => {
    const answers = inPages(400, 1_000)
    const {aws, asked} = fakeXray(answers)
    const traces = await opened([aws], {start: now - 24 * hour, by: 'cause', limit: 10_000})
    expect(asked.length).toBe(1)
    // 1,000 in two seconds, and a day of them
    expect(traces.estimate).toEqual({traces: 43_200_000, costUSD: 21.6})
    const report = await traces.read(null)
    expect(report.traces.length).toBe(400)
    expect(new Set(asked.map(({NextToken, EndTime}) => `${NextToken} ${EndTime}`)).size).toBe(asked.length)
  })

  test('of so many as are wanted is no more than finding them takes; of a narrow window nothing is asked', async () => {
    const {aws} = fakeXray(inPages(400, 1_000))
    expect((await opened([aws], {start: now - 24 * hour, limit: 100})).estimate).toEqual({
      traces: 50_000,
      costUSD: 0.025,
    })
    // a page is looked at to its end
    expect((await opened([aws], {start: now - 24 * hour, limit: 101})).estimate?.traces).toBe(51_000)
    const narrow = fakeXray(inPages(400))
    expect((await opened([narrow.aws])).estimate).toBe(null)
    expect(narrow.asked.length).toBe(0)
  })

  test('of a wide window is known before it is spent, however many pages are empty before the first trace', async () => {
    const {aws} = fakeXray((_, call) =>
      call < 30
        ? {TraceSummaries: [], NextToken: String(call), ApproximateTime: new Date(now - call * 1_000)}
        : {
            TraceSummaries: [aSummary(30)],
            NextToken: 'more',
            TracesProcessedCount: 1_000_000,
            ApproximateTime: new Date(now - 30_000),
          },
    )
    expect((await opened([aws], {start: now - 24 * hour, by: 'cause', limit: 10_000})).estimate?.costUSD).toBe(1_440)
  })

  test('a scan that is at its end costs no more, whatever it has cost', async () => {
    const {aws} = fakeXray(() => ({TraceSummaries: [aSummary(1)], TracesProcessedCount: 9_000_000}))
    const traces = await opened([aws])
    expect((await traces.read(1.2)).coverage.gaps).toEqual([])
    expect(traces.receipt(now, new AbortController().signal)?.sources).toMatchObject({total: 1, complete: 1})
  })

  test('a scan ends when it has cost more than it may, and says where', async () => {
    const {aws, asked} = fakeXray(inPages(400, 1_000_000))
    const traces = await opened([aws], {limit: 1_000})
    const report = await traces.read(1.2)
    expect(asked.length).toBe(3)
    expect(report.costUSD).toBe(1.5)
    expect(report.coverage.gaps).toEqual([
      {
        what: `traces before ${new Date(now - 6_000).toISOString()}`,
        account: '123456789012',
        region: 'eu-west-1',
        reason: 'interrupted',
        detail: 'stopped: it cost more than $1.2, a higher --max-cost allows more',
      },
    ])
    expect(traces.verdicts()).toEqual([3])
  })
})

describe('what fails', () => {
  const denied = failure('AccessDeniedException', 'User: x is not authorized to perform: xray:GetTraceSummaries')

  test('case 32: a region that is denied is a gap beside the others', async () => {
    const west = fakeXray(() => ({TraceSummaries: [aSummary(1)]}))
    const east = fakeXray(
      () => {
        throw denied
      },
      {region: 'us-east-1'},
    )
    const traces = await opened([west.aws, east.aws])
    const report = await traces.read(null)
    expect(report.traces.length).toBe(1)
    expect(report.coverage.gaps).toMatchObject([
      {what: 'everything in us-east-1', reason: 'denied', region: 'us-east-1'},
    ])
    expect(traces.verdicts()).toEqual([3])
    expect(traces.receipt(now, new AbortController().signal)).toMatchObject({
      complete: false,
      sources: {total: 2, complete: 1},
    })
  })

  test('case 32: where it is the only one, it ends with the permission that is missing', async () => {
    const {aws} = fakeXray(() => {
      throw denied
    })
    const traces = await opened([aws])
    await expect(traces.read(null)).rejects.toMatchObject({
      exitCode: 4,
      hint: expect.stringContaining('xray:GetTraceSummaries'),
    })
    expect(traces.receipt(now, new AbortController().signal)).toBe(null)
  })

  test('case 32: credentials that expire on the way leave what was found, and a gap for the rest', async () => {
    const pages = inPages(20)
    const {aws} = fakeXray((input, call) => {
      if (call > 2) throw failure('ExpiredTokenException', 'The security token included in the request is expired')
      return pages(input)
    })
    const traces = await opened([aws])
    const report = await traces.read(null)
    expect(report.traces.map(({id}) => id)).toEqual([1, 2, 3, 4].map(idOf))
    expect(report.coverage.gaps).toMatchObject([
      {
        what: `traces before ${new Date(now - 4_000).toISOString()}`,
        reason: 'denied',
        detail: expect.stringContaining('expired'),
      },
    ])
    expect(traces.verdicts()).toEqual([3])
  })

  test('a filter that X-Ray refuses is told in its words, whatever other regions say', async () => {
    const west = fakeXray(inPages(20))
    const east = fakeXray(() => {
      throw failure('InvalidRequestException', 'Invalid FilterExpression: line 1\nmore')
    })
    const traces = await opened([west.aws, east.aws], {filter: 'user = "x"'})
    await expect(traces.read(null)).rejects.toMatchObject({
      exitCode: 2,
      message: 'X-Ray refuses the filter: Invalid FilterExpression: line 1',
    })
  })

  test('on abort, what was found so far is the answer, and the rest a gap', async () => {
    const stop = new AbortController()
    const pages = inPages(20)
    const {aws} = fakeXray((input, call) => {
      if (call === 3) {
        stop.abort(new Error('stopped'))
        throw Object.assign(new Error('aborted'), {name: 'AbortError'})
      }
      return pages(input)
    })
    const traces = await opened([aws], {}, stop.signal)
    const report = await traces.read(null)
    expect(report.traces.length).toBe(4)
    expect(report.coverage.gaps).toMatchObject([
      {reason: 'interrupted', what: expect.stringContaining('traces before')},
    ])
    expect(traces.receipt(now, stop.signal)).toMatchObject({complete: false, shown: 4})
  })

  test('a server that answers empty pages for ever is left', async () => {
    const {aws, asked} = fakeXray(() => ({TraceSummaries: [], NextToken: 'again'}))
    await expect((await opened([aws])).read(null)).resolves.toMatchObject({
      coverage: {gaps: [{reason: 'failed', detail: expect.stringContaining('goes on answering empty pages')}]},
    })
    expect(asked.length).toBe(100)
  })
})
