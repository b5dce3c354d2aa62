// What a query of the Logs Insights query language says. Types only.

export type BinaryOperator = 'and' | 'or' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' | '^'

/** Where something stands in the query string. */
type Place = {readonly start: number; readonly end: number}

export type Expression =
  | {readonly kind: 'literal'; readonly value: string | number | boolean}
  | {readonly kind: 'field'; readonly name: string}
  /** a length of time, as the `5m` of `bin(5m)` */
  | {readonly kind: 'period'; readonly amount: number; readonly unit: PeriodUnit}
  | Call
  | {readonly kind: 'not' | 'negate'; readonly operand: Expression}
  | {readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression}
  | {readonly kind: 'like'; readonly operand: Expression; readonly pattern: string | RegExp; readonly negated: boolean}
  | {
      readonly kind: 'in'
      readonly operand: Expression
      readonly options: readonly Expression[]
      readonly negated: boolean
    }

/** A function by its name in lower case; `count(*)` has no arguments. */
export type Call = {
  readonly kind: 'call'
  readonly name: string
  readonly arguments: readonly Expression[]
  readonly place: Place
}

export type PeriodUnit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w' | 'mo' | 'q' | 'y'

/** A value and what it is called in the results: its alias, or as it was written. */
export type Column = {readonly name: string; readonly value: Expression; readonly place: Place}

export type SortKey = {readonly name: string; readonly descending: boolean}

export type Command =
  | {readonly kind: 'fields' | 'display'; readonly columns: readonly Column[]}
  | {readonly kind: 'filter'; readonly condition: Expression}
  | {readonly kind: 'parse'; readonly from: Expression; readonly pattern: RegExp; readonly names: readonly string[]}
  | {readonly kind: 'stats'; readonly columns: readonly Column[]; readonly by: readonly Column[]}
  | {readonly kind: 'sort'; readonly keys: readonly SortKey[]}
  | {readonly kind: 'limit'; readonly count: number}
  | {readonly kind: 'dedup'; readonly names: readonly string[]}

/** The log groups a query picks by itself; an empty list leaves one out. */
export type Source = {
  readonly namePrefixes: readonly string[]
  readonly accounts: readonly string[]
  readonly classes: readonly string[]
}

export type Query = {readonly source: Source | undefined; readonly commands: readonly Command[]}
