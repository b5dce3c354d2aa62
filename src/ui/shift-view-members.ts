import type {VersionFigures} from '../services/traffic/evidence/evidence.ts'
import type {GateMetric, Rate} from '../services/traffic/judge/judgement.ts'
import type {ShiftPlan} from '../services/traffic/plan/shift-plan.ts'
import type {MemberStanding, ShiftStanding} from '../services/traffic/shift/shift-steps.ts'
import {aliasText} from './alias-words.ts'
import {count, counted, duration} from './numbers.ts'
import type {Tone} from './palette.ts'
import {printableName} from './printable.ts'
import {countedShare, harmLine, healthText, healthyInMs, rateText, toldEffects} from './shift-evidence.ts'
import {cell, shiftTable} from './shift-table.ts'
import type {ShiftViewState} from './shift-view-state.ts'
import {worstFirst} from './shift-view-state.ts'
import {judgedNow} from './shift-waves.ts'
import {weightText} from './shift-words.ts'
import {type Line, span} from './spans.ts'
import {glyphsFor, type Terminal} from './terminal.ts'

/** of evidence over time */
const courseColumns = 12
const narrowColumns = 60
/** between errors and calls */
const keepTold = 6.5

const wholeBasisPoints = 10_000

/** Of the only one that moves a row for each version. */
export function versionRows(standing: MemberStanding, terminal: Terminal): readonly Line[] {
  const {member, basisPoints, evidence, judgement} = standing
  const versions = [
    {version: member.from, share: wholeBasisPoints - basisPoints, figures: evidence?.baseline, of: 'baseline' as const},
    {version: member.to, share: basisPoints, figures: evidence?.canary, of: 'canary' as const},
  ]
  const effect = (metric: GateMetric, of: 'canary' | 'baseline'): Rate | undefined =>
    judgement?.effects.find(each => each.metric === metric)?.[of]
  const rates = (metric: GateMetric): readonly Line[] =>
    versions.map(({of}) => {
      const rate = effect(metric, of)
      return cell(rate === undefined || rate.calls === 0 ? '' : rateText(rate, terminal))
    })
  const isWide = terminal.columns >= narrowColumns
  const told = toldEffects(standing).map(({metric}) => metric)
  // before p95, weights and calls where the harm is theirs
  const keepOf = (metric: GateMetric, usual: number): number => (told.includes(metric) ? keepTold : usual)
  const {head, rows} = shiftTable(
    [
      {title: 'version', keep: 9, cells: versions.map(({version}) => cell(version, 'strong'))},
      {title: 'weight', keep: 3, isRight: true, cells: versions.map(({share}) => cell(weightText(share)))},
      {
        title: 'calls',
        keep: 6,
        isRight: true,
        cells: versions.map(({figures}) => cell(figures ? count(figures.calls) : '')),
      },
      {
        title: 'errors',
        keep: 7,
        isRight: true,
        cells: versions.map(({of, figures}) => {
          const rate = effect('errors', of)
          if (rate === undefined || rate.calls === 0) return cell(errorsText(figures))
          return cell(isWide ? rateText(rate, terminal) : countedShare(rate))
        }),
      },
      {title: 'logged', keep: keepOf('logged', 2), isRight: true, cells: rates('logged')},
      {title: 'slow', keep: keepOf('slow', 1), isRight: true, cells: rates('slow')},
      {title: 'p95', keep: 4, isRight: true, cells: versions.map(({figures}) => cell(p95Text(figures)))},
      {
        title: 'evidence of harm',
        keep: 8,
        cells: [[], judgement === null ? [] : harmLine(judgement, isWide ? courseColumns : 6, terminal)],
      },
    ],
    terminal,
    0,
  )
  return [head, ...rows]
}

const errorsText = (figures: VersionFigures | undefined): string =>
  figures === undefined ? '' : countedShare({bad: figures.errors, calls: figures.calls})

/** Of those that are slower, or to whose harm it adds. */
function slowCell(standing: MemberStanding): Line {
  const slow = toldEffects(standing).find(({metric}) => metric === 'slow')
  return slow === undefined ? [] : cell(countedShare(slow.canary), 'look')
}

const p95Text = (figures: VersionFigures | undefined): string => (figures?.p95Ms == null ? '' : duration(figures.p95Ms))

/** How a member stands, in a word or two, and how that is marked. */
function stateOf(
  {state, judgement, member}: MemberStanding,
  blamed: readonly string[],
): {readonly text: string; readonly tone: Tone} {
  if (blamed.includes(member.functionName) && state !== 'rolled-back') return {text: 'to blame', tone: 'bad'}
  switch (state) {
    case 'failed':
    case 'foreign':
      return {text: state, tone: 'bad'}
    case 'rolled-back':
      return {text: 'rolled back', tone: 'look'}
    case 'held':
      return {text: 'held', tone: 'look'}
    case 'muted':
      return {text: 'muted', tone: 'dim'}
    case 'done':
      return {text: 'done', tone: 'good'}
    case 'moving':
      return {text: 'moving', tone: 'plain'}
    case 'waiting':
      return {text: 'waits', tone: 'dim'}
    default:
      return judgement?.verdict === 'unhealthy'
        ? {text: 'unhealthy', tone: 'bad'}
        : judgement?.verdict === 'healthy'
          ? {text: 'healthy', tone: 'good'}
          : {text: 'watched', tone: 'plain'}
  }
}

type Shown = Pick<ShiftViewState, 'selected' | 'solo' | 'report'>

/** Of several a row each, the worst first, as many as there is room for; the chosen one always. @param room rows, the titles too */
export function memberRows(
  standing: ShiftStanding,
  {selected, solo, report}: Shown,
  terminal: Terminal,
  room: number,
): readonly Line[] {
  const all = worstFirst(standing)
  const {shown, more} = windowOf(all, selected, Math.max(1, room - 1))
  const {blamed = []} = standing
  const here = terminal.unicode ? '▸' : '>'
  const states = shown.map(each => stateOf(each, blamed))
  const errorsOf = (each: MemberStanding, of: 'canary' | 'baseline'): string => {
    const rate = each.judgement?.effects.find(({metric}) => metric === 'errors')?.[of]
    if (rate !== undefined && rate.calls > 0) return countedShare(rate)
    return errorsText(each.evidence?.[of])
  }
  const {head, rows} = shiftTable(
    [
      {
        title: '  function',
        keep: 9,
        cells: shown.map(({member}) => {
          const isSelected = member.functionName === selected
          const name = printableName(aliasText(member))
          return [span(`${isSelected ? here : ' '} ${name}`, isSelected ? 'strong' : 'plain')]
        }),
      },
      {
        title: '',
        keep: 8,
        cells: shown.map(({member}, at) =>
          report === null && solo === member.functionName
            ? cell('solo', 'look')
            : cell(states[at]?.text ?? '', states[at]?.tone),
        ),
      },
      {title: 'weight', keep: 4, isRight: true, cells: shown.map(({basisPoints}) => cell(weightText(basisPoints)))},
      {
        title: 'calls',
        keep: 3,
        isRight: true,
        cells: shown.map(({evidence}) => cell(evidence === null ? '' : count(evidence.canary.calls))),
      },
      {title: 'errors', keep: 7, isRight: true, cells: shown.map(each => cell(errorsOf(each, 'canary')))},
      {title: 'before', keep: 6, isRight: true, cells: shown.map(each => cell(errorsOf(each, 'baseline'), 'dim'))},
      {title: 'slow', keep: keepTold, isRight: true, cells: shown.map(slowCell)},
      {title: 'p95', keep: 1, isRight: true, cells: shown.map(({evidence}) => cell(p95Text(evidence?.canary)))},
      {
        title: 'harm',
        keep: 5,
        cells: shown.map(({judgement}) => (judgement === null ? [] : harmLine(judgement, 8, terminal).slice(0, -1))),
      },
      {
        title: '',
        keep: 0,
        cells: shown.map(each => cell(each.detail ?? (report === null ? needsText(each, terminal) : ''), 'dim')),
      },
    ],
    terminal,
    0,
  )
  return [head, ...rows, ...(more === 0 ? [] : [[span(`  and ${counted(more, 'more', 'more')}`, 'dim')]])]
}

/** The first, or those around the chosen one where it is further down. One row says how many more there are. */
function windowOf(
  all: readonly MemberStanding[],
  selected: string | null,
  room: number,
): {readonly shown: readonly MemberStanding[]; readonly more: number} {
  if (all.length <= room) return {shown: all, more: 0}
  const rows = Math.max(1, room - 1)
  const at = all.findIndex(({member}) => member.functionName === selected)
  const top = Math.max(0, Math.min(all.length - rows, at - rows + 1))
  return {shown: all.slice(top, top + rows), more: all.length - rows}
}

/** All of them together: `together ▁▂▃ 1.9 of 100 · 9 of 12 healthy`. */
export function togetherLine(
  plan: Pick<ShiftPlan, 'stages'>,
  standing: ShiftStanding,
  terminal: Terminal,
  isOver: boolean,
): Line {
  const judged = judgedNow(plan, standing)
  const healthy = judged.filter(({judgement}) => judgement?.verdict === 'healthy').length
  const muted = standing.members.filter(({state}) => state === 'muted').length
  const {dot} = glyphsFor(terminal)
  return [
    span('harm of all '),
    ...harmLine(standing, terminal.columns >= narrowColumns ? courseColumns : 6, terminal),
    // all of a wave may be muted
    ...(judged.length === 0
      ? []
      : [
          span(
            ` ${dot} ${count(healthy)} of ${count(judged.length)} healthy`,
            healthy === judged.length ? 'good' : 'plain',
          ),
        ]),
    span(muted === 0 ? '' : ` ${dot} ${count(muted)} muted`, 'dim'),
    ...(isOver ? [] : slowestSpans(judged, terminal)),
  ]
}

/** Whose evidence of health takes longest, where the others do not wait for something else. */
function slowestSpans(judged: readonly MemberStanding[], terminal: Terminal): Line {
  const [slowest] = judged
    .filter(({judgement}) => judgement?.callsToHealthy != null)
    .toSorted((one, other) => (healthyInMs(other) ?? Infinity) - (healthyInMs(one) ?? Infinity) || 0)
  if (slowest === undefined) return []
  return [span(` ${glyphsFor(terminal).dot} ${aliasText(slowest.member)} ${needsText(slowest, terminal)}`, 'dim')]
}

/** `needs ≈ 1,100 more calls (2 min)`, beside the word that says how it stands; '' where it waits for none. */
const needsText = (standing: MemberStanding, terminal: Terminal): string =>
  standing.judgement?.callsToHealthy == null ? '' : healthText(standing, terminal).replace('healthy ', '')
