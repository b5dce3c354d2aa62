import {usageError} from '../errors.ts'

export type CostLimits = {
  /** never ask */
  readonly yes: boolean
  /** what it may cost at most; null: nobody said */
  readonly maxCostUSD: number | null
  readonly askAboveUSD: number
}

/**
 * The dollars that may be spent in the end, whatever was estimated; null for any amount, which --yes or an answer allowed.
 * @param estimatedUSD as it was asked about by {@link mayCost}; null where nothing was
 */
export function mostSpent({yes, maxCostUSD, askAboveUSD}: CostLimits, estimatedUSD: number | null): number | null {
  if (maxCostUSD !== null) return maxCostUSD
  return yes || (estimatedUSD !== null && estimatedUSD > askAboveUSD) ? null : askAboveUSD
}

const fewerGroups = 'a shorter --since or fewer log groups cost less'

/**
 * Asks before money is spent: above a threshold and where nobody knows how much, if neither --yes nor --max-cost says
 * that it may be.
 * @param costUSD as estimated; null where nobody knows, which `estimate` then says
 * @param confirm resolves to null where nobody can be asked
 * @param cheaper what would cost less, in a sentence
 * @throws UserError (exit 2) for a refusal, where nobody can be asked, and above --max-cost
 */
export async function mayCost(
  costUSD: number | null,
  estimate: string,
  {yes, maxCostUSD, askAboveUSD}: CostLimits,
  confirm: (question: string) => Promise<boolean | null>,
  cheaper: string = fewerGroups,
): Promise<void> {
  if (maxCostUSD !== null && (costUSD ?? 0) > maxCostUSD)
    throw usageError(`that is more than --max-cost ${maxCostUSD}: ${estimate}`, cheaper)
  if (yes || maxCostUSD !== null || (costUSD !== null && costUSD <= askAboveUSD)) return
  const answer = await confirm(`${estimate}. Go on?`)
  if (answer === null)
    throw usageError(
      costUSD === null ? estimate : `that costs money: ${estimate}`,
      `allow it with --yes or --max-cost; ${cheaper}`,
    )
  if (!answer) throw usageError('not run: it was refused', cheaper)
}
