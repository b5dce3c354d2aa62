import {slowThreshold} from '../evidence/slow-threshold.ts'
import type {ShiftRun} from './shift-run.ts'

/** Begins to read evidence, from before the first write on; nothing where nobody judges it. */
export function beginEvidence(run: ShiftRun): void {
  const {aws, plan, parts, members} = run
  if (run.reader !== null || plan.wish.gate === 'none' || plan.ladder === 'weight') return
  const watched = members.map(({member}) => {
    const {functionName, functionArn, alias, to, from, timeoutSeconds, logGroup, traffic} = member
    const slowMs = slowThreshold(traffic)
    return {functionName, functionArn, alias, canary: to, baseline: from, timeoutSeconds, slowMs, logGroup}
  })
  run.reader = parts.evidenceReader(aws, watched, {since: run.since, gateFilter: plan.wish.gateFilter})
}
