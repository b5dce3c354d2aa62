import type {Scope} from '../services/aws/scope.ts'
import type {Sample} from '../services/tuning/sample.ts'
import type {TunePlan} from '../services/tuning/tune-plan.ts'
import type {TuneReport} from '../services/tuning/tune-report.ts'
import {placeFlags, shellWord} from './next-command.ts'
import {isWholeEnding, placeOf, targetText, wasBegun} from './tune-words.ts'

/** The command that removes what a run left in AWS. */
export const cleanupCommand = (plan: TunePlan, scope: Scope): string =>
  ['slsops tune --cleanup', shellWord(plan.runId), ...flagsOf(plan, scope)].join(' ')

/** The command that sets the winner of a run that is over, without measuring again. */
export const applyCommand = (plan: TunePlan, scope: Scope): string =>
  ['slsops tune --resume', shellWord(plan.runId), '--apply', ...flagsOf(plan, scope)].join(' ')

/** What to do next: remove what is left, go on where it was stopped, measure what was only supposed. Null where nothing is to be done. */
export function nextTuneCommand(report: TuneReport, scope: Scope, applyCommand: string | null): string | null {
  const {plan, ending, recommendation, cleanup, samples} = report
  if (!cleanup.cleanedUp) return cleanupCommand(plan, scope)
  if (ending === 'observed') {
    const range = report.worthMeasuring === undefined ? [] : [`--memory ${report.worthMeasuring.join('..')}`]
    return ['slsops tune', shellWord(targetText(plan)), ...range, ...flagsOf(plan, scope)].join(' ')
  }
  if (ending === 'failing') {
    // the clone's log is gone, and that of the function may tell of the same
    if (samples.length > 0 && samples.every(isBeyondPayload))
      return ['slsops logs', shellWord(plan.source.name), '--failed', ...flagsOf(plan, scope)].join(' ')
    // a payload that it works on; one that was given may be no better than none
    return ['slsops tune', shellWord(targetText(plan)), '--payload @payload.json', ...flagsOf(plan, scope)].join(' ')
  }
  if (ending === 'deployed-meanwhile') return null
  if (!isWholeEnding(ending))
    return samples.length === 0
      ? null
      : ['slsops tune --resume', shellWord(plan.runId), ...largerLimit(report), ...flagsOf(plan, scope)].join(' ')
  return recommendation === null ? null : applyCommand
}

/** The command that tunes those that were not begun, by the same objective; null where all were. Payloads are for who types it. */
export function notBegunCommand(reports: readonly TuneReport[], scope: Scope): string | null {
  const plans = reports.filter(report => !wasBegun(report)).map(({plan}) => plan)
  const [first] = plans
  if (first === undefined) return null
  const {mode, objective, isPayloadAssumed, mayPropose, candidates} = first
  const {goal, slo, costTolerance} = objective
  const sizes = [...new Set(candidates.map(({memorySizeMB}) => memorySizeMB))].sort((a, b) => a - b)
  return [
    'slsops tune',
    ...plans.map(plan => shellWord(targetText(plan))),
    ...(mayPropose ? [] : ['--memory', sizes.join(',')]),
    ...(mode === 'shadow' ? [] : ['--mode', mode]),
    ...(goal.kind === 'cheapest' ? [] : ['--goal', goal.kind]),
    ...(goal.kind === 'balanced' && goal.weight !== 0.5 ? ['--balance-weight', String(goal.weight)] : []),
    ...(slo === null ? [] : ['--slo', `p${slo.percentile}=${slo.limitMs}ms`]),
    ...(costTolerance === null ? [] : ['--cost-tolerance', String(costTolerance)]),
    ...(isPayloadAssumed ? [] : ['--payload', '@payload.json']),
    ...flagsOf(first, scope),
  ].join(' ')
}

/** Whether no other payload mends it: its init failed, the process is gone, or what began as it was made took too long. */
const isBeyondPayload = ({outcome, errorType, isCold}: Sample): boolean =>
  outcome === 'init-error' || errorType === 'Runtime.ExitError' || (outcome === 'timeout' && isCold)

/** Twice the limit that a run came to: with the same it would end at once. */
function largerLimit({ending, plan: {limits}}: TuneReport): readonly string[] {
  if (ending === 'max-cost') return [`--max-cost ${dollars(2 * limits.maxCostUSD)}`]
  if (ending === 'max-time') return [`--max-time ${timeFlag(2 * limits.maxTimeMs)}`]
  return ending === 'max-invocations' || ending === 'not-separable'
    ? [`--max-invocations ${2 * limits.maxInvocations}`]
    : []
}

/** In two digits that tell something, rounded up, as the flag takes it: never with an exponent. */
function dollars(amountUSD: number): string {
  const places = Math.max(2, 1 - Math.floor(Math.log10(amountUSD)))
  const up = Math.ceil(amountUSD * 10 ** places - 1e-6) / 10 ** places
  return up.toFixed(places).replace(/\.?0+$/, '')
}

function timeFlag(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`
}

const flagsOf = (plan: TunePlan, scope: Scope): readonly string[] => placeFlags(placeOf(plan), [scope])
