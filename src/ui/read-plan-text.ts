import type {ReadPlan} from '../services/logs/read-plan.ts'
import {bytes, roughDuration, roughUSD, usd} from './numbers.ts'
import type {ReadingPlan} from './receipt-text.ts'

/** What the header of a read says of its plan; nothing where nothing is asked of AWS. */
export function plannedRead(
  plan: ReadPlan | null,
): Pick<ReadingPlan, 'callsPerSecond' | 'firstEventsAfterMs' | 'paid'> {
  if (plan === null) return {callsPerSecond: null, firstEventsAfterMs: 0, paid: null}
  const {callsPerSecond, firstEventsAfterMs} = plan
  return {callsPerSecond, firstEventsAfterMs, paid: paidText(plan)}
}

function paidText({engine, estimate, byInsights, liveSessions}: ReadPlan): string | null {
  if (liveSessions > 0) return `Live Tail, ${usd(estimate.costUSDPerHour)} an hour`
  if (byInsights.size === 0) return null
  const price = roughUSD(estimate.costUSD)
  const about = estimate.costUSD === 0 ? '' : price.startsWith('under') ? `, ${price}` : `, about ${price}`
  return `${engine === 'insights' ? '' : `${byInsights.size} by `}Logs Insights${about}`
}

/** What a read will take, in a sentence: `Logs Insights will scan about 198 MB: $0.60, 12 s`. */
export function estimateText({estimate: {scannedBytes, costUSD, seconds}}: ReadPlan): string {
  return `Logs Insights will scan about ${bytes(scannedBytes)}: ${roughUSD(costUSD)}, ${roughDuration(seconds * 1000)}`
}

/** A plan as `slsops/read-plan@1`, with its line end. */
export function planJson({engine, logGroups, callsPerSecond, firstEventsAfterMs, estimate, why}: ReadPlan): string {
  const plan = {schema: 'slsops/read-plan@1', engine, logGroups, callsPerSecond, firstEventsAfterMs, estimate, why}
  return `${JSON.stringify(plan)}\n`
}

/** A plan with its arithmetic, a line each. */
export const planText = ({engine, why}: ReadPlan): string => [`engine ${engine}`, ...why].join('\n  ').concat('\n')
