import {memoryText} from '../memory-sizes.ts'
import {isBelowFloor, usedText} from '../plan/used-memory.ts'
import type {Recommendation, TuneReport} from '../tune-report.ts'

/** A report of which the winner can be set on the function. */
export type Applicable = TuneReport & {readonly recommendation: Recommendation}

/** Why the answer is not to be set on the function, in a sentence; null where it is. */
export function whyNotApplied({plan: {source, used}, ending, recommendation, cleanup}: TuneReport): string | null {
  const {name, memorySizeMB, architecture} = source
  if (recommendation === null || ending !== 'settled')
    return `${name}: nothing is applied, for the answer is not settled`
  if (!cleanup.cleanedUp) return `${name}: nothing is applied, for something of the run is left`
  if (recommendation.architecture !== architecture)
    return `${name}: nothing is applied: ${recommendation.architecture} takes code that is built for it`
  if (recommendation.memorySizeMB === memorySizeMB) return `${name} has the best size already`
  if (used !== null && isBelowFloor(recommendation.memorySizeMB, used))
    return `${name}: nothing is applied: ${memoryText(recommendation.memorySizeMB)} would be too small, for ${usedText(used)}`
  return null
}

export const isApplicable = (report: TuneReport): report is Applicable => whyNotApplied(report) === null

/** Whether a function has the size already that was found to be the best: there is nothing to be set. */
export const hasBestAlready = ({plan: {source}, ending, recommendation}: TuneReport): boolean =>
  ending === 'settled' &&
  recommendation?.memorySizeMB === source.memorySizeMB &&
  recommendation.architecture === source.architecture
