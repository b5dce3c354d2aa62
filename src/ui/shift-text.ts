import type {MemberOutcome, ShiftReport} from '../services/traffic/shift/shift-steps.ts'
import {aliasText, servesText, whenText} from './alias-words.ts'
import {paintedFacts, titled} from './fact-rows.ts'
import {count, duration, roughDuration} from './numbers.ts'
import {countsText, metricWords} from './shift-evidence.ts'
import {shiftNext} from './shift-next.ts'
import {movedMembers, undoCommands} from './shift-undo.ts'
import {endWord, evidenceText, type ShiftClock, versionsText, writesText} from './shift-words.ts'
import {type Line, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type ShiftTextOptions = {readonly terminal: Terminal; readonly clock: ShiftClock}

/** members that have a row each; of more, those that are not as they should be */
const mostRows = 12
/** functions whose undo command still reads */
const mostUndone = 8

type Row = (title: string, ...spans: readonly Span[]) => readonly Line[]

/** How it ended and why, on which counts, the way back and what is next; last, what AWS itself then says is served. */
export function shiftText(report: ShiftReport, options: ShiftTextOptions): string {
  const {outcome, why, members, plan} = report
  const {terminal} = options
  const row: Row = (title, ...spans) => titled(title, spans, terminal)
  const tone = outcome === 'done' ? 'good' : outcome === 'held' ? 'look' : 'bad'
  const isOne = members.length === 1
  return paintedFacts(
    [
      [span(endWord(report), tone), span(`: ${why}`)],
      ...(plan.ladder === 'weight' ? [] : verdictLines(report, terminal, row)),
      ...troubleLines(report, row),
      ...(outcome === 'done' && plan.commits && members.length <= mostUndone
        ? undoCommands({...plan, members: movedMembers(report)}).flatMap((command, at) =>
            row(at === 0 ? 'undo' : '', span(command)),
          )
        : []),
      ...shiftNext(report).flatMap(({why, command}) => row(why, span(command))),
      ...(isOne ? [] : shownRows(members, report).map(each => servedLine(each, report, options))),
      ...members.slice(0, 1).map(only => (isOne ? servedLine(only, report, options) : sumLine(report, options))),
    ],
    terminal,
  )
}

/** The verdict, with the counts it stands on: of the only one, of those that are to blame, or of the worst. */
function verdictLines({verdict, standing, members}: ShiftReport, terminal: Terminal, row: Row): readonly Line[] {
  const {dot} = glyphsFor(terminal)
  const {harm, harmAt, blamed = []} = standing
  const tone = verdict === 'healthy' ? 'good' : verdict === 'unhealthy' ? 'bad' : 'look'
  const judged = members.filter(({judgement}) => judgement !== null)
  // CodeDeploy judges by alarms, and what went back at once by nothing
  if (judged.length === 0) return []
  const head = row(
    'verdict',
    span(verdict, tone),
    span(` ${dot} evidence of harm ${evidenceText(harm)} of ${evidenceText(harmAt)}`),
  )
  const told =
    members.length === 1
      ? judged
      : judged
          .filter(({member}) => blamed.length === 0 || blamed.includes(member.functionName))
          .toSorted((one, other) => (other.judgement?.harm ?? 0) - (one.judgement?.harm ?? 0))
          .slice(0, 3)
  return [...head, ...told.flatMap(each => effectLines(each, members.length > 1, blamed, terminal, row))]
}

function effectLines(
  {member, judgement, evidence}: MemberOutcome,
  isNamed: boolean,
  blamed: readonly string[],
  terminal: Terminal,
  row: Row,
): readonly Line[] {
  const {from, to, functionName} = member
  const {dot} = glyphsFor(terminal)
  const isBlamed = blamed.includes(functionName)
  const p95 = (ms: number | null | undefined): string => (ms == null ? '' : `, p95 ${duration(ms)}`)
  const effects = (judgement?.effects ?? []).filter(({canary}) => canary.calls > 0)
  return effects.flatMap(({metric, canary, baseline}, at) => {
    const ofMetric = metric === 'errors'
    const ours = `${to}: ${countsText(canary, terminal, metricWords[metric])}${ofMetric ? p95(evidence?.canary.p95Ms) : ''}`
    const theirs = `${from}: ${countsText(baseline, terminal)}${ofMetric ? p95(evidence?.baseline.p95Ms) : ''}`
    const name = isNamed ? `${aliasText(member)} ` : ''
    return row(
      at === 0 && isBlamed && isNamed ? 'to blame' : '',
      span(name, isBlamed ? 'bad' : 'strong'),
      span(ours),
      span(baseline.calls === 0 ? '' : ` ${dot} ${theirs}`),
    )
  })
}

/** What could not be done, and what somebody else did. */
const troubleLines = ({members, why}: ShiftReport, row: Row): readonly Line[] =>
  members.flatMap(({state, detail, member}) =>
    detail === null || detail === why || (state !== 'failed' && state !== 'foreign' && state !== 'held')
      ? []
      : row(
          state,
          span(
            detail.includes(member.functionName) ? detail : `${aliasText(member)}: ${detail}`,
            state === 'held' ? 'look' : 'bad',
          ),
        ),
  )

const isWell = (state: MemberOutcome['state'], outcome: ShiftReport['outcome']): boolean =>
  state === 'muted' || state === (outcome === 'done' || outcome === 'held' ? outcome : 'rolled-back')

/** All of few; of many those that are not as they should be. */
function shownRows(members: readonly MemberOutcome[], {outcome}: ShiftReport): readonly MemberOutcome[] {
  if (members.length <= mostRows) return members
  return members.filter(({state, serves}) => !isWell(state, outcome) || serves === null).slice(0, mostRows)
}

/** `✓ checkout-api:live serves 42 (read back 14:31:09) · 3 writes in 27 min` */
function servedLine(
  {member, state, serves}: MemberOutcome,
  {outcome, members, writes, startedAt, endedAt}: ShiftReport,
  {terminal, clock}: ShiftTextOptions,
): Line {
  const {ok, fail, warn, dot} = glyphsFor(terminal)
  const isGood = isWell(state, outcome) && serves !== null
  const mark = !isGood
    ? span(`${fail} `, 'bad')
    : outcome === 'held'
      ? span(`${warn} `, 'look')
      : span(`${ok} `, 'good')
  const what =
    serves === null
      ? span(' what it serves could not be read back', 'bad')
      : span(` serves ${servesText(serves)} (read back ${whenText(endedAt, endedAt, clock)})`)
  const more =
    members.length === 1
      ? ` ${dot} ${writesText(writes)}${roughDuration(endedAt - startedAt)}`
      : state === 'muted' || !isWell(state, outcome)
        ? ` ${dot} ${state}`
        : ''
  return [mark, span(aliasText(member), 'strong'), what, span(more, 'dim')]
}

/** `✓ all 12 serve 42 (read back 14:31:09) · 36 writes in 27 min` */
function sumLine(report: ShiftReport, {terminal, clock}: ShiftTextOptions): Line {
  const {members, outcome, writes, startedAt, endedAt, plan} = report
  const {ok, fail, warn, dot, arrow} = glyphsFor(terminal)
  const well = members.filter(({state, serves}) => isWell(state, outcome) && serves !== null)
  const isAll = well.length === members.length
  const [from, to] = versionsText(plan.members, terminal)?.split(` ${arrow} `) ?? []
  const version = outcome === 'done' && plan.commits ? to : outcome === 'held' || outcome === 'done' ? undefined : from
  const serve =
    outcome === 'held' || (outcome === 'done' && !plan.commits)
      ? 'are where they were left'
      : version === undefined
        ? 'serve what they should'
        : `serve ${version}`
  const of = (state: MemberOutcome['state']): number => members.filter(each => each.state === state).length
  const [foreign, failed, muted] = [of('foreign'), of('failed'), of('muted')]
  const parts = [
    `${isAll ? `all ${count(members.length)}` : `${count(well.length)} of ${count(members.length)}`} ${serve} (read back ${whenText(endedAt, endedAt, clock)})`,
    `${writesText(writes)}${roughDuration(endedAt - startedAt)}`,
    ...(muted > 0 ? [`${count(muted)} muted`] : []),
    ...(foreign > 0 ? [`${count(foreign)} left alone`] : []),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
  ]
  const mark = !isAll ? span(`${fail} `, 'bad') : outcome === 'held' ? span(`${warn} `, 'look') : span(`${ok} `, 'good')
  return [mark, span(parts.join(` ${dot} `))]
}
