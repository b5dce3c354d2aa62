import {ExitCode, UserError} from '../../../errors.ts'
import type {Aws} from '../../aws/connect.ts'
import type {Entry} from '../../journal.ts'
import {explained} from '../../targets/refusal.ts'
import type {RunJournal} from '../journal/run-journal.ts'
import type {Intent} from '../journal/run-record.ts'
import {memoryText} from '../memory-sizes.ts'

/** What changes AWS: the way there, where it is written down, what ends the waiting, and who is told what takes a while. */
export type Site = {
  readonly aws: Aws
  readonly journal: Pick<RunJournal, 'runId' | 'change'>
  readonly signal: AbortSignal
  readonly doing: (what: string) => void
}

/** For changes that are not to be undone, and of which AWS itself knows all: they are written down nowhere. */
export const unwritten = (runId: string): Site['journal'] => ({runId, change: (_intent, call) => call()})

/** The same for a run, with its whole journal. */
export type RunSite = Site & {readonly journal: RunJournal}

type Change<T> = {
  readonly intent: Intent
  readonly send: () => Promise<T>
  /** what of the answer is written down */
  readonly told?: (answer: T) => Entry
}

/**
 * Makes one change of AWS when its turn has come, written down right before and after; again only where it was throttled.
 * Nothing cuts it off once it is sent: what became of it would be unknown then.
 * @throws what AWS said, untranslated; UserError where it cannot be written down
 */
export function changeAws<T>({aws, journal, signal}: Site, {intent, send, told = () => ({})}: Change<T>): Promise<T> {
  signal.throwIfAborted()
  return aws.budget.write(intent.operation, () => journal.change(intent, send, told), {signal})
}

/**
 * What AWS says of a memory size above the account's quota, which no API tells.
 * @returns in a few words; null where it is about something else
 */
export function quotaRefusal(error: unknown): string | null {
  const name = nameOf(error)
  if (name !== 'InvalidParameterValueException' && name !== 'ValidationException') return null
  const {message} = error as Error
  if (!/memorySize/i.test(message)) return null
  const [, limit] = /less than or equal to (\d+)/.exec(message) ?? []
  return limit ? `the account’s quota is ${memoryText(Number(limit))}` : null
}

/**
 * A change that AWS refused, or of which it is unknown what became, as what a person can act on.
 * @param instead what would do without it
 */
export function whyNot(error: unknown, doing: string, permission: string, instead?: string): unknown {
  const told = explained(error, {doing, permission, ...(instead && {instead})})
  if (!instead || !(told instanceof UserError) || told.exitCode !== ExitCode.failed) return told
  const {message, code, exitCode, cause, requestId} = told
  return new UserError(message, {code, exitCode, cause, hint: instead, ...(requestId && {requestId})})
}

/** Somebody changed the function while it was worked on: whatever it is now is theirs. */
export function deployedMeanwhile(name: string, what: string): UserError {
  return new UserError(`somebody deployed ${name} meanwhile: ${what}`, {
    code: 'DeployedMeanwhile',
    hint: 'what is theirs was left as it is; start again when the deployment is over',
  })
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}
