import type {Level, LogEvent} from '../logs/log-event.ts'
import type {Occurrence} from './occurrences.ts'
import type {Signature} from './signature.ts'
import {joinTokens, tokensOf} from './templates.ts'

/** Which of the two that are compared an error belongs to, and where in the window. */
export type Side = {readonly is: 'now'; readonly bucket: number} | {readonly is: 'before'}

/** Where errors come from: a function, or a log group that is none's. */
export type Origin = {
  readonly account: string | null
  readonly region: string
  readonly logGroup: string
  readonly function: string | null
  readonly functionArn: string | null
}

/** One error as it was logged, to look at. */
export type Sample = Origin & {
  /** epoch ms */
  readonly timestamp: number
  readonly logStream: string
  readonly version: string | null
  readonly requestId: string | null
  readonly traceId: string | null
  /** as its line says it; null where none does, as of a report */
  readonly level: Level | null
  /** as it was logged; of one longer than 32 k characters the beginning */
  readonly message: string
  readonly isNow: boolean
}

type Shape = {tokens: readonly string[]; count: number}

/** Errors counted as one: what they have in common, and numbers; none of them is kept but one. */
export type Leaf = {
  readonly signature: Signature
  /** templates by their number of words, each with what differed masked */
  readonly shapes: Map<number, Shape>
  /** what all of them said, quotations included; null when that differed */
  said: string | null
  now: number
  before: number
  readonly buckets: number[]
  /** epoch ms, of all that was read */
  firstSeen: number
  lastSeen: number
  /** epoch ms of the first in the window; infinite for none */
  firstNow: number
  readonly origins: Map<string, {readonly origin: Origin; readonly versions: Set<string>; count: number}>
  /** the keys of all they ever came from, window and baseline: a function's ARN, or a region and its log group */
  readonly owners: Set<string>
  sample: Sample
}

const longestSample = 32_768
const mostShapes = 16

export function newLeaf({event, signature}: Occurrence, buckets: number): Leaf {
  const {kind, type, template, said, place} = signature
  return {
    // a piece of a message would keep all of it
    signature: {kind, type: type && copied(type), template: copied(template), said: '', place: place && copied(place)},
    shapes: new Map(),
    said: copied(said),
    now: 0,
    before: 0,
    buckets: new Array<number>(buckets).fill(0),
    firstSeen: event.timestamp,
    lastSeen: event.timestamp,
    firstNow: Number.POSITIVE_INFINITY,
    origins: new Map(),
    owners: new Set(),
    sample: sampleOf(event, false),
  }
}

export function addToLeaf(leaf: Leaf, {event, signature}: Occurrence, side: Side): void {
  const {timestamp} = event
  const isNow = side.is === 'now'
  if (leaf.said !== null && leaf.said !== signature.said) leaf.said = null
  addShape(leaf, signature.template)
  if (timestamp < leaf.firstSeen) leaf.firstSeen = timestamp
  if (timestamp > leaf.lastSeen) leaf.lastSeen = timestamp
  if (isNow) {
    leaf.now++
    leaf.buckets[side.bucket] = (leaf.buckets[side.bucket] ?? 0) + 1
    if (timestamp < leaf.firstNow) leaf.firstNow = timestamp
  } else leaf.before++
  leaf.owners.add(ownerOf(originOf(event)))
  if (isNow) addOrigin(leaf, event)
  if (isBetter(leaf.sample, event, isNow)) leaf.sample = sampleOf(event, isNow)
}

/** What two leaves count, in the first. */
export function mergeLeaves(into: Leaf, other: Leaf): void {
  if (into.said !== other.said) into.said = null
  for (const {tokens, count} of other.shapes.values()) joinShape(into, tokens, count)
  into.now += other.now
  into.before += other.before
  other.buckets.forEach((count, i) => {
    into.buckets[i] = (into.buckets[i] ?? 0) + count
  })
  into.firstSeen = Math.min(into.firstSeen, other.firstSeen)
  into.lastSeen = Math.max(into.lastSeen, other.lastSeen)
  into.firstNow = Math.min(into.firstNow, other.firstNow)
  for (const owner of other.owners) into.owners.add(owner)
  for (const [key, {origin, versions, count}] of other.origins) {
    const known = into.origins.get(key)
    if (!known) into.origins.set(key, {origin, versions: new Set(versions), count})
    else {
      known.count += count
      for (const version of versions) known.versions.add(version)
    }
  }
  if (rank(other.sample, other.sample.isNow) > rank(into.sample, into.sample.isNow)) into.sample = other.sample
}

/** What passes out of the window on its left becomes what was before. */
export function slideLeaf(leaf: Leaf, buckets: number): void {
  const passed = leaf.buckets.splice(0, buckets).reduce((sum, count) => sum + count, 0)
  leaf.buckets.push(...new Array<number>(buckets).fill(0))
  leaf.now -= passed
  leaf.before += passed
}

/** The template that most of them have. */
export function templateOf({shapes, signature}: Leaf): string {
  let best: Shape | null = null
  for (const shape of shapes.values())
    if (
      !best ||
      shape.count > best.count ||
      (shape.count === best.count && shape.tokens.join(' ') < best.tokens.join(' '))
    )
      best = shape
  return best?.tokens.join(' ') ?? signature.template
}

function addShape(leaf: Leaf, template: string): void {
  // nearly always all say the same
  const [only] = leaf.shapes.values()
  if (only && leaf.shapes.size === 1 && template === leaf.signature.template) {
    only.count++
    return
  }
  joinShape(leaf, tokensOf(copied(template)), 1)
}

function joinShape({shapes}: Leaf, tokens: readonly string[], count: number): void {
  const shape = shapes.get(tokens.length)
  if (shape) {
    shape.tokens = joinTokens(shape.tokens, tokens)
    shape.count += count
  } else if (shapes.size < mostShapes) shapes.set(tokens.length, {tokens, count})
}

function addOrigin({origins}: Leaf, event: LogEvent): void {
  const origin = originOf(event)
  const key = ownerOf(origin)
  let known = origins.get(key)
  if (!known) {
    known = {origin, versions: new Set(), count: 0}
    origins.set(key, known)
  }
  known.count++
  if (event.version !== null) known.versions.add(event.version)
}

/** What tells a function, or a log group that is none's, from all others. */
export function ownerOf({account, region, logGroup, functionArn}: Origin): string {
  return functionArn ?? `${account}\n${region}\n${logGroup}`
}

export function originOf({source, function: owner}: LogEvent): Origin {
  const {account, region} = source.scope
  return {account, region, logGroup: source.logGroup, function: owner?.name ?? null, functionArn: owner?.arn ?? null}
}

function sampleOf(event: LogEvent, isNow: boolean): Sample {
  const {timestamp, logStream, version, requestId, traceId, level, message} = event
  return {
    ...originOf(event),
    timestamp,
    logStream,
    version,
    requestId: requestId && copied(requestId),
    traceId: traceId && copied(traceId),
    level,
    message: message.length > longestSample ? copied(message.slice(0, longestSample)) : message,
    isNow,
  }
}

function isBetter(sample: Sample, event: LogEvent, isNow: boolean): boolean {
  const difference = rank(event, isNow) - rank(sample, sample.isNow)
  if (difference !== 0) return difference > 0
  return event.timestamp === sample.timestamp && event.message < sample.message
}

// the newest of those with a trace, of those in the window
function rank(
  {traceId, requestId, timestamp}: Pick<Sample, 'traceId' | 'requestId' | 'timestamp'>,
  isNow: boolean,
): number {
  return timestamp + ((isNow ? 4 : 0) + (traceId === null ? 0 : 2) + (requestId === null ? 0 : 1)) * 1e14
}

function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
