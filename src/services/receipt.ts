/** Why something that was asked for is not in the answer. */
export type GapReason =
  | 'denied'
  | 'missing'
  | 'throttled'
  | 'unsupported-class'
  /** a setting keeps it out of what can be read */
  | 'hidden'
  | 'sampled'
  | 'interrupted'
  | 'failed'

export type Gap = {
  /** what is not covered, by AWS's name: a log group, as a rule */
  readonly what: string
  readonly account: string | null
  readonly region: string
  readonly reason: GapReason
  /** what AWS said, or how much is missing, where that helps */
  readonly detail?: string
  /** its name, where it is of one function */
  readonly function?: string
}

/** Each gap once, however often it was met. */
export function distinctGaps(gaps: readonly Gap[]): readonly Gap[] {
  const byKey = new Map<string, Gap>()
  for (const gap of gaps) {
    const key = [gap.what, gap.account, gap.region, gap.reason].join('\n')
    if (!byKey.has(key)) byKey.set(key, gap)
  }
  return [...byKey.values()]
}

/** What a read over many sources covered, what it did not, and what it took. */
export type Receipt = {
  /** false when anything asked for is not in the answer: then `gaps` says what */
  readonly complete: boolean
  /** epoch milliseconds; a null end was followed until the reader stopped */
  readonly window: {readonly start: number; readonly end: number | null}
  readonly sources: {readonly total: number; readonly complete: number; readonly empty: number}
  readonly events: number
  /** how many events, or invocations, match what was asked for */
  readonly shown: number
  readonly pages: number
  /** pages without an event, of `pages` */
  readonly emptyPages: number
  readonly calls: number
  /** calls that AWS refused as too many; each was made again */
  readonly throttles: number
  /** events shown after later ones had been */
  readonly lateEvents: number
  readonly gaps: readonly Gap[]
  /** what else to know of the answer, a sentence each */
  readonly notes: readonly string[]
  readonly durationMs: number
  /** what Live Tail was used for, where it was: sessions, those in place of one that broke off, holes that were read again */
  readonly live?: {readonly sessions: number; readonly reconnects: number; readonly repairs: number}
  /** what Logs Insights was used for, where it was; dollars by list price */
  readonly insights?: {
    readonly queries: number
    readonly bytesScanned: number
    readonly recordsScanned: number
    readonly costUSD: number
  }
  /** what X-Ray looked at and found, where traces were listed; dollars by list price */
  readonly traces?: {
    readonly scanned: number
    readonly matched: number
    readonly costUSD: number
    /** epoch ms: the start of the oldest that is listed, where there are more before it; else null */
    readonly since: number | null
  }
}
