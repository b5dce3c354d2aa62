import type {Aws} from '../aws/connect.ts'
import type {Scope} from '../aws/scope.ts'

/** A Lambda function by name and unqualified ARN. */
export type FunctionRef = {readonly name: string; readonly arn: string}

export type LogGroupClass = 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY'

/** One log group to read, and what of it was asked for. */
export type LogSource = {
  /** the clients and the rate budget it is read with */
  readonly aws: Aws
  /** as `aws.scope`, with the account that the group's ARN or its function's ARN names */
  readonly scope: Scope
  readonly logGroup: string
  /** null where nobody listed the group, so its class is not known */
  readonly logGroupClass: LogGroupClass | null
  /** functions whose LoggingConfig names this group: one as a rule, several when it is shared, none for other groups */
  readonly functions: readonly FunctionRef[]
  /** where only some of a group's events were asked for: these functions, at this version if one is named */
  readonly only: readonly {readonly function: string; readonly version: string | null}[] | null
  /** true when a group that does not exist only means that its function was never invoked */
  readonly mayBeMissing: boolean
}
