/** Role and session the embedded AWS takes every caller for. */
export const callerName = 'engineer/on-call'
