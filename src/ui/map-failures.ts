import type {Failure} from '../services/traces/service-map.ts'
import {callsPerMinute, percent, time} from './map-numbers.ts'
import {counted} from './numbers.ts'
import {type Line, span} from './spans.ts'
import type {Glyphs} from './terminal.ts'

const mostFailures = 5
const mostCallers = 3

/** A line for each service in which failures begin: how many, and who feels them. */
export function failureLines(failures: readonly Failure[], {fail}: Glyphs): readonly Line[] {
  const lines = failures.slice(0, mostFailures).map(({service, stats, feltBy}): Line => {
    const numbers = [
      stats === null ? '' : `${percent(stats.faults, stats)} of ${callsPerMinute(stats)} calls/min`,
      stats === null || stats.p95Ms === null ? '' : `p95 ${time(stats.p95Ms)}`,
    ].filter(Boolean)
    const names = feltBy.slice(0, mostCallers).map(({shownName}) => shownName)
    const rest = feltBy.length - names.length
    return [
      span(`${fail} `, 'bad'),
      span('failures begin in '),
      span(service.shownName, 'bad'),
      span(numbers.length > 0 ? `: ${numbers.join(', ')}` : ''),
      ...(names.length > 0 ? [span(`; felt by ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`, 'dim')] : []),
    ]
  })
  const more = failures.length - lines.length
  if (more <= 0) return lines
  return [...lines, [span(`  and in ${counted(more, 'more service')}; --errors shows the ways to them`, 'dim')]]
}
