import type {Counts} from './judgement.ts'

/** What part of the baseline's rate the alternatives suppose. */
const parts = [0.05, 0.25, 0.6]

export const acceptanceAlternatives = parts.length

/**
 * ln E of one minute against "canary's rate ≥ baseline's rate + worseBy", for each alternative; null where one of the versions was
 * not called. The same argument as lnErrorShare's with r = 1, and A below 1: what bounds is now p_c − worseBy from below.
 * Multiplied over the minutes of a stage, the mean over the alternatives ever reaches 1/β in at most a share β of stages in
 * which the canary is that much worse.
 */
export function lnAcceptance(canary: Counts, baseline: Counts, worseBy: number, share: number): number[] | null {
  if (canary.calls === 0 || baseline.calls === 0) return null

  return parts.map(part => {
    const b = (canary.calls + baseline.calls) / (part * canary.calls + baseline.calls)
    const a = part * b
    return share * (canary.bad * Math.log(a) + baseline.bad * Math.log(b) + worseBy * canary.calls * (1 - a))
  })
}

/**
 * ln E of one minute against "its rate ≥ tooHigh", for each alternative, where nothing serves beside it; null where it was not called.
 * E = m^e · exp(n·q·(1 − m)), and E[E] = (1 − p·(1 − m))^n · exp(n·q·(1 − m)) ≤ exp(−n·(1 − m)·(p − q)) ≤ 1 for p ≥ q.
 */
export function lnAbsoluteAcceptance(counts: Counts, tooHigh: number, share: number): number[] | null {
  if (counts.calls === 0) return null

  return parts.map(part => share * (counts.bad * Math.log(part) + tooHigh * counts.calls * (1 - part)))
}
