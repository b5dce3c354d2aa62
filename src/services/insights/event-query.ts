import {compileFilterPattern} from '../logs/filter-pattern/compile.ts'
import {parseFilterPattern} from '../logs/filter-pattern/parse.ts'
import type {Term} from '../logs/filter-pattern/syntax.ts'
import type {SourcedEvent} from '../logs/log-event.ts'
import type {LogSource} from '../logs/source.ts'
import {type ResultRow, timeOf} from './rows.ts'
import type {Span} from './split.ts'

/** Events of a span as a Logs Insights query, and how its rows are read. */
export type EventQuery = {
  /** @param byMs the span is finer than the seconds that StartQuery takes */
  queryString(span: Span, byMs: boolean): string
  /** The event of a row, or null for what was not asked for: outside of the span, or not matched by the pattern. */
  eventOf(row: ResultRow, span: Span, sources: ReadonlyMap<string, LogSource>): SourcedEvent | null
}

/**
 * Asks for whole events, oldest first. Of a filter pattern, Logs Insights is told what it certainly understands in the
 * same way; the pattern itself is evaluated here.
 * @throws FilterPatternError for what is no pattern
 */
export function eventQuery(filterPattern: string | undefined, mostRows: number): EventQuery {
  const matches = filterPattern ? compileFilterPattern(filterPattern) : () => true
  const conditions = filterPattern ? conditionsOf(filterPattern) : []
  return {
    queryString: ({start, end}, byMs) =>
      [
        'fields @timestamp, @ingestionTime, @message, @logStream, @log',
        ...(byMs ? [`filter toMillis(@timestamp) >= ${start}`, `filter toMillis(@timestamp) <= ${end}`] : []),
        ...conditions.map(condition => `filter ${condition}`),
        `sort @timestamp asc`,
        `limit ${mostRows}`,
      ].join(' | '),
    eventOf(row, span, sources) {
      let timestamp: number | null = null
      let ingestionTime: number | null = null
      let message = ''
      let logStream = ''
      let log = ''
      for (const {field, value = ''} of row) {
        if (field === '@timestamp') timestamp = timeOf(value)
        else if (field === '@ingestionTime') ingestionTime = timeOf(value)
        else if (field === '@message') message = value
        else if (field === '@logStream') logStream = value
        else if (field === '@log') log = value
      }
      const source = sources.get(log.slice(log.indexOf(':') + 1)) ?? onlyOf(log, sources)
      if (timestamp === null || timestamp < span.start || timestamp > span.end || !source) return null
      if (!matches(message)) return null
      return {
        source,
        logStream,
        timestamp,
        ingestionTime: ingestionTime ?? timestamp,
        eventId: null,
        message,
        late: false,
      }
    },
  }
}

/** Servers that do not know @log can still be read one group at a time. */
function onlyOf(log: string, sources: ReadonlyMap<string, LogSource>): LogSource | undefined {
  return log === '' && sources.size === 1 ? [...sources.values()][0] : undefined
}

/** What certainly means the same in both: plain text without quotes, escapes or anything beyond ASCII. */
const plain = /^[\w .:/@=,-]+$/

/** Conditions that hold for every message that the pattern matches, and for others. */
function conditionsOf(filterPattern: string): readonly string[] {
  const pattern = parseFilterPattern(filterPattern)
  if (pattern.kind !== 'terms') return []
  const {terms} = pattern
  const optional = terms.filter(({role}) => role === 'optional')
  // CloudWatch Logs ignores every ? term beside terms of another kind
  if (optional.length > 0 && optional.length < terms.length)
    return conditions(terms.filter(({role}) => role !== 'optional'))
  if (optional.length === 0) return conditions(terms)
  const likes = optional.flatMap(term => likeOf(term) ?? [])
  return likes.length === optional.length ? [likes.join(' or ')] : []
}

const conditions = (terms: readonly Term[]): readonly string[] => terms.flatMap(term => likeOf(term) ?? [])

function likeOf({role, look}: Term): string | null {
  if (look.kind !== 'text' || !plain.test(look.text)) return null
  return `@message ${role === 'excluded' ? 'not like' : 'like'} "${look.text}"`
}
