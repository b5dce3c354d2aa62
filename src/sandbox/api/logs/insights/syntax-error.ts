/** A query that Logs Insights refuses; start and end are offsets in the query string, as AWS says where it was. */
export class QuerySyntaxError extends Error {
  override readonly name = 'QuerySyntaxError'
  readonly start: number
  readonly end: number

  constructor(message: string, {start, end}: {readonly start: number; readonly end: number}) {
    super(message)
    this.start = start
    this.end = end
  }
}
