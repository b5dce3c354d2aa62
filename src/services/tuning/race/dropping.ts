import type {Objective} from '../objective.ts'
import type {Choice} from './choice.ts'
import {isBeaten} from './doubts.ts'
import type {Estimate} from './estimate.ts'
import {isTooGood} from './off-curve.ts'
import {callsBeforeDrop} from './scatter.ts'
import {sloStanding} from './slo-standing.ts'
import {sortedDurations, type View} from './view.ts'

/** Of three invocations two are outliers in one of 400 sizes (3 % outliers); of four, the lower two are believed. */
const fewestToDrop = 4

/** Drops sizes that surely are worse, or surely miss the latency objective. @returns whether there was one */
export function dropBeaten({choice, judging, all}: View, objective: Objective): boolean {
  const before = all.filter(({record}) => record.isDropped).length
  for (const each of all) {
    const {record} = each
    if (record.isDropped || record.logs.length < fewestToDrop) continue
    if (objective.slo && sloStanding(sortedDurations(record), objective.slo).isHopeless) {
      record.dropped = `p${objective.slo.percentile} is above ${objective.slo.limitMs.toLocaleString('en')} ms`
      record.isDropped = true
    } else if (choice && each !== choice.pick && each !== choice.base && isBeaten(each, choice, judging)) {
      const more = callsBeforeDrop(each, choice, all, judging)
      if (more === null) record.isDropped = true
      else for (const {record} of [each, choice.pick, choice.yardstick]) record.wanted = Math.max(record.wanted, more)
    }
  }
  return all.filter(({record}) => record.isDropped).length > before
}

/**
 * A chosen size that is too good to be true is measured again, and dropped where it stays so.
 * @param more warm invocations that measuring again takes
 * @returns whether there was one
 */
export function doubtWhatIsTooGood({pick, base}: Choice, all: readonly Estimate[], more: number): boolean {
  const suspect = [pick, base].find(each => isTooGood(each, all))?.record
  if (!suspect) return false
  if (suspect.isSuspect) {
    suspect.isDropped = true
    suspect.dropped = 'far faster than every larger size: see whether it did its work'
  } else {
    suspect.isSuspect = true
    suspect.wanted = suspect.logs.length + more
  }
  return true
}
