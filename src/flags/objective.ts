import {usageError} from '../errors.ts'
import {readDuration} from '../services/time/duration.ts'
import type {Goal, Objective, Slo} from '../services/tuning/objective.ts'
import {shareFrom} from './share.ts'

/** a difference that nobody cares about */
const indifference = 0.03

type ObjectiveFlags = {
  readonly goal: Goal['kind']
  readonly 'balance-weight'?: string | undefined
  readonly slo?: string | undefined
  readonly 'cost-tolerance'?: string | undefined
}

/**
 * What a memory size is chosen by.
 * @throws UserError (exit 2) for what cannot be meant
 */
export function objectiveFrom(flags: ObjectiveFlags): Objective {
  const {goal, slo, 'balance-weight': weight, 'cost-tolerance': tolerance} = flags
  if (weight !== undefined && goal !== 'balanced')
    throw usageError('--balance-weight is for --goal balanced', 'add --goal balanced')
  if (tolerance !== undefined && goal !== 'cheapest')
    throw usageError(
      `--cost-tolerance takes the fastest of the nearly cheapest, and does not go with --goal ${goal}`,
      'leave one of them out',
    )
  return {
    goal:
      goal === 'balanced'
        ? {kind: goal, weight: weight === undefined ? 0.5 : shareFrom(weight, '--balance-weight')}
        : {kind: goal},
    slo: slo === undefined ? null : sloFrom(slo),
    costTolerance: tolerance === undefined ? null : shareFrom(tolerance, '--cost-tolerance'),
    indifference,
  }
}

const percentiles = [50, 90, 95, 99] as const

/** `p95=300ms`, also `p95<300ms`. */
function sloFrom(text: string): Slo {
  const [, named = '', limit = ''] = /^p(\d{1,3})\s*[=<]\s*(.*)$/i.exec(text.trim()) ?? []
  const percentile = percentiles.find(known => String(known) === named)
  if (percentile === undefined)
    throw usageError(`--slo ${text} is no latency objective`, 'give p50, p90, p95 or p99, as in --slo p95=300ms')
  const wrong = (why: string, example: string): Error =>
    usageError(`--slo ${text}: ${why}`, `for example --slo p${percentile}=${example}`)
  if (/^\d+(\.\d+)?$/.test(limit)) throw wrong(`${limit} has no unit (ms or s)`, `${limit}ms`)
  const reading = limit === '' ? {problem: 'the limit is missing'} : readDuration(limit.trim())
  if ('problem' in reading) throw wrong(reading.problem, '300ms')
  if (reading.ms === 0) throw wrong('nothing is done in no time', '300ms')
  return {percentile, limitMs: reading.ms}
}
