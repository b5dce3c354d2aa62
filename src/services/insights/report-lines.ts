/**
 * Stages of a query that takes the reports of invocations, text and JSON, and names the function of each: Insights takes
 * reports apart by itself in Lambda's own log groups only, so that fields of text are to be parsed. A stream of a group of
 * one's own is named 2026/11/20/fn[42]0123…; that of a default group leaves the name out, and `owner` is empty.
 */
export const reportsOfFunctions: readonly string[] = [
  'filter @message like /^REPORT RequestId: / or type = "platform.report"',
  String.raw`parse @logStream /^\d{4}\/\d{2}\/\d{2}\/(?<owner>[\w.-]*)\[/`,
]
