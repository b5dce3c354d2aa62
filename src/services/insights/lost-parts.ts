import type {LogSource} from '../logs/source.ts'
import {addGap, type Tally} from '../logs/tally.ts'
import type {Gap} from '../receipt.ts'
import type {Span} from './split.ts'

/** Parts of a window that could not be read of groups that otherwise were: one gap a group, which tells all of them. */
export type LostParts = {
  add(source: LogSource, span: Span, why: string): void
  has(source: LogSource): boolean
}

type Lost = {readonly start: number; readonly end: number; readonly parts: number; readonly gap: Gap}

export function lostParts(tally: Tally): LostParts {
  const lost = new Map<LogSource, Lost>()
  return {
    add(source, span, why) {
      const before = lost.get(source)
      const start = Math.min(span.start, before?.start ?? span.start)
      const end = Math.max(span.end, before?.end ?? span.end)
      const parts = (before?.parts ?? 0) + 1
      const {account, region} = source.scope
      const what = parts === 1 ? '' : `${parts} parts of `
      const detail = `${what}${new Date(start).toISOString()} to ${new Date(end).toISOString()}: ${why}`
      const gap: Gap = {what: source.logGroup, account, region, reason: 'failed', detail}
      if (before) tally.gaps = tally.gaps.filter(known => known !== before.gap)
      lost.set(source, {start, end, parts, gap})
      addGap(tally, gap)
    },
    has: source => lost.has(source),
  }
}
