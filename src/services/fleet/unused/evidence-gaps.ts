import {isKnown, type Known, type Unknown} from '../../../known.ts'
import type {Gap} from '../../receipt.ts'
import {functionGaps} from '../unknown-gaps.ts'
import {type Evidence, type EvidenceName, notAsked} from './evidence.ts'
import type {FunctionVerdict} from './unused-report.ts'
import type {Verdict} from './verdict.ts'

/** A part of the evidence that nobody knows, by its name in the evidence. */
export type MissingPart = {readonly name: EvidenceName | 'queues' | 'matches'; readonly why: Unknown}

/** What somebody wanted to know of a function and does not: what was left out on purpose is not among it, unless the verdict rests on it. */
export function missingParts(evidence: Evidence, verdict: Verdict): readonly MissingPart[] {
  const parts: (readonly [MissingPart['name'], Known<unknown>])[] = Object.entries(evidence) as [
    EvidenceName,
    Known<unknown>,
  ][]
  const {eventSources, rules} = evidence
  if (isKnown(eventSources))
    for (const {queue} of eventSources.value)
      if (queue) parts.push(['queues', queue.state], ['queues', queue.sent], ['queues', queue.oldestAgeSeconds])
  if (isKnown(rules)) for (const {matched} of rules.value) if (matched) parts.push(['matches', matched])
  const seen = new Set<string>()
  return parts.flatMap(([name, known]) => {
    if (isKnown(known) || known === notAsked || seen.has(name)) return []
    if (known.unknown === 'not-read' && (verdict !== 'unknown' || !restsOn.has(name))) return []
    seen.add(name)
    return [{name, why: known}]
  })
}

const restsOn: ReadonlySet<string> = new Set([
  'usage',
  'eventSources',
  'schedules',
  'rules',
  'policy',
  'urls',
  'details',
])

/** What nobody knows, as gaps. */
export const evidenceGaps = (judged: readonly Pick<FunctionVerdict, 'fn' | 'missing'>[]): readonly Gap[] =>
  functionGaps(judged.flatMap(({fn, missing}) => missing.map(({name, why}) => ({fn, what: words[name], why}))))

const words: Readonly<Record<MissingPart['name'], string>> = {
  usage: 'invocations',
  listed: 'what CloudWatch lists',
  eventSources: 'event sources',
  schedules: 'schedules',
  rules: 'rules',
  policy: 'policy',
  urls: 'URLs',
  details: 'state',
  provisioned: 'provisioned concurrency',
  versions: 'versions',
  lastLogEvent: 'last log event',
  logGroup: 'log groups',
  deadLetters: 'dead letters',
  queues: 'queues',
  matches: 'matches of rules',
}
