/** events younger than this may still be on their way: what is asked for such a time may not be all of it */
export const settledAfterMs = 60_000
