/** The alias or version of a function's ARN; null where it is unqualified. */
export const qualifierOf = (functionArn: string): string | null => functionArn.split(':')[7] || null

/** The ARN of a function's alias or version, or its own. */
export const qualifiedArn = (arn: string, qualifier: string | null): string =>
  qualifier === null ? arn : `${arn}:${qualifier}`

/** The ARN of the function itself, of whatever alias or version it is; others as they are. */
export const unqualified = (arn: string): string =>
  arn.replace(/^(arn:[\w-]+:lambda:(?:[^:]*:){2}function:[^:]+):.*$/s, '$1')

export const isQueue = (arn: string | null): arn is string => /^arn:[\w-]+:sqs:/.test(arn ?? '')
