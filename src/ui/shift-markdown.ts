import type {MemberOutcome, ShiftReport} from '../services/traffic/shift/shift-steps.ts'
import {aliasText, servesText} from './alias-words.ts'
import {isoClock} from './iso-clock.ts'
import {codeBlock, codeText, markdownRow, markdownText} from './markdown.ts'
import {count, duration, roughDuration} from './numbers.ts'
import type {ShiftCourse} from './shift-course.ts'
import {countsText} from './shift-evidence.ts'
import {shiftNext} from './shift-next.ts'
import {movedMembers, undoCommands} from './shift-undo.ts'
import {allAtText} from './shift-waves.ts'
import {endWord, evidenceText, isJudged, movesText, weightText, writesText} from './shift-words.ts'

/** of what is read in a browser */
const file = {unicode: true}

/** The report for a ticket or a review, in Markdown. */
export function shiftMarkdown(report: ShiftReport, {weights, events}: ShiftCourse): string {
  const {plan, outcome, why, verdict, standing, members, writes, startedAt, endedAt} = report
  const {scope, caller, runId, resumes, wish} = plan
  const iso = isoClock()
  const item = (text: string): string => `- ${markdownText(text)}\n`
  const happened = [
    ...weights.map(({at, basisPoints, wave}) => ({at, text: allAtText(plan.stages, wave, weightText(basisPoints))})),
    ...events.map(({at, text}) => ({at, text})),
  ].sort((one, other) => one.at - other.at)
  return [
    `# Shift of ${markdownText(movesText(plan.members, file))}\n\n`,
    `**${markdownText(endWord(report))}**: ${markdownText(why)}\n\n`,
    markdownRow(['alias', 'from', 'to', 'serves', 'state', 'new version', 'old version', 'p95', 'harm']),
    markdownRow(['---', '--:', '--:', '---', '---', '--:', '--:', '--:', '--:']),
    ...members.map(memberRow),
    '\n',
    ...(isJudged(plan)
      ? [
          item(
            `verdict: ${verdict}, evidence of harm ${evidenceText(standing.harm)} of ${evidenceText(standing.harmAt)}`,
          ),
        ]
      : []),
    ...standing.alarms.map(({name, state}) => item(`alarm ${name}: ${state}`)),
    ...(wish.note === null ? [] : [item(`note: ${wish.note}`)]),
    item(
      `${writesText(writes)}${roughDuration(endedAt - startedAt)} from ${iso(startedAt)}, in ${[scope.account, scope.region].filter(Boolean).join(' ')}${caller === null ? '' : ` by ${caller}`}, run ${resumes ?? runId}`,
    ),
    ...members.flatMap(({member, detail}) => (detail === null ? [] : [item(`${aliasText(member)}: ${detail}`)])),
    ...(happened.length === 0
      ? []
      : ['\n## What happened\n\n', ...happened.map(({at, text}) => item(`${iso(at)} ${text}`))]),
    '\n## Next\n\n',
    ...codeBlock([
      ...(outcome === 'done' && plan.commits
        ? undoCommands({...plan, members: movedMembers(report)}).map(command => `${command}  # back`)
        : []),
      ...shiftNext(report).map(({command, why}) => `${command}  # ${why}`),
    ]).map(line => `${line}\n`),
  ].join('')
}

function memberRow({member, state, serves, judgement, evidence, detail}: MemberOutcome): string {
  const errors = judgement?.effects.find(({metric}) => metric === 'errors')
  const figures = (of: 'canary' | 'baseline'): string => {
    if (errors) return countsText(errors[of], file)
    return evidence === null ? '' : `${count(evidence[of].errors)} of ${count(evidence[of].calls)}`
  }
  const p95Ms = evidence?.canary.p95Ms ?? null
  return markdownRow([
    codeText(aliasText(member)),
    markdownText(member.from),
    markdownText(member.to),
    serves === null ? 'not known' : markdownText(servesText(serves)),
    markdownText(detail === null ? state : `${state}: see below`),
    markdownText(figures('canary')),
    markdownText(figures('baseline')),
    p95Ms === null ? '' : duration(p95Ms),
    judgement === null ? '' : evidenceText(judgement.harm),
  ])
}
