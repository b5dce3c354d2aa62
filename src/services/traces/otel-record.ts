import {type Fields, fieldsOf, isFields, lastSecond, listOf, numberOf, textOf} from './document-fields.ts'

/** A span as OpenTelemetry tells of it, with the attributes of what made it. */
export type OtelRecord = {
  readonly fields: Fields
  readonly attributes: Fields
  /** of the resource that it ran on */
  readonly resource: Fields
  /** what X-Ray kept of the segment that a record of aws/spans was made from: its name, type, namespace, cause */
  readonly xray: Fields
}

const lastNano = BigInt(lastSecond) * 1_000_000_000n

/**
 * The spans of a parsed document: OTLP's JSON (`resourceSpans`), a list, or one record as the log group aws/spans has it,
 * with its attributes flat and its resource beside it.
 */
export function otelRecords(document: unknown): readonly OtelRecord[] {
  if (Array.isArray(document)) return document.filter(isFields).flatMap(fields => otelRecords(fields))
  const fields = fieldsOf(document)
  if (Array.isArray(fields['resourceSpans']))
    return fields['resourceSpans'].flatMap(part => {
      const {resource, scopeSpans, instrumentationLibrarySpans} = fieldsOf(part)
      const attributes = attributesIn(fieldsOf(resource)['attributes'])
      return listOf(scopeSpans ?? instrumentationLibrarySpans)
        .flatMap(scope => listOf(fieldsOf(scope)['spans']))
        .filter(isFields)
        .map(span => recordFrom(span, attributes))
    })
  if (!isFields(document)) return []
  return [recordFrom(fields, attributesIn(fieldsOf(fields['resource'])['attributes']))]
}

const recordFrom = (fields: Fields, resource: Fields): OtelRecord => ({
  fields,
  attributes: attributesIn(fields['attributes']),
  resource,
  xray: fieldsOf(fieldsOf(fields['_aws'])['xray']),
})

/** Attributes by name, whether they come as an object or as OTLP's list of keys and typed values. */
export function attributesIn(attributes: unknown): Fields {
  return plainAttributes(attributes, 0)
}

function plainAttributes(attributes: unknown, depth: number): Fields {
  if (!Array.isArray(attributes)) return fieldsOf(attributes)
  const pairs = attributes.filter(isFields).flatMap(({key, value}) => {
    const name = textOf(key)
    return name === null ? [] : [[name, plainValue(value, depth)] as const]
  })
  return Object.fromEntries(pairs)
}

const deepest = 12

/** `{stringValue: 'x'}`, `{intValue: '5'}` and so on; a value that is not wrapped stays what it is. */
function plainValue(value: unknown, depth: number): unknown {
  if (!isFields(value)) return value
  if (depth >= deepest) return null
  const {stringValue, intValue, doubleValue, boolValue, arrayValue, kvlistValue} = value
  if (arrayValue !== undefined) return listOf(fieldsOf(arrayValue)['values']).map(item => plainValue(item, depth + 1))
  if (kvlistValue !== undefined) return plainAttributes(fieldsOf(kvlistValue)['values'], depth + 1)
  return stringValue ?? boolValue ?? numberOf(intValue ?? doubleValue) ?? value
}

/** Nanoseconds of the epoch, as a number or as digits, as epoch ms to the microsecond; null for what is no time. */
export function nanoTime(value: unknown): number | null {
  const nanos = nanosOf(value)
  return nanos === null || nanos <= 0n || nanos > lastNano ? null : msOf(nanos)
}

/** Nanoseconds that something took, in ms; null for what is no duration. */
export function nanoDuration(value: unknown): number | null {
  const nanos = nanosOf(value)
  return nanos === null || nanos < 0n || nanos > lastNano ? null : msOf(nanos)
}

const msOf = (nanos: bigint): number => Number((nanos + 500n) / 1_000n) / 1_000

function nanosOf(value: unknown): bigint | null {
  // digits beyond 2^53 are lost already where JSON had them as a number: they are less than a microsecond
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.round(value))
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : null
}

/** The first of these attributes that is a text. */
export function firstTextOf(attributes: Fields, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = attributes[name]
    const text = textOf(Array.isArray(value) ? value[0] : value)
    if (text !== null) return text
  }
  return null
}

/** The first of these attributes that is a number. */
export function firstNumberOf(attributes: Fields, ...names: readonly string[]): number | null {
  for (const name of names) {
    const number = numberOf(attributes[name])
    if (number !== null) return number
  }
  return null
}
