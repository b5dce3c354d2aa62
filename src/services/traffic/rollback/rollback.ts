// What a rollback is going to do and did. Types only.

import type {ExitCode} from '../../../errors.ts'
import type {Scope} from '../../aws/scope.ts'
import type {Gap} from '../../receipt.ts'
import type {AliasRef, AliasState} from '../alias/alias-state.ts'
import type {ServedVersion} from '../evidence/served-versions.ts'

/** How it is known that a version is the one to go back to. */
export type RollbackEvidence = {
  readonly source: 'shift-under-way' | 'asked' | 'journal' | 'codedeploy' | 'metrics' | 'alias'
  /** the version that it speaks for */
  readonly version: string
  readonly detail: string
}

/** The shift that is aborted by going back. */
export type AbortedRun = {
  readonly runId: string
  readonly by: string
  /** whether a process is at it: null where its journal is not on this machine, so that nobody knows */
  readonly isAlive: boolean | null
}

export type RollbackMember = AliasRef & {
  readonly before: AliasState
  /** what its description will be: that of before a shift */
  readonly description: string
  /** what serves now and is left */
  readonly from: string
  readonly to: string
  readonly evidence: readonly RollbackEvidence[]
  /** numbers of both versions, where they were asked for; null where they were not waited for */
  readonly serving: ServedVersion | null
  readonly previous: ServedVersion | null
  /** a CodeDeploy deployment in progress, which is stopped with its own rollback instead of a write of the alias */
  readonly deploymentId: string | null
  /** null: none is under way, or nothing tells whose */
  readonly aborts: AbortedRun | null
  /** it serves `to` alone already */
  readonly isThere: boolean
  /** it has durable executions, which go on on the version that they began on */
  readonly isDurable: boolean
  readonly notes: readonly string[]
}

export type RollbackPlan = {
  readonly runId: string
  readonly scope: Scope
  readonly caller: string | null
  readonly members: readonly RollbackMember[]
  /** what cannot be rolled back, and why */
  readonly leftOut: readonly Gap[]
  readonly note: string | null
}

export type RollbackOutcome = {
  readonly member: RollbackMember
  readonly state: 'done' | 'foreign' | 'failed'
  /** what AWS says it serves, read back */
  readonly serves: AliasState | null
  /** epoch ms of that answer */
  readonly readAt: number | null
  /** writes of the alias that AWS acknowledged */
  readonly writes: number
  /** why it is not done */
  readonly detail: string | null
  /** what the command ends with for it */
  readonly exitCode: ExitCode
  /** ARNs of durable executions that go on on the version that was left */
  readonly durableExecutions: readonly string[]
  /** what else to know, a sentence each */
  readonly notes: readonly string[]
}

export type RollbackReport = {
  readonly plan: RollbackPlan
  readonly members: readonly RollbackOutcome[]
  readonly writes: number
  readonly startedAt: number
  readonly endedAt: number
}
