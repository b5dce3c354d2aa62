// X-Ray's filter expressions as data, by the X-Ray developer guide ("Using filter expressions").

/** What X-Ray would refuse as a filter expression. */
export class FilterExpressionError extends Error {
  override readonly name = 'FilterExpressionError'
  /** index of the character at fault, in UTF-16 units from the start of the expression */
  readonly position: number
  /** what to write instead */
  readonly hint: string

  constructor(message: string, position: number, hint: string) {
    super(message)
    this.position = position
    this.hint = hint
  }
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'CONTAINS' | 'BEGINSWITH' | 'ENDSWITH'

/** `json` only of rootcause.json, as it was parsed */
export type FilterValue =
  | {readonly kind: 'string'; readonly text: string}
  | {readonly kind: 'number'; readonly value: number}
  | {readonly kind: 'boolean'; readonly value: boolean}
  | {readonly kind: 'json'; readonly value: unknown}

export type Subject =
  /** a keyword of {@link keywordTypes}, in lower case */
  | {readonly kind: 'keyword'; readonly name: string}
  /** the key as it was written: `annotation.key`, or `annotation[key]` where it holds other characters */
  | {readonly kind: 'annotation'; readonly key: string}

/** A node of the service map; null parts match any. A name alone matches nodes of every type that have it. */
export type NodeSelector = {
  readonly name: string | null
  readonly type: string | null
  readonly account: string | null
}

/** `at`: index of the first character, for those who tell of it */
export type FilterExpression =
  | {readonly kind: 'all' | 'any'; readonly of: readonly FilterExpression[]; readonly at: number}
  | {readonly kind: 'not'; readonly of: FilterExpression; readonly at: number}
  /** without an operator: that it is set, of booleans that it is true */
  | {readonly kind: 'is'; readonly subject: Subject; readonly at: number}
  | {
      readonly kind: 'compare'
      readonly subject: Subject
      readonly operator: Operator
      readonly value: FilterValue
      readonly at: number
    }
  /** any node that the selector matches and the filter holds for; without a filter, any that it matches */
  | {
      readonly kind: 'service'
      readonly node: NodeSelector
      readonly filter: FilterExpression | null
      readonly at: number
    }
  | {
      readonly kind: 'edge'
      readonly from: NodeSelector
      readonly to: NodeSelector
      readonly filter: FilterExpression | null
      readonly at: number
    }
  /** any of the root causes' services, entities or exceptions that the filter holds for */
  | {
      readonly kind: 'root-cause'
      readonly of: 'fault' | 'error' | 'responsetime'
      readonly part: 'service' | 'entity' | 'exception'
      readonly filter: FilterExpression | null
      readonly at: number
    }

export type KeywordType = 'boolean' | 'number' | 'string' | 'group' | 'json'

/** In whose braces something stands, if in any. */
export type Scope = 'trace' | 'service' | 'edge' | 'root-cause'

export const booleanKeywords = [
  'ok',
  'error',
  'throttle',
  'fault',
  'partial',
  'inferred',
  'first',
  'last',
  'remote',
  'root',
] as const
export const numberKeywords = ['responsetime', 'duration', 'http.status', 'index', 'coverage'] as const
export const stringKeywords = [
  'http.url',
  'http.method',
  'http.useragent',
  'http.clientip',
  'user',
  'name',
  'type',
  'message',
  'availabilityzone',
  'instance.id',
  'resource.arn',
] as const

/** Every keyword that is compared, in lower case; X-Ray takes them in any. */
export const keywordTypes: ReadonlyMap<string, KeywordType> = new Map([
  ...typed('boolean', booleanKeywords),
  ...typed('number', numberKeywords),
  ...typed('string', stringKeywords),
  ...typed('group', ['group.name', 'group.arn']),
  ...typed('json', ['rootcause.json']),
])

/** what says something of an item of a root cause only */
export const rootCauseOnly: ReadonlySet<string> = new Set(['first', 'last', 'remote', 'index', 'coverage', 'message'])

function typed(type: KeywordType, names: readonly string[]): readonly (readonly [string, KeywordType])[] {
  return names.map(name => [name, type] as const)
}
