import {type Candidate, candidateKey} from '../candidate.ts'
import type {Sample} from '../sample.ts'

/** What is known of a size in a race; grows with each sample. */
export type SizeRecord = {
  readonly candidate: Candidate
  readonly key: string
  /** all samples: those of the measured, warm ones first to last, and of the cold ones */
  readonly warm: Sample[]
  readonly cold: Sample[]
  /** ln durationMs of the warm ones */
  readonly logs: number[]
  invocations: number
  coldStarts: number
  failures: number
  maxMemoryUsedMB: number | null
  isApproximate: boolean
  /** why it cannot be chosen */
  infeasible: string | null
  /** it was beaten; only that none of the others meets a latency objective brings it back */
  isDropped: boolean
  /** why, where it was not just beaten */
  dropped: string | null
  /** it was too good to be true, and is measured again */
  isSuspect: boolean
  /** warm invocations that it shall have before it is judged again */
  wanted: number
}

export const newRecord = (candidate: Candidate, wanted: number): SizeRecord => ({
  candidate,
  key: candidateKey(candidate),
  warm: [],
  cold: [],
  logs: [],
  invocations: 0,
  coldStarts: 0,
  failures: 0,
  maxMemoryUsedMB: null,
  isApproximate: false,
  infeasible: null,
  isDropped: false,
  dropped: null,
  isSuspect: false,
  wanted,
})

/** Takes a sample that counts as a measurement in. */
export function measure(record: SizeRecord, sample: Sample): void {
  if (sample.isCold) {
    record.cold.push(sample)
    return
  }
  record.warm.push(sample)
  // Lambda reports hundredths; zero has no logarithm
  record.logs.push(Math.log(Math.max(0.01, sample.durationMs)))
}
