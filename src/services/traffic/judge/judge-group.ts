import {worryingHarm} from './harm.ts'
import {harmOf} from './judge.ts'
import type {Judgement, Verdict} from './judgement.ts'

export type GroupJudgement = {
  readonly verdict: Verdict
  /** the mean of the members' evidence, which is evidence whatever they have to do with each other */
  readonly harm: number
  readonly harmAt: number
  readonly harmByMinute: readonly number[]
  readonly why: string
  /** indices of the members with most of the harm or enough by themselves, worst first; none where it is not unhealthy */
  readonly blamed: readonly number[]
}

/** Who is blamed has this share of the harm together. */
const blamedShare = 0.9

const mostNamed = 3

/**
 * Judges the members of a group together. Harm is the mean of theirs: in a group that is no worse it comes to 1/α in a share α of
 * shifts at most. One member alone has to show as many times 1/α as there are members, which is what Bonferroni would ask of it, and
 * where many are worse each needs less. Healthy only where every member is, and none has worrying evidence of harm, however it is counted.
 * @param judgements null: nothing could be read of that member, which is inconclusive
 */
export function judgeGroup(judgements: readonly (Judgement | null)[], names: readonly string[]): GroupJudgement {
  const harmAt = judgements.find(judgement => judgement !== null)?.harmAt ?? Number.POSITIVE_INFINITY
  const course = meanCourse(judgements)
  // of the same minute: the highest of each, reached at different times, would be no evidence
  const harm = harmOf(
    course.map(mean => ({harm: mean})),
    harmAt,
  )
  const open = judgements.flatMap((judgement, index) => (isWell(judgement) ? [] : [index]))
  const verdict: Verdict =
    harm >= harmAt ? 'unhealthy' : open.length === 0 && judgements.length > 0 ? 'healthy' : 'inconclusive'
  const blamed = verdict === 'unhealthy' ? blamedOf(judgements) : []

  return {verdict, harm, harmAt, harmByMinute: course, why: reason(verdict === 'unhealthy' ? blamed : open), blamed}

  function reason(members: readonly number[]): string {
    if (verdict === 'healthy')
      return judgements.length === 1 ? (judgements[0]?.why ?? '') : `all ${judgements.length} are healthy`

    const worstFirst = members.toSorted((a, b) => (judgements[b]?.harm ?? 0) - (judgements[a]?.harm ?? 0))
    const named = worstFirst.slice(0, mostNamed).map(index => {
      const why = judgements[index]?.why ?? 'nothing could be read'
      return judgements.length === 1 ? why : `${names[index] ?? `member ${index + 1}`}: ${why}`
    })
    const others = members.length - named.length
    return [...named, ...(others > 0 ? [`${others} more`] : [])].join(' · ')
  }
}

function isWell(judgement: Judgement | null): boolean {
  return judgement?.verdict === 'healthy' && judgement.harm < worryingHarm(judgement.harmAt)
}

/** Their last minutes are the same; who began later had 1 before. Of whom nothing is known counts for nothing. */
function meanCourse(judgements: readonly (Judgement | null)[]): number[] {
  const minutes = Math.max(0, ...judgements.map(judgement => judgement?.harmByMinute.length ?? 0))
  return Array.from({length: minutes}, (_, minute) =>
    mean(judgements.map(judgement => (judgement ? (judgement.harmByMinute.at(minute - minutes) ?? 1) : 0))),
  )
}

function blamedOf(judgements: readonly (Judgement | null)[]): number[] {
  const worstFirst = judgements
    .map((judgement, index) => ({index, judgement, harm: judgement?.harm ?? 0}))
    .sort((a, b) => b.harm - a.harm)
  const all = worstFirst.reduce((sum, {harm}) => sum + harm, 0)
  let told = 0
  return worstFirst.flatMap(({index, judgement, harm}) => {
    const isMost = told < blamedShare * all
    told += harm
    return isMost || judgement?.verdict === 'unhealthy' ? [index] : []
  })
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
