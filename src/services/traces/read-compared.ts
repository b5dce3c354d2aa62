import type {Aws} from '../aws/connect.ts'
import {distinctGaps} from '../receipt.ts'
import type {SelectionWords} from '../targets/parse-target.ts'
import {diffTraces, type TraceDiff} from './diff-traces.ts'
import {type ReadTraceOptions, readTrace} from './read-trace.ts'
import type {TraceRef} from './trace-ref.ts'
import type {TraceReport} from './trace-report.ts'

/**
 * Reads a trace and the one that it is compared with, at the same time. What could not be read of either, and what is to know
 * of either, is in the report.
 * @param other what is compared with; null for nothing
 * @throws as readTrace does for either
 */
export async function readCompared(
  all: readonly Aws[],
  words: SelectionWords,
  options: ReadTraceOptions,
  other: TraceRef | null,
  signal: AbortSignal,
): Promise<{readonly report: TraceReport; readonly diff: TraceDiff | null}> {
  if (other === null) return {report: await readTrace(all, words, options, signal), diff: null}
  const [report, before] = await Promise.all([
    readTrace(all, words, options, signal),
    readTrace(all, words, {...options, ref: other, isAlone: true}, signal),
  ])
  const notesOf = ({notes, trace}: TraceReport): readonly string[] => notes.map(note => `${trace.id}: ${note}`)
  return {
    report: {
      ...report,
      coverage: {...report.coverage, gaps: distinctGaps([...before.coverage.gaps, ...report.coverage.gaps])},
      notes: [...notesOf(before), ...notesOf(report)],
    },
    diff: diffTraces(before.trace, report.trace),
  }
}
