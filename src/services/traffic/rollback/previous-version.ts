import type {GoneBack, Past} from './past.ts'
import type {RollbackEvidence} from './rollback.ts'

export type Chosen =
  | {readonly kind: 'found'; readonly version: string; readonly evidence: readonly RollbackEvidence[]}
  | {readonly kind: 'gone-back'; readonly goneBack: GoneBack}
  | {readonly kind: 'none'}

/** how long it is news that somebody went back already */
const newsMs = 24 * 3_600_000

/**
 * The version that served before, by what is known of the latest time; those that say otherwise are among the evidence. Never one that
 * any source knows to have come after what serves now. Where somebody went back within the last day, or took that version out, there is
 * none: going back once more would bring the bad version in again, or one nobody spoke of.
 */
export function choosePrevious(pasts: readonly Past[], now: number): Chosen {
  const later = new Set(pasts.flatMap(past => past.later))
  const told = pasts.flatMap(past => past.served ?? [])
  const served = told.filter(({version}) => !later.has(version)).sort((a, b) => b.at - a.at)
  const forward = told
    .filter(({version}) => later.has(version))
    .map(({version, at, detail}) => ({left: version, at, detail: `${detail}, and ${version} came after what serves`}))
  const [goneBack] = [...pasts.flatMap(past => past.goneBack ?? []), ...forward].sort((a, b) => b.at - a.at)
  const [latest] = served
  if (goneBack && now - goneBack.at < newsMs && goneBack.at >= (latest?.at ?? 0)) return {kind: 'gone-back', goneBack}
  if (latest === undefined) return {kind: 'none'}
  const takenAt = Math.max(...pasts.map(past => past.takenOut.get(latest.version) ?? 0))
  if (now - takenAt < newsMs)
    return {
      kind: 'gone-back',
      goneBack: {
        left: latest.version,
        at: takenAt,
        detail: `${latest.version}, which ran before, was tried and taken back at ${new Date(takenAt).toISOString()}`,
      },
    }
  return {
    kind: 'found',
    version: latest.version,
    evidence: served.map(({source, version, detail}) => ({source, version, detail})),
  }
}
