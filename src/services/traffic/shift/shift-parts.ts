import {awaitServing} from '../alias/await-serving.ts'
import {readAliasState} from '../alias/read-alias-state.ts'
import {writeAlias} from '../alias/write-alias.ts'
import {createDeadMan} from '../dead-man/dead-man.ts'
import {evidenceReader} from '../evidence/evidence-reader.ts'
import {readAlarms, readAlarmsOrWhyNot} from '../evidence/read-alarms.ts'
import {reconcile} from '../journal/reconcile.ts'
import {beginTrafficJournal, continueTrafficJournal, readTrafficRecord} from '../journal/traffic-journal.ts'
import {judge} from '../judge/judge.ts'
import {judgeGroup} from '../judge/judge-group.ts'
import {missingVersions} from './missing-versions.ts'

/** What a shift is made of, so that a test can put something else in its place. */
export type ShiftParts = {
  readonly beginTrafficJournal: typeof beginTrafficJournal
  readonly continueTrafficJournal: typeof continueTrafficJournal
  readonly readTrafficRecord: typeof readTrafficRecord
  readonly reconcile: typeof reconcile
  readonly readAliasState: typeof readAliasState
  readonly writeAlias: typeof writeAlias
  readonly awaitServing: typeof awaitServing
  readonly createDeadMan: typeof createDeadMan
  readonly evidenceReader: typeof evidenceReader
  readonly readAlarms: typeof readAlarms
  readonly readAlarmsOrWhyNot: typeof readAlarmsOrWhyNot
  readonly judge: typeof judge
  readonly judgeGroup: typeof judgeGroup
  readonly missingVersions: typeof missingVersions
}

export const realParts: ShiftParts = {
  beginTrafficJournal,
  continueTrafficJournal,
  readTrafficRecord,
  reconcile,
  readAliasState,
  writeAlias,
  awaitServing,
  createDeadMan,
  evidenceReader,
  readAlarms,
  readAlarmsOrWhyNot,
  judge,
  judgeGroup,
  missingVersions,
}
