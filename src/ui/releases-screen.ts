import type {Receipt} from '../services/receipt.ts'
import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {OpenedReleases, ReleasesReport} from '../services/traffic/releases/releases.ts'
import {fleetReceiptText} from './fleet-receipt.ts'
import {counted} from './numbers.ts'
import type {ReadingState} from './reading.tsx'
import {dimHeader, windowAndRegions} from './reading-header.ts'
import {releasesCsv, releasesMarkdown} from './releases-file.ts'
import {releasesJson, releasesNdjson} from './releases-json.ts'
import {releasesText} from './releases-text.ts'
import {sweepingState} from './scan-plan-text.ts'
import type {Terminal} from './terminal.ts'

export type ReleasesFormat = 'json' | 'ndjson' | 'csv' | 'md'

export type ReleasesScreenOptions = {
  readonly opened: OpenedReleases
  readonly json: boolean
  /** null: as many as one looks at on a terminal, all elsewhere */
  readonly limit: number | null
  /** epoch ms */
  readonly now: number
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  readonly windowText: string
}

/** How releases are shown: the answer, and what goes to stderr around it. */
export type ReleasesScreen = {
  header(terminal: Terminal): string
  answer(report: ReleasesReport, terminal: Terminal): Iterable<string>
  /** the report as it is kept in a file */
  kept(report: ReleasesReport, format: ReleasesFormat): string | Iterable<string>
  /** '' for no receipt */
  receipt(receipt: Receipt | null, terminal: Terminal): string
  reading(now: number, throttles: number): ReadingState
}

const keptAs: Readonly<
  Record<ReleasesFormat, (report: ReleasesReport, limit: number | null) => string | Iterable<string>>
> = {
  json: releasesJson,
  ndjson: releasesNdjson,
  csv: releasesCsv,
  md: releasesMarkdown,
}

const shownByDefault = 30

export function releasesScreen({opened, json, limit, now, clock, windowText}: ReleasesScreenOptions): ReleasesScreen {
  const {scopes} = opened
  return {
    header: terminal =>
      dimHeader(
        [
          ...windowAndRegions(windowText, scopes, terminal),
          // that there are none is said already
          ...(opened.functions === 0 ? [] : [counted(opened.functions, 'function')]),
        ],
        terminal,
      ),
    answer: (report, terminal) =>
      json
        ? releasesJson(report, limit)
        : releasesText(report, {terminal, scopes, clock, now, limit: limit ?? shownByDefault}),
    kept: (report, format) => keptAs[format](report, limit),
    receipt: (receipt, terminal) => fleetReceiptText(receipt, {scopes, json, terminal}),
    reading(at, throttles) {
      const {doing, done, total, since} = opened.progress
      const what = doing === 'listing' ? 'functions asked for their aliases' : 'functions with aliases read'
      return sweepingState(what, {done, total}, {elapsedMs: at - since, throttles})
    },
  }
}
