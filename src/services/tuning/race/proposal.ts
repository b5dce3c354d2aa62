import type {Candidate} from '../candidate.ts'
import {fitCurve} from './curve.ts'
import type {Estimate} from './estimate.ts'
import {proposeSize} from './propose-size.ts'
import type {RaceOptions} from './race.ts'
import {sloStanding} from './slo-standing.ts'
import {sortedDurations} from './view.ts'

/** A size between those that were measured, on the architecture of the chosen one, which the curve promises to be better. */
export function proposal(
  pick: Estimate,
  all: readonly Estimate[],
  {objective, costUSD}: RaceOptions,
): Candidate | null {
  const {architecture} = pick.record.candidate
  const measured = all
    .filter(({record}) => record.candidate.architecture === architecture && !record.isSuspect)
    .map(({record, costUSD, durationMs}) => {
      const standing = objective.slo && sloStanding(sortedDurations(record), objective.slo)
      return {...record.candidate, costUSD, durationMs, meetsSlo: standing?.slo !== 'missed'}
    })
  const fit = fitCurve(architecture, measured)
  if (!fit) return null
  const sizes = measured.map(({memorySizeMB}) => memorySizeMB)
  // what cold invocations and rounding add at the chosen size they add at its neighbours
  const rest = pick.costUSD / costUSD(pick.record.candidate, pick.durationMs)
  return proposeSize(fit, {
    measured,
    range: [Math.min(...sizes), Math.max(...sizes)],
    costUSD: (candidate, durationMs) => rest * costUSD(candidate, durationMs),
    objective,
  })
}
