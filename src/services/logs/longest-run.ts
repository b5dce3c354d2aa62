/** longest run of a function that answers a request: 15 minutes (Lambda quotas) */
export const longestRunMs = 15 * 60_000
