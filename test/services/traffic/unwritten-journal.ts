import type {AliasIntent} from '../../../src/services/traffic/journal/shift-record.ts'
import type {TrafficJournal} from '../../../src/services/traffic/journal/traffic-journal.ts'

/** A journal that is on no disk: what was told to it, in order. */
export function unwrittenJournal(): Pick<TrafficJournal, 'aliasWrite' | 'settled'> & {readonly told: string[]} {
  const told: string[] = []
  return {
    told,
    async aliasWrite(_intent: AliasIntent, call, of) {
      told.push('intent')
      try {
        const answer = await call()
        told.push(`done ${of(answer).revisionId}`)
        return answer
      } catch (error) {
        told.push(error instanceof Error ? error.name : 'thrown')
        throw error
      }
    },
    async settled(_intent, as) {
      told.push(as === null ? 'settled: not made' : `settled ${as.revisionId}`)
    },
  }
}
