import type {GateAlarm} from '../services/traffic/evidence/evidence.ts'
import type {ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import {whenText} from './alias-words.ts'
import {paintedFacts, titled} from './fact-rows.ts'
import {counted, percent, roughDuration, roughUSD} from './numbers.ts'
import {memberLines, memberNotes, membersTable} from './shift-plan-members.ts'
import {stageRows} from './shift-stages.ts'
import {undoCommands} from './shift-undo.ts'
import {inTheEnd, movesText, type ShiftClock} from './shift-words.ts'
import {type Line, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/** alarms of a deployment group that are named */
const mostAlarms = 3

export type ShiftPlanTextOptions = {
  readonly terminal: Terminal
  readonly clock: ShiftClock
  /** epoch ms */
  readonly now: number
  readonly isDryRun: boolean
}

/** calls a second that a shift keeps below, of the control plane's 15 */
const writesPerSecond = 10
/** functions whose undo commands still read */
const mostUndone = 8
const wholeBasisPoints = 10_000
/** below it the warnings tell it */
const seldomMixed = 0.9

type Row = (title: string, ...spans: readonly Span[]) => readonly Line[]

/** What will be done, how long it takes, what judges it, and the way back: shown before it is asked about. What to look at comes first. */
export function shiftPlanText(plan: ShiftPlan, options: ShiftPlanTextOptions): string {
  const {terminal, isDryRun} = options
  const {members, caller, warnings, wish} = plan
  const [first, ...others] = members
  if (first === undefined) return ''
  const row: Row = (title, ...spans) => titled(title, spans, terminal)
  return paintedFacts(
    [
      headLine(plan, terminal),
      ...(caller === null ? [] : row('as', span(caller, 'dim'))),
      ...[...new Set([...warnings, ...memberNotes(members)])].flatMap(text => row('look', span(text, 'look'))),
      ...(others.length === 0 ? memberLines(first, plan, terminal) : membersTable(plan, terminal)),
      ...stageRows(plan, options).flatMap((line, at) => row(at === 0 ? 'steps' : '', ...line)),
      ...timeLines(plan, options, row),
      ...judgeLines(plan, options, row),
      ...safetyLines(plan, options, row),
      ...(wish.note === null ? [] : row('note', span(wish.note))),
      ...undoLines(plan, row),
      ...(isDryRun ? [[span('--dry-run: nothing was changed', 'dim')]] : []),
    ],
    terminal,
  )
}

function headLine(plan: ShiftPlan, terminal: Terminal): Line {
  const {scope, members, resumes} = plan
  const {account, region, profile} = scope
  return [
    span(resumes === null ? 'shift ' : `go on with run ${resumes}, shift `, 'dim'),
    span(movesText(members, terminal), 'strong'),
    span(` in ${[account, region].filter(Boolean).join(' ')}${profile === null ? '' : ` (profile ${profile})`}`),
  ]
}

function timeLines(plan: ShiftPlan, {terminal}: ShiftPlanTextOptions, row: Row): readonly Line[] {
  const {leastMs, expectedMs, maxTimeMs, wish, ladder, sameRelease} = plan
  const {dot} = glyphsFor(terminal)
  const isWatched = wish.handOver === null && (wish.gate === 'auto' || wish.alarms.length > 0)
  const takes = [
    expectedMs === null
      ? 'evidence does not show at this traffic'
      : `about ${roughDuration(Math.max(expectedMs, leastMs))}`,
    ...(leastMs > 0 ? [`${roughDuration(leastMs)} at least`] : []),
    ...(isWatched
      ? [`without enough evidence after ${roughDuration(maxTimeMs)} ${inTheEnd[wish.onInconclusive]}`]
      : []),
  ].join(` ${dot} `)
  return [
    ...(ladder === 'weight' || (leastMs === 0 && !isWatched)
      ? []
      : row('takes', span(takes, expectedMs === null || expectedMs > maxTimeMs ? 'look' : 'plain'))),
    ...(sameRelease === null || sameRelease < seldomMixed
      ? []
      : row('mixed', span(`at worst ${percent(sameRelease)} of requests through all of a wave meet one release only`))),
  ]
}

function judgeLines(plan: ShiftPlan, options: ShiftPlanTextOptions, row: Row): readonly Line[] {
  const {wish, alarms, ladder} = plan
  const {judge, gateFilter} = wish
  const points = (share: number): string => `${Number((share * 100).toFixed(2))} points`
  const {times} = glyphsFor(options.terminal)
  if (ladder === 'weight') return []
  if (wish.handOver !== null) return alarmLines(alarms, plan, options, row)
  // one write, and nothing to wait for
  if (plan.stages.length === 0) return alarmLines(alarms, plan, options, row)
  if (wish.gate === 'none')
    return [
      ...row('judge', span(alarms.length === 0 ? 'nobody: only time' : 'nobody: only alarms and time', 'look')),
      ...alarmLines(alarms, plan, options, row),
    ]
  return [
    ...row(
      'judge',
      span(
        `${isAlone(plan) ? `the new version by itself, for no old one serves beside it: it goes back where it fails, or is slow, more than twice as often as is usual, of which 1 % is borne anyway` : `the new version against the old in the same minutes: it goes back where it fails, or is slow, more than ${judge.times} ${times} as often plus ${points(judge.margin)}`} (without cause in ${Number((judge.alpha * 100).toFixed(2))} % of shifts at most), and on when it is not worse by ${points(judge.worseBy)}, in slow calls not by 7`,
      ),
    ),
    ...row(
      'not seen',
      span(
        gateFilter === null
          ? 'what is returned as an answer, such as an HTTP 500: --gate-filter counts log lines'
          : 'what is returned as an answer and not logged',
        'dim',
      ),
    ),
    ...(gateFilter === null ? [] : row('counts', span(`log lines that match ${gateFilter} as errors`))),
    ...alarmLines(alarms, plan, options, row),
  ]
}

/** Whether all traffic moves at once. */
const isAlone = ({stages}: ShiftPlan): boolean => stages.every(({basisPoints}) => basisPoints >= wholeBasisPoints)

function alarmLines(
  alarms: readonly GateAlarm[],
  {wish}: ShiftPlan,
  {terminal, clock, now}: ShiftPlanTextOptions,
  row: Row,
): readonly Line[] {
  const {dot} = glyphsFor(terminal)
  return alarms.flatMap(({name, kind, state, since, reason, isEvaluated}, at) => {
    const when = since === null ? '' : ` since ${whenText(since, now, clock)}`
    const how = state === 'OK' && isEvaluated ? '' : reason === '' ? '' : ` ${dot} ${reason}`
    const allowed = wish.allowAlarms.includes(name) ? ` ${dot} may be red` : ''
    return row(
      at === 0 ? 'alarms' : '',
      span(`${name} `),
      span(
        `${state}${when}${isEvaluated ? '' : ', not evaluated'}`,
        state === 'ALARM' ? 'bad' : state === 'OK' && isEvaluated ? 'good' : 'look',
      ),
      span(`${kind === 'metric' ? '' : ` ${dot} ${kind}`}${allowed}${how}`, 'dim'),
    )
  })
}

function safetyLines(plan: ShiftPlan, options: ShiftPlanTextOptions, row: Row): readonly Line[] {
  const {wish, writesPerStage, stages, gateCostUSD, commits, members, ladder} = plan
  const {terminal} = options
  const {dot} = glyphsFor(terminal)
  const {deadMan, handOver, onInterrupt} = wish
  const writes = stages.reduce((sum, {wave}) => sum + wave.length, 0) + (commits ? members.length : 0)
  const seconds = Math.ceil(writesPerStage / writesPerSecond)
  const costs = [
    handOver === null ? counted(writes, 'write') : 'a deployment, which writes the alias',
    ...(members.length > 1 && handOver === null
      ? [`up to ${writesPerStage} a step, ${roughDuration(seconds * 1_000)}`]
      : []),
    ...(gateCostUSD > 0 ? [`metrics of the gate ${roughUSD(gateCostUSD)}`] : []),
  ].join(` ${dot} `)
  return [
    ...(handOver === null
      ? []
      : row('by', span(`CodeDeploy${byText(plan)}: it goes on without this machine, by time and alarms only`, 'look'))),
    ...credentialLines(plan, options, row),
    ...(deadMan === null
      ? []
      : row(
          'dead man',
          span(`AWS itself rolls back when nothing was heard of this machine for ${roughDuration(deadMan.afterMs)}`),
        )),
    ...row('makes', span(costs)),
    ...(ladder === 'weight' || stages.length === 0
      ? []
      : row(
          'Ctrl-C',
          span(
            onInterrupt === 'rollback'
              ? 'brings all back; twice leaves at once'
              : 'leaves all where it is; twice leaves at once',
          ),
        )),
  ]
}

/** With which group and configuration, and what the group watches where the shift names no alarms of its own. */
function byText({wish, deployment}: ShiftPlan): string {
  const {handOver} = wish
  if (deployment === undefined)
    return handOver?.application == null ? '' : `, ${handOver.application}/${handOver.group ?? ''}`
  const {application, group, config, alarms} = deployment
  const watches =
    wish.alarms.length > 0 || alarms?.length === 0
      ? ''
      : `, ${alarms === null ? 'whose alarms are not known' : `which watches ${alarms.slice(0, mostAlarms).join(', ')}${alarms.length > mostAlarms ? ` and ${alarms.length - mostAlarms} more` : ''}`}`
  return `, ${application}/${group}${watches}, with ${config}`
}

/** Whoever has no credentials any more cannot bring back what moved. */
function credentialLines(
  {credentialsExpireAt, maxTimeMs}: ShiftPlan,
  {clock, now}: ShiftPlanTextOptions,
  row: Row,
): readonly Line[] {
  if (credentialsExpireAt === null) return []
  const spareMs = credentialsExpireAt - (now + maxTimeMs)
  const spare =
    spareMs >= 0 ? `${roughDuration(spareMs)} after it is over at the latest` : 'before it is over at the latest'
  return row(
    'sign-in',
    span(`credentials end ${whenText(credentialsExpireAt, now, clock)}, ${spare}`, spareMs >= 0 ? 'plain' : 'look'),
  )
}

function undoLines(plan: ShiftPlan, row: Row): readonly Line[] {
  const commands = undoCommands(plan)
  if (plan.members.length <= mostUndone)
    return commands.flatMap((command, at) => row(at === 0 ? 'undo' : '', span(command)))
  return row(
    'undo',
    span(`rollback of these ${counted(plan.members.length, 'function')}; --dry-run --json has the command`),
  )
}
