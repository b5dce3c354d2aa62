import {ExitCode} from '../../errors.ts'
import type {ErrorsReport} from './errors-report.ts'
import type {FailOn} from './gate.ts'

/** What a report says to a script, by exit codes; none when all went well. */
export function verdictsOn({clusters, coverage, gate}: ErrorsReport, failOn: FailOn | null): readonly ExitCode[] {
  const {gaps} = coverage
  if (gate)
    return gate.verdict === 'fail' ? [ExitCode.negative] : gate.verdict === 'inconclusive' ? [ExitCode.partial] : []
  const failing = clusters.some(({trend}) => trend === 'new' || (trend === 'growing' && failOn === 'growing'))
  return [...(failOn !== null && failing ? [ExitCode.negative] : []), ...(gaps.length > 0 ? [ExitCode.partial] : [])]
}
