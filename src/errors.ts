/** Exit codes of every command. */
export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  refused: 4,
  negative: 5,
  interrupted: 130,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

const bySeriousness: readonly ExitCode[] = [
  ExitCode.interrupted,
  ExitCode.usage,
  ExitCode.refused,
  ExitCode.failed,
  ExitCode.negative,
  ExitCode.partial,
]

/** What a command ends with where several codes hold: the first of 130, 2, 4, 1, 5, 3. */
export function mostSerious(codes: ReadonlySet<ExitCode>): ExitCode {
  return bySeriousness.find(code => codes.has(code)) ?? ExitCode.done
}

export type UserErrorOptions = {
  /** a stable word for scripts, as in `slsops/error@1`; AWS's own error name where AWS said it */
  readonly code?: string
  /** what to do next, in one sentence */
  readonly hint?: string
  readonly exitCode?: ExitCode
  /** the AWS request id, shown with --debug */
  readonly requestId?: string
  readonly cause?: unknown
}

/** Something a person can act on. Everything else that is thrown is a bug. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly code: string
  readonly hint: string | undefined
  readonly exitCode: ExitCode
  readonly requestId: string | undefined

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, {cause: options.cause})
    this.code = options.code ?? 'Failed'
    this.hint = options.hint
    this.exitCode = options.exitCode ?? ExitCode.failed
    this.requestId = options.requestId
  }
}

/** Wrong usage: exit 2, nothing was done. */
export function usageError(message: string, hint?: string): UserError {
  return new UserError(message, {code: 'Usage', exitCode: ExitCode.usage, ...(hint && {hint})})
}
