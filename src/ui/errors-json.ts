import type {ErrorCluster} from '../services/errors/cluster.ts'
import type {ErrorsReport} from '../services/errors/errors-report.ts'
import {isoClock} from './iso-clock.ts'
import {reportJson} from './report-json.ts'

/** The report as one `slsops/errors@1` document; with a limit, only so many clusters. On one line where it is one of many. */
export function errorsJson(
  report: ErrorsReport,
  limit: number | null,
  layout: 'document' | 'line' = 'document',
): string {
  const {coverage, baseline, errors, candidates, clusters, logGroups, notes, gate} = report
  const iso = isoClock()
  const body = {
    baseline: baseline && {start: iso(baseline.start), end: iso(baseline.end)},
    events: {errors, candidates},
    logGroups,
    clusters: clusters.slice(0, limit ?? clusters.length).map(cluster => clusterJson(cluster, iso)),
    notes,
    ...(gate && {
      gate: {
        ...gate,
        functions: gate.functions.map(({servesSince, ...compared}) => ({
          ...compared,
          servesSince: servesSince === null ? null : iso(servesSince),
        })),
      },
    }),
  }
  return reportJson('errors', coverage, body, layout)
}

function clusterJson(cluster: ErrorCluster, iso: (ms: number) => string) {
  const {sample, firstSeen, lastSeen, kind, ...rest} = cluster
  const {isNow: _, level: __, timestamp, ...told} = sample
  return {
    ...rest,
    kind,
    firstSeen: iso(firstSeen),
    lastSeen: iso(lastSeen),
    sample: {timestamp: iso(timestamp), ...told},
    requestId: sample.requestId,
    traceId: sample.traceId,
  }
}
