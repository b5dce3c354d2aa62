import {isKnown} from '../known.ts'
import type {Member, ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import {aliasText, servesText} from './alias-words.ts'
import {titled} from './fact-rows.ts'
import {count, counted, duration, percent, roughDuration} from './numbers.ts'
import {printableName} from './printable.ts'
import {perMinuteText} from './shift-stages.ts'
import {cell, shiftTable} from './shift-table.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/** members that have a row on a terminal; of more, those that need a look */
const mostRows = 20

/** What is known of the only one that moves. */
export function memberLines(member: Member, plan: ShiftPlan, terminal: Terminal): readonly Line[] {
  const {arrow, dot} = glyphsFor(terminal)
  const {before, differences, provisioned, managers} = member
  const row = (title: string, text: string, tone?: 'look'): readonly Line[] =>
    titled(title, [span(text, tone)], terminal)
  const goesOn = before.additional !== null && before.additional.weight > 0
  return [
    ...(goesOn ? row('serves', `${servesText(before)}: it goes on from there`) : []),
    ...row('traffic', trafficText(member, plan, dot), isKnown(member.traffic) ? undefined : 'look'),
    ...(differences.length === 0
      ? row('differs', 'nothing in the configuration: its code')
      : differences.flatMap(({what, from, to}, at) =>
          row(at === 0 ? 'differs' : '', `${what} ${from || 'none'} ${arrow} ${to || 'none'}`),
        )),
    ...(provisioned === null
      ? []
      : row(
          'capacity',
          `${counted(provisioned.count, 'provisioned execution environment')}, ${provisioned.isReady ? 'ready' : 'not ready'}`,
        )),
    // who manages it by its code has a line among what to look at
    ...managers
      .filter(({kind}) => kind === 'codedeploy')
      .flatMap(({name, detail}, at) => row(at === 0 ? 'managed' : '', `${name}: ${detail}`, 'look')),
  ]
}

const errorsText = (share: number): string => (share === 0 ? '0 %' : percent(share))

function trafficText({traffic}: Member, _plan: ShiftPlan, dot: string): string {
  if (!isKnown(traffic)) return `not known: ${traffic.detail || traffic.unknown}`
  const {perMinute, aliasShare, errorRate, p95Ms} = traffic.value
  return [
    perMinuteText(perMinute),
    ...(errorRate === null ? [] : [`${errorsText(errorRate)} errors`]),
    ...(p95Ms === null ? [] : [`p95 ${duration(p95Ms)}`]),
    ...(aliasShare === null || aliasShare >= 1 ? [] : [`${percent(aliasShare)} of the function's calls`]),
    'over the last day',
  ].join(` ${dot} `)
}

/** Of several a row each; where they are many, those that need a look, and how many more there are. */
export function membersTable(plan: ShiftPlan, terminal: Terminal): readonly Line[] {
  const {members} = plan
  const {arrow} = glyphsFor(terminal)
  const shown = terminal.isTTY && members.length > mostRows ? worstFirst(plan).slice(0, mostRows - 1) : members
  const hidden = members.filter(member => !shown.includes(member))
  const traffic = shown.map(({traffic}) => (isKnown(traffic) ? traffic.value : null))
  const {head, rows} = shiftTable(
    [
      {title: 'function', keep: 9, cells: shown.map(member => cell(printableName(aliasText(member))))},
      {title: 'version', keep: 8, cells: shown.map(({from, to}) => [span(`${from} ${arrow} `), span(to, 'strong')])},
      {
        title: 'calls',
        keep: 6,
        isRight: true,
        cells: traffic.map(known =>
          known === null ? cell('not known', 'look') : cell(perMinuteText(known.perMinute)),
        ),
      },
      {
        title: 'errors',
        keep: 4,
        isRight: true,
        cells: traffic.map(known => cell(known?.errorRate == null ? '' : errorsText(known.errorRate))),
      },
      {
        title: 'p95',
        keep: 2,
        isRight: true,
        cells: traffic.map(known => cell(known?.p95Ms == null ? '' : duration(known.p95Ms))),
      },
      {title: 'evidence', keep: 5, isRight: true, cells: shown.map(member => evidenceCell(member, plan))},
      {
        title: 'differs in',
        keep: 3,
        cells: shown.map(({differences}) => cell(differences.map(({what}) => what).join(', '), 'dim')),
      },
    ],
    terminal,
  )
  return [head, ...rows, ...(hidden.length === 0 ? [] : [moreLine(hidden, plan, terminal)])]
}

function evidenceCell(member: Member, {wish}: ShiftPlan): Line {
  if (wish.muted.includes(member.functionName)) return cell('muted', 'dim')
  if (wish.gate === 'none' || !isKnown(member.traffic)) return []
  return member.evidenceMs === null ? cell('never', 'look') : cell(roughDuration(member.evidenceMs))
}

/** Those that nobody knows enough of, that never show evidence, or late, and of those that are alike the order of the plan. */
function worstFirst({members}: ShiftPlan): readonly Member[] {
  const badness = ({traffic, evidenceMs, notes, managers}: Member): number =>
    (isKnown(traffic) ? 0 : 4e12) +
    (evidenceMs ?? 3e12) +
    (managers.length > 0 ? 2e12 : 0) +
    (notes.length > 0 ? 1e12 : 0)
  return members.toSorted((one, other) => badness(other) - badness(one))
}

/** `and 81 more: 80 from 41 to 42, 1 from 7 to 8; 810/min` */
function moreLine(hidden: readonly Member[], {wish}: ShiftPlan, terminal: Terminal): Line {
  const {arrow} = glyphsFor(terminal)
  const byVersions = [...Map.groupBy(hidden, ({from, to}) => `${from} ${arrow} ${to}`)]
  const versions =
    byVersions.length > 3
      ? `${counted(byVersions.length, 'pair')} of versions`
      : byVersions
          .map(([versions, those]) => `${byVersions.length === 1 ? '' : `${count(those.length)} `}${versions}`)
          .join(', ')
  const slowest = Math.max(0, ...hidden.map(({evidenceMs}) => evidenceMs ?? 0))
  const evidence = wish.gate === 'none' || slowest === 0 ? '' : `, evidence in ${roughDuration(slowest)} at most`
  return [span(`  and ${count(hidden.length)} more: ${versions}${evidence} (--dry-run --json has all)`, 'dim')]
}

/** functions that a note names; of more it says how many there are */
const mostNamed = 3

/** A note that several have is said once, with whose it is. */
export function memberNotes(members: readonly Member[]): readonly string[] {
  const all = Map.groupBy(
    members.flatMap(member => member.notes.map(note => ({note, name: aliasText(member)}))),
    ({note}) => note,
  )
  return Array.from(all, ([note, those]) => {
    if (members.length === 1) return note
    if (those.length === members.length) return `each function: ${note}`
    const more = those.length - mostNamed
    const names = those.slice(0, mostNamed).map(({name}) => name)
    return `${names.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}: ${note}`
  })
}
