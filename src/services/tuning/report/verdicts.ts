import {ExitCode} from '../../../errors.ts'
import type {Ending, TuneReport} from '../tune-report.ts'

const endingCodes: Readonly<Record<Ending, readonly ExitCode[]>> = {
  settled: [],
  observed: [],
  'max-cost': [ExitCode.partial],
  'max-invocations': [ExitCode.partial],
  'max-time': [ExitCode.partial],
  'not-separable': [ExitCode.partial],
  failing: [ExitCode.failed],
  'deployed-meanwhile': [ExitCode.failed],
  failed: [ExitCode.failed],
  interrupted: [ExitCode.interrupted],
}

/** What one function's report makes of the exit code. */
export function verdictsOn(report: TuneReport): readonly ExitCode[] {
  const {ending, cleanup, gaps, failure, recommendation} = report
  return [
    ...(ending === 'failed' && failure !== undefined ? [failure.exitCode] : endingCodes[ending]),
    ...(report.nearestMiss === undefined ? [] : [ExitCode.negative]),
    // a past that tells nothing is no answer
    ...(ending === 'observed' && recommendation === null ? [ExitCode.partial] : []),
    ...(cleanup.cleanedUp ? [] : [ExitCode.failed]),
    ...(gaps.length > 0 ? [ExitCode.partial] : []),
  ]
}
