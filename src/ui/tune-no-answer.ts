import type {TuneReport} from '../services/tuning/tune-report.ts'
import {count, duration} from './numbers.ts'
import {sloGoalText} from './tune-objective-words.ts'
import {candidateText, isOfSeveralArchitectures, isWholeEnding} from './tune-words.ts'

/** Why no size is recommended: that none meets the latency objective, that it fails, or that too little is known. */
export function noAnswerText(report: TuneReport): string {
  const {plan, sizes, ending, nearestMiss: nearest} = report
  const {slo} = plan.objective
  if (slo !== null && nearest !== undefined)
    return `no size has ${sloGoalText(slo)}: ${candidateText(nearest, isOfSeveralArchitectures(sizes))} comes nearest with ${duration(nearest.ms)}`
  if (ending === 'failing') return 'no size to recommend: nothing could be measured'
  return `too little is known to recommend a size${isWholeEnding(ending) ? '' : measuredText(sizes)}`
}

/** `: 1 of 2 sizes was measured`, and of those whose calls were all cold that they have no warm one; '' where all were measured. */
function measuredText(sizes: TuneReport['sizes']): string {
  const measured = sizes.filter(({p50Ms}) => p50Ms !== null).length
  if (measured === sizes.length) return ''
  const cold = sizes.filter(
    ({p50Ms, status, coldStarts}) => p50Ms === null && status !== 'infeasible' && coldStarts > 0,
  )
  const of = `${measured === 0 ? 'none' : count(measured)} of ${count(sizes.length)} sizes`
  return cold.length === 0
    ? `: ${of} ${measured === 1 ? 'was' : 'were'} measured`
    : `: ${of} ${measured <= 1 ? 'has' : 'have'} a warm call, ${count(cold.length)} had cold ones only`
}
