import {ExitCode} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import type {TuneReport} from '../tune-report.ts'
import {type Applicable, hasBestAlready, isApplicable, whyNotApplied} from './applicable.ts'
import {type Applied, applySize, latestToSet} from './apply-size.ts'

/** A winner that was set, and the run that it is the answer of. */
export type AppliedWinner = Applied & {readonly runId: string}

/** Winners that are going to be set on their functions' `$LATEST`, before they are. */
export type OpenedApply = {
  /** with `$LATEST` as what they are set on */
  readonly changing: readonly Applicable[]
  /** what is not set, and why; what stays as it is */
  readonly notices: readonly string[]
  /** what the command ends with, where not all is set that was asked for */
  readonly verdicts: readonly ExitCode[]
  /** Sets them, and tells of each as it was read back. @throws as `applySize` does; those before stay set */
  run(): AsyncGenerator<AppliedWinner, void>
}

/**
 * Finds out which winners can be set, and on what. Nothing is changed.
 * @throws UserError where a function's `$LATEST` is not what was measured
 */
export async function openApply(aws: Aws, reports: readonly TuneReport[], signal: AbortSignal): Promise<OpenedApply> {
  const notices = reports.map(whyNotApplied).filter(why => why !== null)
  const changing: Applicable[] = []
  for (const report of reports.filter(isApplicable)) {
    const {source} = report.plan
    const latest = await latestToSet(aws, source, signal)
    if (latest.memorySizeMB === report.recommendation.memorySizeMB) {
      notices.push(`$LATEST of ${source.name} has the best size already`)
      continue
    }
    if (source.qualifier !== null)
      notices.push(
        `${source.name}:${source.qualifier} stays as it is, version ${source.version} with ${source.memorySizeMB} MB, until a version is published and it is moved there`,
      )
    changing.push({...report, plan: {...report.plan, source: latest}})
  }
  return {
    changing,
    notices,
    verdicts: reports.every(report => isApplicable(report) || hasBestAlready(report)) ? [] : [ExitCode.partial],
    async *run() {
      for (const {plan, recommendation} of changing)
        yield {runId: plan.runId, ...(await applySize(aws, plan.source, recommendation, signal))}
    },
  }
}
