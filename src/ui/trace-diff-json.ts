import type {DiffSide, TraceDiff} from '../services/traces/diff-traces.ts'

/** Two traces side by side: all paths, also those where nothing differs. */
export function traceDiffJson({before, after, lines}: TraceDiff) {
  return {
    before: {id: before.id, source: before.source, durationMs: before.durationMs},
    after: {id: after.id, source: after.source, durationMs: after.durationMs},
    lines: lines.map(({path, deltaMs, deltaSelfMs, ...sides}) => ({
      path,
      before: sides.before && sideJson(sides.before),
      after: sides.after && sideJson(sides.after),
      deltaMs,
      deltaSelfMs,
    })),
  }
}

const sideJson = ({count, durationMs, selfMs, failed, nodes}: DiffSide) => ({
  count,
  durationMs,
  selfMs,
  failed,
  nodeIds: nodes.map(({id}) => id),
})
