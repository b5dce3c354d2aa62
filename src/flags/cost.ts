import * as Flags from '@oclif/core/flags'
import {usageError} from '../errors.ts'
import type {CostLimits} from '../services/cost-limit.ts'

export const costGroup = 'COST'

/** above this, slsops asks before it spends it */
const askAboveUSD = 0.5

/** Flags of every command that may cost money. */
export const costFlags = {
  'max-cost': Flags.string({
    helpGroup: costGroup,
    helpValue: 'USD',
    description: 'refuse what is estimated to cost more',
  }),
  yes: Flags.boolean({
    char: 'y',
    helpGroup: costGroup,
    description: `spend more than $${askAboveUSD.toFixed(2)} without being asked`,
  }),
}

export type CostFlags = {readonly 'max-cost'?: string | undefined; readonly yes: boolean}

/**
 * What may be spent, by the flags.
 * @throws UserError (exit 2) for what is no amount of dollars
 */
export function costLimitsFrom({'max-cost': maxCost, yes}: CostFlags): CostLimits {
  return {yes, maxCostUSD: maxCostFrom(maxCost), askAboveUSD}
}

/**
 * The dollars that `--max-cost` allows; null where it is not given.
 * @throws UserError (exit 2)
 */
function maxCostFrom(text: string | undefined): number | null {
  if (text === undefined) return null
  const amount = Number(text.trim().replace(/^\$/, '') || Number.NaN)
  if (!Number.isFinite(amount) || amount < 0)
    throw usageError(`--max-cost ${text} is no amount`, 'give US dollars, as in --max-cost 0.25')
  return amount
}
