import {usageError} from '../errors.ts'
import {readDuration} from '../services/time/duration.ts'
import type {LadderWish} from '../services/traffic/plan/shift-plan.ts'

export type LadderFlags = {
  readonly 'all-at-once': boolean
  readonly weight?: string | undefined
  readonly canary?: string | undefined
  readonly linear?: string | undefined
}

/**
 * How the traffic moves, of which a command line says one.
 * @throws UserError (exit 2) for none or several, and for what is no weight or no time
 */
export function ladderFrom(flags: LadderFlags): LadderWish {
  const given = (['all-at-once', 'weight', 'canary', 'linear'] as const).filter(name => flags[name])
  const [only, ...others] = given
  if (only === undefined || others.length > 0)
    throw usageError(
      only === undefined
        ? 'how the traffic is to move is not said'
        : `${given.map(name => `--${name}`).join(' and ')} are different ways to move traffic`,
      'say one of --canary 10%/5m, --linear 10%/1m, --weight 10%, --all-at-once',
    )
  const {weight = '', canary = '', linear = ''} = flags
  if (only === 'all-at-once') return {kind: only}
  if (only === 'weight') return {kind: only, basisPoints: basisPointsFrom(weight, `--weight ${weight}`, '--weight 10%')}
  if (only === 'canary') {
    const {amount, everyMs} = amountAndTime(canary, '--canary', '10%/5m')
    return {kind: only, basisPoints: partFrom(amount, `--canary ${canary}`, '--canary 10%/5m'), everyMs}
  }
  const {amount, everyMs} = amountAndTime(linear, '--linear', '10%/1m')
  const steps = /^(\d+)\s*x$/i.exec(amount)?.[1]
  if (steps === undefined) {
    const basisPoints = partFrom(amount, `--linear ${linear}`, '--linear 10%/1m, or in seven steps --linear 7x/1m')
    return {kind: only, by: {basisPoints}, everyMs}
  }
  if (Number(steps) < 2 || Number(steps) > mostSteps)
    throw usageError(
      `--linear ${linear}: there can be from 2 to ${mostSteps} steps`,
      'in seven steps, for example: --linear 7x/1m',
    )
  return {kind: only, by: {steps: Number(steps)}, everyMs}
}

/** each by a basis point, which is the least there is */
const mostSteps = 10_000

function amountAndTime(text: string, flag: string, example: string): {amount: string; everyMs: number} {
  const [amount = '', time, ...more] = text.split('/').map(part => part.trim())
  if (time === undefined || more.length > 0)
    throw usageError(`${flag} ${text} says no weight and time`, `write both, as in ${flag} ${example}`)
  const reading = readDuration(time)
  if ('problem' in reading) throw usageError(`${flag} ${text}: ${reading.problem}`, `for example ${flag} ${example}`)
  if (reading.ms < 1000)
    throw usageError(`${flag} ${text}: nothing is seen in no time`, `give it time, as in ${flag} ${example}`)
  return {amount, everyMs: reading.ms}
}

/**
 * A weight, as `10%`, `0.5%` or `12.34%`, in basis points.
 * @throws UserError (exit 2)
 */
function basisPointsFrom(text: string, said: string, example: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d*)?|\.\d+)\s*(%?)$/.exec(text.trim()) ?? []
  if (digits === undefined)
    throw usageError(`${said}: '${text.trim()}' is no weight`, `write percent, as in ${example}`)
  if (percent !== '%') throw usageError(`${said}: a weight is in percent`, `write the sign too, as in ${example}`)
  const exact = Number(digits) * 100
  const basisPoints = Math.round(exact)
  if (basisPoints > 10_000) throw usageError(`${said} is more than all traffic`, `100% is all; for example ${example}`)
  if (Math.abs(exact - basisPoints) > 1e-6)
    throw usageError(`${said} is finer than a weight can be`, `two decimals are the most, as in ${example}`)
  if (basisPoints === 0) throw usageError(`${said} moves nothing`, `0.01% is the least; slsops rollback takes all back`)
  return basisPoints
}

/** The same for a part of all traffic: all of it is no step on the way. */
function partFrom(text: string, said: string, example: string): number {
  const basisPoints = basisPointsFrom(text, said, example)
  if (basisPoints < 10_000) return basisPoints
  throw usageError(`${said} moves all traffic in its first step`, 'that is --all-at-once, with --bake for the time')
}
