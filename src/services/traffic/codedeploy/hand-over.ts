import {usageError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import {stopSignal} from '../../stop-signal.ts'
import {toldWhile} from '../../told-while.ts'
import {aliasName} from '../alias/alias-state.ts'
import type {Member, ShiftPlan} from '../plan/shift-plan.ts'
import type {ShiftOptions} from '../shift/shift-functions.ts'
import {realParts} from '../shift/shift-parts.ts'
import type {ShiftStep} from '../shift/shift-steps.ts'
import {runDeployment} from './run-deployment.ts'

/**
 * Leaves a shift to CodeDeploy, and follows it: rewinds the weights to 0, creates a deployment with alarms and auto rollback.
 * The last step is `ended`.
 * @param signal aborted: the deployment is stopped with its own rollback, or, where the plan says so, left to go on
 * @throws UserError where nothing was changed
 */
export async function* handOver(
  aws: Aws,
  plan: ShiftPlan,
  options: ShiftOptions,
  signal: AbortSignal,
): AsyncGenerator<ShiftStep, void> {
  const {stopped, stop} = stopSignal(signal)
  const parts = options.parts ?? realParts
  yield* toldWhile<ShiftStep, void>(tell => runDeployment({aws, plan, options, parts, signal: stopped, tell}), stop)
}

/** @throws UserError (exit 2) for what CodeDeploy cannot do: it knows one alias a deployment, with one version when it begins */
export function checkHandOver(members: readonly Member[]): void {
  const [only, ...others] = members
  if (only === undefined) return
  if (others.length > 0)
    throw usageError(
      'CodeDeploy deploys each function by itself: if one goes back, the others do not',
      'hand over one function at a time, or leave --hand-over out',
    )
  const {before, from, to} = only
  const name = aliasName(only)
  if (from === to) throw usageError(`${name} serves ${to} already`, 'name another version by --to')
  if (before.additional !== null && before.additional.weight > 0 && before.additional.version !== to)
    throw usageError(
      `${name} serves two versions, ${before.version} and ${before.additional.version}, which CodeDeploy does not take over`,
      `finish that first: slsops rollback ${name}`,
    )
}
