import type {Receipt} from '../../src/services/receipt.ts'
import {start} from './events.ts'

/** A complete read of five minutes, as far as `more` does not say otherwise. */
export function aReceipt(more: Partial<Receipt> = {}): Receipt {
  return {
    complete: true,
    window: {start, end: start + 300_000},
    sources: {total: 31, complete: 31, empty: 0},
    shown: 18_204,
    events: 18_204,
    pages: 44,
    emptyPages: 0,
    calls: 46,
    throttles: 0,
    lateEvents: 0,
    gaps: [],
    notes: [],
    durationMs: 2_140,
    ...more,
  }
}
