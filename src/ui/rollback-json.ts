import type {Gap} from '../services/receipt.ts'
import type {Routing} from '../services/traffic/alias/alias-state.ts'
import type {ServedVersion} from '../services/traffic/evidence/served-versions.ts'
import type {
  RollbackEvidence,
  RollbackMember,
  RollbackOutcome,
  RollbackPlan,
  RollbackReport,
} from '../services/traffic/rollback/rollback.ts'
import {movedFields, servesFields} from './alias-json.ts'
import {aliasText} from './alias-words.ts'
import {isoClock} from './iso-clock.ts'
import {microseconds, percentNumber} from './numbers.ts'
import {reportJson} from './report-json.ts'
import {undoCommands} from './rollback-words.ts'

/** What would be done, as one `slsops/rollback-plan@1` document. */
export function rollbackPlanJson(plan: RollbackPlan, now: number): string {
  const {members, scope, leftOut} = plan
  return reportJson(
    'rollback-plan',
    {window: {start: now, end: now}, scopes: [scope], gaps: leftOut},
    {
      ...headFields(plan),
      functions: members.map(member => ({
        ...memberFields(member, plan),
        weightPercent: percentOf(member.before, member.to),
        revisionId: member.before.revisionId,
        change: member.isThere ? 'none' : member.deploymentId === null ? 'update-alias' : 'stop-deployment',
        deploymentId: member.deploymentId,
        notes: member.notes,
      })),
    },
  )
}

/** What was done, as one `slsops/rollback@1` document. */
export function rollbackJson({plan, members, writes, startedAt, endedAt}: RollbackReport): string {
  const iso = isoClock()
  const {scope, leftOut} = plan
  return reportJson(
    'rollback',
    {
      window: {start: startedAt, end: endedAt},
      scopes: [scope],
      gaps: [...leftOut, ...members.flatMap(outcome => gapOf(outcome, plan))],
    },
    {
      ...headFields(plan),
      writes,
      functions: members.map(({member, serves, state, readAt, detail, durableExecutions, notes}) => ({
        ...memberFields(member, plan),
        weightPercent: serves === null ? null : percentOf(serves, member.to),
        verdict: null,
        state,
        detail,
        serves: servesFields(serves),
        readAt: readAt === null ? null : iso(readAt),
        revisionId: serves?.revisionId ?? null,
        durableExecutions,
        notes: [...member.notes, ...notes],
      })),
    },
  )
}

function headFields(plan: RollbackPlan) {
  const {runId, caller, note, members} = plan
  const undo = undoCommands(plan)
  return {
    runId,
    caller,
    note,
    undo: undo.length === 0 ? null : undo.join(' && '),
    evidence: members.flatMap(member => member.evidence.map(evidence => evidenceFields(member, evidence))),
  }
}

const evidenceFields = ({functionName, alias}: RollbackMember, {source, version, detail}: RollbackEvidence) => ({
  function: functionName,
  alias,
  source,
  version,
  detail,
})

function memberFields(member: RollbackMember, {scope}: RollbackPlan) {
  const {serving, previous, aborts} = member
  return {
    ...movedFields(member, scope),
    aborts: aborts?.runId ?? null,
    serving: serving && servedFields(serving),
    previous: previous && servedFields(previous),
  }
}

function servedFields({version, calls, errors, p95Ms, firstAt, lastAt}: ServedVersion) {
  const iso = isoClock()
  return {
    version,
    calls,
    errors,
    p95Ms: p95Ms === null ? null : microseconds(p95Ms),
    firstSeen: firstAt === null ? null : iso(firstAt),
    lastSeen: lastAt === null ? null : iso(lastAt),
  }
}

/** Of an alias's traffic, what a version has. */
function percentOf({version, additional}: Routing, wanted: string): number {
  const weight = additional?.weight ?? 0
  const share = version === wanted ? 1 - weight : additional?.version === wanted ? weight : 0
  return percentNumber(share)
}

function gapOf({member, state, detail}: RollbackOutcome, {scope: {account, region}}: RollbackPlan): readonly Gap[] {
  if (state === 'done') return []
  return [
    {
      what: aliasText(member),
      account,
      region,
      reason: 'failed',
      detail: detail ?? state,
      function: member.functionName,
    },
  ]
}
