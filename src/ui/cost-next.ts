import type {CostReport} from '../services/fleet/cost/cost-report.ts'
import {placeFlags, shellWord} from './next-command.ts'

/** from here on, idle environments are worth a look */
const provisionedShare = 0.1

/**
 * The command that shows what to do about it: what is kept ready without need, where that is much of the cost; else where
 * cold starts come from, where inits are. Null where there is nothing to do.
 */
export function nextCost(
  {costUSD, components, items, coverage: {scopes}}: CostReport,
  targets: readonly string[],
): string | null {
  const [scope] = scopes
  if (!scope || costUSD <= 0) return null
  const place = placeFlags(items[0]?.fn ?? scope, scopes)
  if (components.provisioned >= provisionedShare * costUSD && components.provisioned > 0)
    return ['slsops unused', ...targets.map(shellWord), ...place].join(' ')
  if (components.init >= provisionedShare * costUSD && components.init > 0)
    return ['slsops coldstarts', ...targets.map(shellWord), ...place].join(' ')
  return null
}
