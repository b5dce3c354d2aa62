import type {Sample} from '../sample.ts'
import type {SizeRecord} from './size-record.ts'

/** Takes a failed invocation in: its size may be out, and smaller ones with it. */
export function fail(record: SizeRecord, sample: Sample, all: readonly SizeRecord[]): void {
  record.failures++
  // less memory would not help: it runs out of it, or is slower still
  const rulesOutSmaller = sample.outcome === 'oom' || sample.outcome === 'timeout'
  const hasWorked = record.warm.length + record.cold.length > 0
  // one that worked may fail once for another reason than its size
  if (!rulesOutSmaller && hasWorked && record.failures < 2) return
  record.infeasible ??= failureText(sample)
  if (!rulesOutSmaller) return
  for (const other of all) {
    const {architecture, memorySizeMB} = other.candidate
    if (architecture === sample.architecture && memorySizeMB < sample.memorySizeMB)
      other.infeasible ??= `${failureText(sample)} with ${sample.memorySizeMB.toLocaleString('en')} MB already`
  }
}

function failureText({outcome, errorType}: Sample): string {
  if (outcome === 'oom') return 'runs out of memory'
  if (outcome === 'timeout') return 'times out'
  return errorType === null ? 'fails' : `fails: ${errorType}`
}
