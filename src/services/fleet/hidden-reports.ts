import type {Unknown} from '../../known.ts'
import type {FleetFunction} from './fleet-function.ts'

/** Why a function's log has no reports, by its configuration alone; null where it has. Only JSON logs have a level. */
export function whyHidden({logFormat, systemLogLevel}: FleetFunction): Unknown | null {
  return logFormat === 'JSON' && systemLogLevel === 'WARN'
    ? {unknown: 'hidden', detail: 'SystemLogLevel=WARN keeps reports out of its log'}
    : null
}
