import {candidateKey} from '../candidate.ts'
import {memoryText} from '../memory-sizes.ts'
import type {Standing} from '../standing.ts'
import type {TunePlan} from '../tune-plan.ts'

/** Traffic differs from hour to hour, and so does a shared machine: less tells nothing of a payload. */
const noticeable = 2

/** The median of fewer is that of chance. */
const leastWarm = 4

/** What takes so little longer or shorter is no other work. */
const leastMs = 10

/**
 * What tells that a payload is not what the function does all day: at the size that it has, it takes another time than the
 * function's traffic does. Null where it does not, or nobody knows what the traffic takes.
 */
export function unlikeTraffic(
  {source, usualMs}: Pick<TunePlan, 'source' | 'usualMs'>,
  standings: readonly Standing[],
): string | null {
  const now = standings.find(each => candidateKey(each) === candidateKey(source))
  if (!now || usualMs === null || usualMs <= 0) return null
  const {p50Ms, invocations, coldStarts, failures} = now
  if (p50Ms === null || p50Ms <= 0 || invocations - coldStarts - failures < leastWarm) return null
  if (Math.abs(p50Ms - usualMs) < leastMs) return null
  const times = Math.max(p50Ms / usualMs, usualMs / p50Ms)
  if (times < noticeable) return null
  const which = p50Ms > usualMs ? 'slower' : 'faster'
  return `${times.toFixed(1)} × ${which} than its traffic of the last day at ${memoryText(source.memorySizeMB)} (half of the calls took ${msText(p50Ms)} at most, of its traffic ${msText(usualMs)}): is this payload typical of it?`
}

const msText = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en')} ms`
