import type {NormalizedSchema} from '@smithy/core/schema'
import {ServiceError} from './service-error.ts'

/**
 * A JSON body as the value a schema describes: timestamps become Dates, blobs bytes; null and unknown members are dropped.
 * @throws ServiceError SerializationException for text that is not JSON and for a value of the wrong type
 */
export function parseJson(schema: NormalizedSchema, body: Buffer): Record<string, unknown> {
  let json: unknown
  try {
    json = body.length === 0 ? {} : JSON.parse(body.toString())
  } catch {
    throw serializationError('Unable to parse the request body as JSON')
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw serializationError('Start of structure or map expected')
  return schema.isStructSchema() ? (fromJson(schema, json) as Record<string, unknown>) : {}
}

/** The inverse of {@link parseJson}. */
export function stringifyJson(schema: NormalizedSchema, value: unknown): string {
  return JSON.stringify(isPlain(schema) ? value : toJson(schema, value))
}

export function serializationError(message: string): ServiceError {
  return new ServiceError('SerializationException', message, {status: 400})
}

function fromJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (schema.isStructSchema()) {
    const record = expectRecord(value)
    const out: Record<string, unknown> = {}
    for (const [name, member] of schema.structIterator()) {
      const read = fromJson(member, record[name])
      if (read !== undefined) out[name] = read
    }
    return out
  }
  if (schema.isMapSchema()) {
    const item = schema.getValueSchema()
    return Object.fromEntries(Object.entries(expectRecord(value)).map(([key, entry]) => [key, fromJson(item, entry)]))
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw serializationError('Expected list or null')
    const item = schema.getValueSchema()
    return value.map(entry => fromJson(item, entry))
  }
  if (schema.isTimestampSchema()) {
    const time = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN
    if (Number.isNaN(time)) throw cannotBecome(value, 'a Timestamp')
    return new Date(time)
  }
  if (schema.isBlobSchema()) return Buffer.from(expectType(value, 'string', 'a Blob'), 'base64')
  if (schema.isStringSchema()) return expectType(value, 'string', 'a String')
  if (schema.isBooleanSchema()) return expectType(value, 'boolean', 'a Boolean')
  if (schema.isNumericSchema()) return expectType(value, 'number', 'a Number')
  return value
}

function toJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (value instanceof Date) return value.getTime() / 1000
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (schema.isListSchema()) {
    const item = schema.getValueSchema()
    return (value as unknown[]).map(entry => toJson(item, entry))
  }
  const record = value as Readonly<Record<string, unknown>>
  if (schema.isStructSchema())
    return Object.fromEntries(
      [...schema.structIterator()].map(([name, member]) => [name, toJson(member, record[name])]),
    )
  if (schema.isMapSchema())
    return Object.fromEntries(
      Object.entries(record).map(([key, entry]) => [key, toJson(schema.getValueSchema(), entry)]),
    )
  return value
}

const plainSchemas = new WeakMap<NormalizedSchema, boolean>()

/** Whether JSON.stringify alone writes a shape: a page of 10,000 log events has nothing to convert. */
function isPlain(schema: NormalizedSchema): boolean {
  const known = plainSchemas.get(schema)
  if (known !== undefined) return known
  const plain = hasOnlyJsonTypes(schema, new Set())
  plainSchemas.set(schema, plain)
  return plain
}

function hasOnlyJsonTypes(schema: NormalizedSchema, above: ReadonlySet<string>): boolean {
  if (schema.isStructSchema()) {
    const name = schema.getName(true) ?? ''
    if (above.has(name)) return true
    const inside = new Set([...above, name])
    return [...schema.structIterator()].every(([, member]) => hasOnlyJsonTypes(member, inside))
  }
  if (schema.isListSchema() || schema.isMapSchema()) return hasOnlyJsonTypes(schema.getValueSchema(), above)
  return schema.isStringSchema() || schema.isBooleanSchema() || schema.isUnitSchema() || schema.getSchema() === numeric
}

// NormalizedSchema counts big integers and decimals as numeric too; 1 is a number that JSON can hold.
const numeric = 1

function expectRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw serializationError('Unexpected value type in payload')
  return value as Readonly<Record<string, unknown>>
}

function expectType(value: unknown, type: 'string', word: string): string
function expectType(value: unknown, type: 'number' | 'boolean', word: string): unknown
function expectType(value: unknown, type: string, word: string): unknown {
  if (typeof value !== type) throw cannotBecome(value, word)
  return value
}

function cannotBecome(value: unknown, word: string): ServiceError {
  const token = Array.isArray(value)
    ? 'START_ARRAY'
    : typeof value === 'object'
      ? 'START_OBJECT'
      : typeof value === 'boolean'
        ? `${value}`.toUpperCase()
        : typeof value === 'number'
          ? 'NUMBER'
          : 'STRING'
  return serializationError(`${token}_VALUE can not be converted to ${word}`)
}
