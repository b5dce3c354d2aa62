// What is read of AWS while a shift goes on. Types only.
import type {Known} from '../../../known.ts'
import type {AliasRef} from '../alias/alias-state.ts'
import type {MetricCounts} from '../judge/judgement.ts'

/** Whose evidence it is. */
export type Watched = AliasRef & {
  readonly canary: string
  readonly baseline: string
  readonly timeoutSeconds: number
  /** Duration above this is slow, ms: the baseline's p95; null: latency is not judged */
  readonly slowMs: number | null
  /** of the canary; null where unknown */
  readonly logGroup: string | null
}

/** What both versions did since the shift began. */
export type MemberEvidence = {
  readonly metrics: readonly MetricCounts[]
  readonly canary: VersionFigures
  readonly baseline: VersionFigures
  /** where it was counted: CloudWatch's metrics, or REPORT lines of the log where those were not to be had */
  readonly source: 'metrics' | 'log'
  /** what of it could not be read, a sentence each; not there where all was */
  readonly gaps?: readonly string[]
}

export type VersionFigures = {
  readonly calls: number
  readonly errors: number
  /** ms; null where there were no calls or nobody knows */
  readonly p95Ms: number | null
}

/** Reads evidence again and again: each time all minutes anew, since late datapoints change what was read before. */
export type EvidenceReader = {
  /** by the index of the watched; unknown with the reason where AWS would not say. Never throws but for a bug or an abort. */
  read(signal: AbortSignal): Promise<readonly Known<MemberEvidence>[]>
}

/** An alarm as CloudWatch describes it. */
export type GateAlarm = {
  readonly name: string
  readonly kind: 'metric' | 'composite' | 'log'
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'
  /** epoch ms since when it is in that state */
  readonly since: number | null
  readonly reason: string
  /** whether CloudWatch could evaluate it: with a state that is not known to be so, it says nothing */
  readonly isEvaluated: boolean
}
