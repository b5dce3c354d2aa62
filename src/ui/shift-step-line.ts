import type {VersionFigures} from '../services/traffic/evidence/evidence.ts'
import type {ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import type {MemberStanding, ShiftStanding, ShiftStep} from '../services/traffic/shift/shift-steps.ts'
import {aliasText} from './alias-words.ts'
import {count, counted, roughDuration} from './numbers.ts'
import {countsText, harmTone, healthText, metricWords, toldEffects} from './shift-evidence.ts'
import {judgedNow, waveText} from './shift-waves.ts'
import {endWord, evidenceText, isJudged, movesText, weightText} from './shift-words.ts'
import {type Line, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type StepLineOptions = {
  readonly now: () => number
  /** a moment as it stands before each line */
  readonly time: (ms: number) => string
}

/** the least time between two lines that say the same but for their numbers */
const quietMs = 60_000
/** members that are told of in one line, the worst first */
const mostTold = 2

/**
 * What just happened, in a line, for who looks at no view. Where the shift stands is told when its verdict, its stage or a member's
 * state changes, and once a minute else.
 * @returns null for what is not worth one
 */
export function shiftStepLines({
  now,
  time,
}: StepLineOptions): (step: ShiftStep, terminal: Pick<Terminal, 'unicode'>) => Line | null {
  let toldAt = Number.NEGATIVE_INFINITY
  let told = ''
  let lastDoing = ''
  let plan: ShiftPlan | null = null
  const isNews = (standing: ShiftStanding): boolean => {
    const key = stateOf(standing)
    if (key === told && now() - toldAt < quietMs) return false
    told = key
    toldAt = now()
    return true
  }
  return (step, terminal) => {
    const line = (at: number, ...spans: readonly Span[]): Line => [span(`${time(at)} `, 'dim'), ...spans]
    const {dot, atLeast} = glyphsFor(terminal)
    switch (step.kind) {
      case 'begun':
        ;({plan} = step)
        return line(now(), span(`shifting ${movesText(plan.members, terminal)} ${dot} run ${plan.runId}`, 'dim'))
      case 'doing':
        if (step.what === lastDoing) return null
        lastDoing = step.what
        return line(now(), span(step.what, 'dim'))
      case 'stage': {
        const {stage, standing} = step
        // what is said of its verdict is of the weight before
        told = ''
        const least = stage.minMs > 0 ? ` for ${atLeast} ${roughDuration(stage.minMs)}` : ''
        const {stages = []} = plan ?? {}
        const which = stages.length > 1 ? ` ${dot} step ${standing.stage + 1} of ${stages.length}` : ''
        const wave = waveText(stages, stage.wave)
        return line(
          now(),
          span(wave === '' ? '' : `${wave}: all `),
          span(`at ${weightText(stage.basisPoints)}`, 'strong'),
          span(least),
          span(which, 'dim'),
        )
      }
      case 'standing': {
        if (!isNews(step.standing)) return null
        const spans =
          plan === null || isJudged(plan)
            ? standingSpans(plan, step.standing, terminal)
            : unjudgedSpans(plan, step.standing, terminal)
        return spans.length === 0 ? null : line(now(), ...spans)
      }
      case 'event': {
        const tone = step.severity === 'bad' ? 'bad' : step.severity === 'warning' ? 'look' : 'plain'
        return line(step.at, span(step.text, tone))
      }
      case 'ended': {
        const {outcome, why, writes} = step.report
        const tone = outcome === 'done' ? 'good' : outcome === 'held' ? 'look' : 'bad'
        // CodeDeploy writes by itself
        const wrote = writes === 0 ? '' : ` ${dot} ${counted(writes, 'write')}`
        return line(now(), span(endWord(step.report), tone), span(`: ${why}${wrote}`))
      }
    }
  }
}

/** What a new line is due for when it changes. */
const stateOf = ({stage, verdict, isPaused, waitsFor, alarms, members, blamed = []}: ShiftStanding): string =>
  JSON.stringify([
    stage,
    verdict,
    isPaused,
    waitsFor === null,
    alarms.map(({state}) => state),
    members.map(({state}) => state),
    blamed,
  ])

function standingSpans(
  plan: ShiftPlan | null,
  standing: ShiftStanding,
  terminal: Pick<Terminal, 'unicode'>,
): readonly Span[] {
  const {verdict, harm, harmAt, waitsFor, members, blamed = []} = standing
  const {dot} = glyphsFor(terminal)
  const watched = members.filter(({state}) => state !== 'muted' && state !== 'waiting')
  const judged = judgedNow(plan, standing)
  const healthy = judged.filter(({judgement}) => judgement?.verdict === 'healthy').length
  const worst = watched
    .toSorted((one, other) => (other.judgement?.harm ?? 0) - (one.judgement?.harm ?? 0))
    .slice(0, mostTold)
  const [only] = watched
  const needs = members.length === 1 && only && verdict === 'inconclusive' ? healthText(only, terminal) : ''
  const facts = [
    ...worst.map(each => memberText(each, members.length > 1, terminal)),
    ...(members.length > 1 && judged.length > 0 ? [`${count(healthy)} of ${count(judged.length)} healthy`] : []),
    needs,
    blamed.length > 0 && members.length > 1 ? `by ${blamed.slice(0, mostTold).join(', ')}` : '',
    // what is missing says the same as why it waits
    waitsFor === null || needs !== '' ? '' : `waits: ${waitsFor}`,
  ].filter(Boolean)
  return [
    span(verdict, verdict === 'healthy' ? 'good' : verdict === 'unhealthy' ? 'bad' : 'plain'),
    span(` ${dot} harm `),
    span(evidenceText(harm), harmTone(harm, harmAt)),
    span(` of ${evidenceText(harmAt)}`),
    ...facts.map(fact => span(` ${dot} ${fact}`)),
  ]
}

/** Where nobody judges: what was counted, and what the alarms say; nothing before there is any of it. */
function unjudgedSpans(
  {wish}: ShiftPlan,
  {members, alarms, waitsFor}: ShiftStanding,
  terminal: Pick<Terminal, 'unicode'>,
): readonly Span[] {
  const [only] = members
  const facts = [
    // of a deployment what CodeDeploy says of it
    ...(wish.handOver === null || only === undefined || only.detail === null
      ? []
      : [`CodeDeploy: ${only.detail}`, `${only.member.to} has ${weightText(only.basisPoints)}`]),
    ...members
      .filter(({evidence}) => evidence !== null && evidence.canary.calls + evidence.baseline.calls > 0)
      .slice(0, mostTold)
      .map(each => memberText(each, members.length > 1, terminal)),
    ...alarms.map(({name, state}) => `${name} ${state}`),
    ...(waitsFor === null ? [] : [`waits: ${waitsFor}`]),
  ]
  return facts.length === 0 ? [] : [span(facts.join(` ${glyphsFor(terminal).dot} `))]
}

/** `42: 1 of 100 failed (1.0 %, 0.2–5.4 %), 41: 2 of 900 (0.2 %, 0.1–0.8 %)` */
function memberText(standing: MemberStanding, isNamed: boolean, terminal: Pick<Terminal, 'unicode'>): string {
  const {member, evidence} = standing
  const {from, to} = member
  const name = isNamed ? `${aliasText(member)} ` : ''
  if (evidence === null) return `${name}nothing read yet`
  if (evidence.canary.calls + evidence.baseline.calls === 0) return `${name}no calls yet`
  const effects = toldEffects(standing)
  if (effects.length === 0)
    return `${name}${to}: ${figuresText(evidence.canary)} failed, ${from}: ${figuresText(evidence.baseline)}`
  return `${name}${effects
    .map(({metric, canary, baseline}) => {
      const theirs = baseline.calls === 0 ? '' : `, ${from}: ${countsText(baseline, terminal)}`
      return `${to}: ${countsText(canary, terminal, metricWords[metric])}${theirs}`
    })
    .join(` ${glyphsFor(terminal).dot} `)}`
}

const figuresText = ({calls, errors}: VersionFigures): string => `${count(errors)} of ${count(calls)}`
