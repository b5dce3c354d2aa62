import type {ZoneClock} from '../services/time/zone-clock.ts'
import type {ServedVersion} from '../services/traffic/evidence/served-versions.ts'
import type {RollbackMember, RollbackPlan} from '../services/traffic/rollback/rollback.ts'
import {aliasText, servesText, whenText} from './alias-words.ts'
import {padEnd, shorten, width} from './columns.ts'
import {paintedFacts, titled} from './fact-rows.ts'
import {count, counted, duration, percent, roughCount, roughDuration} from './numbers.ts'
import {printableName} from './printable.ts'
import {evidenceNames, undoCommands} from './rollback-words.ts'
import {type Line, type Span, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

export type RollbackPlanTextOptions = {
  readonly terminal: Terminal
  readonly clock: Pick<ZoneClock, 'time' | 'date'>
  /** epoch ms */
  readonly now: number
  readonly isDryRun: boolean
}

/** functions whose names an undo command still reads with */
const mostNamed = 8

/** What serves, what served before and how that is known, and what will be changed: shown before it is asked about. */
export function rollbackPlanText(plan: RollbackPlan, options: RollbackPlanTextOptions): string {
  const {members, caller, note, leftOut} = plan
  const {terminal, isDryRun} = options
  const [first, ...others] = members
  if (first === undefined) return ''
  const row = (title: string, ...spans: readonly Span[]): readonly Line[] => titled(title, spans, terminal)
  const {fail} = glyphsFor(terminal)
  const above = [
    headLine(plan),
    ...(caller === null ? [] : row('as', span(caller, 'dim'))),
    ...(others.length === 0 ? memberLines(first, row, options) : memberRows(members, terminal)),
    ...(note === null ? [] : row('why', span(note))),
    ...notesOf(members).flatMap(text => row('note', span(text, 'look'))),
    ...leftOut.map(({what, detail}) => [span(`  ${fail} `, 'bad'), span(leftOutText(what, detail), 'bad')]),
  ]
  const last = isDryRun ? [[span('--dry-run: nothing was changed', 'dim')]] : []
  return paintedFacts([...above, ...undoLines(plan, terminal), ...last], terminal)
}

/** What is asked before it is done. */
export function rollbackQuestion({members}: RollbackPlan): string {
  const moving = members.filter(({isThere}) => !isThere)
  const versions = new Set(moving.map(({to}) => to))
  const [to = ''] = versions
  if (members.length === 1) return `Go back to ${printableName(to)}?`
  return `Go back with ${counted(moving.length, 'function')}${versions.size === 1 ? ` to ${printableName(to)}` : ''}?`
}

/** Most of what AWS refuses names the alias itself. */
const leftOutText = (what: string, detail = ''): string => (detail.includes(what) ? detail : `${what}: ${detail}`)

function headLine({members, scope: {account, region, profile}}: RollbackPlan): Line {
  const [first] = members
  const what = members.length === 1 && first ? aliasText(first) : counted(members.length, 'function')
  return [
    span('rollback ', 'dim'),
    span(what, 'strong'),
    span(` in ${[account, region].filter(Boolean).join(' ')}${profile === null ? '' : ` (profile ${profile})`}`),
  ]
}

type Row = (title: string, ...spans: readonly Span[]) => readonly Line[]

function memberLines(member: RollbackMember, row: Row, options: RollbackPlanTextOptions): readonly Line[] {
  const {before, alias, from, to, evidence, serving, previous, isThere, deploymentId} = member
  const {terminal, now, clock} = options
  const {arrow, dot} = glyphsFor(terminal)
  const since = serving?.firstAt == null ? '' : ` since ${whenText(serving.firstAt, now, clock)}`
  const whole = before.additional === null ? `${before.version} (100 %)` : servesText(before)
  return [
    ...row('serves', span(whole, 'strong'), span(`${since}${figuresText(serving, dot)}`)),
    ...(previous === null
      ? []
      : row(
          'before',
          span(previous.version, 'strong'),
          span(`${servedFor(previous, options)}${figuresText(previous, dot)}`),
        )),
    ...evidence.flatMap(({source, version, detail}, at) => {
      const isOther = version !== to
      const said = `${evidenceNames[source]}: ${isOther ? `${version}, ` : ''}${detail}`
      return row(at === 0 ? 'evidence' : '', span(said, isOther ? 'look' : 'plain'))
    }),
    ...(isThere
      ? row('change', span(`none: ${alias} serves ${to} already`))
      : row(
          'change',
          span(
            deploymentId === null
              ? `${alias} ${from} ${arrow} ${to}`
              : `stops deployment ${deploymentId}, which goes back ${from} ${arrow} ${to} by itself`,
            'strong',
          ),
        )),
  ]
}

/** ` for 4 d until 13:58:07`; from before the metrics that were read, only until when. */
function servedFor({firstAt, lastAt}: ServedVersion, {now, clock}: RollbackPlanTextOptions): string {
  if (lastAt === null) return ''
  const length = firstAt === null ? '' : ` for ${roughDuration(Math.max(60_000, lastAt - firstAt))}`
  return `${length} until ${whenText(lastAt, now, clock)}`
}

function figuresText(figures: ServedVersion | null, dot: string): string {
  if (figures === null) return ''
  const {calls, errors, p95Ms} = figures
  return [
    '',
    `${calls < 100_000 ? count(calls) : roughCount(calls)} calls`,
    ...(calls > 0 ? [`${percent(errors / calls)} errors`] : []),
    ...(p95Ms === null ? [] : [`p95 ${duration(p95Ms)}`]),
  ].join(` ${dot} `)
}

/** Of several functions a row each. */
function memberRows(members: readonly RollbackMember[], terminal: Terminal): readonly Line[] {
  const {arrow, dot, ellipsis} = glyphsFor(terminal)
  const names = members.map(member => printableName(aliasText(member)))
  const widest = Math.max(...names.map(width))
  const columns = terminal.isTTY ? Math.min(widest, Math.max(12, Math.floor(terminal.columns * 0.5))) : widest
  const serves = members.map(({before}) => servesText(before))
  const servesColumns = Math.max(...serves.map(text => width(text)))
  return members.flatMap((member, at) => {
    const {to, isThere, evidence, deploymentId, serving, previous} = member
    const by = [...new Set(evidence.filter(({version}) => version === to).map(({source}) => evidenceNames[source]))]
    const how = isThere ? 'already there' : deploymentId === null ? by.join(', ') : `stops ${deploymentId}`
    // a row has room for no more of each
    const figures = [serving, previous].flatMap(one =>
      one === null ? [] : `${one.version}${figuresText({...one, p95Ms: null}, dot)}`,
    )
    const row = [
      span(`  ${padEnd(shorten(names[at] ?? '', columns, ellipsis), columns)}  `),
      span(`${padEnd(serves[at] ?? '', servesColumns)} ${arrow} `),
      span(to, 'strong'),
      span(`  ${how}`, 'dim'),
    ]
    if (figures.length === 0) return [row]
    const well = isWorse(serving, previous) ? [] : [[span(`    ${serving?.version} fails hardly more often`, 'look')]]
    return [row, [span(`    ${figures.join('; before it ')}`, 'dim')], ...well]
  })
}

const worseBy = 2

/** Also where one of them is not known: then nothing speaks against going back. */
function isWorse(serving: ServedVersion | null, previous: ServedVersion | null): boolean {
  if (serving === null || previous === null || serving.calls === 0 || previous.calls === 0) return true
  return serving.errors / serving.calls >= (worseBy * previous.errors) / previous.calls
}

function undoLines(plan: RollbackPlan, terminal: Terminal): readonly Line[] {
  const undo = (texts: readonly string[]): readonly Line[] =>
    texts.flatMap((text, at) => titled(at === 0 ? 'undo' : '', [span(text)], terminal))
  if (plan.members.length <= mostNamed) return undo(undoCommands(plan))
  const versions = new Set(plan.members.filter(({isThere}) => !isThere).map(({before}) => before.version))
  const [only] = versions
  return versions.size === 1 ? undo([`slsops rollback of the same functions with --to ${only}`]) : []
}

/** A note that several functions have is said once, with how many have it. */
function notesOf(members: readonly RollbackMember[]): readonly string[] {
  const all = Map.groupBy(
    members.flatMap(member => member.notes.map(note => ({note, name: aliasText(member)}))),
    ({note}) => note,
  )
  return Array.from(all, ([note, those]) =>
    members.length === 1
      ? note
      : those.length === 1
        ? `${those[0]?.name}: ${note}`
        : `${counted(those.length, 'function')}: ${note}`,
  )
}
