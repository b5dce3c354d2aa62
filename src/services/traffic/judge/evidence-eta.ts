import {acceptanceAlternatives, lnAbsoluteAcceptance, lnAcceptance} from './acceptance.ts'
import {usuallySlow} from './harm.ts'
import {callsTo, slowerBy} from './health.ts'
import type {JudgeSettings} from './judgement.ts'

const minuteMs = 60_000

/**
 * How long health takes to show, in ms, whole minutes as CloudWatch counts; null: never at this traffic. Of a function that does not
 * fail that is how long it takes; of one that fails now and then, with both versions alike, what the evidence grows by on average:
 * chance is kinder, and half of the stages take three fifths to four fifths of that (bench/shift-judge.ts). Latency has to show it too.
 * @param basisPoints the canary's share of the traffic; 10,000: alone, and judged without a baseline
 * @param repeats how often one failure may be counted, as in JudgeInput
 */
export function evidenceMs(
  traffic: {readonly perMinute: number; readonly errorRate: number},
  basisPoints: number,
  settings: JudgeSettings,
  repeats = 1,
): number | null {
  const weight = basisPoints / 10_000
  const ofCanary = traffic.perMinute * weight
  if (!(ofCanary > 0)) return null

  const calls = [
    healthyCalls({usual: traffic.errorRate, worseBy: settings.worseBy}, weight, settings, repeats),
    healthyCalls({usual: usuallySlow, worseBy: slowerBy}, weight, settings, repeats),
  ]
  const most = calls.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)))
  return most === null ? null : Math.ceil(most / ofCanary) * minuteMs
}

function healthyCalls(
  {usual, worseBy}: {readonly usual: number; readonly worseBy: number},
  weight: number,
  settings: Pick<JudgeSettings, 'beta'>,
  repeats: number,
): number | null {
  const share = 1 / Math.max(1, repeats)
  const canary = {calls: 1, bad: usual}
  const ratio = (1 - weight) / weight
  const lnPerCall =
    weight >= 1
      ? lnAbsoluteAcceptance(canary, usual + worseBy, share)
      : lnAcceptance(canary, {calls: ratio, bad: ratio * usual}, worseBy, share)
  const none = new Array<number>(acceptanceAlternatives).fill(0)
  return lnPerCall && callsTo(Math.log(1 / settings.beta), none, lnPerCall)
}
