import {FromStringShapeDeserializer} from '@smithy/core/protocols'
import type {NormalizedSchema} from '@smithy/core/schema'
import type {Protocol} from './service.ts'
import {shapeError} from './service-error.ts'

// 5 is ISO 8601, the default of the query protocol.
const textSettings = {timestampFormat: {useTrait: true, default: 5}} as const

/**
 * AWS query: a form (`Action=DescribeStacks&StackName=…`, lists as `TagKeys.member.1=…`) that is answered in XML.
 * @param xmlns the service's XML namespace
 */
export function queryXml(xmlns: string): Protocol {
  return {
    accepts: request => (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'),
    route: (_service, request) => formOf(request.body).get('Action') ?? undefined,
    readInput: (operation, request) =>
      operation.input.isStructSchema()
        ? (readForm(operation.input, readFields(request.body), '') as Record<string, unknown>)
        : {},
    writeOutput: (operation, output, requestId) => {
      const {name, output: schema} = operation
      const result = schema.isStructSchema() ? element(`${name}Result`, membersToXml(schema, output)) : ''
      const metadata = element('ResponseMetadata', element('RequestId', requestId))
      return xmlResponse(200, `<${name}Response xmlns="${xmlns}">${result}${metadata}</${name}Response>`, requestId)
    },
    writeError: (service, error, requestId) => {
      const {status, fault, queryCode} = shapeError(service, error)
      const detail =
        element('Type', fault) + element('Code', escapeXml(queryCode)) + element('Message', escapeXml(error.message))
      const body = `<ErrorResponse xmlns="${xmlns}">${element('Error', detail)}${element('RequestId', requestId)}</ErrorResponse>`
      return xmlResponse(status, body, requestId)
    },
  }
}

/** S3's errors, which stand alone. */
export const s3Xml: Pick<Protocol, 'writeError'> = {
  writeError: (service, error, requestId) => {
    const {status} = shapeError(service, error)
    const detail = element('Code', error.name) + element('Message', escapeXml(error.message))
    return xmlResponse(status, element('Error', detail + element('RequestId', requestId)), requestId)
  },
}

const formOf = (body: Buffer) => new URLSearchParams(body.toString())

const xmlResponse = (status: number, body: string, requestId: string) => ({
  status,
  headers: {'content-type': 'text/xml', 'x-amzn-requestid': requestId},
  body,
})

/** The values of a form by name, and every name and beginning of one that is there: `A.member.1.Id` has four. */
type Fields = {readonly values: ReadonlyMap<string, string>; readonly given: ReadonlySet<string>}

/** No member of AWS's is nested so deep that its name comes near. */
const longestName = 1000

function readFields(body: Buffer): Fields {
  const values = new Map<string, string>()
  const given = new Set<string>()
  for (const [name, value] of formOf(body)) {
    if (name.length > longestName) continue
    if (!values.has(name)) values.set(name, value)
    // beginnings are added from the longest on: where one is known, so are those before it
    for (let end = name.length; end > 0 && !given.has(name.slice(0, end)); end = name.lastIndexOf('.', end - 1))
      given.add(name.slice(0, end))
  }
  return {values, given}
}

function readForm(schema: NormalizedSchema, form: Fields, key: string): unknown {
  const given = (name: string) => form.given.has(name)
  if (schema.isStructSchema()) {
    const out: Record<string, unknown> = {}
    for (const [name, member] of schema.structIterator()) {
      const wireName = member.getMergedTraits().xmlName ?? name
      const at = key === '' ? wireName : `${key}.${wireName}`
      if (given(at)) out[name] = readForm(member, form, at)
    }
    return out
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema()
    const base = schema.getMergedTraits().xmlFlattened ? key : `${key}.${item.getMergedTraits().xmlName ?? 'member'}`
    const out: unknown[] = []
    for (let index = 1; given(`${base}.${index}`); index++) out.push(readForm(item, form, `${base}.${index}`))
    return out
  }
  if (schema.isMapSchema()) {
    const out: Record<string, unknown> = {}
    for (let index = 1; given(`${key}.entry.${index}`); index++) {
      out[form.values.get(`${key}.entry.${index}.key`) ?? ''] = readForm(
        schema.getValueSchema(),
        form,
        `${key}.entry.${index}.value`,
      )
    }
    return out
  }
  return new FromStringShapeDeserializer(textSettings).read(schema, form.values.get(key) ?? '')
}

function membersToXml(schema: NormalizedSchema, value: object): string {
  const record = value as Readonly<Record<string, unknown>>
  return [...schema.structIterator()]
    .map(([name, member]) => valueToXml(member.getMergedTraits().xmlName ?? name, member, record[name]))
    .join('')
}

function valueToXml(name: string, schema: NormalizedSchema, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (schema.isListSchema()) {
    const item = schema.getValueSchema()
    const flat = schema.getMergedTraits().xmlFlattened
    const itemName = flat ? name : (item.getMergedTraits().xmlName ?? 'member')
    const items = (value as unknown[]).map(entry => valueToXml(itemName, item, entry)).join('')
    return flat ? items : element(name, items)
  }
  if (schema.isMapSchema()) {
    const flat = schema.getMergedTraits().xmlFlattened
    const [keyName, valueName] = [schema.getKeySchema(), schema.getValueSchema()].map(
      each => each.getMergedTraits().xmlName,
    )
    const entries = Object.entries(value).map(([key, entry]) =>
      element(
        flat ? name : 'entry',
        element(keyName ?? 'key', escapeXml(key)) + valueToXml(valueName ?? 'value', schema.getValueSchema(), entry),
      ),
    )
    return flat ? entries.join('') : element(name, entries.join(''))
  }
  if (schema.isStructSchema()) return element(name, membersToXml(schema, value))
  if (value instanceof Date) return element(name, value.toISOString())
  if (value instanceof Uint8Array) return element(name, Buffer.from(value).toString('base64'))
  return element(name, escapeXml(String(value)))
}

const element = (name: string, content: string) => (content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`)

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
}

/** XML 1.0 has no way to write most control characters, not even as entities: they become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"\r]/g, character => entities[character] ?? character)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\ufffd')
}
