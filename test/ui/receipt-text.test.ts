import {describe, expect, it} from 'vitest'
import type {Gap} from '../../src/services/receipt.ts'
import {gapsAndNotes, readingHeader, receiptText} from '../../src/ui/receipt-text.ts'
import {source, terminal} from './events.ts'
import {aReceipt} from './receipts.ts'

const here = source('a').scope
const there = source('a', {region: 'us-east-1', profile: 'prod'}).scope

describe('the header', () => {
  const plan = {
    window: 'last 5 min · 14:02:11–14:07:11 +02:00',
    scopes: [here],
    logGroups: 31,
    callsPerSecond: 10,
    firstEventsAfterMs: 3_400,
    paid: null,
  }

  it('says what is going to be read', () => {
    expect(readingHeader(plan, terminal(120))).toBe(
      'last 5 min · 14:02:11–14:07:11 +02:00 · eu-west-1 · 31 log groups · up to 10 reads/s\n',
    )
  })
  it('loses facts at the right where the terminal is narrow', () => {
    expect(readingHeader(plan, terminal(80))).toBe(
      'last 5 min · 14:02:11–14:07:11 +02:00 · eu-west-1 · 31 log groups\n',
    )
    expect(readingHeader(plan, terminal(40))).toBe('last 5 min · 14:02:11–14:07:11 +02:00\n')
    expect(readingHeader(plan, terminal(40, {isTTY: false}))).toHaveLength(85)
  })
  it('says how long a wide read is silent, where that is worth saying', () => {
    const wide = readingHeader({...plan, logGroups: 300, callsPerSecond: 5, firstEventsAfterMs: 60_300}, terminal(120))
    expect(wide).toContain('300 log groups · up to 5 reads/s · first events in about 1 min')
    expect(readingHeader(plan, terminal(120))).not.toContain('first events')
  })
  it('says what costs money', () => {
    const paid = {...plan, paid: 'Live Tail, $2.40 an hour', callsPerSecond: null}
    expect(readingHeader(paid, terminal(120))).toContain('31 log groups · Live Tail, $2.40 an hour')
  })
  it('has a plain twin', () => {
    expect(readingHeader(plan, terminal(60, {unicode: false}))).toBe(
      'last 5 min - 14:02:11-14:07:11 +02:00 - eu-west-1\n',
    )
  })
  it('counts accounts and regions that are several', () => {
    expect(readingHeader({...plan, scopes: [here, there], callsPerSecond: null, logGroups: 1}, terminal(120))).toBe(
      'last 5 min · 14:02:11–14:07:11 +02:00 · eu-west-1, us-east-1 · 2 accounts · 1 log group\n',
    )
  })
})

describe('the receipt', () => {
  it('is one line when all is well', () => {
    expect(receiptText(aReceipt(), [here], terminal(80))).toBe(
      '31 groups complete · 18,204 events · 44 pages, 0 throttled · 2.1 s\n',
    )
  })

  it('breaks between facts where the terminal is narrow', () => {
    expect(receiptText(aReceipt(), [here], terminal(40))).toMatchInlineSnapshot(`
      "31 groups complete · 18,204 events
        44 pages, 0 throttled · 2.1 s
      "
    `)
  })

  it('names every gap with its reason, then what to do', () => {
    const gaps: Gap[] = [
      {
        what: '/aws/lambda/billing',
        account: here.account,
        region: here.region,
        reason: 'denied',
        detail: 'needs logs:FilterLogEvents',
      },
      {
        what: '/aws/lambda/archive',
        account: here.account,
        region: here.region,
        reason: 'unsupported-class',
        detail: 'Infrequent Access',
      },
    ]
    const receipt = aReceipt({
      complete: false,
      gaps,
      sources: {total: 31, complete: 29, empty: 4},
      emptyPages: 3,
      throttles: 2,
      lateEvents: 1,
      notes: ['the window ended less than a minute ago: events may still arrive'],
    })
    expect(receiptText(receipt, [here], terminal(100))).toMatchInlineSnapshot(`
      "29 of 31 groups complete, 4 empty · 18,204 events · 44 pages (3 empty), 2 throttled · 1 late · 2.1 s
      ✗ /aws/lambda/billing denied: needs logs:FilterLogEvents
        ask for the permission on these log groups, or try another --profile
      ✗ /aws/lambda/archive not read: Infrequent Access
        leave it out with '!name', or move the function to a Standard log group
      the window ended less than a minute ago: events may still arrive
      "
    `)
  })

  it('names the scope of a gap where several are read, and makes hostile names visible', () => {
    const gaps: Gap[] = [
      {
        what: '/aws/\x1b[2Jx',
        account: there.account,
        region: there.region,
        reason: 'failed',
        detail: 'InternalError: \u202eno',
      },
    ]
    expect(receiptText(aReceipt({complete: false, gaps}), [here, there], terminal(200))).toMatchInlineSnapshot(`
      "31 groups complete · 18,204 events · 44 pages, 0 throttled · 2.1 s
      ✗ prod/us-east-1 /aws/^[[2Jx failed: InternalError: <U+202E>no
        run it again; --debug shows more of what AWS answered
      "
    `)
  })

  it('does not fill the screen with gaps of one kind', () => {
    const gaps = Array.from(
      {length: 300},
      (_, i): Gap => ({what: `/aws/lambda/f${i}`, account: null, region: 'eu-west-1', reason: 'throttled'}),
    )
    expect(receiptText(aReceipt({complete: false, gaps}), [here], terminal(80))).toMatchInlineSnapshot(`
      "31 groups complete · 18,204 events · 44 pages, 0 throttled · 2.1 s
      ✗ /aws/lambda/f0 throttled
      ✗ /aws/lambda/f1 throttled
      ✗ /aws/lambda/f2 throttled
      ✗ /aws/lambda/f3 throttled
      ✗ /aws/lambda/f4 throttled
        and 295 more throttled; --json names them all
        others use the same quota: try again, with fewer log groups or a smaller
        window
      "
    `)
  })

  it('shows by colour what deserves a look', () => {
    const receipt = aReceipt({complete: false, sources: {total: 31, complete: 30, empty: 0}})
    expect(JSON.stringify(receiptText(receipt, [here], terminal(80, {color: true})))).toMatchInlineSnapshot(
      `""\\u001b[33m30 of 31 groups complete\\u001b[39m\\u001b[2m · \\u001b[22m\\u001b[2m18,204 events\\u001b[22m\\u001b[2m · \\u001b[22m\\u001b[2m44 pages, 0 throttled\\u001b[22m\\u001b[2m · \\u001b[22m\\u001b[2m2.1 s\\u001b[22m\\n""`,
    )
  })
})

describe('what was paid for', () => {
  it('is in the receipt: queries, what they scanned, and dollars', () => {
    const insights = {queries: 3, bytesScanned: 18_200_000_000, recordsScanned: 1_204_000, costUSD: 0.091}
    expect(receiptText(aReceipt({insights}), [here], terminal(160))).toContain(
      '0 throttled · 3 queries, 18.2 GB scanned, $0.091 ·',
    )
    const little = {queries: 1, bytesScanned: 840, recordsScanned: 4, costUSD: 4.2e-9}
    expect(receiptText(aReceipt({insights: little}), [here], terminal(160))).toContain(
      '1 query, 840 B scanned, under $0.0001',
    )
    const nothing = {queries: 1, bytesScanned: 0, recordsScanned: 0, costUSD: 0}
    const text = receiptText(aReceipt({insights: nothing}), [here], terminal(160))
    expect(text).toContain('1 query, nothing scanned ·')
    expect(text).not.toContain('$')
  })
  it('counts Live Tail sessions, and holes that were read again', () => {
    const live = {sessions: 4, reconnects: 1, repairs: 2}
    expect(receiptText(aReceipt({live}), [here], terminal(160))).toContain(
      '4 Live Tail sessions, 1 reconnect, 2 holes read again',
    )
  })
})

it('tells how to see what a setting hides, of a function by a command to paste', () => {
  const hidden = {what: 'memory used of labels', account: null, region: 'eu-west-1', reason: 'hidden'} as const
  const shown = (gaps: readonly Gap[]) => gapsAndNotes(aReceipt({gaps}), [here], terminal(400), 'regions')
  expect(shown([{...hidden, function: 'labels'}])).toContain(
    'set its SystemLogLevel to INFO to see it: aws lambda update-function-configuration --function-name labels --region eu-west-1 --logging-config LogFormat=JSON,SystemLogLevel=INFO\n',
  )
  expect(shown([{...hidden, function: "x'; rm"}])).toContain("--function-name 'x?? rm'")
  expect(shown([hidden])).toContain('set its SystemLogLevel to INFO to see it\n')
})
