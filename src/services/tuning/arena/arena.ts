import type {Candidate} from '../candidate.ts'

/** Where a candidate can be invoked: a version of a function that has its memory size. */
export type Stage = Candidate & {
  readonly functionName: string
  /** a published version's number: what an answer's ExecutedVersion must be */
  readonly version: string
}

/** A size that AWS would not have. */
export type Refused = Candidate & {
  /** in a few words, as `the account's quota is 3,008 MB` */
  readonly why: string
}

/** What is left in AWS after a run was cleaned up, and why. */
export type Cleanup = {
  /** everything that was made is gone and everything that was changed is as before, read back from AWS */
  readonly cleanedUp: boolean
  /** what is still there, each with the reason, in words */
  readonly left: readonly string[]
  /** what was removed or restored, in words */
  readonly done: readonly string[]
}

/** Versions that can be invoked, made for a run; closing it leaves nothing of them. */
export type Arena = {
  readonly stages: readonly Stage[]
  readonly refused: readonly Refused[]
  /** Makes one more candidate that can be invoked; null where the mode cannot, once invocations have begun. */
  add(candidate: Candidate, signal: AbortSignal): Promise<Stage | Refused | null>
  /** Removes what was made and restores what was changed, and reads AWS back. Never throws: what could not be done is told. */
  close(signal: AbortSignal): Promise<Cleanup>
}
