import type {Entry, JournalContent} from '../../journal.ts'
import type {Architecture} from '../../pricing.ts'
import {type Candidate, candidateKey} from '../candidate.ts'
import type {Limits} from '../limits.ts'
import type {Objective} from '../objective.ts'
import type {UsedMemory} from '../plan/used-memory.ts'
import type {UsualInit} from '../race/cold-starts.ts'
import type {Sample} from '../sample.ts'
import type {ColdRatio, Mode} from '../tune-plan.ts'

/** What a run was begun with: its first line. Nothing secret is in it: no environment, payload, URL or token. */
export type RunHeader = {
  readonly schema: 'slsops/tune-journal@1'
  readonly runId: string
  /** epoch ms */
  readonly at: number
  readonly account: string | null
  readonly region: string
  readonly endpoint: 'aws' | 'sandbox' | 'custom'
  /** of services that are not AWS's */
  readonly origins: readonly string[]
  readonly functionName: string
  /** unqualified */
  readonly functionArn: string
  readonly qualifier: string | null
  readonly version: string
  readonly codeSha256: string | null
  readonly memorySizeMB: number
  readonly architecture: Architecture
  readonly mode: Mode
  readonly asked: Asked
}

/** What was asked for, as far as resuming needs it. */
type Asked = {
  readonly objective: Objective
  readonly candidates: readonly Candidate[]
  /** not in journals of before there was a choice: true */
  readonly mayPropose?: boolean
  readonly limits: Limits
  readonly concurrency: number
  readonly coldRatio: ColdRatio
  /** not in journals of before it was looked at; null: nobody knew */
  readonly used?: UsedMemory | null
  readonly tooSmall?: readonly Candidate[]
  readonly usualInit?: UsualInit | null
  readonly allowErrors: readonly string[]
  readonly tenantId: string | null
  /** tells whether payloads are the same, and nothing else of them */
  readonly payloadsDigest: string
}

/** `$LATEST` and the versions as they were before the first change of the function itself. */
export type Before = {
  readonly memorySizeMB: number
  readonly codeSha256: string
  readonly description: string
  readonly configSha256: string | null
  readonly revisionId: string | null
  /** numbers of the versions that were there */
  readonly versions: readonly string[]
}

/** A change of AWS that is about to be made. */
export type Intent = {readonly operation: string} & Readonly<Record<string, unknown>>

/** A change as the journal knows it. */
type JournaledChange = {
  readonly id: number
  /** epoch ms at which it was about to be made, and, once that is known, at which its outcome was: it may still arrive then */
  readonly at: number
  readonly intent: Intent
  /** `lost`: it was sent and nobody knows what became of it; `open`: the process ended meanwhile */
  readonly outcome: 'done' | 'refused' | 'lost' | 'open'
  /** what AWS answered, as far as it was written down */
  readonly told: Entry
}

/** The answer of a run that was settled, for who sets it on the function later. */
export type SettledAs = Candidate & {
  /** others are as good, within the indifference */
  readonly isTie: boolean
  /** 0–0.999, as the run was sure of it; null where no other size was possible */
  readonly confidence: number | null
}

/** What a journal says of a run. */
export type RunRecord = {
  readonly header: RunHeader
  /** null: the function itself was not to be changed, or was not yet */
  readonly before: Before | null
  readonly changes: readonly JournaledChange[]
  readonly samples: readonly Sample[]
  /** invocations that were about to be made, and of which nobody knows what became: they may have run */
  readonly unanswered: readonly Candidate[]
  /** null: the answer was not settled */
  readonly settledAs: SettledAs | null
  readonly isEnded: boolean
  /** false: some of its lines cannot be read, and what they said may have been done */
  readonly isWhole: boolean
}

/** What a journal's lines come to; null where its first line is not a run's. */
export function foldRun({entries, unreadable}: JournalContent): RunRecord | null {
  const [header, ...rest] = entries
  if (!isHeader(header)) return null
  let before: Before | null = null
  let isEnded = false
  let settledAs: SettledAs | null = null
  const changes = new Map<number, JournaledChange>()
  const samples: Sample[] = []
  const unanswered: Candidate[] = []
  const answered = (by: Candidate): void => {
    const place = unanswered.findIndex(each => candidateKey(each) === candidateKey(by))
    if (place >= 0) unanswered.splice(place, 1)
  }
  for (const entry of rest) {
    const {kind, id} = entry
    if (kind === 'before') before ??= entry['state'] as Before
    else if (kind === 'invoke') unanswered.push(entry['candidate'] as Candidate)
    else if (kind === 'waived') answered(entry['candidate'] as Candidate)
    else if (kind === 'sample') {
      samples.push(entry['sample'] as Sample)
      answered(entry['sample'] as Sample)
    } else if (kind === 'settled') settledAs = entry['as'] as SettledAs
    else if (kind === 'end') isEnded = true
    else if (kind === 'intent' && typeof id === 'number')
      changes.set(id, {id, at: Number(entry['at']), intent: entry['intent'] as Intent, outcome: 'open', told: {}})
    else if (isOutcome(kind) && typeof id === 'number') {
      const change = changes.get(id)
      const at = Number(entry['at'])
      if (change) changes.set(id, {...change, at, outcome: kind, told: (entry['told'] as Entry | undefined) ?? {}})
    }
  }
  const isWhole = unreadable.length === 0
  return {header, before, changes: [...changes.values()], samples, unanswered, settledAs, isEnded, isWhole}
}

const isOutcome = (kind: unknown): kind is 'done' | 'refused' | 'lost' =>
  kind === 'done' || kind === 'refused' || kind === 'lost'

/** What a change of `$LATEST`'s memory for measuring is called in a journal. */
export const setMemory = 'UpdateFunctionConfiguration'
export const publish = 'PublishVersion'

/** Sizes that the run meant to give to a function's `$LATEST`, whether it came to that or not. */
export function sizesSet({changes, header, isWhole}: RunRecord, functionName: string): ReadonlySet<number> {
  const written = changes.flatMap(({intent}) =>
    intent.operation === setMemory && intent['purpose'] === 'measure' && intent['functionName'] === functionName
      ? Number(intent['memorySizeMB'])
      : [],
  )
  return new Set([...written, ...(isWhole ? [] : header.asked.candidates.map(({memorySizeMB}) => memorySizeMB))])
}

/** Whether the run gave a function's `$LATEST` another memory size to measure it. */
export const wasSetByRun = ({changes}: RunRecord, functionName: string): boolean =>
  changes.some(
    ({intent, outcome}) =>
      intent.operation === setMemory &&
      intent['purpose'] === 'measure' &&
      intent['functionName'] === functionName &&
      outcome === 'done',
  )

/** Whether the run may have made something of that name: AWS did not refuse it, or what was written of it cannot be read. */
export function mayHaveMade({changes, isWhole}: RunRecord, what: 'functionName' | 'logGroup', name: string): boolean {
  return !isWhole || changes.some(({intent, outcome}) => intent[what] === name && outcome !== 'refused')
}

/** Whether AWS said that it made something of that name, and nothing was sent since that removes it. */
export function wasMade({changes}: RunRecord, what: 'functionName' | 'logGroup', name: string): boolean {
  const last = changes.findLast(
    ({intent: {operation, ...of}}) => of[what] === name && /^(Create|Delete)/.test(operation),
  )
  return last?.outcome === 'done' && last.intent.operation.startsWith('Create')
}

function isHeader(entry: Entry | undefined): entry is Entry & RunHeader {
  if (entry?.['schema'] !== 'slsops/tune-journal@1') return false
  const isText = (key: string): boolean => typeof entry[key] === 'string'
  return (
    ['runId', 'region', 'endpoint', 'functionName', 'functionArn', 'architecture', 'mode'].every(isText) &&
    typeof entry['memorySizeMB'] === 'number' &&
    Array.isArray(entry['origins']) &&
    typeof entry['asked'] === 'object'
  )
}
