import type {Entry, JournalContent} from '../../journal.ts'
import {isRunId} from '../../run-id.ts'
import type {
  AliasIntent,
  Left,
  MemberRecord,
  OtherIntent,
  TrafficHeader,
  TrafficRecord,
  TrafficWrite,
} from './shift-record.ts'

type OtherChange = {
  readonly intent: OtherIntent & {readonly removes?: boolean}
  readonly outcome: Outcome | 'open'
  readonly firesAt?: number
}
type Outcome = 'done' | 'refused' | 'lost'

/** What a journal's lines come to; null where its first line is not that of a shift or a rollback. */
export function foldTraffic({entries, unreadable}: JournalContent): TrafficRecord | null {
  const [header, ...rest] = entries
  if (!isHeader(header)) return null
  const writes = new Map<number, TrafficWrite>()
  const others = new Map<number, OtherChange>()
  let stage = -1
  let stageAt: number | null = null
  let muted: ReadonlySet<string> = new Set()
  let ended: TrafficRecord['ended'] = null

  for (const entry of rest) {
    const {kind} = entry
    const id = Number(entry['id'])
    const at = Number(entry['at'])
    const intent = entry['intent']
    if (kind === 'write' && isAliasIntent(intent)) writes.set(id, {id, at, intent, outcome: 'open', revisionId: null})
    else if (kind === 'other' && isOtherIntent(intent)) others.set(id, {intent, outcome: 'open'})
    else if (isOutcome(kind)) {
      const write = writes.get(id)
      const other = others.get(id)
      const revisionId = revisionOf(entry)
      // an answer that does not tell the revision has to be looked up as well
      if (write) writes.set(id, {...write, at, outcome: kind === 'done' && !revisionId ? 'lost' : kind, revisionId})
      if (other) others.set(id, {...other, outcome: kind, ...firesAtOf(entry)})
    } else if (kind === 'settled') {
      const revisionId = revisionOf(entry)
      const outcome = revisionId === null ? 'refused' : 'done'
      for (const write of openWrites(writes, String(entry['functionName'])))
        writes.set(write.id, {...write, at, outcome, revisionId})
    } else if (kind === 'stage') {
      stage = Number(entry['index'])
      stageAt = at
    } else if (kind === 'muted') muted = new Set(textsOf(entry['functionNames']))
    else if (kind === 'end') ended = {at, outcome: String(entry['outcome']), why: String(entry['why'])}
  }
  return {
    header,
    members: membersOf(header, writes),
    stage,
    stageAt,
    muted,
    left: leftOf([...others.values()]),
    ended,
    writes: [...writes.values()],
    unreadable,
  }
}

/** Of which nobody knows what became. */
const openWrites = (writes: ReadonlyMap<number, TrafficWrite>, functionName: string): readonly TrafficWrite[] =>
  [...writes.values()].filter(
    ({intent, outcome}) => intent.functionName === functionName && (outcome === 'open' || outcome === 'lost'),
  )

function membersOf(
  header: TrafficHeader,
  writes: ReadonlyMap<number, TrafficWrite>,
): ReadonlyMap<string, MemberRecord> {
  const all = [...writes.values()]
  return new Map(
    header.members.map(({functionName, before}) => {
      const made = all.findLast(({intent, revisionId}) => intent.functionName === functionName && revisionId !== null)
      const state = made ? {...made.intent.to, revisionId: made.revisionId ?? ''} : before
      return [functionName, {state, pending: openWrites(writes, functionName).at(-1)?.intent ?? null}]
    }),
  )
}

/** What was made, or may have been, and was not taken away, as far as AWS said. */
function leftOf(changes: readonly OtherChange[]): readonly Left[] {
  const left = new Map<string, Left>()
  for (const {intent, outcome, firesAt} of changes) {
    const {operation, name, removes} = intent
    if (removes && outcome === 'done') left.delete(name)
    else if (!removes && outcome !== 'refused')
      left.set(name, {operation, name, ...left.get(name), ...(firesAt !== undefined && {firesAt})})
  }
  return [...left.values()]
}

const isOutcome = (kind: unknown): kind is Outcome => kind === 'done' || kind === 'refused' || kind === 'lost'

function firesAtOf({told}: Entry): {readonly firesAt?: number} {
  const {at, isEnabled} = (told ?? {}) as Entry
  return typeof at === 'number' && isEnabled === true ? {firesAt: at} : {}
}

function revisionOf({told}: Entry): string | null {
  const revisionId = (told as Entry | null | undefined)?.['revisionId']
  return typeof revisionId === 'string' && revisionId !== '' ? revisionId : null
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'string') : []

const isObject = (value: unknown): value is Entry => typeof value === 'object' && value !== null
const hasTexts = (value: unknown, ...keys: readonly string[]): value is Entry =>
  isObject(value) && keys.every(key => typeof value[key] === 'string')

const isAliasIntent = (value: unknown): value is AliasIntent =>
  hasTexts(value, 'functionName', 'alias', 'revisionId') && hasTexts(value['to'], 'version', 'description')

const isOtherIntent = (value: unknown): value is OtherChange['intent'] => hasTexts(value, 'operation', 'name')

function isHeader(entry: Entry | undefined): entry is Entry & TrafficHeader {
  return (
    entry?.['schema'] === 'slsops/shift-journal@1' &&
    hasTexts(entry, 'runId', 'operation', 'region', 'endpoint') &&
    isRunId(String(entry['runId'])) &&
    Array.isArray(entry['origins']) &&
    Array.isArray(entry['members']) &&
    entry['members'].every(
      member =>
        hasTexts(member, 'functionName', 'functionArn', 'alias', 'from', 'to', 'description') &&
        hasTexts(member['before'], 'version', 'description', 'revisionId'),
    )
  )
}
