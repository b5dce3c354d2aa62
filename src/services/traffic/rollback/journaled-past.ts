import {callerName} from '../../targets/caller-account.ts'
import type {AliasRef} from '../alias/alias-state.ts'
import {type Move, moveOf} from '../journal/open-runs.ts'
import type {TrafficRecord} from '../journal/shift-record.ts'
import {laterThan, nothing, orderOf, type Past} from './past.ts'

/**
 * What the runs of the journals tell that moved an alias. The newest says what served before; all of them which versions came first, and
 * which were taken out.
 * @param records newest first, of this account and region
 * @param current what the alias serves, alone
 */
export function journaledPast(records: readonly TrafficRecord[], ref: AliasRef, current: string): Past {
  const moves = records.flatMap(record => moveOf(record, ref) ?? [])
  const [last] = moves
  if (last === undefined) return nothing
  const order = orderOf(
    moves.toReversed().map(({from, to, operation}) => ({from, to, isBack: operation === 'rollback'})),
  )
  const known: Past = {...nothing, later: laterThan(order, current), takenOut: takenOutBy(moves, order)}
  const {at, from, to, left, operation} = last
  const run = runText(last)
  const served = (version: string, detail: string): Past => ({
    ...known,
    served: {source: 'journal', version, at, detail: `${run} ${detail}`},
  })
  const goneBack = (taken: string, detail: string): Past => ({...known, goneBack: {left: taken, at, detail}})
  // somebody else has moved it since
  if (left !== current)
    return known.later.includes(left)
      ? goneBack(left, `${run} left it at ${left}, which ${current} had served before`)
      : served(left, 'left it there')
  if (operation === 'rollback')
    return rollbacksInTurn(moves) % 2 === 1
      ? goneBack(from, `${run} went back from ${from} to ${current}`)
      : served(from, `moved it from ${from}`)
  // whoever took it back: the run, a rollback elsewhere or the dead man
  return from === current
    ? goneBack(to, `${run} was to move it to ${to}, and it serves ${current} alone`)
    : served(from, `moved it from ${from}`)
}

const runText = ({operation, runId, by}: Move): string =>
  `${operation} ${runId}${by === null ? '' : ` of ${callerName(by)}`}`

/** How many rollbacks came one after the other, each undoing the one before: of two, the second brought the version in again. */
function rollbacksInTurn(moves: readonly Move[]): number {
  const at = moves.findIndex(({operation, from, to}, place) => {
    const later = moves[place - 1]
    return operation !== 'rollback' || (later !== undefined && (from !== later.to || to !== later.from))
  })
  return at === -1 ? moves.length : at
}

/** Versions that were tried and taken back, or rolled back from, and not brought in again since. @param moves newest first */
function takenOutBy(moves: readonly Move[], order: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Map<string, number>()
  for (const {operation, from, to, left, outcome, at} of moves.toReversed()) {
    // the undo of a rollback takes nothing out
    if (operation === 'rollback' && order.indexOf(from) > order.indexOf(to)) taken.set(from, at)
    if (left === to) taken.delete(to)
    else if (operation === 'shift' && left === from && outcome !== 'held' && outcome !== 'done') taken.set(to, at)
  }
  return taken
}
