import type {LinearRegex} from './linear-regex.ts'

/** What CloudWatch Logs would refuse as a filter pattern; the messages it is known to give are given in its words. */
export class FilterPatternError extends Error {
  override readonly name = 'FilterPatternError'
  /** index of the character at fault, in UTF-16 units from the start of the pattern */
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}

/** A boolean expression over conditions of one kind: JSON conditions, or comparisons of one space-delimited field. */
export type Expression<Condition> =
  | {readonly kind: 'condition'; readonly condition: Condition}
  | {readonly kind: 'all' | 'any'; readonly of: readonly Expression<Condition>[]}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>='

export type Operand =
  /** the whole text, or what comes before, after or around it where a `*` stood */
  | {readonly kind: 'text'; readonly text: string; readonly anyBefore: boolean; readonly anyAfter: boolean}
  /** kept as it was written, because a double would round it */
  | {readonly kind: 'number'; readonly literal: string}
  | {readonly kind: 'regex'; readonly regex: LinearRegex}

export type Comparison = {readonly operator: Operator; readonly operand: Operand}

export type Term = {
  /** plain, `-` or `?` */
  readonly role: 'required' | 'excluded' | 'optional'
  readonly look: {readonly kind: 'text'; readonly text: string} | {readonly kind: 'regex'; readonly regex: LinearRegex}
}

/** One step of a selector: a property, an array index, or `*` for any of either. */
export type Step =
  | {readonly kind: 'property'; readonly name: string}
  | {readonly kind: 'index'; readonly index: number}
  | {readonly kind: 'any'}
export type Selector = readonly Step[]

export type JsonCondition =
  | {readonly kind: 'compare'; readonly selector: Selector; readonly comparison: Comparison}
  | {readonly kind: 'is'; readonly selector: Selector; readonly value: null | boolean}
  | {readonly kind: 'not-exists'; readonly selector: Selector}

export type Field =
  /** `...`: any number of fields */
  {readonly kind: 'ellipsis'} | {readonly kind: 'field'; readonly condition: Expression<Comparison> | null}

export type FilterPattern =
  /** no terms match everything */
  | {readonly kind: 'terms'; readonly terms: readonly Term[]}
  | {readonly kind: 'json'; readonly expression: Expression<JsonCondition>}
  | {readonly kind: 'delimited'; readonly fields: readonly Field[]}
