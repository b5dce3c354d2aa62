import {candidateKey} from '../candidate.ts'
import type {Slo} from '../objective.ts'
import type {Standing} from '../standing.ts'
import {goalOf, tieWidth} from './choose-size.ts'
import type {Estimate} from './estimate.ts'
import {flagsIn, recordFlags} from './flags.ts'
import type {RaceOptions} from './race.ts'
import type {SizeRecord} from './size-record.ts'
import {meanFigures, type OwnFigures, ownFigures} from './standing-of.ts'
import type {View} from './view.ts'
import {comparedWith, openWhy} from './why.ts'

/** Whether the race came to its end, and whether, by that or by a limit, nothing more is measured. */
type Moment = {readonly isOver: boolean; readonly isLast: boolean}

/** Standings are drawn several times a second: what takes long is made anew only for sizes with new samples. */
export function standingsReader(
  options: RaceOptions,
): (records: readonly SizeRecord[], view: View, at: Moment) => readonly Standing[] {
  const {slo} = options.objective
  const figureOptions = {...options, slo}
  const known = new Map<string, OwnFigures>()
  const flags = new WeakMap<View, {readonly isLast: boolean; readonly of: ReturnType<typeof flagsIn>}>()

  const flagsOf = (view: View, isLast: boolean): ReturnType<typeof flagsIn> => {
    const before = flags.get(view)
    if (before?.isLast === isLast) return before.of
    const made = flagsIn(view, isLast)
    flags.set(view, {isLast, of: made})
    return made
  }

  const figures = (record: SizeRecord, own: Estimate | undefined): OwnFigures => {
    const before = known.get(record.key)
    if (before?.invocations === record.invocations) return before
    const made = ownFigures(record, own, figureOptions)
    known.set(record.key, made)
    return made
  }

  return (records, view, at) => {
    const shown = (record: SizeRecord) => {
      const own = view.estimates.of.get(record.key)
      const {meanWithin, ...rest} = figures(record, own)
      return {...rest, ...meanFigures(record, own, meanWithin, figureOptions)}
    }
    const best = view.choice && shown(view.choice.pick.record)
    const {objective} = view.judging
    const costTie = goalOf(objective).kind === 'cheapest' ? tieWidth(objective) : null
    return records.map(record => {
      const its = shown(record)
      return {
        ...record.candidate,
        ...its,
        flags: flagsOf(view, at.isLast).get(record.key) ?? recordFlags(record),
        ...((at.isOver && its.slo === 'missed' && missedFate(record, view, slo)) ||
          fate(record, view, at, isTied => best && comparedWith(its, best, isTied ? null : costTie))),
      }
    })
  }
}

type Fate = Pick<Standing, 'status' | 'why'>

/** Of a size that was not dropped for its cost, and misses the latency objective by what was seen when the race is over. */
function missedFate({infeasible, isDropped}: SizeRecord, {choice}: View, slo: Slo | null): Fate | null {
  if (slo === null || infeasible !== null || isDropped) return null
  if (choice !== null && !choice.isSettled) return null
  return {status: 'dropped', why: `misses p${slo.percentile} < ${slo.limitMs.toLocaleString('en')} ms`}
}

function fate(
  record: SizeRecord,
  {choice, judging}: View,
  {isOver, isLast}: Moment,
  besideBest: (isTied: boolean) => string | null,
): Fate {
  if (record.infeasible !== null) return {status: 'infeasible', why: record.infeasible}
  if (record.invocations === 0) return {status: 'waiting', why: null}
  // where the cap was reached first, nobody knows which of two is better
  const doubt = choice?.isSettled
    ? undefined
    : choice?.doubts.find(({rival, settled}) => rival.record === record && settled < 1)
  const isOpen = choice === null || doubt !== undefined
  const isTied = choice?.tied.some(candidate => candidateKey(candidate) === record.key) ?? false
  if (!record.isDropped && (!isOver || (isOpen && !isTied)))
    return {status: 'racing', why: isLast && doubt ? openWhy(doubt, judging) : null}
  if (choice?.pick.record === record) return {status: 'winner', why: null}
  const why = (record.dropped ?? besideBest(isTied)) || null
  return {status: isTied && !record.isDropped ? 'tied' : 'dropped', why}
}
