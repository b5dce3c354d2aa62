import type {NormalizedSchema} from '@smithy/core/schema'

/**
 * What a model demands of one member beyond its type. The schemas of the SDK packages leave constraints out,
 * so handlers state those that AWS checks before anything else.
 */
export type Constraint = {
  readonly min?: number
  readonly max?: number
  readonly minLength?: number
  readonly maxLength?: number
  /** what the whole value must match, as AWS prints it */
  readonly pattern?: RegExp
  readonly oneOf?: readonly string[]
}

export type Constraints = Readonly<Record<string, Constraint>>

/** What is wrong with an input, one sentence each as AWS words it; empty when nothing is. */
export function violations(
  schema: NormalizedSchema,
  constraints: Constraints,
  input: Readonly<Record<string, unknown>>,
): string[] {
  const found = missingMembers(schema, input, '')
  for (const [name, constraint] of Object.entries(constraints)) {
    const value = input[name]
    if (value !== undefined)
      found.push(
        ...broken(constraint, value).map(
          rule => `Value '${shown(value)}' at '${memberPath(name)}' failed to satisfy constraint: ${rule}`,
        ),
      )
  }
  return found
}

/** AWS's sentence around violations: "2 validation errors detected: …; …". */
export function validationMessage(found: readonly string[]): string {
  return `${found.length} validation error${found.length === 1 ? '' : 's'} detected: ${found.join('; ')}`
}

function broken(constraint: Constraint, value: unknown): string[] {
  const rules: string[] = []
  if (typeof value === 'number') {
    if (constraint.max !== undefined && value > constraint.max)
      rules.push(`Member must have value less than or equal to ${constraint.max}`)
    if (constraint.min !== undefined && value < constraint.min)
      rules.push(`Member must have value greater than or equal to ${constraint.min}`)
  }
  if (typeof value === 'string' || Array.isArray(value)) {
    if (constraint.maxLength !== undefined && value.length > constraint.maxLength)
      rules.push(`Member must have length less than or equal to ${constraint.maxLength}`)
    if (constraint.minLength !== undefined && value.length < constraint.minLength)
      rules.push(`Member must have length greater than or equal to ${constraint.minLength}`)
  }
  if (typeof value === 'string') {
    if (constraint.pattern && !new RegExp(`^(?:${constraint.pattern.source})$`).test(value))
      rules.push(`Member must satisfy regular expression pattern: ${constraint.pattern.source}`)
    if (constraint.oneOf && !constraint.oneOf.includes(value))
      rules.push(`Member must satisfy enum value set: [${constraint.oneOf.join(', ')}]`)
  }
  return rules
}

function missingMembers(schema: NormalizedSchema, value: unknown, path: string): string[] {
  if (schema.isListSchema() && Array.isArray(value)) {
    const item = schema.getValueSchema()
    if (!item.isStructSchema()) return []
    return value.flatMap((entry, index) => missingMembers(item, entry, `${path}.${index + 1}.member`))
  }
  if (!schema.isStructSchema() || typeof value !== 'object' || value === null) return []
  const record = value as Readonly<Record<string, unknown>>
  const required = requiredMembers(schema)
  return [...schema.structIterator()].flatMap(([name, member]) => {
    const at = path === '' ? memberPath(name) : `${path}.${memberPath(name)}`
    const given = record[name]
    if (given === undefined || given === null)
      return required.has(name) ? [`Value null at '${at}' failed to satisfy constraint: Member must not be null`] : []
    return missingMembers(member, given, at)
  })
}

/** A structure's schema lists its required members first; its seventh slot counts them. */
function requiredMembers(schema: NormalizedSchema): ReadonlySet<string> {
  const parts: unknown = schema.getSchema()
  if (!Array.isArray(parts)) return new Set()
  const [names, count] = [parts[4] as readonly string[], (parts[6] as number | undefined) ?? 0]
  return new Set(names.slice(0, count))
}

// AWS validates its Java shapes, whose members start in lower case, whatever the wire calls them.
const memberPath = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

const shown = (value: unknown) => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value))
