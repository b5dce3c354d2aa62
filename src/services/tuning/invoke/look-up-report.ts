import type {Aws} from '../../aws/connect.ts'
import {readPage} from '../../logs/page.ts'
import type {LogSource} from '../../logs/source.ts'
import {explainedFailure} from '../../targets/refusal.ts'
import {type FoundReport, findReport} from './tail-report.ts'

/** ms between looks: a log group shows its events some seconds after they were written */
const looks = [500, 1_000, 1_500, 2_500]
/** the clock here and Lambda's may differ by what SigV4 allows */
const clockOffMs = 300_000
/** a page may be empty and not be the last */
const mostPages = 10
/** after so many that were not found in a row, none is looked for any more: it would take seconds of each invocation */
const patience = 3

/** Finds reports in a log group that did not come with the answer. */
export type ReportLookup = {
  /**
   * Looks for some seconds; null where it is not found, or the log cannot be read.
   * @param since epoch ms: when the request was sent
   */
  find(logGroup: string, requestId: string, since: number, signal: AbortSignal): Promise<FoundReport | null>
}

/** Gives up for good on a group that may not be read, or that does not show reports in time. */
export function createReportLookup(aws: Aws): ReportLookup {
  const misses = new Map<string, number>()

  const look = async (
    source: LogSource,
    requestId: string,
    since: number,
    signal: AbortSignal,
  ): Promise<FoundReport | null> => {
    let nextToken: string | undefined
    for (let pages = 0; pages < mostPages; pages++) {
      const request = {startTime: since - clockOffMs, filterPattern: JSON.stringify(requestId), nextToken}
      const page = await readPage(source, request, {priority: 'small', signal})
      const messages = page.events().map(({message}) => message)
      const found = messages.map(message => findReport(message, requestId)).findLast(report => report !== null)
      // a report may be of an older runtime, which leaves it to other lines how it went
      if (found) return {...found, evidence: findReport(messages.join('\n'), requestId)?.evidence ?? found.evidence}
      if (page.nextToken === null) return null
      nextToken = page.nextToken
    }
    return null
  }

  return {
    async find(logGroup, requestId, since, signal) {
      const missed = misses.get(logGroup) ?? 0
      if (missed >= patience) return null
      const source = sourceOf(aws, logGroup)
      try {
        for (const ms of looks) {
          await aws.clock.sleep(ms, signal)
          const found = await look(source, requestId, since, signal)
          if (!found) continue
          misses.delete(logGroup)
          return found
        }
        misses.set(logGroup, missed + 1)
      } catch (error) {
        if (signal.aborted) return null
        explainedFailure(error, {doing: `read log group ${logGroup}`, permission: 'logs:FilterLogEvents'})
        misses.set(logGroup, patience)
      }
      // the invocation is over and counts: without its report it is measured by the clock, which the sample says
      return null
    },
  }
}

const sourceOf = (aws: Aws, logGroup: string): LogSource => ({
  aws,
  scope: aws.scope,
  logGroup,
  logGroupClass: null,
  functions: [],
  only: null,
  mayBeMissing: true,
})
