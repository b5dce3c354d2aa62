import type {FleetFunction} from '../fleet-function.ts'
import type {JudgedWindow} from './judge.ts'
import {measuredSince} from './measure-usage.ts'
import type {FunctionVerdict} from './unused-report.ts'

type Noted = {
  /** as they were asked for: of one function several versions may be */
  readonly asked: readonly FleetFunction[]
  readonly judged: readonly FunctionVerdict[]
  readonly looksAtAll: boolean
  /** regions without prices of their own */
  readonly unlisted: readonly string[]
  readonly unpriced: readonly string[]
  readonly window: JudgedWindow
}

const dayMs = 86_400_000

/** What else to know of the verdicts, a sentence each. */
export function unusedNotes({asked, judged, looksAtAll, unlisted, unpriced, window}: Noted): readonly string[] {
  const idle = judged.filter(({verdict}) => verdict === 'unused' || verdict === 'dormant')
  return [
    ...(asked.some(({version}) => version !== null)
      ? ['a verdict is on the whole function: all its versions and aliases']
      : []),
    ...(window.start < measuredSince(window)
      ? ['CloudWatch keeps metrics for 455 days: what was called before then, only a log may tell']
      : []),
    ...(window.end - window.start < 14 * dayMs && idle.length > 0
      ? ['what runs once a month looks unused in so short a window: --since 30d or more tells better']
      : []),
    ...(looksAtAll || judged.length === 0
      ? []
      : ['versions and provisioned concurrency are looked at of idle functions only: there are too many functions']),
    ...(unpriced.length === 0 ? [] : [`no prices in USD are known for ${unpriced.join(', ')}`]),
    ...(unlisted.length === 0 ? [] : [`prices for ${unlisted.join(', ')} are those of us-east-1`]),
  ]
}
