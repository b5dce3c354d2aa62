import type {Goal, Objective} from '../services/tuning/objective.ts'
import type {Standing} from '../services/tuning/standing.ts'
import type {TuneReport} from '../services/tuning/tune-report.ts'
import {count, duration} from './numbers.ts'
import {candidateText, isOfSeveralArchitectures, percentShort} from './tune-words.ts'

const sloWords = {certified: 'certified', seen: 'met, by too few calls to be certified,', missed: 'missed'} as const
const sloStates = ['certified', 'seen', 'missed'] as const

/** By which sizes a latency objective is met: `p95 < 600 ms: certified at 1,769 MB; missed at 256 and 512 MB`. '' without one. */
export function sloText({sizes, plan: {objective}}: TuneReport): string {
  if (objective.slo === null) return ''
  const isSeveral = isOfSeveralArchitectures(sizes)
  const parts = sloStates.flatMap(state => {
    const those = sizes
      .filter(({slo, uncertifiable}) => slo === state && uncertifiable === undefined)
      .map(size => candidateText(size, isSeveral))
    return those.length === 0 ? [] : [`${sloWords[state]} at ${those.join(', ')}`]
  })
  const uncertifiable = sizes.flatMap(size =>
    size.uncertifiable === undefined ? [] : [`${candidateText(size, isSeveral)} (${slowerText(size.uncertifiable)})`],
  )
  const all = [
    ...parts,
    ...(uncertifiable.length === 0
      ? []
      : [`met in what was measured, but not to be certified, at ${uncertifiable.join(', ')}`]),
  ]
  return all.length === 0 ? '' : `${sloGoalText(objective.slo)}: ${all.join('; ')}`
}

const slowerText = ({slower, of}: NonNullable<Standing['uncertifiable']>): string =>
  `${count(slower)} of ${count(of)} calls slower`

export const sloGoalText = ({percentile, limitMs}: NonNullable<Objective['slo']>): string =>
  `p${percentile} < ${duration(limitMs)}`

const goalWords: Readonly<Record<Goal['kind'], string>> = {
  cheapest: 'the cheapest',
  fastest: 'the fastest',
  balanced: 'the best of cost and duration',
}

/** What is looked for: `the cheapest with p95 < 300 ms, within 3 %`. */
export function objectiveText({goal, slo, costTolerance, indifference}: Objective): string {
  const what =
    costTolerance === null
      ? goalWords[goal.kind]
      : `the fastest that costs at most ${percentShort(costTolerance)} more than the cheapest`
  const weight =
    goal.kind === 'balanced' && goal.weight !== 0.5 && costTolerance === null
      ? `, cost at a weight of ${percentShort(goal.weight)}`
      : ''
  return `${what}${weight}${slo === null ? '' : ` with ${sloGoalText(slo)}`}, to ${percentShort(indifference)}`
}
