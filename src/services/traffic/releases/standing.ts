import type {OtherManager} from '../plan/managers.ts'
import type {AliasRelease, ReleaseStanding, ReleaseVersion} from './releases.ts'

/** of so few calls a share says nothing */
const leastCalls = 20
const badShare = 0.01
const worseBy = 2

type Moving = Pick<AliasRelease, 'state' | 'lease' | 'provisioned'> & {readonly managers: readonly OtherManager[]}

/** Whether an alias is in motion, in trouble or neither. @param versions those that it serves first */
export function standingOf(
  {state, lease, provisioned, managers}: Moving,
  versions: readonly ReleaseVersion[],
): ReleaseStanding {
  const isMoving =
    (state.additional !== null && state.additional.weight > 0) ||
    lease !== null ||
    provisioned?.status === 'IN_PROGRESS' ||
    managers.some(({isActive}) => isActive)
  if (isMoving) return 'moving'
  const [serving, ...others] = versions
  return serving && isWorse(serving, others) ? 'troubled' : 'steady'
}

function isWorse({figures}: ReleaseVersion, others: readonly ReleaseVersion[]): boolean {
  const rate = errorRate(figures)
  if (figures === null || rate === null || figures.calls < leastCalls || rate < badShare) return false
  const before = others
    .flatMap(other => other.figures ?? [])
    .toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0))
    .find(({calls}) => calls >= leastCalls)
  // what fails as it always did is no matter of a release
  return before !== undefined && rate >= worseBy * (errorRate(before) ?? 0)
}

/** 0–1; null without a call. */
const errorRate = (figures: {readonly calls: number; readonly errors: number} | null): number | null =>
  figures === null || figures.calls === 0 ? null : figures.errors / figures.calls

const ranks: Readonly<Record<ReleaseStanding, number>> = {moving: 0, troubled: 1, steady: 2}

/** In motion first, then in trouble, then what is called most. */
export function inOrder(aliases: readonly AliasRelease[]): readonly AliasRelease[] {
  const calls = ({versions}: AliasRelease): number => versions.reduce((sum, one) => sum + (one.figures?.calls ?? 0), 0)
  return aliases.toSorted(
    (a, b) =>
      ranks[a.standing] - ranks[b.standing] ||
      calls(b) - calls(a) ||
      (a.functionName < b.functionName ? -1 : a.functionName > b.functionName ? 1 : a.alias < b.alias ? -1 : 1),
  )
}
