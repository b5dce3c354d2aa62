import {usageError} from '../errors.ts'
import {type Level, levels} from '../services/logs/log-event.ts'

/**
 * The level that `--level` names, in any case; `warning` and `critical` are what others call two of them.
 * @throws UserError (exit 2) for what is none, and for one that is not among `choice`
 */
export function levelFrom(text: string, choice: readonly Level[] = levels): Level {
  const wanted = text.trim().toUpperCase()
  const level = choice.find(
    level =>
      level === wanted || (wanted === 'WARNING' && level === 'WARN') || (wanted === 'CRITICAL' && level === 'FATAL'),
  )
  if (level) return level
  const isOther = levels.some(other => other === wanted)
  throw usageError(
    isOther ? `--level ${text} is no level of errors` : `--level ${text} is no level`,
    `one of ${choice.join(', ').toLowerCase()}`,
  )
}
