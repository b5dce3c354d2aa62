// What aliases serve: as they were written, and as long as provisioned concurrency is on its way to another version.
import {textKey, uuid} from './random.ts'
import {type RoutingStep, routingLagMs, type Weights, weightsOf} from './routing.ts'
import type {SandboxAlias} from './sandbox-function.ts'

/** What is written to an alias, in full. */
type AliasWrite = Pick<SandboxAlias, 'version' | 'weights' | 'description'> & {
  /** epoch ms */
  readonly at: number
  /** only the description was written */
  readonly keepsRouting?: true
  /** with provisioned concurrency: how long that takes to be allocated for another version, in ms */
  readonly allocatingMs?: number
}

type CreatedAlias = Omit<AliasWrite, 'keepsRouting' | 'allocatingMs'> & {readonly alias: string}

/** What a revision is told apart by. */
type Turn = {
  readonly functionName: string
  /** how many writes to aliases of the function there were before this one */
  readonly count: number
}

/** How the traffic of an alias is shared out at a moment (epoch ms). */
export function servedAt({version, weights, moving}: SandboxAlias, at: number): Weights {
  return moving && at < moving.until ? [[moving.from, 1]] : weightsOf(version, weights)
}

/** The additional versions that AWS shows at a moment: while it moves provisioned concurrency, the version before with all of it. */
export function shownWeightsAt({weights, moving}: SandboxAlias, at: number): SandboxAlias['weights'] {
  return moving && at < moving.until ? {[moving.from]: 1} : weights
}

export function createdAlias({alias: name, at, version, weights, description}: CreatedAlias, turn: Turn): SandboxAlias {
  return {name, version, weights, description, revisionId: revisionOf(name, at, turn)}
}

/**
 * An alias after a write.
 *
 * Moved to a version that has no provisioned concurrency yet, it goes on serving the version before until that is allocated.
 * What an alias serves with a weight has its share of it, so that a version it has served for long enough is taken over at once.
 */
export function writtenAlias(
  before: SandboxAlias,
  {at, keepsRouting, allocatingMs, version, weights, description}: AliasWrite,
  turn: Turn,
): SandboxAlias {
  const {name} = before
  const revisionId = revisionOf(name, at, turn)
  if (keepsRouting) return {...before, description, revisionId}
  const written = {name, version, weights, description, revisionId}
  if (allocatingMs === undefined) return written
  const shares = weightsOf(version, weights)
  const known = allocatedBefore(before, at)
  const readyAt = (served: string) => known[served] ?? at + allocatingMs
  const from = mostServed(servedAt(before, at))
  const until = readyAt(version)
  // who writes the weights again, the version being the same, does not wait for it
  const isMoving = shares.length === 1 && version !== before.version && version !== from && until > at
  const served = [...shares.map(([name]) => name), ...(isMoving ? [from] : [])]
  return {
    ...written,
    allocatedAt: Object.fromEntries(served.map(each => [each, readyAt(each)])),
    ...(isMoving && {moving: {from, startedAt: until - allocatingMs, until}}),
  }
}

/** What is still allocated: that of a version that was moved away from ends with the move. */
function allocatedBefore({allocatedAt = {}, moving}: SandboxAlias, at: number): Readonly<Record<string, number>> {
  const isOver = moving !== undefined && at >= moving.until
  return Object.fromEntries(Object.entries(allocatedAt).filter(([version]) => !isOver || version !== moving.from))
}

const mostServed = (weights: Weights): string => [...weights].sort(([, x], [, y]) => y - x)[0]?.[0] ?? '$LATEST'

/** Another one with every write, also with one that changes nothing: no revision comes twice. */
function revisionOf(name: string, at: number, {functionName, count}: Turn): string {
  return uuid(textKey(`${functionName}:${name} ${count}`), textKey(`${count} ${at} ${name}`))
}

/**
 * Which versions requests go to, from the writes of an alias in their order.
 * @param written each write with the alias as it was then
 */
export function routingSteps(
  written: readonly {readonly at: number; readonly alias: SandboxAlias}[],
): readonly RoutingStep[] {
  return written.flatMap(({at, alias}, i) => {
    const end = written[i + 1]?.at ?? Number.POSITIVE_INFINITY
    const moments = [at, alias.moving?.until ?? Number.POSITIVE_INFINITY].filter(each => each >= at && each < end)
    return moments.map(each => ({from: each + routingLagMs, weights: servedAt(alias, each)}))
  })
}
