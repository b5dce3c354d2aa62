import {randomInt} from 'node:crypto'
import {usageError} from '../errors.ts'

const idCharacters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The id of a run that begins now: `20261120-140711-k3f9x2ab`, in UTC. */
export function newRunId(now: number): string {
  const [day = '', time = ''] = new Date(now)
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .split('T')
  const ending = Array.from({length: 8}, () => idCharacters[randomInt(idCharacters.length)]).join('')
  return `${day}-${time}-${ending}`
}

export const isRunId = (text: string): boolean => /^\d{8}-\d{6}-[a-z0-9]{8}$/.test(text)

/**
 * A run's id as it was typed, which becomes part of a path.
 * @param listing the command that lists runs
 * @throws UserError (exit 2) for what is none
 */
export function checkedRunId(text: string, listing: string): string {
  if (isRunId(text)) return text
  throw usageError(`${text} is no run`, `runs are called like 20261120-140711-k3f9x2ab: ${listing}`)
}

/** When a run began, by its id: epoch ms. */
export const beginOf = (runId: string): number =>
  Date.parse(runId.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-.*/, '$1-$2-$3T$4:$5:$6Z'))
