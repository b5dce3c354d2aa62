import type {Gap} from '../services/receipt.ts'
import type {ShiftPlan, Stage} from '../services/traffic/plan/shift-plan.ts'
import type {MemberOutcome, ShiftReport} from '../services/traffic/shift/shift-steps.ts'
import {movedFields, servesFields} from './alias-json.ts'
import {aliasText} from './alias-words.ts'
import {isoClock} from './iso-clock.ts'
import {percentNumber} from './numbers.ts'
import {reportJson} from './report-json.ts'
import type {ShiftCourse} from './shift-course.ts'
import {movedMembers, undoCommands} from './shift-undo.ts'
import {isJudged} from './shift-words.ts'

/** What was done, as one `slsops/shift@1` document. */
export function shiftJson(report: ShiftReport, course: ShiftCourse, leftOut: readonly Gap[]): string {
  const {plan, members, outcome, verdict, why, byGate, startedAt, endedAt, writes, standing, isOpen = false} = report
  const iso = isoClock()
  return reportJson(
    'shift',
    {
      window: {start: startedAt, end: endedAt},
      scopes: [plan.scope],
      gaps: [...leftOut, ...members.flatMap(outcome => gapsOf(outcome, plan))],
    },
    {
      ...headFields(plan),
      // what is back where it was needs no undo
      undo: outcome === 'rolled-back' ? null : undoOf({...plan, members: movedMembers(report)}),
      state: outcome,
      // nobody judged: there is none
      verdict: isJudged(plan) ? verdict : null,
      why,
      byGate,
      resumable: isOpen,
      writes,
      durationMs: endedAt - startedAt,
      harm: isJudged(plan) ? finite(standing.harm) : null,
      harmAt: isJudged(plan) ? finite(standing.harmAt) : null,
      blamed: standing.blamed ?? [],
      stages: plan.stages.map(stage => stageFields(stage)),
      weights: course.weights.map(({at, basisPoints, wave}) => ({
        at: iso(at),
        weightPercent: percentOf(basisPoints),
        functions: wave,
      })),
      alarms: alarmFields(standing.alarms),
      evidence: members.flatMap(evidenceFields),
      functions: members.map(({member, basisPoints, judgement, state, serves, detail}) => ({
        ...movedFields(member, plan.scope),
        weightPercent: percentOf(basisPoints),
        verdict: judgement?.verdict ?? null,
        // who keeps the old version as asked was held
        state: state === 'muted' ? 'held' : state,
        detail,
        serves: servesFields(serves),
        revisionId: serves?.revisionId ?? null,
      })),
      events: course.events.map(({at, severity, text}) => ({at: iso(at), severity, text})),
    },
  )
}

/** What would be done, as one `slsops/shift-plan@1` document. @param now epoch ms */
export function shiftPlanJson(plan: ShiftPlan, leftOut: readonly Gap[], now: number): string {
  const iso = isoClock()
  const {wish, stages, members, credentialsExpireAt} = plan
  return reportJson(
    'shift-plan',
    {window: {start: now, end: now}, scopes: [plan.scope], gaps: leftOut},
    {
      ...headFields(plan),
      undo: undoOf(plan),
      ladder: plan.ladder,
      commits: plan.commits,
      stages: stages.map(stageFields),
      leastMs: plan.leastMs,
      expectedMs: plan.expectedMs,
      maxTimeMs: plan.maxTimeMs,
      gate: wish.gate,
      gateFilter: wish.gateFilter,
      judge: wish.judge,
      onInconclusive: wish.onInconclusive,
      onInterrupt: wish.onInterrupt,
      alarms: alarmFields(plan.alarms),
      deadManMs: wish.deadMan?.afterMs ?? null,
      handOver: wish.handOver,
      credentialsExpire: credentialsExpireAt === null ? null : iso(credentialsExpireAt),
      sameReleaseShare: plan.sameRelease,
      writesPerStage: plan.writesPerStage,
      gateCostUSD: plan.gateCostUSD,
      warnings: plan.warnings,
      functions: members.map(member => ({
        ...movedFields(member, plan.scope),
        weightPercent: percentOf(member.at),
        revisionId: member.before.revisionId,
        differences: member.differences,
        traffic:
          'value' in member.traffic
            ? member.traffic.value
            : {unknown: member.traffic.unknown, detail: member.traffic.detail},
        provisioned: member.provisioned,
        managers: member.managers,
        evidenceMs: member.evidenceMs,
        muted: wish.muted.includes(member.functionName) || (wish.solo !== null && wish.solo !== member.functionName),
        notes: member.notes,
      })),
    },
  )
}

const headFields = ({runId, resumes, caller, wish}: ShiftPlan) => ({
  runId: resumes ?? runId,
  caller,
  note: wish.note,
})

const undoOf = (plan: Pick<ShiftPlan, 'members' | 'scope'>): string | null => {
  const commands = undoCommands(plan)
  return commands.length === 0 ? null : commands.join(' && ')
}

const stageFields = ({basisPoints, minMs, wave}: Stage) => ({
  weightPercent: percentOf(basisPoints),
  minMs,
  functions: wave,
})

const alarmFields = (alarms: ShiftPlan['alarms']) => {
  const iso = isoClock()
  return alarms.map(({name, kind, state, since, reason, isEvaluated}) => ({
    name,
    kind,
    state,
    since: since === null ? null : iso(since),
    reason,
    evaluated: isEvaluated,
  }))
}

function evidenceFields({member, judgement, evidence}: MemberOutcome): readonly object[] {
  if (judgement === null && evidence === null) return []
  const {functionName, alias} = member
  return [
    {
      function: functionName,
      alias,
      source: evidence?.source ?? null,
      verdict: judgement?.verdict ?? null,
      why: judgement?.why ?? null,
      harm: judgement && finite(judgement.harm),
      harmAt: judgement && finite(judgement.harmAt),
      health: judgement && finite(judgement.health),
      healthAt: judgement && finite(judgement.healthAt),
      canary: evidence && {version: member.to, ...evidence.canary},
      baseline: evidence && {version: member.from, ...evidence.baseline},
      effects: judgement?.effects ?? [],
      harmByMinute: judgement?.harmByMinute.map(finite) ?? [],
      gaps: evidence?.gaps ?? [],
    },
  ]
}

/** JSON has no infinity: evidence beyond what a double holds is the largest one. */
const finite = (value: number): number | null => (Number.isNaN(value) ? null : Math.min(value, Number.MAX_VALUE))

const percentOf = (basisPoints: number): number => percentNumber(basisPoints / 10_000)

function gapsOf({member, evidence, serves, detail}: MemberOutcome, {scope}: ShiftPlan): readonly Gap[] {
  const gap = (said: string): Gap => ({
    what: aliasText(member),
    account: scope.account,
    region: scope.region,
    reason: 'failed',
    detail: said,
    function: member.functionName,
  })
  return [
    ...(evidence?.gaps ?? []).map(gap),
    ...(serves === null ? [gap(detail ?? 'what it serves could not be read back')] : []),
  ]
}
