import {addToList} from '../add-to-list.ts'
import {
  addToLeaf,
  type Leaf,
  mergeLeaves,
  newLeaf,
  type Origin,
  originOf,
  ownerOf,
  type Side,
  slideLeaf,
  templateOf,
} from './leaf.ts'
import type {Occurrence} from './occurrences.ts'
import {fingerprintOf, type Signature} from './signature.ts'
import {fits, groupTemplates, tokensOf} from './templates.ts'

/** Errors that are one, with their numbers. */
export type ErrorGroup = {
  readonly fingerprint: string
  readonly template: string
  /** the template, with what is the same in all of them left as it is */
  readonly title: string
  readonly leaf: Leaf
}

export type ErrorCounter = {
  add(occurrence: Occurrence, side: Side): void
  /** moves the window on by so many buckets */
  slide(buckets: number): void
  /** the groups as of now; what is in them changes with what is added later */
  groups(): readonly ErrorGroup[]
  /** errors that are in the group of everything else, because there were too many kinds */
  readonly unsorted: number
}

export type CountOptions = {
  /** into how many parts the window is divided */
  readonly buckets: number
  /** how many kinds are told apart before words are compared */
  readonly mostLeaves?: number
}

const mostLeavesByDefault = 10_000
const everythingElse = 'everything else'

type Wild = {readonly tokens: readonly string[]; readonly leaf: Leaf}

/**
 * Counts errors by kind, in memory that depends on the kinds and not on the errors. What is of one place in the code (type
 * and first frames) or one masked text is one kind; at the end those texts that differ in a few words become one too
 * (`groupTemplates`). So the same errors give the same groups and fingerprints in whatever order they come, as long as there
 * are no more than 10,000 kinds: then the words are compared early, and what still is too much is counted as "everything else".
 */
export function countErrors({buckets, mostLeaves = mostLeavesByDefault}: CountOptions): ErrorCounter {
  let leaves = new Map<string, Leaf>()
  const wild = new Map<string, Wild[]>()
  let rest: Leaf | null = null
  let unsorted = 0

  const leafFor = (occurrence: Occurrence): Leaf => {
    const {signature} = occurrence
    const key = keyOf(occurrence)
    const known = leaves.get(key) ?? wildLeaf(occurrence)
    if (known) return known
    if (leaves.size >= mostLeaves) compact()
    if (leaves.size >= mostLeaves) {
      unsorted++
      rest ??= newLeaf({...occurrence, signature: otherSignature}, buckets)
      return rest
    }
    const leaf = newLeaf(occurrence, buckets)
    leaves.set(signature.place === null ? familyOf(occurrence, leaf.signature) + leaf.signature.template : key, leaf)
    return leaf
  }

  const wildLeaf = (occurrence: Occurrence): Leaf | undefined => {
    if (wild.size === 0 || occurrence.signature.place !== null) return undefined
    const tokens = tokensOf(occurrence.signature.template)
    const family = wild.get(familyOf(occurrence, occurrence.signature))
    return family?.find(known => fits(known.tokens, tokens))?.leaf
  }

  /** Compares words early, to make room. */
  const compact = (): void => {
    const kept = new Map<string, Leaf>()
    for (const [key, leaf] of leaves) if (leaf.signature.place !== null) kept.set(key, leaf)
    for (const [family, members] of families(leaves)) {
      for (const {template, items} of groupTemplates(members, templateOf)) {
        const [first, ...others] = items
        if (!first) continue
        for (const other of others) mergeLeaves(first, other)
        if (template.includes('<*>')) {
          const known = wild.get(family) ?? []
          if (!known.some(({leaf}) => leaf === first)) known.push({tokens: template.split(' '), leaf: first})
          wild.set(family, known)
        }
        kept.set(family + template, first)
      }
    }
    leaves = kept
    // none of the room that is made is worth another look soon
    if (leaves.size > mostLeaves / 2) mostLeaves = leaves.size
  }

  return {
    add(occurrence, side) {
      addToLeaf(leafFor(occurrence), occurrence, side)
    },
    slide(by) {
      for (const leaf of leaves.values()) slideLeaf(leaf, by)
      if (rest) slideLeaf(rest, by)
    },
    groups() {
      const placed = [...leaves.values()].filter(({signature}) => signature.place !== null)
      const texts = [...families(leaves)].flatMap(([family, members]) =>
        groupTemplates(members, templateOf).map(({template, items}) => group(merged(items, buckets), template, family)),
      )
      return [
        ...placed.map(leaf => group(leaf, templateOf(leaf), scopeOf(leaf))),
        ...texts,
        ...(rest ? [group(rest, everythingElse, '')] : []),
      ]
    },
    get unsorted() {
      return unsorted
    },
  }
}

const otherSignature: Signature = {
  kind: 'message',
  type: null,
  template: everythingElse,
  said: everythingElse,
  place: everythingElse,
}

function families(leaves: ReadonlyMap<string, Leaf>): Map<string, Leaf[]> {
  const found = new Map<string, Leaf[]>()
  for (const [key, leaf] of leaves) {
    if (leaf.signature.place !== null) continue
    const family = key.slice(0, key.indexOf('\u0000') + 1)
    addToList(found, family, leaf)
  }
  return found
}

function merged(leaves: readonly Leaf[], buckets: number): Leaf {
  const [first, ...others] = leaves as readonly [Leaf, ...Leaf[]]
  if (others.length === 0) return first
  const sum: Leaf = {
    ...first,
    shapes: new Map([...first.shapes].map(([size, shape]) => [size, {...shape}])),
    buckets: new Array<number>(buckets).fill(0).map((_, i) => first.buckets[i] ?? 0),
    owners: new Set(first.owners),
    origins: new Map(
      [...first.origins].map(([key, {origin, versions, count}]) => [key, {origin, versions: new Set(versions), count}]),
    ),
  }
  for (const other of others) mergeLeaves(sum, other)
  return sum
}

function group(leaf: Leaf, template: string, family: string): ErrorGroup {
  const {kind, type, place} = leaf.signature
  const said = leaf.said ?? template
  return {
    fingerprint: fingerprintOf(kind, family, place ?? template),
    template,
    title: type === null || said === type ? said : said === '' ? type : `${type}: ${said}`,
    leaf,
  }
}

const scopeOf = (leaf: Leaf): string => keptApartBy(leaf.signature, leaf.sample)

function keyOf(occurrence: Occurrence): string {
  const {signature} = occurrence
  return familyOf(occurrence, signature) + (signature.place ?? signature.template)
}

function familyOf({event}: Occurrence, signature: Signature): string {
  const owner = keptApartBy(signature, originOf(event))
  return `${signature.kind}\u0001${owner}\u0001${signature.type ?? ''}\u0001${signature.place === null ? 'text' : 'place'}\u0000`
}

/** A function that times out says nothing of another one that does; an error of their code is the same in both. */
function keptApartBy({kind}: Signature, origin: Origin): string {
  return kind === 'exception' || kind === 'message' ? '' : ownerOf(origin)
}
