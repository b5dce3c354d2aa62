import {isKnown} from '../known.ts'
import type {AliasRelease, ReleasesReport, ReleaseVersion} from '../services/traffic/releases/releases.ts'
import {isoClock} from './iso-clock.ts'
import {microseconds, percentNumber} from './numbers.ts'
import {eachAs, firstOf, jsonLinesOf, reportPieces} from './report-json.ts'

/** As one `slsops/releases@1` document, piece by piece. @param limit null: all */
export function releasesJson(report: ReleasesReport, limit: number | null): Iterable<string> {
  const {coverage, aliases, without, known, pricesAsOf, notes} = report
  return reportPieces('releases', coverage, {
    functions: known.functions,
    withoutAlias: without,
    pricesAsOf,
    aliases: eachAs(firstOf(aliases, limit), releaseObject),
    notes,
  })
}

/** A line an alias: `slsops/release@1`. */
export const releasesNdjson = ({aliases}: ReleasesReport, limit: number | null): Iterable<string> =>
  jsonLinesOf('release', eachAs(firstOf(aliases, limit), releaseObject))

function releaseObject(release: AliasRelease): object {
  const iso = isoClock()
  const time = (ms: number | null): string | null => (ms === null ? null : iso(ms))
  const {account, region, functionName, functionArn, alias, standing, state, versions, measured, since, mover, lease} =
    release
  return {
    account,
    region,
    function: functionName,
    functionArn,
    alias,
    standing,
    description: state.description,
    revisionId: state.revisionId,
    since: time(since),
    versions: versions.map(versionObject),
    unknown: isKnown(measured) ? null : measured,
    movedBy: mover && {...mover, at: time(mover.at)},
    shift: lease && {
      runId: lease.runId,
      by: lease.by,
      from: lease.from,
      to: lease.to,
      step: lease.stage,
      steps: lease.stages,
      weightPercent: lease.basisPoints / 100,
      until: iso(lease.until),
      isOver: release.isLeaseOver,
    },
    provisionedConcurrency: release.provisioned,
    managers: release.managers,
    waitingVersion: release.waiting,
  }
}

function versionObject({version, weight, figures, costUSD, publishedAt, description}: ReleaseVersion): object {
  const iso = isoClock()
  const time = (ms: number | null | undefined): string | null => (ms == null ? null : iso(ms))
  return {
    version,
    weightPercent: percentNumber(weight),
    calls: figures?.calls ?? null,
    errors: figures?.errors ?? null,
    errorRate: figures === null || figures.calls === 0 ? null : figures.errors / figures.calls,
    p95Ms: figures?.p95Ms == null ? null : microseconds(figures.p95Ms),
    costUSD,
    firstSeen: time(figures?.firstAt),
    lastSeen: time(figures?.lastAt),
    publishedAt: time(publishedAt),
    description,
  }
}
