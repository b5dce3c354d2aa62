import {UserError} from '../../../../src/errors.ts'
import type {TrafficJournal} from '../../../../src/services/traffic/journal/traffic-journal.ts'

/** Whether there is no room any more: after so many lines. */
export function fullAfter(lines: number): () => boolean {
  let written = 0
  return () => ++written > lines
}

/** A journal whose disk is full from some line on: what need not be written down is done all the same. */
export function fullDisk(journal: TrafficJournal, isFull: () => boolean): TrafficJournal {
  const failure = (): UserError => new UserError('there is no room', {code: 'NoJournal'})
  return {
    ...journal,
    async aliasWrite(intent, call, told, isBound = true) {
      if (!isFull()) return journal.aliasWrite(intent, call, told, isBound)
      if (isBound) throw failure()
      return call()
    },
    async otherWrite(intent, call, told) {
      if (!isFull()) return journal.otherWrite(intent, call, told)
      if (!intent.removes) throw failure()
      return call()
    },
    async stage(index) {
      if (isFull()) throw failure()
      return journal.stage(index)
    },
    async end(outcome, why) {
      return isFull() ? journal.release() : journal.end(outcome, why)
    },
  }
}
