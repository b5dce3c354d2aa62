import * as broken from './broken-traces.ts'
import type {TestDocument, TestTrace} from './documents.ts'
import * as sound from './traces.ts'

/** Draws in [0, 1), the same for the same seed (mulberry32). */
type Random = () => number

const hostile = [
  '\u001b[2J\u001b]0;x\u0007',
  '\u202e',
  '\u0000',
  '\r\n',
  '\u009b31m',
  '\ud800',
  '漢字',
  '👩‍👩‍👧',
  'x'.repeat(3_000),
]
const odd: readonly unknown[] = [
  ...[null, true, false, '', 'a', '{}', 'true', '1.5', '0x1f', [], {}, [[]], [null], {a: {}}],
  ...[0, -0, -1, 0.5, 1e-9, 1e308, -1e308, 2 ** 53, 4_102_444_800, 4_102_444_801, 1_763_640_130_000],
  ...hostile,
]
const keys = [
  ...['id', 'parent_id', 'name', 'type', 'start_time', 'end_time', 'in_progress', 'inferred', 'origin', 'namespace'],
  ...['fault', 'cause', 'subsegments', 'links', 'aws', 'http', 'sql', 'annotations', 'metadata', '__proto__', 'Dummy'],
]

/** The documents of one trace, as JSON: a test trace's, each changed in some places. */
export function* mutatedTraces(seed: number): Generator<readonly string[], never> {
  const random = mulberry32(seed)
  const shapes = [...Object.values(sound), ...Object.values(broken)]
    .filter(shape => typeof shape === 'function')
    .map((shape: () => TestTrace) => shape().documents)
  for (;;) {
    const documents = pick(shapes, random)
    const copies = structuredClone(documents) as TestDocument[]
    // one twice, one from elsewhere
    if (random() < 0.2) copies.push(structuredClone(pick(documents, random)))
    if (random() < 0.2) copies.push(structuredClone(pick(pick(shapes, random), random)))
    yield copies.map(copy => mutated(copy, random))
  }
}

function mutated(document: TestDocument, random: Random): string {
  const changes = Math.floor(random() * 6)
  for (let i = 0; i < changes; i++) change(document, random)
  let json = JSON.stringify(document)
  if (random() < 0.05) json = nested(json, random)
  return random() < 0.05 ? garbled(json, random) : json
}

/** Something in the document becomes something else, goes, comes twice, or is put where it does not belong. */
function change(document: TestDocument, random: Random): void {
  const [holder, key] = pick(placesIn(document), random)
  const value = Reflect.get(holder, key)
  const how = random()
  if (how < 0.3) Reflect.set(holder, key, structuredClone(pick(odd, random)))
  else if (how < 0.5) Reflect.deleteProperty(holder, key)
  else if (how < 0.6) Reflect.set(holder, key, typeof value === 'number' ? value * (random() * 4 - 1) : textOf(value))
  else if (how < 0.7) Reflect.set(holder, key, textOf(value) + pick(hostile, random))
  else if (how < 0.85) Object.defineProperty(holder, pick(keys, random), {value: structuredClone(value), ...own})
  else Object.defineProperty(holder, pick(keys, random), {value: structuredClone(pick(odd, random)), ...own})
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const own = {enumerable: true, configurable: true, writable: true}

function placesIn(document: object): readonly (readonly [object, string])[] {
  const places: [object, string][] = []
  const waiting: object[] = [document]
  for (let holder = waiting.pop(); holder; holder = waiting.pop()) {
    for (const [key, value] of Object.entries(holder)) {
      places.push([holder, key])
      if (typeof value === 'object' && value !== null && places.length < 2_000) waiting.push(value)
    }
  }
  return places.length > 0 ? places : [[document, 'id']]
}

function nested(json: string, random: Random): string {
  const depth = Math.floor(random() ** 4 * 3_000)
  const key = pick(['subsegments', 'metadata', 'annotations', 'cause'], random)
  const open = Array.from({length: depth}, (_, i) => `{"id":"n${i}","name":"n","start_time":1763640130,"${key}":[`)
  return open.join('') + json + ']}'.repeat(depth)
}

function garbled(json: string, random: Random): string {
  const at = Math.floor(random() * json.length)
  return (
    json.slice(0, at) + pick(['', '"', '}', ',', '\u0000', '1e999', json.slice(0, 40)], random) + json.slice(at + 1)
  )
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item
}

function mulberry32(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
