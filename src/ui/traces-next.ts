import type {ListedTrace} from '../services/traces/trace-summary.ts'
import type {TracesReport} from '../services/traces/traces-report.ts'
import {placeFlags} from './next-command.ts'
import {failedOutcomes} from './trace-words.ts'

/** The command that shows the trace one would look at first: the newest of those that ended worst. Null where there is none. Nothing in it can be more than a word. */
export function nextTraceCommand({traces, groups, coverage: {scopes}}: TracesReport): string | null {
  const id = groups ? groups.groups[0]?.sampleId : worst(traces)?.id
  const trace = traces.find(listed => listed.id === id)
  if (!trace || !/^[\w-]{1,64}$/.test(trace.id)) return null
  return [`slsops trace ${trace.id}`, ...placeFlags(trace, scopes)].join(' ')
}

function worst(traces: readonly ListedTrace[]): ListedTrace | undefined {
  const rank = ({outcome}: ListedTrace): number => [...failedOutcomes, 'ok'].indexOf(outcome)
  return traces.reduce<ListedTrace | undefined>((a, b) => (a === undefined || rank(b) < rank(a) ? b : a), undefined)
}
