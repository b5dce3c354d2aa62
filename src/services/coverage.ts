import type {Scope} from './aws/scope.ts'
import type {Gap} from './receipt.ts'

/** What a report covers, and what not. */
export type Coverage = {
  /** epoch ms; the end is null where it goes on */
  readonly window: {readonly start: number; readonly end: number | null}
  readonly scopes: readonly Scope[]
  /** empty when everything that was asked for is in the report */
  readonly gaps: readonly Gap[]
}
