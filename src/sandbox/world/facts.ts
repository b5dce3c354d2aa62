// The particulars in log lines: the same order, customer and article in every function a request touches.
import {draw, hex, mix, pick, textKey} from './random.ts'

export type FactContext = {
  /** the request's two keys: facts of the request follow from them */
  readonly a: number
  readonly b: number
  /** the run's own key: numbers that differ from run to run */
  readonly runKey: number
  readonly durationMs: number
  readonly requestId: string
  readonly traceId: string
  readonly functionName: string
  readonly version: string
}

type Fact = (context: FactContext) => string

const skus = [
  'KIWI-1',
  'MILK-OAT-1L',
  'BREAD-RYE-500',
  'EGGS-10',
  'APPLE-BRAEBURN-6',
  'BUTTER-250',
  'TOFU-400',
  'PASTA-PENNE-500',
  'COFFEE-ESP-1KG',
  'BANANA-5',
] as const
const products = [
  'Kiwi',
  'Oat milk 1 l',
  'Crème fraîche 30 %',
  'Jalapeños',
  'Weißwurst 4 Stück',
  '豆腐 400 g',
  'Żurek',
  'Rye bread',
  'Espresso beans ☕',
  'Bananas',
] as const
const cities = ['Amsterdam', 'Zürich', 'Kraków', 'Malmö', 'Dublin', 'São Bento', 'Gent', 'Lyon'] as const
const stores = ['AMS-02', 'AMS-07', 'DUB-01', 'GNT-03', 'LYS-01', 'ZRH-04'] as const
const tiers = ['basic', 'basic', 'basic', 'plus', 'business'] as const
const couriers = ['bikeflash', 'greenvan', 'parcelline'] as const
const queries = ['oat milk', 'crème brûlée', 'gluten free pasta', 'kiwi', 'eggs 10', 'kaffee', 'brød'] as const
const agents = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X)',
  'Mozilla/5.0 (Linux; Android 16; Pixel 9)',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_6)',
  'larder-app/7.41 (Android 16)',
  'larder-app/7.40.2 (iOS 19.1)',
] as const
// what people send as their user agent ends up in logs as it is
const hostileAgents = [
  '\u001b[2J\u001b[31mcurl/8.9\u001b[0m',
  'sqlmap/1.8 \u001b]0;pwned\u0007',
  'x\u202egnp.exe',
] as const
const letters = 'abcdefghijklmnopqrstuvwxyz'

const facts: Readonly<Record<string, Fact>> = {
  order: ({a, b}) => `ord_${hex(2, mix(a, 101), b).slice(0, 12)}`,
  orderNumber: ({a}) => String(2_000_000 + Math.floor(900_000 * draw(mix(a, 102)))),
  customer: ({a}) => `cus_${hex(1, mix(Math.floor(40_000 * draw(mix(a, 103))), 1), 0)}`,
  tier: ({a}) => pick(tiers, mix(Math.floor(40_000 * draw(mix(a, 103))), 2)),
  cart: ({a, b}) => `crt_${hex(2, mix(a, 104), b).slice(0, 10)}`,
  payment: ({a, b}) => `pay_${hex(2, mix(a, 105), b)}`,
  sku: ({a}) => pick(skus, mix(a, 106)),
  otherSku: ({a}) => pick(skus, mix(a, 107)),
  product: ({a}) => pick(products, mix(a, 106)),
  qty: ({a}) => String(1 + Math.floor(5 * draw(mix(a, 108)) ** 2)),
  items: ({a}) => String(1 + Math.floor(23 * draw(mix(a, 109)) ** 2)),
  amount: ({a}) => (4 + 140 * draw(mix(a, 110)) ** 2).toFixed(2),
  city: ({a}) => pick(cities, mix(a, 111)),
  store: ({a}) => pick(stores, mix(a, 112)),
  courier: ({a}) => pick(couriers, mix(a, 113)),
  query: ({a}) => pick(queries, mix(a, 114)),
  email: ({a}) => `${letters[Math.floor(26 * draw(mix(a, 115)))]}***@example.com`,
  ip: ({a}) => `203.0.113.${1 + Math.floor(250 * draw(mix(a, 116)))}`,
  userAgent: ({a}) => (draw(mix(a, 117)) < 0.004 ? pick(hostileAgents, mix(a, 118)) : pick(agents, mix(a, 118))),
  // longer than a double can hold exactly
  shipment: ({a, b}) =>
    `3${String(mix(a, 119) >>> 0).padStart(10, '0')}${String((b >>> 0) % 1_000_000_000).padStart(9, '7')}`,
  upload: ({a, b}) => `uploads/${hex(2, mix(a, 120), b).slice(0, 10)}.jpg`,
  zip: ({a}) => String(10_001 + Math.floor(89_000 * draw(mix(a, 121)))),
  ms: ({durationMs}) => String(Math.max(1, Math.round(durationMs * 0.97))),
  requestId: ({requestId}) => requestId,
  traceId: ({traceId}) => traceId,
  function: ({functionName}) => functionName,
  version: ({version}) => version,
}

/** Pieces of a template: texts at even places, names of facts at odd ones. */
const templates = new Map<string, readonly string[]>()

function piecesOf(template: string): readonly string[] {
  let pieces = templates.get(template)
  if (!pieces) {
    pieces = template.split(/\{([\w.:-]+)\}/)
    templates.set(template, pieces)
  }
  return pieces
}

/**
 * A number drawn for the run: `{n:20-80}`, with one decimal `{f:0-10}`; hex digits `{hex:8}`. Written the same way
 * twice, it is the same number in all lines of a run.
 */
function drawn(name: string, runKey: number): string | undefined {
  const [kind, range] = name.split(':')
  if (range === undefined) return undefined
  const key = textKey(name, runKey)
  if (kind === 'hex') return hex(4, key, mix(key, 9)).slice(0, Number(range))
  const [low = 0, high = 0] = range.split('-').map(Number)
  const value = low + (high - low) * draw(key)
  return kind === 'f' ? value.toFixed(1) : String(Math.round(value))
}

/** The template with its facts. An unknown name stays as it is written. */
export function fill(template: string, context: FactContext): string {
  const pieces = piecesOf(template)
  if (pieces.length === 1) return template
  let text = pieces[0] ?? ''
  for (let i = 1; i < pieces.length; i += 2) {
    const name = pieces[i] ?? ''
    text += (facts[name]?.(context) ?? drawn(name, context.runKey) ?? `{${name}}`) + (pieces[i + 1] ?? '')
  }
  return text
}
