import type {TuneReport} from '../services/tuning/tune-report.ts'
import {csvPieces} from './csv-pieces.ts'
import {isoClock} from './iso-clock.ts'
import {placeOf} from './tune-words.ts'

const columns =
  'runId function account region functionArn index at memorySizeMB architecture requestId payload outcome errorType durationMs billedMs initMs restoreMs maxMemoryUsedMB isCold measuredBy'.split(
    ' ',
  )

/** RFC 4180, with a heading; a sample a row. */
export function* tuneCsv(reports: readonly TuneReport[]): Generator<string> {
  yield* csvPieces([columns])
  for (const report of reports) yield* csvPieces(sampleRows(report))
}

function* sampleRows({plan, samples}: TuneReport) {
  const iso = isoClock()
  const {account, region} = placeOf(plan)
  for (const sample of samples) {
    const {outcome, errorType, durationMs, billedMs, initMs, restoreMs, maxMemoryUsedMB} = sample
    yield [
      ...[plan.runId, plan.source.name, account, region, plan.source.arn],
      ...[sample.index, iso(sample.at), sample.memorySizeMB, sample.architecture, sample.requestId, sample.payload],
      ...[outcome, errorType, durationMs, billedMs, initMs, restoreMs, maxMemoryUsedMB],
      ...[String(sample.isCold), sample.measuredBy],
    ]
  }
}
