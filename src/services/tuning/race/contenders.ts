import type {Choice} from './choice.ts'
import type {Doubt, Judging} from './doubts.ts'
import type {SizeRecord} from './size-record.ts'

/** Rivals in a turn, the most doubtful ones, beside the chosen size: more would spend on what is nearly settled. */
const rivalsPerTurn = 2
/** Where even the cap would bring no more than this share of the evidence that is needed, */
const hopeless = 0.7
/** a pair is given up at this share of the cap, */
const enough = 0.6
/** if it is known about as well as what nobody cares about, in indifferences: before that the choice itself would suffer. */
const sharp = 1.1

/**
 * Who is sampled next: the most doubtful rivals, and the chosen size unless it is well ahead of them. None where all is
 * settled, or what is not will hardly be.
 */
export function contenders(choice: Choice, judging: Judging): readonly SizeRecord[] {
  if (choice.isSettled) return []
  const hasRoom = ({logs}: SizeRecord): boolean => logs.length < judging.maxPerSize
  const worthwhile = choice.doubts.filter(doubt => doubt.settled < 1 && !isFutile(doubt, choice, judging))
  if (worthwhile.length === 0) return []
  const rivals = worthwhile
    .map(({rival}) => rival.record)
    .filter(hasRoom)
    .slice(0, rivalsPerTurn)
  // against k rivals the chosen one is best measured √k times as often as each (Dunnett)
  const most = Math.sqrt(rivals.length) * Math.max(0, ...rivals.map(({logs}) => logs.length))
  const chosen = new Set([choice.pick.record, choice.base.record])
  const behind = [...chosen].filter(
    record => hasRoom(record) && !rivals.includes(record) && (rivals.length === 0 || record.logs.length <= most),
  )
  return [...behind, ...rivals]
}

function isFutile({rival, settledAtCap, error}: Doubt, {pick}: Choice, {maxPerSize, objective}: Judging): boolean {
  const measured = Math.min(rival.record.logs.length, pick.record.logs.length)
  const isSharp = error <= sharp * Math.log1p(objective.indifference)
  return settledAtCap < hopeless && measured >= enough * maxPerSize && isSharp
}
