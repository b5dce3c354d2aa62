import {ExitCode, UserError} from '../../errors.ts'
import type {Aws} from '../aws/connect.ts'
import {firstLine} from '../aws/failures.ts'
import type {Scope} from '../aws/scope.ts'
import {createTally, type Tally} from '../logs/tally.ts'
import type {Gap} from '../receipt.ts'
import {callerAccount} from '../targets/caller-account.ts'
import {type FoundLogSources, findLogSources} from '../targets/find-log-sources.ts'
import {parseSelection, type SelectionWords} from '../targets/parse-target.ts'
import type {ReadTraceOptions} from './read-trace.ts'

/** What all parts of one read share: where it is looked, and what is learnt of that on the way. */
export type TraceReading = {
  readonly all: readonly Aws[]
  readonly options: ReadTraceOptions
  readonly signal: AbortSignal
  /** of log lines */
  readonly tally: Tally
  /** besides those of the tally */
  readonly gaps: Gap[]
  readonly notes: Set<string>
  /** where it was looked besides the logs, in words */
  readonly places: Set<string>
  /** what of the logs was searched; null where nothing was */
  searched: SearchedLogs | null
  /** the log groups that the words of the command line mean, found once */
  sources(): Promise<FoundLogSources>
  /** the regions with their accounts, as far as those are known */
  scopes(): Promise<readonly Scope[]>
  /** the account of the credentials in use; null where AWS does not say */
  accountOf(aws: Aws): Promise<string | null>
  /** says what is done next */
  step(doing: string): void
}

type SearchedLogs = {
  readonly groups: number
  /** epoch ms */
  readonly start: number
  readonly end: number
}

export function createTraceReading(
  all: readonly Aws[],
  words: SelectionWords,
  options: ReadTraceOptions,
  signal: AbortSignal,
): TraceReading {
  // what can be no target is said before anything is asked of AWS
  const selection = parseSelection(words)
  const tally = createTally(0)
  const gaps: Gap[] = []
  const notes = new Set<string>()
  const accounts = new Map<string, Promise<string | null>>()
  let sources: Promise<FoundLogSources> | null = null

  // one profile sees one account, in whatever region
  const accountOf = (aws: Aws): Promise<string | null> => {
    const key = aws.scope.profile ?? ''
    const account = accounts.get(key) ?? callerAccount(aws, signal)
    accounts.set(key, account)
    return account
  }

  return {
    all,
    options,
    signal,
    tally,
    gaps,
    notes,
    places: new Set(),
    searched: null,
    sources() {
      sources ??= findLogSources(all, selection, signal).then(found => {
        gaps.push(...found.gaps)
        for (const notice of found.notices) notes.add(notice)
        return found
      })
      return sources
    },
    scopes: () =>
      Promise.all(all.map(async aws => ({...aws.scope, account: aws.scope.account ?? (await accountOf(aws))}))),
    accountOf,
    step: doing => options.onStep?.(doing),
  }
}

/** What could not be asked for, as a gap. */
export function gapAfterFailure(
  error: unknown,
  where: {readonly what: string; readonly account: string | null; readonly region: string},
): Gap {
  const isRefused = error instanceof UserError && error.exitCode === ExitCode.refused
  const words = error instanceof Error ? error.message : String(error)
  const hint = error instanceof UserError && isRefused && error.hint !== undefined ? error.hint : null
  // a refusal names the permission already, and its hint does it better
  const permission = hint === null ? null : /^this (needs [^;]+)/.exec(hint)?.[1]
  const detail = permission ?? firstLine(words) + (hint === null ? '' : ` (${hint})`)
  return {...where, reason: isRefused ? 'denied' : 'failed', detail}
}
