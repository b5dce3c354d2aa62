/** Which of the log groups that a query was to read AWS names as not there or refused; null where it names none of them. */
export function groupIn(error: unknown, asked: readonly string[]): string | null {
  const {message} = error as Error
  const named =
    /Log group '([^']+)' does not exist/.exec(message)?.[1] ?? /:log-group:([^:\s]+)/.exec(message)?.[1] ?? null
  if (named !== null && asked.includes(named)) return named
  return asked.length === 1 ? (asked[0] ?? null) : null
}
