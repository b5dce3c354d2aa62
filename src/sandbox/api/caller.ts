/** Who the embedded AWS says is calling. */
export const callerArn = (account: string): string => `arn:aws:sts::${account}:assumed-role/${callerName}`

/** Role and session the embedded AWS takes every caller for. */
export const callerName = 'engineer/on-call'
