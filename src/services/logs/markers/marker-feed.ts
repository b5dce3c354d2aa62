import type {FunctionRef} from '../source.ts'
import type {Releases, ServedAlias} from './releases.ts'

/** Something that happened to a function, to be shown among its log lines. */
export type Marker = {
  /** epoch ms */
  readonly at: number
  readonly function: FunctionRef
  readonly region: string
} & (
  | {readonly kind: 'deploy'; readonly version: string; readonly description: string}
  /** the alias moved while it was watched */
  | {readonly kind: 'alias'; readonly alias: string; readonly from: ServedAlias; readonly to: ServedAlias}
  /** a version's first line, after another one's */
  | {readonly kind: 'serves'; readonly alias: string | null; readonly version: string; readonly before: string}
)

type Seen = {
  readonly timestamp: number
  readonly function: FunctionRef | null
  readonly version: string | null
  readonly region: string
}

/** Markers on their way into a stream of events. */
export type MarkerFeed = {
  /** takes what was asked of AWS; what an alias serves now is compared with what it served when it was asked before */
  learn(releases: Releases, now: number): void
  /** what is to be shown before an event */
  before(event: Seen): readonly Marker[]
  /** what is left when nothing more comes, or nothing came for a while: up to a time */
  upTo(time: number): readonly Marker[]
}

/**
 * Gives markers in the order of time, each once and as soon as it is known.
 * @param seesAll whether every event of a function comes by: only then a version's first one tells when it began to serve
 */
export function createMarkerFeed(seesAll: boolean): MarkerFeed {
  let waiting: Marker[] = []
  const known = new Map<string, Releases>()
  const deployed = new Set<string>()
  const serving = new Map<string, Set<string>>()

  const upTo = (time: number): readonly Marker[] => {
    if (waiting.length === 0) return waiting
    const due = waiting.filter(({at}) => at <= time).sort((a, b) => a.at - b.at)
    waiting = waiting.filter(({at}) => at > time)
    return due
  }

  return {
    learn(releases, now) {
      const {function: ref, region, deploys, aliases} = releases
      for (const {version, at, description} of deploys) {
        const key = `${ref.arn}:${version}:${at}`
        if (deployed.has(key)) continue
        deployed.add(key)
        waiting.push({kind: 'deploy', at, function: ref, region, version, description})
      }
      for (const to of aliases) {
        const from = known.get(ref.arn)?.aliases.find(({name}) => name === to.name)
        if (from && !servesSame(from, to))
          waiting.push({kind: 'alias', at: now, function: ref, region, alias: to.name, from, to})
      }
      known.set(ref.arn, releases)
    },

    before({timestamp, function: ref, version, region}) {
      const due = upTo(timestamp)
      if (!seesAll || !ref || version === null) return due
      const seen = serving.get(ref.arn)
      if (!seen) {
        serving.set(ref.arn, new Set([version]))
        return due
      }
      if (seen.has(version)) return due
      const before = [...seen].at(-1) ?? version
      seen.add(version)
      // an alias that divides its traffic shows its versions by turns: the second one's first line says nothing
      const alias = known.get(ref.arn)?.aliases.find(alias => alias.version === version)
      if (!alias || Object.keys(alias.weights).length > 0) return due
      return [...due, {kind: 'serves', at: timestamp, function: ref, region, alias: alias.name, version, before}]
    },

    upTo,
  }
}

function servesSame(one: ServedAlias, other: ServedAlias): boolean {
  const text = ({version, weights}: ServedAlias): string => JSON.stringify([version, Object.entries(weights).sort()])
  return text(one) === text(other)
}
